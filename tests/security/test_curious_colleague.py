"""A colleague of the same organisation who does not follow a case learns from no page whom it is about; and the check can fail."""

import re
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import CharField, DateTimeField, Value
from django.test import Client

from maillage.cases.following import consult, follow, running
from maillage.core.clock import now
from maillage.organisations.models import User
from maillage.rights.models import Piece
from maillage.rights.queries import application_of
from maillage.secondments.agenda import appointment_of
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    OTHER_WORKER,
    WORKER,
    followed_by,
    member,
    send_referral,
    sign_convention,
)
from tests.rights.world import CANARIES as APPLICANT
from tests.rights.world import PASS, send, sign
from tests.secondments.world import book, lend
from tests.security.answering import Answer
from tests.security.expectations import RULES, VALUES
from tests.security.fuzzing import names_read
from tests.security.reach import BACKEND, probed, url_of
from tests.security.worlds import SEE, SEND, WORK
from tests.tiers import spread

pytestmark = pytest.mark.security
CURIOUS = {WORKER: (OTHER_WORKER, {SEE, SEND}), ADVISER: (ADVISER, {SEE, WORK})}
NAMED = (*CANARIES, *APPLICANT, "Doit avancer ou payer trop · ")


def told(
    address: str,
    permissions: set[str],
    case: UUID,
    others: dict[str, UUID] | None = None,
    *,
    whether: bool = False,
) -> list[str]:
    """What each address that she may open tells of the person: the case's own pages, the lists, « À faire ».

    `whether`: no further than the first that tells something, where that is all that is asked.
    """
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=address), backend=BACKEND)
    found, tried = [], 0
    for page in probed():
        who, methods = RULES[page.name]
        if who not in {*permissions, "member"} or "GET" not in methods.split():
            continue
        ids = {**(others or {}), "case": case}
        named = re.findall(r"<uuid:(\w+)>", page.route)
        if not set(named) <= set(ids):
            continue
        arguments = {name: str(ids[name]) for name in named}
        if page.name.startswith("conventions:"):
            continue
        for name in re.findall(r"<(?!uuid:)(?:\w+:)?(\w+)>", page.route):
            arguments[name] = VALUES.get(f"{page.name} {name}", VALUES.get(name, ""))
        for more in ("", "?vue=all", "?vue=closed") if "vue" in names_read(page.view) else ("",):
            with transaction.atomic():
                answer = Answer.of(client.get(url_of(page, arguments) + more, follow=True))
                transaction.set_rollback(True)
            tried += 1
            found += [f"{page.name}{more}: {word}" for word in NAMED if word in answer.body]
            if found and whether:
                return found
    assert tried > 10
    return found


@pytest.mark.parametrize("follower", spread(CURIOUS, 2))
def test_who_does_not_follow_learns_no_identity(db: None, follower: str) -> None:
    case = send_referral(sign_convention())
    curious, permissions = CURIOUS[follower]
    assert told(curious, permissions, case) == []
    followed_by(case, curious)
    assert told(
        curious, permissions, case, whether=True
    )  # the control: the same pages tell it once she follows


@pytest.mark.parametrize("follower", spread(CURIOUS, 2))
def test_who_does_not_follow_an_appointment_learns_no_identity(db: None, follower: str) -> None:
    lent = lend()
    slot = lent.slots()[0]
    case = book(lent, slot=slot)
    curious, permissions = CURIOUS[follower]
    if curious == ADVISER:  # the agent herself follows by right: another agent takes her place in the agenda
        with member(ADVISER) as agent:
            running(agent).filter(case_id=case).update(until=now())
    named = {"appointment": case, "secondment": lent.secondment}
    assert told(curious, permissions, case, named) == []
    with member(curious) as someone:
        follow(case=appointment_of(someone, case).case, by=someone, at=now())
    assert told(curious, permissions, case, named, whether=True)


def test_who_does_not_follow_an_application_learns_no_identity(db: None) -> None:
    """The caisse's side: at the hospital only one person sends."""
    case = send(sign(), by=PASS)
    with member(ADVISER) as adviser:
        piece = Piece.objects.filter(case_id=case).values_list("id", flat=True)[0]
        row = application_of(adviser, case)
    named = {"application": case, "piece": piece}
    assert told(ADVISER, {SEE, WORK}, case, named) == []
    with member(ADVISER) as adviser:
        follow(case=row.case, by=adviser, at=now())
    assert told(ADVISER, {SEE, WORK}, case, named, whether=True)


def test_a_consultation_tells_it_to_her_alone(db: None) -> None:
    case = send_referral(sign_convention())
    with member(OTHER_WORKER) as someone:
        consult(case=case, motive="Appel de la personne pendant une absence", by=someone, at=now())
    assert told(OTHER_WORKER, {SEE, SEND}, case, whether=True)
    assert told(ADVISER, {SEE, WORK}, case) == []


def test_the_check_sees_a_rule_that_opens_everything(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    case = send_referral(sign_convention())
    assert told(ADVISER, {SEE, WORK}, case) == []
    monkeypatch.setattr(
        "maillage.referrals.queries.with_reason",
        lambda _member, rows: rows.annotate(
            opened_as=Value("taken", output_field=CharField()),
            frozen_since=Value(None, output_field=DateTimeField()),
        ),
    )
    assert told(ADVISER, {SEE, WORK}, case, whether=True)
