"""A caisse's agent at a partner's: the secondment, its permanences, and appointments, one-to-one with a case."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Authorisation, Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition
from maillage.organisations.models import Organisation
from maillage.secondments.rules import (
    CANCELLED_BY,
    LONGEST,
    LONGEST_PLACE,
    MOST_WEEKS,
    OUTCOMES,
    PAPERS,
    SHORTEST,
    WEEKDAYS,
)
from maillage.secondments.states import TRANSITIONS, State

_TAKEN = [State.BOOKED.value, State.HELD.value, State.MISSED.value]


class Secondment(models.Model):
    """An agent of the caisse at the host's, under an authorisation of the convention in force. Set up by the caisse alone."""

    access: ClassVar[Access] = Access(
        "seconded",
        sees=f"(caisse_id = {ORGANISATION} OR host_id = {ORGANISATION})",
        adds=f"caisse_id = {ORGANISATION}",
        changes=f"caisse_id = {ORGANISATION}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("kept", "of_appointments", "agent_follows", "one_place")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="+")
    convention_id = models.UUIDField("convention")
    caisse = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agent_id = models.UUIDField("agent délégué")
    place = models.CharField("lieu", max_length=LONGEST_PLACE)
    article = models.CharField("article", max_length=40, editable=False)
    time_zone = models.CharField("fuseau horaire", max_length=40, editable=False)
    departement = models.CharField("département", max_length=3, blank=True, editable=False)
    since = models.DateField("du")
    until = models.DateField("au", null=True, blank=True, help_text="Dernier jour.")
    set_up_at = models.DateTimeField("mise en place le")
    set_up_by = models.UUIDField("par")

    class Meta:
        verbose_name = "mise à disposition d’un agent"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="secondment_dates_ordered",
                violation_error_message="Le dernier jour ne peut pas précéder le premier.",
            ),
            models.CheckConstraint(
                condition=~Q(place=""),
                name="secondment_somewhere",
                violation_error_message="Dites où l’agent reçoit.",
            ),
            models.CheckConstraint(
                condition=~Q(caisse=F("host")),
                name="secondment_two_sides",
                violation_error_message="La caisse ne s’accueille pas elle-même.",
            ),
        ]
        indexes = [
            models.Index(fields=["caisse", "-since"], name="secondment_caisse"),
            models.Index(fields=["host", "-since"], name="secondment_host"),
            models.Index(fields=["agent_id"], name="secondment_agent"),
        ]

    def __str__(self) -> str:
        return str(self.id)


_OF_MINE = "EXISTS (SELECT 1 FROM secondments_secondment s WHERE s.id = {table}.secondment_id%s)"


class Permanence(models.Model):
    """A day of the week and hours of the host's own clock: only its last day ever changes."""

    access: ClassVar[Access] = Access(
        "of_a_secondment",
        sees=_OF_MINE % "",
        adds=_OF_MINE % f" AND s.caisse_id = {ORGANISATION}",
        changes=_OF_MINE % f" AND s.caisse_id = {ORGANISATION}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("kept", "one_place", "one_place_longer")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    secondment = models.ForeignKey(Secondment, on_delete=models.PROTECT, related_name="permanences")
    weekday = models.PositiveSmallIntegerField("jour")
    starts = models.TimeField("de")
    ends = models.TimeField("à")
    minutes = models.PositiveSmallIntegerField("durée d’un rendez-vous (minutes)")
    every = models.PositiveSmallIntegerField("toutes les (semaines)", default=1)
    since = models.DateField("du")
    until = models.DateField("au", null=True, blank=True, help_text="Dernier jour.")

    class Meta:
        verbose_name = "permanence"
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__in=list(WEEKDAYS)),
                name="permanence_weekday_known",
                violation_error_message="Choisissez un jour.",
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="permanence_hours_ordered",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
                name="permanence_length_bounded",
                violation_error_message=f"Un rendez-vous dure de {SHORTEST} à {LONGEST} minutes.",
            ),
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=MOST_WEEKS),
                name="permanence_rhythm_bounded",
                violation_error_message=f"Une permanence revient toutes les 1 à {MOST_WEEKS} semaines.",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="permanence_dates_ordered",
                violation_error_message="Le dernier jour ne peut pas précéder le premier.",
            ),
        ]
        indexes = [models.Index(fields=["secondment"], name="permanence_secondment")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}"


class Appointment(models.Model):
    """A person's appointment with the seconded agent: codes only, no free text; her identity is the case's, encrypted."""

    access: ClassVar[Access] = by_participation(writes=("INSERT", "UPDATE"), added_by="sender")
    triggers: ClassVar[Triggers] = journalled(
        "kept", "within_hours", "mirror_state", "agent_follows", "while_objected"
    )
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="appointment")
    secondment = models.ForeignKey(Secondment, on_delete=models.PROTECT, related_name="appointments")
    state = models.CharField("état", max_length=20, default=State.BOOKED)
    starts_at = models.DateTimeField("de")
    ends_at = models.DateTimeField("à")
    service = models.CharField("motif", max_length=40)
    papers = ArrayField(models.CharField(max_length=20), verbose_name="à apporter", default=list, blank=True)
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fait suite à"
    )
    booked_at = models.DateTimeField("pris le")
    booked_by = models.UUIDField("par")
    moved_at = models.DateTimeField("déplacé le", null=True, blank=True)
    moved_by = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField("noté le", null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    outcome = models.CharField("suite", max_length=20, blank=True)
    cancelled_for = models.CharField("annulé", max_length=10, blank=True)

    class Meta:
        verbose_name = "rendez-vous"
        constraints = [
            models.UniqueConstraint(
                fields=["secondment", "starts_at"],
                condition=Q(state__in=_TAKEN),
                name="appointment_slot_once",
                violation_error_message="Ce créneau vient d’être pris : choisissez-en un autre.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="appointment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="appointment_hours_ordered",
                violation_error_message="Un rendez-vous finit après son début.",
            ),
            models.CheckConstraint(
                condition=Q(papers__contained_by=list(PAPERS)),
                name="appointment_papers_known",
                violation_error_message="Choisissez les pièces dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(moved_at__isnull=True, moved_by__isnull=True)
                | Q(moved_at__isnull=False, moved_by__isnull=False),
                name="appointment_moved_by_someone",
                violation_error_message="Un rendez-vous est déplacé par quelqu’un, un jour donné.",
            ),
            models.CheckConstraint(
                condition=Q(state="booked", closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state="booked") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="appointment_closed_by_someone",
                violation_error_message="Ce qu’il est advenu d’un rendez-vous est noté par quelqu’un, un jour donné.",
            ),
            models.CheckConstraint(
                condition=Q(state="held", outcome__in=list(OUTCOMES)) | (~Q(state="held") & Q(outcome="")),
                name="appointment_held_has_its_outcome",
                violation_error_message="Un rendez-vous tenu dit sa suite.",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_for__in=list(CANCELLED_BY))
                | (~Q(state="cancelled") & Q(cancelled_for="")),
                name="appointment_cancelled_says_for_whom",
                violation_error_message="Un rendez-vous annulé dit à la demande de qui.",
            ),
        ]
        indexes = [
            models.Index(fields=["secondment", "starts_at"], name="appointment_agenda"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)
