"""The chain, restated in Python so that the database is not its own judge. Pure: rows in, the first altered one out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

PLATFORM_CHAIN = UUID(int=0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ChainedEntry:
    """An entry as stored, with its link."""

    id: UUID
    at: datetime
    organisation_id: UUID | None
    user_id: str
    verb: str
    object_type: str
    object_ref: str
    fields: str
    reason: str
    chain: UUID
    number: int
    previous: bytes
    digest: bytes


@dataclass(frozen=True)
class Alteration:
    """The first place where a chain does not hold, and what is wrong there, in French."""

    chain: UUID
    number: int
    what: str


def _part(text: str | None) -> bytes:
    if text is None:
        return b"N"
    encoded = text.encode()
    return b"S" + len(encoded).to_bytes(4, "big") + encoded


def first_digest(chain: UUID) -> bytes:
    """The digest before a chain's first entry."""
    return sha256(str(chain).encode()).digest()


def digest(previous: bytes, number: int, entry: ChainedEntry) -> bytes:
    """SHA-256 over the previous digest, the number and the length-prefixed fields; instants in microseconds."""
    since_epoch = entry.at - _EPOCH
    microseconds = (since_epoch.days * 86_400 + since_epoch.seconds) * 1_000_000 + since_epoch.microseconds
    parts = [
        previous,
        number.to_bytes(8, "big"),
        _part(str(entry.id)),
        microseconds.to_bytes(8, "big", signed=True),
        _part(None if entry.organisation_id is None else str(entry.organisation_id)),
        _part(entry.user_id),
        _part(entry.verb),
        _part(entry.object_type),
        _part(entry.object_ref),
        _part(entry.fields),
        _part(entry.reason),
    ]
    return sha256(b"".join(parts)).digest()


def first_alteration(
    chain: UUID, entries: Iterable[ChainedEntry], *, end_number: int, end_digest: bytes
) -> Alteration | None:
    """Walk one chain in order of number; None when every link holds and the end is the one recorded."""
    previous, expected = first_digest(chain), 1
    for entry in entries:
        if entry.number != expected:
            return Alteration(chain, expected, "une entrée manque ou a été intercalée")
        if entry.chain != (entry.organisation_id or PLATFORM_CHAIN):
            return Alteration(chain, entry.number, "l’entrée a changé d’organisme")
        if bytes(entry.previous) != previous or digest(previous, entry.number, entry) != bytes(entry.digest):
            return Alteration(chain, entry.number, "l’entrée ou son maillon a été modifié")
        previous, expected = bytes(entry.digest), expected + 1
    if expected - 1 != end_number or previous != end_digest:
        return Alteration(chain, expected, "la fin de la chaîne a été coupée ou récrite")
    return None
