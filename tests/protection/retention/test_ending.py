"""The organisation's own part in the cases whose time has run out ends, nobody else's; held back, killed or restored, it holds."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from maillage.cases.freezing import SQLSTATE, freeze, lift
from maillage.core.calendar import Period
from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.protection.requests.answering import answer
from maillage.protection.retention import ending, keeping
from maillage.protection.retention.ending import end_again
from maillage.protection.retention.rules import Rule, Source
from maillage.protection.retention.stating import state, withdraw
from maillage.vault.ledger import PART, replay_all
from tests.beneficiaries.jobs import index_as_worker
from tests.conventions.people import worker_process
from tests.days import today
from tests.protection.destruction.test_destroying import documents, readable
from tests.protection.destruction.test_holding import as_worker, at_once
from tests.protection.requests.files import attached, file_of, received
from tests.protection.retention.cases import CPAM_DPO, LATER, REASON, close, closed, ended, fixed, owner, part
from tests.referrals.world import ADVISER, member, organisation
from tests.rights.world import CAISSE, HOSPITAL, PASS, Signed, send, sign

GONE = (0, False, 0, 0, 0, 1)


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    return sign()


def caisse() -> UUID:
    return organisation(CAISSE).id


def test_nothing_ends_where_nobody_fixed_a_duration(signed: Signed) -> None:
    case = closed(signed, years=30)
    assert ended() == 0
    assert readable(case, ADVISER)


def test_after_the_notice_the_caisse_reads_no_more_what_it_kept_too_long_and_the_partner_reads_its_own(
    signed: Signed,
) -> None:
    old, lately, running = closed(signed), closed(signed, years=1), send(signed)
    index_as_worker()
    pieces = documents(ADVISER)
    fixed(24)
    assert ended(timedelta(days=30)) == 0
    assert readable(old, ADVISER)
    assert ended() == 1
    assert part(old, caisse()) == GONE
    assert not readable(old, ADVISER)
    assert [readable(one, ADVISER) for one in (lately, running)] == [True, True]
    assert all(readable(one, PASS) for one in (old, lately, running))
    kept = part(old, organisation(HOSPITAL).id)
    assert kept[0] > 0
    assert kept[1] is True
    assert kept[4] > 0
    assert len(documents(ADVISER)) == len(pieces) - kept[4]
    assert owner(
        "SELECT object_ref, reason, organisation_id FROM audit_entry WHERE verb = 'retention.erase'"
    ) == [("case", "1", caisse())]
    assert ended() == 0  # nothing is done twice


def test_the_text_that_destroys_at_the_term_wins_over_the_hospitals_own_duration(signed: Signed) -> None:
    case = closed(signed)
    fixed(1, by="admin@hopital.example.org")
    assert ended() == 0
    assert readable(case, PASS)


def test_a_duration_of_the_text_ends_without_any_of_the_organisation(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = closed(signed)
    said = Rule(Period(months=30), "la clôture", Source.TERMS, "12")
    monkeypatch.setattr(keeping, "case_rule", lambda *_, **__: said)
    assert ended(timedelta(0)) == 2  # both sides, as their text says
    assert not readable(case, ADVISER)
    assert not readable(case, PASS)
    assert owner("SELECT DISTINCT reason FROM vault_erasure WHERE scope = 'part'") == [("terms 12",)]
    assert (
        owner("SELECT count(*) FROM vault_erasure WHERE scope = 'document'")[0][0] > 0
    )  # nobody holds them any more


def test_the_most_precise_duration_is_that_of_the_case(signed: Signed) -> None:
    case, other = closed(signed), closed(sign())
    fixed(24)
    fixed(60, convention=signed.id)
    assert ended() == 1
    assert readable(case, ADVISER)
    assert not readable(other, ADVISER)
    with member(CPAM_DPO) as dpo:
        withdraw(convention=signed.id, kind="", reason="Nouvelle version.", by=dpo, at=now())
    assert ended() == 1
    assert not readable(case, ADVISER)


def test_a_duration_that_was_withdrawn_ends_nothing(signed: Signed) -> None:
    case = closed(signed)
    fixed(24)
    with member(CPAM_DPO) as dpo:
        withdraw(convention=None, kind="", reason="À revoir.", by=dpo, at=now())
    assert ended() == 0
    assert readable(case, ADVISER)


def test_a_restricted_case_waits_until_that_is_lifted_whoever_restricted_it(signed: Signed) -> None:
    case, other = closed(signed), closed(signed)
    fixed(24)
    with member(PASS) as worker:
        (row,) = freeze(cases=[case], ground="claims", by=worker, at=now())
    assert ended() == 1
    assert readable(case, ADVISER)
    assert not readable(other, ADVISER)
    with member(PASS) as worker:
        lift(
            row=row,
            why="Vu.",
            told_on=today(),
            told_how="letter",
            by=worker,
            at=now(),
            on=today(),
            since=today(),
        )
    assert ended() == 1
    assert not readable(case, ADVISER)


def test_a_case_of_a_request_that_runs_waits_for_the_answer(signed: Signed) -> None:
    case = closed(signed)
    index_as_worker()
    fixed(24)
    request = attached(received(by=CPAM_DPO), case, by=CPAM_DPO)
    assert ended() == 0
    assert readable(case, ADVISER)
    with member(CPAM_DPO) as dpo:
        answer(file=file_of(request, dpo), by=dpo, at=now())
    assert ended() == 1
    assert not readable(case, ADVISER)


def test_a_case_that_a_running_breach_touches_waits_for_its_end(signed: Signed) -> None:
    case = closed(signed)
    fixed(24)
    owner(
        "INSERT INTO protection_breach (id, organisation_id, state, what, noticed_at, natures, data, goes_on, recorded_at, recorded_by,"
        " lessons) SELECT %s, %s, 'confirmed', 'x', now(), '{confidentiality}', '{identity}', false, now(), %s, ''",
        case, caisse(), case,
    )  # fmt: skip
    owner(
        "INSERT INTO protection_breachreach (id, breach_id, organisation_id, since, before, cases, readers, conventions, is_whole,"
        " readings, recorded_at, recorded_by)"
        " VALUES (%s, %s, %s, now() - interval '1 day', now(), ARRAY[%s]::uuid[], '{}', '{}', true, '{}', now(), %s)",
        case, case, caisse(), case, case,
    )  # fmt: skip
    assert ended() == 0
    assert readable(case, ADVISER)
    owner("ALTER TABLE protection_breach DISABLE TRIGGER USER")  # its own steps are tested elsewhere
    owner(
        "UPDATE protection_breach SET state = 'closed', ended_at = now(), ended_by = %s, lessons = 'x' WHERE id = %s",
        case,
        case,
    )
    owner("ALTER TABLE protection_breach ENABLE TRIGGER USER")
    assert ended() == 1


class Killed(BaseException):
    """The process dies."""


@pytest.mark.parametrize("step", ["_batch", "note", "forget_files"])
def test_killed_in_the_middle_it_goes_on_where_it_was(
    signed: Signed, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [closed(signed) for _ in range(3)]
    monkeypatch.setattr(ending, "BATCH", 1)
    fixed(24)
    usual: Callable[..., Any] = getattr(ending, step)
    calls: list[int] = []

    def dies(*words: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            raise Killed
        return usual(*words, **more)

    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(ending, step, dies)
        ended()
    assert len(calls) > 1
    ended()
    assert [part(one, caisse()) for one in cases] == [GONE] * 3
    assert all(readable(one, PASS) for one in cases)


def test_an_organisation_that_fails_keeps_no_other_from_its_days(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = closed(signed)
    fixed(24)
    usual = keeping.durations_of

    def fails(body: UUID) -> Any:
        if body != caisse():
            raise ValueError
        return usual(body)

    monkeypatch.setattr(ending, "durations_of", fails)
    assert ended() == 1
    assert not readable(case, ADVISER)


def test_a_database_restored_from_before_ends_it_again_and_only_it(signed: Signed) -> None:
    case, other = closed(signed), closed(signed, years=1)
    index_as_worker()
    keys = owner(
        "SELECT id, sealed_key FROM cases_participation WHERE case_id = %s AND organisation_id = %s",
        case,
        caisse(),
    )
    digests = owner(
        "SELECT id, kind, digest FROM beneficiaries_blindindex WHERE case_id = %s AND organisation_id = %s",
        case,
        caisse(),
    )
    assert digests
    fixed(24)
    ended()
    for one, sealed in keys:
        owner("UPDATE cases_participation SET sealed_key = %s, until = NULL WHERE id = %s", sealed, one)
    for one, kind, digest in digests:
        owner(
            "INSERT INTO beneficiaries_blindindex VALUES (%s, %s, %s, %s, %s)",
            one,
            kind,
            digest,
            case,
            caisse(),
        )
    with worker_process():
        assert end_again() == 1
        assert end_again() == 0
    assert part(case, caisse()) == GONE
    assert readable(other, ADVISER)
    assert readable(case, PASS)


def test_a_database_restored_alone_beside_its_key_store_learns_from_it_what_ended(signed: Signed) -> None:
    """As a backup of before the first night, without its newer neighbours: the store that stands says what the ledger has lost."""
    case, other = closed(signed), closed(signed)
    keys = owner(
        "SELECT id, sealed_key FROM cases_participation WHERE case_id = %s AND organisation_id = %s",
        case,
        caisse(),
    )
    fixed(24, convention=signed.id)
    with member(PASS) as worker:
        freeze(cases=[other], ground="claims", by=worker, at=now())
    assert ended() == 1
    owner("DELETE FROM vault_erasure")
    for one, sealed in keys:
        owner("UPDATE cases_participation SET sealed_key = %s, until = NULL WHERE id = %s", sealed, one)
    assert readable(case, ADVISER)
    with worker_process():
        assert [one.reference for one in replay_all() if one.scope == PART] == [case]
    assert part(case, caisse()) == GONE
    assert readable(other, ADVISER)


def test_a_restriction_that_is_being_made_makes_the_end_wait_and_wins(signed: Signed) -> None:
    case = closed(signed)
    row = fixed(24)
    body = caisse()

    def ends() -> object:
        with as_worker(body) as other:
            return other.execute(END, _asked(signed, row.pk)).fetchone()

    with ExitStack() as stack, member(ADVISER) as adviser:
        freeze(cases=[case], ground="claims", by=adviser, at=now())
        answered = stack.enter_context(at_once(ends))
    assert answered == [([], [])]
    assert readable(case, ADVISER)
    assert SQLSTATE == "MF018"


END = (
    "SELECT cases, erased FROM protection_end_cases(%s, 'depot_dossiers', 'application', %s, %s, 'x', %s, 10)"
)


def _asked(signed: Signed, under: UUID, days: int = 40) -> list[Any]:
    on = today() + timedelta(days=days)
    return [signed.id, on - timedelta(days=800), under, on]


@pytest.mark.parametrize("how", ["notice", "too_early", "withdrawn", "elsewhere", "of_another"])
def test_the_database_itself_refuses_what_no_duration_lets_go(signed: Signed, how: str) -> None:
    case = closed(signed)
    scope = {"convention": sign().id} if how == "elsewhere" else {}
    row = fixed(
        240 if how == "too_early" else 24,
        by=CPAM_DPO if how != "of_another" else "admin@hopital.example.org",
        **scope,
    )
    if how == "withdrawn":
        with member(CPAM_DPO) as dpo:
            withdraw(convention=None, kind="", reason="Vu.", by=dpo, at=now())
    with (
        worker_process(),
        transaction.atomic(),
        acting(organisation=caisse()),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="no such duration has run"),
    ):
        cursor.execute(END, _asked(signed, row.pk, 30 if how == "notice" else 40))
    assert readable(case, ADVISER)


def test_only_whoever_watches_over_the_data_says_how_long(signed: Signed) -> None:
    with member(ADVISER) as adviser, pytest.raises(PermissionDenied):
        state(months=24, reason=REASON, convention=None, kind="", by=adviser, at=now())


def test_the_last_day_is_kept_and_the_night_after_is_not(signed: Signed) -> None:
    """What is announced by `until` is what ends: the day itself is kept, the night after is not."""
    case = send(signed)
    close(case, years=2)
    fixed(24)
    assert ended(timedelta(days=30)) == 0
    assert ended(timedelta(days=31)) == 1
    assert ended(LATER) == 0
