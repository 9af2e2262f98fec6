"""Signatures through their page: days, delegation, documents, absent parties, two people at once, a text that changed."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.conventions.signatures.models import Signature
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.documents.models import Document
from tests.conventions.people import (
    CARSAT,
    CCAS,
    CPAM,
    S3,
    STRANGER,
    WORKER,
    drafted,
    member,
    nobody_signs,
    proposed,
    seen,
    sign_as,
)
from tests.days import PARIS
from tests.documents.builders import pdf
from tests.web.conventions.writing.conftest import Signs, hidden, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)


def french(days: int = 0) -> str:
    return (TODAY + timedelta(days=days)).strftime("%d/%m/%Y")


@pytest.fixture(scope="module")
def s3(kept: Path) -> UUID:
    return proposed(S3, TODAY - timedelta(days=5))


def address(convention: UUID, party: str = "") -> str:
    return f"/conventions/{convention}/signature/" + (f"{party}/" if party else "")


def shown(person: Client, where: str) -> dict[str, str]:
    page = person.get(where)
    return {
        "token": hidden(page, "token"),
        "seen_hash": hidden(page, "seen_hash"),
        "signed_on": french(),
        "function": "Directrice",
    }


def held(convention: UUID) -> list[str]:
    with member(CPAM, TODAY):
        rows = Signature.objects.filter(convention=convention, voided_at=None)
        return sorted(rows.values_list("party_key", flat=True))


def scan(name: str = "signe.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content, "application/pdf")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"signed_on": french(2)}, "Une signature ne peut pas être datée de l’avenir"),
        ({"signed_on": french(-9)}, "Cette date précède le document"),
        ({"signed_on": "31/02/2026"}, "Écrivez une date qui existe"),
        ({"function": ""}, "Indiquez la fonction"),
        ({"by_delegation": "on"}, "Joignez l’acte de délégation"),
        ({"seen_hash": "0" * 64}, "Le texte a changé pendant que vous le lisiez"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_signed(
    as_: Signs, s3: UUID, changes: dict[str, str], message: str
) -> None:
    caisse = as_(CPAM)
    answer = plain(caisse.post(address(s3), {**shown(caisse, address(s3)), **changes}))
    assert message in answer
    if "function" not in changes:
        assert 'value="Directrice"' in answer
    assert held(s3) == []


def test_a_double_click_signs_once(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    values = shown(caisse, address(s3))
    for _ in range(2):
        assert "Signature de CPAM 42 enregistrée" in plain(caisse.post(address(s3), values, follow=True))
    assert held(s3) == ["cpam"]


def test_the_second_of_two_people_is_told(as_: Signs, s3: UUID) -> None:
    first, second = as_(CPAM), as_(CPAM)
    one, two = shown(first, address(s3)), shown(second, address(s3))
    first.post(address(s3), one)
    answer = plain(second.post(address(s3), two))
    assert "Cette partie a déjà signé ce texte" in answer
    assert held(s3) == ["cpam"]


def test_a_file_that_an_error_elsewhere_left_out_is_asked_for_again(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    values = {**shown(caisse, address(s3)), "function": ""}
    refused = plain(caisse.post(address(s3), {**values, "document": scan("signe.pdf")}))
    assert "Ce fichier n’a pas été gardé : choisissez-le à nouveau." in refused
    assert refused.count("n’a pas été gardé") == 1


def test_a_signature_by_delegation_keeps_its_document_through_a_refusal(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    values = {**shown(caisse, address(s3)), "by_delegation": "on", "signed_on": french(-9)}
    refused = caisse.post(address(s3), {**values, "delegation_document": scan("delegation.pdf")})
    assert "Déjà déposé : delegation.pdf" in plain(refused)
    kept = hidden(refused, "delegation_document_kept")
    caisse.post(address(s3), {**values, "signed_on": french(), "delegation_document_kept": kept})
    assert held(s3) == ["cpam"]
    with member(CPAM, TODAY):
        assert str(Signature.objects.get(convention=s3).delegation_document_id) == kept
        assert Document.objects.count() == 1


def test_a_file_that_is_not_what_it_says_is_refused_by_its_content(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    for content in (b"MZ\x90\x00" * 40, b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>"):
        answer = caisse.post(address(s3), {**shown(caisse, address(s3)), "document": scan(content=content)})
        assert 'href="#id_document"' in plain(answer), content
    assert held(s3) == []
    with member(CPAM, TODAY):
        assert not Document.objects.exists()


def test_a_party_that_signs_here_is_asked_and_not_replaced(as_: Signs, s3: UUID) -> None:
    caisse, where = as_(CPAM), address(s3, "ccas")
    values = shown(caisse, address(s3))
    page = plain(caisse.get(where))
    assert "CCAS signe dans Maillage" in page
    assert '<form method="post" enctype' not in page
    answer = caisse.post(where, {**values, "document": scan()})
    assert "Demandez-lui sa signature" in plain(answer)
    assert 'value="Directrice"' in plain(answer)
    assert held(s3) == []
    mine = plain(caisse.get(address(s3)))
    assert "CARSAT RA, CCAS : quelqu’un y a un compte" in mine
    assert "n’utilisent pas Maillage" not in mine


def test_an_absent_party_signs_through_its_document(as_: Signs, s3: UUID) -> None:
    nobody_signs("ccas")
    caisse, where = as_(CPAM), address(s3, "ccas")
    bare = caisse.post(where, shown(caisse, where))
    assert "s’enregistre avec le document signé" in plain(bare)
    assert held(s3) == []
    done = caisse.post(where, {**shown(caisse, where), "document": scan()}, follow=True)
    assert "Signature de CCAS enregistrée" in plain(done)
    assert held(s3) == ["ccas"]
    with member(CCAS, TODAY):
        assert Document.objects.count() == 1


def test_a_document_of_somebody_else_is_no_proof(as_: Signs, s3: UUID) -> None:
    nobody_signs("ccas")
    caisse, where = as_(CPAM), address(s3, "ccas")
    answer = caisse.post(where, {**shown(caisse, where), "document_kept": str(uuid7())})
    assert "document signé" in plain(answer) or "n’est pas disponible" in plain(answer)
    assert held(s3) == []


def test_the_page_shows_the_hash_and_who_has_signed(as_: Signs, s3: UUID) -> None:
    sign_as(s3, CARSAT, TODAY)
    nobody_signs("ccas")
    with member(CPAM, TODAY) as reader:
        digest = seen(reader, s3).content_hash
    page = plain(as_(CPAM).get(address(s3)))
    assert digest[:12] in page
    assert "a signé, le" in page
    again = plain(as_(CARSAT).get(address(s3)))
    assert "Votre organisme a déjà signé ce texte" in again
    assert "Enregistrer la signature de CCAS" in again
    assert "a déjà signé" in plain(as_(CPAM).get(address(s3, "carsat"), follow=True))


def test_a_draft_and_a_signed_text_are_not_signed(as_: Signs) -> None:
    draft = drafted(S3, TODAY - timedelta(days=5))
    assert "est un brouillon" in plain(as_(CPAM).get(address(draft), follow=True))
    done = proposed(S3, TODAY - timedelta(days=5))
    for who in (CPAM, CARSAT, CCAS):
        sign_as(done, who, TODAY)
    assert "ont déjà signé" in plain(as_(CPAM).get(address(done), follow=True))


def test_the_ladder_of_signing(as_: Signs, s3: UUID) -> None:
    for where in (address(s3), address(s3, "ccas")):
        assert Client().get(where).status_code == 302
        assert as_(STRANGER).get(where).status_code == 404
        assert as_(STRANGER).post(where, {}).status_code == 404
        assert as_(WORKER).get(where).status_code == 403
        assert as_(CPAM).get(where).status_code == 200
    assert as_(CPAM).get(address(s3, "personne")).status_code == 404
