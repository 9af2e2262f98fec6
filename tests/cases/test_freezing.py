"""A restricted case is read by both sides and changed by nobody, whatever writes; PostgreSQL says so, table by table (GDPR art. 18)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Model
from hypothesis import given
from hypothesis import strategies as st

from maillage.cases.freezes import Freeze
from maillage.cases.freezing import bound, freeze, is_refusal, lift, lift_faults, running
from maillage.cases.models import Case
from maillage.cases.rules import LIFTED_HOW
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals import working
from maillage.referrals.expiring import expire
from maillage.referrals.heeding.models import Crossing
from maillage.referrals.models import Referral
from maillage.referrals.queries import file_of, referral_of
from maillage.referrals.thresholds.actions import heed
from tests.conventions.people import raw, worker_process
from tests.days import today
from tests.racing import race, racer
from tests.referrals.world import (
    PERSON,
    STRANGER,
    WORKER,
    Signed,
    ask,
    followed_by,
    member,
    send_referral,
    sign_convention,
    stop,
    work,
)

pytestmark = pytest.mark.security
ADVISER = "conseil@cpam.example.org"


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def frozen(case: UUID, by: str = WORKER) -> Freeze:
    with member(by) as someone:
        (row,) = freeze(cases=[case], ground="accuracy", by=someone, at=now())
    return row


def lifted(row: Freeze, by: str = WORKER, **changes: Any) -> Freeze:
    said: dict[str, Any] = {"why": "La date est vérifiée.", "told_on": today(), "told_how": "letter"}
    with member(by) as someone:
        return lift(row=row, by=someone, at=now(), on=today(), since=today(), **(said | changes))


def test_no_table_of_a_case_is_forgotten() -> None:
    """Whatever names a case has the wall, or says why it is written all the same."""
    walled = {model for model, _ in bound()}
    named = {
        model
        for model in apps.get_models()
        if any(field.is_relation and field.related_model is Case for field in model._meta.concrete_fields)
    }
    left = {model.__name__: model.__dict__.get("while_frozen") for model in named - walled}
    assert set(left) == {
        "Beneficiary",
        "Correction",
        "Following",
        "Alert",
        "Seen",
        "BlindIndex",
        "Waiting",
        "HandedCase",
        "Crossing",
        "Freeze",
    }
    assert all(left.values())
    assert len(walled) == 23


def refusal(statement: str, case: UUID, *, who: str = "CCAS") -> str:
    """The state of PostgreSQL's refusal."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        raw(who, statement, [str(case)] * statement.count("%s"))
    return str(getattr(refused.value.__cause__, "sqlstate", ""))


@pytest.mark.parametrize("found", list(bound()), ids=lambda one: one[0].__name__)
def test_postgresql_refuses_each_row_of_a_restricted_case(
    signed: Signed, found: tuple[type[Model], tuple[str, ...]]
) -> None:
    model, columns = found
    case = send_referral(signed)
    frozen(case)
    table, names = model._meta.db_table, ", ".join(columns)
    values = ", ".join("%s" for _ in columns)
    writes = "INSERT" in model.access.grants  # type: ignore[attr-defined]
    for who in ("CCAS", "CPAM 42"):
        state = refusal(f"INSERT INTO {table} ({names}) VALUES ({values})", case, who=who)  # noqa: S608 - our own words
        assert state == ("MF018" if writes else "42501"), (table, who)


def test_a_row_that_stands_neither_changes_nor_leaves(signed: Signed) -> None:
    case, other = send_referral(signed), send_referral(signed)
    frozen(case)
    for who in ("CCAS", "CPAM 42"):
        assert (
            refusal("UPDATE referrals_referral SET urgent = NOT urgent WHERE case_id = %s", case, who=who)
            == "MF018"
        )
        assert refusal("SELECT withdraw(%s)", case, who=who) == "MF018"
        assert refusal("SELECT set_due_on(%s, '2026-01-01')", case, who=who) == "MF018"
    assert (
        raw("CPAM 42", "UPDATE referrals_referral SET narrative = narrative WHERE case_id = %s", [case]) == 1
    )
    assert raw("CCAS", "SELECT withdraw(%s)", [other]) == 1, "its neighbour is as free as it was"


def test_both_sides_read_it_and_neither_acts_until_it_is_lifted(signed: Signed) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    row = frozen(case)
    acts: tuple[tuple[str, Callable[[], object]], ...] = (
        (ADVISER, lambda: work(case, "acknowledge")),
        (WORKER, lambda: stop(case, "withdraw", "person_refuses")),
    )
    for who, act in acts:
        with member(who) as someone:
            file = file_of(someone, case)
            assert file.identity == PERSON
            assert file.participation.frozen_since == row.since
            assert [one.organisation.short_name for one in running([case])] == ["CCAS"]
        with pytest.raises(DatabaseError) as refused:
            act()
        assert is_refusal(refused.value)
    lifted(row)
    work(case, "acknowledge")
    with member(ADVISER) as someone:
        assert file_of(someone, case).participation.frozen_since is None
        assert ask(case)


def test_each_organisation_lifts_its_own(signed: Signed) -> None:
    case = send_referral(signed)
    ours, theirs = frozen(case), frozen(case, by=ADVISER)
    with member(WORKER) as someone:
        assert freeze(cases=[case], ground="claims", by=someone, at=now()) == [], "once is enough"
    with pytest.raises(TransitionRefused):
        lifted(theirs)
    lifted(ours)
    assert refusal("SELECT withdraw(%s)", case) == "MF018"
    lifted(theirs, by=ADVISER)
    with pytest.raises(TransitionRefused):
        lifted(theirs, by=ADVISER)
    work(case, "acknowledge")


def test_a_stranger_neither_sees_nor_makes_one(signed: Signed) -> None:
    case = send_referral(signed)
    frozen(case)
    with member(STRANGER) as someone:
        assert not Freeze.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            freeze(cases=[case], ground="claims", by=someone, at=now())
    statement = "UPDATE cases_freeze SET lifted_why = 'x' WHERE case_id = %s"
    assert raw("CPAM 42", statement, [case]) == 0, "the other side reads it, and lifts its own"


def test_the_database_keeps_what_was_restricted(signed: Signed) -> None:
    case = send_referral(signed)
    row = frozen(case)
    for change in ("since = now() - interval '1 day'", "ground = 'claims'", "case_id = gen_random_uuid()"):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("CCAS", f"UPDATE cases_freeze SET {change} WHERE case_id = %s", [case])  # noqa: S608 - our own words
    told = "lifted_at = now(), lifted_by = gen_random_uuid(), lifted_why = 'Vu.', told_how = 'letter'"
    with pytest.raises(IntegrityError), transaction.atomic():
        raw("CCAS", f"UPDATE cases_freeze SET {told} WHERE case_id = %s", [case])  # noqa: S608 - our own words
    lifted(row)
    with pytest.raises(DatabaseError), transaction.atomic():
        raw("CCAS", "UPDATE cases_freeze SET lifted_at = NULL, lifted_by = NULL WHERE case_id = %s", [case])
    with pytest.raises(DatabaseError), transaction.atomic():
        raw(
            "CCAS",
            "INSERT INTO cases_freeze (id, case_id, organisation_id, ground, since, frozen_by, lifted_why, told_how, lifted_at)"
            " SELECT gen_random_uuid(), case_id, organisation_id, ground, since, frozen_by, '', '', now() FROM cases_freeze WHERE id = %s",
            [row.pk],
        )


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    return sign_convention()


def test_the_daily_rounds_go_past_it_and_find_it_again(committed: Signed) -> None:
    case, other = send_referral(committed), send_referral(committed)
    row = frozen(case)
    later = now() + timedelta(days=91)
    with worker_process():
        heed(at=later)
        assert expire(at=later, days=90) == 1
    with member(WORKER):
        states = dict(Referral.objects.values_list("case_id", "state"))
        assert set(Crossing.objects.values_list("case_id", flat=True)) >= {case}, "what is late stays counted"
    assert states == {case: "sent", other: "expired"}
    lifted(row)
    with worker_process():
        assert expire(at=later, days=90) == 1
    with member(WORKER):
        assert Referral.objects.get(case_id=case).state == "expired"


def test_whoever_closes_and_whoever_restricts_at_once_one_wins(committed: Signed) -> None:
    """Whichever comes first: closed then restricted, or restricted and the closing refused; never a closing inside a restriction."""
    for _ in range(3):
        case = send_referral(committed)

        def restrict(someone: Member, _seen: object, case: UUID = case) -> None:
            freeze(cases=[case], ground="claims", by=someone, at=now())

        def acknowledge(someone: Member, _seen: object, case: UUID = case) -> None:
            working.acknowledge(referral=referral_of(someone, case), by=someone, at=now())

        said = race(racer(WORKER, restrict, held=0.2), racer(ADVISER, acknowledge, held=0.2))
        assert said[0] is None, "the restriction never loses"
        with member(WORKER):
            state = Referral.objects.get(case_id=case).state
        if said[1] is None:
            assert state == "acknowledged"
        else:
            assert isinstance(said[1], DatabaseError)
            assert is_refusal(said[1])
            assert state == "sent"


@given(
    why=st.text(max_size=600),
    told=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    how=st.sampled_from([*LIFTED_HOW, "", "autre"]),
    since=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_nothing_is_lifted_before_she_is_told(
    why: str, told: date | None, how: str, since: date, on: date
) -> None:
    faults = [one for one in lift_faults(why=why, told_on=told, told_how=how, on=on, since=since) if one]
    fine = (
        bool(why.strip())
        and len(why.strip()) <= 500
        and how in LIFTED_HOW
        and told is not None
        and since <= told <= on
    )
    assert (faults == []) is fine
    assert {one.field for one in faults} <= {"why", "told_on", "told_how"}


def test_a_ground_that_is_not_of_the_law_is_refused(signed: Signed) -> None:
    case = send_referral(signed)
    with member(WORKER) as someone, pytest.raises(Refused) as refused:
        freeze(cases=[case], ground="autre", by=someone, at=now())
    assert refused.value.field == "ground"
