"""An agent lent, permanences, appointments: who does what, what is refused and why, what the other side learns."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from django.db.models import Q

from maillage.cases.following import running
from maillage.cases.models import Authorisation, Participation
from maillage.core.calendar import DAY
from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.secondments import actions
from maillage.secondments.actions import Arrangement
from maillage.secondments.agenda import NotFollowed, agenda, appointment_of, file_of
from maillage.secondments.models import Secondment
from maillage.secondments.queries import counts, known, openings, reasons
from maillage.secondments.rules import Slot, Weekly, Worry
from maillage.secondments.states import State
from maillage.secondments.tasks import tell_unattended
from maillage.web.presentation.dates import PARIS
from tests.leaving import end_at_once
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    PERSON,
    STRANGER,
    WORKER,
    member,
    organisation,
    sign_convention,
)
from tests.secondments.world import OFFICER, Lent, act, book, booking, sign, user
from tests.secondments.world import text as local_text


def kinds(short_name: str) -> list[str]:
    """What stands in an organisation's box."""
    with member(WORKER if short_name == "CCAS" else ADVISER):
        return sorted(Message.objects.values_list("kind", flat=True))


def test_a_secondment_stands_on_a_clause_of_a_convention_in_force(lent: Lent) -> None:
    with member(WORKER) as worker:
        found = known(worker, lent.secondment, at=now())
        assert (found.row.article, found.row.time_zone, found.row.departement) == ("9", "Europe/Paris", "42")
        assert found.agent == "Dominique Exemple"
        assert reasons(worker, found.row, at=now())["acces_droits"].startswith(
            "Dispositifs d'accès aux droits"
        )
        assert "agent_delegue" not in reasons(worker, found.row, at=now())
        assert "bilan_sante" not in reasons(worker, found.row, at=now())  # an option that was not retained
        assert "services_croix_rouge" not in reasons(worker, found.row, at=now())  # the host's own
    with member(OFFICER) as officer:
        (opening,) = openings(officer, at=now())
        assert (opening.host, opening.article) == ("CCAS de Montbrison", "9")


def test_a_convention_that_does_not_provide_for_it_lends_nobody(db: None) -> None:
    signed = sign_convention()  # the CCAS's own: an open flow, no such clause
    with member(OFFICER) as officer:
        assert openings(officer, at=now()) == []
        arrangement = Arrangement(user(ADVISER), "Bureau", today(PARIS))
        with pytest.raises(Refused) as refused:
            actions.set_up(
                new_id=uuid7(),
                authorisation=signed.authorisation().id,
                arrangement=arrangement,
                by=officer,
                at=now(),
            )
    assert refused.value.field == "authorisation"


def test_a_convention_not_in_force_yet_lends_nobody(db: None) -> None:
    lent = Lent(sign(local_text()), uuid7())
    with member(OFFICER) as officer:
        assert openings(officer, at=now()) == []
    lent.publish(now() - DAY)
    with member(OFFICER) as officer:
        assert openings(officer, at=now()) == []


@pytest.mark.parametrize(
    ("changes", "field"), [({"agent": WORKER}, "agent"), ({"place": "  "}, "place"), ({"until": -1}, "until")]
)
def test_what_cannot_be_set_up_is_said_at_its_field(
    lent: Lent, changes: dict[str, object], field: str
) -> None:
    on = today(PARIS)
    usual = {"agent": ADVISER, "place": "Bureau", "since": on} | changes
    if "until" in usual:
        usual["until"] = on - DAY
    usual["agent"] = user(str(usual["agent"]))
    with member(OFFICER) as officer, pytest.raises(Refused) as refused:
        actions.set_up(
            new_id=uuid7(), authorisation=Authorisation.objects.get(convention_id=lent.convention).id,
            arrangement=Arrangement(**usual), by=officer, at=now(),  # type: ignore[arg-type]  # the fields of that class
        )  # fmt: skip
    assert refused.value.field == field


def test_only_the_caisse_s_officer_arranges(lent: Lent) -> None:
    for address in (WORKER, ADVISER):
        with member(address) as someone:
            row = known(someone, lent.secondment, at=now()).row
            with pytest.raises(PermissionDenied):
                actions.add_permanence(
                    new_id=uuid7(),
                    secondment=row,
                    weekly=Weekly(5, time(9), time(10), 30, today(PARIS)),
                    by=someone,
                )
    with member(STRANGER) as stranger, pytest.raises(Secondment.DoesNotExist):
        known(stranger, lent.secondment, at=now())


def test_permanences_that_meet_are_refused_and_the_same_form_twice_makes_one(lent: Lent) -> None:
    with member(OFFICER) as officer:
        row, new = known(officer, lent.secondment, at=now()).row, uuid7()
        saturday = Weekly(5, time(9), time(10), 30, row.since)
        for _ in range(2):
            actions.add_permanence(new_id=new, secondment=row, weekly=saturday, by=officer)
        with pytest.raises(Refused) as refused:
            actions.add_permanence(new_id=uuid7(), secondment=row, weekly=saturday, by=officer)
        assert refused.value.field == "starts"
        assert len(known(officer, lent.secondment, at=now()).permanences) == 6


def test_the_host_books_and_both_sides_share_the_case(lent: Lent) -> None:
    slot = lent.slots()[0]
    case = book(lent, slot=slot)
    assert slot not in lent.slots()
    for address in (WORKER, ADVISER):  # who booked and the agent follow by right
        with member(address) as someone:
            file = file_of(someone, case)
            assert file.identity == PERSON
            assert (file.appointment.state, file.appointment.papers) == ("booked", ["identity", "letters"])
            assert file.information is not None
    with member(OTHER_WORKER) as colleague, pytest.raises(NotFollowed):
        file_of(colleague, case)
    with member(STRANGER) as stranger, pytest.raises(Participation.DoesNotExist):
        file_of(stranger, case)
    assert kinds("CPAM 42") == ["appointment_booked"]


def test_the_same_form_sent_twice_books_once(lent: Lent) -> None:
    slot, token = lent.slots()[0], uuid7()
    assert book(lent, slot=slot, token=token) == book(lent, slot=slot, token=token)
    assert kinds("CPAM 42") == ["appointment_booked"]


def test_a_slot_taken_or_past_or_invented_is_refused(lent: Lent) -> None:
    first = lent.slots()[0]
    book(lent, slot=first)
    between = Slot(first.starts_at + timedelta(minutes=10), first.ends_at + timedelta(minutes=10))
    for slot in (first, between, Slot(first.starts_at - 7 * DAY, first.ends_at - 7 * DAY)):
        with pytest.raises(Refused) as refused:
            book(lent, slot=slot)
        assert refused.value.field == "slot"


@pytest.mark.parametrize(
    ("changes", "field"), [({"service": "autre"}, "service"), ({"papers": ("x",)}, "papers")]
)
def test_a_reason_or_a_paper_that_is_not_listed_is_refused(
    lent: Lent, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        book(lent, **changes)  # type: ignore[arg-type]  # fields of a booking
    assert refused.value.field == field


def test_the_caisse_does_not_fill_the_agenda(lent: Lent) -> None:
    slot = lent.slots()[0]
    for address in (ADVISER, OFFICER):
        with member(address) as someone, pytest.raises(PermissionDenied):
            actions.book(
                token=uuid7(), secondment=lent.secondment, booking=booking(slot), by=someone, at=now()
            )


def test_held_with_its_outcome_returns_to_the_host_and_is_followed_by_another(lent: Lent) -> None:
    case = book(lent)
    act("hold", case, outcome="see_again")
    with member(WORKER) as worker:
        assert file_of(worker, case).appointment.outcome == "see_again"
    assert kinds("CCAS") == ["appointment_held"]
    again = book(lent, follows=case)
    with member(ADVISER) as adviser:
        assert appointment_of(adviser, again).follows_id == case
        assert counts(lent.secondment) == {
            State.BOOKED: 1,
            State.HELD: 1,
            State.MISSED: 0,
            State.CANCELLED: 0,
        }
    with pytest.raises(Refused):
        book(lent, follows=again)


def test_nothing_is_noted_before_it_begins_nor_by_the_host_nor_twice(lent: Lent) -> None:
    case = book(lent)
    with pytest.raises(Refused):
        act("miss", case, at=now())
    with pytest.raises(PermissionDenied):
        act("miss", case, WORKER)
    act("miss", case)
    assert kinds("CCAS") == ["appointment_missed"]
    with pytest.raises(TransitionRefused):
        act("hold", case, outcome="informed")
    with pytest.raises(TransitionRefused):
        act("cancel", case, WORKER, whose="host")


def test_either_side_moves_and_cancels_and_the_other_is_told(lent: Lent) -> None:
    first, second, *_ = lent.slots()
    case = book(lent, slot=first)
    act("move", case, WORKER, at=now(), slot=second)
    assert kinds("CPAM 42") == ["appointment_booked", "appointment_moved"]
    assert first in lent.slots()
    act("move", case, ADVISER, at=now(), slot=first)
    assert kinds("CCAS") == ["appointment_moved"]
    with pytest.raises(Refused):
        act("cancel", case, ADVISER, at=now(), whose="host")
    act("cancel", case, ADVISER, at=now(), whose="caisse")
    assert kinds("CCAS") == ["appointment_cancelled", "appointment_moved"]
    assert first in lent.slots()
    book(lent, slot=first)


def worries(lent: Lent, address: str = WORKER) -> list[Worry | None]:
    with member(address) as someone:
        found = known(someone, lent.secondment, at=now())
        days = agenda(someone, found, today(PARIS), today(PARIS) + 30 * DAY, at=now())
        return [line.worry for day in days for line in day.lines]


def test_when_the_convention_ends_what_lies_after_falls_away(lent: Lent) -> None:
    early, late = lent.slots()[0], lent.slots()[-1]
    book(lent, slot=early)
    assert worries(lent) == [None]
    lent.publish(early.starts_at + timedelta(minutes=1))
    assert worries(lent) == [None]
    assert all(slot.starts_at < early.starts_at + DAY for slot in lent.slots())
    lent.publish(early.starts_at)  # the first instant no longer in force
    assert worries(lent) == [Worry.CONVENTION_ENDED]
    with pytest.raises(Refused):
        book(lent, slot=late)
    lent.publish(now() - DAY)
    with pytest.raises(Refused):
        book(lent, slot=late)
    assert lent.slots() == []


def test_an_absent_agent_is_seen_from_the_other_side_and_nothing_is_offered(lent: Lent) -> None:
    slot = lent.slots()[0]
    book(lent, slot=slot)
    away(slot.starts_at.date(), slot.starts_at.date())
    assert worries(lent) == [Worry.AGENT_ABSENT]
    assert all(free.starts_at.date() != slot.starts_at.date() for free in lent.slots())


def away(first: date, last: date) -> None:
    caisse = organisation("CPAM 42").id
    with (
        transaction.atomic(),
        acting(organisation=caisse, user=user("admin@cpam.example.org")),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT record_absence(%s, %s, %s, %s, %s)",
            [uuid7(), user(ADVISER), user("admin@cpam.example.org"), first, last],
        )


def leave() -> None:
    end_at_once(organisation("CPAM 42").id, Q(user=user(ADVISER)))


def test_an_agent_who_left_is_replaced_and_her_successor_follows(
    lent: Lent, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = book(lent)
    leave()
    assert worries(lent) == [Worry.AGENT_GONE]
    assert lent.slots() == []
    successor = user("dpo@cpam.example.org")
    with member(OFFICER) as officer:
        row = known(officer, lent.secondment, at=now()).row
        monkeypatch.setattr("maillage.secondments.queries.agents", lambda *_args, **_known: [(successor, "")])
        actions.arrange(
            secondment=row, arrangement=Arrangement(successor, row.place, row.since), by=officer, at=now()
        )
        follows = list(running(officer).filter(case_id=case, until=None).values_list("user_id", "reason"))
    assert follows == [(successor, "seconded")]
    assert worries(lent) == [None]


def test_both_sides_are_told_once_that_the_agent_is_gone(committed: Lent) -> None:
    book(committed)
    assert _as_worker() == 0
    leave()
    assert [_as_worker(), _as_worker()] == [1, 1]
    assert kinds("CCAS") == ["seconded_agent_gone"]


def _as_worker() -> int:
    """The job, through the worker's own connection."""
    before = dict(connections["default"].settings_dict)
    connections["default"].close()
    connections["default"].settings_dict.update(connections["worker"].settings_dict)
    try:
        return tell_unattended()
    finally:
        connections["default"].close()
        connections["default"].settings_dict.clear()
        connections["default"].settings_dict.update(before)
