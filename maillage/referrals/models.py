"""Referrals (« orientations »), one-to-one with a case, and the drafts that precede them."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation, organisations_own
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.core.states import Transition
from maillage.organisations.models import Organisation
from maillage.referrals.ending.models import Renunciation, RightFollowed
from maillage.referrals.forwarded.models import Forwarding
from maillage.referrals.handed.models import BulkHandOver, HandedCase
from maillage.referrals.heeding.models import AlertDays, Crossing
from maillage.referrals.noted.models import CaseQuestion, ContactAttempt, Pause
from maillage.referrals.own.models import Assessment, CaseFile, PlannedAction
from maillage.referrals.prado.models import AdhesionRelease, Enrolment, EnrolmentCorrection
from maillage.referrals.rekeying.models import PaperForm
from maillage.referrals.rules import (
    CARE_OUTCOMES,
    END_REASONS,
    MOTIVES,
    RIGHTS_OUTCOMES,
    ROUTE_KEY,
)
from maillage.referrals.saved.models import SavedView
from maillage.referrals.states import ENDS, TOLD_ANYWAY, TRANSITIONS, State

__all__ = [  # Django finds here the models of the room and of its sub-rooms
    "AdhesionRelease",
    "Advice",
    "AlertDays",
    "Assessment",
    "BulkHandOver",
    "CaseFile",
    "CaseQuestion",
    "ContactAttempt",
    "Crossing",
    "Draft",
    "Enrolment",
    "EnrolmentCorrection",
    "Forwarding",
    "HandedCase",
    "PaperForm",
    "Pause",
    "PlannedAction",
    "Referral",
    "Renunciation",
    "RightFollowed",
    "SavedView",
]

_ENDS = sorted(state.value for state in ENDS)
_ENDED_BY_SOMEONE = [state for state in _ENDS if state != "expired"]  # which time alone ends


class Referral(models.Model):
    """What a partner asks of a service for one person, and what came of it, on two axes (care, rights).

    The caisse works it; its sender may only stop it. Row security lets both change the row, the guard `kept` tells them apart.
    """

    access: ClassVar[Access] = by_participation(
        writes=("INSERT", "UPDATE"),
        added_by="sender",
        still_told="{table}.accepted_at IS NULL AND {table}.contacted_on IS NULL"
        f" AND {{table}}.state IN ({', '.join(repr(state.value) for state in sorted(TOLD_ANYWAY))})",
    )
    triggers: ClassVar[Triggers] = journalled(
        "kept", "mirror_state", "nothing_planned", "plan_ends", "summed_up", "while_objected"
    )
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS
    withheld: ClassVar[bool] = False
    """Whether this is what a side may read from which the person withholds the progress: `withheld.as_sent` makes one."""
    followed_by: UUID | None = None
    """Who acts on it, where she followed it already when it was read: `acted_on` says so."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="referral")
    state = models.CharField("état", max_length=20, default=State.SENT)
    urgent = models.BooleanField("urgente", default=False)
    motives = ArrayField(models.CharField(max_length=30), verbose_name="motifs")
    narrative = models.BinaryField("récit chiffré", null=True, blank=True)
    situation = models.BinaryField("situation chiffrée", null=True, blank=True)
    sent_at = models.DateTimeField("envoyée le")
    sent_by = models.UUIDField("par")
    acknowledged_at = models.DateTimeField("accusée le", null=True, blank=True)
    acknowledged_by = models.UUIDField(null=True, blank=True)
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.UUIDField(null=True, blank=True)
    contacted_on = models.DateField("personne contactée le", null=True, blank=True)
    contacted_by = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField("terminée le", null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    end_reason = models.CharField("raison de la fin", max_length=30, blank=True)
    refusal_words = models.BinaryField("mots du refus, chiffrés", null=True, blank=True)
    redirected_to = models.CharField("redirigée vers", max_length=90, blank=True)
    care_outcome = models.CharField("soins", max_length=20, blank=True)
    rights_outcome = models.CharField("droits", max_length=20, blank=True)

    class Meta:
        verbose_name = "orientation"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="referral_state_known"
            ),
            models.CheckConstraint(
                condition=Q(motives__contained_by=list(MOTIVES), motives__len__gt=0),
                name="referral_motives_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "expired"], acknowledged_at__isnull=True)
                | Q(state__in=["withdrawn", "cancelled"])
                | ~Q(state__in=["sent", "expired", "withdrawn", "cancelled"])
                & Q(acknowledged_at__isnull=False),
                name="referral_acknowledged_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="referral_acknowledged_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "paused", "closed"], accepted_at__isnull=False)
                | Q(state__in=["withdrawn", "redirected"])
                | ~Q(state__in=["accepted", "paused", "closed", "withdrawn", "redirected"])
                & Q(accepted_at__isnull=True),
                name="referral_accepted_has_its_date",
                violation_error_message="Une orientation s’accepte avant d’être mise en pause ou clôturée.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, acknowledged_at__isnull=False),
                name="referral_accepted_by_someone",
                violation_error_message="Une orientation est acceptée par quelqu’un, après l’accusé de réception.",
            ),
            models.CheckConstraint(
                condition=Q(contacted_on__isnull=True, contacted_by__isnull=True)
                | Q(contacted_on__isnull=False, contacted_by__isnull=False, acknowledged_at__isnull=False),
                name="referral_contacted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ENDED_BY_SOMEONE, closed_at__isnull=False, closed_by__isnull=False)
                | Q(state="expired", closed_at__isnull=False, closed_by__isnull=True)
                | ~Q(state__in=_ENDS) & Q(closed_at__isnull=True, closed_by__isnull=True),
                name="referral_ended_has_its_date",
                violation_error_message="Une orientation terminée dit quand et par qui.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="closed",
                    care_outcome__in=list(CARE_OUTCOMES),
                    rights_outcome__in=list(RIGHTS_OUTCOMES),
                )
                | ~Q(state="closed") & Q(care_outcome="", rights_outcome=""),
                name="referral_closed_has_its_outcome",
                violation_error_message="Une orientation clôturée dit ce qu’il en est des soins et des droits.",
            ),
            models.CheckConstraint(
                condition=Q(state="refused", end_reason__in=list(END_REASONS["refused"]))
                | Q(state="redirected", end_reason__in=list(END_REASONS["redirected"]))
                | Q(state="withdrawn", end_reason__in=list(END_REASONS["withdrawn"]))
                | Q(state="cancelled", end_reason__in=list(END_REASONS["cancelled"]))
                | ~Q(state__in=list(END_REASONS)) & Q(end_reason=""),
                name="referral_end_has_its_reason",
                violation_error_message="Un refus, une redirection, un arrêt ou une annulation dit sa raison.",
            ),
            models.CheckConstraint(
                condition=Q(refusal_words__isnull=True)
                & ~Q(state__in=["refused", "redirected"], end_reason="other")
                | Q(state__in=["refused", "redirected"], refusal_words__isnull=False),
                name="referral_refusal_says_the_other_reason",
                violation_error_message="Un refus ou une redirection pour une autre raison la dit en quelques mots ; "
                "rien d’autre n’en porte.",
            ),
            models.CheckConstraint(
                condition=Q(state="redirected", redirected_to__regex=ROUTE_KEY)
                | ~Q(state="redirected") & Q(redirected_to=""),
                name="referral_redirected_somewhere",
                violation_error_message="Une redirection nomme une voie de la convention, et rien d’autre.",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gte=F("sent_at")),
                name="referral_acknowledged_after_sent",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__gte=F("acknowledged_at")),
                name="referral_accepted_after_acknowledged",
                violation_error_message="Une orientation s’accepte après l’accusé de réception.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("sent_at")),
                name="referral_ended_after_sent",
                violation_error_message="La fin d’une orientation ne précède pas son envoi.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("acknowledged_at")),
                name="referral_closed_after_acknowledged",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("accepted_at")),
                name="referral_closed_after_accepted",
                violation_error_message="La fin d’une orientation ne précède pas son acceptation.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Draft(models.Model):
    """A referral being written: sealed to its own organisation, kept step after step, turned into a case when sent.

    Its id becomes the case's: a second click on « envoyer » finds the case already there.
    """

    access: ClassVar[Access] = organisations_own(writes=("INSERT", "UPDATE", "DELETE"))
    triggers: ClassVar[Triggers] = unjournalled(
        "each step of a form would be an entry; reading one is journalled, and so is the sending"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author = models.UUIDField("par")
    sealed = models.BinaryField("brouillon scellé")
    updated_at = models.DateTimeField("enregistré le")

    class Meta:
        verbose_name = "brouillon d’orientation"
        indexes = [models.Index(fields=["organisation", "author", "-updated_at"], name="draft_author")]

    def __str__(self) -> str:
        return str(self.id)


class Advice(models.Model):
    """That a person was told of a way which she takes herself: a count. No column could hold anything about her (S0 art. 5)."""

    access: ClassVar[Access] = organisations_own(writes=("INSERT",))
    triggers: ClassVar[Triggers] = journalled("of_a_party")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    convention_id = models.UUIDField("convention")
    route = models.CharField("voie", max_length=90)
    given_at = models.DateTimeField("donné le")
    given_by = models.UUIDField("par")

    class Meta:
        verbose_name = "conseil donné"
        constraints = [
            models.CheckConstraint(
                condition=Q(route__regex=ROUTE_KEY),
                name="advice_route_is_a_key",
                violation_error_message="Un conseil nomme une voie de la convention, et rien d’autre.",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "convention_id", "route"], name="advice_counts"),
            models.Index(fields=["convention_id", "given_at"], name="advice_in_time"),
        ]

    def __str__(self) -> str:
        return self.route
