"""What a session must be, who looks like whom, and the arithmetic of persons and attendances."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms.commitments import TrainingTheme
from maillage.training.rules import (
    COUNTING,
    LONGEST_THEME,
    Attended,
    Plan,
    Theme,
    alike,
    count,
    count_all,
    instant,
    other_theme_problem,
    plan_problems,
    theme_words,
)

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
GOOD = Plan(date(2026, 12, 3), time(9), time(12), 12, "Conseillère", "Salle Exemple")
IDS = st.integers(1, 4).map(lambda number: UUID(int=number))
ATTENDED = st.builds(Attended, IDS, IDS, IDS, st.sampled_from(list(Theme)), st.booleans())


def problems(at: datetime = AT, registered: int = 0, **changes: object) -> dict[str, str]:
    return plan_problems(replace(GOOD, **changes), zone=PARIS, at=at, registered=registered)  # type: ignore[arg-type]


def test_the_themes_are_the_modules_that_the_framework_names() -> None:
    named = [module.key for module in library.load("croix_rouge_cadre_2021").modules]
    assert len(named) == len(TrainingTheme) == 7
    assert [(one.value, one.label) for one in Theme][:-1] == [(one.value, one.label) for one in TrainingTheme]
    assert list(Theme)[-1] is Theme.OTHER


@given(st.sampled_from(list(Theme)), st.text(max_size=LONGEST_THEME + 2).map(str.strip))
def test_only_another_theme_has_words_of_its_own(theme: Theme, words: str) -> None:
    problem = other_theme_problem(theme.value, words)
    is_well = bool(words) is (theme is Theme.OTHER) and len(words) <= LONGEST_THEME
    assert (problem == "") is is_well


def test_another_theme_is_named_by_its_own_words() -> None:
    assert theme_words("other", "lire une ordonnance") == "lire une ordonnance"
    assert theme_words("rights") == "accès aux droits de base et complémentaires"


def test_a_good_plan_has_no_problem() -> None:
    assert problems() == {}
    assert problems(place="", link="https://visio.example.org/x") == {}


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"day": date(2026, 11, 26)}, "day", "à l’avance"),
        ({"day": date(2026, 11, 27), "starts": time(8)}, "starts", "à l’avance"),
        ({"ends": time(8)}, "ends", "précéder"),
        ({"ends": time(9)}, "ends", "précéder"),
        ({"capacity": 0}, "capacity", "1 à 1000"),
        ({"capacity": 1001}, "capacity", "1 à 1000"),
        ({"place": ""}, "place", "où"),
        ({"link": "http://visio.example.org"}, "link", "https"),
        ({"trainer": ""}, "trainer", "fonction"),
        ({"day": date(2027, 3, 28), "starts": time(2, 30)}, "starts", "n’existe pas"),
        ({"day": date(2027, 3, 28), "starts": time(1), "ends": time(2, 30)}, "ends", "n’existe pas"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changes: dict[str, object], field: str, said: str) -> None:
    found = problems(**changes)  # type: ignore[arg-type]  # the fields of a plan
    assert set(found) == {field}
    assert said in found[field]


def test_a_session_is_not_shrunk_below_those_who_have_a_place() -> None:
    assert problems(registered=12) == {}
    assert "13 personnes" in problems(registered=13)["capacity"]


def test_an_hour_that_the_clock_jumps_over_is_no_instant_and_one_that_comes_twice_is_the_first() -> None:
    assert instant(date(2027, 3, 28), time(2, 30), PARIS) is None
    assert instant(date(2026, 10, 25), time(2, 30), PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_somebody_looks_like_somebody_known_whatever_order_accents_and_slips() -> None:
    known = ["Éloïse Dupré", "Jean-Marc Test", "Ondine Modèle"]
    for written in ("Eloise Dupre", "DUPRÉ Éloïse", "Eloïse Dupree", "dupre  éloise"):
        assert alike(written, known) == ["Éloïse Dupré"]
    assert alike("Marc Exemple", known) == []
    assert alike("Test Jean Marc", known) == ["Jean-Marc Test"]


@given(st.lists(ATTENDED))
def test_persons_are_once_each_and_attendances_all(rows: list[Attended]) -> None:
    found = count(rows)
    assert found.attendances == len(rows)
    assert found.persons <= found.attendances
    assert (found.persons == 0) == (rows == [])
    assert count([*rows, *rows]).persons == found.persons
    assert count([*rows, *rows]).attendances == 2 * found.attendances


@given(st.lists(ATTENDED))
def test_parts_have_all_the_attendances_and_no_more_persons_than_the_whole(rows: list[Attended]) -> None:
    found = count_all(rows)
    for parts in (
        [found.dedicated, found.open_to_all],
        [figure for _, figure in found.themes],
        [figure for _, figure in found.partners],
    ):
        assert sum(one.attendances for one in parts) == found.total.attendances
        assert all(one.persons <= found.total.persons for one in parts)
        assert sum(one.persons for one in parts) >= found.total.persons
    assert [theme for theme, _ in found.themes] == list(Theme)


def test_one_person_at_three_sessions_is_one_person_and_three_attendances() -> None:
    rows = [Attended(UUID(int=1), UUID(int=9), UUID(int=n), Theme.RIGHTS, False) for n in range(3)]
    found = count_all(rows)
    assert (found.open_to_all.persons, found.open_to_all.attendances, found.open_to_all.sessions) == (1, 3, 3)
    assert found.dedicated.persons == 0
    assert "trois participations" in found.counting == COUNTING
