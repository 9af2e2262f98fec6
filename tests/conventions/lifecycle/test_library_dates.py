"""The traps of term, renewal and exit, cell by cell, on the five texts of the library."""

from datetime import date
from pathlib import Path

import pytest

from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms.loading import load_terms
from maillage.conventions.terms.terms import Terms

LIBRARY = Path(__file__).resolve().parents[3] / "maillage" / "conventions" / "library"
FILES = {
    "S0": "prado_maternite_2016.yaml",
    "S1": "cnsa_2016_2019.yaml",
    "S2": "hopital_pass_modele.yaml",
    "S3": "ccas_montbrison_2024.yaml",
    "S4": "croix_rouge_cadre_2021.yaml",
}
SIGNED = {
    "S0": (date(2016, 1, 8),),
    "S1": (date(2016, 10, 13),),
    "S2": (date(2023, 3, 1),),
    "S3": (date(2024, 11, 14),),
    "S4": (date(2021, 9, 27), date(2021, 10, 5)),
}


@pytest.fixture(scope="module")
def library() -> dict[str, Terms]:
    """The five texts, read once."""
    return {name: load_terms(LIBRARY / file) for name, file in FILES.items()}


def known_on(library: dict[str, Terms], name: str, on: date, *recorded: Event) -> Facts:
    """The facts of a text signed on its own dates."""
    days = SIGNED[name]
    keys = [party.key for party in library[name].parties]
    events = [Event(EventKind.SIGNED, day, party=key) for key, day in zip(keys, days, strict=False)]
    if len(days) == 1:
        events = [Event(EventKind.SIGNED, days[0])]
    return facts(library[name], [*events, *recorded], on)


@pytest.mark.parametrize(
    ("name", "on", "starts", "ends"),
    [
        ("S0", date(2016, 6, 1), date(2016, 1, 8), date(2017, 1, 7)),
        ("S1", date(2017, 6, 1), None, date(2019, 12, 31)),
        ("S2", date(2023, 6, 1), date(2023, 3, 1), date(2024, 2, 29)),
        ("S3", date(2025, 2, 1), date(2024, 11, 14), date(2025, 11, 13)),
        ("S4", date(2022, 1, 1), date(2021, 10, 5), date(2022, 10, 4)),
    ],
)
def test_term_and_start(
    library: dict[str, Terms], name: str, on: date, starts: date | None, ends: date
) -> None:
    known = known_on(library, name, on)
    assert (known.state, known.starts, known.ends) == (State.IN_FORCE, starts, ends)


def test_the_start_of_the_fixed_term_is_read_from_the_title_or_from_the_signature(
    library: dict[str, Terms],
) -> None:
    found = {each.starts for each in known_on(library, "S1", date(2017, 6, 1)).readings}
    assert found == {date(2016, 1, 1), date(2016, 10, 13)}


@pytest.mark.parametrize(
    ("name", "on", "renewals"),
    [
        ("S0", date(2016, 6, 1), [("tacit", date(2017, 1, 8), date(2018, 1, 7))]),
        ("S1", date(2017, 6, 1), []),
        ("S2", date(2023, 6, 1), [("tacit", date(2024, 3, 1), None)]),
        ("S3", date(2025, 2, 1), [("tacit", date(2025, 11, 14), None)]),
        ("S4", date(2022, 1, 1), [("tacit", date(2022, 10, 5), None)]),
    ],
)
def test_renewal(
    library: dict[str, Terms], name: str, on: date, renewals: list[tuple[str, date, date | None]]
) -> None:
    known = known_on(library, name, on)
    assert [(row.mode, row.since, row.until) for row in known.renewals] == renewals
    unstated = any("1214" in remark.text for remark in known.warnings)
    assert unstated == any(until is None for _, _, until in renewals)


@pytest.mark.parametrize(
    ("name", "exits"),
    [
        ("S0", [("denunciation", "sending", "lrar"), ("denunciation", "receipt", "lrar")]),
        ("S1", [("grounds", "", "lrar")]),
        (
            "S2",
            [
                ("denunciation", "window", "lrar"),
                ("denunciation", "at_latest", "lrar"),
                ("immediate", "", None),
            ],
        ),
        ("S3", [("formal_notice", "", "lrar")]),
        ("S4", [("formal_notice", "", "lrar")]),
    ],
)
def test_exits(library: dict[str, Terms], name: str, exits: list[tuple[str, str, str | None]]) -> None:
    known = known_on(library, name, SIGNED[name][-1])
    assert [(row.kind, row.reading, row.form) for row in known.exits] == exits


@pytest.mark.parametrize("name", ["S3", "S4"])
def test_the_formal_notice_leaves_fifteen_days_from_its_sending(library: dict[str, Terms], name: str) -> None:
    sent = Event(EventKind.FORMAL_NOTICE_SENT, date(2025, 1, 10))
    known = known_on(library, name, date(2025, 1, 11), sent)
    assert [row.first_day for row in known.exits] == [date(2025, 1, 26)]


def test_a_renewed_framework_without_period_is_still_in_force_years_later(library: dict[str, Terms]) -> None:
    known = known_on(library, "S4", date(2025, 1, 1))
    assert (known.state, known.ends, known.anniversary) == (State.IN_FORCE, None, date(2025, 10, 5))


def test_the_fixed_term_ends_with_its_last_day(library: dict[str, Terms]) -> None:
    assert known_on(library, "S1", date(2019, 12, 31)).state is State.IN_FORCE
    assert known_on(library, "S1", date(2020, 1, 1)).state is State.ENDED
