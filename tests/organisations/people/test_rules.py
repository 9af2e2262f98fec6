"""What may be asked about people, for any day and any role."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maillage.organisations.kinds import BodyKind
from maillage.organisations.people.rules import end_fault, invitation_faults, period_faults, role_fault
from maillage.organisations.roles import ROLES, Role, suits

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(since=DAYS, until=st.none() | DAYS, today=DAYS)
def test_a_period_is_refused_exactly_when_it_is_past_or_backwards(
    since: date, until: date | None, today: date
) -> None:
    fields = {fault.field for fault in period_faults(since, until, today=today)}
    assert ("since" in fields) == (since < today)
    assert ("until" in fields) == (until is not None and until < since)


@given(last=DAYS, since=DAYS, today=DAYS)
def test_an_end_is_accepted_exactly_from_today_and_from_the_beginning(
    last: date, since: date, today: date
) -> None:
    assert (end_fault(last, since=since, today=today) is None) == (last >= max(since, today))


@given(role=st.sampled_from([*Role, "chief"]), kind=st.sampled_from(list(BodyKind)))
def test_a_role_is_given_exactly_where_it_is_declared_to_suit(role: str, kind: BodyKind) -> None:
    fault = role_fault(role, kind, field="role")
    assert (fault is None) == suits(role, kind)
    assert suits(role, kind) == (role in ROLES and kind in ROLES[Role(role)].kinds)


def test_a_caisse_advises_and_a_partner_sends() -> None:
    assert suits("caisse_adviser", "cpam")
    assert not suits("caisse_adviser", "hospital")
    assert suits("partner_worker", "hospital")
    assert not suits("partner_worker", "cpam")


def test_an_invitation_tells_all_its_faults_at_once() -> None:
    today = date(2026, 3, 2)
    found = invitation_faults(
        full_name="", roles=(), kind="ccas", since=today - timedelta(days=1), until=None, today=today
    )
    assert [fault.field for fault in found] == ["full_name", "roles", "since"]
