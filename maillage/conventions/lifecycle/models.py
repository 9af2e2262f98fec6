"""A convention, its parties, its versions of text, and what happened to it."""

from typing import ClassVar

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.states import TRANSITIONS
from maillage.core.holidays import TIME_ZONES
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition
from maillage.documents.models import Document
from maillage.organisations.models import Organisation

STATES = ["draft", "proposed", "partly_signed", "signed", "in_force", "ended"]
RELATION_KINDS = ["implements", "backed_on", "succeeds", "counterpart_of", "drawn_from", "aligned_on"]
END_KINDS = ["expired", "denounced", "terminated", "superseded"]


class Convention(models.Model):
    """One convention. Its text is in its versions; what is stored here is derived from text and events.

    `in_force` is a range that the database compares with its own clock; the sweep and each action keep it true.
    """

    access: ClassVar[Access] = by_party(convention="id", writes=("UPDATE",))
    triggers: ClassVar[Triggers] = journalled("signed_by_all", "mirror", "own_days", "taken_back")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField("intitulé", max_length=300)
    sort_title = models.CharField(max_length=300)
    level = models.CharField("niveau", max_length=20)
    template = models.CharField("trame", max_length=80, blank=True)
    departement = models.CharField("département", max_length=3, blank=True)
    partner_kind = models.CharField("nature du partenaire", max_length=20, blank=True)
    partners = models.CharField("parties", max_length=400, blank=True)
    state = models.CharField("état", max_length=20, default="draft")
    end_kind = models.CharField("fin", max_length=20, blank=True)
    is_disputed = models.BooleanField(
        "en vigueur selon une lecture seulement",
        db_default=False,
        help_text="Les lectures du texte ne s’accordent pas : la liste dit ce que la page dit.",
    )
    content_hash = models.CharField("empreinte du texte", max_length=64)
    starts_on = models.DateField("prend effet le", null=True, blank=True)
    ends_on = models.DateField("dernier jour du terme", null=True, blank=True)
    in_force = DateTimeRangeField("en vigueur pendant", null=True, blank=True)
    next_due_on = models.DateField("prochaine échéance", null=True, blank=True)
    next_due_what = models.CharField("nature de l’échéance", max_length=200, blank=True)
    drafted_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    chosen = models.JSONField(
        "organismes choisis",
        default=dict,
        help_text="Clé de partie → organisme, avant la proposition : les organismes ne voient pas encore le brouillon.",
    )
    time_zone = models.CharField("fuseau de la caisse", max_length=40, default="Europe/Paris")
    swept_on = models.DateField(
        "échéances suivies jusqu’au",
        null=True,
        blank=True,
        help_text="Dernier jour dont les avertissements sont partis.",
    )
    roles_due_on = models.DateField(
        "rôles RGPD attendus pour le",
        null=True,
        blank=True,
        help_text="Convention déjà en vigueur quand ces rôles ont été exigés : ses flux sans rôles se ferment ce jour-là.",
    )
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "convention"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="convention_state_known"),
            models.CheckConstraint(
                condition=(Q(state="ended") & Q(end_kind__in=END_KINDS))
                | (~Q(state="ended") & Q(end_kind="")),
                name="convention_end_has_its_kind",
                violation_error_message="Une convention finie dit comment elle a fini.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="convention_dates_ordered",
                violation_error_message="La fin ne peut pas précéder la prise d’effet.",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(in_force__isnull=False),
                name="convention_in_force_has_range",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["draft", "proposed", "partly_signed"]) | Q(in_force__isnull=True),
                name="convention_unsigned_is_not_in_force",
            ),
            models.CheckConstraint(
                condition=Q(is_disputed=False) | Q(state="in_force"),
                name="convention_disputed_may_be_in_force",
            ),
            models.CheckConstraint(
                condition=Q(time_zone__in=list(TIME_ZONES)), name="convention_time_zone_known"
            ),
        ]
        indexes = [
            models.Index(fields=["sort_title", "id"], name="convention_title"),
            models.Index(fields=["next_due_on", "id"], name="convention_due"),
        ]

    def __str__(self) -> str:
        return self.title


class Party(models.Model):
    """A party, or a body informed of the convention: the row that gives access, and the organisation's own list.

    Written by definer functions only; a policy cannot query its own table, so the other parties are listed by
    `convention_parties()`. State, due date and title are copies kept by trigger, for lists that start from here.
    """

    access: ClassVar[Access] = Access(
        "own_party", sees=f"organisation_id = {ORGANISATION}", grants=("SELECT",)
    )
    triggers: ClassVar[Triggers] = journalled("unread")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.CharField("clé", max_length=80)
    role = models.CharField("rôle", max_length=10)
    position = models.PositiveSmallIntegerField("rang", default=0)
    since = models.DateTimeField("depuis", db_default=Now())
    state = models.CharField(
        max_length=20, default="draft", help_text="Copie de l’état de la convention, tenue par déclencheur."
    )
    next_due_on = models.DateField(null=True, blank=True)
    sort_title = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "partie"
        constraints = [
            models.UniqueConstraint(fields=["convention", "organisation"], name="party_once"),
            models.UniqueConstraint(
                fields=["convention", "key"], condition=~Q(role="informed"), name="party_key_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["drafter", "signatory", "informed"]), name="party_role_known"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "sort_title", "convention"], name="party_by_title"),
            models.Index(fields=["organisation", "next_due_on"], name="party_by_due"),
            models.Index(fields=["organisation", "state", "sort_title"], name="party_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.convention_id} {self.key}"


class TermsVersion(models.Model):
    """The text of a convention as data. The newest is the text; earlier ones show what changed while it was written."""

    access: ClassVar[Access] = by_party(writes=("INSERT",))
    triggers: ClassVar[Triggers] = journalled("new_text", "one_hash_one_text")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("numéro")
    terms = models.JSONField("texte")
    content_hash = models.CharField("empreinte", max_length=64)
    written_at = models.DateTimeField("écrit le")
    written_by = models.UUIDField("par")

    class Meta:
        verbose_name = "version du texte"
        constraints = [
            models.UniqueConstraint(fields=["convention", "number"], name="termsversion_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.convention_id} {self.number}"


class Relation(models.Model):
    """An arrow of the graph (`RELATION_KINDS`), to a convention here or to a named text; `key` is that of the Terms, if any."""

    access: ClassVar[Access] = by_party(
        writes=("INSERT", "DELETE"),
        names={
            "target_id": "(SELECT id FROM conventions_convention UNION ALL SELECT id FROM conventions_above())",
            "document_id": "documents_document",
        },
    )
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="relations")
    kind = models.CharField("lien", max_length=20)
    key = models.CharField("clé", max_length=80, blank=True)
    target = models.ForeignKey(Convention, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField("texte visé", max_length=300, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "lien"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RELATION_KINDS),
                name="relation_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False) | ~Q(text=""), name="relation_names_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id or self.text}"


class Event(models.Model):
    """Something that happened to a convention: denunciation, formal notice, compliance, renewal, retained reading…

    `day` is the day of the fact, `recorded_at` when it was told here; `detail` holds what the kind needs (a reading's
    name, a commitment's key, the evidence of a renewal).
    """

    access: ClassVar[Access] = by_party(
        writes=("INSERT",), recorded_by="recorded_for_id", names={"document_id": "documents_document"}
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "own_party")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("fait", max_length=40)
    day = models.DateField("jour")
    party_key = models.CharField("partie", max_length=80, blank=True)
    detail = models.JSONField("précisions", default=dict)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("enregistré le")
    recorded_by = models.UUIDField("par")
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "fait"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "day"],
                condition=Q(kind="renewed"),
                name="event_renewed_once",
                violation_error_message="Ce renouvellement est déjà constaté.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in RecordedKind]), name="event_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["convention", "day"], name="event_convention_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class Delivery(models.Model):
    """One addressee of a registered letter (LRAR): sent, first presented, received, each with its day (row A11)."""

    access: ClassVar[Access] = by_party(writes=("INSERT", "UPDATE"))
    triggers: ClassVar[Triggers] = journalled("letter_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    addressee_key = models.CharField("destinataire", max_length=80)
    sent_on = models.DateField("envoyée le")
    presented_on = models.DateField("première présentation le", null=True, blank=True)
    received_on = models.DateField("reçue le", null=True, blank=True)

    class Meta:
        verbose_name = "envoi recommandé"
        constraints = [
            models.UniqueConstraint(fields=["event", "addressee_key"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(presented_on__isnull=True) | Q(presented_on__gte=F("sent_on")),
                name="delivery_presented_after_sent",
                violation_error_message="La lettre ne peut pas être présentée avant son envoi.",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True)
                | Q(presented_on__isnull=True)
                | Q(received_on__gte=F("presented_on")),
                name="delivery_received_after_presented",
                violation_error_message="La lettre ne peut pas être reçue avant sa première présentation.",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("sent_on")),
                name="delivery_received_after_sent",
                violation_error_message="La lettre ne peut pas être reçue avant son envoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.addressee_key}"
