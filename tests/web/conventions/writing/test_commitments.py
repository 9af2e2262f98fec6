"""The register on its page: where each commitment stands, a proof noted, taken back, its document opened; who may and who may not."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.conventions.commitments.models import CommitmentEvidence
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from tests.conventions.people import CARSAT, CCAS, CPAM, S3, STRANGER, WORKER, member, proposed, signed
from tests.days import PARIS
from tests.documents.builders import pdf
from tests.web.conventions.writing.conftest import Signs, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)


@pytest.fixture(scope="module")
def s3(kept: Path) -> UUID:
    """In force for two years and a month: two years of execution are over."""
    return signed(S3, TODAY - timedelta(days=775), TODAY - timedelta(days=765))


def sends(person: Client, where: str, **values: Any) -> Any:
    return person.post(where, {"token": str(uuid7()), **values}, follow=True)


def french(days: int = 0) -> str:
    return (TODAY + timedelta(days=days)).strftime("%d/%m/%Y")


def test_what_is_late_is_said_with_the_days_that_went_by(as_: Signs, s3: UUID) -> None:
    shown = plain(as_(CCAS).get(f"/conventions/{s3}/engagements/?vue=en-retard"))
    assert "En retard" in shown
    assert " et " in re.findall(r"attendu pour le ([^<]+)", shown)[0]
    assert "Noter une preuve" in shown


def test_whoever_reads_the_convention_reads_the_register_and_a_stranger_does_not(
    as_: Signs, s3: UUID
) -> None:
    where = f"/conventions/{s3}/engagements/"
    assert "Noter une preuve" not in plain(as_(WORKER).get(where))
    assert as_(STRANGER).get(where).status_code == 404
    for view in ("", "a-faire", "en-retard", "notres", "inconnue"):
        assert as_(CPAM).get(f"{where}?vue={view}").status_code == 200


def test_a_proof_is_noted_for_the_year_that_was_missed_and_taken_back(as_: Signs, s3: UUID) -> None:
    base = f"/conventions/{s3}/engagements/"
    caisse = as_(CPAM)
    form = plain(caisse.get(f"{base}sessions_information/preuve/"))
    assert "Noter ce qui montre que c’est tenu" in form
    refused = plain(sends(caisse, f"{base}sessions_information/preuve/", day=french(), note=""))
    assert "Dites en un mot" in refused
    file = SimpleUploadedFile("presences.pdf", pdf(), "application/pdf")
    done = sends(caisse, f"{base}sessions_information/preuve/", day=french(-3), note="", document=file)
    assert "Preuve notée" in plain(done)
    with member(CPAM, TODAY):
        row = CommitmentEvidence.objects.get(convention=s3, commitment_key="sessions_information")
    assert as_(CARSAT).get(f"/conventions/{s3}/documents/{row.document_id}/").status_code == 200
    for other, status in ((CARSAT, 403), (WORKER, 403), (STRANGER, 404)):
        assert as_(other).get(f"{base}retrait/{row.pk}/").status_code == status
    assert "raison" in plain(sends(caisse, f"{base}retrait/{row.pk}/", note="Autre convention"))
    shown = plain(as_(CARSAT).get(base))
    assert "Retirée : Autre convention" in shown


def test_a_commitment_of_others_or_of_no_text_has_no_form(as_: Signs, s3: UUID) -> None:
    base = f"/conventions/{s3}/engagements/"
    assert as_(CCAS).get(f"{base}sessions_information/preuve/").status_code == 403
    assert as_(CPAM).get(f"{base}rien/preuve/").status_code == 404
    assert as_(CPAM).get(f"{base}retrait/{uuid7()}/").status_code == 404


def test_the_register_asks_one_question_more_than_the_convention(
    as_: Signs, s3: UUID, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = as_(CPAM)
    with django_assert_max_num_queries(12 + 2):
        person.get(f"/conventions/{s3}/engagements/")


def test_a_text_that_waits_for_signatures_owes_nothing_yet(as_: Signs) -> None:
    new = proposed(S3, TODAY)
    assert "À venir" in plain(as_(CPAM).get(f"/conventions/{new}/engagements/"))
    assert as_(CPAM).get(f"/conventions/{new}/engagements/sessions_information/preuve/").status_code == 403
