"""How long an organisation itself keeps the files of closed cases, as it stated it, one statement after the other."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation
from maillage.protection.retention.durations import KINDS, LONGEST, MOST_MONTHS


class CaseDuration(models.Model):
    """One statement: from when on, for which cases, how many months after the closing, and why; no months where it withdraws one.

    Never changed: the newest of a convention, of a kind, or of all cases is what counts (`durations.running`).
    """

    access: ClassVar[Access] = organisations_own(
        writes=("INSERT",), names={"convention_id": "conventions_convention"}
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "duration_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey(
        Convention, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField("sorte de dossiers", max_length=20, blank=True)
    months = models.PositiveSmallIntegerField("mois", null=True, blank=True)
    reason = models.CharField("d’après quoi", max_length=LONGEST)
    recorded_at = models.DateTimeField("fixée le")
    recorded_by = models.UUIDField("par")

    class Meta:
        verbose_name = "durée de conservation des dossiers"
        constraints = [
            models.CheckConstraint(
                condition=Q(months__isnull=True) | Q(months__gte=1, months__lte=MOST_MONTHS),
                name="caseduration_in_months",
                violation_error_message="Écrivez un nombre de mois, de 1 à 1200.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["", *KINDS]) & (Q(kind="") | Q(convention__isnull=True)),
                name="caseduration_one_scope",
                violation_error_message="Choisissez une convention, ou une sorte de dossiers : pas les deux.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="caseduration_says_why",
                violation_error_message="Dites d’après quoi : votre référentiel, une décision, un texte.",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "recorded_at"], name="caseduration_stated")]

    def __str__(self) -> str:
        return f"{self.months} {self.convention_id or self.kind}"
