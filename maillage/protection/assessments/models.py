"""Impact assessments: the file of the organisation that leads one, its risks, what it asked of others (row H12; GDPR art. 35 and 36).

No text here names a person who is helped.
"""

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition
from maillage.documents.models import Document
from maillage.organisations.models import Organisation
from maillage.protection.assessments.rules import LONGEST, SHORT, Decision, FearedEvent, Kind, Stance
from maillage.protection.assessments.states import TRANSITIONS, State

_SCALE: Final = [1, 2, 3, 4]
_ADVISES: Final = (
    "EXISTS (SELECT 1 FROM protection_assessmentcontribution mine WHERE mine.assessment_id = {table}.id AND mine.kind = 'opinion'"  # noqa: S608 - a setting, no value
    f" AND mine.organisation_id = {ORGANISATION})"
)
_SIGNS: Final = (
    "EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = {table}.convention_id AND mine.role <> 'informed'"  # noqa: S608 - a setting, no value
    f" AND mine.organisation_id = {ORGANISATION})"
)
_READS_ITS_FILE: Final = (
    "EXISTS (SELECT 1 FROM protection_assessment file WHERE file.id = {table}.assessment_id)"
)
"""Its own policies are obeyed in it."""
_LEADS_ITS_FILE: Final = (
    "EXISTS (SELECT 1 FROM protection_assessment file WHERE file.id = {table}.assessment_id"  # noqa: S608 - a setting, no value
    f" AND file.organisation_id = {ORGANISATION})"
)
_READS_THE_DOCUMENT: Final = (
    "({table}.document_id IS NULL OR EXISTS"
    " (SELECT 1 FROM documents_document named WHERE named.id = {table}.document_id))"
)
_ITS_ANSWER: Final = f"(organisation_id = {ORGANISATION} OR leader_id = {ORGANISATION})"


class Assessment(models.Model):
    """One version of what an organisation judges of one kind of flow of a convention.

    `regime` is the key of the text's clause of protection, or of what no clause covers (`describing.FLOW`, `SERVICE`); `scope` its words on
    the day of the opening. The description follows the text
    as long as this is a draft; on validation it is kept byte for byte, with its digest, and `text_digest` tells whether the clauses change
    afterwards.
    """

    access: ClassVar[Access] = Access(
        "by_assessment",
        sees=f"(organisation_id = {ORGANISATION} OR {_ADVISES})",
        adds=f"organisation_id = {ORGANISATION} AND {_SIGNS}",
        changes=f"organisation_id = {ORGANISATION}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "assessment_opens", "assessment_stays")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    regime = models.CharField("régime", max_length=100)
    scope = models.CharField("portée", max_length=400)
    number = models.PositiveSmallIntegerField("version")
    state = models.CharField("état", max_length=10, default=State.DRAFT.value)
    lead_reason = models.CharField("pourquoi votre organisme mène l’analyse", max_length=SHORT, blank=True)
    necessity = models.CharField("nécessité et proportionnalité", max_length=LONGEST, blank=True)
    written_at = models.DateTimeField("écrite le", null=True, blank=True)
    decision = models.CharField("décision", max_length=16, blank=True)
    review_on = models.DateField("à revoir le", null=True, blank=True)
    description = models.TextField("description", blank=True)
    digest = models.CharField("empreinte", max_length=64, blank=True)
    text_digest = models.CharField("empreinte des clauses", max_length=64, blank=True)
    recorded_at = models.DateTimeField("ouverte le")
    recorded_by = models.UUIDField("par")
    validated_at = models.DateTimeField("validée le", null=True, blank=True)
    validated_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "analyse d’impact"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="assessment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) & ~Q(regime="") & ~Q(scope=""), name="assessment_of_something"
            ),
            models.UniqueConstraint(
                fields=["organisation", "convention", "regime", "number"],
                name="assessment_number_once",
                violation_error_message="Cette version est déjà ouverte.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "convention", "regime"],
                condition=Q(state="draft"),
                name="assessment_one_draft",
                violation_error_message="Une version est déjà en préparation.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "convention", "regime"],
                condition=Q(state="validated"),
                name="assessment_one_validated",
                violation_error_message="Une version est déjà validée.",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", *(one.value for one in Decision)]),
                name="assessment_decision_known",
                violation_error_message="Choisissez dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="draft",
                    validated_at__isnull=True,
                    validated_by__isnull=True,
                    review_on__isnull=True,
                    decision="",
                    description="",
                    digest="",
                    text_digest="",
                )
                | ~Q(state="draft")
                & Q(validated_at__isnull=False, validated_by__isnull=False, review_on__isnull=False)
                & ~Q(decision="")
                & ~Q(description="")
                & Q(digest__regex=r"^[0-9a-f]{64}$", text_digest__regex=r"^[0-9a-f]{64}$")
                & ~Q(necessity=""),
                name="assessment_validated_whole",
                violation_error_message="Une analyse validée dit tout : nécessité, décision, date de révision.",
            ),
            models.CheckConstraint(
                condition=Q(validated_at__isnull=True) | Q(validated_at__gte=F("recorded_at")),
                name="assessment_validated_after_opened",
            ),
        ]
        indexes = [
            models.Index(fields=["review_on"], condition=Q(state="validated"), name="assessment_to_review")
        ]

    def __str__(self) -> str:
        return f"{self.regime} {self.number}"


class AssessmentRisk(models.Model):
    """One feared event of an assessment: where it comes from, what it would do, how grave and likely, before the measures and after."""

    access: ClassVar[Access] = Access(
        "by_assessment",
        sees=_READS_ITS_FILE,
        adds=_LEADS_ITS_FILE,
        changes=_LEADS_ITS_FILE,
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("risk_of_a_draft")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="risks")
    event = models.CharField("événement redouté", max_length=10)
    sources = models.CharField("sources", max_length=LONGEST)
    impacts = models.CharField("impacts", max_length=LONGEST)
    measures = models.CharField("mesures", max_length=LONGEST)
    severity = models.PositiveSmallIntegerField("gravité")
    likelihood = models.PositiveSmallIntegerField("vraisemblance")
    residual_severity = models.PositiveSmallIntegerField("gravité après les mesures")
    residual_likelihood = models.PositiveSmallIntegerField("vraisemblance après les mesures")
    written_at = models.DateTimeField("écrit le")

    class Meta:
        verbose_name = "risque d’une analyse d’impact"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "event"],
                name="assessmentrisk_once",
                violation_error_message="Ce risque est déjà décrit.",
            ),
            models.CheckConstraint(
                condition=Q(event__in=[one.value for one in FearedEvent]), name="assessmentrisk_event_known"
            ),
            models.CheckConstraint(
                condition=~Q(sources="") & ~Q(impacts="") & ~Q(measures=""),
                name="assessmentrisk_says_why",
                violation_error_message="Dites d’où vient le risque, ses effets et les mesures.",
            ),
            models.CheckConstraint(
                condition=Q(
                    severity__in=_SCALE,
                    likelihood__in=_SCALE,
                    residual_severity__in=_SCALE,
                    residual_likelihood__in=_SCALE,
                ),
                name="assessmentrisk_on_the_scale",
                violation_error_message="Choisissez de 1 à 4.",
            ),
            models.CheckConstraint(
                condition=Q(residual_severity__lte=F("severity"), residual_likelihood__lte=F("likelihood")),
                name="assessmentrisk_not_worse_after",
                violation_error_message="Les mesures ne peuvent pas aggraver le risque.",
            ),
        ]

    def __str__(self) -> str:
        return self.event


class AssessmentContribution(models.Model):
    """What the leader of an assessment asks of an organisation, and its answer: documentation, or the opinion of its delegate.

    `is_here`: somebody there watches over its data on the platform; else it is asked by letter and the leader notes its answer.
    `is_reported`: an opinion that somebody else than the delegate wrote down.
    """

    access: ClassVar[Access] = Access(
        "between_two",
        sees=_ITS_ANSWER,
        adds=f"leader_id = {ORGANISATION}",  # its trigger looks at the file, below row security
        changes=f"{_ITS_ANSWER} AND {_READS_THE_DOCUMENT}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "contribution_asked", "contribution_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="contributions")
    leader = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("demande", max_length=14)
    question = models.CharField("question", max_length=LONGEST)
    subject = models.CharField("objet", max_length=700)
    due_on = models.DateField("attendue le")
    is_here = models.BooleanField("prévenue par Maillage", default=True)
    recorded_at = models.DateTimeField("demandée le")
    recorded_by = models.UUIDField("par")
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    is_reported = models.BooleanField("rapportée", default=False)
    stance = models.CharField("sens de l’avis", max_length=12, blank=True)
    words = models.CharField("réponse", max_length=LONGEST, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField("n’est plus attendue depuis le", null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "contribution à une analyse d’impact"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "organisation", "kind"],
                name="assessmentcontribution_once",
                violation_error_message="Cela lui est déjà demandé.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Kind])
                & Q(stance__in=["", *(one.value for one in Stance)]),
                name="assessmentcontribution_known",
                violation_error_message="Choisissez dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(kind="opinion") | ~Q(organisation=F("leader")),
                name="assessmentcontribution_of_another",
                violation_error_message="Un organisme ne se demande pas sa propre documentation.",
            ),
            models.CheckConstraint(
                condition=~Q(question="") & ~Q(subject=""),
                name="assessmentcontribution_asks",
                violation_error_message="Écrivez quelques mots.",
            ),
            models.CheckConstraint(
                condition=Q(
                    answered_at__isnull=True,
                    answered_by__isnull=True,
                    stance="",
                    words="",
                    document__isnull=True,
                    is_reported=False,
                )
                | Q(answered_at__gte=F("recorded_at"), answered_by__isnull=False, withdrawn_at__isnull=True)
                & ~Q(words=""),
                name="assessmentcontribution_answered_whole",
                violation_error_message="Une réponse dit quelques mots.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True)
                | Q(kind="opinion") & ~Q(stance="")
                | Q(kind="documentation", stance="", is_reported=False),
                name="assessmentcontribution_opinion_has_a_stance",
                violation_error_message="Dites le sens de l’avis.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__gte=F("recorded_at"), withdrawn_by__isnull=False),
                name="assessmentcontribution_withdrawn_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="contribution_to_answer",
            ),
            models.Index(
                fields=["leader", "due_on"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="contribution_awaited",
            ),
            models.Index(fields=["organisation", "-recorded_at"], name="contribution_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation_id}"
