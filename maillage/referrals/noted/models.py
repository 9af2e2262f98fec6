"""What a caisse notes while it works a referral: tries to reach the person, pauses, questions to the sender."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation
from maillage.core.row_security.guards import Triggers, journalled
from maillage.referrals.rules import PAUSE_REASONS, WAYS


class ContactAttempt(models.Model):
    """One try of the caisse to reach the person, and whether it did. The first that did dates the contact of the referral.

    Both sides read it: the sender of someone who never answers learns it before anybody closes. One that was noted by error is
    struck, and stays to be read.
    """

    access: ClassVar[Access] = by_participation(
        writes=("INSERT", "UPDATE"), added_by="recipient", changed_by="recipient", still_told="false"
    )
    triggers: ClassVar[Triggers] = journalled("kept", "in_time", "struck", "contact_again", "while_objected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("jour")
    way = models.CharField("moyen", max_length=10)
    reached = models.BooleanField("jointe")
    noted_at = models.DateTimeField("noté le")
    noted_by = models.UUIDField("par")
    struck_at = models.DateTimeField("rayé le", null=True, blank=True)
    struck_by = models.UUIDField("rayé par", null=True, blank=True)

    class Meta:
        verbose_name = "tentative de contact"
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True)
                | Q(struck_at__isnull=False, struck_by__isnull=False, struck_at__gte=F("noted_at")),
                name="attempt_struck_by_someone",
                violation_error_message="Un essai rayé dit quand et par qui, après avoir été noté.",
            ),
            models.CheckConstraint(
                condition=Q(way__in=list(WAYS)),
                name="attempt_way_known",
                violation_error_message="Dites comment la caisse a tenté de joindre la personne.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.day}"


class Pause(models.Model):
    """A time during which the caisse waits: why, and the day on which it looks again. A pause that the end of the case
    overtakes is not resumed."""

    access: ClassVar[Access] = by_participation(
        writes=("INSERT", "UPDATE"), added_by="recipient", changed_by="recipient", still_told="false"
    )
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("raison", max_length=20)
    look_again_on = models.DateField("à revoir le")
    began_on = models.DateField("jour de la pause")
    began_at = models.DateTimeField("en pause depuis")
    began_by = models.UUIDField("par")
    resumed_at = models.DateTimeField("reprise le", null=True, blank=True)
    resumed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "pause"
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=list(PAUSE_REASONS)),
                name="pause_reason_known",
                violation_error_message="Une pause dit sa raison.",
            ),
            models.CheckConstraint(
                condition=Q(look_again_on__gt=F("began_on")),
                name="pause_looked_at_later",
                violation_error_message="Une pause se revoit un jour à venir.",
            ),
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True, resumed_by__isnull=True)
                | Q(resumed_at__isnull=False, resumed_by__isnull=False, resumed_at__gte=F("began_at")),
                name="pause_resumed_by_someone",
                violation_error_message="Une reprise dit quand et par qui ; elle suit le début de la pause.",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(resumed_at__isnull=True),
                name="pause_one_at_a_time",
                violation_error_message="Ce dossier est déjà en pause.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.look_again_on}"


class CaseQuestion(models.Model):
    """What the caisse asks the sender about the person's situation, and the answer, each sealed with the case's key.

    The caisse may take it back until it is answered: the guard `sided` tells apart who answers and who takes back.
    """

    access: ClassVar[Access] = by_participation(writes=("INSERT", "UPDATE"), added_by="recipient")
    triggers: ClassVar[Triggers] = journalled("kept", "in_time", "sided", "while_objected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="questions")
    asked_at = models.DateTimeField("posée le")
    asked_by = models.UUIDField("par")
    sealed_question = models.BinaryField("question chiffrée")
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    sealed_answer = models.BinaryField("réponse chiffrée", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    withdrawn_by = models.UUIDField("retirée par", null=True, blank=True)

    class Meta:
        verbose_name = "question sur un dossier"
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, sealed_answer__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, sealed_answer__isnull=False),
                name="question_answer_has_its_date",
                violation_error_message="Une réponse dit quand et par qui.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at")),
                name="question_answered_after_asked",
                violation_error_message="Une réponse suit sa question.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                    withdrawn_at__gte=F("asked_at"),
                    answered_at__isnull=True,
                ),
                name="question_withdrawn_by_someone",
                violation_error_message="Une question retirée dit quand et par qui ; elle n’a pas reçu de réponse.",
            ),
        ]
        indexes = [
            models.Index(fields=["case"], condition=Q(answered_at__isnull=True), name="question_unanswered")
        ]

    def __str__(self) -> str:
        return str(self.id)
