"""Modules and sessions: who prepares them, what is refused at which field, who is told of what changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.organisations.member import Member
from maillage.training import actions, queries
from maillage.training.models import Module, Session
from maillage.training.states import State
from tests.days import today
from tests.referrals.world import ADVISER, STRANGER, WORKER, member
from tests.training.world import CARSAT, MODULE, OFFICER, PLAN, SOON, Taught, add_module, planned, register


def act(session: object, action: Callable[..., None], by: str = OFFICER, **told: Any) -> None:
    with member(by) as someone:
        action(session=queries.session_of(someone, session), by=someone, at=told.pop("at", now()), **told)  # type: ignore[arg-type]


def told(short_name: str, address: str) -> list[str]:
    with member(address) as someone:
        rows = Message.objects.filter(recipient_id=someone.organisation, kind__startswith="session_")
        return list(rows.order_by("kind").values_list("kind", flat=True))


def refused(changes: dict[str, Any], by: Member) -> set[str | None]:
    with pytest.raises(Refused) as error:
        add_module(by, replace(MODULE, **changes))
    return {fault.field for fault in error.value.faults}


def test_a_module_says_its_theme_what_it_teaches_and_for_whom(taught: Taught) -> None:
    with member(OFFICER) as officer:
        for changes, field in (
            ({"theme": "cooking"}, "theme"),
            ({"title": " "}, "title"),
            ({"title": "x" * 161}, "title"),
            ({"teaches": ""}, "teaches"),
            ({"audiences": ()}, "audiences"),
            ({"audiences": ("cats",)}, "audiences"),
            ({"e_learning": "http://elearning.example.org"}, "e_learning"),
        ):
            assert refused(changes, officer) == {field}
    with member(ADVISER) as adviser, pytest.raises(PermissionDenied):
        add_module(adviser)


def test_a_partner_reads_a_module_and_does_not_change_it(taught: Taught) -> None:
    with member("referent@ccas.example.org") as referent:
        row = queries.modules(referent).get(id=taught.module)
        with pytest.raises(PermissionDenied):
            actions.change_module(module=row, described=MODULE, by=referent)
        with pytest.raises(PermissionDenied):
            actions.withdraw_module(module=row, by=referent, at=now())
    with member(STRANGER) as stranger:
        assert not queries.modules(stranger).exists()
        assert not Module.objects.exists()


def test_a_withdrawn_module_stays_and_is_planned_no_more(taught: Taught) -> None:
    session = planned(taught)
    with member(OFFICER) as officer:
        row = queries.modules(officer).get(id=taught.module)
        actions.change_module(module=row, described=replace(MODULE, title="Autrement"), by=officer)
        for _ in range(2):
            actions.withdraw_module(module=row, by=officer, at=now())
        with pytest.raises(Refused, match="retiré"):
            actions.change_module(module=row, described=MODULE, by=officer)
        assert queries.session_of(officer, session).module.title == "Autrement"
    with pytest.raises(Refused) as error:
        planned(taught)
    assert error.value.field == "module"


def test_the_same_form_sent_twice_makes_one_session(taught: Taught) -> None:
    new = uuid7()
    for _ in range(2):
        with member(OFFICER) as officer:
            plan(new, taught, officer)
    with member(OFFICER):
        assert Session.objects.count() == 1


def plan(new: Any, taught: Taught, by: Member, **changes: Any) -> None:
    values: dict[str, Any] = {"module": taught.module, "convention": taught.convention, "planned": PLAN}
    actions.plan(new_id=new, by=by, at=now(), **{**values, **changes})


def test_a_session_is_of_ones_own_module_and_convention(taught: Taught) -> None:
    with member(OFFICER) as officer, pytest.raises(Refused) as error:
        plan(uuid7(), taught, officer, convention=uuid7())
    assert error.value.field == "convention"
    with member(CARSAT) as carsat, pytest.raises(Refused) as error:
        plan(uuid7(), taught, carsat)
    assert error.value.field == "module"
    with member(WORKER) as worker, pytest.raises(PermissionDenied):
        plan(uuid7(), taught, worker)


def test_those_registered_are_told_when_the_hour_changes_and_only_then(taught: Taught) -> None:
    session = planned(taught)
    register(session, "Ondine Modèle")
    act(session, actions.change, planned=replace(PLAN, capacity=5))
    assert told("CCAS", WORKER) == []
    act(session, actions.change, planned=replace(PLAN, starts=time(10)))
    assert told("CCAS", WORKER) == ["session_changed"]
    assert told("CARSAT RA", CARSAT) == []


def test_a_session_is_not_shrunk_below_its_registrations_nor_moved_to_the_past(taught: Taught) -> None:
    session = planned(taught)
    for name in ("Ondine Modèle", "Zoé Spécimen"):
        register(session, name)
    for changes, field in (({"capacity": 1}, "capacity"), ({"day": today() - timedelta(days=1)}, "day")):
        with pytest.raises(Refused) as error:
            act(session, actions.change, planned=replace(PLAN, **changes))
        assert error.value.field == field
    with pytest.raises(Refused, match="a commencé"):
        act(session, actions.change, planned=PLAN, at=now() + SOON + timedelta(days=1))


def test_a_cancelled_session_says_why_and_those_registered_are_told_once(taught: Taught) -> None:
    session = planned(taught)
    register(session, "Ondine Modèle")
    with pytest.raises(Refused) as error:
        act(session, actions.cancel, reason=" ")
    assert error.value.field == "reason"
    act(session, actions.cancel, reason="La salle est fermée.")
    with pytest.raises(TransitionRefused):
        act(session, actions.cancel, reason="La salle est fermée.")
    assert told("CCAS", WORKER) == ["session_cancelled"]
    with member(WORKER) as worker:
        row = queries.session_of(worker, session)
        assert (row.state, row.reason) == (State.CANCELLED, "La salle est fermée.")
        message = Message.objects.get(kind="session_cancelled")
        assert "salle" not in f"{message.reference} {message.path}"


def test_only_the_organiser_changes_or_cancels(taught: Taught) -> None:
    session = planned(taught)
    for address in (CARSAT, "referent@ccas.example.org", ADVISER):
        with pytest.raises(PermissionDenied):
            act(session, actions.cancel, by=address, reason="Non")
        with pytest.raises(PermissionDenied):
            act(session, actions.change, by=address, planned=PLAN)


def test_a_plan_too_long_is_refused_at_its_field(taught: Taught) -> None:
    with member(OFFICER) as officer:
        for changes, field in (({"place": "x" * 201}, "place"), ({"trainer": "x" * 121}, "trainer")):
            with pytest.raises(Refused) as error:
                plan(uuid7(), taught, officer, planned=replace(PLAN, **changes))  # type: ignore[arg-type]  # its fields
            assert error.value.field == field
