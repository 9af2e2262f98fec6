"""Triangles of past payments on which a provision rests, and what was paid in the end: rows that are added, never changed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation
from maillage.steering.provision.rules import FIRST_YEAR, LARGEST, LAST_YEAR

COMPONENTS = ["day_price", "grant", "package"]


class ProvisionTriangle(models.Model):
    """The payments from which the provision of a year (`year`, closed) is estimated, for one component.

    `cells` are summed payments in cents, a row for each year of care from `first_year`. What `replaces` an earlier one says why.
    """

    access: ClassVar[Access] = by_party(writes=("INSERT",), recorded_by="recorded_for_id")
    triggers: ClassVar[Triggers] = journalled("recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    component = models.CharField("composante", max_length=10)
    year = models.PositiveSmallIntegerField("exercice")
    first_year = models.PositiveSmallIntegerField("première année de soins")
    cells = models.JSONField("montants cumulés")
    source = models.CharField("source", max_length=200)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("motif", max_length=400, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "triangle de provision"
        constraints = [
            models.CheckConstraint(
                condition=Q(component__in=COMPONENTS), name="provisiontriangle_component_known"
            ),
            models.CheckConstraint(
                condition=Q(first_year__gte=FIRST_YEAR, first_year__lt=F("year"), year__lte=LAST_YEAR),
                name="provisiontriangle_years_ordered",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="provisiontriangle_has_a_source"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
                name="provisiontriangle_replaced_for_a_reason",
                violation_error_message="Une correction dit son motif.",
            ),
            models.UniqueConstraint(
                fields=["convention", "year", "component"],
                condition=Q(replaces__isnull=True),
                name="provisiontriangle_first_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.component}"


class ProvisionActual(models.Model):
    """What was paid in the end of what the provision of a year was made for."""

    access: ClassVar[Access] = by_party(writes=("INSERT",), recorded_by="recorded_for_id")
    triggers: ClassVar[Triggers] = journalled("recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    component = models.CharField("composante", max_length=10)
    year = models.PositiveSmallIntegerField("exercice")
    cents = models.BigIntegerField("montant")
    known_on = models.DateField("arrêté le")
    source = models.CharField("source", max_length=200)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("motif", max_length=400, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "réalisé d’une provision"
        constraints = [
            models.CheckConstraint(
                condition=Q(component__in=COMPONENTS), name="provisionactual_component_known"
            ),
            models.CheckConstraint(
                condition=Q(cents__gte=-LARGEST, cents__lte=LARGEST), name="provisionactual_amount_possible"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="provisionactual_has_a_source"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
                name="provisionactual_replaced_for_a_reason",
                violation_error_message="Une correction dit son motif.",
            ),
            models.UniqueConstraint(
                fields=["convention", "year", "component"],
                condition=Q(replaces__isnull=True),
                name="provisionactual_first_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.component} {self.cents}"
