"""A file being prepared, and the pieces already scanned for it: sealed to their own organisation, nobody else's until it is sent."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.documents.models import Document
from maillage.organisations.models import Organisation
from maillage.rights.imported.models import ApplicationImport


class Preparation(models.Model):
    """An application being written: kept step after step, turned into a case when it is sent; its id becomes the case's.

    One that an import began says which, and the line of the table: by it her own file tells who it is.
    """

    access: ClassVar[Access] = organisations_own(
        writes=("INSERT", "UPDATE"), names={"imported_id": "rights_applicationimport"}
    )
    triggers: ClassVar[Triggers] = unjournalled(
        "each step of a form would be an entry; reading one is journalled, and so are its pieces and the sending",
        "kept",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author = models.UUIDField("par")
    sealed = models.BinaryField("dossier scellé")
    updated_at = models.DateTimeField("enregistré le")
    imported = models.ForeignKey(
        ApplicationImport, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    line = models.PositiveIntegerField("ligne du tableau", null=True, blank=True)

    class Meta:
        verbose_name = "dossier en préparation"
        constraints = [
            models.CheckConstraint(
                condition=Q(imported__isnull=True, line__isnull=True)
                | Q(imported__isnull=False, line__isnull=False),
                name="preparation_imported_says_its_line",
                violation_error_message="Un dossier importé dit de quelle ligne il vient.",
            ),
            models.UniqueConstraint(
                fields=["imported", "line"],
                condition=Q(imported__isnull=False),
                name="preparation_line_once",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "author", "-updated_at"], name="preparation_author")]

    def __str__(self) -> str:
        return str(self.id)


class PreparedPiece(models.Model):
    """A piece added to a file being prepared. Definer functions take it away: its document goes with it."""

    access: ClassVar[Access] = organisations_own(
        writes=("INSERT",),
        names={"preparation_id": "rights_preparation", "document_id": "documents_document"},
    )
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    preparation = models.ForeignKey(Preparation, on_delete=models.PROTECT, related_name="pieces")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")
    key = models.CharField("pièce", max_length=40)
    dated_on = models.DateField("datée du", null=True, blank=True)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    added_at = models.DateTimeField("ajoutée le")
    added_by = models.UUIDField("par")

    class Meta:
        verbose_name = "pièce d’un dossier en préparation"
        constraints = [
            models.CheckConstraint(
                condition=Q(dated_on__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("dated_on")),
                name="preparedpiece_dates_ordered",
                violation_error_message="Une pièce ne cesse pas de valoir avant sa date.",
            )
        ]
        indexes = [models.Index(fields=["preparation"], name="preparedpiece_of")]

    def __str__(self) -> str:
        return self.key
