"""Tables of applications that a partner brings: encrypted for its own organisation while they serve, then counts alone."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Authorisation
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.core.states import Transition
from maillage.organisations.models import Organisation
from maillage.rights.imported.states import ENDS, TRANSITIONS, State


class ApplicationImport(models.Model):
    """A table of applications. `sealed` is its key, sealed to its organisation: without it neither the file nor its wrong lines open.

    `places`: which of its columns says which field; `right`: the one asked for where no column says it. The
    numbers, and the wrong lines, are those of the last reading: the try, then the import.
    """

    access: ClassVar[Access] = organisations_own(names={"authorisation_id": "cases_authorisation"})
    triggers: ClassVar[Triggers] = journalled("kept")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author = models.UUIDField("par")
    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="+")
    right = models.CharField("droit demandé par toutes les lignes", max_length=20, blank=True)
    sealed = models.BinaryField("clé scellée", null=True)
    content = models.BinaryField("fichier chiffré", null=True)
    described = models.BinaryField("nom et titres chiffrés", null=True)
    places = models.JSONField("colonnes", default=dict)
    state = models.CharField("état", max_length=12, default=State.UPLOADED)
    total = models.PositiveIntegerField("lignes", default=0)
    done = models.PositiveIntegerField("lignes lues", default=0)
    created = models.PositiveIntegerField("dossiers commencés", default=0)
    known = models.PositiveIntegerField("déjà importées", default=0)
    wrong = models.PositiveIntegerField("à corriger", default=0)
    stumbles = models.PositiveSmallIntegerField("reprises après une erreur", default=0, db_default=0)
    fault = models.CharField("pourquoi le fichier est refusé", max_length=400, blank=True)
    uploaded_at = models.DateTimeField("déposé le")
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)
    emptied_at = models.DateTimeField("détruit le", null=True, blank=True)

    class Meta:
        verbose_name = "tableau de dossiers"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]), name="applicationimport_state_known"
            ),
            models.CheckConstraint(
                condition=Q(done=F("created") + F("known") + F("wrong")),
                name="applicationimport_each_line_once",
                violation_error_message="Chaque ligne lue est commencée, déjà importée ou à corriger.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CONFIRMED, State.IMPORTED]) | Q(confirmed_at__isnull=False),
                name="applicationimport_confirmed_by_someone",
                violation_error_message="Un import est confirmé avant d’être fait.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in ENDS], ended_at__isnull=False)
                | ~Q(state__in=[one.value for one in ENDS]) & Q(ended_at__isnull=True),
                name="applicationimport_ended_has_its_date",
                violation_error_message="Un import terminé dit quand.",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REFUSED) & ~Q(fault="") | ~Q(state=State.REFUSED) & Q(fault=""),
                name="applicationimport_refused_says_why",
                violation_error_message="Un fichier refusé dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(
                    content__isnull=True,
                    described__isnull=True,
                    emptied_at__isnull=False,
                    ended_at__isnull=False,
                    sealed__isnull=True,
                )
                | Q(emptied_at__isnull=True, sealed__isnull=False),
                name="applicationimport_emptied_keeps_nothing",
                violation_error_message="Un tableau détruit ne garde ni fichier ni clé.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "author", "-uploaded_at"], name="applicationimport_author"),
            models.Index(
                fields=["uploaded_at"], condition=Q(emptied_at__isnull=True), name="applicationimport_kept"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ApplicationImportPart(models.Model):
    """The wrong lines of some hundreds, with what is wrong with each, encrypted: written in the transaction that treated them."""

    access: ClassVar[Access] = organisations_own(
        writes=("INSERT", "DELETE"), names={"of_id": "rights_applicationimport"}
    )
    triggers: ClassVar[Triggers] = unjournalled(
        "pieces of a report: the import itself is journalled, and whoever reads or downloads them"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    of = models.ForeignKey(ApplicationImport, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField("première ligne")
    wrong = models.BinaryField("lignes à corriger, chiffrées")

    class Meta:
        verbose_name = "lignes à corriger d’un tableau"
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="applicationimportpart_once")]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"


class ImportedLine(models.Model):
    """That a line was imported, as a digest under a key of its organisation's: the same one again makes nothing new."""

    access: ClassVar[Access] = organisations_own(writes=("INSERT",))
    triggers: ClassVar[Triggers] = unjournalled(
        "thousands at once: the import that brought them is journalled"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField("empreinte")
    imported_on = models.DateField("importée le")

    class Meta:
        verbose_name = "ligne importée"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="importedline_once"),
        ]
        indexes = [models.Index(fields=["imported_on"], name="importedline_day")]

    def __str__(self) -> str:
        return str(self.id)


class ImportMemory(models.Model):
    """What an organisation's imports remember, sealed to it: which title means what, and the key of its digests."""

    access: ClassVar[Access] = organisations_own()
    triggers: ClassVar[Triggers] = unjournalled(
        "titles of columns and a key: nothing of anybody, written again by each import"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField("titres et clé, scellés")

    class Meta:
        verbose_name = "mémoire des imports"

    def __str__(self) -> str:
        return str(self.organisation_id)
