"""Meetings of the committees of a convention, what is said and decided there (rows G1, G2)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition
from maillage.documents.models import Document
from maillage.exchange.rules import LONG_NUMBER
from maillage.organisations.models import Organisation
from maillage.steering.committees.rules import LONGEST_PLACE, LONGEST_WORD
from maillage.steering.committees.states import (
    DECISION_TRANSITIONS,
    TRANSITIONS,
    DecisionState,
    State,
)

KINDS = ["regular", "final"]
REMARKS = ["item", "alert", "practice", "path"]
OCCASIONS = ["asked", "convened", "held"]
_CONVENED = [State.CONVENED.value, State.HELD.value, State.CLOSED.value]
_MET = [State.HELD.value, State.CLOSED.value]
_NOBODY = "Ici, on ne parle d’aucune personne : retirez ce numéro ou cette adresse."


def _names_nobody(field: str, name: str) -> models.CheckConstraint:
    """What the database repeats of the detector: no long number, no sign of an address."""
    return models.CheckConstraint(
        condition=~Q(**{f"{field}__regex": LONG_NUMBER}) & ~Q(**{f"{field}__regex": "[@\uff20\ufe6b]"}),
        name=name,
        violation_error_message=_NOBODY,
    )


class Meeting(models.Model):
    """One meeting of a committee of the text; `kind` « final » is that of the final bilan (S1 art. 5).

    `members` are the parties of the clause and `needed` those that must be represented, by their keys. `presence` is, for each
    party represented, by which function; `agenda` is what it was when the meeting was held, and empty until then.
    """

    access: ClassVar[Access] = by_party(writes=("INSERT", "UPDATE"), informed_too=False)
    triggers: ClassVar[Triggers] = journalled("kept")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    committee_key = models.CharField("comité", max_length=80)
    name = models.CharField("intitulé", max_length=200)
    kind = models.CharField("nature", max_length=10, default="regular")
    state = models.CharField("état", max_length=20, default=State.PLANNED)
    members = ArrayField(models.CharField(max_length=80), verbose_name="parties membres")
    needed = ArrayField(models.CharField(max_length=80), verbose_name="parties à représenter")
    planned_on = models.DateField("jour envisagé")
    starts_at = models.DateTimeField("le", null=True, blank=True)
    place = models.CharField("lieu", max_length=LONGEST_PLACE, blank=True)
    link = models.URLField("lien", max_length=500, blank=True)
    inside = models.CharField("tenue au sein de", max_length=LONGEST_PLACE, blank=True)
    convocations = models.PositiveSmallIntegerField("convocations", default=0)
    presence = models.JSONField("présence", default=dict, blank=True)
    agenda = models.JSONField("ordre du jour", default=list, blank=True)
    reason = models.CharField("raison", max_length=LONGEST_WORD, blank=True)
    planned_at = models.DateTimeField("prévue le")
    planned_by = models.UUIDField("par")
    convened_at = models.DateTimeField("convoquée le", null=True, blank=True)
    convened_by = models.UUIDField(null=True, blank=True)
    held_at = models.DateTimeField("notée tenue le", null=True, blank=True)
    held_by = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    cancelled_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "réunion de comité"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="meeting_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="meeting_kind_known"),
            models.CheckConstraint(
                condition=~Q(members=[]) & Q(needed__contained_by=models.F("members")),
                name="meeting_quorum_of_members",
                violation_error_message="Le quorum se compte parmi les parties membres.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_CONVENED)
                | Q(starts_at__isnull=False, convened_at__isnull=False, convened_by__isnull=False)
                & (~Q(place="") | ~Q(link="")),
                name="meeting_convened_somewhere",
                violation_error_message="Une réunion convoquée a son jour, son heure, et un lieu ou un lien.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_MET, held_at__isnull=False, held_by__isnull=False)
                | (~Q(state__in=_MET) & Q(held_at__isnull=True, held_by__isnull=True)),
                name="meeting_held_by_someone",
                violation_error_message="Une réunion tenue est notée par quelqu’un.",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="meeting_closed_one_day",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False)
                & ~Q(reason="")
                | (
                    ~Q(state="cancelled") & Q(cancelled_at__isnull=True, cancelled_by__isnull=True, reason="")
                ),
                name="meeting_cancelled_for_a_reason",
                violation_error_message="Une réunion s’annule avec sa raison.",
            ),
        ]
        indexes = [models.Index(fields=["convention", "-planned_on"], name="meeting_convention")]

    def __str__(self) -> str:
        return f"{self.name} {self.planned_on}"


class Remark(models.Model):
    """A few words of one party: a point of an agenda; an alert, a good practice, a path of improvement that the next one gathers."""

    access: ClassVar[Access] = by_party(
        writes=("INSERT", "UPDATE"), recorded_by="recorded_for_id", informed_too=False
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="items"
    )
    kind = models.CharField("nature", max_length=10)
    text = models.CharField("texte", max_length=LONGEST_WORD)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "mot pour le comité"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="item", meeting__isnull=False)
                | Q(kind__in=["alert", "practice", "path"], meeting__isnull=True),
                name="remark_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="remark_says_something",
                violation_error_message="Écrivez quelques mots.",
            ),
            _names_nobody("text", "remark_names_nobody"),
        ]
        indexes = [models.Index(fields=["convention", "kind"], name="remark_convention")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Minutes(models.Model):
    """One version of the minutes of a meeting: a text for each point of its agenda, and a general one. The newest is the text."""

    access: ClassVar[Access] = by_party(writes=("INSERT",), recorded_by="recorded_for_id", informed_too=False)
    triggers: ClassVar[Triggers] = journalled("recorded", "of_a_held_meeting")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField("version")
    body = models.JSONField("texte")
    content_hash = models.CharField("empreinte", max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "compte rendu"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "meeting", "number"],
                name="minutes_version_once",
                violation_error_message="Quelqu’un a enregistré une version avant vous.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"


class Validation(models.Model):
    """One party agrees with one version of the minutes, by its hash."""

    access: ClassVar[Access] = by_party(writes=("INSERT",), recorded_by="recorded_for_id", informed_too=False)
    triggers: ClassVar[Triggers] = journalled("recorded", "own_party", "of_the_newest")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="validations")
    party_key = models.CharField("partie", max_length=80)
    content_hash = models.CharField("empreinte", max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "validation d’un compte rendu"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "minutes", "party_key"],
                name="validation_once",
                violation_error_message="Cette partie a déjà validé cette version.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.party_key}"


class Decision(models.Model):
    """What a meeting decided: which party has charge of it, for which day, what became of it.

    Taken without quorum it is to be confirmed, and `confirmed_in` is the later meeting that did.
    """

    access: ClassVar[Access] = by_party(
        writes=("INSERT", "UPDATE"), recorded_by="recorded_for_id", shared=True, informed_too=False
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "of_a_held_meeting", "kept")
    transitions: ClassVar[tuple[Transition, ...]] = DECISION_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField("numéro")
    text = models.CharField("décision", max_length=LONGEST_WORD)
    owner_key = models.CharField("à la charge de", max_length=80)
    due_on = models.DateField("pour le")
    state = models.CharField("état", max_length=12)
    confirmed_in = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField("close le", null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)
    note = models.CharField("précision", max_length=LONGEST_WORD, blank=True)

    class Meta:
        verbose_name = "décision"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "meeting", "number"],
                name="decision_number_once",
                violation_error_message="Quelqu’un a noté une décision avant vous : recommencez.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DecisionState]), name="decision_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "dropped"], ended_at__isnull=False, ended_by__isnull=False)
                | Q(state__in=["to_confirm", "open"], ended_at__isnull=True, ended_by__isnull=True),
                name="decision_ended_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(note=""),
                name="decision_dropped_for_a_reason",
                violation_error_message="Une décision s’abandonne avec sa raison.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="decision_says_something",
                violation_error_message="Écrivez la décision.",
            ),
            _names_nobody("text", "decision_names_nobody"),
            _names_nobody("note", "decision_note_names_nobody"),
        ]
        indexes = [models.Index(fields=["convention", "state", "due_on"], name="decision_convention")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"


class Pack(models.Model):
    """The file of a meeting as it was at one moment: a PDF and a workbook of the same content, kept with their digests."""

    access: ClassVar[Access] = by_party(
        writes=("INSERT",),
        recorded_by="recorded_for_id",
        informed_too=False,
        names={"pdf_id": "documents_document", "workbook_id": "documents_document"},
    )
    triggers: ClassVar[Triggers] = journalled("recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="packs")
    number = models.PositiveSmallIntegerField("version")
    occasion = models.CharField("à l’occasion", max_length=10)
    pdf = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    workbook = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "dossier de réunion"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "meeting", "number"],
                name="pack_version_once",
                violation_error_message="Quelqu’un a figé un dossier avant vous : recommencez.",
            ),
            models.CheckConstraint(condition=Q(occasion__in=OCCASIONS), name="pack_occasion_known"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"
