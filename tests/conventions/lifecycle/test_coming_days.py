"""Last useful days, reminders, the time line, the calendar of what is coming, and why a date is what it is."""

from datetime import date

import pytest

from maillage.conventions.lifecycle.reminders import What, last_useful_days, reminders
from maillage.conventions.lifecycle.timeline import MilestoneKind, StretchKind, timeline, upcoming
from maillage.conventions.lifecycle.why import explain
from maillage.conventions.lifecycle.wording import BACKWARDS, STATED, TERMS
from maillage.conventions.terms.duration import AnniversaryDenunciation, Denunciation, Renewal
from maillage.core.calendar import Period
from tests.conventions.lifecycle.texts import S0, S1, S2, S3, Text, event, signed

SIGNED_S2 = signed(date(2023, 3, 1))
ON_S2 = date(2023, 6, 1)


def test_the_two_readings_of_a_window_have_two_last_useful_days() -> None:
    found = last_useful_days(S2, SIGNED_S2, ON_S2)
    assert [(useful.reading, useful.day, useful.then) for useful in found] == [
        ("at_latest", date(2023, 12, 1), date(2024, 3, 1)),
        ("window", date(2024, 2, 29), date(2024, 3, 1)),
    ]


def test_reminders_count_from_the_earliest_reading() -> None:
    assert [(one.due_on, one.threshold) for one in reminders(S2, SIGNED_S2, ON_S2)] == [
        (date(2023, 8, 3), 120),
        (date(2023, 9, 2), 90),
        (date(2023, 11, 1), 30),
    ]


def test_once_a_reading_is_retained_reminders_count_from_it() -> None:
    chosen = event("reading_retained", date(2023, 4, 1), clause="anniversary_denunciation", reading="window")
    assert reminders(S2, [*SIGNED_S2, chosen], ON_S2)[0].useful.day == date(2024, 2, 29)


def test_a_last_useful_day_that_has_passed_gives_way_to_the_next() -> None:
    found = last_useful_days(S2, SIGNED_S2, date(2024, 1, 15))
    assert {useful.reading: useful.day for useful in found} == {
        "window": date(2024, 2, 29),
        "at_latest": date(2024, 12, 1),
    }


def test_with_a_notice_the_last_useful_day_lets_it_end_with_the_term() -> None:
    (useful,) = last_useful_days(S0, signed(date(2016, 1, 8)), date(2016, 6, 1))
    assert (useful.day, useful.then, useful.what) == (date(2016, 11, 7), date(2017, 1, 8), What.RENEWS)
    text = Text(
        renewal=Renewal(article="2", mode="tacit", period=Period(months=12)),
        exits=(Denunciation(article="3", notice=Period(working_days=5), counted_from="sending"),),
    )
    (useful,) = last_useful_days(text, signed(date(2024, 5, 12)), date(2024, 6, 1))
    assert useful.day == date(2025, 5, 1)


def test_a_notice_in_months_and_days_is_not_announced_a_day_too_early() -> None:
    text = Text(
        renewal=Renewal(article="2", mode="tacit", period=Period(months=12)),
        exits=(Denunciation(article="3", notice=Period(months=1, days=1), counted_from="sending"),),
    )
    (useful,) = last_useful_days(text, signed(date(2024, 3, 31)), date(2024, 6, 1))
    assert useful.day == date(2025, 2, 28)


def test_without_denunciation_one_may_oppose_until_the_last_day_of_the_term() -> None:
    (useful,) = last_useful_days(S3, signed(date(2024, 11, 14)), date(2025, 2, 1))
    assert (useful.day, useful.article) == (date(2025, 11, 13), "9.2")


def test_a_fixed_term_is_announced_before_it_expires() -> None:
    (useful,) = last_useful_days(S1, signed(date(2016, 10, 13)), date(2018, 1, 1))
    assert (useful.day, useful.what) == (date(2019, 12, 31), What.EXPIRES)


@pytest.mark.parametrize("kind", ["renewal_opposed", "denunciation_sent", "ended_by_agreement"])
def test_once_the_end_is_decided_nothing_more_is_announced(kind: str) -> None:
    text = Text(
        renewal=Renewal(article="2", mode="tacit", period=Period(months=12)),
        exits=(Denunciation(article="3", notice=Period(months=2), counted_from="sending"),),
    )
    decided = event(kind, date(2024, 6, 1), effect=date(2024, 9, 1))
    assert reminders(text, [*signed(date(2024, 1, 1)), decided], date(2024, 6, 2)) == ()


def test_a_draft_and_an_ended_convention_announce_nothing() -> None:
    assert reminders(S3, [], date(2025, 1, 1)) == ()
    ended = [*signed(date(2023, 1, 1)), event("superseded", date(2023, 6, 1))]
    assert reminders(S3, ended, date(2024, 1, 1)) == ()


def test_what_is_coming_lists_both_readings_in_order() -> None:
    found = upcoming(S2, SIGNED_S2, ON_S2, date(2024, 12, 31))
    assert [(mark.on, mark.kind, mark.reading) for mark in found] == [
        (date(2023, 12, 1), MilestoneKind.LAST_USEFUL_DAY, "at_latest"),
        (date(2023, 12, 1), MilestoneKind.WINDOW_OPENS, "window"),
        (date(2024, 2, 29), MilestoneKind.END, ""),
        (date(2024, 2, 29), MilestoneKind.LAST_USEFUL_DAY, "window"),
        (date(2024, 3, 1), MilestoneKind.ANNIVERSARY, ""),
        (date(2024, 3, 1), MilestoneKind.RENEWAL, ""),
    ]
    assert upcoming(S2, SIGNED_S2, ON_S2, ON_S2) == ()


def test_a_time_line_shows_what_happened_the_terms_and_the_window() -> None:
    drawn = timeline(S2, [*SIGNED_S2, event("amended", date(2023, 5, 1))], ON_S2)
    assert [mark.label for mark in drawn.marks if mark.happened] == ["signature", "prise d'effet", "avenant"]
    assert [(span.kind, span.first, span.last) for span in drawn.spans] == [
        (StretchKind.TERM, date(2023, 3, 1), date(2024, 2, 29)),
        (StretchKind.PLANNED, date(2024, 3, 1), None),
        (StretchKind.WINDOW, date(2023, 12, 1), date(2024, 2, 29)),
    ]


def test_a_time_line_shows_the_notice_that_runs() -> None:
    events = [*signed(date(2016, 1, 8)), event("denunciation_sent", date(2016, 12, 31))]
    notices = [
        span for span in timeline(S0, events, date(2017, 1, 15)).spans if span.kind is StretchKind.NOTICE
    ]
    assert [(span.first, span.last, span.reading) for span in notices] == [
        (date(2016, 12, 31), date(2017, 2, 28), "sending")
    ]


def test_the_day_from_which_the_others_may_terminate_is_marked() -> None:
    events = [*signed(date(2024, 11, 1)), event("formal_notice_sent", date(2024, 11, 14))]
    marks = upcoming(S3, events, date(2024, 11, 20), date(2024, 12, 31))
    assert [mark.on for mark in marks if mark.kind is MilestoneKind.MAY_TERMINATE] == [date(2024, 11, 30)]


def test_a_date_is_explained_by_its_fact_its_rule_its_article_and_its_calendar() -> None:
    (reason,) = explain("ends", S3, signed(date(2024, 11, 14)), date(2025, 2, 1)).reasons
    assert reason.days == (date(2025, 11, 13),)
    assert reason.fact == "Prise d'effet le 14/11/2024."
    assert "1 an" in reason.rule
    assert (reason.article, reason.calendar) == ("9.1", TERMS)


def test_a_date_that_depends_on_the_reading_is_explained_for_each() -> None:
    start = explain("starts", S1, signed(date(2016, 10, 13)), date(2017, 1, 1))
    assert start.label == "Prise d'effet"
    assert [(reason.reading, reason.days[0]) for reason in start.reasons] == [
        ("title_period", date(2016, 1, 1)),
        ("last_signature", date(2016, 10, 13)),
    ]
    assert start.reasons[0].calendar == STATED
    way_out = explain("anniversary_denunciation", S2, SIGNED_S2, ON_S2)
    assert [(reason.reading, reason.days[:2]) for reason in way_out.reasons] == [
        ("window", (date(2023, 12, 1), date(2024, 2, 29))),
        ("at_latest", (None, date(2023, 12, 1))),
    ]
    assert {reason.calendar for reason in way_out.reasons} == {BACKWARDS}


def test_an_end_that_was_decided_is_explained_by_its_decision() -> None:
    events = [*SIGNED_S2, event("terminated", date(2023, 5, 5))]
    (reason,) = explain("ends", S2, events, ON_S2).reasons
    assert (reason.days, reason.article) == ((date(2023, 5, 4),), "9")
    assert reason.fact == "Résiliée, premier jour hors vigueur le 05/05/2023."


def test_a_renewed_term_without_period_says_why_its_end_is_unknown() -> None:
    (reason,) = explain("ends", S3, signed(date(2024, 11, 14)), date(2026, 2, 1)).reasons
    assert reason.days == (None,)
    assert "1214" in reason.rule


def test_an_unknown_date_name_is_refused() -> None:
    with pytest.raises(ValueError, match="inconnue"):
        explain("prescription", S3, [], date(2025, 1, 1))


def test_a_limit_in_the_text_before_the_term_is_explained_backwards() -> None:
    text = Text(
        exits=(
            AnniversaryDenunciation(
                article="3", before=Period(months=1), before_what="term", limit="at_latest"
            ),
        )
    )
    (reason,) = explain("anniversary_denunciation", text, signed(date(2024, 1, 1)), date(2024, 2, 1)).reasons
    assert "avant le terme" in reason.rule
    assert reason.days == (None, date(2024, 12, 1), date(2025, 1, 1))
