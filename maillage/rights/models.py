"""Applications for rights, one-to-one with a case, and what happened to each, day by day."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition
from maillage.organisations.models import Organisation
from maillage.rights.imported.models import (
    ApplicationImport,
    ApplicationImportPart,
    ImportedLine,
    ImportMemory,
)
from maillage.rights.pieces.models import Piece, PieceRequest
from maillage.rights.prepared.models import Preparation, PreparedPiece
from maillage.rights.rules import END_REASONS, HANDED_TO, NOTIFIED_BY
from maillage.rights.sampled.models import Sample
from maillage.rights.states import DECIDED, ENDS, TRANSITIONS, State

__all__ = [  # Django finds here the models of the room and of its sub-rooms
    "Application",
    "ApplicationEvent",
    "ApplicationImport",
    "ApplicationImportPart",
    "ImportMemory",
    "ImportedLine",
    "Piece",
    "PieceRequest",
    "Preparation",
    "PreparedPiece",
    "Sample",
]

_ENDS = sorted(state.value for state in ENDS)
_DECIDED = sorted(state.value for state in DECIDED)
_UNRECEIVED = ["sent", "withdrawn", "cancelled"]
EVENTS = (
    "sent", "handed_over", "received", "completed", "asked", "answered", "granted", "refused", "silence", "notified",
    "withdrawn", "cancelled",
)  # fmt: skip
"""What may happen to an application. `silence`: the law’s delay passed without a decision."""


class Application(models.Model):
    """A request for one right, filed by a partner, decided by the caisse (S2 art. 4.1 and 4.2).

    Its days are the caisse's own. They are written from the events, so that lists and sweeps find them: `promised_on` is the last
    day of what the convention promises, `legal_on` the last one before silence speaks; each is empty while nothing runs.
    """

    access: ClassVar[Access] = by_participation(writes=("INSERT", "UPDATE"), added_by="sender")
    triggers: ClassVar[Triggers] = journalled("kept", "mirror_state", "while_objected")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="application")
    right = models.CharField("droit", max_length=20)
    urgent = models.BooleanField("urgente", default=False)
    proof = models.CharField("preuve d’urgence", max_length=80, blank=True)
    state = models.CharField("état", max_length=20, default=State.SENT)
    details = models.BinaryField("précisions chiffrées", null=True, blank=True)
    handed_on = models.DateField("remise en main propre le", null=True, blank=True)
    handed_to = models.CharField("remise à", max_length=12, blank=True)
    forward_by = models.DateField("à transmettre avant le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyée le")
    sent_by = models.UUIDField("par")
    received_on = models.DateField("reçue le", null=True, blank=True)
    complete_on = models.DateField("complète le", null=True, blank=True)
    promised_on = models.DateField("engagement de la convention", null=True, blank=True)
    legal_on = models.DateField("délai de la loi", null=True, blank=True)
    silence = models.CharField("sens du silence", max_length=12, blank=True)
    alert_on = models.DateField("à signaler le", null=True, blank=True)
    decided_on = models.DateField("décidée le", null=True, blank=True)
    lapsed_on = models.DateField("silence acquis le", null=True, blank=True)
    by_silence = models.BooleanField("par le silence", default=False)
    opened = models.CharField("droit ouvert", max_length=20, blank=True)
    opens_on = models.DateField("ouvert du", null=True, blank=True)
    ends_on = models.DateField("ouvert jusqu’au", null=True, blank=True)
    covers_on = models.DateField("soins couverts depuis le", null=True, blank=True)
    end_reason = models.CharField("raison de la fin", max_length=20, blank=True)
    sealed_words = models.BinaryField("mots de la décision, chiffrés", null=True, blank=True)
    closed_at = models.DateTimeField("terminée le", null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    notified_on = models.DateField("personne prévenue le", null=True, blank=True)
    notified_how = models.CharField("comment", max_length=8, blank=True)

    class Meta:
        verbose_name = "demande de droits"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="application_state_known"
            ),
            models.CheckConstraint(
                condition=Q(urgent=False, proof="") | Q(urgent=True) & ~Q(proof=""),
                name="application_urgent_has_its_proof",
                violation_error_message="Une demande urgente dit par quelle preuve.",
            ),
            models.CheckConstraint(
                condition=Q(handed_on__isnull=True, handed_to="")
                | Q(handed_on__isnull=False, handed_to__in=list(HANDED_TO)),
                name="application_handed_over_to_someone",
                violation_error_message="Une remise en main propre a son jour et dit à qui.",
            ),
            models.CheckConstraint(
                condition=Q(forward_by__isnull=True) | Q(forward_by__gte=F("handed_on")),
                name="application_forwarded_after_handed_over",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", received_on__isnull=True)
                | Q(state__in=["withdrawn", "cancelled"])
                | ~Q(state__in=_UNRECEIVED) & Q(received_on__isnull=False),
                name="application_received_has_its_day",
                violation_error_message="Une demande s’examine après sa réception.",
            ),
            models.CheckConstraint(
                condition=Q(complete_on__isnull=True) | Q(complete_on__gte=F("received_on")),
                name="application_complete_after_received",
                violation_error_message="Un dossier n’est pas complet avant sa réception.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["complete", "granted"]) | Q(complete_on__isnull=False),
                name="application_complete_has_its_day",
                violation_error_message="Un dossier complet dit depuis quand.",
            ),
            models.CheckConstraint(
                condition=Q(legal_on__isnull=True, silence="")
                | Q(legal_on__isnull=False, silence__in=["acceptance", "rejection"]),
                name="application_silence_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_DECIDED, decided_on__gte=F("received_on"))
                | ~Q(state__in=_DECIDED) & Q(decided_on__isnull=True),
                name="application_decided_has_its_day",
                violation_error_message="Une décision a son jour, qui ne précède pas la réception.",
            ),
            models.CheckConstraint(
                condition=Q(lapsed_on__isnull=True) | Q(lapsed_on__gt=F("legal_on")),
                name="application_lapsed_after_its_delay",
                violation_error_message="Le silence ne vaut rien avant la fin du délai de la loi.",
            ),
            models.CheckConstraint(
                condition=Q(by_silence=False)
                | Q(state="granted", silence="acceptance", closed_by__isnull=True, lapsed_on__isnull=False),
                name="application_silence_grants_alone",
                violation_error_message="Le silence n’ouvre un droit que là où la loi le dit.",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", opens_on__isnull=False) & ~Q(opened="")
                | ~Q(state="granted")
                & Q(opened="", opens_on__isnull=True, ends_on__isnull=True, covers_on__isnull=True),
                name="application_granted_opens_a_right",
                violation_error_message="Un accord dit quel droit s’ouvre, et de quel jour.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("opens_on")),
                name="application_right_ends_after_it_opens",
                violation_error_message="La fin du droit ne précède pas son début.",
            ),
            models.CheckConstraint(
                condition=Q(covers_on__isnull=True) | Q(covers_on__lte=F("opens_on")),
                name="application_covers_before_it_opens",
                violation_error_message="Les soins sont couverts au plus tard depuis le début du droit.",
            ),
            models.CheckConstraint(
                condition=Q(state="refused", end_reason__in=list(END_REASONS["refused"]))
                | Q(state="withdrawn", end_reason__in=list(END_REASONS["withdrawn"]))
                | Q(state="cancelled", end_reason__in=list(END_REASONS["cancelled"]))
                | ~Q(state__in=list(END_REASONS)) & Q(end_reason=""),
                name="application_end_has_its_reason",
                violation_error_message="Un refus, un retrait ou une annulation dit sa raison.",
            ),
            models.CheckConstraint(
                condition=Q(sealed_words__isnull=True) & ~Q(state="refused", end_reason="other")
                | Q(sealed_words__isnull=False, state__in=_DECIDED),
                name="application_refusal_says_the_other_reason",
                violation_error_message="Un refus pour une autre raison la dit en quelques mots.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ENDS, closed_at__gte=F("sent_at"))
                & (Q(by_silence=True, closed_by__isnull=True) | Q(by_silence=False, closed_by__isnull=False))
                | ~Q(state__in=_ENDS) & Q(closed_at__isnull=True, closed_by__isnull=True),
                name="application_ended_has_its_date",
                violation_error_message="Une demande terminée dit quand et par qui.",
            ),
            models.CheckConstraint(
                condition=Q(notified_on__isnull=True, notified_how="")
                | Q(notified_on__gte=F("decided_on"), notified_how__in=list(NOTIFIED_BY)),
                name="application_notified_after_decided",
                violation_error_message="La personne est prévenue d’une décision après qu’elle est prise.",
            ),
        ]
        indexes = [
            models.Index(fields=["sent_at"], name="application_sent"),
            models.Index(
                fields=["decided_on"], condition=Q(decided_on__isnull=False), name="application_decided"
            ),
            models.Index(
                fields=["alert_on", "case"], condition=Q(closed_at__isnull=True), name="application_alert"
            ),
            models.Index(
                fields=["legal_on", "case"],
                condition=Q(closed_at__isnull=True, lapsed_on__isnull=True),
                name="application_legal",
            ),
            models.Index(
                fields=["decided_on"],
                condition=Q(decided_on__isnull=False, notified_on__isnull=True),
                name="application_untold",
            ),
            models.Index(
                fields=["lapsed_on", "case"],
                condition=Q(lapsed_on__isnull=False),
                name="application_lapsed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class ApplicationEvent(models.Model):
    """One thing that happened to an application, on a day of the caisse's calendar. Its clocks are counted from these alone.

    Never changed: a mistake is another event. `about` is the request of pieces of which it speaks.
    """

    access: ClassVar[Access] = by_participation(writes=("INSERT",))
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="application_events")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    kind = models.CharField("nature", max_length=12)
    day = models.DateField("jour")
    about = models.UUIDField("demande de pièces", null=True, blank=True)
    noted_at = models.DateTimeField("noté le")
    noted_by = models.UUIDField("par", null=True, blank=True)

    class Meta:
        verbose_name = "événement d’une demande de droits"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(EVENTS)), name="applicationevent_kind_known"),
            models.CheckConstraint(
                condition=Q(noted_by__isnull=False, organisation__isnull=False)
                | Q(noted_by__isnull=True, kind__in=["silence", "granted"]),
                name="applicationevent_noted_by_someone",
                violation_error_message="Un événement est noté par quelqu’un ; le silence seul l’est par la plateforme.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["asked", "answered"], about__isnull=False)
                | ~Q(kind__in=["asked", "answered"]) & Q(about__isnull=True),
                name="applicationevent_names_its_request",
            ),
        ]
        indexes = [models.Index(fields=["case", "day", "id"], name="applicationevent_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
