"""A campaign, and the figures that it released: what every organisation may read of all the others."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, directory
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.core.states import Transition
from maillage.indicators.campaigns.rules import MOST, USUAL, WRONG
from maillage.indicators.campaigns.states import TRANSITIONS, State
from maillage.organisations.models import Organisation

_OWN_CAMPAIGN = (
    "EXISTS (SELECT 1 FROM indicators_campaign own WHERE own.id = {table}.campaign_id"  # noqa: S608 - a setting, no value
    f" AND own.opened_for_id = {ORGANISATION})"
)


class Campaign(models.Model):
    """The questions of a national text about one civil year, asked of each convention that implements it; or those of a template (a
    file of the library), asked of each convention made from it.

    `questions` are those of the text on the day it was opened: an avenant changes the next campaign, not this one.
    """

    access: ClassVar[Access] = directory(own=f"opened_for_id = {ORGANISATION}", adds=True)
    triggers: ClassVar[Triggers] = journalled("kept")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    framework = models.ForeignKey(
        Convention, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    template = models.CharField("modèle", max_length=80, blank=True, default="", db_default="")
    title = models.CharField("texte", max_length=300)
    year = models.PositiveSmallIntegerField("année")
    state = models.CharField("état", max_length=12, default=State.OPEN)
    questions = models.JSONField("questions")
    due_on = models.DateField("réponses attendues pour le")
    reminders = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="rappels, en jours avant cette date",
        blank=True,
        db_default=list(USUAL),
    )
    opened_at = models.DateTimeField("ouverte le")
    opened_by = models.UUIDField("par")
    opened_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    closed_by = models.UUIDField("close par", null=True, blank=True)
    released_at = models.DateTimeField("publiée le", null=True, blank=True)
    policy = models.PositiveSmallIntegerField("règle de protection", null=True, blank=True)
    refused = models.CharField("pourquoi rien, ou pas tout, n’est publié", max_length=300, blank=True)
    answered = models.PositiveIntegerField("fiches validées", null=True, blank=True)

    class Meta:
        verbose_name = "campagne annuelle"
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "year"],
                name="campaign_once_a_year",
                violation_error_message="Une campagne existe déjà pour ce texte et cette année.",
            ),
            models.CheckConstraint(
                condition=Q(framework__isnull=False, template="")
                | Q(framework__isnull=True) & ~Q(template=""),
                name="campaign_of_a_text_or_a_template",
                violation_error_message="Une campagne pose les questions d’un texte, ou celles d’un modèle.",
            ),
            models.UniqueConstraint(
                fields=["template", "year"],
                condition=~Q(template=""),
                name="campaign_once_a_year_and_template",
                violation_error_message="Une campagne existe déjà pour ce modèle et cette année.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="campaign_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False),
                name="campaign_closed_by_someone",
                violation_error_message="Une campagne close dit quand et par qui.",
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False, policy__isnull=False)
                | ~Q(state="released") & Q(released_at__isnull=True, policy__isnull=True),
                name="campaign_released_has_its_date",
                violation_error_message="Des chiffres publiés disent quand, et sous quelle règle.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="campaign_closed_after_opened",
                violation_error_message="Une campagne se clôt après son ouverture.",
            ),
            models.CheckConstraint(
                condition=Q(reminders__len__lte=MOST),
                name="campaign_reminders_few",
                violation_error_message=WRONG,
            ),
        ]
        indexes = [models.Index(fields=["-year", "title"], name="campaign_list")]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


class CampaignReminder(models.Model):
    """That the reminder of a day left, once: to the parties of so many conventions. Read by whoever opened the campaign."""

    access: ClassVar[Access] = Access(
        "own_campaign",
        sees=_OWN_CAMPAIGN,
        adds=_OWN_CAMPAIGN,
        grants=("SELECT", "INSERT"),
    )
    triggers: ClassVar[Triggers] = journalled("reminded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="sent_reminders")
    on = models.DateField("rappel du")
    sent_at = models.DateTimeField("parti le")
    conventions = models.PositiveIntegerField("conventions rappelées")

    class Meta:
        verbose_name = "rappel d’une campagne"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "on"],
                name="campaignreminder_once",
                violation_error_message="Ce rappel est déjà parti.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.on}"


class ReleasedFigure(models.Model):
    """One number of a campaign: a question, one of its terms, where, with which network of partners; nothing where it is hidden.

    Written once, by a function of the owner; everybody who works here reads it.
    """

    access: ClassVar[Access] = directory()
    triggers: ClassVar[Triggers] = unjournalled(
        "figures without anybody in them, written once by a function of the owner"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="figures")
    question = models.CharField("question", max_length=80)
    part = models.CharField("partie", max_length=80, blank=True)
    term = models.CharField("terme", max_length=80, blank=True)
    territory = models.CharField("territoire", max_length=40)
    network = models.CharField("réseau", max_length=20)
    amount = models.BigIntegerField("nombre", null=True, blank=True)

    class Meta:
        verbose_name = "chiffre publié"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "question", "part", "term", "territory", "network"],
                name="releasedfigure_once",
                violation_error_message="Ce chiffre est déjà publié.",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="releasedfigure_not_negative",
                violation_error_message="Un chiffre n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.territory} {self.network}"
