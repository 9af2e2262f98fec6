"""What lets someone act for an organisation: signing the undertaking, recording a training (row H4). The database checks again."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.base import Membership, Organisation, User
from maillage.organisations.member import Member
from maillage.organisations.people.models import Training
from maillage.organisations.roles import Permission
from maillage.organisations.undertaking import current_text

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class TrainingDone:
    """A training as a form gives it."""

    done_on: date
    title: str


@transaction.atomic
def sign_undertaking(*, organisation: UUID, seen_hash: str) -> None:
    """Sign the text of the day for oneself (the person in context). Twice is once.

    Raises Refused when the text read is no longer the one to sign. Raises django.db.ProgrammingError for an organisation
    where she has no role: the pages offer none.
    """
    text = current_text()
    if seen_hash != text.text_hash:
        raise Refused("Le texte a changé pendant que vous le lisiez : relisez-le, puis signez.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sign_undertaking(%s, %s, %s, %s)", [uuid7(), organisation, text.version, text.text_hash]
        )


@transaction.atomic
def record_own_training(*, organisation: UUID, user: UUID, training: TrainingDone, at: datetime) -> None:
    """The only administrator of an organisation records her own training: nobody else is there to do it.

    Raises Refused at `done_on`, `title`, or as a whole when somebody else is there.
    """
    body = Organisation.objects.get(pk=organisation)
    check(_faults(training, _today(body, at)))
    if not may_record_own_training(organisation):
        raise Refused("Un·e administrateur·rice de l’organisme enregistre votre formation.")
    _record(user, organisation, training)


@transaction.atomic
def record_training(*, person: UUID, training: TrainingDone, by: Member, at: datetime) -> None:
    """An administrator records the training of someone of her organisation. Raises Refused at `done_on`, `title`, `person`."""
    if not by.may(Permission.MANAGE_ORGANISATION):
        raise Refused("Seul·e un·e administrateur·rice enregistre les formations.")
    body = Organisation.objects.get(pk=by.organisation)
    check(_faults(training, _today(body, at)))
    if not Membership.objects.filter(user_id=person, organisation_id=by.organisation).exists():
        raise Refused("Choisissez une personne de votre organisme.", "person")
    _record(person, by.organisation, training)


def may_record_own_training(organisation: UUID) -> bool:
    """Whether the person in context administers this organisation, with nobody else there to record her training."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT may_record_own_training(%s)", [organisation])
        return bool(cursor.fetchone()[0])


def record_as_operator(
    *, user: User, organisation: Organisation, trained_on: date, title: str, at: datetime, using: str
) -> None:
    """Record a training as the operator, who runs as the owner with nobody signed in. Raises Refused at `done_on`."""
    check(_faults(TrainingDone(trained_on, title), _today(organisation, at)))
    with transaction.atomic(using=using):
        training = Training.objects.using(using).create(
            user=user, organisation=organisation, done_on=trained_on, title=title
        )
        record(
            verb="training.record",
            object_type="training",
            object_ref=training.id,
            by=None,
            organisation=organisation.id,
            using=using,
        )


def _record(person: UUID, organisation: UUID, training: TrainingDone) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_training(%s, %s, %s, %s, %s)",
            [uuid7(), person, organisation, training.done_on, training.title.strip()],
        )


def _today(body: Organisation, at: datetime) -> date:
    return at.astimezone(ZoneInfo(body.time_zone)).date()


def _faults(training: TrainingDone, today: date) -> list[Fault | None]:
    return [
        Fault("Cette formation n’a pas encore eu lieu.", "done_on") if training.done_on > today else None,
        None
        if training.done_on.year >= 2016
        else Fault("Le RGPD date de 2016 : vérifiez l’année.", "done_on"),
        None
        if 0 < len(training.title.strip()) <= LONGEST_TITLE
        else Fault(f"Indiquez la formation, en {LONGEST_TITLE} caractères au plus.", "title"),
    ]
