"""Documents: rows that name encrypted files. A file is served only through what it belongs to."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_sharing
from maillage.core.row_security.guards import Triggers, journalled
from maillage.documents.formats.media import MediaType
from maillage.organisations.models import Organisation


class Document(models.Model):
    """One file, recognised by its content and encrypted on disk; `readers` are the organisations it was shared with."""

    access: ClassVar[Access] = by_sharing()
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    readers = ArrayField(models.UUIDField(), default=list)
    media_type = models.CharField("type", max_length=80)
    size = models.PositiveBigIntegerField("taille en octets")
    sha256 = models.CharField("empreinte", max_length=64)
    name = models.BinaryField("nom chiffré")
    wrapped_key = models.BinaryField("clé enveloppée")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "document"
        constraints = [
            models.CheckConstraint(
                condition=Q(media_type__in=[kind.value for kind in MediaType]),
                name="document_type_known",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_not_empty"),
        ]

    def __str__(self) -> str:
        return str(self.id)
