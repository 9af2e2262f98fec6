"""Keys renewed while others write and read, by a process killed in the middle: nobody notices, and nothing is left behind."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from maillage.beneficiaries.queries import identities
from maillage.cases.queries import reading, visible_to
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.referrals.drafts import begin
from maillage.referrals.drafts import keep as save
from maillage.vault.actions import vault
from maillage.vault.store import KeyDestroyed
from tests.cli.kept_world import Kept, keep, pairs_of, raw, sealed_to
from tests.cli.keys import Ended, ended, keys, kill_after, let_go, other_master_key, poise
from tests.referrals.world import ADVISER, WORKER, complete, member, organisation, write_draft

pytestmark = pytest.mark.security


@dataclass
class Busy:
    """People at work: what they wrote, and what went wrong for them."""

    kept: Kept
    sent: int = 0
    read: int = 0
    wrong: list[BaseException] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        """Send a referral, begin a draft and save another one again."""
        self.kept.send()
        self.kept.drafts.append(write_draft(self.kept.signed))
        content = complete(self.kept.signed.authorisation().id)
        with member(WORKER) as worker:
            save(draft=self.kept.drafts[0], content=content, by=worker, at=now())
        self.sent += 1

    def look(self) -> None:
        """Read all that was there at the beginning, as each side."""
        self.kept.read()
        self.read += 1


@contextmanager
def at_work(kept: Kept) -> Iterator[Busy]:
    """Two who write and one who reads, until the block ends; what they could not do fails the test."""
    busy = Busy(kept)
    first = deepcopy(kept)  # what is there at the beginning
    reader = Busy(first)

    def go_on(act: Callable[[], None]) -> None:
        try:
            while not busy.stop.is_set():
                act()
                time.sleep(0.02)
        except BaseException as error:  # noqa: BLE001 - told below
            busy.wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go_on, args=(act,)) for act in (busy.write, busy.write, reader.look)]
    for thread in threads:
        thread.start()
    try:
        yield busy
    finally:
        busy.stop.set()
        for thread in threads:
            thread.join(60)
    assert busy.wrong == []
    assert busy.sent > 0
    assert reader.read > 0


def test_a_rotation_killed_among_writers_is_resumed(fresh_database: DatabaseUrls) -> None:
    kept = keep(cases=3)
    former, siret = pairs_of("CCAS")[0], organisation("CCAS").siret
    killed = poise(fresh_database, "rotate", "pairs", "--siret", siret, "--batch", "1")
    with at_work(kept):
        kill_after(let_go(killed), lines=1)
    code, said, complained = keys(fresh_database, "rotate", "pairs", "--siret", siret)
    assert (code, "reprise de la rotation commencée" in said) == (0, True), complained
    kept.read()
    used, halves = pairs_of("CCAS")
    assert used == halves != former
    assert sealed_to("CCAS") == {used[0].bytes}


@pytest.mark.long
@pytest.mark.parametrize("kind", ["pairs", "store", "cases"])
def test_a_rotation_killed_among_writers_and_readers_is_resumed_and_leaves_nothing_behind(
    fresh_database: DatabaseUrls, kind: str
) -> None:
    """Each kind, resumed among them too: test_a_rotation_killed_among_writers_is_resumed is the shorter one."""
    kept = keep(cases=8)
    ccas = organisation("CCAS")
    holder = (ccas.id, kept.signed.id)
    former = {"pairs": pairs_of("CCAS")[0], "store": vault().store.key(*holder)}
    begun = now().isoformat()
    only = ("--made-before", begun) if kind == "cases" else ()
    words = ("rotate", kind, "--siret", ccas.siret, "--batch", "2", *only)
    first, second = poise(fresh_database, *words), poise(fresh_database, *words)
    with at_work(kept) as busy:
        kill_after(let_go(first), lines=1)
        code, said, complained = ended(let_go(second))
        assert code == 0, complained
        if kind == "pairs":
            assert "reprise de la rotation commencée" in said
    kept.read()
    assert busy.sent > 0
    if kind == "pairs":
        used, halves = pairs_of("CCAS")
        assert used == halves != former["pairs"]
        assert sealed_to("CCAS") == {used[0].bytes}
    if kind == "store":
        assert vault().store.being_renewed() == []
        assert vault().store.key(*holder) != former["store"]
    if kind == "cases":
        old = "SELECT count(*) FROM cases_participation WHERE key_made_at < %s AND until IS NULL AND case_id <> %s"
        assert raw(old, begun, kept.ended) == [(0,)]


@pytest.mark.long
def test_a_master_rotation_killed_among_writers_is_resumed(
    fresh_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As test_a_rotation_killed_among_writers_is_resumed; the key itself is test_keys_rotate.py's."""
    kept = keep(cases=4)
    former, new = settings.MASTER_KEY, other_master_key()
    monkeypatch.setattr(settings, "MASTER_KEY", new)
    monkeypatch.setattr(settings, "MASTER_KEY_FORMER", former)
    both = {"MAILLAGE_MASTER_KEY": new, "MAILLAGE_MASTER_KEY_FORMER": former}
    first = poise(fresh_database, "rotate", "master", "--batch", "1", **both)
    second = poise(fresh_database, "rotate", "master", **both)
    with at_work(kept):
        kill_after(let_go(first), lines=1)
        code, _, complained = ended(let_go(second))
        assert code == 0, complained
    monkeypatch.setattr(settings, "MASTER_KEY_FORMER", "")
    kept.read()


@contextmanager
def late_writer(kept: Kept, urls: DatabaseUrls) -> Iterator[Future[Ended]]:
    """A draft is sealed, and not committed before the block ends: another thread rotates its pair meanwhile."""
    content, siret = complete(kept.signed.authorisation().id), organisation("CCAS").siret
    with ThreadPoolExecutor(1) as meanwhile, member(WORKER) as worker:
        kept.drafts.append(begin(token=uuid7(), content=content, by=worker, at=now()))
        yield meanwhile.submit(keys, urls, "rotate", "pairs", "--siret", siret)


def is_waited_for() -> bool:
    """Whether somebody waits for the lock of those who seal."""
    return raw("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7203 AND NOT granted") != []


def test_a_rotation_waits_for_whoever_has_sealed_and_not_committed(fresh_database: DatabaseUrls) -> None:
    kept = keep(cases=1)
    with late_writer(kept, fresh_database) as rotation:
        patience = time.monotonic() + 60
        while not is_waited_for() and time.monotonic() < patience:
            time.sleep(0.05)
        assert is_waited_for()
        assert not rotation.done()
    assert rotation.result()[0] == 0
    kept.read()
    assert len(pairs_of("CCAS")[1]) == 1


def test_without_its_lock_a_late_writer_is_left_behind(fresh_database: DatabaseUrls) -> None:
    """The control: the test above sees what the lock is for."""
    kept = keep(cases=1)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION sealing_keys(bodies uuid[]) RETURNS SETOF vault_publickey LANGUAGE sql AS"
            " 'SELECT * FROM vault_publickey k WHERE k.organisation_id = ANY(bodies) AND k.retired_at IS NULL'"
        )
    with late_writer(kept, fresh_database) as rotation:
        assert rotation.result(60)[0] == 0  # it did not wait for the writer
    with pytest.raises(KeyDestroyed):
        kept.read()


def test_readers_of_a_list_read_before_a_renewal_read_again(fresh_database: DatabaseUrls) -> None:
    """Rows read, keys renewed and former ones gone, then opened: what a page does in the middle of a rotation."""
    kept = keep(cases=2)
    for kind in ("pairs", "store", "cases"):
        with (
            transaction.atomic(),
            acting(organisation=organisation("CPAM 42").id),
            member(ADVISER) as adviser,
        ):
            parts = list(visible_to(adviser))
            with ThreadPoolExecutor(1) as elsewhere:
                assert elsewhere.submit(keys, fresh_database, "rotate", kind).result()[0] == 0
            assert set(kept.cases) <= reading(parts, identities).keys(), kind
