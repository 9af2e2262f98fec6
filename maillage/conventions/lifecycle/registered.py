"""Registered letters (LRAR): denunciation and formal notice, each addressee with its days sent, presented, received."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.exits import is_denunciation
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention, Delivery
from maillage.conventions.lifecycle.policies import can_record
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import (
    already_kept,
    day_of,
    keep,
    lock_and_load,
    not_too_early,
    require,
)
from maillage.conventions.lifecycle.telling import (
    Fact,
    Recorded,
    again,
    conclude,
    document_fault,
    note_fault,
    open_record,
)
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.duration import ExitClause, FormalNotice
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member


@dataclass(frozen=True, slots=True)
class Letter:
    """One addressee's letter: its party key, the day sent, and the days of first presentation and receipt once known."""

    addressee: str
    sent_on: date
    presented_on: date | None = None
    received_on: date | None = None


@transaction.atomic
def denounce(
    *,
    convention: Convention,
    letters: Sequence[Letter],
    by: Member,
    at: datetime,
    clause: str = "",
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record that one's organisation denounces the convention, by one letter to each other party (row A11).

    Always recorded, also outside its window or where the text has no denunciation: the flags then say what it is worth.
    Raises `Refused` at `letters`, `clause`, `note`, `document`, or `sent_on_<key>`, `presented_on_<key>`, `received_on_<key>`.
    """
    known = open_record(convention, by)
    if (kept := already_kept(known.row, fact_id, by)) is not None:
        return again(known, kept, at)
    on = day_of(known.row, at)
    names = [one.name for one in exits_of(known.terms(on)) if is_denunciation(one)]
    check(
        [
            *_letter_faults(known, RecordedKind.DENUNCIATION, letters, on),
            _missing(known, letters),
            None if not clause or clause in names else Fault("Choisissez l’une des clauses.", "clause"),
            document_fault(document),
            note_fault(note),
        ]
    )
    named = clause or (names[0] if len(names) == 1 else "")
    first = min(letter.sent_on for letter in letters)
    detail = {"clause": named or None, "note": note}
    fact = Fact(RecordedKind.DENUNCIATION, first, detail=detail, document=document, fact_id=fact_id)
    return _send(known, fact, letters, by=by, at=at)


@transaction.atomic
def warn(
    *,
    convention: Convention,
    letter: Letter,
    commitment: str,
    by: Member,
    at: datetime,
    clause: str = "",
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record a formal notice to a party, for a commitment that it does not keep (S3 art. 9.4, S4 art. 6.4, row A13).

    `commitment` is the key of a commitment or an obligation that the addressee owes. Raises `Refused` at `commitment`,
    `clause`, `addressee`, `document`, `note` or at the letter's days; or as a whole when the text has no formal notice.
    """
    known = open_record(convention, by)
    if (kept := already_kept(known.row, fact_id, by)) is not None:
        return again(known, kept, at)
    on = day_of(known.row, at)
    text = known.terms(on)
    names = [one.name for one in exits_of(text) if isinstance(one, FormalNotice)]
    if not names:
        raise Refused("Le texte de cette convention ne prévoit pas de mise en demeure.")
    check(
        [
            *_letter_faults(known, RecordedKind.FORMAL_NOTICE, [letter], on),
            None if not clause or clause in names else Fault("Choisissez l’une des clauses.", "clause"),
            None
            if commitment in owed_by(text, letter.addressee)
            else Fault("Choisissez un engagement que cette partie doit tenir.", "commitment"),
            document_fault(document),
            note_fault(note),
        ]
    )
    detail = {
        "clause": clause or names[0],
        "commitment": commitment,
        "addressee": letter.addressee,
        "note": note,
    }
    fact = Fact(RecordedKind.FORMAL_NOTICE, letter.sent_on, detail=detail, document=document, fact_id=fact_id)
    return _send(known, fact, [letter], by=by, at=at)


@transaction.atomic
def record_delivery(
    *,
    convention: Convention,
    event: UUID,
    addressee: str,
    presented_on: date | None,
    received_on: date | None,
    by: Member,
    at: datetime,
) -> Recorded:
    """Note the days of first presentation and receipt of a letter already sent; a day already noted may be put right.

    Raises `Refused` at `presented_on` or `received_on` when the days are out of order.
    """
    known = lock_and_load(convention)
    require(can_record(by, known))
    letter = (
        Delivery.objects.select_related("event")
        .filter(convention=known.row, event_id=event, addressee_key=addressee)
        .first()
    )
    if letter is None:
        raise Refused("Cet envoi n’existe pas.")
    on = day_of(known.row, at)
    days = Letter(addressee, letter.sent_on, presented_on, received_on)
    check(_order_faults(days, on, suffix=""))
    before = set(known.facts(on).warnings)
    Delivery.objects.filter(pk=letter.pk).update(presented_on=presented_on, received_on=received_on)
    record(
        verb="convention.delivery",
        object_type="delivery",
        object_ref=letter.pk,
        by=by.user,
        organisation=by.organisation,
        fields=("presented_on", "received_on"),
    )
    return conclude(known, letter.event, before, by=by, at=at)


def exits_of(terms: Terms) -> tuple[ExitClause, ...]:
    """The ways out that the text gives; none while they are a blank."""
    return () if isinstance(terms.exits, Blank) else terms.exits


def owed_by(terms: Terms, party: str) -> dict[str, str]:
    """The commitments and obligations that a party owes, by key, with their words."""
    owed = {one.key: one.what for one in terms.commitments if party in one.debtors}
    return owed | {one.key: one.what for one in terms.obligations if not one.debtors or party in one.debtors}


def _send(
    known: LoadedConvention, fact: Fact, letters: Sequence[Letter], *, by: Member, at: datetime
) -> Recorded:
    before = set(known.facts(day_of(known.row, at)).warnings)
    event = keep(
        convention=known.row,
        kind=fact.kind,
        day=fact.day,
        by=by,
        at=at,
        party_key=known.mine.key if known.mine else "",
        detail=fact.detail,
        document=fact.document,
        fact_id=fact.fact_id,
    )
    Delivery.objects.bulk_create(
        Delivery(
            convention=known.row,
            event=event,
            addressee_key=letter.addressee,
            sent_on=letter.sent_on,
            presented_on=letter.presented_on,
            received_on=letter.received_on,
        )
        for letter in letters
    )
    return conclude(known, event, before, by=by, at=at)


def _missing(known: LoadedConvention, letters: Sequence[Letter]) -> Fault | None:
    """The text asks for a letter to each other party: one missing is asked for, unless none was given at all."""
    mine = known.mine.key if known.mine else ""
    expected = {party.key for party in known.signatories} - {mine}
    missing = expected - {letter.addressee for letter in letters}
    left = sorted(party.short_name for party in known.signatories if party.key in missing)
    if not left:
        return None
    return Fault(f"Une lettre à chaque autre partie : il manque {', '.join(left)}.", "letters")


def _letter_faults(
    known: LoadedConvention, kind: RecordedKind, letters: Sequence[Letter], on: date
) -> Iterator[Fault]:
    mine = known.mine.key if known.mine else ""
    seen: set[str] = set()
    for letter in letters:
        if letter.addressee == mine or known.party(letter.addressee) is None or letter.addressee in seen:
            yield Fault("Choisissez une autre partie de la convention, une fois chacune.", "addressee")
        seen.add(letter.addressee)
        early = not_too_early(known, kind, letter.sent_on, on, f"sent_on_{letter.addressee}")
        if early is not None:
            yield early
        yield from _order_faults(letter, on, suffix=f"_{letter.addressee}")


def _order_faults(letter: Letter, on: date, suffix: str) -> Iterator[Fault]:
    """Sent, then presented, then received; none of them later than today."""
    days = {
        "sent_on": letter.sent_on,
        "presented_on": letter.presented_on,
        "received_on": letter.received_on,
    }
    for field, day in days.items():
        if day is not None and day > on:
            yield Fault("Cette date est dans l’avenir : notez-la une fois venue.", f"{field}{suffix}")
    if letter.presented_on is not None and letter.presented_on < letter.sent_on:
        yield Fault("La lettre ne peut pas être présentée avant son envoi.", f"presented_on{suffix}")
    earliest = letter.presented_on or letter.sent_on
    if letter.received_on is not None and letter.received_on < earliest:
        what = "sa première présentation" if letter.presented_on else "son envoi"
        yield Fault(f"La lettre ne peut pas être reçue avant {what}.", f"received_on{suffix}")
