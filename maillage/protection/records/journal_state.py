"""The state of an organisation's own journal: whether its chain holds, what anchors sealed, how many acts of each kind. No case, nobody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from maillage.audit.rules import Lane
from maillage.audit.verification import Raw, own_snapshot, verify_own

_COUNTS = (
    "SELECT object_type, verb, count(*), min(at), max(at) FROM audit_entry GROUP BY object_type, verb"
    " ORDER BY object_type, verb"
)


@dataclass(frozen=True, slots=True)
class Anchored:
    """One anchor of the journal: its number, when it sealed, the digest of its file."""

    number: int
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many acts of one kind, from when to when."""

    object_type: str
    verb: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class JournalState:
    """What one's own journal holds; `faults` is empty where every link holds."""

    entries: int
    lanes: int
    faults: tuple[str, ...]
    anchors: tuple[Anchored, ...]
    counts: tuple[Counted, ...]


def journal_state(organisation: UUID) -> JournalState:
    """Read in a snapshot of its own: every entry and every link, one after the other."""
    with own_snapshot(organisation) as raw:
        sealed = raw.execute("SELECT * FROM protection_journal_seals()").fetchall()
        lanes = _lanes(raw, organisation, {(row[0], row[1]): bytes(row[2]) for row in sealed})
        read, alterations = verify_own(raw, lanes)
        counts = tuple(Counted(*row) for row in raw.execute(_COUNTS).fetchall())
    return JournalState(
        entries=read,
        lanes=len(lanes),
        faults=tuple(f"voie {one.lane}, maillon {one.number} : {one.what}" for one in alterations),
        anchors=tuple(
            dict.fromkeys(Anchored(number, at, bytes(file).hex()) for *_, number, at, file in sealed)
        ),
        counts=counts,
    )


def _lanes(raw: Raw, organisation: UUID, sealed: dict[tuple[int, int], bytes]) -> list[Lane]:
    rows = raw.execute("SELECT * FROM protection_journal_lanes()").fetchall()
    return [
        Lane(
            organisation,
            lane,
            end,
            bytes(digest),
            start,
            bytes(start_digest),
            {number: found for (where, number), found in sealed.items() if where == lane and number > start},
        )
        for lane, end, digest, start, start_digest in rows
    ]
