"""What the directory knows beside organisations: what they offer and where, their mailboxes, and the imports that fill it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, directory, organisations_own
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.core.states import Transition
from maillage.organisations.base import EMPTY, Organisation, User
from maillage.organisations.directory.rules import Level, Reception, Use
from maillage.organisations.directory.states import TRANSITIONS, State

_OWN = f"organisation_id = {ORGANISATION}"


class Placed(models.Model):
    """What an organisation says of a part of its territory; `covers` is written by the database."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    territory = ArrayField(
        models.CharField(max_length=5),
        verbose_name="territoire",
        default=list,
        blank=True,
        db_default=EMPTY,
        help_text="Vide : celui de l’organisme.",
    )
    covers = ArrayField(models.CharField(max_length=5), default=list, editable=False, db_default=EMPTY)
    assured_on = models.DateField("assurée le")
    assured_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField("retirée le", null=True, blank=True)

    class Meta:
        abstract = True


class Offer(Placed):
    """A service or a right, and where one goes for it: on appointment or not, when, with what."""

    access: ClassVar[Access] = directory(own=_OWN, adds=True)
    triggers: ClassVar[Triggers] = journalled("derived")

    service = models.CharField("service", max_length=40)
    place = models.CharField("lieu", max_length=200)
    address = models.TextField("adresse", blank=True)
    commune = models.CharField("commune", max_length=5, blank=True)
    reception = models.CharField("accueil", max_length=20)
    hours = models.TextField("horaires", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    mailbox = models.EmailField("adresse électronique", blank=True)
    bring = models.TextField("à apporter", blank=True)

    class Meta:
        verbose_name = "offre"
        constraints = [
            models.CheckConstraint(
                condition=Q(reception__in=[one.value for one in Reception]), name="offer_reception_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("assured_on")),
                name="offer_dates_ordered",
                violation_error_message="Le retrait ne peut pas précéder le jour où l’offre a été assurée.",
            ),
            models.CheckConstraint(
                condition=~Q(address="") | ~Q(phone="") | ~Q(mailbox=""),
                name="offer_can_be_reached",
                violation_error_message="Indiquez une adresse, un téléphone ou une adresse électronique.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "service"], name="offer_organisation"),
            GinIndex(fields=["covers"], name="offer_covers", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.place}"


class Mailbox(Placed):
    """A generic mailbox by its use: never a person's."""

    access: ClassVar[Access] = directory(own=_OWN, adds=True)
    triggers: ClassVar[Triggers] = journalled("derived")

    use = models.CharField("usage", max_length=20)
    level = models.CharField("niveau", max_length=12)
    address = models.EmailField("adresse électronique")
    label = models.CharField("précision", max_length=200, blank=True)

    class Meta:
        verbose_name = "boîte"
        constraints = [
            models.CheckConstraint(condition=Q(use__in=[one.value for one in Use]), name="mailbox_use_known"),
            models.CheckConstraint(
                condition=Q(level__in=[one.value for one in Level]), name="mailbox_level_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("assured_on")),
                name="mailbox_dates_ordered",
                violation_error_message="Le retrait ne peut pas précéder le jour où la boîte a été assurée.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "use", "address"],
                condition=Q(withdrawn_on__isnull=True),
                name="mailbox_once",
                violation_error_message="Cette boîte est déjà donnée pour cet usage.",
            ),
        ]
        indexes = [GinIndex(fields=["covers"], name="mailbox_covers", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.use} {self.address}"


class DirectoryImport(models.Model):
    """A file of organisations: rehearsed first, applied once confirmed. Its report stays."""

    access: ClassVar[Access] = organisations_own()
    triggers: ClassVar[Triggers] = journalled()
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="déposé par")
    file_name = models.CharField("nom du fichier", max_length=200)
    content = models.BinaryField("fichier, compressé")
    state = models.CharField("état", max_length=12, default=State.UPLOADED)
    uploaded_at = models.DateTimeField("déposé le")
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)
    done = models.IntegerField("lignes traitées", default=0)
    total = models.IntegerField("lignes", default=0)
    rehearsal = models.JSONField("résultat de l’essai", default=dict)
    application = models.JSONField("résultat de l’import", default=dict)
    fault = models.TextField("pourquoi le fichier est refusé", blank=True)

    class Meta:
        verbose_name = "import de l’annuaire"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]), name="import_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CONFIRMED, State.APPLIED]) | Q(confirmed_at__isnull=False),
                name="import_confirmed_by_someone",
                violation_error_message="Un import est confirmé avant d’être appliqué.",
            ),
            models.CheckConstraint(condition=Q(done__gte=0) & Q(total__gte=0), name="import_counts_positive"),
        ]
        indexes = [models.Index(fields=["organisation", "-uploaded_at"], name="import_organisation")]

    def __str__(self) -> str:
        return self.file_name


class ImportPart(models.Model):
    """The report of some hundreds of lines, written in the transaction that treated them: whoever resumes starts after the last."""

    access: ClassVar[Access] = organisations_own(
        writes=("INSERT",), names={"of_id": "organisations_directoryimport"}
    )
    triggers: ClassVar[Triggers] = unjournalled(
        "Pieces of a report: the import itself is journalled, and each organisation."
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    of = models.ForeignKey(DirectoryImport, on_delete=models.PROTECT, related_name="parts")
    stage = models.CharField("étape", max_length=12)
    number = models.IntegerField("numéro")
    outcomes = models.JSONField("lignes")

    class Meta:
        verbose_name = "morceau de compte rendu"
        constraints = [
            models.UniqueConstraint(fields=["of", "stage", "number"], name="importpart_once"),
            models.CheckConstraint(
                condition=Q(stage__in=["rehearsal", "application"]), name="importpart_stage_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"
