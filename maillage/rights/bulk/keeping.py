"""What a table holds, encrypted with a key of its own, itself sealed to its organisation; and what imports remember for the next one.

A new key pair of the organisation so seals a few bytes again, never a file.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from maillage.core import crypto
from maillage.core.identifiers import uuid7
from maillage.rights.importing.columns import LABELS
from maillage.rights.models import ApplicationImport, ApplicationImportPart, ImportMemory
from maillage.vault.actions import vault
from maillage.vault.store import KeyDestroyed

_LEVEL: Final = 6  # of zlib
_MOST_TITLES: Final = 400


@dataclass(frozen=True, slots=True)
class Described:
    """The file as it was sent: its name, how it is written (in French), its titles, and the first line under them as it reads."""

    name: str
    told: str = ""
    header: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line to correct: its number, its cells as they were read, what is wrong with it."""

    line: int
    cells: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """The key of the digests of an organisation's lines, and the field that each title meant last time."""

    key: bytes
    titles: Mapping[str, str]


def key_place(table: UUID) -> bytes:
    """Where the sealed key of a table belongs."""
    return crypto.place("rights_applicationimport", "sealed", table)


def memory_place(memory: UUID) -> bytes:
    """Where what imports remember belongs."""
    return crypto.place("rights_importmemory", "sealed", memory)


def sealed_key(key: bytes, *, table: UUID, organisation: UUID) -> bytes:
    """A table's key, in the transaction that writes it. Raises NoKeyPair."""
    return vault().seal_for_self(key, organisation=organisation, at=key_place(table))


def key_of(row: ApplicationImport) -> bytes:
    """The key of a table that was not destroyed; raises KeyDestroyed."""
    if row.sealed is None:
        raise KeyDestroyed(str(row.id))
    try:
        return vault().open_for_self(bytes(row.sealed), at=key_place(row.id))
    except KeyDestroyed:  # its pair was renewed since it was read: it is sealed to the new one by now
        sealed = ApplicationImport.objects.values_list("sealed", flat=True).get(id=row.id)
        return vault().open_for_self(bytes(sealed or b""), at=key_place(row.id))


def encrypted_file(content: bytes, *, key: bytes, table: UUID) -> bytes:
    """A file, compressed before it is encrypted."""
    return crypto.encrypt(key, zlib.compress(content, _LEVEL), at=_place("content", table))


def file_of(row: ApplicationImport, *, key: bytes) -> bytes:
    """The file as it was sent; it is read from the database here, where lists leave it."""
    return zlib.decompress(crypto.decrypt(key, bytes(row.content or b""), at=_place("content", row.id)))


def encrypted_description(described: Described, *, key: bytes, table: UUID) -> bytes:
    """What is said of a file."""
    return crypto.encrypt(key, json.dumps(asdict(described)).encode(), at=_place("described", table))


def description_of(row: ApplicationImport, *, key: bytes) -> Described:
    """The same, opened."""
    raw = json.loads(crypto.decrypt(key, bytes(row.described or b""), at=_place("described", row.id)))
    return Described(raw["name"], raw["told"], tuple(raw["header"]), tuple(raw.get("first", ())))


def part_of(
    row: ApplicationImport, wrong: Iterable[Wrong], *, number: int, key: bytes
) -> ApplicationImportPart:
    """The wrong lines of a batch, encrypted; not saved."""
    part = uuid7()
    kept = json.dumps([[one.line, one.cells, one.told] for one in wrong]).encode()
    return ApplicationImportPart(
        id=part,
        organisation_id=row.organisation_id,
        of=row,
        number=number,
        wrong=crypto.encrypt(key, zlib.compress(kept, _LEVEL), at=_part_place(part)),
    )


def wrong_lines_of(row: ApplicationImport, *, key: bytes) -> Iterator[Wrong]:
    """The lines to correct of the last reading, in the order of the file, some hundreds at a time in memory."""
    parts = ApplicationImportPart.objects.filter(of=row).order_by("number")
    for part in parts.iterator(chunk_size=1):
        kept = zlib.decompress(crypto.decrypt(key, bytes(part.wrong), at=_part_place(part.id)))
        for line, cells, told in json.loads(kept):
            yield Wrong(line, tuple(cells), tuple(told))


def memory_of(organisation: UUID, *, for_update: bool = False) -> Memory:
    """What its imports remember, begun the first time; in a transaction."""
    return _opened(_memory(organisation, for_update=for_update))


def remember(organisation: UUID, titles: Mapping[str, str]) -> None:
    """Keep what each title meant; of too many, the last ones."""
    row = _memory(organisation, for_update=True)
    known = _opened(row)
    former = {title: field for title, field in known.titles.items() if title not in titles}
    kept = dict([*former.items(), *titles.items()][-_MOST_TITLES:])
    row.sealed = _sealed(Memory(known.key, kept), row)
    row.save(update_fields=["sealed"])


def _memory(organisation: UUID, *, for_update: bool) -> ImportMemory:
    rows = ImportMemory.objects.filter(organisation=organisation)
    rows = rows.select_for_update() if for_update else rows
    found = rows.first()
    if found is None:
        new = ImportMemory(id=uuid7(), organisation_id=organisation)
        new.sealed = _sealed(Memory(crypto.new_key(), {}), new)
        ImportMemory.objects.bulk_create([new], ignore_conflicts=True)
        found = rows.get()
    return found


def _sealed(memory: Memory, row: ImportMemory) -> bytes:
    kept: dict[str, Any] = {"key": memory.key.hex(), "titles": dict(memory.titles)}
    return vault().seal_for_self(
        json.dumps(kept).encode(), organisation=row.organisation_id, at=memory_place(row.id)
    )


def _opened(row: ImportMemory) -> Memory:
    try:
        kept = vault().open_for_self(bytes(row.sealed), at=memory_place(row.id))
    except KeyDestroyed:
        row.refresh_from_db(fields=["sealed"])
        kept = vault().open_for_self(bytes(row.sealed), at=memory_place(row.id))
    raw = json.loads(kept)
    known = {title: field for title, field in raw["titles"].items() if not field or field in LABELS}
    return Memory(bytes.fromhex(raw["key"]), known)


def _place(column: str, table: UUID) -> bytes:
    return crypto.place("rights_applicationimport", column, table)


def _part_place(part: UUID) -> bytes:
    return crypto.place("rights_applicationimportpart", "wrong", part)
