"""Referents: per party and level, functions and generic boxes rather than persons where possible, with dated history."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation


class Referent(models.Model):
    """One tenure. A change closes it and opens another: it is a letter to the other parties, not an avenant.

    One that was given up before it began ends the day before its first: it never runs, and succeeds nobody.

    Days during which a tenure and the one that succeeds it both run are a hand-over: both are reached.
    """

    access: ClassVar[Access] = by_party(writes=("INSERT", "UPDATE"), recorded_by="organisation_id")
    triggers: ClassVar[Triggers] = journalled("own_party", "tenure_stays", "handover")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="referents")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    party_key = models.CharField("partie", max_length=80)
    level = models.CharField("niveau", max_length=12)
    function = models.CharField("fonction", max_length=200)
    mailbox = models.EmailField("adresse générique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)
    succeeds = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name="succède à",
    )
    told_on = models.DateField("parties prévenues le", null=True, blank=True)

    class Meta:
        verbose_name = "référent"
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["national", "regional", "departement", "local"]),
                name="referent_level_known",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since") - timedelta(days=1)),
                name="referent_dates_ordered",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                condition=~Q(mailbox="") | ~Q(phone=""),
                name="referent_can_be_reached",
                violation_error_message="Indiquez une adresse ou un téléphone.",
            ),
        ]
        indexes = [models.Index(fields=["convention", "party_key"], name="referent_convention")]

    def __str__(self) -> str:
        return f"{self.party_key} {self.function}"

    @property
    def is_given_up(self) -> bool:
        """Whether it was cancelled before it began."""
        return self.until is not None and self.until < self.since


class ReferentTraining(models.Model):
    """A training of a referent (row B5): a day, what on, by whom. Of the tenure: whoever succeeds is trained anew.

    One noted by mistake is withdrawn: struck, never erased.
    """

    access: ClassVar[Access] = by_party(writes=("INSERT", "UPDATE"), recorded_by="organisation_id")
    triggers: ClassVar[Triggers] = journalled("own_training")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    referent = models.ForeignKey(Referent, on_delete=models.PROTECT, related_name="trainings")
    trained_on = models.DateField("formé le")
    subject = models.CharField("sujet", max_length=200)
    organiser = models.CharField("organisée par", max_length=200)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "formation de référent"
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(organiser=""),
                name="training_says_what_and_by_whom",
                violation_error_message="Indiquez sur quoi portait la formation, et qui l’organisait.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trained_on} {self.subject}"
