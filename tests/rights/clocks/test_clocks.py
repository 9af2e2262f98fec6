"""What each clock says in the cases that the texts and the law make: worked by hand, each with its source."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.rights.clocks.course import Course, Request, WrongCourse, course
from maillage.rights.clocks.explaining import steps
from maillage.rights.clocks.law import Legal, Silence, legal, rule_for, rules
from maillage.rights.clocks.promise import Promise, Promised, State, promise_of, promised

S2 = library.load("hopital_pass_modele")
DAY = date(2024, 11, 14)
MUCH_LATER = date(2030, 1, 1)


def owed(
    right: str, found: Course, *, urgent: bool = False, on: date = MUCH_LATER, at: str = "42"
) -> Promised:
    return promised(promise_of(S2, right, urgent=urgent), found, on=on, departement=at)


def law(right: str, found: Course, at: str = "42") -> Legal:
    return legal(rule_for(right, found.received), found, departement=at)


# Worked with a calendar: the day of the event does not count; the promise never rolls, the law does (CPC 641, 642).
@pytest.mark.parametrize(
    ("right", "urgent", "received", "due"),
    [
        ("c2s", False, "2024-11-14", "2024-12-15"),  # a Sunday
        ("c2s", False, "2025-03-31", "2025-05-01"),  # a holiday
        ("c2s", False, "2025-03-18", "2025-04-18"),
        ("ame", False, "2024-02-01", "2024-03-02"),  # over 29 February
        ("ame", True, "2025-08-05", "2025-08-15"),
    ],
)
def test_a_promise_is_counted_strictly(right: str, urgent: bool, received: str, due: str) -> None:
    found = owed(right, course(received=date.fromisoformat(received)), urgent=urgent)
    assert (found.due, found.article) == (date.fromisoformat(due), "4.1")


@pytest.mark.parametrize(
    ("received", "at", "due"),
    [
        ("2024-12-31", "42", "2025-02-28"),  # no 31 February
        ("2025-03-01", "42", "2025-05-02"),  # 1 May
        ("2025-02-18", "67", "2025-04-22"),  # Good Friday, then Easter, on the Rhine alone
        ("2025-02-18", "42", "2025-04-18"),
        ("2025-03-27", "971", "2025-05-28"),  # abolition in Guadeloupe
        ("2025-03-27", "974", "2025-05-27"),
    ],
)
def test_the_law_is_put_off_to_a_day_on_which_somebody_works(received: str, at: str, due: str) -> None:
    found = law("c2s", course(received=date.fromisoformat(received)), at)
    assert (found.due, found.silence) == (date.fromisoformat(due), Silence.ACCEPTANCE)
    assert "R861-16-1" in found.source


def test_a_file_completed_after_its_reception_has_no_promise_and_a_usual_practice() -> None:
    """S2 art. 4.1: « si le dossier est complet à réception »."""
    for found in (
        course(received=DAY, complete=date(2024, 11, 20)),
        course(received=DAY, requests=(Request(date(2024, 11, 15), 10, date(2024, 11, 20)),)),
    ):
        said = owed("c2s", found)
        assert (said.due, said.state) == (None, State.NONE)
        (usual,) = said.readings
        assert (usual.reading.name, usual.due, usual.reading.binds) == (
            "usual_practice",
            date(2024, 12, 21),
            False,
        )
    waiting = owed("c2s", course(received=DAY, requests=(Request(date(2024, 11, 15)),)))
    assert [one.due for one in waiting.readings] == [None]


def test_an_urgent_request_has_two_readings_and_the_earlier_binds() -> None:
    said = owed("ame", course(received=DAY, complete=date(2024, 11, 18)), urgent=True)
    assert {one.reading.name: one.due for one in said.readings} == {
        "reception": date(2024, 11, 24),
        "complete_reception": date(2024, 11, 28),
    }
    assert said.due == date(2024, 11, 24)


def test_a_mean_binds_nobody_and_a_right_without_a_number_promises_nothing() -> None:
    found = course(received=DAY)
    mean = owed("carte_vitale", found)
    assert (mean.due, mean.state, [one.due for one in mean.readings]) == (
        None,
        State.INFORMATIVE,
        [date(2024, 12, 3)],
    )
    assert owed("puma", found) == Promised(None, "4.1", State.NONE)
    assert owed("medecin_traitant", found) == Promised(None, "", State.NONE)
    assert promise_of(library.load("ccas_montbrison_2024"), "c2s") == Promise()


def test_a_promise_runs_is_kept_missed_or_late() -> None:
    due = date(2024, 12, 15)
    states = [
        (None, due, State.RUNNING),
        (None, date(2024, 12, 16), State.LATE),
        (due, date(2024, 12, 20), State.KEPT),
        (date(2024, 12, 16), date(2024, 12, 20), State.MISSED),
        (date(2024, 12, 20), date(2024, 12, 16), State.LATE),  # what is decided later is not yet
    ]
    for decided, on, state in states:
        assert owed("c2s", course(received=DAY, decided=decided), on=on).state is state, (decided, on)


# CRPA L114-5: an implicit acceptance counts from the day when all has come; an implicit rejection stands still meanwhile.
@pytest.mark.parametrize(
    ("requests", "c2s", "ame", "stopped"),
    [
        ([], "2025-01-14", "2025-01-14", 0),
        (
            [("2024-11-20", 15, "2024-12-02")],
            "2025-02-03",
            "2025-01-27",
            12,
        ),  # 2 February and 26 January are Sundays
        (
            [("2024-11-20", 5, "2024-12-02")],
            "2025-02-03",
            "2025-01-20",
            5,
        ),  # the delay given ends first; the 19th, a Sunday
        ([("2024-11-20", None, "2024-12-02")], "2025-02-03", "2025-01-27", 12),
        ([("2024-11-20", 15, None)], None, "2025-01-29", 15),
        ([("2024-11-20", None, None)], None, None, 0),
        (
            [("2024-11-14", 10, "2024-11-18")],
            "2025-01-20",
            "2025-01-17",
            3,
        ),  # the day of reception never counted
        ([("2024-11-20", 10, "2024-11-25"), ("2024-12-02", 10, "2024-12-05")], "2025-02-05", "2025-01-22", 8),
        (
            [("2024-11-20", 10, "2024-11-30"), ("2024-11-25", 10, "2024-12-02")],
            "2025-02-03",
            "2025-01-27",
            12,
        ),  # two at once
        ([("2025-01-20", 30, "2025-01-25")], "2025-03-25", "2025-01-14", 0),  # silence had spoken
    ],
)
def test_pieces_asked_move_the_law(requests: Any, c2s: str | None, ame: str | None, stopped: int) -> None:
    days = [
        (date.fromisoformat(asked), granted, came and date.fromisoformat(came))
        for asked, granted, came in requests
    ]
    found = course(received=DAY, requests=tuple(Request(*each) for each in days))
    accepted, refused = law("c2s", found), law("ame", found)
    assert (accepted.due, accepted.silence) == (c2s and date.fromisoformat(c2s), Silence.ACCEPTANCE)
    assert (refused.due, refused.silence, refused.suspended) == (
        ame and date.fromisoformat(ame),
        Silence.REJECTION,
        stopped,
    )


def test_pieces_that_are_not_indispensable_stop_nothing() -> None:
    """CRPA L114-5-1."""
    found = course(
        received=DAY, requests=(Request(date(2024, 11, 20), 15, date(2024, 12, 2), indispensable=False),)
    )
    bare = course(received=DAY)
    assert found.complete_at_reception
    for right in ("c2s", "ame"):
        assert law(right, found) == law(right, bare)
        assert owed(right, found) == owed(right, bare)


def test_the_law_says_its_source_and_no_date_where_it_gives_none() -> None:
    for right in ("puma", "carte_vitale"):
        found = law(right, course(received=DAY))
        assert (found.due, found.silence) == (None, None)
        assert found.source
    with pytest.raises(KeyError):
        rule_for("médecin", DAY)
    assert {rule.right for rule in rules()} == {"c2s", "ame", "puma", "carte_vitale", "medecin_traitant"}


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("complete", {"complete": date(2024, 11, 13)}),
        ("decided", {"decided": date(2024, 11, 13)}),
        ("asked", {"requests": (Request(date(2024, 11, 13)),)}),
        ("asked", {"requests": (Request(date(2024, 11, 20)), Request(date(2024, 11, 19)))}),
        ("answered", {"requests": (Request(date(2024, 11, 20), 3, date(2024, 11, 19)),)}),
        ("granted", {"requests": (Request(date(2024, 11, 20), 0),)}),
        ("granted", {"requests": (Request(date(2024, 11, 20), 367),)}),
    ],
)
def test_facts_that_cannot_follow_each_other_are_refused_at_their_field(
    field: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(WrongCourse) as refused:
        course(received=DAY, **facts)
    assert refused.value.field == field


DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))


@given(DAYS, st.integers(0, 90), st.sampled_from(["c2s", "ame"]))
def test_each_date_is_explained_and_never_comes_before_its_facts(
    received: date, later: int, right: str
) -> None:
    complete = date.fromordinal(received.toordinal() + later)
    found = course(received=received, complete=complete)
    said, rule = owed(right, found), rule_for(right, received)
    promise, legally = promise_of(S2, right), law(right, found)
    told = steps(found, promise, said, rule, legally)
    assert [step.on for step in told] == sorted(step.on for step in told)
    assert legally.due is not None
    assert legally.strict is not None
    assert received < legally.strict <= legally.due
    shown = {step.on: step for step in told if step.what.startswith("Terme")}
    assert legally.due in shown
    assert said.due is None or said.due in shown
    assert (said.due is None) == (later > 0)
