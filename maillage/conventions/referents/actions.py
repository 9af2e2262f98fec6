"""Referents with dated tenure: a change closes one, opens another and tells the other parties; never an avenant."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention, Event
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import (
    day_of,
    keep,
    lock_and_load,
    new_row,
    not_in_the_future,
    own_id,
    require,
)
from maillage.conventions.referents.models import Referent
from maillage.conventions.referents.policies import can_name
from maillage.conventions.referents.rules import Held, change_problem, end_problem
from maillage.conventions.terms.steering import Territory
from maillage.core.refusals import Fault, Refused, check
from maillage.core.text import sort_key
from maillage.organisations.member import Member

_OWN_END: Final = "former_until"
"""In the fact of a change: the end that was planned already of whoever is replaced, for the arrival may be cancelled."""


@dataclass(frozen=True, slots=True)
class Tenure:
    """A referent as a form gives it: a function and generic addresses, not a person. `referent_id` comes with the form.

    `handover_until`: for a change, the last day on which the former is reachable too.
    """

    referent_id: UUID
    level: str
    function: str
    since: date
    mailbox: str = ""
    phone: str = ""
    handover_until: date | None = None


@transaction.atomic
def name_referent(*, convention: Convention, tenure: Tenure, by: Member, at: datetime) -> Referent:
    """Name a referent of one's own party, beside those it has. Raises `Refused` at `level`, `function`, `mailbox`, `phone`, `since`."""
    known = opened(convention, by)
    kept = Referent.objects.filter(pk=own_id(tenure.referent_id, by), convention=known.row).first()
    if kept is not None:
        return kept
    check(_faults(tenure))
    return _named(known, tenure, None, None, by=by, at=at)


@transaction.atomic
def change_referent(
    *, convention: Convention, referent: UUID, tenure: Tenure, by: Member, at: datetime
) -> Referent:
    """Replace a referent from `tenure.since` on; the former stays until the day before, or until the end of a hand-over.

    During a hand-over every notice goes to both. The other parties are told; where the text asks for a letter (S3 art. 4) its
    day is noted with `tell_parties`. Raises `Refused` as `name_referent`, at `since` or `handover_until` when the days leave a
    hole or cross another hand-over, or as a whole when somebody has just replaced that referent.
    """
    known = opened(convention, by)
    kept = Referent.objects.filter(pk=own_id(tenure.referent_id, by), convention=known.row).first()
    if kept is not None:
        return kept
    former = own(known, referent)
    on = day_of(known.row, at)
    gone = former.is_given_up or (former.until is not None and former.until < on)
    if gone or Referent.objects.filter(succeeds=former).exists():
        raise Refused("Ce référent a déjà été remplacé : la page a été rechargée.", "referent")
    problem = change_problem(
        Held(former.since, former.until), tenure.since, tenure.handover_until, begun_with=begun_with(former)
    )
    level = Fault("Le successeur est du même niveau.", "level") if tenure.level != former.level else None
    check([*_faults(tenure), level, Fault(problem.words, problem.field) if problem else None])
    planned = former.until
    _end(former, tenure.handover_until or tenure.since - timedelta(days=1))
    return _named(known, tenure, former, planned, by=by, at=at)


@transaction.atomic
def end_tenure(*, convention: Convention, referent: UUID, until: date, by: Member, at: datetime) -> Referent:
    """End a tenure without a successor: the others are told, the vacancy shows until another is named. Raises `Refused` at `until`."""
    known = opened(convention, by)
    row = own(known, referent)
    if row.until is not None:
        raise Refused("La fin de cette fonction est déjà notée : la page a été rechargée.", "referent")
    problem = end_problem(Held(row.since), until, begun_with=begun_with(row))
    check([Fault(problem.words, problem.field) if problem else None])
    _end(row, until)
    fact = keep(
        convention=known.row,
        kind=RecordedKind.REFERENT_CHANGED,
        day=min(until, day_of(known.row, at)),
        by=by,
        at=at,
        party_key=row.party_key,
        detail={"former": str(row.pk)},
    )
    tell_others(known, fact.id, by, at)
    return row


@transaction.atomic
def tell_parties(
    *, convention: Convention, referent: UUID, told_on: date, by: Member, at: datetime
) -> Referent:
    """Note the day on which the other parties were told of a referent, by the letter where the text asks for one."""
    known = opened(convention, by)
    row = own(known, referent)
    check([not_in_the_future(told_on, day_of(known.row, at), "told_on")])
    Referent.objects.filter(pk=row.pk).update(told_on=told_on)
    row.told_on = told_on
    journal("convention.referent_told", row, by)
    return row


def opened(convention: Convention, by: Member) -> LoadedConvention:
    """The convention, locked, for who names the referents of her organisation. Raises PermissionDenied."""
    known = lock_and_load(convention)
    require(can_name(by, known))
    return known


def own(known: LoadedConvention, referent: UUID) -> Referent:
    """One of the referents of the member's organisation. Raises `Refused`."""
    mine = known.mine.organisation if known.mine else None
    row = Referent.objects.filter(pk=referent, convention=known.row, organisation=mine).first()
    if row is None:
        raise Refused("Choisissez l’un des référents de votre organisme.", "referent")
    return row


def begun_with(row: Referent) -> date | None:
    """The last day of the hand-over by which this referent came."""
    return row.succeeds.until if row.succeeds else None


def own_end(row: Referent) -> date | None:
    """The end that was planned of whoever this referent succeeds, before she was named; None when none was."""
    fact = Event.objects.filter(
        convention=row.convention_id,
        recorded_for=row.organisation_id,
        kind=RecordedKind.REFERENT_CHANGED,
        detail__referent=str(row.pk),
        detail__has_key=_OWN_END,
    ).first()
    said = fact.detail[_OWN_END] if fact else None
    return date.fromisoformat(said) if said else None


def tell_others(known: LoadedConvention, fact: UUID, by: Member, at: datetime) -> None:
    """One message to each other party and to its referents on duty; what changed is read here."""
    others = [party.organisation for party in known.signatories if party.organisation != by.organisation]
    tell("convention_referent", convention=known.id, to=others, fact=fact, on=day_of(known.row, at))


def _faults(tenure: Tenure) -> list[Fault | None]:
    return [
        None if tenure.level in {one.value for one in Territory} else Fault("Choisissez un niveau.", "level"),
        None
        if tenure.function.strip() and len(tenure.function) <= 200
        else Fault("Indiquez la fonction, en 200 caractères au plus.", "function"),
        Fault("Cette adresse électronique n’est pas valable.", "mailbox")
        if tenure.mailbox and not _is_address(tenure.mailbox)
        else None,
        None
        if tenure.mailbox.strip() or tenure.phone.strip()
        else Fault("Indiquez une adresse ou un téléphone.", "mailbox"),
        Fault("30 caractères au plus.", "phone") if len(tenure.phone) > 30 else None,
    ]


def _is_address(text: str) -> bool:
    try:
        validate_email(text.strip())
    except ValidationError:
        return False
    return len(text) <= 254 and sort_key(text) != ""


def _named(
    known: LoadedConvention,
    tenure: Tenure,
    former: Referent | None,
    own_end: date | None,
    *,
    by: Member,
    at: datetime,
) -> Referent:
    with new_row():
        row = Referent.objects.create(
            id=own_id(tenure.referent_id, by),
            convention=known.row,
            organisation_id=by.organisation,
            party_key=known.mine.key if known.mine else "",
            level=tenure.level,
            function=tenure.function.strip(),
            mailbox=tenure.mailbox.strip(),
            phone=tenure.phone.strip(),
            since=tenure.since,
            succeeds=former,
        )
    fact = keep(
        convention=known.row,
        kind=RecordedKind.REFERENT_CHANGED,
        day=min(tenure.since, day_of(known.row, at)),
        by=by,
        at=at,
        party_key=row.party_key,
        detail={
            "referent": str(row.pk),
            "former": str(former.pk) if former else None,
            _OWN_END: own_end.isoformat() if own_end else None,
        },
    )
    tell_others(known, fact.id, by, at)
    return row


def _end(row: Referent, until: date) -> None:
    Referent.objects.filter(pk=row.pk).update(
        until=until
    )  # the convention is locked: nobody ends it meanwhile
    row.until = until


def journal(verb: str, row: Referent, by: Member) -> None:
    """One entry about a tenure."""
    record(verb=verb, object_type="referent", object_ref=row.pk, by=by.user, organisation=by.organisation)
