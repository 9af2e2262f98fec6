"""The index by which an organisation finds its people: made by a job under each, of each other's no use."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections, transaction

from maillage.beneficiaries import indexing
from maillage.beneficiaries.indexing import _index, index_again, index_waiting, renew_index
from maillage.beneficiaries.queries import cases_of_person
from maillage.cli import renewal
from maillage.core.row_security import acting
from maillage.vault.actions import vault
from tests.beneficiaries.jobs import as_worker, index_as_worker
from tests.cli.kept_world import raw
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    PERSON,
    STRANGER,
    WORKER,
    Signed,
    member,
    organisation,
    send_referral,
    sign_convention,
)

BY_NUMBER = {"nir": PERSON.nir}
BY_NAME = {"surname": "QUINTESSENCE", "birth_date": PERSON.birth_date}


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    return sign_convention()


def found(address: str, **asked: object) -> list[UUID]:
    with member(address) as someone:
        return cases_of_person(by=someone, **asked)  # type: ignore[arg-type]  # named by each test


def test_each_side_finds_the_person_once_the_job_has_run_and_nobody_else_does(signed: Signed) -> None:
    case = send_referral(signed)
    assert found(WORKER, **BY_NUMBER) == []
    index_as_worker()
    for address in (WORKER, ADVISER):
        assert found(address, **BY_NUMBER) == found(address, **BY_NAME) == [case]
        assert found(address, surname="Quintessence", birth_date=date(1984, 2, 28)) == []
        assert found(address, surname="Quintessence") == [case]
        assert found(address, surname="Quintes") == []
    assert found(STRANGER, **BY_NUMBER) == []
    assert raw("SELECT 1 FROM beneficiaries_waiting") == []


@pytest.mark.security
def test_digests_say_nothing_and_differ_from_one_organisation_to_the_other(signed: Signed) -> None:
    send_referral(signed)
    send_referral(signed)
    index_as_worker()
    rows = raw("SELECT organisation_id, kind, digest FROM beneficiaries_blindindex")
    assert len(rows) == 12
    assert (
        len({row[2] for row in rows}) == 6
    )  # the same person twice: the same digest, for the same organisation only
    jobs = str(raw("SELECT args FROM procrastinate_jobs")) + str(
        raw("SELECT fields, object_ref FROM audit_entry")
    )
    assert not [word for word in CANARIES if word in jobs]


def test_the_job_done_twice_or_again_from_nothing_gives_the_same_digests(signed: Signed) -> None:
    send_referral(signed)
    index_as_worker()
    once = sorted(raw("SELECT organisation_id, case_id, kind, digest FROM beneficiaries_blindindex"), key=str)
    index_as_worker()
    raw("DELETE FROM beneficiaries_blindindex RETURNING id")
    raw(
        "INSERT INTO beneficiaries_waiting (id, organisation_id, case_id)"
        " SELECT id, organisation_id, case_id FROM cases_participation RETURNING id"
    )
    index_as_worker()
    assert (
        sorted(raw("SELECT organisation_id, case_id, kind, digest FROM beneficiaries_blindindex"), key=str)
        == once
    )


def test_a_new_key_of_the_index_makes_other_digests_and_finds_the_same_people(
    signed: Signed, capsys: pytest.CaptureFixture[str]
) -> None:
    case = send_referral(signed)
    index_as_worker()
    digests = {bytes(row[0]) for row in raw("SELECT digest FROM beneficiaries_blindindex")}
    wrapped = dict(raw("SELECT organisation_id, wrapped FROM vault_indexkey"))
    with as_worker():
        assert renewal.index(renewal.Wanted(siret=organisation("CCAS").siret)) == 0
    assert "nouvelle clé d’index, 1 personne à indexer" in capsys.readouterr().out
    now = dict(raw("SELECT organisation_id, wrapped FROM vault_indexkey"))
    assert [body for body in now if now[body] != wrapped[body]] == [organisation("CCAS").id]
    ours = raw(
        "SELECT digest FROM beneficiaries_blindindex WHERE organisation_id = %s", organisation("CCAS").id
    )
    assert len(ours) == 3
    assert not {bytes(row[0]) for row in ours} & digests
    for address in (WORKER, ADVISER):
        assert found(address, **BY_NUMBER) == found(address, **BY_NAME) == [case]


def test_an_organisation_without_an_index_gets_no_new_key(signed: Signed) -> None:
    with as_worker():
        assert renew_index(organisation("CCAS").id) is None
    assert raw("SELECT 1 FROM vault_indexkey") == []


@pytest.mark.parametrize("other", [False, True])
def test_a_job_that_indexes_under_the_former_key_is_waited_for(signed: Signed, other: bool) -> None:
    """Else what it writes after the renewal would be under a key that nobody has; another's job holds up nobody."""
    send_referral(signed)
    index_as_worker()
    ours = organisation("CCAS").id
    busy = str(organisation("CPAM 42").id if other else ours)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as job, as_worker():
        job.execute("SELECT pg_advisory_xact_lock_shared(7302, hashtext(%s))", [busy])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        if other:
            assert renew_index(ours) == 1
        else:
            with pytest.raises(DatabaseError, match="lock timeout"):
                renew_index(ours)


def test_a_job_holds_the_lock_of_the_index_that_it_writes(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_referral(signed)
    held: list[int] = []

    def seen(organisation: UUID, cases: Sequence[UUID]) -> int:
        held.append(
            len(
                raw(
                    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7302 AND mode = 'ShareLock'"
                )
            )
        )
        return _index(organisation, cases)

    monkeypatch.setattr(indexing, "_index", seen)
    index_as_worker()
    assert held == [1, 1]


def test_a_person_without_a_number_is_found_by_her_name(signed: Signed) -> None:
    case = send_referral(signed, person=replace(PERSON, nir=""))
    index_as_worker()
    assert (found(ADVISER, **BY_NAME), found(ADVISER, **BY_NUMBER)) == ([case], [])


def test_one_that_does_not_open_leaves_the_list_of_work_and_keeps_nobody_from_being_found(
    signed: Signed,
) -> None:
    damaged, case = send_referral(signed), send_referral(signed)
    raw(
        "UPDATE beneficiaries_beneficiary SET identity = 'altered' WHERE case_id = %s RETURNING case_id",
        damaged,
    )
    vault().store.destroy(organisation("CCAS").id, signed.id)
    index_as_worker()
    assert raw("SELECT 1 FROM beneficiaries_waiting") == []
    assert (found(ADVISER, **BY_NUMBER), found(WORKER, **BY_NUMBER)) == ([case], [])


@pytest.mark.security
def test_the_web_neither_runs_the_job_s_functions_nor_replaces_the_key_of_an_index(signed: Signed) -> None:
    send_referral(signed)
    for act in (index_waiting, lambda: index_again(organisation("CCAS").id)):
        with pytest.raises(DatabaseError, match="permission denied"):
            act()
    with transaction.atomic(), acting(organisation=organisation("CCAS").id):
        made = vault().ensure_index_key(organisation("CCAS").id)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            vault().renew_index_key(organisation("CCAS").id)
        assert vault().ensure_index_key(organisation("CCAS").id) == made
