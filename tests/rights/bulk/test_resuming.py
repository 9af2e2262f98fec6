"""A table is imported once whatever stops it, and what is left of it is destroyed in time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.rights.bulk import acting, running, working
from maillage.rights.bulk.emptying import REMEMBERED, empty_old
from maillage.rights.models import ApplicationImport, ApplicationImportPart
from maillage.rights.renewing import reseal_preparations
from maillage.vault import renewing
from tests.conventions.people import worker_process
from tests.referrals.world import member, organisation
from tests.rights.bulk.tables import (
    begun,
    bring,
    confirm,
    csv,
    described,
    imported,
    lines,
    name,
    numbers,
    row_of,
    tried,
    worked,
    wrong,
)
from tests.rights.world import HOSPITAL, PASS, Signed


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)


def test_asked_to_stop_it_leaves_the_table_between_two_batches_and_goes_on_from_there(
    committed: Signed,
) -> None:
    table = tried(committed, csv([*lines(4), ["?"], *lines(2, first=4)]))
    confirm(table)
    asked: Iterator[bool] = iter([False, False, True])
    assert worked(lambda: next(asked)) == 0
    assert numbers(table) == ("confirmed", 4, 0, 0)
    worked()
    assert numbers(table) == ("imported", 6, 0, 1)
    assert sorted(begun()) == [2, 3, 4, 5, 7, 8]


def test_killed_in_a_batch_it_loses_that_batch_alone_and_doubles_nothing(
    committed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tried(committed, csv(lines(6)))
    confirm(table)
    begin, calls = running.begin_files, []

    def dies(*arguments: Any, **said: Any) -> None:
        begin(*arguments, **said)
        calls.append(1)
        if len(calls) == 2:
            raise MemoryError

    monkeypatch.setattr(working, "begin_files", dies)
    assert worked() == 0
    assert numbers(table) == ("confirmed", 2, 0, 0)
    assert len(begun()) == 2
    worked()
    assert numbers(table) == ("imported", 6, 0, 0)
    assert len(begun()) == 6


def test_an_error_that_comes_back_is_told_after_some_tries_and_what_was_begun_stays(
    committed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "TRIES", 3)
    begin = running.begin_files

    def dies(row: ApplicationImport, *arguments: Any, **said: Any) -> None:
        if row.done:
            raise MemoryError
        begin(row, *arguments, **said)

    table = tried(committed, csv(lines(6)))
    confirm(table)
    monkeypatch.setattr(working, "begin_files", dies)
    for stumbles in (1, 2):
        assert worked() == 0
        assert (row_of(table).state, row_of(table).stumbles) == ("confirmed", stumbles)
    assert worked() == 0
    row = row_of(table)
    assert (row.state, row.content, row.sealed) == ("refused", None, None)
    assert "erreur imprévue" in row.fault
    assert len(begun()) == 2
    assert worked() == 0


def test_a_stumble_is_forgotten_when_the_table_goes_on(
    committed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> None:
        raise MemoryError

    table = bring(committed, csv(lines(2)))
    with monkeypatch.context() as patched:
        patched.setattr(working, "read_table", dies)
        worked()
    assert row_of(table).stumbles == 1
    worked()
    name(table)
    assert row_of(table).stumbles == 0
    worked()
    assert row_of(table).state == "rehearsed"


def test_doubles_are_seen_across_a_stop(committed: Signed) -> None:
    table = bring(committed, csv([*lines(3), *lines(1)]))
    worked()
    name(table)
    asked = iter([False, True])
    worked(lambda: next(asked))
    worked()
    assert numbers(table) == ("rehearsed", 3, 0, 1)
    assert "La ligne 2 demande déjà" in wrong(table)[0].told[0]


def test_columns_named_again_try_the_whole_table_anew(committed: Signed) -> None:
    table = tried(committed, csv([*lines(3), ["?"]]))
    name(table, column_5="", column_6="other_way")
    assert numbers(table) == ("named", 0, 0, 0)
    worked()
    assert numbers(table) == ("rehearsed", 3, 0, 1)
    assert len(wrong(table)) == 1


def test_an_abandoned_table_is_destroyed_at_once_and_not_confirmed_after(committed: Signed) -> None:
    table = tried(committed, csv([*lines(1), ["?"]]))
    with member(PASS) as worker:
        stale = acting.within_reach(worker).get(id=table)
        acting.abandon(row=acting.within_reach(worker).get(id=table), by=worker, at=now())
        with pytest.raises(Refused):
            acting.confirm(row=stale, by=worker, at=now())
    row = row_of(table)
    assert (row.state, row.sealed, row.content, row.described) == ("abandoned", None, None, None)
    assert not ApplicationImportPart.objects.using("owner").exists()


def test_an_imported_table_gives_up_its_file_and_later_its_wrong_lines(committed: Signed) -> None:
    table = imported(committed, csv([*lines(1), ["?"]]))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT content IS NULL, sealed IS NULL FROM rights_applicationimport")
        assert cursor.fetchone() == (True, False)
    assert len(wrong(table)) == 1
    with worker_process():
        assert empty_old(at=now(), days=30) == 0
        assert empty_old(at=now() + timedelta(days=31), days=30) == 1
        assert empty_old(at=now() + timedelta(days=31), days=30) == 0
    row = row_of(table)
    assert (row.state, row.created, row.emptied_at is None) == ("imported", 1, False)
    assert not ApplicationImportPart.objects.using("owner").exists()


@pytest.mark.parametrize(("confirmed", "state"), [(False, "abandoned"), (True, "refused")])
def test_a_table_that_nobody_finishes_ends_and_is_destroyed(
    committed: Signed, confirmed: bool, state: str
) -> None:
    table = tried(committed, csv(lines(1)))
    if confirmed:
        confirm(table)
    with worker_process():
        assert empty_old(at=now() + timedelta(days=31), days=30) == 1
    assert row_of(table).state == state
    assert worked() == 0


def test_the_author_destroys_what_is_left_to_correct(committed: Signed) -> None:
    table = imported(committed, csv([*lines(1), ["?"]]))
    with member(PASS) as worker:
        for _ in range(2):
            acting.forget_wrong(row=acting.within_reach(worker).get(id=table), by=worker, at=now())
    assert row_of(table).emptied_at is not None


def test_a_digest_is_forgotten_once_its_line_is_too_old_to_be_imported(committed: Signed) -> None:
    imported(committed, csv(lines(2)))
    with connections["owner"].cursor() as cursor, worker_process():
        empty_old(at=now() + REMEMBERED - timedelta(days=2), days=30)
        cursor.execute("SELECT count(*) FROM rights_importedline")
        assert cursor.fetchone() == (2,)
        empty_old(at=now() + REMEMBERED + timedelta(days=2), days=30)
        cursor.execute("SELECT count(*) FROM rights_importedline")
        assert cursor.fetchone() == (0,)


def test_a_new_key_pair_takes_tables_and_memory_along(committed: Signed) -> None:
    table, body = tried(committed, csv([*lines(1), ["?"]])), organisation(HOSPITAL).id
    with worker_process():
        assert renewing.renew_pair(body)
        retired = renewing.retired_pairs(body)
        assert renewing.forget_pairs(body) == len(retired) == 1
        assert reseal_preparations(body, pairs=retired).changed == 2
        assert renewing.forget_pairs(body) == 0
    assert described(table).name == "dossiers.csv"
    assert len(wrong(table)) == 1
    confirm(table)
    worked()
    assert numbers(table) == ("imported", 1, 0, 1)
