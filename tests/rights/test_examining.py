"""The caisse receives a file, asks for what is missing, gets it and decides: both clocks follow, each side learns its part."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.cases.models import Participation
from maillage.core.calendar import Period, add
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.rights.due import course_of, due_of, terms_for
from maillage.rights.examining import Asking
from maillage.rights.models import Application, ApplicationEvent, Piece, PieceRequest
from maillage.rights.queries import file_of
from maillage.rights.rules import Opened
from maillage.rights.states import State
from tests.days import today
from tests.referrals.world import READER, member
from tests.rights.world import ADVISER, PASS, Signed, act, read, receive, scan, send

RIGHT = Opened("ame", today(), today() + timedelta(days=364))
ASKED = ("identity", "form")


def asking(*keys: str, **changes: object) -> Asking:
    """A request for these pieces, or for two of them."""
    return replace(Asking(uuid7(), keys or ASKED), **changes)  # type: ignore[arg-type]  # the fields of that class


def ask(case: UUID, *keys: str, **changes: object) -> Application:
    return act("ask", case, asking=asking(*keys, **changes))


def due_days(case: UUID) -> Iterator[date | None]:
    """What the list of each side is sorted by: the caisse's, then the partner's."""
    for address in (ADVISER, PASS):
        with member(address):
            yield Participation.objects.get(case_id=case).due_on


def test_a_complete_urgent_ame_is_owed_in_ten_days(signed: Signed) -> None:
    case = send(signed, urgent=True, proof="certificat_medical")
    row = receive(case)
    assert (row.state, row.received_on, row.complete_on) == (State.COMPLETE, today(), today())
    assert row.promised_on == today() + timedelta(days=10)
    assert row.silence == "rejection"
    assert row.legal_on is not None
    assert row.legal_on >= add(today(), Period(months=2))
    assert list(due_days(case)) == [row.promised_on, None]


def test_a_file_that_was_not_complete_when_it_came_is_promised_nothing(signed: Signed) -> None:
    case = send(signed, "c2s")
    assert receive(case, is_complete=False).promised_on == today() + timedelta(
        days=31
    )  # until something misses
    row = ask(case, "tax", granted_days=20)
    assert (row.state, row.promised_on, row.legal_on, row.complete_on) == (State.INCOMPLETE, None, None, None)
    assert list(due_days(case)) == [None, today() + timedelta(days=20)]
    with member(ADVISER):
        assert Participation.objects.get(case_id=case).late_on is None
    act("answer", case, PASS, on=today())
    row = act("complete", case, on=today())
    # All of it happened today: what counts is the day, and the file was complete on that of its reception.
    assert (row.state, row.promised_on) == (State.COMPLETE, today() + timedelta(days=31))
    assert row.silence == "acceptance"


def test_the_stored_days_are_those_that_the_events_lead_to(signed: Signed) -> None:
    case = send(signed)
    receive(case, is_complete=False)
    ask(case, "identity", granted_days=15)
    act("answer", case, PASS, on=today())
    row = act("complete", case, on=today())
    with member(ADVISER) as adviser:
        events = {event.kind: event.day for event in ApplicationEvent.objects.filter(case_id=case)}
        found = course_of(
            events["received"],
            PieceRequest.objects.filter(case_id=case),
            complete=events["completed"],
        )
        counted = due_of(row, found, terms_for(adviser, row, on=events["received"]), on=today())
    assert counted.stored() == {
        "promised_on": row.promised_on,
        "legal_on": row.legal_on,
        "silence": row.silence,
        "alert_on": row.alert_on,
    }
    assert list(events) == ["handed_over", "sent", "received", "asked", "answered", "completed"]


def test_a_second_round_says_why_and_is_counted(signed: Signed) -> None:
    case = send(signed)
    receive(case, is_complete=False)
    ask(case, "identity")
    act("answer", case, PASS, on=today())
    with pytest.raises(Refused) as refused:
        ask(case, "form")
    assert refused.value.field == "again"
    ask(case, "form", again="unreadable", words="La signature manque.")
    with member(ADVISER) as adviser:
        found = file_of(adviser, case)
    assert [(row.number, row.again) for row in found.requests] == [(1, ""), (2, "unreadable")]
    assert found.asked[found.requests[1].id] == "La signature manque."


def test_pieces_are_asked_all_at_once(signed: Signed) -> None:
    case = send(signed)
    receive(case, is_complete=False)
    ask(case, "identity")
    with pytest.raises(TransitionRefused):
        ask(case, "form", again="appeared")


def test_a_request_for_what_is_not_indispensable_suspends_nothing(signed: Signed) -> None:
    case = send(signed)
    before = receive(case)
    after = ask(case, "photos", granted_days=8)
    assert (after.state, after.legal_on, after.promised_on) == (
        State.COMPLETE,
        before.legal_on,
        before.promised_on,
    )
    assert list(due_days(case)) == [before.promised_on, today() + timedelta(days=8)]
    act("answer", case, PASS, on=today())
    assert list(due_days(case)) == [before.promised_on, None]


def test_the_same_form_asks_once(signed: Signed) -> None:
    case = send(signed)
    receive(case, is_complete=False)
    same = asking("identity")
    act("ask", case, asking=same)
    act("ask", case, asking=same)
    with member(ADVISER):
        assert PieceRequest.objects.filter(case_id=case).count() == 1
        assert Message.objects.filter(kind="application_asked").count() == 0  # it is the partner's to read
    with member(PASS):
        assert Message.objects.filter(kind="application_asked").count() == 1


def test_the_partner_adds_what_was_asked_and_both_read_it(signed: Signed) -> None:
    case = send(signed)
    receive(case, is_complete=False)
    ask(case, "identity")
    sent = scan("identity")
    act("add_piece", case, PASS, scanned=sent)
    act("add_piece", case, PASS, scanned=sent)
    for address in (PASS, ADVISER):
        with member(address):
            rows = list(Piece.objects.filter(case_id=case, id=sent.piece_id).select_related("document"))
            assert len(rows) == 1
            assert rows[0].document.size > 0


def test_days_that_cannot_follow_each_other_are_refused_at_their_field(signed: Signed) -> None:
    case, before, ahead = send(signed), today() - timedelta(days=1), today() + timedelta(days=1)
    for day in (before, ahead):
        with pytest.raises(Refused) as refused:
            act("receive", case, on=day, is_complete=False)
        assert refused.value.field == "on"
    receive(case, is_complete=False)
    for verb, said in (
        ("complete", {"on": before}),
        ("refuse", {"on": ahead, "reason": "resources", "words": ""}),
    ):
        with pytest.raises(Refused) as refused:
            act(verb, case, **said)
        assert refused.value.field == "on", verb


def test_a_right_is_opened_and_its_partner_told(signed: Signed) -> None:
    case = send(signed)
    receive(case)
    row = act(
        "grant", case, opened=replace(RIGHT, covers_since=today() - timedelta(days=20)), on=today(), words=""
    )
    assert (row.state, row.opened, row.opens_on, row.by_silence) == (State.GRANTED, "ame", today(), False)
    assert row.covers_on == today() - timedelta(days=20)
    assert list(due_days(case)) == [None, None]
    with member(PASS) as worker:
        assert [event.kind for event in file_of(worker, case).events][-1] == "granted"
        assert Message.objects.filter(kind="application_granted").count() == 1


def test_a_refusal_says_its_reason_and_its_words_come_back(signed: Signed) -> None:
    case = send(signed)
    receive(case, is_complete=False)
    with pytest.raises(Refused) as refused:
        act("refuse", case, reason="other", on=today(), words=" ")
    assert refused.value.field == "words"
    act("refuse", case, reason="other", on=today(), words="Déjà servie par la MSA.")
    with member(PASS) as worker:
        found = file_of(worker, case)
    assert (found.application.end_reason, found.words) == ("other", "Déjà servie par la MSA.")


def test_nothing_is_granted_before_the_file_is_complete(signed: Signed) -> None:
    case = send(signed)
    receive(case, is_complete=False)
    with pytest.raises(TransitionRefused):
        act("grant", case, opened=RIGHT, on=today(), words="")


def test_the_person_is_told_once_after_the_decision(signed: Signed) -> None:
    case = send(signed)
    receive(case)
    with pytest.raises(TransitionRefused):
        act("notify", case, how="letter", on=today())
    act("grant", case, opened=RIGHT, on=today(), words="")
    row = act("notify", case, how="letter", on=today())
    assert (row.notified_on, row.notified_how) == (today(), "letter")
    with pytest.raises(TransitionRefused):
        act("notify", case, how="sms", on=today())


def test_the_partner_withdraws_and_nobody_decides_any_more(signed: Signed) -> None:
    case = send(signed)
    receive(case)
    act("withdraw", case, PASS, reason="covered")
    assert read(case).state == State.WITHDRAWN
    with pytest.raises(TransitionRefused):
        act("refuse", case, reason="resources", on=today(), words="")
    with pytest.raises(Refused):
        act("add_piece", case, PASS, scanned=scan("identity"))


def test_what_was_sent_by_error_is_taken_back_before_it_is_examined(signed: Signed) -> None:
    case = send(signed)
    assert act("cancel", case, PASS, reason="wrong_person").state == State.CANCELLED
    other = send(signed, "c2s")
    receive(other)
    with pytest.raises(TransitionRefused):
        act("cancel", other, PASS, reason="wrong_person")


@pytest.mark.parametrize(
    ("address", "verb", "said"),
    [
        (PASS, "receive", {"on": today(), "is_complete": True}),
        (PASS, "refuse", {"reason": "resources", "on": today(), "words": ""}),
        (ADVISER, "withdraw", {"reason": "covered"}),
        (READER, "receive", {"on": today(), "is_complete": True}),
    ],
)
def test_each_side_takes_its_own_steps_only(
    signed: Signed, address: str, verb: str, said: dict[str, Any]
) -> None:
    case = send(signed)
    with pytest.raises(PermissionDenied):
        act(verb, case, address, **said)


def test_whoever_acts_follows_the_case(signed: Signed) -> None:
    case = send(signed)
    receive(case)
    with member(ADVISER) as adviser:
        assert file_of(adviser, case).opened_as == "worked"
