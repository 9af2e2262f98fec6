"""Sealing, what an anchor shows that the database cannot, and pruning: whole, old, sealed segments and nothing else."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connections, transaction

from maillage.audit.anchors import Anchor, AnchorFault, read_anchors
from maillage.audit.models import Anchor as AnchorRow
from maillage.audit.models import Entry, Link
from maillage.audit.pruning import Altered, Pruned, prune
from maillage.audit.sealing import Sealed, seal
from maillage.audit.verification import missing_anchor, pruned, verify
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from tests.audit.test_chain import write_entries

pytestmark = pytest.mark.security
LONG_AGO = timedelta(days=400)
FORGER = ("audit_entry", "audit_link", "audit_chain", "audit_anchor", "audit_seal", "audit_pruning")


def kept() -> list[Anchor]:
    return list(read_anchors(Path(settings.ANCHORS)))


def found(at: datetime | None = None) -> list[str]:
    """What verification says with the anchors kept outside."""
    return [alteration.what for alteration in verify(anchors=kept(), at=at or now())[1]]


def forge(*statements: str) -> None:
    """What whoever has the server may do: every trigger off."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in FORGER:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount != 0, statement
        for table in FORGER:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


REWRITE = """
    DO $$ DECLARE l audit_link; BEGIN
        UPDATE audit_entry SET at = at - interval '401 days';
        UPDATE audit_entry e SET leaf = audit_leaf(e);
        FOR l IN SELECT * FROM audit_link ORDER BY chain, lane, number LOOP
            l.previous := coalesce(
                (SELECT p.digest FROM audit_link p WHERE (p.chain, p.lane, p.number) = (l.chain, l.lane, l.number - 1)),
                sha256(convert_to(l.chain || ' ' || l.lane, 'UTF8')));
            l.digest := sha256(l.previous || int8send(l.number) || int4send(cardinality(l.members)) || (
                SELECT string_agg(e.leaf, ''::bytea ORDER BY m.rank)
                  FROM unnest(l.members) WITH ORDINALITY m(id, rank) JOIN audit_entry e ON e.id = m.id));
            UPDATE audit_link o SET previous = l.previous, digest = l.digest
             WHERE (o.chain, o.lane, o.number) = (l.chain, l.lane, l.number);
            UPDATE audit_chain c SET digest = l.digest WHERE (c.chain, c.lane) = (l.chain, l.lane);
        END LOOP;
    END $$
"""


def seal_long_ago() -> Sealed:
    """A segment written and sealed 400 days ago: its entries, its anchor and what the database remembers of it."""
    forge(REWRITE)
    sealed = seal(at=now() - LONG_AGO, using="owner")
    forge("UPDATE audit_anchor SET recorded_at = at WHERE number = (SELECT max(number) FROM audit_anchor)")
    return sealed


def prune_now(at: datetime | None = None) -> Pruned:
    return prune(directory=Path(settings.ANCHORS), trusted="", at=at or now())


@pytest.fixture
def journal(fresh_database: DatabaseUrls) -> DatabaseUrls:
    write_entries(6)
    return fresh_database


def test_the_worker_seals_what_moved_and_only_that(journal: DatabaseUrls) -> None:
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT 1")
    first = seal(at=now(), using="worker")
    assert first.path is not None
    assert first.lanes == Link.objects.using("owner").values("chain", "lane").distinct().count()
    assert seal(at=now(), using="worker").path is None
    write_entries(1)
    second = seal(at=now(), using="worker")
    assert (second.lanes, [anchor.number for anchor in kept()]) == (1, [1, 2])
    assert kept()[0].retention_days == settings.JOURNAL_RETENTION_DAYS
    assert found() == []
    assert missing_anchor(kept()) == ""


def test_a_sealing_that_died_before_the_database_knew_is_taken_up(
    journal: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_arguments: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("maillage.audit.sealing._remember", dies)
        with pytest.raises(RuntimeError):
            seal(at=now(), using="owner")
    assert len(kept()) == 1
    assert not AnchorRow.objects.using("owner").exists()
    assert found() == []
    write_entries(1)
    seal(at=now(), using="owner")
    assert [row.number for row in AnchorRow.objects.using("owner").order_by("number")] == [1, 2]
    assert found() == []


def test_nothing_is_sealed_over_an_anchor_that_is_gone(journal: DatabaseUrls) -> None:
    sealed = seal(at=now(), using="owner")
    assert sealed.path is not None
    aside = sealed.path.rename(sealed.path.with_suffix(".aside"))
    write_entries(1)
    with pytest.raises(AnchorFault, match="remettez-la"):
        seal(at=now(), using="owner")
    assert "Il manque l’ancre 1" in missing_anchor(kept())
    aside.rename(sealed.path)
    assert seal(at=now(), using="owner").path is not None


RESTART = (
    "DELETE FROM audit_link WHERE (chain, lane) IN (SELECT chain, lane FROM audit_chain)",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_chain",
)
CUT = (
    "CREATE TEMPORARY TABLE cut AS SELECT l.* FROM audit_link l JOIN audit_chain c USING (chain, lane, number) WHERE c.number > 1",
    "DELETE FROM audit_entry e USING cut WHERE e.id = ANY(cut.members)",
    "DELETE FROM audit_link l USING cut WHERE (l.chain, l.lane, l.number) = (cut.chain, cut.lane, cut.number)",
    (
        "UPDATE audit_chain c SET number = l.number, digest = l.digest FROM audit_link l, cut"
        " WHERE (l.chain, l.lane, l.number) = (cut.chain, cut.lane, cut.number - 1) AND (c.chain, c.lane) = (l.chain, l.lane)"
    ),
)


@pytest.mark.parametrize(
    ("statements", "words"),
    [(RESTART, "a disparu"), (CUT, "scellée par une ancre"), ((REWRITE,), "n’est pas celui qu’une ancre")],
)
def test_what_is_cut_or_rewritten_with_its_recorded_end_is_seen_by_the_anchor_only(
    journal: DatabaseUrls, statements: tuple[str, ...], words: str
) -> None:
    seal(at=now(), using="owner")
    forge(*statements)
    assert verify()[1] == []
    assert any(words in what for what in found())


def test_an_old_segment_is_pruned_and_the_rest_still_verifies(journal: DatabaseUrls) -> None:
    seal_long_ago()
    before = Entry.objects.using("owner").count()
    write_entries(3)
    seal(at=now(), using="owner")
    done = prune_now()
    assert done == Pruned(before, 1)
    read, alterations = verify()
    assert alterations == []
    assert found() == []
    chains = {entry.organisation_id for entry in Entry.objects.using("owner").filter(verb="journal_pruned")}
    assert read == 3 + len(chains)
    assert pruned() > 0
    assert prune_now() == Pruned(0, 1)
    write_entries(2)
    seal(at=now(), using="owner")
    assert found() == []


def test_a_segment_within_its_retention_stays(journal: DatabaseUrls, settings: Any) -> None:
    settings.JOURNAL_RETENTION_DAYS = 500
    seal_long_ago()
    count = Entry.objects.using("owner").count()
    settings.JOURNAL_RETENTION_DAYS = 180  # what was sealed keeps what it was promised
    assert prune_now() == Pruned(0, 0)
    assert Entry.objects.using("owner").count() == count
    with (
        transaction.atomic(using="owner"),
        connections["owner"].cursor() as cursor,
        pytest.raises(IntegrityError),
    ):
        cursor.execute("SELECT audit_prune(1)")


def test_an_altered_journal_is_not_pruned(journal: DatabaseUrls) -> None:
    seal_long_ago()
    forge("UPDATE audit_entry SET reason = 'another' WHERE object_ref = '2'")
    with pytest.raises(Altered):
        prune_now()
    assert Entry.objects.using("owner").filter(reason="another").exists()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_pruning SET digest = sha256(digest)", "n’est pas celui"),
        ("UPDATE audit_pruning SET number = number - 1", "sans qu’aucune ancre"),
    ],
)
def test_a_forged_beginning_is_seen(journal: DatabaseUrls, statement: str, words: str) -> None:
    write_entries(6)
    seal_long_ago()
    prune_now()
    assert found() == []
    forge(statement)
    assert any(words in what for what in found())


HIDE = (
    "INSERT INTO audit_pruning (chain, lane, number, digest, transaction) SELECT chain, lane, number, digest, 0 FROM audit_chain",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_link",
)


def test_a_forger_does_not_hide_behind_a_pruning_of_her_own(journal: DatabaseUrls) -> None:
    """What was sealed yesterday, or never, and is declared pruned: nothing inside shows it, the anchors do."""
    seal(at=now(), using="owner")
    write_entries(4)
    forge(*HIDE)
    assert verify()[1] == []
    whats = found()
    assert any("avant la fin de sa conservation" in what for what in whats)
    assert any("sans qu’aucune ancre" in what for what in whats)
    assert any("avant la fin" not in what for what in found(now() + LONG_AGO))


REFUSED = {
    "a row leaves": "DELETE FROM audit_entry",
    "a link leaves": "DELETE FROM audit_link",
    "an anchor leaves": "DELETE FROM audit_anchor",
    "a seal leaves": "DELETE FROM audit_seal",
    "an anchor ages": "UPDATE audit_anchor SET recorded_at = recorded_at - interval '2 years'",
    "a seal moves": "UPDATE audit_seal SET anchor = 1",
    "an anchor out of turn": "INSERT INTO audit_anchor (number, at, retention_days, digest) VALUES (7, now(), 365, '')",
    "a late seal": "INSERT INTO audit_seal (chain, lane, number, digest, anchor)"
    " SELECT chain, lane, number + 1000, digest, 1 FROM audit_link LIMIT 1",
    "a seal of another digest": "INSERT INTO audit_seal (chain, lane, number, digest, anchor)"
    " SELECT chain, lane, number, sha256(digest), 1 FROM audit_link LIMIT 1",
    "a pruning too early": "INSERT INTO audit_pruning (chain, lane, number, digest, transaction)"
    " SELECT chain, lane, number, digest, 0 FROM audit_seal LIMIT 1",
    "a pruning of nothing sealed": "INSERT INTO audit_pruning (chain, lane, number, digest, transaction)"
    " SELECT chain, lane, number + 1000, digest, 0 FROM audit_seal LIMIT 1",
    "all anchors": "TRUNCATE audit_anchor",
    "all seals": "TRUNCATE audit_seal",
    "all prunings": "TRUNCATE audit_pruning",
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_owner_by_mistake_changes_nothing_that_is_sealed(journal: DatabaseUrls, name: str) -> None:
    seal(at=now(), using="owner")
    with psycopg.connect(journal.owner) as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(REFUSED[name].encode())


def test_an_old_row_leaves_only_in_the_transaction_of_its_pruning(journal: DatabaseUrls) -> None:
    seal_long_ago()
    for statement in (b"DELETE FROM audit_entry", b"DELETE FROM audit_link"):
        with psycopg.connect(journal.owner) as owner, pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(statement)
    prune_now()
    with psycopg.connect(journal.owner) as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(b"DELETE FROM audit_entry")


def test_no_anchor_promises_less_than_six_months(journal: DatabaseUrls, settings: Any) -> None:
    settings.JOURNAL_RETENTION_DAYS = 90
    with pytest.raises(IntegrityError, match="anchor_kept_long_enough"):
        seal(at=now(), using="owner")
