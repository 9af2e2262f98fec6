"""S12: at a term, what the partner held opens nowhere any more: in the database, in files, in a backup restored elsewhere."""

import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connections

from maillage.backups.manifest import backups_in
from maillage.beneficiaries.queries import identities
from maillage.cases.queries import keys_of, visible_to
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.core.identifiers import uuid7
from maillage.documents.models import Document
from maillage.documents.sealing import SealFault
from maillage.protection.destruction.planning import plan
from maillage.rights.filing import file
from maillage.rights.preparing import add_piece, begin
from maillage.vault.actions import vault
from tests.backups.drill import Place, elsewhere, usual_place
from tests.cli.kept_world import raw
from tests.cli.keys import PROJECT, environment
from tests.conventions.people import worker_process
from tests.proof.canaries import PEOPLE, Canary, searched
from tests.proof.recording import Tally
from tests.protection.destruction.test_destroying import certificate, checked, destroyed, ended
from tests.referrals.world import ADVISER, member, organisation
from tests.rights.world import HOSPITAL, PASS, PERSON, Signed, a_pdf, content, needed, scan, sign

UNITS, PEOPLE_EACH, NEIGHBOURS, KILLS = 25, 80, 10, 6
ALONE = 8
"""One person in so many is no longer the caisse's: her papers are the partner's alone, and go with their files."""
LONGEST = 0.5  # seconds: less than destroying so many takes, on an idle machine

Reading = dict[UUID, str]


@pytest.fixture(autouse=True)
def own_stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores of this unit's own."""
    monkeypatch.setattr(settings, "KEY_STORE", tmp_path / "keys")
    monkeypatch.setattr(settings, "DOCUMENT_STORE", tmp_path / "documents")
    monkeypatch.setattr(settings, "ANCHORS", tmp_path / "anchors")
    monkeypatch.setattr(settings, "ANCHOR_KEY", tmp_path / "anchor_key")


@dataclass(frozen=True)
class Held:
    """Who was described under two conventions of the same hospital, by case: those who will be destroyed, and the neighbours."""

    signed: Signed
    other: Signed
    people: Reading
    neighbours: Reading
    alone: frozenset[UUID]
    files: frozenset[UUID]


def _described(signed: Signed, canary: Canary) -> UUID:
    """A file of rights of hers, sent with its pieces, each named after her."""
    person = replace(PERSON, surname=canary.surname, phone=canary.phone, nir=canary.nir)
    held = content(signed, "ame", person=person, words=f"{canary.surname} est joignable au {canary.phone}.")
    with member(PASS) as worker:
        made = begin(token=uuid7(), content=held, by=worker, at=now())
        for key in needed(held):
            named = scan(key, file=ContentFile(a_pdf(), name=f"{canary.surname}.pdf"))
            add_piece(preparation=made, scanned=named, by=worker, at=now())
        return file(preparation=made, by=worker, at=now())


def _held(first: int) -> Held:
    signed, other = sign(), sign()
    canaries = [Canary(first + number) for number in range(PEOPLE_EACH + NEIGHBOURS)]
    people = {_described(signed, one): one.surname for one in canaries[:PEOPLE_EACH]}
    neighbours = {_described(other, one): one.surname for one in canaries[PEOPLE_EACH:]}
    alone = frozenset(list(people)[::ALONE])
    raw(
        "UPDATE cases_participation SET sealed_key = '' WHERE role = 'recipient' AND case_id = ANY (%s) RETURNING id",
        list(alone),
    )
    files = raw("SELECT document_id FROM rights_piece WHERE case_id = ANY (%s)", list(alone))
    return Held(signed, other, people, neighbours, alone, frozenset(one for (one,) in files))


def _read(address: str, cases: Reading) -> Reading:
    """The names that somebody's organisation still opens."""
    with member(address) as someone:
        keys = keys_of(visible_to(someone).filter(case_id__in=list(cases)))
        return {case: one.surname for case, one in identities(keys).items()}


def _rows(signed: Signed) -> list[tuple[object, ...]]:
    """All that hangs on a convention of the parts, digests and documents, as the owner reads it."""
    return [
        *raw("SELECT p::text FROM cases_participation p WHERE convention_id = %s ORDER BY id", signed.id),
        *raw(
            "SELECT b::text FROM beneficiaries_blindindex b JOIN cases_case c ON c.id = b.case_id"
            " WHERE c.convention_id = %s ORDER BY b.id",
            signed.id,
        ),
        *raw(
            "SELECT d::text FROM documents_document d JOIN rights_piece r ON r.document_id = d.id"
            " JOIN cases_case c ON c.id = r.case_id WHERE c.convention_id = %s ORDER BY d.id",
            signed.id,
        ),
    ]


def _killed(urls: DatabaseUrls, after: float) -> bool:
    """The worker's process destroys, and dies so many seconds later; whether it was still at it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.proof.destroyer"],
        cwd=PROJECT,
        env=environment(
            urls, "worker", MAILLAGE_SEAL=str(settings.SEAL), MAILLAGE_ANCHORS=str(settings.ANCHORS)
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n", process.communicate()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def _destroyed_among_kills(held: Held, urls: DatabaseUrls, draw: random.Random, tally: Tally) -> None:
    """Killed again and again, the neighbours are whole and no certificate is there before all is done; then to its end."""
    before = _rows(held.other)
    ended(held.signed)
    with worker_process():
        plan(now())
    state = "planned"
    for _ in range(KILLS):
        if state == "done":
            break
        tally.tried += _killed(urls, draw.uniform(0, LONGEST))
        if _rows(held.other) != before:
            tally.violations.append("a neighbour's row changed")
        ((state, named),) = raw(
            "SELECT d.state, d.certificate_id FROM protection_destruction d JOIN organisations_organisation o"
            " ON o.id = d.organisation_id WHERE d.convention_id = %s AND o.short_name = %s",
            held.signed.id,
            HOSPITAL,
        )
        if (state == "done") != (named is not None):
            tally.violations.append(f"{state}, with the certificate {named}")
    if state != "done" and destroyed() != 1:
        tally.violations.append("what was killed does not go on")
    if _rows(held.other) != before:
        tally.violations.append("a neighbour's row changed at the end")


def _attacked(held: Held, tally: Tally, where: str) -> None:
    """What the partner, with its own keys, still opens here; the caisse and the neighbours open theirs."""
    tally.tried += len(held.people)
    tally.violations += [f"{name} opens {where}" for name in _read(PASS, held.people).values()]
    sealed = raw(
        "SELECT p.case_id FROM cases_participation p JOIN organisations_organisation o ON o.id = p.organisation_id"
        " WHERE p.convention_id = %s AND o.short_name = %s AND p.sealed_key <> ''",
        held.signed.id,
        HOSPITAL,
    )
    tally.violations += [f"a sealed key is left {where}" for _ in sealed]
    kept = {case: name for case, name in held.people.items() if case not in held.alone}
    if _read(ADVISER, held.people) != kept:
        tally.violations.append(f"the caisse does not open its own {where}")
    if _read(PASS, held.neighbours) != held.neighbours:
        tally.violations.append(f"a neighbour does not open {where}")
    left = [
        one
        for one in held.files
        if (Path(settings.DOCUMENT_STORE) / str(one)).exists()
        or Document.objects.using("owner").exclude(wrapped_key=b"").filter(pk=one).exists()
    ]
    tally.violations += [f"the file of an erased document is left {where}" for _ in left]


def _stolen(held: Held, cluster: TestCluster, place: Place, tally: Tally) -> None:
    """Every byte of the data files and of the stores is searched for the names, numbers and telephones; a plain one is found."""
    with cluster.server.connect() as superuser:
        (oid,) = superuser.execute(
            "SELECT oid FROM pg_database WHERE datname = %s", [place.database]
        ).fetchone() or (0,)
        control = Path(settings.DOCUMENT_STORE) / str(uuid7())
        control.write_text(next(iter(held.people.values())))
        superuser.execute("CHECKPOINT")
    roots = [cluster.place.data / "base" / str(oid), place.keys, place.documents]
    read, found = searched(roots, PEOPLE)
    assert read > 1_000_000
    seen = [one for one in found if one.startswith(control.name)]
    assert seen, "the search does not see a plain name"
    tally.controls += len(seen)
    tally.violations += [one for one in found if one not in seen]
    control.unlink()


def _brought_back(held: Held, keys: list[tuple[Any, ...]], tally: Tally) -> None:
    """The thief of an older dump puts its sealed keys back: without the key of the store they open nothing."""
    with connections["owner"].cursor() as owner:
        owner.executemany(
            "UPDATE cases_participation SET sealed_key = %s, until = NULL WHERE id = %s",
            [(key, part) for part, key in keys],
        )
    tally.tried += len(keys)
    tally.violations += [f"{name} opens with an older dump" for name in _read(PASS, held.people).values()]


@pytest.mark.parametrize("number", range(UNITS))
def test_nothing_of_the_partner_opens_after_the_term(
    *,
    number: int,
    fresh_database: DatabaseUrls,
    cluster: TestCluster,
    tmp_path: Path,
    tally: Tally,
) -> None:
    draw = random.Random(number)  # noqa: S311 - draws instants
    held, here = _held(number * (PEOPLE_EACH + NEIGHBOURS)), usual_place(fresh_database)
    assert _read(PASS, held.people) == held.people
    tally.controls += len(held.people)
    keys = raw(
        "SELECT p.id, p.sealed_key FROM cases_participation p WHERE p.convention_id = %s AND p.organisation_id = %s",
        held.signed.id,
        organisation(HOSPITAL).id,
    )
    assert here.run("backup", str(tmp_path / "backups"))[0] == 0
    (older,) = backups_in(tmp_path / "backups")
    _destroyed_among_kills(held, fresh_database, draw, tally)
    _attacked(held, tally, "in the database")
    _stolen(held, cluster, here, tally)
    proof = certificate(held.signed)[1]
    tally.violations += checked(proof)
    _altered(proof, draw, tally)
    assert here.run("backup", str(tmp_path / "backups"))[0] == 0  # what knows of the erasures
    with elsewhere(cluster, tmp_path) as there:
        code, _, complained = there.run("restore", str(older))
        assert code == 0, complained
        with there.here():
            _attacked(held, tally, "in a restored backup")
            tally.violations += checked(proof)
    _brought_back(held, keys, tally)
    assert checked(proof)  # the control: what came back is seen


def _altered(proof: bytes, draw: random.Random, tally: Tally) -> None:
    """One byte changed, anywhere: the seal says so."""
    for place in draw.sample(range(len(proof)), 20):
        touched = bytearray(proof)
        touched[place] ^= 1 << draw.randrange(8)
        try:
            checked(bytes(touched))
        except SealFault:
            tally.controls += 1
        else:
            tally.violations.append(f"the byte {place} of a certificate was changed unseen")


def test_what_was_not_destroyed_is_seen(fresh_database: DatabaseUrls, tally: Tally) -> None:
    """The control of the attacks: a world whose term has not come opens everywhere they look."""
    held = _held(0)
    assert vault().store.identity() is not None
    _attacked(held, tally, "before its term")
    assert len(tally.violations) >= 2 * PEOPLE_EACH + len(held.files), tally.violations[:3]
    tally.controls += len(tally.violations)
    tally.violations.clear()
    tally.tried = 0
