"""The thin calls of the database's functions, and what they refuse."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from maillage.cases.actions import (
    AuthorisationClosed,
    CaseExists,
    NotAuthorised,
    OpenedCase,
    open_case,
    set_due_on,
    withdraw,
)
from maillage.cases.models import Case, Participation
from maillage.cases.queries import keys_of, visible_to
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.vault.actions import vault
from tests.referrals.world import (
    ADVISER,
    STRANGER,
    WORKER,
    Signed,
    member,
    organisation,
    send_referral,
    sign_convention,
)


@pytest.fixture
def signed(db: None) -> Signed:
    """The CCAS's convention, in a transaction that the test rolls back."""
    return sign_convention()


def opened(signed: Signed, by: str = WORKER, case: UUID | None = None) -> OpenedCase:
    under = signed.authorisation()
    with member(by):
        return open_case(case=case or uuid7(), under=under, kind="referral", urgent=False)


def test_a_case_is_opened_with_its_two_parts_and_one_key(signed: Signed) -> None:
    case = opened(signed)
    for address, role in ((WORKER, "sender"), (ADVISER, "recipient")):
        with member(address) as someone:
            (part,) = visible_to(someone)
            assert part.role == role
            assert keys_of([part]) == {case.id: case.key}


def test_a_closed_authorisation_opens_nothing_and_leaves_the_transaction_usable(signed: Signed) -> None:
    under = signed.authorisation()
    signed.publish(until=now() - timedelta(seconds=1))
    with member(WORKER):
        with pytest.raises(AuthorisationClosed):
            open_case(case=uuid7(), under=under, kind="referral", urgent=False)
        assert not Case.objects.exists()


@pytest.mark.parametrize("address", [STRANGER, ADVISER])
def test_nobody_opens_a_case_for_another(signed: Signed, address: str) -> None:
    with pytest.raises(NotAuthorised):
        opened(signed, by=address)


def test_an_id_that_is_taken_is_said(signed: Signed) -> None:
    case = opened(signed)
    with pytest.raises(CaseExists):
        opened(signed, case=case.id)


def test_each_side_ends_its_own_part_alone(signed: Signed) -> None:
    case = opened(signed)
    with member(STRANGER):
        assert withdraw(case=case.id) is False
    with member(WORKER):
        assert withdraw(case=case.id) is True
    with member(WORKER) as worker:
        assert not visible_to(worker).filter(until=None).exists()
    with member(ADVISER) as adviser:
        assert visible_to(adviser).get().until is None


def test_each_side_keeps_its_own_due_date(signed: Signed) -> None:
    case = opened(signed)
    with member(STRANGER):
        assert set_due_on(case=case.id, day=date(2030, 1, 1)) is False
    with member(ADVISER):
        assert set_due_on(case=case.id, day=date(2030, 1, 1)) is True
        assert Participation.objects.get().due_on == date(2030, 1, 1)
    with member(WORKER):
        assert Participation.objects.get().due_on is None


@pytest.mark.security
def test_the_web_role_never_writes_a_participation_itself(signed: Signed) -> None:
    case = opened(signed)
    statements = (
        "UPDATE cases_participation SET until = NULL",
        "DELETE FROM cases_participation",
        f"INSERT INTO cases_participation SELECT * FROM cases_participation WHERE case_id = '{case.id}'",  # noqa: S608 - our own id
        "UPDATE cases_authorisation SET open_during = 'empty'",
        "UPDATE cases_case SET service = 'x'",
    )
    for statement in statements:
        with (
            member(WORKER),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.security
def test_the_keys_of_an_organisation_open_nothing_once_destroyed(signed: Signed) -> None:
    case = send_referral(signed)
    vault().store.destroy(organisation("CCAS").id, signed.id)
    with member(WORKER) as worker:
        assert keys_of(visible_to(worker)) == {}
    with member(ADVISER) as adviser:
        assert set(keys_of(visible_to(adviser))) == {case}


@pytest.mark.security
def test_the_key_of_one_side_does_not_open_for_another(signed: Signed) -> None:
    case = opened(signed)
    with member(ADVISER) as adviser:
        part = visible_to(adviser).get(case_id=case.id)
    with member(STRANGER) as stranger:
        assert keys_of([part]) == {}  # its private half is not among the stranger's rows
        assert not visible_to(stranger).exists()
