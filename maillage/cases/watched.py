"""How many persons one may open in a day, and what administrators are told of readings."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.cases.rules import HIGHEST_THRESHOLD, LOWEST_THRESHOLD
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation


class Threshold(models.Model):
    """How many persons one may open in a day, in one organisation, before its administrators are told."""

    access: ClassVar[Access] = organisations_own()
    triggers: ClassVar[Triggers] = journalled()

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    cases_per_day = models.PositiveIntegerField("dossiers par personne et par jour")
    set_at = models.DateTimeField("fixé le")
    set_by = models.UUIDField("par")

    class Meta:
        verbose_name = "seuil d’alerte"
        constraints = [
            models.CheckConstraint(
                condition=Q(cases_per_day__gte=LOWEST_THRESHOLD, cases_per_day__lte=HIGHEST_THRESHOLD),
                name="threshold_within_bounds",
                violation_error_message=f"Le seuil va de {LOWEST_THRESHOLD} à {HIGHEST_THRESHOLD} dossiers par jour.",
            )
        ]

    def __str__(self) -> str:
        return str(self.cases_per_day)


class Alert(models.Model):
    """What administrators and the data protection officer must look at; it blocks nobody.

    « volume »: one person opened more cases in a day than the threshold. « consultation »: she opened one without following it.
    """

    access: ClassVar[Access] = organisations_own(names={"case_id": "cases_case"})
    triggers: ClassVar[Triggers] = journalled("alert_stays")
    while_frozen: ClassVar[str] = "who read it"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("nature", max_length=12)
    user_id = models.UUIDField("personne")
    day = models.DateField("jour")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cases = models.PositiveIntegerField("dossiers ouverts", null=True, blank=True)
    threshold = models.PositiveIntegerField("seuil du jour", null=True, blank=True)
    raised_at = models.DateTimeField("signalé le")
    seen_at = models.DateTimeField("examiné le", null=True, blank=True)
    seen_by = models.UUIDField("par", null=True, blank=True)
    word = models.CharField("suite donnée", max_length=300, blank=True)

    class Meta:
        verbose_name = "signalement"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="volume", case__isnull=True, cases__isnull=False, threshold__isnull=False)
                | Q(kind="consultation", case__isnull=False, cases__isnull=True, threshold__isnull=True),
                name="alert_says_what",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True, word="")
                | (Q(seen_at__isnull=False, seen_by__isnull=False) & ~Q(word="")),
                name="alert_seen_with_a_word",
                violation_error_message="Dites en un mot la suite donnée.",
            ),
            models.CheckConstraint(
                condition=Q(seen_by__isnull=True) | ~Q(seen_by=F("user_id")),
                name="alert_seen_by_another",
                violation_error_message="Un signalement s’examine par quelqu’un d’autre que la personne signalée.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "user_id", "day"],
                condition=Q(kind="volume"),
                name="alert_volume_once",
                violation_error_message="Ce dépassement est déjà signalé.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "user_id", "case", "day"],
                condition=Q(kind="consultation"),
                name="alert_consultation_once",
                violation_error_message="Cette consultation est déjà signalée.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-raised_at"], name="alert_recent"),
            models.Index(fields=["organisation"], condition=Q(seen_at__isnull=True), name="alert_to_see"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
