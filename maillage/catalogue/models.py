"""Supports of an organisation, their versions, stocks of those on paper, and how often each was opened: never by whom."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.catalogue.rules import (
    AUDIENCES,
    CODE_LENGTH,
    KINDS,
    LANGUAGES,
    LONGEST_CHANGES,
    LONGEST_LABEL,
    LONGEST_LINK,
    LONGEST_PURPOSE,
    LONGEST_REASON,
    LONGEST_TITLE,
    MOVEMENTS,
    Span,
)
from maillage.catalogue.states import TOLD, TRANSITIONS, State
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.core.states import Transition
from maillage.documents.models import Document
from maillage.organisations.models import Organisation

_TOLD = sorted(state.value for state in TOLD)
_UNTOLD = sorted(state.value for state in State if state not in TOLD)
_CLOSED = sorted(state.value for state in State if state not in {State.DRAFT, State.PUBLISHED})
WAYS = ("code", "page")
"""By which address a version is opened: the one that is printed, or the page of those who work here."""


class Support(models.Model):
    """A leaflet, a form, a link: what it is, whatever its version. Everybody who works here reads it once it was published."""

    access: ClassVar[Access] = Access(
        "published",
        sees=f"(organisation_id = {ORGANISATION} OR (first_published_at IS NOT NULL AND {ORGANISATION} IS NOT NULL))",
        adds=f"organisation_id = {ORGANISATION}",
        changes=f"organisation_id = {ORGANISATION}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("nature", max_length=20)
    title = models.CharField("titre", max_length=LONGEST_TITLE)
    sort_title = models.CharField(
        max_length=2 * LONGEST_TITLE, editable=False, help_text="Titre sans accents ni majuscules."
    )
    words = models.TextField("mots cherchés", editable=False)
    purpose = models.CharField("à quoi il sert", max_length=LONGEST_PURPOSE)
    audience = ArrayField(models.CharField(max_length=20), verbose_name="pour qui")
    languages = ArrayField(models.CharField(max_length=10), verbose_name="langues")
    services = ArrayField(models.CharField(max_length=40), verbose_name="services", default=list, blank=True)
    code = models.CharField(
        "code de l’adresse à imprimer", max_length=CODE_LENGTH, unique=True, editable=False
    )
    first_published_at = models.DateTimeField("publié la première fois le", null=True, blank=True)
    created_at = models.DateTimeField("créé le")
    created_by = models.UUIDField("par")

    class Meta:
        verbose_name = "support"
        constraints = [
            models.UniqueConstraint(fields=["id", "organisation"], name="support_and_its_owner"),
            models.CheckConstraint(
                condition=Q(kind__in=list(KINDS)),
                name="support_kind_known",
                violation_error_message="Choisissez une nature dans la liste.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(purpose=""),
                name="support_described",
                violation_error_message="Un support a un titre, et dit à quoi il sert.",
            ),
            models.CheckConstraint(
                condition=Q(audience__contained_by=list(AUDIENCES)) & ~Q(audience=[]),
                name="support_audience_known",
                violation_error_message="Dites pour qui est ce support.",
            ),
            models.CheckConstraint(
                condition=Q(languages__contained_by=list(LANGUAGES)) & ~Q(languages=[]),
                name="support_languages_known",
                violation_error_message="Dites en quelle langue est ce support.",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_title", "id"], name="support_listed"),
            models.Index(fields=["organisation", "sort_title"], name="support_of_an_owner"),
        ]

    def __str__(self) -> str:
        return self.title


class SupportVersion(models.Model):
    """One version: a file or a link, and its days once it is published. On any day at most one is current (trigger `kept`)."""

    access: ClassVar[Access] = Access(
        "published",
        sees=f"(organisation_id = {ORGANISATION} OR (state IN ({', '.join(repr(one) for one in _TOLD)})"
        f" AND {ORGANISATION} IS NOT NULL))",
        adds=f"organisation_id = {ORGANISATION}",
        changes=f"organisation_id = {ORGANISATION}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("kept")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    support = models.ForeignKey(Support, on_delete=models.PROTECT, related_name="versions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    label = models.CharField("version", max_length=LONGEST_LABEL)
    changes = models.CharField("ce qui change", max_length=LONGEST_CHANGES, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    link = models.CharField("lien", max_length=LONGEST_LINK, blank=True)
    state = models.CharField("état", max_length=20, default=State.DRAFT)
    valid_from = models.DateField("valable à partir du", null=True, blank=True)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True, help_text="Dernier jour.")
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    published_by = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    reason = models.CharField("raison du retrait", max_length=LONGEST_REASON, blank=True)
    replaced_by = models.ForeignKey(
        Support,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="à utiliser à la place",
    )
    created_at = models.DateTimeField("créée le")
    created_by = models.UUIDField("par")

    class Meta:
        verbose_name = "version d’un support"
        constraints = [
            models.UniqueConstraint(
                fields=["support", "label"],
                condition=~Q(state="discarded"),
                name="version_named_once",
                violation_error_message="Ce support a déjà une version de ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="version_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(label=""), name="version_named", violation_error_message="Nommez cette version."
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=False, link="") | (Q(document__isnull=True) & ~Q(link="")),
                name="version_is_one_thing",
                violation_error_message="Une version est un fichier, ou un lien.",
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__regex=r"^https://[^[:space:]]+$"),
                name="version_link_is_https",
                violation_error_message="Une adresse commence par https://.",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="version_days_ordered",
                violation_error_message="La fin de validité ne peut pas précéder le premier jour.",
            ),
            models.CheckConstraint(
                condition=Q(
                    published_at__isnull=True, published_by__isnull=True, state__in=_UNTOLD, valid_from__isnull=True,
                    valid_until__isnull=True,
                )
                | Q(
                    published_at__isnull=False, published_by__isnull=False, state__in=_TOLD, valid_from__isnull=False
                ),
                name="version_published_by_someone",
                violation_error_message="Une version publiée l’est par quelqu’un, pour des jours donnés.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False, closed_by__isnull=False, state__in=_CLOSED)
                | (Q(closed_at__isnull=True, closed_by__isnull=True) & ~Q(state__in=_CLOSED)),
                name="version_closed_by_someone",
                violation_error_message="Une version est close par quelqu’un, un jour donné.",
            ),
            models.CheckConstraint(
                condition=(Q(state="withdrawn") & ~Q(reason=""))
                | (~Q(state="withdrawn") & Q(reason="", replaced_by__isnull=True)),
                name="version_withdrawn_says_why",
                violation_error_message="Une version retirée dit pourquoi.",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["organisation", "valid_until"], name="version_ends"),
            models.Index(fields=["organisation", "published_at"], name="version_published"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def days(self) -> Span | None:
        """The days for which it was published; None for what never was."""
        return Span(self.valid_from, self.valid_until) if self.valid_from else None


class Stock(models.Model):
    """The copies that an organisation keeps of a support on paper, its own or another's; told when few are left."""

    access: ClassVar[Access] = organisations_own(names={"support_id": "catalogue_support"})
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    support = models.ForeignKey(Support, on_delete=models.PROTECT, related_name="+")
    threshold = models.PositiveIntegerField("prévenir en dessous de", null=True, blank=True)

    class Meta:
        verbose_name = "stock d’un support"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "support"], name="stock_once"),
            models.UniqueConstraint(fields=["id", "organisation"], name="stock_and_its_holder"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class StockMovement(models.Model):
    """Copies received, handed out or counted. Its rank and what is left are written by the database, one movement at a time."""

    access: ClassVar[Access] = organisations_own(writes=("INSERT",))
    triggers: ClassVar[Triggers] = journalled("balanced")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("rang", default=0, editable=False)
    kind = models.CharField("mouvement", max_length=10)
    quantity = models.PositiveIntegerField("nombre")
    recipient = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="à quel organisme",
    )
    day = models.DateField("jour")
    balance = models.IntegerField("reste", default=0, editable=False)
    noted_at = models.DateTimeField("noté le")
    noted_by = models.UUIDField("par")

    class Meta:
        verbose_name = "mouvement d’un stock"
        constraints = [
            models.UniqueConstraint(fields=["stock", "number"], name="movement_rank_once"),
            models.CheckConstraint(
                condition=Q(kind__in=list(MOVEMENTS)),
                name="movement_kind_known",
                violation_error_message="Choisissez un mouvement dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(kind="counted") | Q(quantity__gte=1),
                name="movement_moves_something",
                violation_error_message="Écrivez combien.",
            ),
            models.CheckConstraint(
                condition=Q(kind="sent") | Q(recipient__isnull=True),
                name="movement_recipient_is_sent_to",
                violation_error_message="Seul ce qui est remis a un destinataire.",
            ),
            models.CheckConstraint(
                condition=Q(balance__gte=0),
                name="stock_never_below_zero",
                violation_error_message="Il n’en reste pas autant.",
            ),
        ]
        indexes = [models.Index(fields=["stock", "-number"], name="movement_last")]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"


class SupportCount(models.Model):
    """How often a version was opened, by day, by way, and for which organisation (none: whoever has no account). No person."""

    access: ClassVar[Access] = Access(
        "counts_of_an_owner",
        sees="EXISTS (SELECT 1 FROM catalogue_supportversion v WHERE v.id = {table}.version_id"  # noqa: S608 - a setting, no value
        f" AND v.organisation_id = {ORGANISATION})",
        grants=("SELECT",),
    )
    triggers: ClassVar[Triggers] = unjournalled(
        "an entry would say who opened a leaflet, which nobody is to know"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(SupportVersion, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("jour")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    way = models.CharField("par quelle adresse", max_length=10)
    openings = models.PositiveBigIntegerField("ouvertures")

    class Meta:
        verbose_name = "ouvertures d’un support"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "day", "organisation", "way"], nulls_distinct=False, name="count_once"
            ),
            models.CheckConstraint(condition=Q(way__in=list(WAYS)), name="count_way_known"),
            models.CheckConstraint(condition=Q(openings__gte=1), name="count_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.openings}"
