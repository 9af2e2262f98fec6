"""What follows under each reading, what an end closes, and the reasons of dates in their own words."""

from datetime import date

import pytest
from hypothesis import given

from maillage.conventions.lifecycle.events import Event
from maillage.conventions.lifecycle.facts import Outlook
from maillage.conventions.lifecycle.reminders import last_useful_days
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import State
from maillage.conventions.lifecycle.timeline import MilestoneKind, StretchKind, timeline, upcoming
from maillage.conventions.lifecycle.why import explain
from maillage.conventions.lifecycle.wording import BACKWARDS, SAME_DAY, STATED, TERMS
from tests.conventions.lifecycle.test_properties import DAYS, HISTORIES, SLOW, TEXTS
from tests.conventions.lifecycle.texts import S0, S2, S3, Text, event, signed

TODAY = date(2026, 11, 25)
PASS = [*signed(TODAY), event("denunciation_sent", TODAY)]
SIGNED_S3 = signed(date(2024, 11, 14))
AGREED = event("ended_by_agreement", TODAY)


def test_a_denunciation_that_one_reading_alone_admits_is_told_reading_by_reading() -> None:
    known = facts(S2, PASS, TODAY)
    assert (known.state, known.ends, known.readings) == (State.IN_FORCE, date(2027, 11, 24), ())
    assert {(one.reading, one.out, one.renews) for one in known.outlooks} == {
        ("window", None, date(2027, 11, 25)),
        ("at_latest", date(2027, 11, 25), None),
    }
    (flag,) = [remark.text for remark in known.warnings if "hors de la fenêtre" in remark.text]
    assert flag.startswith("Selon « dénonciation dans la période de 3 mois avant la date anniversaire » : ")


def test_where_readings_agree_on_what_follows_nothing_is_told_apart() -> None:
    assert facts(S3, SIGNED_S3, TODAY).outlooks == ()
    retained = event("reading_retained", TODAY, clause="anniversary_denunciation", reading="at_latest")
    assert facts(S2, [*PASS, retained], TODAY).outlooks == ()


@SLOW
@given(TEXTS, HISTORIES, DAYS)
def test_outlooks_hold_the_end_that_is_told_and_disagree(text: Text, events: list[Event], on: date) -> None:
    known = facts(text, events, on)
    if known.outlooks:
        assert known.out_from == min((one.out for one in known.outlooks if one.out), default=None)
        assert len({(one.out, one.renews) for one in known.outlooks}) > 1
        assert all(isinstance(one, Outlook) and one.reading for one in known.outlooks)


@SLOW
@given(TEXTS, HISTORIES, DAYS)
def test_an_ended_convention_has_no_way_out_left_and_no_anniversary(
    text: Text, events: list[Event], on: date
) -> None:
    for each in facts(text, events, on).each():
        if each.state is State.ENDED:
            assert each.anniversary is None
            assert all(row.effect is not None for row in each.exits)


def test_the_end_closes_a_notice_that_runs() -> None:
    events = [*SIGNED_S3, event("formal_notice_sent", date(2026, 11, 20))]
    assert facts(S3, events, TODAY).exits[0].first_day == date(2026, 12, 6)
    known = facts(S3, [*events, AGREED], TODAY)
    assert (known.exits, known.anniversary) == ((), None)
    assert not any("Mise en demeure" in remark.text for remark in known.warnings)
    assert not [
        mark
        for mark in timeline(S3, [*events, AGREED], TODAY).marks
        if mark.kind is MilestoneKind.MAY_TERMINATE
    ]


def test_an_end_to_come_closes_what_would_open_after_it() -> None:
    events = [*SIGNED_S3, event("formal_notice_sent", date(2026, 11, 20))]
    agreed = event("ended_by_agreement", TODAY, effect=date(2026, 12, 1))
    assert [row.first_day for row in facts(S3, [*events, agreed], TODAY).exits] == [None]


def test_a_term_is_counted_from_its_first_day() -> None:
    (reason,) = explain("ends", S2, signed(TODAY), TODAY).reasons
    assert (reason.days, reason.calendar) == ((date(2027, 11, 24),), TERMS)
    (anniversary,) = explain("anniversary", S2, signed(TODAY), TODAY).reasons
    assert anniversary.calendar == SAME_DAY


def test_a_last_useful_day_says_its_delay_and_its_clause() -> None:
    first = last_useful_days(S2, signed(TODAY), TODAY)[0]
    assert (first.day, first.calendar, first.article) == (date(2027, 8, 25), BACKWARDS, "9")
    assert first.rule == "Dénonciation : au plus tard 3 mois avant l'anniversaire."


def test_an_end_by_agreement_is_not_explained_by_a_clause_of_the_text() -> None:
    (reason,) = explain("ends", S3, [*SIGNED_S3, AGREED], TODAY).reasons
    assert (reason.article, reason.calendar) == ("", STATED)
    assert reason.fact == "Fin d'un commun accord du 25/11/2026, premier jour hors vigueur le 25/11/2026."


def test_a_reading_without_renewal_says_that_there_is_none() -> None:
    reasons = explain("renewal", S0, signed(date(2016, 1, 8)), TODAY).reasons
    assert {one.reading: one.none for one in reasons} == {
        "once": "aucun, puisqu'elle a pris fin le 07/01/2018",
        "each_time": "",
    }


def test_what_all_readings_share_is_not_told_as_one_readings() -> None:
    drawn = timeline(S2, signed(TODAY), TODAY)
    assert {span.reading for span in drawn.spans if span.kind is StretchKind.TERM} == {""}
    retained = event("reading_retained", TODAY, clause="anniversary_denunciation", reading="at_latest")
    drawn = timeline(S2, [*PASS, retained], TODAY)
    assert {one.reading for one in drawn.marks} | {one.reading for one in drawn.spans} == {""}


def test_one_fact_is_one_mark() -> None:
    events = [*SIGNED_S3, event("renewed", date(2025, 11, 14))]
    marks = [mark for mark in timeline(S3, events, TODAY).marks if mark.on == date(2025, 11, 14)]
    assert [(mark.kind, mark.label) for mark in marks] == [
        (MilestoneKind.RENEWAL, "tacite reconduction, constatée")
    ]


@pytest.mark.parametrize(("today", "days"), [(False, 0), (True, 1)])
def test_what_comes_is_judged_as_of_today_and_may_include_it(today: bool, days: int) -> None:
    found = upcoming(S2, signed(TODAY), TODAY, date(2026, 12, 31), today=today)
    assert [mark.kind for mark in found] == [MilestoneKind.START] * days
    assert upcoming(S2, signed(TODAY), TODAY, date(2027, 12, 31), today=today)


def test_remarks_call_the_parties_by_their_names() -> None:
    signature = event("signed", TODAY, party="cpam")
    known = facts(S2, [signature], TODAY, names={"hopital": "CH d’Exemple"})
    assert "Signature attendue : CH d’Exemple, carsat." in [remark.text for remark in known.warnings]
