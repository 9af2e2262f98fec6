"""What the parties did of their obligations (rows A17, A18, A21-A23), and what shows that their commitments are kept (A20)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.conventions.commitments.rules import Source
from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
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
    `cancels` another takes it back, entered by error, and its note says why; both stay. With a `fact`, Maillage noted it from a
    `source` that it knows, once for each commitment and each of those who owe it.
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
    source = models.CharField(
        "d’où elle vient", max_length=10, default=Source.HAND, db_default=Source.HAND.value
    )
    fact = models.CharField("fait connu de Maillage", max_length=80, blank=True, default="", db_default="")
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
            models.CheckConstraint(
                condition=Q(source="hand", fact="")
                | Q(source__in=[one.value for one in Source if one is not Source.HAND], cancels__isnull=True)
                & ~Q(fact=""),
                name="commitmentevidence_known_by_a_fact",
                violation_error_message="Une preuve que Maillage connaît vient d’un fait.",
            ),
            models.UniqueConstraint(
                fields=["convention", "commitment_key", "recorded_for", "source", "fact"],
                condition=~Q(source="hand"),
                name="commitmentevidence_once_a_fact",
                violation_error_message="Ce fait est déjà noté pour cet engagement.",
            ),
        ]
        indexes = [
            models.Index(fields=["convention", "commitment_key"], name="commitmentevidence_convention")
        ]

    def __str__(self) -> str:
        return f"{self.commitment_key} {self.day}"


_NOMINATIVE = (
    "EXISTS (SELECT 1 FROM cases_authorisation known WHERE known.convention_id = {table}.convention_id"  # noqa: S608 - a setting, no value
    f" AND (known.sender_id = {ORGANISATION} OR known.recipient_id = {ORGANISATION}))"
)


class EvidenceCount(models.Model):
    """Of how many referrals a proof that counts them speaks, and over which days: exact, for whoever may open a case there alone.

    A party that reads no nominative datum (the CAF, S0 art. 5), or whoever was informed, reads the proof without it.
    """

    access: ClassVar[Access] = Access(
        "nominative_parties",
        sees=_NOMINATIVE,
        adds=f"{_NOMINATIVE} AND EXISTS (SELECT 1 FROM conventions_commitmentevidence own WHERE own.id = {{table}}.evidence_id"  # noqa: S608 - a setting, no value
        f" AND own.convention_id = {{table}}.convention_id AND own.recorded_for_id = {ORGANISATION})",
        grants=("SELECT", "INSERT"),
    )
    triggers: ClassVar[Triggers] = unjournalled("the proof that it completes is journalled with it")

    evidence = models.OneToOneField(
        CommitmentEvidence, on_delete=models.PROTECT, primary_key=True, related_name="numbers"
    )
    convention_id = models.UUIDField("convention")
    since = models.DateField("du")
    until = models.DateField("au", help_text="Dernier jour compté.")
    counted = models.PositiveIntegerField("à temps")
    over = models.PositiveIntegerField("en tout")

    class Meta:
        verbose_name = "compte qui montre un engagement"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="evidencecount_days_ordered",
                violation_error_message="La fin d’une période ne précède pas son début.",
            ),
            models.CheckConstraint(
                condition=Q(over__gte=1, counted__lte=F("over")),
                name="evidencecount_part_of_a_whole",
                violation_error_message="Un numérateur ne dépasse pas son dénominateur, qui n’est pas zéro.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counted} {self.over}"
