"""What the parties did of their obligations (rows A17, A18, A21-A23), and what shows that their commitments are kept (A20)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.guards import Triggers, journalled
from maillage.documents.models import Document
from maillage.organisations.models import Organisation


class ObligationMark(models.Model):
    """One act on one obligation: ticked (kept), asked and approved or refused (logo, diffusion), opened (a dispute) and closed."""

    access: ClassVar[Access] = by_party(
        writes=("INSERT",), recorded_by="recorded_for_id", names={"document_id": "documents_document"}
    )
    triggers: ClassVar[Triggers] = journalled("recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="obligation_marks")
    obligation_key = models.CharField("obligation", max_length=80)
    kind = models.CharField("acte", max_length=12)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField("jour")
    note = models.CharField("précision", max_length=1000, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "acte sur une obligation"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["ticked", "asked", "approved", "refused", "opened", "closed"]),
                name="obligationmark_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["approved", "refused", "closed"], answers__isnull=False)
                | Q(kind__in=["ticked", "asked", "opened"], answers__isnull=True),
                name="obligationmark_answers_something",
            ),
        ]
        indexes = [models.Index(fields=["convention", "obligation_key"], name="obligationmark_convention")]

    def __str__(self) -> str:
        return f"{self.obligation_key} {self.kind}"


class CommitmentEvidence(models.Model):
    """What shows that a commitment was kept, noted by one of those who owe it: a word, a document.

    `occurrence`: the first day of the time that it is for, where the commitment comes back; None: that of its day. A row that
    `cancels` another takes it back, entered by error, and its note says why; both stay.
    """

    access: ClassVar[Access] = by_party(
        writes=("INSERT",), recorded_by="recorded_for_id", names={"document_id": "documents_document"}
    )
    triggers: ClassVar[Triggers] = journalled("recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    commitment_key = models.CharField("engagement", max_length=80)
    occurrence = models.DateField("échéance", null=True, blank=True)
    day = models.DateField("jour")
    note = models.CharField("précision", max_length=1000, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancels = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "preuve d’un engagement"
        constraints = [
            models.CheckConstraint(
                condition=~Q(note="") | Q(document__isnull=False),
                name="commitmentevidence_shows_something",
                violation_error_message="Une preuve est un mot ou un document.",
            ),
            models.CheckConstraint(
                condition=Q(cancels__isnull=True)
                | Q(document__isnull=True, occurrence__isnull=True) & ~Q(note=""),
                name="commitmentevidence_cancelled_for_a_reason",
                violation_error_message="Une preuve se retire avec sa raison.",
            ),
        ]
        indexes = [
            models.Index(fields=["convention", "commitment_key"], name="commitmentevidence_convention")
        ]

    def __str__(self) -> str:
        return f"{self.commitment_key} {self.day}"
