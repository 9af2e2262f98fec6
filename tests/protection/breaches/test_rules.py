"""Whom a text tells, within how long, who decides, and what a decision needs. The clocks run by the hour."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.conventions.terms.flows import Roles
from maillage.conventions.terms.protection import BreachStart
from maillage.core.calendar import Period
from maillage.protection.breaches.rules import (
    Decision,
    Duty,
    EntryKind,
    authority_due,
    controllers,
    deciders,
    decision_faults,
    due_at,
    duties,
    instant_of,
    is_late,
    joint_controllers,
    missing,
    noticed_fault,
    number_fault,
    unfiled,
)

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
NOTICED = datetime(2026, 3, 28, 17, 30, tzinfo=UTC)


def asked(terms: Terms, debtor: str, noticed: datetime = NOTICED) -> tuple[Duty, ...]:
    return duties(terms, debtor, noticed=noticed, zone=PARIS, departement="42")


def s3() -> Terms:
    return library.load("ccas_montbrison_2024")


def test_the_parties_of_the_ccas_convention_tell_each_other_within_24_hours() -> None:
    for mine, others in (("ccas", ("carsat", "cpam")), ("cpam", ("carsat", "ccas"))):
        found = asked(s3(), mine)
        assert tuple(duty.addressee for duty in found) == others
        assert {(str(duty.within), duty.start, duty.article, duty.mutual) for duty in found} == {
            ("24h", BreachStart.SUSPICION, "article 6", True)
        }
    assert deciders(s3()) == controllers(s3()) == {"cpam", "carsat", "ccas"}


def test_a_hospital_tells_the_officer_of_its_caisse_within_48_hours_and_the_caisse_decides() -> None:
    text = library.load("hopital_pass_modele")
    (duty,) = asked(text, "hospital")
    assert (duty.addressee, str(duty.within), duty.to_dpo, duty.article) == (
        "cpam",
        "48h",
        True,
        "annexe 1-8",
    )
    assert asked(text, "cpam") == ()
    assert deciders(text) == {"cpam"}
    assert controllers(text) == {"cnam", "cpam"}


def test_a_local_structure_of_the_croix_rouge_tells_its_caisse_within_48_hours() -> None:
    text = library.load("croix_rouge_cadre_2021").local_template
    assert text is not None
    (duty,) = asked(text, "croix_rouge")
    assert (duty.addressee, str(duty.within)) == ("cpam", "48h")


def test_a_text_that_says_nothing_asks_nothing_and_a_processor_still_tells_the_controllers() -> None:
    assert asked(library.load("cnsa_2016_2019"), "cnsa") == ()
    text = library.load("hopital_pass_modele")
    blank = library.load("cnsa_2016_2019").protection[0].breach
    silent = text.model_copy(
        update={"protection": tuple(one.model_copy(update={"breach": blank}) for one in text.protection)}
    )
    found = asked(silent, "hospital")
    assert {(duty.addressee, duty.within, duty.article) for duty in found} == {
        ("cnam", None, "RGPD, article 33.2"),
        ("cpam", None, "RGPD, article 33.2"),
    }
    assert found[0].asked == blank.asked  # type: ignore[union-attr]  # a blank


def test_the_shortest_of_two_regimes_counts() -> None:
    text = s3()
    known = text.protection[1]
    longer = known.model_copy(
        update={"key": "autre", "breach": known.breach.model_copy(update={"within": Period(hours=72)})}
    )
    for order in ((longer, known), (known, longer)):
        found = asked(text.model_copy(update={"protection": order}), "ccas")
        assert {str(duty.within) for duty in found} == {"24h"}


def test_of_two_delays_the_one_that_ends_first_counts_whatever_its_length() -> None:
    """From a Friday three working days end after four days."""
    text = s3()
    known = text.protection[1]
    spans = (Period(working_days=3), Period(days=4))
    working, days = (
        known.model_copy(update={"key": key, "breach": known.breach.model_copy(update={"within": within})})
        for key, within in zip(("ouvres", "jours"), spans, strict=True)
    )
    friday, monday = datetime(2026, 11, 27, 10, tzinfo=UTC), datetime(2026, 11, 23, 10, tzinfo=UTC)
    for order in ((working, days), (days, working)):
        terms = text.model_copy(update={"protection": order})
        assert {one.within for one in asked(terms, "ccas", friday)} == {Period(days=4)}
        assert {one.within for one in asked(terms, "ccas", monday)} == {Period(working_days=3)}


def test_hours_run_through_the_night_when_clocks_go_forward() -> None:
    due = due_at(NOTICED, Period(hours=24), zone=PARIS, departement="42")
    assert due == datetime(2026, 3, 29, 17, 30, tzinfo=UTC)
    assert due.astimezone(PARIS).hour == 19  # half past six the day before: the clock went forward
    assert authority_due(NOTICED) - NOTICED == timedelta(hours=72)


def test_days_end_at_midnight_where_the_caisse_is() -> None:
    for zone, expected in (
        (PARIS, datetime(2026, 3, 30, 22, 0, tzinfo=UTC)),
        (REUNION, datetime(2026, 3, 30, 20, 0, tzinfo=UTC)),
    ):
        assert due_at(NOTICED, Period(days=2), zone=zone, departement="42") == expected
    working = due_at(NOTICED, Period(working_days=2), zone=PARIS, departement="42")
    assert working == datetime(2026, 3, 31, 22, 0, tzinfo=UTC)  # noticed on a Saturday: Monday, Tuesday
    assert due_at(NOTICED, None, zone=PARIS, departement="42") is None


@given(
    st.integers(0, 25 * 366 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    st.integers(1, 200),
    st.sampled_from([PARIS, REUNION]),
)
def test_hours_are_hours_whatever_the_day(noticed: datetime, hours: int, zone: ZoneInfo) -> None:
    due = due_at(noticed.astimezone(zone), Period(hours=hours), zone=zone, departement="42")
    assert due is not None
    assert due - noticed == timedelta(hours=hours)


def test_an_hour_that_the_clock_skips_is_refused_and_one_that_it_shows_twice_is_the_first() -> None:
    assert instant_of(date(2026, 3, 29), time(2, 30), PARIS) is None
    assert instant_of(date(2026, 10, 25), time(2, 30), PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("noticed", "words"),
    [
        (None, "n’a pas existé"),
        (NOTICED + timedelta(minutes=1), "dans le futur"),
        (NOTICED - timedelta(days=8000), "trop ancien"),
    ],
)
def test_an_instant_that_cannot_be_is_said(noticed: datetime | None, words: str) -> None:
    fault = noticed_fault(noticed, NOTICED)
    assert fault is not None
    assert words in fault.message
    assert noticed_fault(NOTICED, NOTICED) is None


def test_numbers_are_bounded() -> None:
    assert number_fault(None, "people") is None
    assert number_fault(0, "people") is None
    assert number_fault(-1, "people") is not None
    assert number_fault(10_000_001, "records") is not None


TEXTS = {
    "reason": "",
    "consequences": "Une.",
    "measures": "Une.",
    "authority_reason": "",
    "persons_reason": "",
}


def fields(said: Decision, **texts: str) -> set[str | None]:
    return {fault.field for fault in decision_faults(said, {**TEXTS, **texts}) if fault}


def test_a_decision_says_why_nobody_is_told() -> None:
    told = Decision(is_breach=True, tells_authority=True, tells_persons=True)
    assert fields(told) == set()
    assert fields(told, measures="") == {"measures"}
    silent = replace(told, tells_authority=False, tells_persons=False)
    assert fields(silent) == {"authority_reason", "persons_reason"}
    assert fields(silent, authority_reason="Sans risque.", persons_reason="Sans risque élevé.") == set()
    none = Decision(is_breach=False, tells_authority=False, tells_persons=False)
    assert fields(none) == {"reason"}
    assert fields(replace(none, tells_authority=True), reason="Un essai.") == {"is_breach"}


def test_what_was_decided_and_is_not_done_keeps_the_file_open() -> None:
    told = Decision(is_breach=True, tells_authority=True, tells_persons=True)
    assert len(missing(told, [])) == 2
    assert missing(told, [EntryKind.FILED]) == ("l’information des personnes",)
    assert missing(told, ["filed", "persons_told"]) == ()
    assert missing(replace(told, tells_authority=False), ["persons_told"]) == ()
    assert missing(told, ["filed", "persons_told"], ["CCAS", "CARSAT"]) == (
        "la notification à la CNIL par CCAS, par CARSAT",
    )
    assert missing(replace(told, tells_authority=False), ["persons_told"], ["CCAS"]) == ()


def test_each_controller_notifies_for_itself_unless_they_answer_together() -> None:
    assert unfiled("abc", "a", ()) == ("b", "c")
    assert unfiled("abc", "a", ("ab",)) == ("c",)
    assert unfiled("abc", "", ("abc",)) == ("a", "b", "c")
    assert unfiled("", "", ()) == ()
    text = s3()
    assert joint_controllers(text) == ()
    regime = text.protection[1]
    together = regime.model_copy(update={"roles": Roles(controllers=("ccas", "cpam"), joint=True)})
    assert joint_controllers(text.model_copy(update={"protection": (together,)})) == (
        frozenset({"ccas", "cpam"}),
    )
    apart = regime.model_copy(update={"key": "autre", "roles": Roles(controllers=("ccas",))})
    both = text.model_copy(update={"protection": (together, apart)})
    assert joint_controllers(both) == (frozenset({"cpam"}),), "answering apart once, one notifies for oneself"


def test_a_notice_to_the_authority_is_late_after_72_hours() -> None:
    assert not is_late(NOTICED + timedelta(hours=72), NOTICED)
    assert is_late(NOTICED + timedelta(hours=72, seconds=1), NOTICED)
