"""The versions of each organisation's record of processing: kept when something changed, never altered afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation


class RecordVersion(models.Model):
    """What the record said on a day: its canonical JSON, byte for byte, and its digest; how much differs from the version before."""

    access: ClassVar[Access] = organisations_own(writes=("INSERT",))
    triggers: ClassVar[Triggers] = journalled("recorded", "version_follows", "version_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("numéro")
    content = models.TextField("contenu")
    digest = models.CharField("empreinte", max_length=64)
    added = models.PositiveIntegerField("traitements ajoutés")
    removed = models.PositiveIntegerField("traitements retirés")
    changed = models.PositiveIntegerField("traitements changés")
    recorded_at = models.DateTimeField("gardée le")
    recorded_by = models.UUIDField("par")

    class Meta:
        verbose_name = "version du registre des traitements"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number"],
                name="recordversion_number_once",
                violation_error_message="Cette version est déjà gardée.",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="recordversion_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(number=1) | Q(added__gt=0) | Q(removed__gt=0) | Q(changed__gt=0),
                name="recordversion_says_something_new",
                violation_error_message="Rien n’a changé depuis la version précédente.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.number}"
