"""The parties write on a sheet and say things anew; everybody of the convention reads it, nobody else; two at once do not mix."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.steering.sheets.actions import add, change
from maillage.steering.sheets.models import SheetEntry
from maillage.steering.sheets.queries import Sheet, sheets
from maillage.steering.sheets.rules import Kind, Said, Standing, Step
from tests.conventions.people import instant, proposed
from tests.steering.people import CARSAT, CCAS, CPAM, STRANGER, WORKER, member, seen

pytestmark = pytest.mark.django_db
AT = instant("2025-03-03")
ON = AT.date()
EXCHANGE = {"supplier": "cpam", "pace": "monthly", "legal_basis": "CASF L. 14-10-1"}


def write(
    convention: UUID, address: str, kind: Kind, said: Said, token: UUID | None = None, **options: Any
) -> SheetEntry:
    with member(address, AT) as actor:
        return add(
            convention=seen(actor, convention), sheet=options.pop("sheet", "fiche_12"), kind=kind, entry_id=token or uuid7(),
            said=said, by=actor, at=options.pop("at", AT), **options,
        )  # fmt: skip


def again(convention: UUID, address: str, entry: UUID, said: Said) -> SheetEntry:
    with member(address, AT) as actor:
        return change(
            convention=seen(actor, convention), entry=entry, entry_id=uuid7(), said=said, by=actor, at=AT
        )


def read(convention: UUID, address: str, key: str = "fiche_12", on: date = ON) -> Sheet:
    with member(address, AT) as actor:
        return next(one for one in sheets(load(seen(actor, convention)), on) if one.clause.key == key)


def test_what_one_party_writes_all_read(convention: UUID) -> None:
    leads = {"lead_cpam": "Direction des soins", "lead_ccas": "Pôle social"}
    write(convention, CPAM, Kind.SHEET, Said("Suivi des crédits", detail=leads))
    for reader in (CPAM, CARSAT, CCAS, WORKER):
        found = read(convention, reader)
        assert found.title == "Suivi des crédits"
        assert found.presentation is not None
        assert found.presentation.said.detail == leads
        assert [entry.party for entry in found.history] == ["cpam"]


def test_the_fifteen_sheets_of_the_text_are_there_before_anything_is_written(convention: UUID) -> None:
    with member(CCAS, AT) as actor:
        found = sheets(load(seen(actor, convention)), ON)
    assert [one.clause.number for one in found] == list(range(1, 16))
    assert [sum(one.axis.number == axis for one in found) for axis in (1, 2, 3, 4)] == [6, 5, 3, 1]
    assert all(not one.title for one in found)


def test_who_only_reads_writes_nothing(convention: UUID) -> None:
    with pytest.raises(PermissionDenied):
        write(convention, WORKER, Kind.NOTE, Said("x", day=ON))
    with member(STRANGER, AT) as stranger, pytest.raises(Exception, match="does not exist"):
        seen(stranger, convention)


def test_a_sheet_that_is_not_in_the_text_is_refused(convention: UUID) -> None:
    with pytest.raises(Refused, match="pas dans le texte"):
        write(convention, CPAM, Kind.NOTE, Said("x", day=ON), sheet="fiche_16")


def test_nothing_is_written_before_all_have_signed() -> None:
    new = proposed()
    with pytest.raises(Refused, match="pas encore signée"):
        write(new, CPAM, Kind.NOTE, Said("x", day=ON))


def test_a_form_sent_twice_writes_once(convention: UUID) -> None:
    token = uuid7()
    said = Said("Réunion tenue", day=ON)
    assert write(convention, CPAM, Kind.NOTE, said, token) == write(convention, CPAM, Kind.NOTE, said, token)
    assert len(read(convention, CPAM).of(Kind.NOTE)) == 1


def test_a_milestone_said_anew_counts_and_the_former_stays(convention: UUID) -> None:
    first = write(convention, CPAM, Kind.MILESTONE, Said("Cadrage", Step.PLANNED, ON - timedelta(days=1)))
    found = read(convention, CCAS)
    assert [one.standing for one in found.awaited(ON)] == [Standing.LATE]
    again(convention, CCAS, first.pk, Said("Cadrage", Step.DONE, first.day, ON))
    found = read(convention, CPAM)
    (item,) = found.of(Kind.MILESTONE)
    assert [(one.said.step, one.party) for one in item.entries] == [
        (Step.DONE, "ccas"),
        (Step.PLANNED, "cpam"),
    ]
    assert found.awaited(ON) == ()


def test_of_two_who_say_it_anew_one_wins(convention: UUID) -> None:
    first = write(convention, CPAM, Kind.RISK, Said("Retard", Step.OPEN, detail={"gravity": "low"}))
    again(convention, CCAS, first.pk, Said("Retard", Step.OPEN, detail={"gravity": "high"}))
    with pytest.raises(Refused, match="avant vous"):
        again(convention, CPAM, first.pk, Said("Retard", Step.CLOSED, detail={"gravity": "low"}))


def test_a_sheet_is_presented_once_then_said_anew(convention: UUID) -> None:
    write(convention, CPAM, Kind.SHEET, Said("Titre"))
    with pytest.raises(Refused, match="avant vous"):
        write(convention, CCAS, Kind.SHEET, Said("Autre titre"))


def test_an_exchange_is_late_when_its_pace_says_so(convention: UUID) -> None:
    first = ON - timedelta(days=40)
    exchange = write(convention, CPAM, Kind.EXCHANGE, Said("Dépenses", Step.RUNNING, first, detail=EXCHANGE))
    assert read(convention, CCAS).awaited(ON)[0].standing is Standing.LATE
    write(convention, CPAM, Kind.DELIVERY, Said("Janvier", day=ON - timedelta(days=1)), of=exchange.pk)
    (awaited,) = read(convention, CCAS).awaited(ON)
    assert awaited.standing is Standing.SOON
    assert awaited.day == date(2025, 4, 2)
    assert len(awaited.item.deliveries) == 1


def test_a_delivery_is_of_an_exchange_of_the_sheet(convention: UUID) -> None:
    exchange = write(convention, CPAM, Kind.EXCHANGE, Said("Dépenses", Step.RUNNING, ON, detail=EXCHANGE))
    milestone = write(convention, CPAM, Kind.MILESTONE, Said("Cadrage", Step.PLANNED))
    for sheet, of in (
        ("fiche_12", milestone.pk),
        ("fiche_13", exchange.pk),
        ("fiche_12", None),
        ("fiche_12", uuid7()),
    ):
        with pytest.raises(Refused, match="aucun échange"):
            write(convention, CPAM, Kind.DELIVERY, Said("x", day=ON), sheet=sheet, of=of)
    with pytest.raises(Refused, match="aucun échange"):
        write(convention, CPAM, Kind.NOTE, Said("x", day=ON), of=exchange.pk)


def study(convention: UUID) -> SheetEntry:
    return write(convention, CPAM, Kind.STUDY, Said("Parcours des résidents", day=ON), sheet="fiche_8")


def answered(step: Step, **detail: str) -> Said:
    return Said("", step, ON, detail=detail)


def test_a_study_is_asked_agreed_by_the_other_side_delivered_and_concluded(convention: UUID) -> None:
    asked = study(convention)
    with pytest.raises(Refused, match="autre partie"):
        again(convention, CPAM, asked.pk, answered(Step.AGREED, reference="Lettre"))
    agreed = again(convention, CCAS, asked.pk, answered(Step.AGREED, reference="Lettre du 3 mars"))
    with pytest.raises(Refused) as bare:
        again(convention, CCAS, agreed.pk, answered(Step.DELIVERED, delivered="Trois tableaux"))
    assert bare.value.field == "aggregates"
    said = answered(Step.DELIVERED, delivered="Trois tableaux", aggregates="True")
    delivered = again(convention, CCAS, agreed.pk, said)
    again(convention, CPAM, delivered.pk, answered(Step.CONCLUDED, result="Rapport publié"))
    (item,) = read(convention, CARSAT, "fiche_8").of(Kind.STUDY)
    assert item.newest.said.text == "Parcours des résidents"
    assert item.newest.said.detail["reference"] == "Lettre du 3 mars"
    assert item.newest.said.detail["result"] == "Rapport publié"
    assert [entry.said.step for entry in reversed(item.entries)] == [
        Step.ASKED,
        Step.AGREED,
        Step.DELIVERED,
        Step.CONCLUDED,
    ]


def test_a_step_out_of_turn_is_refused(convention: UUID) -> None:
    asked = study(convention)
    with pytest.raises(Refused, match="avant vous"):
        again(convention, CCAS, asked.pk, answered(Step.CONCLUDED, result="x"))


def test_a_note_and_a_delivery_stay_as_written(convention: UUID) -> None:
    note = write(convention, CPAM, Kind.NOTE, Said("Réunion", day=ON))
    with pytest.raises(Refused, match="ne se change pas"):
        again(convention, CPAM, note.pk, Said("Autre", day=ON))


def raw(convention: UUID, address: str, **values: Any) -> None:
    with member(address, AT) as actor:
        new = uuid7()
        common = {
            "id": new, "item": new, "convention_id": convention, "sheet_key": "fiche_8", "kind": "study", "text": "x", "state": "asked",
            "day": ON, "recorded_at": AT, "recorded_by": actor.user, "recorded_for_id": actor.organisation,
        }  # fmt: skip
        SheetEntry.objects.create(**{**common, **values})


WRONG: dict[str, dict[str, Any]] = {
    "kind": {"kind": "other"},
    "state": {"state": "planned"},
    "done without its day": {"kind": "milestone", "state": "done"},
    "a day of what is not done": {"kind": "milestone", "state": "planned", "done_on": ON},
    "without its day": {"kind": "note", "state": "", "day": None},
    "of nothing": {"kind": "delivery", "state": ""},
    "without words": {"text": ""},
    "another item": {"item": uuid7()},
    "a study that begins agreed": {"state": "agreed"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_database_refuses_what_no_action_writes(convention: UUID, wrong: str) -> None:
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        raw(convention, CPAM, **WRONG[wrong])


def test_the_database_refuses_an_answer_of_whoever_asked_and_another_item_s_place(convention: UUID) -> None:
    asked = study(convention)
    own = {"state": "agreed", "replaces_id": asked.pk, "item": asked.pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(convention, CPAM, **own)
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(convention, CCAS, **{**own, "item": uuid7()})
    note = {"kind": "risk", "state": "open", "replaces_id": asked.pk, "item": asked.pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(convention, CCAS, **note)


def test_all_the_sheets_of_a_convention_are_one_question(
    convention: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 6):
        write(convention, CPAM, Kind.NOTE, Said("x", day=ON), sheet=f"fiche_{number}")
    with member(CPAM, AT) as actor:
        known = load(seen(actor, convention))
        known.readable(ON)
        with django_assert_num_queries(1):
            found = sheets(known, ON)
    assert sum(len(one.history) for one in found) == 5


def test_the_moment_is_the_database_s(convention: UUID) -> None:
    row = write(convention, CPAM, Kind.NOTE, Said("x", day=ON))
    with member(CPAM, AT):
        row.refresh_from_db()
    assert row.recorded_at > AT
