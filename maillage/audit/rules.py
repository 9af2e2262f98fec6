"""The chain, restated in Python so that the database is not its own judge. Pure: rows in, the first altered one out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

PLATFORM_CHAIN = UUID(int=0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """An entry as stored, with the digest that the database gave it."""

    id: UUID
    at: datetime
    organisation_id: UUID | None
    user_id: str
    verb: str
    object_type: str
    object_ref: str
    fields: str
    reason: str
    leaf: bytes


@dataclass(frozen=True)
class Link:
    """One transaction's part of a chain; a member is None where its entry is gone."""

    number: int
    previous: bytes
    digest: bytes
    members: tuple[Entry | None, ...]


@dataclass(frozen=True)
class Alteration:
    """The first place where a chain does not hold: its link, its entry if it is known, and what is wrong, in French."""

    chain: UUID
    lane: int
    number: int
    what: str
    entry: UUID | None = None


def _part(text: str | None) -> bytes:
    if text is None:
        return b"N"
    encoded = text.encode()
    return b"S" + len(encoded).to_bytes(4, "big") + encoded


def first_digest(chain: UUID, lane: int) -> bytes:
    """The digest before the first link of a chain's lane."""
    return sha256(f"{chain} {lane}".encode()).digest()


def leaf(entry: Entry) -> bytes:
    """SHA-256 over the length-prefixed fields of an entry; instants in microseconds."""
    since_epoch = entry.at - _EPOCH
    microseconds = (since_epoch.days * 86_400 + since_epoch.seconds) * 1_000_000 + since_epoch.microseconds
    organisation = None if entry.organisation_id is None else str(entry.organisation_id)
    texts = (
        organisation,
        entry.user_id,
        entry.verb,
        entry.object_type,
        entry.object_ref,
        entry.fields,
        entry.reason,
    )
    parts = [
        _part(str(entry.id)),
        microseconds.to_bytes(8, "big", signed=True),
        *(_part(text) for text in texts),
    ]
    return sha256(b"".join(parts)).digest()


def digest(previous: bytes, number: int, leaves: Sequence[bytes]) -> bytes:
    """SHA-256 over the previous digest, the link's number, how many entries it holds, and their digests."""
    return sha256(
        previous + number.to_bytes(8, "big") + len(leaves).to_bytes(4, "big") + b"".join(leaves)
    ).digest()


def first_alteration(
    chain: UUID, lane: int, links: Iterable[Link], *, end_number: int, end_digest: bytes
) -> Alteration | None:
    """Walk one lane in order of number; None when every link holds and the end is the one recorded."""
    previous, expected = first_digest(chain, lane), 1
    for link in links:
        if link.number != expected:
            return Alteration(chain, lane, expected, "un maillon manque ou a été intercalé")
        for entry in link.members:
            problem = _problem(chain, entry)
            if problem:
                return Alteration(chain, lane, link.number, problem, entry.id if entry else None)
        computed = digest(previous, link.number, [entry.leaf for entry in link.members if entry])
        if link.previous != previous or link.digest != computed:
            return Alteration(chain, lane, link.number, "le maillon a été modifié")
        previous, expected = link.digest, expected + 1
    if expected - 1 != end_number or previous != end_digest:
        return Alteration(chain, lane, expected, "la fin de la chaîne a été coupée ou récrite")
    return None


def _problem(chain: UUID, entry: Entry | None) -> str:
    if entry is None:
        return "une entrée a disparu"
    if chain != (entry.organisation_id or PLATFORM_CHAIN):
        return "une entrée a changé d’organisme"
    if entry.leaf != leaf(entry):
        return "une entrée a été modifiée"
    return ""
