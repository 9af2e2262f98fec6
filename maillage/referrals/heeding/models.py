"""Thresholds that referents set for a convention, and the referrals that went beyond one."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation, by_party
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.organisations.models import Organisation
from maillage.referrals.heeding.rules import HIGHEST, LOWEST, Kind


class AlertDays(models.Model):
    """From how many days the parties of a convention want to be told; the last row counts, none is changed."""

    access: ClassVar[Access] = by_party(writes=("INSERT",), recorded_by="organisation_id")
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention_id = models.UUIDField("convention")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    late_days = models.PositiveSmallIntegerField("jours sans accusé de réception")
    blocked_days = models.PositiveSmallIntegerField("jours sans étape")
    set_at = models.DateTimeField("fixé le")
    set_by = models.UUIDField("par")

    class Meta:
        verbose_name = "seuils d’une convention"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    late_days__gte=LOWEST,
                    late_days__lte=HIGHEST,
                    blocked_days__gte=LOWEST,
                    blocked_days__lte=HIGHEST,
                ),
                name="alertdays_within_bounds",
                violation_error_message=f"Un seuil va de {LOWEST} à {HIGHEST} jours.",
            )
        ]
        indexes = [models.Index(fields=["convention_id", "-set_at"], name="alertdays_last")]

    def __str__(self) -> str:
        return f"{self.late_days} {self.blocked_days}"


class Crossing(models.Model):
    """That a referral went beyond a threshold, from its last step seen by both sides; told once, ended when it moves again.

    Written by the daily round's function alone, under the worker's role.
    """

    access: ClassVar[Access] = by_participation(still_told="kind = 'late'")
    while_frozen: ClassVar[str] = "the clocks run on, and are counted"
    triggers: ClassVar[Triggers] = unjournalled(
        "the daily round says of each convention how many are new; a row repeats the dates of its case"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="crossings")
    convention_id = models.UUIDField("convention")
    kind = models.CharField("nature", max_length=10)
    step_on = models.DateField("dernière étape le")
    crossed_on = models.DateField("dépassé le")
    ended_on = models.DateField("reparti le", null=True, blank=True)

    class Meta:
        verbose_name = "seuil dépassé"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]),
                name="crossing_kind_known",
                violation_error_message="Un dossier est en retard, ou bloqué.",
            ),
            models.CheckConstraint(
                condition=Q(crossed_on__gt=F("step_on")),
                name="crossing_after_the_step",
                violation_error_message="Un seuil se dépasse après l’étape dont il part.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("crossed_on")),
                name="crossing_dates_ordered",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "step_on"],
                name="crossing_once",
                violation_error_message="Ce dépassement est déjà noté.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["convention_id", "kind"], condition=Q(ended_on__isnull=True), name="crossing_running"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"
