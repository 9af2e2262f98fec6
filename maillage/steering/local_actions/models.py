"""Local actions of a convention: described, analysed after its first year, arbitrated nationally, rolled out (rows C12, G24)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition
from maillage.exchange.rules import LONG_NUMBER
from maillage.organisations.models import Organisation
from maillage.steering.local_actions.rules import LONGEST, LONGEST_WORD, Theme
from maillage.steering.local_actions.states import TRANSITIONS, State

NOBODY = "Ici, on ne parle d’aucune personne : retirez ce numéro ou cette adresse."


class LocalAction(models.Model):
    """A local initiative that the parties describe, then analyse after the first year; what was arbitrated of it (S4 art. 9)."""

    access: ClassVar[Access] = by_party(
        writes=("INSERT", "UPDATE"), recorded_by="recorded_for_id", shared=True, informed_too=False
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "kept")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("intitulé", max_length=200)
    description = models.CharField("description", max_length=LONGEST)
    state = models.CharField("état", max_length=12, default=State.DESCRIBED)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    done = models.CharField("ce qui a été fait", max_length=LONGEST, blank=True)
    results = models.CharField("résultats", max_length=LONGEST, blank=True)
    worth = models.BooleanField("à généraliser selon les parties", null=True, blank=True)
    analysed_at = models.DateTimeField("analysée le", null=True, blank=True)
    analysed_by = models.UUIDField(null=True, blank=True)
    arbiter = models.CharField("arbitrée par", max_length=200, blank=True)
    arbitrated_on = models.DateField("arbitrée le", null=True, blank=True)
    why = models.CharField("motif de l’arbitrage", max_length=LONGEST_WORD, blank=True)
    arbitrated_by = models.UUIDField(null=True, blank=True)
    rollout = models.CharField("déploiement", max_length=LONGEST_WORD, blank=True)
    rolled_out_on = models.DateField("déployée le", null=True, blank=True)
    rolled_out_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "action locale"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="localaction_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(description=""),
                name="localaction_described",
                violation_error_message="Donnez un intitulé et une description.",
            ),
            models.CheckConstraint(
                condition=Q(state="described")
                | (
                    ~Q(results="")
                    & Q(worth__isnull=False, analysed_at__isnull=False, analysed_by__isnull=False)
                ),
                name="localaction_analysed",
                violation_error_message="Une analyse dit les résultats, et s’il faut généraliser.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["described", "analysed"])
                | (~Q(arbiter="") & ~Q(why="") & Q(arbitrated_on__isnull=False, arbitrated_by__isnull=False)),
                name="localaction_arbitrated",
                violation_error_message="Un arbitrage dit par qui, quel jour et pourquoi.",
            ),
            models.CheckConstraint(
                condition=~Q(state="rolled_out")
                | (~Q(rollout="") & Q(rolled_out_on__isnull=False, rolled_out_by__isnull=False)),
                name="localaction_rolled_out",
                violation_error_message="Un déploiement dit quoi, et depuis quel jour.",
            ),
        ]
        indexes = [models.Index(fields=["convention", "state"], name="localaction_convention")]

    def __str__(self) -> str:
        return self.title


class Proposal(models.Model):
    """A local action that the parties of a convention propose to the national text that it implements, with the words that they choose.

    Whoever holds that text reads it through `steering_proposed` alone: these words, and where the action stands.
    """

    access: ClassVar[Access] = by_party(
        writes=("INSERT", "UPDATE"), recorded_by="recorded_for_id", shared=True, informed_too=False
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "kept", "of_its_action")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(LocalAction, on_delete=models.PROTECT, related_name="proposals")
    framework = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    theme = models.CharField("thème", max_length=20)
    title = models.CharField("intitulé", max_length=200)
    outcome = models.CharField("ce qu’il en est sorti", max_length=LONGEST_WORD)
    recorded_at = models.DateTimeField("proposée le")
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "action locale proposée au niveau national"
        constraints = [
            models.CheckConstraint(
                condition=Q(theme__in=[theme.value for theme in Theme]),
                name="proposal_theme_known",
                violation_error_message="Choisissez un thème de la liste.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(outcome=""),
                name="proposal_says_something",
                violation_error_message="Donnez un intitulé, et ce qu’il en est sorti.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="proposal_withdrawn_by_someone",
            ),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(withdrawn_at__isnull=True),
                name="proposal_once",
                violation_error_message="Cette action est déjà proposée au niveau national.",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(**{f"{field}__regex": LONG_NUMBER})
                    & ~Q(**{f"{field}__regex": "[@\uff20\ufe6b]"}),
                    name=f"proposal_{field}_names_nobody",
                    violation_error_message=NOBODY,
                )
                for field in ("title", "outcome")
            ),
        ]
        indexes = [
            models.Index(fields=["convention"], name="proposal_convention"),
            models.Index(
                fields=["framework"], condition=Q(withdrawn_at__isnull=True), name="proposal_framework"
            ),
        ]

    def __str__(self) -> str:
        return self.title
