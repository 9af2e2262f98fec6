"""Modules and sessions: preparing, planning, changing, cancelling. Each action: policy, conditional change, journal, outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from psycopg import errors

from maillage.audit.actions import record
from maillage.core.moves import keep_state
from maillage.core.moves import move as move_state
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.training import queries
from maillage.training.models import Module, Registration, Session
from maillage.training.notifications import tell
from maillage.training.policies import can_keep, can_organise, can_run
from maillage.training.rules import (
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Audience,
    Plan,
    Theme,
    instant,
    other_theme_problem,
    plan_problems,
)
from maillage.training.states import TRANSITIONS, Place

BEGUN: Final = "Cette séance a commencé : elle ne change plus."


@dataclass(frozen=True, slots=True)
class Described:
    """What a module is: its theme and audiences by their values; a theme that is none of the seven in its own words."""

    theme: str
    title: str
    teaches: str
    audiences: tuple[str, ...]
    e_learning: str = ""
    other_theme: str = ""


@transaction.atomic
def add_module(*, new_id: UUID, described: Described, by: Member, at: datetime) -> UUID:
    """Prepare a module. The same id twice makes one. Raises Refused at its fields, PermissionDenied."""
    if not can_organise(by):
        raise PermissionDenied("Votre rôle ne permet pas de préparer des modules.")
    if Module.objects.filter(id=new_id, organisation=by.organisation).exists():
        return new_id
    check(_described_faults(described))
    Module.objects.create(
        id=new_id, organisation_id=by.organisation, added_at=at, added_by=by.user, **_values(described)
    )
    enter_act("training.add_module", "training_module", new_id, by)
    return new_id


@transaction.atomic
def change_module(*, module: Module, described: Described, by: Member) -> None:
    """Say it otherwise; its sessions follow. Raises Refused at its fields, or as a whole once it is withdrawn."""
    _must_keep(module, by)
    check(_described_faults(described))
    changed = Module.objects.filter(id=module.id, withdrawn_at=None).update(**_values(described))
    if not changed:
        raise Refused("Ce module est retiré : il ne change plus.")
    enter_act("training.change_module", "training_module", module.id, by)


@transaction.atomic
def withdraw_module(*, module: Module, by: Member, at: datetime) -> None:
    """Offer it no more; sessions already planned are held. Once withdrawn, doing it again changes nothing."""
    _must_keep(module, by)
    if Module.objects.filter(id=module.id, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by.user):
        enter_act("training.withdraw_module", "training_module", module.id, by)


def _values(described: Described) -> dict[str, object]:
    values = asdict(described) | {"audiences": list(described.audiences)}
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def _described_faults(described: Described) -> list[Fault | None]:
    title, teaches = described.title.strip(), described.teaches.strip()
    known = {one.value for one in Audience}
    other = other_theme_problem(described.theme, described.other_theme.strip())
    return [
        None if described.theme in set(Theme) else Fault("Choisissez un thème.", "theme"),
        Fault(other, "other_theme") if other else None,
        None
        if 0 < len(title) <= LONGEST_TITLE
        else Fault(f"Donnez un titre de {LONGEST_TITLE} caractères au plus.", "title"),
        None if 0 < len(teaches) <= LONGEST_TEXT else Fault("Dites ce que le module apprend.", "teaches"),
        None
        if described.audiences and set(described.audiences) <= known
        else Fault("Dites pour qui.", "audiences"),
        None
        if not described.e_learning or described.e_learning.startswith("https://")
        else Fault("Un lien commence par https://.", "e_learning"),
    ]


def _must_keep(module: Module, by: Member) -> None:
    if not can_keep(by, module):
        raise PermissionDenied("Ce module est celui d’un autre organisme.")


@transaction.atomic
def plan(
    *, new_id: UUID, module: UUID, convention: UUID | None, planned: Plan, by: Member, at: datetime
) -> UUID:
    """Plan a session of one's own module, for one convention or (None) for all partners. The same id twice makes one.

    Raises Refused at `module`, `convention` or a field of the plan; PermissionDenied.
    """
    if not can_organise(by):
        raise PermissionDenied("Votre rôle ne permet pas de prévoir des séances.")
    if Session.objects.filter(id=new_id, organiser=by.organisation).exists():
        return new_id
    zone = ZoneInfo(by.time_zone)
    offered = Module.objects.filter(id=module, organisation=by.organisation, withdrawn_at=None).exists()
    bound = convention is None or convention in {one.id for one in queries.conventions_of(by)}
    check(
        [
            None if offered else Fault("Choisissez un module de votre organisme.", "module"),
            None if bound else Fault("Choisissez une convention signée ou en vigueur.", "convention"),
            *_plan_faults(planned, zone, at),
        ]
    )
    with meaning():
        Session.objects.create(
            id=new_id,
            module_id=module,
            organiser_id=by.organisation,
            dedicated_to_id=convention,
            time_zone=by.time_zone,
            planned_at=at,
            planned_by=by.user,
            **_planned_values(planned, zone),
        )
    enter_act("training.plan", "training_session", new_id, by)
    return new_id


@transaction.atomic
def change(*, session: Session, planned: Plan, by: Member, at: datetime) -> None:
    """Another day, hour, place, more or fewer places; those registered are told when, or where, changes.

    Raises Refused at a field, TransitionRefused once it was cancelled or held; PermissionDenied.
    """
    must_run(session, by)
    if at >= session.starts_at:
        raise Refused(BEGUN)
    zone = queries.zone_of(session)
    locked = Session.objects.select_for_update(of=("self",)).get(id=session.id)
    check(_plan_faults(planned, zone, at, registered=locked.registered))
    values = _planned_values(planned, zone)
    moved = any(getattr(locked, name) != values[name] for name in ("starts_at", "ends_at", "place", "link"))
    with meaning():
        keep_state(session, **values)
    enter_act("training.change", "training_session", session.id, by)
    if moved:
        tell("session_changed", session, to=_expected(session, by), fact=f"{at.timestamp():.0f}")


@transaction.atomic
def cancel(*, session: Session, reason: str, by: Member, at: datetime) -> None:
    """Cancel a session that was not held; those registered are told, and read why on its page.

    Raises Refused at `reason`, TransitionRefused once it was cancelled or held; PermissionDenied.
    """
    must_run(session, by)
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_TEXT:
        raise Refused(
            f"Dites pourquoi, en {LONGEST_TEXT} caractères au plus : les inscrits le liront.", "reason"
        )
    move_state(session, TRANSITIONS, "cancel", closed_at=at, closed_by=by.user, reason=said)
    enter_act("training.cancel", "training_session", session.id, by)
    tell("session_cancelled", session, to=_expected(session, by))


def _expected(session: Session, by: Member) -> list[UUID]:
    """The partners with somebody registered or waiting."""
    rows = Registration.objects.filter(session=session).exclude(state=Place.WITHDRAWN)
    return list(
        rows.exclude(partner=by.organisation).order_by().values_list("partner_id", flat=True).distinct()
    )


def _plan_faults(planned: Plan, zone: ZoneInfo, at: datetime, registered: int = 0) -> list[Fault | None]:
    problems = plan_problems(planned, zone=zone, at=at, registered=registered)
    if len(planned.place) > LONGEST_PLACE:
        problems["place"] = f"Écrivez {LONGEST_PLACE} caractères au plus."
    if len(planned.trainer) > LONGEST_NAME:
        problems["trainer"] = f"Écrivez {LONGEST_NAME} caractères au plus."
    return [Fault(message, field) for field, message in problems.items()]


def _planned_values(planned: Plan, zone: ZoneInfo) -> dict[str, object]:
    return {
        "starts_at": instant(planned.day, planned.starts, zone),
        "ends_at": instant(planned.day, planned.ends, zone),
        "place": planned.place.strip(),
        "link": planned.link.strip(),
        "capacity": planned.capacity,
        "trainer": planned.trainer.strip(),
    }


def must_run(session: Session, by: Member) -> None:
    """Raise PermissionDenied for whoever does not organise a session."""
    if not can_run(by, session):
        raise PermissionDenied("Seul l’organisateur change une séance.")


def enter_act(verb: str, what: str, reference: UUID, by: Member) -> None:
    """Enter an act of this room in the journal."""
    record(verb=verb, object_type=what, object_ref=reference, by=by.user, organisation=by.organisation)


@contextmanager
def meaning(
    message: str = "Ce n’est plus possible : la page a été rechargée.", field: str | None = None
) -> Iterator[None]:
    """What the database refuses, said in French; the transaction around stays usable."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if isinstance(
            error.__cause__,
            errors.RestrictViolation
            | errors.CheckViolation
            | errors.UniqueViolation
            | errors.InsufficientPrivilege,
        ):
            raise Refused(message, field) from error
        raise
