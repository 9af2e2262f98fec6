"""Envelopes and their figures: given, corrected with a reason, imported all or none; what was there before stays readable."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.writing import csv_file
from maillage.steering.credits.actions import Given, give_figure, import_lines, log_measure, open_envelope
from maillage.steering.credits.lines import LABELS, Outcome, read_lines
from maillage.steering.credits.models import CreditFigure
from maillage.steering.credits.queries import Envelope, envelopes
from maillage.steering.credits.rules import Projection, Target
from tests.conventions.people import instant
from tests.steering.people import CCAS, CPAM, WORKER, member, seen

pytestmark = pytest.mark.django_db
AT = instant("2026-05-04")


def opened(convention: UUID, name: str = "Personnes âgées", address: str = CPAM) -> UUID:
    with member(address, AT) as actor:
        row = open_envelope(
            convention=seen(actor, convention),
            envelope_id=uuid7(),
            name=name,
            target=Target.OGD,
            by=actor,
            at=AT,
        )
    return row.pk


def give(
    convention: UUID,
    envelope: UUID,
    month: int,
    cents: int,
    *,
    year: int = 2026,
    address: str = CPAM,
    **more: Any,
) -> CreditFigure:
    given = Given(more.pop("token", uuid7()), year, month, cents, **more)
    with member(address, AT) as actor:
        return give_figure(
            convention=seen(actor, convention), envelope=envelope, given=given, by=actor, at=AT
        )


def measured(convention: UUID, envelope: UUID, **changes: Any) -> None:
    said: dict[str, Any] = {"day": date(2026, 5, 1), "what": "Gel de crédits", "cents": 1, **changes}
    with member(CPAM, AT) as actor:
        log_measure(
            convention=seen(actor, convention), envelope=envelope, measure_id=uuid7(), by=actor, at=AT, **said
        )


def read(convention: UUID, address: str = CCAS) -> Envelope:
    with member(address, AT) as actor:
        return envelopes(load(seen(actor, convention)))[0]


def lines(convention: UUID, *rows: tuple[str, ...]) -> Any:
    read_ones = read_lines(csv_file(list(LABELS.values()), rows)).lines
    with member(CPAM, AT) as actor:
        return import_lines(convention=seen(actor, convention), lines=read_ones, by=actor, at=AT)


def test_a_year_is_read_by_all_and_projected_from_those_before(convention: UUID) -> None:
    envelope = opened(convention)
    for year in (2023, 2024, 2025):
        for month in range(1, 13):
            give(convention, envelope, month, 100_00, year=year)
    for month in (1, 2, 3):
        give(convention, envelope, month, 110_00)
    give(convention, envelope, 0, 1_250_00)
    found = read(convention)
    assert found.year(2026).objective == 1_250_00
    projection = found.projected(2026)
    assert isinstance(projection, Projection)
    assert (projection.point, projection.low, projection.high) == (1_320_00, 1_320_00, 1_320_00)


def test_a_month_given_twice_is_a_correction_that_needs_its_reason(convention: UUID) -> None:
    envelope = opened(convention)
    give(convention, envelope, 1, 100)
    with pytest.raises(Refused) as bare:
        give(convention, envelope, 1, 120)
    assert bare.value.field == "reason"
    give(convention, envelope, 1, 120, address=CCAS, reason="Régularisation")
    give(convention, envelope, 1, 130, reason="Régularisation encore")
    found = read(convention)
    assert found.year(2026).months == {1: 130}
    history = [(one.cents, one.reason, one.party) for one in found.history(2026)]
    assert history == [
        (130, "Régularisation encore", "cpam"),
        (120, "Régularisation", "ccas"),
        (100, "", "cpam"),
    ]


@pytest.mark.parametrize(
    ("month", "cents", "more", "field"),
    [
        (6, 1, {}, "month"),
        (13, 1, {}, "month"),
        (1, 1, {"year": 1999}, "year"),
        (0, 0, {}, "amount"),
        (1, 10**16, {}, "amount"),
        (1, 1, {"source": "x" * 201}, "source"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    convention: UUID, month: int, cents: int, more: dict[str, Any], field: str
) -> None:
    envelope = opened(convention)
    with pytest.raises(Refused) as error:
        give(convention, envelope, month, cents, **more)
    assert error.value.field == field


def test_a_figure_that_changed_since_the_page_was_shown_is_not_corrected_unseen(convention: UUID) -> None:
    envelope = opened(convention)
    give(convention, envelope, 1, 100)
    with pytest.raises(Refused, match="avant vous"):
        give(convention, envelope, 1, 120, seen=90, reason="x")
    give(convention, envelope, 1, 120, seen=100, reason="x")


def test_a_form_sent_twice_gives_one_figure(convention: UUID) -> None:
    envelope, token = opened(convention), uuid7()
    assert give(convention, envelope, 1, 100, token=token) == give(convention, envelope, 1, 100, token=token)


def test_two_envelopes_of_one_name_are_refused(convention: UUID) -> None:
    opened(convention)
    with pytest.raises(Refused, match="déjà ce nom"):
        opened(convention, "PERSONNES AGEES")
    with pytest.raises(Refused, match="Nommez"):
        opened(convention, " – ")


def test_who_only_reads_gives_nothing(convention: UUID) -> None:
    envelope = opened(convention)
    with pytest.raises(PermissionDenied):
        give(convention, envelope, 1, 100, address=WORKER)
    with pytest.raises(Refused, match="n’existe pas"):
        give(convention, uuid7(), 1, 100)


def test_a_table_is_written_whole_or_not_at_all(convention: UUID) -> None:
    envelope = opened(convention)
    give(convention, envelope, 1, 100_00)
    row = ("Personnes âgées", "2026", "février", "200", "état", "")
    with pytest.raises(Refused, match="Rien n’a été écrit"):
        lines(convention, row, ("Personnes âgées", "2026", "1", "101", "", ""))
    assert read(convention).year(2026).months == {1: 100_00}
    done = lines(
        convention,
        row,
        ("Personnes âgées", "2026", "1", "100", "", ""),
        ("Personnes âgées", "2026", "objectif", "900", "", ""),
    )
    assert [one.outcome for one in done] == [Outcome.NEW, Outcome.SAME, Outcome.NEW]
    found = read(convention)
    assert (found.year(2026).months, found.year(2026).objective) == ({1: 100_00, 2: 200_00}, 900_00)
    assert [one.outcome for one in lines(convention, row)] == [Outcome.SAME]
    lines(convention, ("Personnes âgées", "2026", "1", "101", "", "Rectifié"))
    assert read(convention).year(2026).months[1] == 101_00


def test_a_measure_is_logged_with_or_without_an_amount(convention: UUID) -> None:
    envelope = opened(convention)
    for cents in (None, 50_000_00):
        measured(convention, envelope, cents=cents)
    assert {one.cents for one in read(convention).measures} == {None, 50_000_00}
    for field, values in (("day", {"day": date(2026, 5, 5)}), ("what", {"what": " "})):
        with pytest.raises(Refused) as error:
            measured(convention, envelope, **values)
        assert error.value.field == field


WRONG: dict[str, dict[str, Any]] = {
    "month": {"month": 13},
    "year": {"year": 1999},
    "objective": {"month": 0, "cents": 0},
    "amount": {"cents": 10**16},
    "twice": {"month": 1},
    "no reason": {"corrects": True},
    "another month": {"corrects": True, "reason": "x", "month": 2},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_database_refuses_what_no_action_writes(convention: UUID, wrong: str) -> None:
    envelope = opened(convention)
    first = give(convention, envelope, 1, 100)
    values = dict(WRONG[wrong])
    if values.pop("corrects", False):
        values = {"month": 1, "corrects": first, **values}
    with member(CPAM, AT) as actor:
        known = {
            "convention_id": convention, "envelope_id": envelope, "year": 2026, "month": 2, "cents": 5, "recorded_at": AT,
            "recorded_by": actor.user, "recorded_for_id": actor.organisation,
        }  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            CreditFigure.objects.create(**{**known, **values})


def test_the_credits_of_a_convention_are_three_questions(
    convention: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("Personnes âgées", "Personnes handicapées", "ESAT"):
        give(convention, opened(convention, name), 1, 100)
    with member(CPAM, AT) as actor:
        known = load(seen(actor, convention))
        with django_assert_num_queries(3):
            assert len(envelopes(known)) == 3
