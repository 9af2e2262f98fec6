"""What the two sides of a case know of its being forwarded: to which service, when. Nothing of the new case, not even its id."""

from typing import ClassVar

from django.db import models

from maillage.cases.models import Case
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation


class Forwarding(models.Model):
    """That the caisse forwarded a case to another service. The guard `kept` looks for the new case: nobody says so otherwise."""

    access: ClassVar[Access] = by_participation(writes=("INSERT",), added_by="recipient", still_told="false")
    triggers: ClassVar[Triggers] = journalled("kept", "while_objected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="forwardings")
    service = models.CharField("service", max_length=40)
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    article = models.CharField("article", max_length=40)
    forwarded_at = models.DateTimeField("transmise le")
    forwarded_by = models.UUIDField("par")

    class Meta:
        verbose_name = "transmission d’un dossier"

    def __str__(self) -> str:
        return f"{self.case_id} {self.service}"
