"""Minutes are written by versions, validated by each party, marked when they change afterwards; two who write lose nothing."""

from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from maillage.core.refusals import Refused
from maillage.steering.committees.minutes import Overtaken
from maillage.steering.committees.models import Meeting
from maillage.steering.committees.queries import versions
from maillage.steering.committees.states import State
from tests.conventions.people import CARSAT, CCAS, CPAM, STRANGER, WORKER, member, raw
from tests.steering.committees.meetings import (
    AFTER,
    PARTIES,
    again,
    convened,
    decided,
    held,
    validated,
    written,
)
from tests.tiers import spread

pytestmark = pytest.mark.django_db


def test_when_each_party_has_validated_the_meeting_is_closed(signed_s3: UUID) -> None:
    row = held(signed_s3)
    text = written(row.pk)
    for party in PARTIES:
        assert again(row).state == State.HELD
        assert validated(row.pk, party).content_hash == text.content_hash
    assert again(row).state == State.CLOSED
    validated(row.pk, CPAM)  # a second click changes nothing
    with member(CCAS, AFTER):
        assert [(one.minutes.number, one.validated_by) for one in versions(row)] == [
            (1, ("cpam", "carsat", "ccas"))
        ]


def test_a_text_changed_after_validation_is_marked_and_validated_anew(signed_s3: UUID) -> None:
    row = held(signed_s3)
    written(row.pk)
    for party in PARTIES:
        validated(row.pk, party)
    written(row.pk, "Les bilans sont partagés, et complétés.", base=1, by=CCAS)
    assert again(row).state == State.HELD
    with member(CPAM, AFTER):
        assert [(one.minutes.number, one.validated_by, one.is_changed) for one in versions(row)] == [
            (2, (), True),
            (1, ("cpam", "carsat", "ccas"), False),
        ]
    with pytest.raises(Refused, match="version 2"):
        validated(row.pk, CPAM, 1)
    for party in PARTIES:
        validated(row.pk, party, 2)
    assert again(row).state == State.CLOSED


def test_the_second_writer_is_told_and_the_first_text_stands(signed_s3: UUID) -> None:
    row = held(signed_s3)
    written(row.pk)
    with pytest.raises(Overtaken, match="rien n’est perdu") as overtaken:
        written(row.pk, "Autre texte", base=0, by=CCAS)
    assert overtaken.value.theirs.body == {"general": "Les bilans sont partagés."}
    assert written(row.pk, "Les deux textes", base=1, by=CCAS).number == 2


def test_the_same_text_makes_no_version(signed_s3: UUID) -> None:
    row = held(signed_s3)
    assert written(row.pk) == written(row.pk, base=1) == written(row.pk, base=0)


def test_a_decision_after_the_text_is_part_of_what_is_validated(signed_s3: UUID) -> None:
    row = held(signed_s3)
    first = written(row.pk)
    validated(row.pk, CPAM)
    decided(row.pk)
    with member(CPAM, AFTER):
        newest = versions(row)[0]
    assert (newest.minutes.number, newest.is_changed, newest.minutes.body) == (2, True, first.body)
    assert newest.minutes.content_hash != first.content_hash


@pytest.mark.parametrize(
    ("text", "field"),
    spread(
        [
            ("", "general"),
            ("x" * 8001, "general"),
            ("Appeler le 06 12 34 56 78", "general"),
            ("a@b.fr", "general"),
        ],
        4,
    ),
)
def test_a_text_that_names_somebody_is_refused_at_its_point(signed_s3: UUID, text: str, field: str) -> None:
    row = held(signed_s3)
    with pytest.raises(Refused) as refused:
        written(row.pk, text)
    assert refused.value.field == field


def test_minutes_are_those_of_a_meeting_that_was_held(signed_s3: UUID) -> None:
    row = convened(signed_s3)
    with pytest.raises(Refused, match="plus, possible"):
        written(row.pk)
    row = held(signed_s3)
    with pytest.raises(Refused, match="pas encore écrit"):
        validated(row.pk, CPAM)
    for address, error in ((WORKER, PermissionDenied), (STRANGER, Meeting.DoesNotExist)):
        with pytest.raises(error):
            written(row.pk, by=address)


def test_who_is_no_member_of_the_committee_does_not_validate(signed_s3: UUID) -> None:
    row = held(signed_s3)
    written(row.pk)
    raw_members = "UPDATE steering_meeting SET members = '{cpam,ccas}', needed = '{cpam}' WHERE id = %s"
    with pytest.raises(DatabaseError, match="stays as it was held"), transaction.atomic():
        raw("CPAM 42", raw_members, [row.pk])


def test_the_database_closes_nothing_that_a_party_has_not_validated(signed_s3: UUID) -> None:
    row = held(signed_s3)
    written(row.pk)
    validated(row.pk, CPAM)
    closing = "UPDATE steering_meeting SET state = 'closed', closed_at = now() WHERE id = %s"
    with pytest.raises(DatabaseError, match="not validated by all"), transaction.atomic():
        raw("CPAM 42", closing, [row.pk])
    for party in (CARSAT, CCAS):
        validated(row.pk, party)
    assert again(row).state == State.CLOSED
