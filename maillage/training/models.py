"""Modules, their sessions, places in them, and who came: professionals of the organiser's and of its partners', never beneficiaries."""

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
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
from maillage.training.rules import (
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_TEXT,
    LONGEST_THEME,
    LONGEST_TITLE,
    MOST_PLACES,
    Audience,
    Outcome,
    Theme,
)
from maillage.training.states import PLACE_TRANSITIONS, TRANSITIONS, Place, State

# Those with whom the caller has a convention signed or in force: a function of the owner, asked once for a statement.
_PARTNERS: Final = "= ANY ((SELECT training_organisers())::uuid[])"
_OF_A_SESSION: Final = "EXISTS (SELECT 1 FROM training_session s WHERE s.module_id = {table}.id)"
_OF_THE_SESSION: Final = "EXISTS (SELECT 1 FROM training_session s WHERE s.id = {table}.session_id)"
_OF_ITS_CONVENTION: Final = (
    "EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = {table}.dedicated_to_id"
    " AND mine.role <> 'informed' AND mine.organisation_id = {mine})"
).replace("{mine}", ORGANISATION)
_OF_ITS_PLACES: Final = (
    "EXISTS (SELECT 1 FROM training_registration r WHERE r.session_id = {table}.id AND r.partner_id = {mine})"
).replace("{mine}", ORGANISATION)
_REGISTERED: Final = "EXISTS (SELECT 1 FROM training_registration r WHERE r.attendee_id = {table}.id)"
_CAME: Final = "EXISTS (SELECT 1 FROM training_presence p WHERE p.attendee_id = {table}.id)"
_READS_THE_DOCUMENT: Final = (
    "({table}.document_id IS NULL"
    " OR EXISTS (SELECT 1 FROM documents_document named WHERE named.id = {table}.document_id))"
)


class Module(models.Model):
    """What an organisation teaches; withdrawn rather than deleted, since sessions name it."""

    access: ClassVar[Access] = Access(
        "training_of_a_partner",
        sees=f"(organisation_id = {ORGANISATION} OR organisation_id {_PARTNERS} OR {_OF_A_SESSION})",
        adds=f"organisation_id = {ORGANISATION}",
        changes=f"organisation_id = {ORGANISATION}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    theme = models.CharField("thème", max_length=20)
    other_theme = models.CharField("autre thème", max_length=LONGEST_THEME, blank=True)
    title = models.CharField("titre", max_length=LONGEST_TITLE)
    teaches = models.CharField("ce qu’il apprend", max_length=LONGEST_TEXT)
    audiences = ArrayField(models.CharField(max_length=20), verbose_name="pour qui")
    e_learning = models.URLField("module en ligne", max_length=300, blank=True)
    added_at = models.DateTimeField("ajouté le")
    added_by = models.UUIDField("par")
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "module de formation"
        constraints = [
            models.CheckConstraint(
                condition=Q(theme__in=[theme.value for theme in Theme]),
                name="module_theme_known",
                violation_error_message="Choisissez un thème.",
            ),
            models.CheckConstraint(
                condition=Q(theme=Theme.OTHER.value) & ~Q(other_theme="")
                | ~Q(theme=Theme.OTHER.value) & Q(other_theme=""),
                name="module_other_theme_said",
                violation_error_message="Dites quel est cet autre thème.",
            ),
            models.CheckConstraint(
                condition=Q(audiences__contained_by=[one.value for one in Audience]) & ~Q(audiences=[]),
                name="module_audiences_known",
                violation_error_message="Dites pour qui.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(teaches=""),
                name="module_described",
                violation_error_message="Dites ce que le module apprend.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="module_withdrawn_by_someone",
                violation_error_message="Un module est retiré par quelqu’un, un jour donné.",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "title"], name="module_organisation")]

    def __str__(self) -> str:
        return self.title


class Session(models.Model):
    """A session of a module: for one convention, or without one for all partners. `registered` is counted by the database alone."""

    access: ClassVar[Access] = Access(
        "training_open_to",
        sees=f"(organiser_id = {ORGANISATION} OR (dedicated_to_id IS NULL AND organiser_id {_PARTNERS})"
        f" OR {_OF_ITS_CONVENTION} OR {_OF_ITS_PLACES})",
        adds=f"organiser_id = {ORGANISATION}",
        changes=f"organiser_id = {ORGANISATION}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("kept", "move_up")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="sessions")
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    dedicated_to = models.ForeignKey(
        Convention, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dédiée à"
    )
    state = models.CharField("état", max_length=20, default=State.PLANNED)
    starts_at = models.DateTimeField("de")
    ends_at = models.DateTimeField("à")
    time_zone = models.CharField("fuseau horaire", max_length=40, editable=False)
    place = models.CharField("lieu", max_length=LONGEST_PLACE, blank=True)
    link = models.URLField("lien", max_length=300, blank=True)
    capacity = models.PositiveSmallIntegerField("places")
    registered = models.PositiveSmallIntegerField("places prises", default=0, editable=False)
    trainer = models.CharField("animée par", max_length=LONGEST_NAME, help_text="Une fonction, pas un nom.")
    planned_at = models.DateTimeField("prévue le")
    planned_by = models.UUIDField("par")
    closed_at = models.DateTimeField("annulée ou signée le", null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    reason = models.CharField("raison de l’annulation", max_length=LONGEST_TEXT, blank=True)

    class Meta:
        verbose_name = "séance de formation"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="session_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_hours_ordered",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=MOST_PLACES),
                name="session_capacity_bounded",
                violation_error_message=f"Choisissez de 1 à {MOST_PLACES} places.",
            ),
            models.CheckConstraint(
                condition=Q(registered__lte=F("capacity")),
                name="session_within_capacity",
                violation_error_message="Plus de personnes ont déjà une place : gardez-en au moins autant.",
            ),
            models.CheckConstraint(
                condition=~Q(place="") | ~Q(link=""),
                name="session_somewhere",
                violation_error_message="Dites où la séance se tient, ou donnez son lien.",
            ),
            models.CheckConstraint(
                condition=~Q(trainer=""),
                name="session_has_a_trainer",
                violation_error_message="Dites qui anime : une fonction, pas un nom.",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state="planned") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="session_closed_by_someone",
                violation_error_message="Une séance est annulée ou signée par quelqu’un, un jour donné.",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(reason="")) | (~Q(state="cancelled") & Q(reason="")),
                name="session_cancelled_for_a_reason",
                violation_error_message="Une séance s’annule avec sa raison.",
            ),
        ]
        indexes = [
            models.Index(fields=["organiser", "starts_at"], name="session_organiser"),
            models.Index(fields=["dedicated_to", "starts_at"], name="session_convention"),
            models.Index(fields=["module"], name="session_module"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Attendee(models.Model):
    """Somebody of an organisation who follows sessions: one row however many she follows. A professional's contact, in the clear."""

    access: ClassVar[Access] = Access(
        "own_people",
        sees=f"(organisation_id = {ORGANISATION} OR added_for_id = {ORGANISATION} OR {_REGISTERED} OR {_CAME})",
        adds=f"added_for_id = {ORGANISATION} AND (organisation_id = {ORGANISATION} OR organisation_id {_PARTNERS})",
        changes=f"organisation_id = {ORGANISATION}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=LONGEST_NAME)
    sort_name = models.CharField(max_length=LONGEST_NAME)
    function = models.CharField("fonction", max_length=LONGEST_NAME)
    email = models.EmailField("adresse professionnelle", blank=True)
    added_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.UUIDField()

    class Meta:
        verbose_name = "personne inscrite à des séances"
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(function=""),
                name="attendee_named",
                violation_error_message="Dites le nom et la fonction.",
            )
        ]
        indexes = [models.Index(fields=["organisation", "sort_name"], name="attendee_organisation")]

    def __str__(self) -> str:
        return str(self.id)


class Registration(models.Model):
    """A place in a session, or a rank in its waiting list: which of the two is the database's to say, under the session's lock.

    `convention` is the one under which the attendance counts; none for the organiser's own people.
    """

    access: ClassVar[Access] = Access(
        "training_place",
        sees=f"(partner_id = {ORGANISATION} OR organiser_id = {ORGANISATION})",
        adds=f"partner_id = {ORGANISATION}",
        grants=("SELECT", "INSERT"),
    )
    triggers: ClassVar[Triggers] = journalled("placed", "counted")
    transitions: ClassVar[tuple[Transition, ...]] = PLACE_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="registrations")
    attendee = models.ForeignKey(Attendee, on_delete=models.PROTECT, related_name="registrations")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey(
        Convention, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("état", max_length=20, default=Place.REGISTERED)
    rank = models.PositiveIntegerField("rang", default=0, editable=False)
    asked_at = models.DateTimeField("demandée le")
    asked_by = models.UUIDField("par")
    moved_up_at = models.DateTimeField("place obtenue le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("désinscription le", null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "inscription à une séance"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "attendee"],
                condition=~Q(state="withdrawn"),
                name="registration_once",
                violation_error_message="Cette personne est déjà inscrite.",
            ),
            models.UniqueConstraint(fields=["session", "rank"], name="registration_rank_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in Place]), name="registration_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)),
                name="registration_withdrawn_one_day",
                violation_error_message="Une désinscription a son jour.",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(moved_up_at__isnull=True), name="registration_waits_or_not"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "session"], name="registration_partner"),
            models.Index(fields=["attendee"], name="registration_attendee"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SignOff(models.Model):
    """What the organiser recorded of a session that was held; a later one corrects it and says why. None is ever changed.

    `listed`: how many lines it has, so that none is added afterwards.
    """

    access: ClassVar[Access] = Access(
        "training_sign_off",
        sees=f"(organiser_id = {ORGANISATION} OR {_OF_THE_SESSION})",
        adds=f"organiser_id = {ORGANISATION} AND {_READS_THE_DOCUMENT}",
        grants=("SELECT", "INSERT"),
    )
    triggers: ClassVar[Triggers] = journalled("kept", "over")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="sign_offs")
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("numéro", default=1, editable=False)
    listed = models.PositiveSmallIntegerField("lignes")
    publics = models.PositiveSmallIntegerField("personnes du public")
    reason = models.CharField("raison de la correction", max_length=LONGEST_TEXT, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    class Meta:
        verbose_name = "émargement"
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="signoff_number_once"),
            models.CheckConstraint(
                condition=Q(number=1, reason="") | (Q(number__gt=1) & ~Q(reason="")),
                name="signoff_corrects_for_a_reason",
                violation_error_message="Une correction se note avec sa raison.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"


class Presence(models.Model):
    """One line of a sign-off: who, of which body, under which convention, came or did not."""

    access: ClassVar[Access] = Access(
        "training_presence",
        sees=f"(partner_id = {ORGANISATION} OR organiser_id = {ORGANISATION})",
        adds=f"organiser_id = {ORGANISATION}",
        grants=("SELECT", "INSERT"),
    )
    triggers: ClassVar[Triggers] = journalled("kept", "listed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="presences")
    attendee = models.ForeignKey(Attendee, on_delete=models.PROTECT, related_name="presences")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey(
        Convention, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField("présence", max_length=20)

    class Meta:
        verbose_name = "présence à une séance"
        constraints = [
            models.UniqueConstraint(fields=["sign_off", "attendee"], name="presence_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=[one.value for one in Outcome]), name="presence_outcome_known"
            ),
        ]
        indexes = [
            models.Index(fields=["convention"], name="presence_convention"),
            models.Index(fields=["attendee"], name="presence_attendee"),
            models.Index(fields=["partner"], name="presence_partner"),
        ]

    def __str__(self) -> str:
        return str(self.id)
