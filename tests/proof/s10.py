"""S10: what is said of people is searched for in everything that a thief of the disk or of a dump would hold."""

import base64
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Identity, Told
from maillage.cases.models import Authorisation
from maillage.core import crypto
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.documents.actions import store_upload
from maillage.organisations.models import Organisation
from maillage.referrals import actions
from maillage.referrals.content import Content, Precisions, Situation
from maillage.referrals.drafts import begin
from tests.days import today
from tests.documents.builders import pdf
from tests.proof.canaries import Canary, hits, needles, searched
from tests.proof.clones import own_clone
from tests.proof.recording import Tally
from tests.security.worlds import build, member

UNITS, EACH = 25, 200


@pytest.fixture
def own_database(
    cluster: TestCluster, database_template: str, django_db_blocker: Any
) -> Iterator[tuple[DatabaseUrls, Path]]:
    """A database of this unit's own, and the directory of its files."""
    with own_clone(cluster, database_template, django_db_blocker, "s10") as urls:
        named = psycopg.conninfo.conninfo_to_dict(urls.owner)["dbname"]
        with cluster.server.connect() as superuser:
            found = superuser.execute("SELECT oid FROM pg_database WHERE datname = %s", [named]).fetchone()
        assert found is not None
        yield urls, cluster.place.data / "base" / str(found[0])


def _send(canary: Canary, authorisation: Authorisation, address: str) -> None:
    """One person described, told about, sent, drafted again, and a document named after her."""
    with member(address) as worker:
        content = Content(
            authorisation=authorisation.id,
            person=Identity(
                surname=canary.surname, given_name=canary.surname[::-1], birth_date=date(1984, 2, 28), phone=canary.phone,
                email=f"{canary.surname}@example.org", other_way=f"chez {canary.surname}", nir=canary.nir,
            ),
            situation=Situation(("cost",), f"{canary.surname} ne peut pas avancer les frais, {canary.phone}"),
            precisions=Precisions({"received_here": True}),
            told=Told(today(), "oral", recipient_named=True),
            agreement=Agreement("agreed", "all", "oral"),
        )  # fmt: skip
        draft = begin(token=uuid7(), content=content, by=worker, at=now())
        actions.send(draft=draft, by=worker, at=now())
        begin(token=uuid7(), content=replace(content), by=worker, at=now())
        file = ContentFile(pdf(), name=f"{canary.surname}.pdf")
        store_upload(file=file, organisation=worker.organisation, readers=[], by=worker, at=now())


@pytest.mark.parametrize("number", range(UNITS))
def test_a_stolen_disk_or_dump_says_nothing(
    *,
    number: int,
    own_database: tuple[DatabaseUrls, Path],
    cluster: TestCluster,
    stores: Path,
    tmp_path: Path,
    tally: Tally,
) -> None:
    urls, files = own_database
    here, _ = build()
    with transaction.atomic(), acting(organisation=here.bodies["ccas"]):
        authorisation = Authorisation.objects.get(id=here.ids["authorisation"])
    for canary in map(Canary, range(number * EACH, (number + 1) * EACH)):
        _send(canary, authorisation, here.worker)
        tally.tried += 1
    wal = cluster.place.data / "pg_wal"
    _superuser(cluster, "SELECT pg_switch_wal()")
    _, found = searched([wal])  # before the checkpoint that uses its files again
    _superuser(cluster, "CHECKPOINT")
    read, more = searched([files, wal, cluster.place.log, stores, _dump(urls, cluster, tmp_path)])
    tally.violations += found + more
    assert read > 1_000_000
    tally.controls += _plain_is_found(urls, cluster, files, tmp_path)


def _plain_is_found(urls: DatabaseUrls, cluster: TestCluster, files: Path, tmp_path: Path) -> int:
    """The control: a name written in the clear, then removed, is seen in each kind of thing that is stolen."""
    word = f"Zqxtemoin{uuid7().hex}"
    known = Organisation.objects.using("owner").order_by("id").first()
    assert known is not None
    row = Organisation.objects.using("owner").filter(pk=known.pk)
    seen: dict[str, list[str]] = {}
    for _ in range(3):  # another unit's checkpoint may take the segment away before it is read
        row.update(address="")
        row.update(address=word)
        _superuser(cluster, "SELECT pg_switch_wal()")
        seen["wal"] = searched([cluster.place.data / "pg_wal"], needles(control=word))[1]
        if seen["wal"]:
            break
    seen["dump"] = searched([_dump(urls, cluster, tmp_path)], needles(control=word))[1]
    row.update(address="")
    _superuser(cluster, "CHECKPOINT")
    seen["files"] = searched([files], needles(control=word))[1]
    assert all(seen.values()), f"the search does not see a plain name: {seen}"
    return len(seen)


def _superuser(cluster: TestCluster, statement: str) -> None:
    with cluster.server.connect() as superuser:
        superuser.execute(statement.encode())


def _dump(urls: DatabaseUrls, cluster: TestCluster, folder: Path) -> Path:
    """What the operator's backup holds: a plain dump, as the superuser."""
    with cluster.server.connect(str(psycopg.conninfo.conninfo_to_dict(urls.owner)["dbname"])) as superuser:
        target = folder / f"dump-{uuid7()}.sql"
        with target.open("wb") as dump:
            for (table,) in superuser.execute(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall():
                with superuser.cursor().copy(f"COPY {table} TO STDOUT".encode()) as rows:
                    for block in rows:
                        dump.write(bytes(block))
    return target


def test_a_ciphertext_moved_to_another_row_does_not_open(tally: Tally) -> None:
    """Tried for every pair of places where a case keeps something: AES-GCM binds a ciphertext to its row."""
    key = crypto.new_key()
    places = [crypto.place("beneficiaries_beneficiary", "identity", uuid7()) for _ in range(60)]
    for mine in places:
        sealed = crypto.encrypt(key, b"Zqxserin", at=mine)
        for other in places:
            tally.controls += other == mine
            try:
                crypto.decrypt(key, sealed, at=other)
            except crypto.DecryptionError:
                assert other != mine
            else:
                if other != mine:
                    tally.violations.append("a ciphertext opened in another place")


@pytest.mark.parametrize("disguise", ["plain", "utf-16-le", "hex", "base64+0", "base64+1", "base64+2"])
def test_the_search_sees_through_each_disguise(disguise: str, tally: Tally) -> None:
    word = f"xx{Canary(7).surname}yy"
    content = {
        "plain": word.encode(),
        "utf-16-le": word.encode("utf-16-le"),
        "hex": word.encode().hex().encode(),
        "base64+0": base64.b64encode(word.encode()),
        "base64+1": base64.b64encode(b"x" + word.encode()),
        "base64+2": base64.b64encode(b"xx" + word.encode()),
    }[disguise]
    assert hits(b"\0" * 50 + content + b"\xff" * 50)
    assert hits(b"\0" * 50 + zlib.compress(content))
    assert not hits(b"\0" * 50 + settings.SECRET_KEY.encode())
    tally.controls += 2
