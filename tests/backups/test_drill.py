"""The drill: fill, back up, restore elsewhere, and see that everything is there, opens, and that the erased stay erased."""

from pathlib import Path

import psycopg
import pytest

from maillage.cases.queries import keys_of, visible_to
from maillage.core.database.errors import DatabaseError
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.credentials.sessions import SessionStore
from maillage.documents import storage
from maillage.vault import ledger
from maillage.vault.actions import vault
from maillage.vault.ledger import Erased
from tests.backups.drill import Place, digests, elsewhere, files, usual_place
from tests.cli.kept_world import Kept, groundwork, kept, raw, size
from tests.cli.test_keys_backup import erase
from tests.referrals.world import ADVISER, member, organisation

__all__ = ["groundwork", "kept", "size"]  # the fixtures of these tests

pytestmark = pytest.mark.security


def saved(place: Place, folder: Path, *words: str) -> Path:
    """A backup of an installation, made by the command."""
    code, said, complained = place.run("backup", str(folder), *words)
    assert (code, "relue en entier" in said) == (0, True), (said, complained)
    return folder


def test_everything_comes_back_elsewhere(
    kept: Kept, fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path
) -> None:
    here = usual_place(fresh_database)
    assert here.run("audit", "seal")[0] == 0
    before = digests(fresh_database)
    folder = saved(here, tmp_path / "backups")
    with elsewhere(cluster, tmp_path) as there:
        process = there.start("restore", str(folder))
        said, complained = process.communicate(timeout=120)
        assert (process.returncode, "La base est ouverte de nouveau" in said) == (0, True), complained
        after = digests(there.urls)
        assert after == before
        with there.here():
            kept.read()
        assert files(there.documents) == files(here.documents)
        assert files(there.anchors) == files(here.anchors)
        code, said, complained = there.run("audit", "verify")
        assert (code, "journal intact" in said) == (0, True), complained


@pytest.mark.long
def test_what_was_erased_after_a_backup_stays_erased_where_it_is_restored(
    kept: Kept, fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path
) -> None:
    """Only a newer backup, of which the database is lost, knows of the erasures: its keys and its manifest tell the older one.

    As test_the_marks_of_a_store_that_stands_erase_again_what_a_restored_database_had_forgotten, with a store that is lost too.
    """
    here = usual_place(fresh_database)
    folder = saved(here, tmp_path / "backups")
    (older,) = folder.glob("maillage-*[0-9a-f]")
    case, document, ccas = kept.cases.pop(), kept.documents.pop(), organisation("CCAS").id
    erase("case", case, ccas)
    erase("document", document, ccas)
    vault().store.destroy(ccas, kept.signed.id)
    saved(here, folder)
    with elsewhere(cluster, tmp_path) as there:
        code, said, complained = there.run("restore", str(older))
        assert (code, "1 clé rendue" in said, "3 effacements rejoués" in said) == (0, True, True), (
            said,
            complained,
        )
        with there.here():
            assert raw("SELECT DISTINCT sealed_key FROM cases_participation WHERE case_id = %s", case) == [
                (b"",)
            ]
            assert raw("SELECT wrapped_key FROM documents_document WHERE id = %s", document) == [(b"",)]
            assert not storage._path(document).exists()
            assert vault().store.destroyed() == [(ccas, kept.signed.id)]
            with member(ADVISER) as adviser:
                found = keys_of(visible_to(adviser))
            assert set(kept.cases) <= found.keys()
            assert case not in found


def test_the_marks_of_a_store_that_stands_erase_again_what_a_restored_database_had_forgotten(
    kept: Kept, fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path
) -> None:
    """The database alone was lost: the key store is the one that was in use."""
    here = usual_place(fresh_database)
    folder = saved(here, tmp_path / "backups")
    ccas = organisation("CCAS").id
    vault().store.destroy(ccas, kept.signed.id)
    with elsewhere(cluster, tmp_path) as there:
        there.keys.parent.mkdir(parents=True)
        here.keys.rename(there.keys)
        code, said, complained = there.run("restore", str(folder))
        assert (code, "1 déjà là, 1 détruite et non rendue" in said) == (0, True), (said, complained)
        with there.here():
            assert vault().store.destroyed() == [(ccas, kept.signed.id)]
            assert raw("SELECT scope, organisation_id FROM vault_erasure") == [("convention", ccas)]


@pytest.mark.long
def test_what_rooms_erase_again_is_done_before_anybody_may_come_in(
    kept: Kept,
    fresh_database: DatabaseUrls,
    cluster: TestCluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A room that fails leaves the doors closed; once it does its part they open, and nobody is signed in any more.

    For a room that fails, the doors at which test_nobody_may_be_inside_when_a_restore_begins stands.
    """
    here, case = usual_place(fresh_database), kept.cases[0]
    erase("case", case, organisation("CCAS").id)
    store = SessionStore()
    store["word"] = "essai"
    store.save()
    folder = saved(here, tmp_path / "backups")
    seen: list[tuple[list[Erased], bool]] = []

    with elsewhere(cluster, tmp_path) as there:

        def again(whole: list[Erased]) -> None:
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(there.urls.app)
            seen.append((whole, bool(vault().store.holders())))
            if len(seen) == 1:
                raise DatabaseError("une salle n’a pas pu.")

        monkeypatch.setattr(ledger, "REPLAYS", [*ledger.REPLAYS, again])
        code, said, complained = there.run("restore", str(folder))
        assert (code, said, "une salle n’a pas pu." in complained) == (1, "", True)
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(there.urls.app)
        assert there.run("restore", str(folder))[0] == 0
        assert len(seen) == 2
        for whole, had_keys in seen:
            assert [(line.scope, line.reference) for line in whole] == [("case", case)]
            assert not had_keys  # keys come back after what is erased
        with psycopg.connect(there.urls.app) as web:
            assert web.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
        with psycopg.connect(fresh_database.app) as web:
            assert web.execute("SELECT count(*) FROM django_session").fetchone() == (1,)
