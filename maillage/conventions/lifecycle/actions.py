"""What happens to a signed convention: compliance, ends, renewals, readings retained. Letters are in `registered`."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from maillage.conventions.lifecycle.chronology import why_no_renewal
from maillage.conventions.lifecycle.evidence import renewal_evidence
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention, Event
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import already_kept, day_of, not_in_the_future, not_too_early
from maillage.conventions.lifecycle.registered import exits_of
from maillage.conventions.lifecycle.telling import (
    Fact,
    Recorded,
    again,
    document_fault,
    keep_fact,
    note_fault,
    open_record,
)
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.duration import FormalNotice, GroundsTermination, ImmediateTermination
from maillage.conventions.terms.readings import ReadableClause
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member

OWN: Final = "«own»"
_TERMINATIONS: Final = (FormalNotice, ImmediateTermination, GroundsTermination)


@transaction.atomic
def comply(
    *,
    convention: Convention,
    notice: UUID,
    day: date,
    by: Member,
    at: datetime,
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record that the party put itself right, with its proof: this closes the formal notice `notice` (an event's id).

    Raises `Refused` at `notice`, `day`, `document` (a document or a note is the proof) or `note`.
    """
    known = open_record(convention, by)
    if (kept := already_kept(known.row, fact_id, by)) is not None:
        return again(known, kept, at)
    warned = _notice(known, notice)
    check(
        [
            not_in_the_future(day, day_of(known.row, at), "day"),
            not_too_early(known, RecordedKind.COMPLIED, day, day_of(known.row, at)),
            Fault("La mise en conformité suit la mise en demeure.", "day") if day < warned.day else None,
            document_fault(
                document, needed="" if note.strip() else "Joignez la preuve, ou dites-la dans « Précision »."
            ),
            note_fault(note),
        ]
    )
    detail = {"notice": str(notice), "commitment": warned.detail.get("commitment"), "note": note}
    party = str(warned.detail["addressee"])
    fact = Fact(RecordedKind.COMPLIED, day, party, detail, document, fact_id)
    return keep_fact(known, fact, by=by, at=at)


@transaction.atomic
def terminate(
    *,
    convention: Convention,
    clause: str,
    day: date,
    by: Member,
    at: datetime,
    notice: UUID | None = None,
    ground: str = "",
    effect: date | None = None,
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record one's organisation's decision to terminate under `clause` (the name of an exit of the text).

    After a formal notice (S3 art. 9.4) the other parties decide, never the one that was warned; too early, it is recorded
    and flagged. Immediate termination (S2 art. 9) and grounds (S1 art. 6) name their ground; an open list admits another.
    `effect` is the first day no longer in force that the decision states. Raises `Refused` at `clause`, `notice`, `ground`,
    `day`, `effect`, `document` or `note`.
    """
    known = open_record(convention, by)
    if (kept := already_kept(known.row, fact_id, by)) is not None:
        return again(known, kept, at)
    on = day_of(known.row, at)
    text = known.terms(on)
    found = next((one for one in exits_of(text) if one.name == clause), None)
    if not isinstance(found, _TERMINATIONS):
        raise Refused("Choisissez l’une des clauses de résiliation du texte.", "clause")
    mine = known.mine.key if known.mine else ""
    check(
        [
            *_ground_faults(known, found, mine, notice, ground),
            not_in_the_future(day, on, "day"),
            not_too_early(known, RecordedKind.TERMINATED, day, on),
            Fault("L’effet ne peut pas précéder la décision.", "effect") if effect and effect < day else None,
            document_fault(document),
            note_fault(note),
        ]
    )
    detail = {
        "clause": clause,
        "ground": ground,
        "note": note,
        "notice": str(notice) if notice else None,
        "effect": effect.isoformat() if effect else None,
    }
    fact = Fact(RecordedKind.TERMINATED, day, mine, detail, document, fact_id)
    return keep_fact(known, fact, by=by, at=at)


@transaction.atomic
def end_by_agreement(
    *,
    convention: Convention,
    day: date,
    document: UUID | None,
    by: Member,
    at: datetime,
    effect: date | None = None,
    note: str = "",
    fact_id: UUID | None = None,
) -> Recorded:
    """Record that all parties agreed to end the convention, with the document that they signed."""
    detail = {"effect": effect.isoformat() if effect else None, "note": note}
    fact = Fact(RecordedKind.ENDED_BY_AGREEMENT, day, "", detail, document, fact_id)
    needed = "Joignez l’accord signé par toutes les parties."
    faults = [
        Fault("L’effet ne peut pas précéder l’accord.", "effect") if effect and effect < day else None,
        document_fault(document, needed=needed),
    ]
    return _simple(convention, fact, faults, by=by, at=at)


@transaction.atomic
def oppose_renewal(
    *,
    convention: Convention,
    day: date,
    by: Member,
    at: datetime,
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record that one's organisation does not want the convention renewed; always recordable, also without such a clause."""
    fact = Fact(RecordedKind.RENEWAL_OPPOSED, day, OWN, {"note": note}, document, fact_id)
    return _simple(convention, fact, [document_fault(document)], by=by, at=at)


@transaction.atomic
def renew(
    *,
    convention: Convention,
    day: date,
    by: Member,
    at: datetime,
    until: date | None = None,
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record a renewal with its evidence: who was warned and when, no opposition, evaluation shared or missing (row A9).

    `until` is the last day of the renewed term when the parties state one. An express renewal is decided by a document.
    Raises `Refused` at `day`, `until`, `document` or `note`.
    """
    known = open_record(convention, by)
    if (kept := already_kept(known.row, fact_id, by)) is not None:
        return again(known, kept, at)
    on = day_of(known.row, at)
    clause = known.terms(on).renewal
    express = not isinstance(clause, Blank) and clause.mode == "express"
    refused = why_no_renewal(known.terms(on), known.events, on, day, known.departement)
    check(
        [
            not_in_the_future(day, on, "day"),
            not_too_early(known, RecordedKind.RENEWED, day, on),
            Fault(refused, "day") if refused and day <= on else None,
            Fault("Le terme renouvelé finit après le renouvellement.", "until")
            if until and until < day
            else None,
            Fault("Un renouvellement est déjà constaté à cette date.", "day")
            if Event.objects.filter(convention=known.row, kind=RecordedKind.RENEWED, day=day).exists()
            else None,
            document_fault(document, needed="Joignez l’accord de renouvellement." if express else ""),
            note_fault(note),
        ]
    )
    detail = renewal_evidence(known, day) | {
        "until": until.isoformat() if until else None,
        "note": note,
    }
    fact = Fact(RecordedKind.RENEWED, day, "", detail, document, fact_id)
    return keep_fact(known, fact, by=by, at=at)


@transaction.atomic
def share_evaluation(
    *,
    convention: Convention,
    day: date,
    by: Member,
    at: datetime,
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record the shared evaluation that a renewal may expect (S3 art. 9.2)."""
    fact = Fact(RecordedKind.EVALUATION_SHARED, day, "", {"note": note}, document, fact_id)
    return _simple(convention, fact, [document_fault(document)], by=by, at=at)


@transaction.atomic
def retain_reading(
    *,
    convention: Convention,
    clause: str,
    reading: str,
    day: date,
    by: Member,
    at: datetime,
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record the reading of an ambiguous clause that the parties retain, and by which document (or its reference in `note`).

    `clause` is « term », « renewal » or an exit's name; `reading` one of `readings_of`. Raises `Refused` at `clause`,
    `reading`, `day`, `document` or `note`.
    """
    known = open_record(convention, by)
    if (kept := already_kept(known.row, fact_id, by)) is not None:
        return again(known, kept, at)
    on = day_of(known.row, at)
    choices = readings_of(known.terms(on)).get(clause)
    if choices is None:
        raise Refused("Choisissez une clause qui se lit de plusieurs façons.", "clause")
    check(
        [
            None if reading in choices else Fault("Choisissez l’une des lectures du texte.", "reading"),
            not_in_the_future(day, on, "day"),
            not_too_early(known, RecordedKind.READING_RETAINED, day, on),
            document_fault(
                document,
                needed=""
                if note.strip()
                else "Joignez le document qui retient cette lecture, ou citez-le dans « Précision ».",
            ),
            note_fault(note),
        ]
    )
    fact = Fact(
        RecordedKind.READING_RETAINED,
        day,
        "",
        {"clause": clause, "reading": reading, "note": note},
        document,
        fact_id,
    )
    return keep_fact(known, fact, by=by, at=at)


@transaction.atomic
def supersede(
    *,
    convention: Convention,
    day: date,
    effect: date,
    successor: str,
    by: Member,
    at: datetime,
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record that another convention replaces this one from `effect`, the first day no longer in force (row A6)."""
    detail = {"effect": effect.isoformat(), "note": successor}
    fact = Fact(RecordedKind.SUPERSEDED, day, "", detail, document, fact_id)
    faults = [
        Fault("L’effet ne peut pas précéder la décision.", "effect") if effect < day else None,
        None if successor.strip() else Fault("Nommez la convention qui remplace celle-ci.", "successor"),
        document_fault(document),
    ]
    return _simple(convention, fact, faults, by=by, at=at)


def readings_of(terms: Terms) -> dict[str, dict[str, str]]:
    """The clauses that can be read in several ways: name of the clause → name of each reading → its meaning."""
    clauses: dict[str, ReadableClause] = {one.name: one for one in exits_of(terms)}
    for name in ("term", "renewal"):
        clause = getattr(terms, name)
        if isinstance(clause, ReadableClause):
            clauses[name] = clause
    return {
        name: {variant.name: variant.text for variant in clause.variants}
        for name, clause in clauses.items()
        if len(clause.variants) > 1
    }


def _simple(
    convention: Convention, fact: Fact, faults: Iterable[Fault | None], *, by: Member, at: datetime
) -> Recorded:
    """A fact whose only rules are those given and a day that has come; `OWN` stands for one’s own party."""
    known = open_record(convention, by)
    if (kept := already_kept(known.row, fact.fact_id, by)) is not None:
        return again(known, kept, at)
    note = str((fact.detail or {}).get("note", ""))
    on = day_of(known.row, at)
    check(
        [
            not_in_the_future(fact.day, on, "day"),
            not_too_early(known, fact.kind, fact.day, on),
            *faults,
            note_fault(note),
        ]
    )
    party = (known.mine.key if known.mine else "") if fact.party == OWN else fact.party
    kept_fact = Fact(fact.kind, fact.day, party, fact.detail, fact.document, fact.fact_id)
    return keep_fact(known, kept_fact, by=by, at=at)


def _notice(known: LoadedConvention, notice: UUID | None) -> Event:
    for row in known.recorded:
        if row.pk == notice and row.kind == RecordedKind.FORMAL_NOTICE:
            return row
    raise Refused("Choisissez la mise en demeure.", "notice")


def _ground_faults(
    known: LoadedConvention,
    clause: FormalNotice | ImmediateTermination | GroundsTermination,
    mine: str,
    notice: UUID | None,
    ground: str,
) -> list[Fault | None]:
    if isinstance(clause, FormalNotice):
        warned = _notice(known, notice)
        if warned.detail.get("addressee") == mine:
            message = (
                "La partie mise en demeure ne peut pas résilier : la décision revient aux autres parties."
            )
            return [Fault(message, "clause", clause.article)]
        return []
    if ground in clause.grounds or (clause.open_list and ground.strip() and len(ground) <= 400):
        return []
    return [Fault("Choisissez l’un des motifs du texte.", "ground", clause.article)]
