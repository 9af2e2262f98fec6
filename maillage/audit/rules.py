"""The chain, restated in Python so that the database is not its own judge. Pure: rows in, the first altered one out.

A million rows pass here in seconds: entries stay the bytes that PostgreSQL sent, and their digests are made of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

PLATFORM_CHAIN = UUID(int=0)
SHORTEST_RETENTION = (
    180  # days: the CNIL wants such a journal kept six to twelve months (délibération 2021-122)
)
_SINCE_1970 = 946_684_800_000_000  # microseconds from the Unix epoch to PostgreSQL's, 2000-01-01
_PREFIXES = tuple(b"S" + length.to_bytes(4, "big") for length in range(4097))


class Stored(NamedTuple):
    """An entry as stored, its id and texts in UTF-8; `at` is PostgreSQL's eight bytes, microseconds since 2000."""

    id: bytes
    at: bytes
    organisation: bytes | None
    user: bytes
    verb: bytes
    object_type: bytes
    object_ref: bytes
    fields: bytes
    reason: bytes
    leaf: bytes


class Member(NamedTuple):
    """One entry's place in a chain: its link, its rank there among `size`; its leaf is None where the entry is gone."""

    chain: bytes
    lane: int
    number: int
    previous: bytes
    digest: bytes
    rank: int
    size: int
    id: bytes
    organisation: bytes | None
    leaf: bytes | None


@dataclass(frozen=True)
class Lane:
    """Where one lane of a chain begins and ends, and the digests that anchors kept elsewhere give to some of its numbers.

    It begins after number 0, or after the last number of the segments that were pruned.
    """

    chain: UUID
    lane: int
    end_number: int
    end_digest: bytes
    start_number: int = 0
    start_digest: bytes = b""
    anchored: Mapping[int, bytes] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Alteration:
    """The first place where a chain does not hold: its link, its entry if it is known, and what is wrong, in French."""

    chain: UUID
    lane: int
    number: int
    what: str
    entry: UUID | None = None


def first_digest(chain: UUID, lane: int) -> bytes:
    """The digest before the first link of a chain's lane."""
    return sha256(f"{chain} {lane}".encode()).digest()


def part(text: bytes | None) -> bytes:
    """One field of a digest: its length before it, and NULL apart from the empty text."""
    if text is None:
        return b"N"
    return b"S" + len(text).to_bytes(4, "big") + text


def leaf(entry: Stored) -> bytes:
    """SHA-256 over the length-prefixed fields of an entry; instants in microseconds since 1970. Raises OverflowError."""
    since = (int.from_bytes(entry.at, "big", signed=True) + _SINCE_1970).to_bytes(8, "big", signed=True)
    organisation = None if entry.organisation is None else str(UUID(bytes=entry.organisation)).encode()
    texts = (organisation, *entry[3:9])
    return sha256(part(entry.id) + since + b"".join(part(text) for text in texts)).digest()


def digest(previous: bytes, number: int, leaves: Sequence[bytes]) -> bytes:
    """SHA-256 over the previous digest, the link's number, how many entries it holds, and their digests."""
    return sha256(
        previous + number.to_bytes(8, "big") + len(leaves).to_bytes(4, "big") + b"".join(leaves)
    ).digest()


def first_alteration(
    lane: Lane, members: Iterable[Member], altered: Collection[bytes] = ()
) -> Alteration | None:
    """Walk one lane in order of number and rank; None when every link holds, as the anchors have it, to the end recorded.

    `altered` are the entries that `altered_entries` found.
    """
    chain, anchored = lane.chain, lane.anchored
    own = None if chain == PLATFORM_CHAIN else chain.bytes
    previous = lane.start_digest if lane.start_number else first_digest(chain, lane.lane)
    expected, leaves = lane.start_number + 1, list[bytes]()
    for _, _, number, before, after, rank, size, key, organisation, stored in members:
        if number != expected:
            return Alteration(chain, lane.lane, expected, "un maillon manque ou a été intercalé")
        if stored is None or organisation != own or key in altered:
            wrong = _entry_problem(stored, is_own=organisation == own)
            return Alteration(chain, lane.lane, number, wrong, UUID(bytes=key) if stored else None)
        leaves.append(stored)
        if rank < size:  # more entries of this link to come
            continue
        if before != previous or after != digest(previous, number, leaves):
            return Alteration(chain, lane.lane, number, "le maillon a été modifié")
        if number in anchored and anchored[number] != after:
            return Alteration(chain, lane.lane, number, "le maillon n’est pas celui qu’une ancre a scellé")
        previous, expected, leaves = after, expected + 1, []
    wrong = _end_problem(lane, expected - 1, previous, is_whole=not leaves)
    return Alteration(chain, lane.lane, expected, wrong) if wrong else None


def _entry_problem(stored: bytes | None, *, is_own: bool) -> str:
    if stored is None:
        return "une entrée a disparu"
    return "une entrée a été modifiée" if is_own else "une entrée a changé d’organisme"


def _end_problem(lane: Lane, last: int, digest: bytes, *, is_whole: bool) -> str:
    if not is_whole or (last, digest) != (lane.end_number, lane.end_digest):
        return "la fin de la chaîne a été coupée ou récrite"
    if any(number > last for number in lane.anchored):
        return "la fin de la chaîne, scellée par une ancre, a été coupée"
    return ""


def altered_entries(entries: Iterable[Stored]) -> tuple[int, set[bytes]]:
    """How many entries there are, and the ids of those whose digest is not theirs, in whatever order they come."""
    organisations: dict[bytes | None, bytes] = {None: b"N"}
    read, altered = 0, set[bytes]()
    for entry in entries:
        read += 1
        key, at, organisation, user, verb, kind, ref, fields, reason, stored = entry
        try:
            owner = organisations[organisation]
        except KeyError:
            owner = organisations[organisation] = part(str(UUID(bytes=organisation)).encode())
        try:
            found = sha256(
                b"".join(
                    (
                        _PREFIXES[len(key)], key,
                        (int.from_bytes(at, "big", signed=True) + _SINCE_1970).to_bytes(8, "big", signed=True), owner,
                        _PREFIXES[len(user)], user, _PREFIXES[len(verb)], verb, _PREFIXES[len(kind)], kind,
                        _PREFIXES[len(ref)], ref, _PREFIXES[len(fields)], fields, _PREFIXES[len(reason)], reason,
                    )
                )
            ).digest()  # fmt: skip
        except (TypeError, IndexError, OverflowError):  # a NULL, a text longer than most, an infinite instant
            found = _leaf_or_nothing(Stored(*entry))
        if found != stored:
            altered.add(UUID(key.decode()).bytes)
    return read, altered


def _leaf_or_nothing(entry: Stored) -> bytes:
    try:
        return leaf(entry)
    except OverflowError:
        return b""
