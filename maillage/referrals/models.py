"""Referrals (« orientations »), one-to-one with a case, and the drafts that precede them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation, organisations_own
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.core.states import Transition
from maillage.organisations.models import Organisation
from maillage.referrals.rules import CARE_OUTCOMES, MOTIVES, RIGHTS_OUTCOMES
from maillage.referrals.states import TRANSITIONS, State


class Referral(models.Model):
    """What a partner asks of a service for one person, and what came of it, on two axes (care, rights)."""

    access: ClassVar[Access] = by_participation(
        writes=("INSERT", "UPDATE"), added_by="sender", changed_by="recipient"
    )
    triggers: ClassVar[Triggers] = journalled("kept", "mirror_state")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="referral")
    state = models.CharField("état", max_length=20, default=State.SENT)
    urgent = models.BooleanField("urgente", default=False)
    motives = ArrayField(models.CharField(max_length=30), verbose_name="motifs")
    narrative = models.BinaryField("situation chiffrée", null=True, blank=True)
    sent_at = models.DateTimeField("envoyée le")
    sent_by = models.UUIDField("par")
    acknowledged_at = models.DateTimeField("accusée le", null=True, blank=True)
    acknowledged_by = models.UUIDField(null=True, blank=True)
    contacted_on = models.DateField("personne contactée le", null=True, blank=True)
    contacted_by = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField("clôturée le", null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
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
                condition=Q(state="sent", acknowledged_at__isnull=True)
                | (~Q(state="sent") & Q(acknowledged_at__isnull=False)),
                name="referral_acknowledged_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="referral_acknowledged_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="contacted") | Q(contacted_on__isnull=False),
                name="referral_contacted_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(contacted_on__isnull=True, contacted_by__isnull=True)
                | Q(contacted_on__isnull=False, contacted_by__isnull=False, acknowledged_at__isnull=False),
                name="referral_contacted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                & Q(care_outcome__in=list(CARE_OUTCOMES), rights_outcome__in=list(RIGHTS_OUTCOMES))
                | ~Q(state="closed")
                & Q(closed_at__isnull=True, closed_by__isnull=True, care_outcome="", rights_outcome=""),
                name="referral_closed_has_its_outcome",
                violation_error_message="Une orientation clôturée dit ce qu’il en est des soins et des droits.",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gte=F("sent_at")),
                name="referral_acknowledged_after_sent",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("acknowledged_at")),
                name="referral_closed_after_acknowledged",
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
                condition=Q(route__regex=r"^(flows|services)\.[a-z][a-z0-9_]{0,79}$"),
                name="advice_route_is_a_key",
                violation_error_message="Un conseil nomme une voie de la convention, et rien d’autre.",
            )
        ]
        indexes = [models.Index(fields=["organisation", "convention_id", "route"], name="advice_counts")]

    def __str__(self) -> str:
        return self.route
