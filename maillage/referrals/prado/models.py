"""What a caisse keeps of PRADO maternité, in rows of its own; and the monthly figures that the parties of a convention may read."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party, organisations_own
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.organisations.models import Organisation
from maillage.referrals.prado.rules import REFUSALS, THRESHOLD, VERDICTS

WAITING: Final = ~Q(answer="refused") & Q(has_midwife=False) & (~Q(answer="") | ~Q(eligible="not_met"))
"""Of enrolments: something is still to be done."""


class Enrolment(models.Model):
    """One mother, from the pre-registration or the visit to her answer. Who she is, her delivery and her midwife are sealed.

    Its key is wrapped by the organisation's key for the convention: what destroys that one destroys this.
    """

    access: ClassVar[Access] = organisations_own(names={"maternity_id": "organisations_organisation"})
    triggers: ClassVar[Triggers] = journalled("kept", "of_its_service")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    convention_id = models.UUIDField("convention")
    maternity = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="maternité"
    )
    preregistered_on = models.DateField("préinscrite le", null=True, blank=True)
    visited_on = models.DateField("visitée le", null=True, blank=True)
    eligible = models.CharField("éligibilité", max_length=8, blank=True)
    presented_on = models.DateField("offre présentée le", null=True, blank=True)
    answer = models.CharField("réponse", max_length=8, blank=True)
    reason = models.CharField("raison du refus", max_length=12, blank=True)
    answered_on = models.DateField("répondu le", null=True, blank=True)
    has_midwife = models.BooleanField("sage-femme choisie", default=False)
    wrapped_key = models.BinaryField("clé enveloppée")
    sealed = models.BinaryField("dossier chiffré")
    opened_at = models.DateTimeField("ouverte le")
    opened_by = models.UUIDField("par")
    changed_at = models.DateTimeField("modifiée le")
    changed_by = models.UUIDField("modifiée par")

    class Meta:
        verbose_name = "inscription PRADO"
        constraints = [
            models.CheckConstraint(
                condition=Q(visited_on__isnull=True, eligible="")
                | Q(visited_on__isnull=False, eligible__in=VERDICTS),
                name="enrolment_judged_at_the_visit",
                violation_error_message="L’éligibilité se note à la visite, et la visite note l’éligibilité.",
            ),
            models.CheckConstraint(
                condition=Q(presented_on__isnull=True)
                | Q(visited_on__isnull=False, eligible="met", presented_on__gte=F("visited_on")),
                name="enrolment_presented_if_eligible",
                violation_error_message="L’offre se présente à une assurée éligible, après la visite.",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True)
                | Q(
                    answer__in=["accepted", "refused"],
                    presented_on__isnull=False,
                    answered_on__isnull=False,
                    answered_on__gte=F("presented_on"),
                ),
                name="enrolment_answered_once_presented",
                violation_error_message="Une réponse a son jour ; elle suit la présentation.",
            ),
            models.CheckConstraint(
                condition=Q(answer="refused", reason__in=list(REFUSALS))
                | ~Q(answer="refused") & Q(reason=""),
                name="enrolment_refusal_says_why",
                violation_error_message="Un refus dit sa raison.",
            ),
            models.CheckConstraint(
                condition=Q(has_midwife=False) | Q(answer="accepted"),
                name="enrolment_midwife_of_an_enrolled",
                violation_error_message="La sage-femme se choisit une fois l’adhésion donnée.",
            ),
            models.CheckConstraint(
                condition=Q(preregistered_on__isnull=True)
                | Q(visited_on__isnull=True)
                | Q(visited_on__gte=F("preregistered_on")),
                name="enrolment_visited_after_preregistered",
                violation_error_message="La visite suit la préinscription.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "convention_id", "-opened_at"], name="enrolment_list"),
            models.Index(
                fields=["organisation", "convention_id", "presented_on"],
                condition=Q(presented_on__isnull=False),
                name="enrolment_presented",
            ),
            models.Index(fields=["organisation", "opened_at"], condition=WAITING, name="enrolment_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class EnrolmentCorrection(models.Model):
    """What was noted of an enrolment before somebody corrected it: the presentation, the answer. All are kept.

    Added in the transaction of the correction: the guard `kept` of the enrolment lets nothing noted change without one.
    """

    access: ClassVar[Access] = organisations_own(
        writes=("INSERT",), names={"enrolment_id": "referrals_enrolment"}
    )
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="corrections")
    presented_on = models.DateField("offre présentée le")
    answer = models.CharField("réponse", max_length=8, blank=True)
    reason = models.CharField("raison du refus", max_length=12, blank=True)
    answered_on = models.DateField("répondu le", null=True, blank=True)
    corrected_at = models.DateTimeField("corrigé le")
    corrected_by = models.UUIDField("par")

    class Meta:
        verbose_name = "correction d’une inscription PRADO"
        indexes = [models.Index(fields=["enrolment", "corrected_at"], name="enrolmentcorrection_history")]

    def __str__(self) -> str:
        return str(self.enrolment_id)


class AdhesionRelease(models.Model):
    """The figures of one month as the parties of a convention may read them: decided once, by a function of the owner, then fixed.

    Without figures, the month is not told: too few mothers, too few maternities, or one that would recompute another's.
    """

    access: ClassVar[Access] = by_party()
    triggers: ClassVar[Triggers] = unjournalled(
        "figures without anybody in them, which only a function of the owner writes, once a month"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention_id = models.UUIDField("convention")
    month = models.DateField("mois")
    presented = models.PositiveIntegerField("présentations", null=True, blank=True)
    accepted = models.PositiveIntegerField("adhésions", null=True, blank=True)
    decided_at = models.DateTimeField("arrêté le")

    class Meta:
        verbose_name = "taux d’adhésion PRADO"
        constraints = [
            models.UniqueConstraint(
                fields=["convention_id", "month"],
                name="adhesion_once_a_month",
                violation_error_message="Ce mois est déjà arrêté.",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="adhesion_of_a_whole_month"),
            models.CheckConstraint(
                condition=Q(presented__isnull=True, accepted__isnull=True)
                | Q(
                    presented__isnull=False,
                    accepted__isnull=False,
                    accepted__gte=THRESHOLD,
                    presented__gte=F("accepted") + THRESHOLD,
                ),
                name="adhesion_never_under_the_threshold",
                violation_error_message="Ni adhésions ni refus ne sont publiés sous onze.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.convention_id} {self.month}"
