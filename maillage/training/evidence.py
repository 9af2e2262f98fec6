"""A session held is evidence of the commitments whose text says so: pushed down to the conventions concerned (row A20)."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from maillage.conventions.commitments.queries import commitments, running
from maillage.conventions.commitments.rules import Source
from maillage.conventions.commitments.showing import KnownFact, note_known
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import can_record
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.terms.commitments import Commitment, CommitmentKind
from maillage.core.calendar import french
from maillage.organisations.member import Member
from maillage.training.models import Presence, Session, SignOff
from maillage.training.queries import CAME, zone_of
from maillage.training.rules import THEMES, Theme

_KINDS: Final = frozenset({CommitmentKind.TRAINING, CommitmentKind.INFORMATION})


def show_commitments(*, session: Session, sign_off: SignOff, by: Member, at: datetime) -> int:
    """Note each commitment that the session shows to be kept, once however often it is signed; how many were noted now.

    Concerned: the convention of a dedicated session, if anybody came; else those under which somebody came. A proof that the
    organiser took back is not noted again.
    """
    came = Presence.objects.filter(sign_off=sign_off, outcome__in=CAME)
    under = set(came.exclude(convention=None).values_list("convention_id", flat=True))
    if session.dedicated_to_id is not None and sign_off.publics:
        under.add(session.dedicated_to_id)
    on, noted = session.starts_at.astimezone(zone_of(session)).date(), 0
    for known in load_all(conventions_visible_to(by).filter(id__in=under).order_by("id")):
        for clause in _shown(known, THEMES[session.module.theme], on, by, at):
            noted += _note(known, clause, session, on, _said(session, on, known.id, sign_off), by=by, at=at)
    return noted


def _shown(known: LoadedConvention, theme: Theme, on: date, by: Member, at: datetime) -> list[Commitment]:
    """The commitments of the text that sessions on this theme show, among those that the organiser owes on that day."""
    today = day_of(known.row, at)
    since = running(known, today)
    if not can_record(by, known) or known.mine is None or since is None or on < since.since:
        return []
    return [
        one
        for one in commitments(known, today)
        if one.kind in _KINDS
        and known.mine.key in one.debtors
        and theme.value in {shown.value for shown in one.session_themes}
    ]


def _note(
    known: LoadedConvention,
    clause: Commitment,
    session: Session,
    on: date,
    said: str,
    *,
    by: Member,
    at: datetime,
) -> int:
    fact = KnownFact(Source.SESSION, str(session.pk), on, said)
    return note_known(
        known=known, commitment=clause.key, fact=fact, organisation=by.organisation, by=by.user, at=at
    )


def _named(session: Session, on: date) -> str:
    """How a proof names its session: its day, its hour and its title, which no other one of the organiser's shares."""
    hour = session.starts_at.astimezone(zone_of(session))
    return f"Séance du {french(on)} à {hour.hour} h {hour.minute:02d}, « {session.module.title} »"


def _said(session: Session, on: date, convention: UUID, sign_off: SignOff) -> str:
    """The whole note: who the session reached, in numbers."""
    present = Presence.objects.filter(sign_off=sign_off, outcome__in=CAME, convention=convention).count()
    words = (
        [f"{present} présences relevées" if present > 1 else f"{present} présence relevée"] if present else []
    )
    if sign_off.publics:
        words.append(
            f"{sign_off.publics} personnes du public" if sign_off.publics > 1 else "1 personne du public"
        )
    return f"{_named(session, on)} : {', '.join(words)}."
