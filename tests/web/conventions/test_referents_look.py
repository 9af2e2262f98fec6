"""The pages of referents and of what is asked of them in a real Chromium: axe finds nothing at any width."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.referents.actions import Tenure, change_referent, end_tenure, name_referent
from maillage.conventions.referents.planning import give_up
from maillage.conventions.referents.training import Training, note_training, withdraw_training
from maillage.conventions.solicitations.actions import withdraw
from maillage.conventions.solicitations.models import Solicitation
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from tests import days
from tests.browsing import Opened, browser, opened, site, visit
from tests.conventions.solicitations.test_solicitations import answered, asked, asked_of
from tests.exchange.test_notes import noted as in_the_box
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    READER,
    WORKER,
    followed_by,
    member,
    send_referral,
    sign_convention,
)

__all__ = ["browser", "opened", "site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def addresses(site: str) -> dict[str, dict[str, str]]:
    """A hand-over, a training, an end that comes, a vacancy, questions asked and answered; who looks at which page."""
    signed = sign_convention()
    case = followed_by(send_referral(signed), ADVISER)
    today = days.today()
    former = _named(signed.id)
    with member(READER) as caisse:
        row = Convention.objects.get(pk=signed.id)
        later = Tenure(
            uuid7(), "local", "Référente partenariats", today, "referente@cpam.example.org",
            handover_until=today + timedelta(days=20),
        )  # fmt: skip
        change_referent(convention=row, referent=former, tenure=later, by=caisse, at=now())
        training = Training(
            uuid7(), today - timedelta(days=5), "Le CCAS et son accueil", "CCAS de Montbrison"
        )
        noted = note_training(convention=row, referent=former, training=training, by=caisse, at=now())
        withdraw_training(convention=row, referent=former, training=noted.pk, by=caisse, at=now())
        note_training(
            convention=row,
            referent=former,
            training=replace(training, training_id=uuid7()),
            by=caisse,
            at=now(),
        )
        chief = Tenure(uuid7(), "departement", "Directrice", today + timedelta(days=5), phone="0400000001")
        coming = name_referent(convention=row, tenure=chief, by=caisse, at=now()).pk
        left = replace(chief, referent_id=uuid7(), level="regional", function="Sous-directeur")
        gone = name_referent(convention=row, tenure=left, by=caisse, at=now()).pk
        give_up(convention=row, referent=gone, by=caisse, at=now())
    with member(OTHER_WORKER) as ccas:
        row = Convention.objects.get(pk=signed.id)
        mine = Tenure(uuid7(), "local", "Responsable du CCAS", today - timedelta(days=90), phone="0400000000")
        kept = name_referent(convention=row, tenure=mine, by=ccas, at=now())
        end_tenure(convention=row, referent=kept.pk, until=today + timedelta(days=9), by=ccas, at=now())
    plain = asked(signed)
    back = asked(signed, text="Une question de trop ?")
    with member(OTHER_WORKER) as ccas:
        withdraw(solicitation=back.pk, by=ccas, at=now())
    answered(asked(signed, way="routing", text="Qui suit les indemnités journalières ?"), READER)
    progress = asked_of(case)
    in_the_box(signed)
    in_the_box(signed, READER, "Personne. Le lundi, dès 8 h 30.")
    base = f"/conventions/{signed.id}/"
    return {
        READER: {
            "referents": f"{base}referents/",
            "remplacer": f"{base}referents/{_last(READER)}/remplacer/",
            "relais": f"{base}referents/{former}/prevu/",
            "arrivee": f"{base}referents/{coming}/prevu/",
            "rien": f"{base}referents/{_last(READER)}/prevu/",
            "formation": f"{base}referents/{former}/formation/",
            "repondre": f"/conventions/sollicitations/{plain.pk}/reponse/",
            "ferme": f"/conventions/sollicitations/{progress.pk}/",
            "a-faire": "/",
        },
        OTHER_WORKER: {
            "fiche": f"{base}#referents",
            "solliciter": f"{base}solliciter/",
            "boite": f"{base}boite/",
            "a-retirer": f"/conventions/sollicitations/{plain.pk}/",
            "retiree": f"/conventions/sollicitations/{back.pk}/",
            "liste": "/conventions/sollicitations/",
            "a-faire-ccas": "/",
        },
        WORKER: {
            "avancement": f"/orientations/{case}/solliciter/",
            "dossier": f"/orientations/{case}/",
            "ouverte": f"/conventions/sollicitations/{progress.pk}/",
        },
    }


def _named(convention: UUID) -> UUID:
    since = days.today() - timedelta(days=120)
    tenure = Tenure(uuid7(), "local", "Chargée de mission", since, "partenariats@cpam.example.org")
    with member(READER) as caisse:
        row = Convention.objects.get(pk=convention)
        return name_referent(convention=row, tenure=tenure, by=caisse, at=now()).pk


def _last(address: str) -> UUID:
    with member(address) as caisse:
        found = (
            Convention.objects.get()
            .referents.filter(organisation=caisse.organisation)
            .order_by("since")
            .last()
        )
        assert found is not None
        assert Solicitation.objects.exists()
        return found.pk


@pytest.mark.long
def test_each_page_of_referents_is_read_by_everyone_at_any_width(
    opened: Opened, addresses: dict[str, dict[str, str]]
) -> None:
    """The look of what test_a_referent_is_named_replaced_by_letter_and_ended goes through by forms alone, and of the rest."""
    for who, pages in addresses.items():
        page = opened(who, bypass_csp=True)
        for name, address in pages.items():
            visit(page, address, f"referents_{name}")
