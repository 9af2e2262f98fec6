"""The state of an organisation's own journal: whether its chain holds, what anchors sealed, how many acts of each kind. No case, nobody.

The files of the anchors are read and their signatures verified, as `maillage audit verify` does, for the ends of this chain.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from uuid import UUID

from django.conf import settings

from maillage.audit.anchors import Anchor, AnchorFault, named_key, read_anchors
from maillage.audit.reporting import altered, intact
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
    """What one's own journal holds; `faults` is empty where every link and every anchor holds.

    `report` is what the verification says, line by line; `key` the public key that the anchors name, to be compared with
    the one that the officer was given.
    """

    entries: int
    lanes: int
    faults: tuple[str, ...]
    anchors: tuple[Anchored, ...]
    counts: tuple[Counted, ...]
    report: tuple[str, ...]
    key: str


def journal_state(organisation: UUID, at: datetime, zone: tzinfo = UTC) -> JournalState:
    """Read in a snapshot of its own: every entry and every link, one after the other."""
    key, held, wrong = _read(organisation)
    with own_snapshot(organisation) as raw:
        sealed = raw.execute("SELECT * FROM protection_journal_seals()").fetchall()
        lanes = _lanes(raw, organisation, {(row[0], row[1]): bytes(row[2]) for row in sealed})
        read, alterations = verify_own(raw, lanes, anchors=held, at=at)
        counts = tuple(Counted(*row) for row in raw.execute(_COUNTS).fetchall())
    known = tuple(
        dict.fromkeys(Anchored(number, when, bytes(file).hex()) for *_, number, when, file in sealed)
    )
    # Once more: a segment may have been sealed between the reading of the directory and the snapshot.
    wrong = wrong or _missing(known, _read(organisation)[1])
    faults = (*(altered(one) for one in alterations), *((f"ancres : {wrong}",) if wrong else ()))
    begun = sum(lane.start_number > 0 for lane in lanes)
    until = held[-1].at if held else None
    report = faults or tuple(intact(read, anchors=len(held), until=until, pruned=begun, zone=zone))
    return JournalState(read, len(lanes), faults, known, counts, report, key)


def _read(organisation: UUID) -> tuple[str, list[Anchor], str]:
    """The key that the anchors name, each of them signed by it with the ends of one chain alone, and what is wrong with one."""
    directory = Path(settings.ANCHORS)
    held: list[Anchor] = []
    try:
        key = named_key(directory)
        held.extend(
            replace(one, ends=tuple(end for end in one.ends if end.chain == organisation))
            for one in read_anchors(directory, trusted=key)
        )
    except AnchorFault as error:
        return "", held, str(error)
    except OSError:
        return "", held, "le dossier des ancres ne se lit pas."
    return key, held, ""


def _missing(known: Iterable[Anchored], held: Iterable[Anchor]) -> str:
    """What the database knows to have sealed of this chain and the directory does not hold as it was; empty when all is there."""
    files = {one.number: one.digest.hex() for one in held}
    for one in known:
        if one.number not in files:
            return f"Il manque l’ancre {one.number} : elle a été scellée, et son fichier n’est plus là."
        if files[one.number] != one.digest:
            return f"L’ancre {one.number} n’est pas celle qui a été scellée ici."
    return ""


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
