"""What one party asks of another's referents, in one of the three ways that the texts name."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from maillage.cases.models import Case
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.solicitations.rules import MEANS, Way
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access
from maillage.core.row_security.access import between_parties
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation


class Solicitation(models.Model):
    """A question to the referents of a party, and the answer.

    About nobody (`information`, `routing`): in plain words, which hold no person. About one case (`progress`): sealed with
    the case's key, for those who take part in it, with the person's agreement. Whoever asked may withdraw it while it has no answer.
    """

    access: ClassVar[Access] = between_parties(caller="caller_id", called="called_id")
    triggers: ClassVar[Triggers] = journalled("solicited")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    way = models.CharField("voie", max_length=12)
    article = models.CharField("article", max_length=40)
    caller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    called = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    called_key = models.CharField("partie sollicitée", max_length=80)
    asked_at = models.DateTimeField("demandé le", db_default=Now())
    asked_by = models.UUIDField("par")
    due_on = models.DateField("réponse attendue le")
    question = models.TextField("question", blank=True)
    answer = models.TextField("réponse", blank=True)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sealed_question = models.BinaryField("question chiffrée", null=True, blank=True)
    sealed_answer = models.BinaryField("réponse chiffrée", null=True, blank=True)
    agreed_on = models.DateField("accord donné le", null=True, blank=True)
    agreement_means = models.CharField("accord donné", max_length=10, blank=True)
    agreement_by = models.CharField("accord recueilli par", max_length=200, blank=True)

    class Meta:
        verbose_name = "sollicitation d’un référent"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    way="progress",
                    case__isnull=False,
                    sealed_question__isnull=False,
                    agreed_on__isnull=False,
                    agreement_means__in=list(MEANS),
                    question="",
                    answer="",
                )
                & ~Q(agreement_by="")
                | Q(
                    way__in=[Way.INFORMATION.value, Way.ROUTING.value],
                    case__isnull=True,
                    sealed_question__isnull=True,
                    sealed_answer__isnull=True,
                    agreed_on__isnull=True,
                    agreement_means="",
                    agreement_by="",
                )
                & ~Q(question=""),
                name="solicitation_way_holds_its_own",
                violation_error_message="L’avancement d’une démarche se demande depuis un dossier, avec l’accord de la personne.",
            ),
            models.CheckConstraint(
                condition=Q(
                    answered_at__isnull=True, answered_by__isnull=True, answer="", sealed_answer__isnull=True
                )
                | Q(answered_at__isnull=False, answered_by__isnull=False)
                & (~Q(answer="") | Q(sealed_answer__isnull=False)),
                name="solicitation_answer_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, answered_at__isnull=True),
                name="solicitation_withdrawn_unanswered",
                violation_error_message="Seule une question sans réponse se retire.",
            ),
            models.CheckConstraint(condition=~Q(caller=F("called")), name="solicitation_two_sides"),
        ]
        indexes = [
            models.Index(
                fields=["called", "due_on"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="solicitation_to_answer",
            ),
            models.Index(fields=["caller", "-asked_at"], name="solicitation_asked"),
            models.Index(fields=["case"], name="solicitation_case"),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.id}"
