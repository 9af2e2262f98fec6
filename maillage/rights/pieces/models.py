"""The pieces of a file, and what the caisse asked for when some were missing."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation
from maillage.core.row_security.guards import Triggers, journalled
from maillage.documents.models import Document
from maillage.organisations.models import Organisation
from maillage.rights.clocks.course import LONGEST_GRANTED
from maillage.rights.rules import AGAIN_REASONS


class PieceRequest(models.Model):
    """Missing pieces, all asked at once (CRPA L114-5); a second round says why. The caisse asks, either side notes their coming.

    `indispensable`: without these pieces the file cannot be judged (CRPA L114-5-1).
    """

    access: ClassVar[Access] = by_participation(writes=("INSERT", "UPDATE"), added_by="recipient")
    triggers: ClassVar[Triggers] = journalled("in_time", "kept", "while_objected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="piece_requests")
    number = models.PositiveSmallIntegerField("demande n°")
    keys = ArrayField(models.CharField(max_length=40), verbose_name="pièces demandées")
    indispensable = models.BooleanField("indispensables")
    asked_on = models.DateField("demandées le")
    granted_days = models.PositiveSmallIntegerField("jours accordés", null=True, blank=True)
    again = models.CharField("pourquoi une nouvelle demande", max_length=20, blank=True)
    sealed_words = models.BinaryField("précisions chiffrées", null=True, blank=True)
    asked_at = models.DateTimeField("notée le")
    asked_by = models.UUIDField("par")
    answered_on = models.DateField("reçues le", null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "demande de pièces"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number"],
                name="piecerequest_once",
                violation_error_message="Ces pièces viennent d’être demandées par quelqu’un d’autre.",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(answered_on__isnull=True),
                name="piecerequest_one_at_a_time",
                violation_error_message="Des pièces sont déjà attendues : notez d’abord leur arrivée.",
            ),
            models.CheckConstraint(
                condition=Q(number=1, again="") | Q(number__gt=1, again__in=list(AGAIN_REASONS)),
                name="piecerequest_again_says_why",
                violation_error_message="Une nouvelle demande de pièces se justifie.",
            ),
            models.CheckConstraint(
                condition=Q(keys__len__gt=0),
                name="piecerequest_asks_something",
                violation_error_message="Choisissez au moins une pièce.",
            ),
            models.CheckConstraint(
                condition=Q(granted_days__isnull=True)
                | Q(granted_days__gt=0, granted_days__lte=LONGEST_GRANTED),
                name="piecerequest_delay_bounded",
                violation_error_message=f"Le délai va de 1 à {LONGEST_GRANTED} jours.",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_on__gte=F("asked_on"), answered_at__isnull=False, answered_by__isnull=False),
                name="piecerequest_answered_after_asked",
                violation_error_message="Les pièces arrivent après avoir été demandées.",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_on", "case"], condition=Q(number__gt=1), name="piecerequest_again")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class Piece(models.Model):
    """One piece of a file, sent with it or later, by either side: encrypted as every document, served through its case only."""

    access: ClassVar[Access] = by_participation(writes=("INSERT",))
    triggers: ClassVar[Triggers] = journalled("in_time", "kept", "while_objected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pieces")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")
    key = models.CharField("pièce", max_length=40)
    dated_on = models.DateField("datée du", null=True, blank=True)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    added_at = models.DateTimeField("ajoutée le")
    added_by = models.UUIDField("par")

    class Meta:
        verbose_name = "pièce d’un dossier"
        constraints = [
            models.CheckConstraint(
                condition=Q(dated_on__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("dated_on")),
                name="piece_dates_ordered",
                violation_error_message="Une pièce ne cesse pas de valoir avant sa date.",
            )
        ]
        indexes = [models.Index(fields=["case"], name="piece_of")]

    def __str__(self) -> str:
        return self.key
