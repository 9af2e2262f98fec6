"""Forms filled by hand that wait to be keyed in: a reference, a day. Nothing about anybody before the case is."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation
from maillage.referrals.rekeying.rules import DROPPED, PATTERN


class PaperForm(models.Model):
    """A form that came back on paper. `draft` is the draft by which it is keyed in, whose id the case will bear."""

    access: ClassVar[Access] = organisations_own()
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField("référence de la feuille", max_length=9)
    received_on = models.DateField("reçue le")
    noted_at = models.DateTimeField("notée le")
    noted_by = models.UUIDField("par")
    draft = models.UUIDField("brouillon", null=True, blank=True)
    dropped = models.CharField("retirée", max_length=12, blank=True)
    dropped_at = models.DateTimeField("retirée le", null=True, blank=True)
    dropped_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "feuille à saisir"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"],
                name="paperform_entered_once",
                violation_error_message="Cette feuille est déjà dans la file.",
            ),
            models.CheckConstraint(
                condition=Q(reference__regex=PATTERN),
                name="paperform_reference_is_one",
                violation_error_message="Une feuille ne porte que sa référence imprimée.",
            ),
            models.CheckConstraint(
                condition=Q(dropped="", dropped_at__isnull=True, dropped_by__isnull=True)
                | Q(
                    dropped__in=list(DROPPED),
                    dropped_at__isnull=False,
                    dropped_by__isnull=False,
                    dropped_at__gte=F("noted_at"),
                ),
                name="paperform_dropped_by_someone",
                violation_error_message="Une feuille retirée dit pourquoi, quand et par qui.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "received_on"], condition=Q(dropped=""), name="paperform_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.reference
