"""The caisse's own file about a referral, in no shared part: its key, its assessments, its plan. Its organisation alone reads it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation
from maillage.referrals.own.rules import ACTION_KINDS, GIVEN_UP, OVERTAKEN, STATES

_OF_A_CASE = {"case_id": "cases_case"}


class CaseFile(models.Model):
    """The key of what an organisation writes for itself about one case, wrapped by its key of the store for the convention.

    No other participant holds it; what destroys the organisation's key for the convention destroys this.
    """

    access: ClassVar[Access] = organisations_own(names=_OF_A_CASE)
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    convention_id = models.UUIDField("convention")
    wrapped_key = models.BinaryField("clé enveloppée")

    class Meta:
        verbose_name = "dossier propre"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "case"],
                name="casefile_once",
                violation_error_message="Ce dossier a déjà sa clé.",
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Assessment(models.Model):
    """One version of the assessment of rights and needs (« bilan »), sealed whole; the last one is shown, none is changed."""

    access: ClassVar[Access] = organisations_own(writes=("INSERT",), names=_OF_A_CASE)
    triggers: ClassVar[Triggers] = journalled("kept", "own_work", "while_objected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("version")
    sealed = models.BinaryField("bilan chiffré")
    made_at = models.DateTimeField("fait le")
    made_by = models.UUIDField("par")

    class Meta:
        verbose_name = "bilan des droits et des besoins"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "case", "number"],
                name="assessment_version_once",
                violation_error_message="Cette version du bilan existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="assessment_numbered_from_one",
                violation_error_message="Les versions d’un bilan se comptent à partir de un.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class PlannedAction(models.Model):
    """One action of the plan: what, by when, and how it ended. Its words are sealed; its code is plain, for « À faire ».

    One that is planned still when its case ends otherwise than by closing is cancelled by the database: `plan_ends` of the referral.
    """

    access: ClassVar[Access] = organisations_own(names=_OF_A_CASE)
    triggers: ClassVar[Triggers] = journalled("kept", "own_work", "while_objected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("action", max_length=16)
    due_on = models.DateField("pour le")
    sealed_words = models.BinaryField("précisions chiffrées", null=True, blank=True)
    state = models.CharField("état", max_length=12, default="planned")
    reason = models.CharField("pourquoi abandonnée", max_length=20, blank=True)
    planned_at = models.DateTimeField("prévue le")
    planned_by = models.UUIDField("par")
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "action du plan"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(ACTION_KINDS)),
                name="action_kind_known",
                violation_error_message="Choisissez une action de la liste.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(STATES)),
                name="action_state_known",
                violation_error_message="Une action est prévue, faite, abandonnée, ou annulée avec son dossier.",
            ),
            models.CheckConstraint(
                condition=Q(state="given_up", reason__in=list(GIVEN_UP))
                | Q(state="cancelled", reason__in=list(OVERTAKEN))
                | ~Q(state__in=["given_up", "cancelled"]) & Q(reason=""),
                name="action_given_up_says_why",
                violation_error_message="Une action abandonnée ou annulée dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", ended_at__isnull=True, ended_by__isnull=True)
                | Q(state="cancelled", ended_at__isnull=False, ended_at__gte=F("planned_at"))
                | ~Q(state__in=["planned", "cancelled"])
                & Q(ended_at__isnull=False, ended_by__isnull=False, ended_at__gte=F("planned_at")),
                name="action_ended_by_someone",
                violation_error_message="La fin d’une action dit quand et par qui ; elle suit le jour où elle fut prévue.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on"],
                condition=Q(state="planned"),
                name="action_to_do",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"
