"""What is said where one stands: a service that closed while one writes, what a forward lacks, a case that is elsewhere, who calls."""

from datetime import timedelta

import pytest

from maillage.beneficiaries.rules import Identity
from maillage.conventions.terms.flows import Channel, ChannelKind
from maillage.core.clock import now
from maillage.referrals.routes import service_label
from tests.conventions.library.cells import S3, S4
from tests.referrals.forwarding.conftest import sign
from tests.referrals.forwarding.test_forwarding import forward, under_work
from tests.referrals.world import (
    ADVISER,
    PERSON,
    WORKER,
    Signed,
    followed_by,
    send_referral,
    sign_convention,
    work,
    write_draft,
)
from tests.web.referrals.conftest import Signs, plain
from tests.web.referrals.test_listing import flat
from tests.web.referrals.test_reading import LIST, text

LINE = {
    "key": "urgence",
    "label": "Appel « Urgence partenaire »",
    "service": "misas",
    "sender": "ccas",
    "channels": (Channel(kind=ChannelKind.PHONE, number="3646", words="Urgence partenaire"),),
}


@pytest.mark.parametrize("step", ["personne", "information"])
def test_a_service_that_closes_while_one_writes_is_said_at_once_and_nothing_is_lost(
    db: None, as_: Signs, step: str
) -> None:
    signed = sign_convention()
    client, draft = as_(WORKER), write_draft(signed)
    address = f"/orientations/brouillons/{draft}/{step}/"
    assert "choisir un autre service" not in text(client, address)
    signed.end(at=now() - timedelta(minutes=1))
    page = text(client, address)
    assert "a pris fin" in page
    assert "choisir un autre service" in page
    assert f'href="/orientations/brouillons/{draft}/service/"' in page
    if step == "personne":
        assert PERSON.surname in page


def test_a_case_that_is_with_another_service_says_so_in_the_list_until_that_one_ends(
    db: None, as_: Signs
) -> None:
    signed: Signed = sign()
    case = under_work(signed)
    followed_by(send_referral(signed), ADVISER)
    caisse, sender = as_(ADVISER), as_(WORKER)
    assert "Transmise à un autre service" not in flat(text(caisse, LIST))
    forward(case)
    assert flat(text(caisse, LIST)).count("Transmise à un autre service") == 1
    assert "Transmise à un autre service" not in flat(text(sender, LIST))


def test_whom_one_must_not_call_is_not_taken_for_called(db: None, as_: Signs) -> None:
    careful = Identity(
        PERSON.surname, PERSON.given_name, PERSON.birth_date, other_way="par un SMS", do_not_call=True
    )
    signed, caisse = sign_convention(), as_(ADVISER)
    called, spared = (send_referral(signed, person=one) for one in (PERSON, careful))
    by_telephone = 'name="way" value="call"'
    for case, preset in ((called, True), (spared, False)):
        work(case, "acknowledge", "accept")
        followed_by(case, ADVISER)
        page = " ".join(text(caisse, f"/orientations/{case}/").split())
        box = page[page.index(by_telephone) :].partition(">")[0]
        assert ("checked" in box) is preset


def test_a_line_that_the_partner_calls_is_not_told_to_the_person(db: None, as_: Signs) -> None:
    signed = sign_convention(LINE)
    worker = as_(WORKER)
    page = text(worker, f"/orientations/conseil/{signed.id}/flows.urgence/")
    assert "C’est vous qui appelez" in page
    assert "Le guide de sa commune" not in page
    hers = text(worker, f"/orientations/conseil/{signed.id}/flows.appel_ssam/")
    assert "La personne s’y adresse elle-même" in hers
    assert "Le guide de sa commune" in hers
    draft = write_draft(signed)
    ways = plain(worker.get(f"/orientations/brouillons/{draft}/service/"))
    assert "vous appelez le 3646 et dites « Urgence partenaire »" in ways
    assert "la personne appelle le 3646 et dit « service social »" in ways


def test_a_service_that_a_framework_leaves_to_others_is_named_by_its_flow() -> None:
    assert service_label(S4, "acces_droits", else_named="Dépôt de dossiers") == "Dépôt de dossiers"
    assert service_label(S4, "misas", else_named="Dépôt") == "Mission accompagnement santé"
    assert "Dispositifs" in service_label(S3, "misas", else_named="Dépôt")
