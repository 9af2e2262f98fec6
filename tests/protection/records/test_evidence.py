"""The evidence folder of a convention: all that its organisation may show, its digests true, no case and nobody who is helped."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from openpyxl import load_workbook

from maillage.audit.anchors import parsed, written
from maillage.audit.reporting import intact
from maillage.audit.sealing import seal
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.core.clock import now
from maillage.protection.breaches.notifications import reference
from maillage.protection.records.bundling import bundle
from maillage.protection.records.evidence import provable
from maillage.protection.records.folder import Asked
from maillage.protection.records.journal_state import journal_state
from tests.documents.reading import words_of
from tests.protection.authorisations.files import answered, asked
from tests.protection.breaches.files import reported
from tests.protection.destruction.test_destroying import destroyed, ended
from tests.referrals.world import member
from tests.rights.world import CANARIES, PASS, Signed, send, sign, text

CAISSE_DPO, HOSPITAL_ADMIN, STRANGER = (
    "dpo@cpam.example.org",
    "admin@hopital.example.org",
    "admin@villexemple.example.org",
)


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    return sign()


def folder(address: str, convention: UUID) -> dict[str, bytes]:
    """The files of somebody's folder."""
    with member(address) as by:
        known = load(visible_to(by).get(pk=convention))
        with bundle(Asked(known, by, now(), lambda verb, kind: (verb, kind))) as made:
            content = made.read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def cells(book: bytes) -> list[tuple[str, ...]]:
    """Every line of a workbook."""
    opened = load_workbook(io.BytesIO(book))
    return [tuple(str(cell.value or "") for cell in row) for sheet in opened for row in sheet.iter_rows()]


def test_the_folder_holds_what_it_says_and_its_digests_are_true(committed: Signed) -> None:
    send(committed)
    answered(asked(committed.id, by=HOSPITAL_ADMIN, regime=text().protection[0].key))
    found = folder(HOSPITAL_ADMIN, committed.id)
    assert list(found) == [
        "texte-signe.pdf", "texte-signe.json", "signatures-et-avenants.xlsx", "personnes-autorisees.xlsx", "journal.xlsx",
        "audits-et-controles.pdf", "violations.xlsx", "autorisations.xlsx",
       "destructions.xlsx", "registre-des-traitements.pdf", "index.pdf", "manifeste.json",
    ]  # fmt: skip
    manifest = json.loads(found["manifeste.json"])
    told = {one["name"]: (one["sha256"], one["size"]) for one in manifest["fichiers"]}
    assert told == {
        name: (sha256(content).hexdigest(), len(content))
        for name, content in found.items()
        if name != "manifeste.json"
    }
    index = words_of(found["index.pdf"]).replace(" ", "")
    assert all(digest in index for name, (digest, _) in told.items() if name != "index.pdf")
    (line,) = cells(found["autorisations.xlsx"])[1:]
    assert {"Hébergeur d’Exemple (France)", "En vigueur", "annexe 1-4"} <= set(line)
    assert line[-1].startswith("CPAM de la Loire autorise, ")
    assert line[-1].endswith(" : Hébergement en France seulement.")
    assert cells(found["violations.xlsx"])[1][0] == "Rien à ce jour"
    people = cells(found["personnes-autorisees.xlsx"])
    assert any("Administrateur" in cell for row in people for cell in row)
    record = words_of(found["registre-des-traitements.pdf"])
    assert "Comme sous-traitant" in record
    assert "Fonctionnement de Maillage" not in record


def test_a_breach_is_named_as_on_its_page(committed: Signed) -> None:
    row = reported(committed.id, by=PASS)
    (line,) = cells(folder(HOSPITAL_ADMIN, committed.id)["violations.xlsx"])[1:]
    assert line[0] == reference(row.pk)


def test_of_other_parties_it_tells_a_number_alone(committed: Signed) -> None:
    found = folder(HOSPITAL_ADMIN, committed.id)
    people = cells(found["personnes-autorisees.xlsx"])
    with member(CAISSE_DPO) as dpo:
        theirs = dpo.user_name
    everything = " ".join(cell for row in people for cell in row)
    assert theirs not in everything
    counts = [row for row in people if len(row) == 2 and row[1].isdigit()]
    assert len(counts) == 2
    assert all(int(row[1]) > 0 for row in counts)
    with member(STRANGER), connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM protection_people(%s)", [committed.id])
        assert cursor.fetchall() == []


def test_nobody_who_is_helped_is_in_any_file(committed: Signed) -> None:
    case = send(committed)
    for address in (HOSPITAL_ADMIN, CAISSE_DPO):
        for name, content in folder(address, committed.id).items():
            texts = [content, *_inside(name, content)]
            for canary in (*CANARIES, str(case), "Hospitalisée depuis lundi"):
                assert not any(canary.encode() in one for one in texts), (name, canary)


def _inside(name: str, content: bytes) -> list[bytes]:
    """What a reader sees of it: the parts of a workbook, the words of a PDF."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [archive.read(one) for one in archive.namelist()]
    return [words_of(content).encode()] if name.endswith(".pdf") else []


def test_a_certificate_of_destruction_is_in_it(committed: Signed) -> None:
    send(committed)
    ended(committed)
    assert destroyed() == 1
    found = folder(CAISSE_DPO, committed.id)
    assert found["certificats/destruction-hospital.pdf"].startswith(b"%PDF-")
    assert any("Détruites" in cell for row in cells(found["destructions.xlsx"]) for cell in row)


def test_only_whoever_watches_over_the_data_of_a_party_has_one(committed: Signed) -> None:
    with member(PASS) as worker:
        known = load(visible_to(worker).get(pk=committed.id))
        assert not provable(worker)
        with pytest.raises(PermissionDenied):
            bundle(Asked(known, worker, now(), lambda verb, kind: (verb, kind)))
    with member(STRANGER) as stranger:
        assert committed.id not in {one.pk for one in provable(stranger)}
    with member(HOSPITAL_ADMIN) as admin:
        assert [one.pk for one in provable(admin)] == [committed.id]


def test_the_journal_is_verified_and_an_altered_entry_is_seen(committed: Signed) -> None:
    send(committed)
    with member(HOSPITAL_ADMIN) as admin:
        mine = admin.organisation
        state = journal_state(mine, now())
    assert state.faults == ()
    assert state.entries == sum(one.count for one in state.counts) > 0
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE audit_entry SET reason = 'autre' WHERE id ="
            " (SELECT id FROM audit_entry WHERE organisation_id = %s ORDER BY at LIMIT 1)",
            [mine],
        )
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    with member(HOSPITAL_ADMIN):
        (fault,) = journal_state(mine, now()).faults
    assert "une entrée a été modifiée" in fault
    found = folder(HOSPITAL_ADMIN, committed.id)
    assert any("Altération trouvée" in cell for row in cells(found["journal.xlsx"]) for cell in row)


def test_anchors_are_read_and_their_signatures_verified(committed: Signed) -> None:
    send(committed)
    sealed = seal(at=now(), using="owner")
    with member(HOSPITAL_ADMIN) as admin:
        mine = admin.organisation
        state = journal_state(mine, now())
    assert state.faults == ()
    assert state.key == sealed.public_key
    assert state.report[-2].startswith("1 ancre concorde, jusqu’au ")
    assert state.report[-1] == f"journal intact : {state.entries} entrées vérifiées"
    said = words_of(folder(HOSPITAL_ADMIN, committed.id)["audits-et-controles.pdf"])
    assert sealed.public_key in said.replace(" ", "")
    assert "À regarder" not in said


TOUCHED: dict[str, tuple[Callable[[Path], object], str]] = {
    "modified": (lambda path: path.write_bytes(path.read_bytes().replace(b"365", b"180")), "signature"),
    "gone": (lambda path: path.unlink(), "Il manque l’ancre 1"),
    "forged": (lambda path: path.write_bytes(forged(path)), "n’est pas celle qui a été scellée ici"),
}


def forged(path: Path) -> bytes:
    """The same anchor, signed by whoever has another key."""
    one = parsed(path.read_bytes(), name=path.name)
    return written(replace(one, digest=b""), Ed25519PrivateKey.generate())


@pytest.mark.parametrize("name", TOUCHED)
def test_an_anchor_that_was_touched_is_told_in_the_folder(name: str, committed: Signed) -> None:
    sealed = seal(at=now(), using="owner")
    assert sealed.path is not None
    touch, words = TOUCHED[name]
    touch(sealed.path)
    with member(HOSPITAL_ADMIN) as admin:
        (fault,) = journal_state(admin.organisation, now()).faults
    assert words in fault
    found = folder(HOSPITAL_ADMIN, committed.id)
    assert any("Altération trouvée" in cell for row in cells(found["journal.xlsx"]) for cell in row)
    assert "À regarder" in words_of(found["audits-et-controles.pdf"])


def test_a_lane_cut_after_the_anchor_is_seen_in_ones_own_journal(committed: Signed) -> None:
    """With the database's own memory of the seal rewritten too: the file outside remembers."""
    with member(HOSPITAL_ADMIN) as admin:
        mine = admin.organisation
    sealed = seal(at=now(), using="owner")
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        for table in ("audit_chain", "audit_link", "audit_entry", "audit_seal", "audit_anchor"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in ("audit_chain", "audit_link", "audit_seal"):
            cursor.execute(f"DELETE FROM {table} WHERE chain = %s", [mine])  # noqa: S608 - the test's own words
        cursor.execute("DELETE FROM audit_entry WHERE organisation_id = %s", [mine])
        for table in ("audit_chain", "audit_link", "audit_entry", "audit_seal", "audit_anchor"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert sealed.path is not None
    with member(HOSPITAL_ADMIN):
        state = journal_state(mine, now())
    assert any("une voie scellée par une ancre a disparu" in one for one in state.faults)


def test_the_hours_of_an_anchor_are_those_of_whoever_reads() -> None:
    until = datetime(2026, 7, 1, 22, 5, tzinfo=UTC)
    (there, _), (here, _) = (
        intact(3, anchors=1, until=until, pruned=0, zone=zone) for zone in (UTC, ZoneInfo("Europe/Paris"))
    )
    assert there.endswith("jusqu’au 01/07/2026 à 22:05 UTC")
    assert here.endswith("jusqu’au 02/07/2026 à 00:05")
