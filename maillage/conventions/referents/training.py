"""Trainings of the referents: « une connaissance plus approfondie du fonctionnement des autres structures » (S3 art. 4)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import (
    day_of,
    lock_and_load,
    new_row,
    not_in_the_future,
    own_id,
    require,
)
from maillage.conventions.referents.models import Referent, ReferentTraining
from maillage.conventions.referents.policies import can_name
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member


@dataclass(frozen=True, slots=True)
class Training:
    """A training as a form gives it: a day, a subject, an organiser; never a person. `training_id` comes with the form."""

    training_id: UUID
    trained_on: date
    subject: str
    organiser: str


@transaction.atomic
def note_training(
    *, convention: Convention, referent: UUID, training: Training, by: Member, at: datetime
) -> ReferentTraining:
    """Note a training of one's own referent. Raises `Refused` at `trained_on`, `subject`, `organiser`, or as a whole."""
    known = lock_and_load(convention)
    require(can_name(by, known))
    new = own_id(training.training_id, by)
    kept = ReferentTraining.objects.filter(pk=new, convention=known.row).first()
    if kept is not None:
        return kept
    row = Referent.objects.filter(pk=referent, convention=known.row, organisation=by.organisation).first()
    if row is None:
        raise Refused("Choisissez l’un des référents de votre organisme.", "referent")
    check(
        [
            not_in_the_future(training.trained_on, day_of(known.row, at), "trained_on"),
            _said(training.subject, "subject", "Indiquez sur quoi portait la formation."),
            _said(training.organiser, "organiser", "Indiquez qui organisait la formation."),
        ]
    )
    with new_row():
        noted = ReferentTraining.objects.create(
            id=new,
            convention=known.row,
            organisation_id=by.organisation,
            referent=row,
            trained_on=training.trained_on,
            subject=training.subject.strip(),
            organiser=training.organiser.strip(),
        )
    record(
        verb="convention.referent_trained",
        object_type="referent",
        object_ref=row.pk,
        by=by.user,
        organisation=by.organisation,
    )
    return noted


@transaction.atomic
def withdraw_training(
    *, convention: Convention, referent: UUID, training: UUID, by: Member, at: datetime
) -> ReferentTraining:
    """Strike a training that one's organisation noted by mistake; it stays readable. Raises `Refused` as a whole."""
    known = lock_and_load(convention)
    require(can_name(by, known))
    mine = ReferentTraining.objects.filter(
        pk=training, referent=referent, convention=known.row, organisation=by.organisation
    )
    if not mine.filter(withdrawn_at=None).update(withdrawn_at=at):
        raise Refused("Cette formation est déjà retirée : la page a été rechargée.")
    record(
        verb="convention.referent_training_withdrawn",
        object_type="referent",
        object_ref=referent,
        by=by.user,
        organisation=by.organisation,
    )
    return mine.get()


def _said(words: str, field: str, missing: str) -> Fault | None:
    if not words.strip():
        return Fault(missing, field)
    return Fault("200 caractères au plus.", field) if len(words) > 200 else None
