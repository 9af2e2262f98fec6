"""An authorisation with rights opens applications for them and nothing else; one without opens everything but those."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from maillage.cases.actions import NotAuthorised, forward_case, open_case
from maillage.cases.models import Authorisation, Case
from maillage.cases.queries import visible_to
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.referrals.actions import FlowClosed, send
from maillage.referrals.drafts import begin
from maillage.referrals.queries import file_of
from maillage.referrals.routes import opened_for
from tests.referrals.world import (
    ADVISER,
    FAR_AHEAD,
    FLOW,
    WORKER,
    Signed,
    complete,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
    work,
)

RIGHTS = ["puma", "c2s"]
NAME = "Dispositifs d'accès aux soins, Mission accompagnement santé"
FILES: dict[str, Any] = FLOW | {"key": "depot_dossiers", "rights": RIGHTS}
ONWARDS: dict[str, Any] = FILES | {"key": "suite_dossiers", "sender": "cpam", "recipient": "carsat"}


@pytest.fixture
def signed(db: None) -> Signed:
    """A convention that carries files of rights besides referrals, in a transaction that the test rolls back."""
    found = sign_convention(*(
        {name: tuple(value) if name == "rights" else value for name, value in flow.items()}
        for flow in (FILES, ONWARDS)
    ))  # fmt: skip
    found.publish(until=FAR_AHEAD, flows=(FLOW, FILES, ONWARDS))
    return found


def carrying(key: str = FILES["key"]) -> Authorisation:
    with transaction.atomic(), acting(organisation=organisation("CPAM 42").id):
        return Authorisation.objects.get(flow_key=key)


def opened(under: Authorisation, kind: str) -> UUID:
    with member(WORKER):
        return open_case(case=uuid7(), under=under, kind=kind, urgent=False).id


def test_an_application_is_opened_under_rights_and_begins_sent(signed: Signed) -> None:
    case = opened(carrying(), "application")
    with member(ADVISER) as adviser:
        part = visible_to(adviser).get(case_id=case)
        assert (part.kind, part.state, part.role) == ("application", "sent", "recipient")
        assert not Case.objects.exclude(id=case).exists()


@pytest.mark.parametrize("kind", ["referral", "appointment"])
def test_nothing_else_is_opened_under_rights(signed: Signed, kind: str) -> None:
    with pytest.raises(NotAuthorised):
        opened(carrying(), kind)


def test_no_application_is_opened_without_rights(signed: Signed) -> None:
    with pytest.raises(NotAuthorised):
        opened(signed.authorisation(), "application")


def test_a_referral_is_not_forwarded_as_rights_nor_files_as_a_referral(signed: Signed) -> None:
    referral = followed_by(send_referral(signed), ADVISER)
    work(referral, "acknowledge")
    onwards = carrying(ONWARDS["key"])
    with member(ADVISER) as adviser:
        for kind in ("referral", "application"):
            with pytest.raises(NotAuthorised):
                forward_case(former=referral, case=uuid7(), under=onwards, kind=kind, urgent=False)
        assert not file_of(adviser, referral).may_forward


def test_what_carries_rights_is_no_way_of_a_referral(signed: Signed) -> None:
    with member(WORKER) as worker:
        assert [row.flow_key for row in opened_for(worker)] == [FLOW["key"]]
    content = complete(carrying().id)
    with member(WORKER) as worker:
        draft = begin(token=uuid7(), content=content, by=worker, at=now())
        with pytest.raises(FlowClosed):
            send(draft=draft, by=worker, at=now())


def test_a_change_of_rights_or_of_name_alone_is_a_change(signed: Signed) -> None:
    named = FLOW | {"label": NAME}

    def publish(flow: dict[str, Any]) -> int:
        with member(ADVISER), connection.cursor() as cursor:
            cursor.execute(
                "SELECT publish_authorisations(%s, jsonb_build_array(%s::jsonb, %s::jsonb, %s::jsonb), in_force)"
                " FROM conventions_convention WHERE id = %s",
                [signed.id, *(json.dumps(one) for one in (flow, FILES, ONWARDS)), signed.id],
            )
            return int(cursor.fetchone()[0])

    assert publish(named) == 1
    assert publish(named) == 0
    assert signed.authorisation().label == NAME
    assert carrying().rights == RIGHTS
