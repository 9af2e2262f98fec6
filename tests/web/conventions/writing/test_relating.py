"""Ties through their page: with another convention, with an instrument outside, taken back; who sees which end."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.conventions.lifecycle.models import Relation
from maillage.core.clock import now
from tests.conventions.people import CCAS, CPAM, HOSPITAL, S2, STRANGER, WORKER, member, proposed, signed
from tests.days import PARIS
from tests.documents.builders import pdf
from tests.web.conventions.writing.conftest import Signs, hidden, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)


@pytest.fixture(scope="module")
def s3(kept: Path) -> UUID:
    return signed(drafted_at=TODAY - timedelta(days=5), at=TODAY)


@pytest.fixture(scope="module")
def s2(kept: Path) -> UUID:
    return signed(S2, TODAY - timedelta(days=5), TODAY)


def where(convention: UUID) -> str:
    return f"/conventions/{convention}/liens/"


def tie(person: Client, convention: UUID, **given: object) -> str:
    values = {"token": hidden(person.get(where(convention)), "token"), "target": "", "text": "", **given}
    return plain(person.post(where(convention), values, follow=True))


def rows(convention: UUID) -> list[tuple[str, str]]:
    with member(CPAM, TODAY):
        found = Relation.objects.filter(convention=convention).order_by("id")
        return [(row.kind, row.text or str(row.target_id)) for row in found]


def test_a_tie_shows_at_both_ends_to_whoever_has_a_part_in_both(as_: Signs, s3: UUID, s2: UUID) -> None:
    caisse = as_(CPAM)
    assert "Lien enregistré" in tie(caisse, s2, kind="succeeds", target=str(s3))
    assert rows(s2) == [("succeeds", str(s3))]
    here, there = plain(caisse.get(f"/conventions/{s2}/")), plain(caisse.get(f"/conventions/{s3}/"))
    assert "Succède à" in here
    assert f'<a href="/conventions/{s3}/">' in here
    assert "Suivie de" in there
    assert f'<a href="/conventions/{s2}/">' in there
    hospital, partner = (
        plain(as_(HOSPITAL).get(f"/conventions/{s2}/")),
        plain(as_(CCAS).get(f"/conventions/{s3}/")),
    )
    assert "convention d’autres parties" in hospital
    assert str(s3) not in hospital
    assert "Suivie de" not in partner
    assert str(s2) not in partner


def test_an_instrument_outside_is_named_with_its_reference_and_its_document(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    bare = tie(caisse, s3, kind="outside")
    assert "Nommez cet instrument et sa référence" in bare
    scan = SimpleUploadedFile("lettre.pdf", pdf(), "application/pdf")
    assert "Lien enregistré" in tie(
        caisse, s3, kind="outside", text="Espace Partenaires n° 2023-12", document=scan
    )
    assert rows(s3) == [("backed_on", "Espace Partenaires n° 2023-12")]
    page = plain(as_(CCAS).get(f"/conventions/{s3}/"))
    assert "Espace Partenaires n° 2023-12" in page
    assert "lettre.pdf" in page


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(as_: Signs, s3: UUID, s2: UUID) -> None:
    caisse = as_(CPAM)
    both = tie(caisse, s3, kind="backed_on", target=str(s2), text="Un autre texte")
    assert "pas les deux" in both
    assert 'value="Un autre texte"' in both
    assert "Choisissez une réponse" in tie(caisse, s3, text="Un texte")
    theirs = proposed(S2, TODAY - timedelta(days=5))
    partner = as_(CCAS)
    assert "Choisissez une réponse de la liste" in tie(partner, s3, kind="succeeds", target=str(theirs))
    assert rows(s3) == []


def test_a_wrong_tie_is_taken_back_after_a_second_look(as_: Signs, s3: UUID, s2: UUID) -> None:
    caisse = as_(CPAM)
    tie(caisse, s2, kind="succeeds", target=str(s3))
    with member(CPAM, TODAY):
        one = Relation.objects.get(convention=s2).pk
    address = f"{where(s2)}{one}/retrait/"
    assert "Le lien disparaît des deux pages" in plain(caisse.get(address))
    assert "Lien retiré" in plain(caisse.post(address, follow=True))
    assert rows(s2) == []
    assert caisse.get(address).status_code == caisse.post(address).status_code == 404


def test_the_predecessor_s_bilan_is_attached_from_the_page_of_ties_and_read_on_the_sheet(
    as_: Signs, s3: UUID
) -> None:
    caisse = as_(CPAM)
    tie(caisse, s3, kind="succeeds", text="Convention de 2019")
    with member(CPAM, TODAY):
        one = str(Relation.objects.get(convention=s3).pk)
    address = f"/conventions/{s3}/faits/bilan-precedent/"
    assert address in plain(caisse.get(where(s3)))
    form = caisse.get(address)
    done = caisse.post(
        address,
        {
            "token": hidden(form, "token"), "relation": one, "day": TODAY.strftime("%d/%m/%Y"), "note": "",
            "document": SimpleUploadedFile("bilan-2019.pdf", pdf(), "application/pdf"),
        },
        follow=True,
    )  # fmt: skip
    assert "Bilan attaché" in plain(done)
    page = plain(as_(CCAS).get(f"/conventions/{s3}/"))
    assert "bilan-2019.pdf" in page
    assert "Bilan de la convention précédente" in page


def test_the_ladder_of_ties(as_: Signs, s3: UUID) -> None:
    assert Client().get(where(s3)).status_code == 302
    assert as_(STRANGER).get(where(s3)).status_code == 404
    assert as_(STRANGER).post(where(s3), {}).status_code == 404
    assert as_(WORKER).get(where(s3)).status_code == 403
    assert as_(CPAM).get(where(s3)).status_code == 200
