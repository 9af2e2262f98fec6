"""What renewals share: trying again after a deadlock and after nothing else, and not waiting for ever for who seals."""

import threading

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import AdminShutdown, DeadlockDetected

from maillage.core.row_security import acting
from maillage.vault import renewing
from maillage.vault.actions import OutsideTransaction, public_keys
from maillage.vault.renewing import Done, StillSealing, await_sealers, in_batches, retried
from tests.beneficiaries.jobs import as_worker
from tests.referrals.world import organisation


def failing(cause: Exception, times: int) -> list[Exception]:
    errors: list[Exception] = []
    for _ in range(times):
        error = OperationalError(str(cause))
        error.__cause__ = cause
        errors.append(error)
    return errors


def test_a_deadlock_is_tried_again_and_nothing_else_is() -> None:
    left = failing(DeadlockDetected(), 3)

    def step() -> str:
        if left:
            raise left.pop()
        return "done"

    assert retried(step) == "done"
    left = failing(AdminShutdown(), 1)
    with pytest.raises(OperationalError):
        retried(step)
    left = failing(DeadlockDetected(), 10)
    with pytest.raises(OperationalError):
        retried(step)


def test_rows_are_cut_into_batches_and_counts_add_up() -> None:
    assert [list(batch) for batch in in_batches(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert list(in_batches([], 2)) == []
    assert Done(1, 2) + Done(3) == Done(4, 2)


def test_nothing_is_sealed_outside_a_transaction(fresh_database: object) -> None:
    with pytest.raises(OutsideTransaction):
        public_keys(organisation("CCAS").id)


def test_a_transaction_that_seals_and_never_ends_stops_the_renewal_not_the_others(
    fresh_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "_TRIES", 2)
    monkeypatch.setattr(renewing, "_PATIENCE", "100ms")
    ccas, cpam = organisation("CCAS").id, organisation("CPAM 42").id
    sealing, over = threading.Event(), threading.Event()

    def seal() -> None:
        with transaction.atomic(), acting(organisation=ccas):
            public_keys(ccas)
            sealing.set()
            over.wait(30)
        connection.close()

    thread = threading.Thread(target=seal)
    thread.start()
    assert sealing.wait(30)
    try:
        with as_worker():
            with pytest.raises(StillSealing):
                await_sealers(ccas)
            await_sealers(cpam)
    finally:
        over.set()
        thread.join()
    with as_worker():
        await_sealers(ccas)
