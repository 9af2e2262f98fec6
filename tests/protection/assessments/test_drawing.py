"""The papers of an assessment: all that its page says, blanks as places to fill; the letter to whoever has nobody here."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.documents.letters import letter_pdf
from maillage.documents.rendering import render_pdf
from maillage.privacy.measures import MEASURES
from maillage.protection.assessments.drawing import Printed, assessment_report, question_letter
from maillage.protection.assessments.models import Assessment, AssessmentContribution
from maillage.protection.assessments.queries import awaited, contributions_of, description_of, risks_of
from maillage.protection.assessments.rules import Kind
from tests.conventions.people import member
from tests.days import today
from tests.protection.assessments.files import (
    CPAM_ADMIN,
    CPAM_DPO,
    CROIX_ROUGE_ADMIN,
    NEEDED,
    answered,
    asked,
    loaded,
    opened,
    validated,
    whole,
    written,
)
from tests.protection.breaches.files import signed_croix_rouge
from tests.referrals.paper.test_sheets import words_of

BEGAN = now() - timedelta(days=90)


def printed(row: Assessment) -> Printed:
    with member(CPAM_ADMIN, now()):
        row = Assessment.objects.select_related("organisation").get(pk=row.pk)
        return Printed(
            row=row,
            leader=row.organisation.name,
            sections=description_of(row, loaded(row), now()),
            risks=risks_of(row),
            contributions=contributions_of(row),
            on=today(),
            validated_on=row.validated_at.date() if row.validated_at else None,
        )


@pytest.mark.django_db
def test_the_whole_version_is_printed_with_what_it_lacks_then_with_all_of_it() -> None:
    convention = signed_croix_rouge(BEGAN, BEGAN + timedelta(days=1))
    row = opened(convention)
    draft = " ".join(words_of(assessment_report(printed(row))))
    for words in (
        "en préparation",
        "risque à décrire",
        "avis du délégué",
        "date de révision",
        MEASURES[0].words[:40],
    ):
        assert words in draft.replace("\xa0", " "), words
    row = validated(whole_of(row))
    report = assessment_report(printed(row))
    said = " ".join(words_of(report)).replace("\xa0", " ").replace("\u202f", " ")
    for words in (
        NEEDED,
        "Avis favorable",
        "Durée de conservation",
        "annexe 1-9",
        row.digest,
        "3 (importante)",
        "2 (limitée)",
    ):
        assert words.replace("\u202f", " ") in said, words
    assert render_pdf("report", report.as_data()).startswith(b"%PDF-")


def whole_of(row: Assessment) -> Assessment:
    """The same, without anything lacking."""
    row = written(row)
    answered(asked(row, Kind.OPINION, "CPAM 42"), by=CPAM_DPO, stance="favourable")
    return row


def test_whoever_has_nobody_here_is_written_to_and_the_leader_notes_its_answer(
    fresh_database: object,
) -> None:
    convention: UUID = signed_croix_rouge(BEGAN, BEGAN + timedelta(days=1))
    with connections["owner"].cursor() as owner:
        owner.execute("UPDATE organisations_user SET is_active = false WHERE email = %s", [CROIX_ROUGE_ADMIN])
    row = whole(convention)
    made = asked(row, Kind.DOCUMENTATION, "Croix-Rouge")
    assert not made.is_here
    with member(CPAM_ADMIN, now()) as by:
        assert [one.pk for one in awaited(by)] == [made.pk]
        found = AssessmentContribution.objects.select_related("organisation").get(pk=made.pk)
        letter = question_letter(found, sender=by.organisation_name, on=today())
    said = " ".join(words_of(letter)).replace("\xa0", " ")
    assert "Qui a accès aux données chez vous, et comment" in said
    assert letter_pdf(letter).startswith(b"%PDF-")
    with pytest.raises(Refused) as refused:
        answered(made, by=CPAM_ADMIN)
    assert refused.value.field == "document"
    done = answered(made, by=CPAM_ADMIN, file=True)
    assert (done.is_reported, done.document is not None) == (False, True)
    with pytest.raises(PermissionDenied, match="une autre partie"):
        opened(convention, by="admin@carsat.example.org")
    assert validated(row).state == "validated"
