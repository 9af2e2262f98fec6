"""Envelopes of credits, their figures month by month, what was decided to keep to them: rows that are added, never changed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation
from maillage.steering.credits.rules import FIRST_YEAR, LARGEST, LAST_YEAR


class CreditEnvelope(models.Model):
    """What is followed from year to year under one name."""

    access: ClassVar[Access] = by_party(writes=("INSERT",), recorded_by="recorded_for_id")
    triggers: ClassVar[Triggers] = journalled("recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("enveloppe", max_length=200)
    name_key = models.CharField(max_length=400)
    target = models.CharField("objectif suivi", max_length=10)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "enveloppe de crédits"
        constraints = [
            models.CheckConstraint(
                condition=Q(target__in=["ondam", "ogd", "other"]), name="creditenvelope_target_known"
            ),
            models.CheckConstraint(condition=~Q(name_key=""), name="creditenvelope_named"),
            models.UniqueConstraint(
                fields=["convention", "name_key"],
                name="creditenvelope_name_once",
                violation_error_message="Une enveloppe porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CreditFigure(models.Model):
    """One amount of an envelope, in cents: what a month consumed, or the year's objective (month 0).

    A row that `corrects` another takes its place, with its reason; both stay.
    """

    access: ClassVar[Access] = by_party(writes=("INSERT",), recorded_by="recorded_for_id")
    triggers: ClassVar[Triggers] = journalled("recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    envelope = models.ForeignKey(CreditEnvelope, on_delete=models.PROTECT, related_name="figures")
    year = models.PositiveSmallIntegerField("année")
    month = models.PositiveSmallIntegerField("mois")
    cents = models.BigIntegerField("montant")
    source = models.CharField("source", max_length=200, blank=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("motif", max_length=400, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "montant d’une enveloppe"
        constraints = [
            models.CheckConstraint(
                condition=Q(month__lte=12, year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="creditfigure_month_of_a_year",
            ),
            models.CheckConstraint(
                condition=Q(cents__gte=-LARGEST, cents__lte=LARGEST) & (Q(cents__gt=0) | Q(month__gt=0)),
                name="creditfigure_amount_possible",
                violation_error_message="Un objectif est un montant positif.",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                name="creditfigure_corrected_for_a_reason",
                violation_error_message="Une correction dit son motif.",
            ),
            models.UniqueConstraint(
                fields=["convention", "envelope", "year", "month"],
                condition=Q(corrects__isnull=True),
                name="creditfigure_first_once",
            ),
        ]
        indexes = [models.Index(fields=["convention", "year"], name="creditfigure_convention")]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d} {self.cents}"


class RegulationMeasure(models.Model):
    """What was decided to keep to an objective: its day, what it is, how much it amounts to where that is known."""

    access: ClassVar[Access] = by_party(writes=("INSERT",), recorded_by="recorded_for_id")
    triggers: ClassVar[Triggers] = journalled("recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    envelope = models.ForeignKey(CreditEnvelope, on_delete=models.PROTECT, related_name="measures")
    day = models.DateField("décidée le")
    what = models.CharField("mesure", max_length=1000)
    cents = models.BigIntegerField("montant", null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "mesure de régulation"
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="regulationmeasure_says_what"),
            models.CheckConstraint(
                condition=Q(cents__isnull=True) | Q(cents__gte=-LARGEST, cents__lte=LARGEST),
                name="regulationmeasure_amount_possible",
            ),
        ]
        indexes = [models.Index(fields=["envelope", "day"], name="regulationmeasure_envelope")]

    def __str__(self) -> str:
        return f"{self.day} {self.what[:40]}"
