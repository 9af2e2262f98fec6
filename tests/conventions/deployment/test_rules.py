"""Where a caisse stands with a framework, and the reasons that the framework's own text proposes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.deployment.rules import (
    QUESTION,
    REASONS,
    REVIEWED,
    UNDER_WAY_KEY,
    Concluded,
    Echelon,
    Line,
    Noted,
    Standing,
    by_departement,
    furthest,
    reasons_asked,
    review_due,
    standings_count,
)
from maillage.conventions.terms.loading import terms_data
from maillage.core.calendar import Period, add

ON = date(2025, 3, 3)
AT = datetime(2025, 3, 3, tzinfo=UTC)
SIGNED = Concluded(date(2024, 11, 14), 1)
REFUSED = Noted("refus_cpam", "Refus de la CPAM", ON, "", AT)
BEGUN = Noted(UNDER_WAY_KEY, "Démarches en cours", ON, "", AT)


def line(
    *concluded: Concluded, noted: tuple[Noted, ...] = (), departement: str = "42", name: str = "CPAM"
) -> Line:
    return Line(UUID(int=1), name, departement, concluded, noted)


def indicators() -> list[dict[str, Any]]:
    """Those of the framework with the Croix-Rouge, as its file has them."""
    found: list[dict[str, Any]] = terms_data(library.load("croix_rouge_cadre_2021"))["indicators"]
    return found


@pytest.mark.parametrize(
    ("known", "standing"),
    [
        (line(), Standing.SILENT),
        (line(noted=(REFUSED,)), Standing.EXPLAINED),
        (line(noted=(BEGUN, REFUSED)), Standing.UNDER_WAY),
        (line(noted=(REFUSED, BEGUN)), Standing.EXPLAINED),
        (line(SIGNED, noted=(BEGUN,)), Standing.SIGNED),
    ],
)
def test_a_convention_counts_first_then_what_was_noted_last(known: Line, standing: Standing) -> None:
    assert known.standing is standing


def test_a_reason_no_longer_counts_once_a_convention_is_signed() -> None:
    assert line(noted=(REFUSED,)).reason == REFUSED
    assert line(SIGNED, noted=(REFUSED,)).reason is None


def test_conventions_are_counted_by_level_and_the_first_of_those_that_run_gives_the_day() -> None:
    found = line(SIGNED, Concluded(date(2023, 1, 5), 3), Concluded(None, 1))
    assert (found.count(Echelon.DEPARTEMENT), found.count(Echelon.REGION)) == (2, 1)
    assert found.since == date(2023, 1, 5)
    assert line().since is None
    assert line(Concluded(None, 1)).since is None


def test_each_standing_is_counted_those_of_nobody_too() -> None:
    found = standings_count([line(), line(SIGNED), line(SIGNED)])
    assert found == {Standing.SIGNED: 2, Standing.UNDER_WAY: 0, Standing.EXPLAINED: 0, Standing.SILENT: 1}


def test_a_departement_with_several_caisses_stands_as_the_furthest() -> None:
    lines = [line(departement="59", name="B"), line(SIGNED, departement="59", name="A"), line(departement="")]
    found = by_departement(lines)
    assert {code: [one.name for one in known] for code, known in found.items()} == {"59": ["A", "B"]}
    assert furthest(found["59"]) is Standing.SIGNED
    assert furthest([line(), line(noted=(REFUSED,))]) is Standing.EXPLAINED


def test_the_reasons_are_those_of_the_framework_s_text() -> None:
    asked = reasons_asked(indicators(), [], ON)
    assert [one.label for one in asked] == [
        "Absence de démarche",
        "Démarches en cours",
        "Absence de réponse",
        "Refus de la Croix-Rouge",
        "Refus de la CPAM",
        "Croix-Rouge absente du territoire",
        "Convention antérieure au cadre",
    ]
    assert UNDER_WAY_KEY in {one.key for one in asked}


def test_a_text_that_asks_no_such_question_leaves_the_same_reasons_in_the_words_of_no_partner() -> None:
    assert reasons_asked([], [], ON) == REASONS
    assert "Refus du partenaire" in {one.label for one in REASONS}
    assert not any("Croix" in one.label for one in REASONS)
    assert UNDER_WAY_KEY in {one.key for one in REASONS}


def test_an_avenant_changes_them_from_its_effect_on() -> None:
    change = {
        "operation": "add",
        "path": f"indicators[{QUESTION}].choices",
        "value": {"key": "effectif_insuffisant", "label": "Effectif insuffisant"},
    }
    before, after = (
        {one.key for one in reasons_asked(indicators(), [(effect, change)], ON)}
        for effect in (date(2025, 3, 4), date(2025, 3, 3))
    )
    assert after - before == {"effectif_insuffisant"}


def test_a_change_that_leads_nowhere_or_an_unreadable_choice_leaves_the_usual_reasons() -> None:
    lost = {"operation": "replace", "path": "indicators[ailleurs].choices", "value": []}
    wrong = {"operation": "replace", "path": f"indicators[{QUESTION}].choices", "value": [{"key": "UN"}]}
    assert reasons_asked(indicators(), [(ON, lost)], ON) == REASONS
    assert reasons_asked(indicators(), [(ON, wrong)], ON) == REASONS
    assert reasons_asked(indicators(), [(ON, {"path": "indicators"})], ON) == REASONS


def test_what_a_caisse_said_holds_a_year_and_a_convention_says_enough() -> None:
    since, said = date(2024, 11, 14), line(noted=(BEGUN, REFUSED))
    assert review_due(said, since, date(2026, 2, 1)) == date(2026, 3, 3)
    assert review_due(said, since, date(2026, 1, 31)) is None
    assert review_due(said, since, date(2029, 1, 1)) == date(2026, 3, 3), "as late as it is"
    assert review_due(line(SIGNED, noted=(BEGUN,)), since, date(2029, 1, 1)) is None
    assert review_due(line(), None, date(2029, 1, 1)) is None


@given(st.dates(date(2015, 1, 1), date(2027, 12, 31)), st.dates(date(2015, 1, 1), date(2030, 12, 31)))
def test_a_caisse_that_never_said_anything_is_asked_each_year(since: date, on: date) -> None:
    due = review_due(line(), since, on)
    if due is None:
        assert on + timedelta(days=30) < add(since, REVIEWED)
        return
    assert timedelta(days=-336) <= due - on <= timedelta(days=30)
    assert due in {add(since, Period(months=12 * number)) for number in range(1, 17)}
