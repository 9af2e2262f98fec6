"""The life of a yearly sheet: answered by any party, checked by whoever holds the convention, fixed once validated."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, connection, transaction

from maillage.audit.models import Entry
from maillage.conventions.lifecycle.queries import load
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.indicators.figures import Figure, Place, Year
from maillage.indicators.queries import bilan
from maillage.indicators.sheets import actions
from maillage.indicators.sheets.actions import Given
from maillage.indicators.sheets.models import YearAnswer, YearSheet
from maillage.indicators.sheets.queries import history, sheet_of
from maillage.indicators.sheets.rules import Said
from maillage.indicators.sheets.states import State
from tests.conventions.people import CARSAT, CCAS, CPAM, S2, WORKER, instant, member, seen, signed

pytestmark = pytest.mark.django_db
YEAR = Year(2025)
DURING, AFTER = instant("2025-11-03"), instant("2026-01-12")
SHEET: Place = ("fiche_suivi", "")


def words(text: str, revision: int = 0) -> Given:
    return Given(SHEET, Said(words=text), revision)


def count(number: str, place: Place = ("orientations_misas", ""), revision: int = 0) -> Given:
    return Given(place, Said(number=Decimal(number)), revision)


def answer(
    convention: UUID, *given: Given, by: str = CCAS, at: datetime = DURING, year: Year = YEAR
) -> YearSheet | None:
    with member(by, at) as actor:
        return actions.answer(convention=seen(actor, convention), year=year, given=given, by=actor, at=at)


def act(name: str, convention: UUID, by: str = CPAM, at: datetime = AFTER, **more: Any) -> YearSheet:
    with member(by, at) as actor:
        row: YearSheet = getattr(actions, name)(
            convention=seen(actor, convention), year=YEAR, by=actor, at=at, **more
        )
        return row


def figures(convention: UUID, by: str = CPAM, at: datetime = AFTER) -> dict[Place, Figure]:
    with member(by, at) as actor:
        found = bilan(load(seen(actor, convention)), YEAR, at.date())
        return {one.place: one for one in found.figures}


def test_what_one_party_answers_all_parties_read(signed_s3: UUID) -> None:
    answer(signed_s3, words("Douze ateliers."))
    for reader in (CPAM, CARSAT, CCAS):
        assert figures(signed_s3, reader)[SHEET].value == "Douze ateliers."
    with member(CPAM, AFTER):
        assert Entry.objects.filter(verb="year.answered").exists() is False  # it is the CCAS's own entry


def test_a_new_answer_leaves_the_one_before_readable(signed_s3: UUID) -> None:
    answer(signed_s3, words("Douze ateliers."))
    answer(signed_s3, words("Treize ateliers.", 1), by=CARSAT)
    assert figures(signed_s3)[SHEET].value == "Treize ateliers."
    with member(CPAM, AFTER):
        told = [(one.words, one.said_for.short_name) for one in history(signed_s3, YEAR, SHEET)]
    assert told == [("Treize ateliers.", "CARSAT RA"), ("Douze ateliers.", "CCAS")]


def test_of_two_who_answer_at_once_the_second_is_told(signed_s3: UUID) -> None:
    answer(signed_s3, words("Douze ateliers."))
    with pytest.raises(Refused, match="répondu avant vous") as refused:
        answer(signed_s3, words("Treize ateliers."), by=CARSAT)
    assert refused.value.field == "fiche_suivi--value"
    assert figures(signed_s3)[SHEET].value == "Douze ateliers."


def test_the_same_answer_again_writes_nothing(signed_s3: UUID) -> None:
    answer(signed_s3, words("Douze ateliers."))
    answer(signed_s3, words("Douze ateliers.", 1), by=CARSAT)
    assert answer(signed_s3, Given(("fiche_suivi", ""), Said(words="Douze ateliers."), 1)) is not None
    with member(CPAM, AFTER):
        assert len(history(signed_s3, YEAR, SHEET)) == 1


def test_nothing_said_begins_no_sheet(signed_s3: UUID) -> None:
    assert answer(signed_s3, words("")) is None
    with member(CPAM, AFTER):
        assert sheet_of(signed_s3, YEAR).row is None


def test_an_answer_may_be_taken_back(signed_s3: UUID) -> None:
    answer(signed_s3, words("Douze ateliers."))
    answer(signed_s3, words("", 1))
    assert figures(signed_s3)[SHEET].value is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (count("1", ("inconnue", "")), "pas dans le texte"),
        (count("1", ("fiche_suivi", "partie")), "pas dans le texte"),
        (count("1", SHEET), "par un texte"),
    ],
)
def test_a_wrong_answer_is_refused_and_nothing_of_its_form_is_written(
    signed_s3: UUID, given: Given, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        answer(signed_s3, words("Douze ateliers."), given)
    with member(CPAM, AFTER):
        assert sheet_of(signed_s3, YEAR).row is None


def test_a_worker_answers_nothing_and_no_year_is_answered_out_of_the_convention(signed_s3: UUID) -> None:
    with pytest.raises(PermissionDenied):
        answer(signed_s3, words("Douze ateliers."), by=WORKER)
    for year in (Year(2023), Year(2026)):
        with pytest.raises(Refused, match="pas en vigueur"):
            answer(signed_s3, words("Douze ateliers."), year=year)


def test_a_sheet_is_handed_over_given_back_and_handed_over_again(signed_s3: UUID) -> None:
    answer(signed_s3, words("Douze ateliers."))
    assert act("submit", signed_s3, by=CCAS).state == State.SUBMITTED
    with pytest.raises(Refused, match="La fiche est transmise"):
        answer(signed_s3, words("Treize.", 1), at=AFTER)
    with pytest.raises(Refused, match="Dites pourquoi"):
        act("give_back", signed_s3, reason=" ")
    row = act("give_back", signed_s3, reason="Il manque les participants.")
    assert (row.state, row.back_reason) == (State.FILLING, "Il manque les participants.")
    answer(signed_s3, words("Douze ateliers, 80 participants.", 1), at=AFTER)
    assert act("submit", signed_s3, by=CCAS).back_reason == ""


def test_only_whoever_holds_the_convention_checks_its_sheets(signed_s3: UUID) -> None:
    act("submit", signed_s3, by=CCAS)
    with pytest.raises(PermissionDenied):
        act("validate", signed_s3, by=CCAS)
    for name in ("give_back", "reopen"):
        with pytest.raises(PermissionDenied):
            act(name, signed_s3, by=CCAS, reason="Non.")
    with pytest.raises(Error, match="whoever holds"), member(CCAS, AFTER):
        YearSheet.objects.filter(convention=signed_s3).update(
            state="validated", validated_at=AFTER, validated_by=UUID(int=1)
        )


def test_a_year_is_validated_once_it_is_over_and_its_figures_then_stay(signed_s3: UUID) -> None:
    answer(signed_s3, words("Douze ateliers."))
    with pytest.raises(Refused, match="n’est pas finie"):
        act("validate", signed_s3, at=DURING)
    row = act("validate", signed_s3)
    assert row.state == State.VALIDATED
    with pytest.raises(Refused, match="La fiche est validée"):
        answer(signed_s3, words("Treize.", 1), at=AFTER)
    with pytest.raises(TransitionRefused):
        act("submit", signed_s3, by=CCAS)
    assert act("reopen", signed_s3, reason="Une erreur d’unité.").validated_at is None
    answer(signed_s3, words("Treize.", 1), at=AFTER)


def test_a_validated_sheet_shows_what_was_counted_that_day() -> None:
    convention = signed(S2)
    answer(convention, count("12"), by=CARSAT)
    with member(CPAM, AFTER) as actor:
        actions.validate(convention=seen(actor, convention), year=YEAR, by=actor, at=AFTER)
        assert sheet_of(convention, YEAR).amounts is not None
    found = figures(convention)
    assert (found["orientations_misas", ""].value, found["orientations_misas", ""].counted) == (12, 0)


def test_the_database_keeps_answers_as_they_were_given(signed_s3: UUID) -> None:
    row = answer(signed_s3, words("Douze ateliers."))
    assert row is not None
    changes = (
        "UPDATE indicators_yearanswer SET words = 'Treize'",
        "DELETE FROM indicators_yearanswer",
        "UPDATE indicators_yearsheet SET year = 2024",
        "UPDATE indicators_yearsheet SET back_reason = 'rien'",
    )
    with member(CCAS, DURING):
        for change in changes:
            with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)
        newest = YearAnswer.objects.get()
        with pytest.raises(Error, match="follows the one before"), transaction.atomic():
            YearAnswer.objects.create(
                sheet=row, convention_id=signed_s3, question="fiche_suivi", revision=3, words="x", said_at=DURING,
                said_by=newest.said_by, said_for_id=newest.said_for_id,
            )  # fmt: skip
