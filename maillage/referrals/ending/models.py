"""What becomes of each care renounced and of each right, on which the two outcomes of a referral stand."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Case
from maillage.catalogue.facts import CARE, RENUNCIATION_REASONS
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation
from maillage.core.row_security.guards import Triggers, journalled
from maillage.referrals.ending.rules import FOUND_BY, NOT_DONE, RIGHT_OUTCOMES, RIGHTS, UNDER_WAY


class Renunciation(models.Model):
    """Care that the person goes without or puts off, and why (S2 annex 2, S4 annex 2); then what became of it.

    The sender adds its own by sending, the caisse those that it finds while it works the case, and settles them all:
    row security lets both add, the guard `described` tells them apart.
    """

    access: ClassVar[Access] = by_participation(
        writes=("INSERT", "UPDATE"),
        changed_by="recipient",
        still_told="{table}.found_by = 'sender' AND {table}.outcome = ''",
    )
    triggers: ClassVar[Triggers] = journalled("described", "while_worked")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="renunciations")
    care = models.CharField("soin", max_length=30)
    reason = models.CharField("raison", max_length=20)
    found_by = models.CharField("noté par", max_length=12, default="sender")
    outcome = models.CharField("issue", max_length=12, blank=True)
    why = models.CharField("pourquoi sans suite", max_length=20, blank=True)
    settled_at = models.DateTimeField("issue notée le", null=True, blank=True)
    settled_by = models.UUIDField("par", null=True, blank=True)

    class Meta:
        verbose_name = "renoncement à un soin"
        constraints = [
            models.CheckConstraint(
                condition=Q(care__in=list(CARE)),
                name="renunciation_care_known",
                violation_error_message="Choisissez un soin de la liste.",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=list(RENUNCIATION_REASONS)),
                name="renunciation_reason_known",
                violation_error_message="Choisissez une raison de la liste.",
            ),
            models.CheckConstraint(
                condition=Q(found_by__in=list(FOUND_BY)),
                name="renunciation_found_by_a_side",
                violation_error_message="Un renoncement est noté par qui oriente, ou par la caisse.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "done"], why="") | Q(outcome="not_done", why__in=list(NOT_DONE)),
                name="renunciation_not_done_says_why",
                violation_error_message="Dites si ce soin a été réalisé, sinon pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | ~Q(outcome="") & Q(settled_at__isnull=False, settled_by__isnull=False),
                name="renunciation_settled_by_someone",
                violation_error_message="L’issue d’un soin dit quand et par qui elle fut notée.",
            ),
            models.UniqueConstraint(
                fields=["case", "care", "reason"],
                name="renunciation_once",
                violation_error_message="Ce soin est déjà noté, pour la même raison.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class RightFollowed(models.Model):
    """A right that the caisse follows for the person, and where it stands; both sides read it."""

    access: ClassVar[Access] = by_participation(
        writes=("INSERT", "UPDATE"), added_by="recipient", changed_by="recipient", still_told="false"
    )
    triggers: ClassVar[Triggers] = journalled("kept", "while_worked")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    right = models.CharField("droit", max_length=20)
    outcome = models.CharField("issue", max_length=16, default=UNDER_WAY)
    noted_at = models.DateTimeField("noté le")
    noted_by = models.UUIDField("par")
    settled_at = models.DateTimeField("issue notée le", null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "droit suivi"
        constraints = [
            models.CheckConstraint(
                condition=Q(right__in=list(RIGHTS)),
                name="right_known",
                violation_error_message="Choisissez un droit de la liste.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=list(RIGHT_OUTCOMES)),
                name="right_outcome_known",
                violation_error_message="Choisissez une issue de la liste.",
            ),
            models.CheckConstraint(
                condition=Q(outcome=UNDER_WAY, settled_at__isnull=True, settled_by__isnull=True)
                | ~Q(outcome=UNDER_WAY) & Q(settled_at__isnull=False, settled_by__isnull=False),
                name="right_settled_by_someone",
                violation_error_message="L’issue d’un droit dit quand et par qui elle fut notée.",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__gte=F("noted_at")),
                name="right_settled_after_noted",
                violation_error_message="L’issue d’un droit suit le jour où il fut noté.",
            ),
            models.UniqueConstraint(
                fields=["case", "right"],
                name="right_once",
                violation_error_message="Ce droit est déjà suivi dans ce dossier.",
            ),
        ]

    def __str__(self) -> str:
        return self.right
