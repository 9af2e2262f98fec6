"""Requests of persons about their data, what each organisation that holds some does of them (rows H8, H9; GDPR art. 12 and 15 to 22).

Who asks is sealed in each organisation's own file; what is shared says that somebody asked, and which shared cases it is about.
"""

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.terms.protection import DataRight
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition
from maillage.organisations.models import Organisation
from maillage.protection.requests.begun_rules import LONGEST_KEY
from maillage.protection.requests.people import Along
from maillage.protection.requests.rules import LONGEST, Channel, Check, Ground, Outcome, Subject, Told
from maillage.protection.requests.states import TRANSITIONS, State

_ASKED_OF_ME: Final = (
    "EXISTS (SELECT 1 FROM protection_requestpart mine WHERE mine.request_id = {table}.id AND mine.organisation_id = "  # noqa: S608 - a setting, no value
    + ORGANISATION
    + ")"
)


class RightsRequest(models.Model):
    """That somebody asked something about her data, of which organisation, on which day; who she is stands elsewhere, sealed."""

    access: ClassVar[Access] = Access(
        "by_request",
        sees=f"(organisation_id = {ORGANISATION} OR {_ASKED_OF_ME})",
        adds=f"organisation_id = {ORGANISATION}",
        changes=f"organisation_id = {ORGANISATION}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "receiver_answers", "request_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField("reçue le")
    channel = models.CharField("comment", max_length=10)
    subject = models.CharField("au sujet de", max_length=10)
    rights = ArrayField(models.CharField(max_length=20), verbose_name="droits")
    due_on = models.DateField("à répondre avant la fin du")
    recorded_at = models.DateTimeField("notée le")
    recorded_by = models.UUIDField("par")
    extended_on = models.DateField("prolongée le", null=True, blank=True)
    extended_by = models.UUIDField(null=True, blank=True)
    extension_reason = models.CharField("pourquoi", max_length=LONGEST, blank=True)

    class Meta:
        verbose_name = "demande d’une personne"
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=[one.value for one in Channel])
                & Q(subject__in=[one.value for one in Subject])
                & Q(rights__len__gt=0, rights__contained_by=[one.value for one in DataRight]),
                name="rightsrequest_kinds_known",
                violation_error_message="Choisissez dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("received_on")),
                name="rightsrequest_due_after_received",
                violation_error_message="On répond après avoir reçu.",
            ),
            models.CheckConstraint(
                condition=Q(extended_on__isnull=True, extended_by__isnull=True, extension_reason="")
                | Q(extended_on__isnull=False, extended_by__isnull=False) & ~Q(extension_reason=""),
                name="rightsrequest_extended_with_a_reason",
                violation_error_message="Dites pourquoi le délai est prolongé.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class RequestPart(models.Model):
    """That an organisation answers for what it holds: whoever received the request, and each that was asked. What both sides read.

    `cases`: those in which the two take part; no others are ever told. What was found, or not, stands in the answerer's own file.
    `along`: what of who asks was passed on, by name; it lies sealed in the answerer's own file.
    """

    access: ClassVar[Access] = Access(
        "between_two",
        sees=f"(organisation_id = {ORGANISATION} OR receiver_id = {ORGANISATION})",
        grants=("SELECT",),
    )
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, related_name="parts")
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey(
        Convention, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    article = models.CharField("article", max_length=80, blank=True)
    cases = ArrayField(models.UUIDField(), verbose_name="dossiers communs", default=list)
    asked_at = models.DateTimeField("demandé le")
    is_here = models.BooleanField("prévenue par Maillage", default=True)
    along = ArrayField(
        models.CharField(max_length=10), verbose_name="transmis avec la demande", default=list, db_default=[]
    )
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    class Meta:
        verbose_name = "part d’une demande"
        constraints = [
            models.UniqueConstraint(
                fields=["request", "organisation"],
                name="requestpart_once",
                violation_error_message="Cet organisme est déjà saisi de cette demande.",
            ),
            models.CheckConstraint(
                condition=Q(convention__isnull=True, organisation=F("receiver"))
                | Q(convention__isnull=False) & ~Q(organisation=F("receiver")),
                name="requestpart_asked_under_a_text",
            ),
            models.CheckConstraint(
                condition=Q(along__contained_by=[one.value for one in Along]), name="requestpart_along_known"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-asked_at"], name="requestpart_recent")]

    def __str__(self) -> str:
        return str(self.id)


class RequestFile(models.Model):
    """What one organisation alone knows of a request: who asks (sealed), how she was recognised, what is hers there, what it answered.

    `begun`: what was begun about her and not sent, by key; what is sent since is found under the same id.
    `contacts`: her rows as a contact of a contract, referents and people of trainings alike; those that are erased leave it.
    """

    access: ClassVar[Access] = organisations_own(
        writes=("INSERT", "UPDATE"), names={"request_id": "protection_rightsrequest"}
    )
    triggers: ClassVar[Triggers] = journalled("file_stays", "part_follows", "each_answered")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, related_name="files")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=10, default=State.ASKED.value)
    sealed = models.BinaryField("personne, scellée", null=True, blank=True)
    check_made = models.CharField("identité", max_length=10, default=Check.PENDING.value)
    checked_at = models.DateTimeField("vérifiée le", null=True, blank=True)
    cases = ArrayField(models.UUIDField(), verbose_name="dossiers", default=list)
    contacts = ArrayField(models.UUIDField(), verbose_name="contacts", default=list)
    begun = ArrayField(
        models.CharField(max_length=LONGEST_KEY),
        verbose_name="pas encore envoyés",
        default=list,
        db_default=[],
    )
    begun_searched = models.BooleanField("brouillons cherchés", default=False, db_default=False)
    searched_at = models.DateTimeField("recherchée le", null=True, blank=True)
    ground = models.CharField("motif du refus", max_length=12, blank=True)
    words = models.CharField("précisions", max_length=LONGEST, blank=True)
    ended_at = models.DateTimeField("répondue le", null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "dossier d’une demande"
        constraints = [
            models.UniqueConstraint(fields=["request", "organisation"], name="requestfile_once"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State])
                & Q(check_made__in=[one.value for one in Check])
                & Q(ground__in=["", *(one.value for one in Ground)]),
                name="requestfile_kinds_known",
                violation_error_message="Choisissez dans la liste.",
            ),
            models.CheckConstraint(
                condition=~Q(check_made="pending") | Q(checked_at__isnull=True),
                name="requestfile_checked_once_made",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", ended_at__isnull=True, ended_by__isnull=True)
                | ~Q(state="asked") & Q(ended_at__isnull=False, ended_by__isnull=False),
                name="requestfile_ended_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(ground="") & ~Q(words="")
                | ~Q(state="refused") & Q(ground=""),
                name="requestfile_refused_with_a_ground",
                violation_error_message="Dites le motif du refus, et pourquoi.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "nothing"]) | Q(searched_at__isnull=False),
                name="requestfile_searched_before_answered",
                violation_error_message="Cherchez d’abord la personne dans vos dossiers.",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(check_made="pending"),
                name="requestfile_known_before_answered",
                violation_error_message="Dites d’abord comment l’identité a été vérifiée.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "refused"])
                | Q(state="nothing", cases__len=0, contacts__len=0, begun__len=0)
                | Q(state="answered"),
                name="requestfile_nothing_is_no_case",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="requestfile_state"),
            models.Index(fields=["request"], name="requestfile_request"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def holds(self) -> bool:
        """Whether anything of one's organisation was found to be hers."""
        return bool(self.cases or self.contacts or self.begun)


class RightOutcome(models.Model):
    """What one organisation answered to one of the rights that a person asked for; each has its own, said once, before the file ends.

    `done`: what granting it did at once, and what stays and why, in words that name nobody.
    """

    access: ClassVar[Access] = organisations_own(
        writes=("INSERT",), names={"file_id": "protection_requestfile"}
    )
    triggers: ClassVar[Triggers] = journalled("outcome_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(RequestFile, on_delete=models.PROTECT, related_name="outcomes")
    right = models.CharField("droit", max_length=20)
    outcome = models.CharField("réponse", max_length=10)
    ground = models.CharField("motif du refus", max_length=12, blank=True)
    words = models.CharField("précisions", max_length=LONGEST, blank=True)
    done = models.CharField("ce qui est fait", max_length=LONGEST, blank=True, default="", db_default="")
    decided_at = models.DateTimeField("décidée le")
    decided_by = models.UUIDField("par")

    class Meta:
        verbose_name = "réponse à un droit demandé"
        constraints = [
            models.UniqueConstraint(
                fields=["file", "right"],
                name="rightoutcome_once",
                violation_error_message="La réponse à ce droit est déjà notée.",
            ),
            models.CheckConstraint(
                condition=Q(right__in=[one.value for one in DataRight])
                & Q(outcome__in=[one.value for one in Outcome])
                & Q(ground__in=["", *(one.value for one in Ground)]),
                name="rightoutcome_kinds_known",
                violation_error_message="Choisissez dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="refused") & ~Q(ground="") & ~Q(words="")
                | ~Q(outcome="refused") & Q(ground=""),
                name="rightoutcome_refused_with_a_ground",
                violation_error_message="Dites le motif du refus, et pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right} {self.outcome}"


class Rectification(models.Model):
    """That what was wrong in a shared case is put right, told to another that received it (S3 art. 6: « sans délai »), and its receipt.

    Restrictions and what ends for good are told in the same way (GDPR art. 19); `kind` says which.
    """

    access: ClassVar[Access] = Access(
        "between_two",
        sees=f"(organisation_id = {ORGANISATION} OR addressee_id = {ORGANISATION})",
        changes=f"addressee_id = {ORGANISATION}",
        grants=("SELECT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("rectification_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, related_name="rectifications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    addressee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case_id = models.UUIDField("dossier")
    kind = models.CharField(
        "nature", max_length=13, default=Told.RECTIFICATION.value, db_default=Told.RECTIFICATION.value
    )
    what = models.CharField("ce qui est rectifié", max_length=LONGEST)
    told_at = models.DateTimeField("dit le")
    told_by = models.UUIDField("par")
    acknowledged_at = models.DateTimeField("repris le", null=True, blank=True)
    acknowledged_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "rectification à reprendre"
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="rectification_says_what"),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Told]), name="rectification_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(organisation=F("addressee")), name="rectification_to_another"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="rectification_acknowledged_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["addressee", "told_at"],
                condition=Q(acknowledged_at__isnull=True),
                name="rectification_to_take_up",
            ),
            models.Index(fields=["request", "told_at"], name="rectification_of_request"),
        ]

    def __str__(self) -> str:
        return str(self.id)
