"""That a party starts a flow although nobody has said who answers for its data: accepted in writing, withdrawn in writing."""

from dataclasses import replace
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.documents.models import Document
from maillage.organisations.models import Organisation

_PARTIES: Final = by_party(
    writes=("INSERT", "UPDATE"), recorded_by="recorded_for_id", names={"document_id": "documents_document"}
)
_ITS_OWN: Final = (
    "EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = {table}.convention_id"  # noqa: S608 - our own words
    f" AND mine.organisation_id = {ORGANISATION} AND mine.role <> 'informed')"
    f" AND (organisation_id = {ORGANISATION} OR recorded_for_id = {ORGANISATION})"
)


class FlowAcceptance(models.Model):
    """One party's acceptance, in force until it is withdrawn; the flow is open while both of its parties have one.

    A party accepts for itself; another party records it only with the document, for a body that has nobody here to accept. Of a
    row the withdrawal alone is written later, by the party that it binds or by the one that recorded it; the flow closes at once.
    """

    access: ClassVar[Access] = replace(_PARTIES, changes=_ITS_OWN)
    triggers: ClassVar[Triggers] = journalled(
        "recorded", "own_party", "accepted", "acceptance_stays", "withdrawn"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    flow_key = models.CharField("clé du flux", max_length=80)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    party_key = models.CharField("partie", max_length=80)
    given_on = models.DateField("donné le")
    reason = models.CharField("pourquoi", max_length=1000, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField("retiré le", null=True, blank=True)
    withdrawn_why = models.CharField("pourquoi retiré", max_length=1000, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "accord pour commencer sans les rôles"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "flow_key", "organisation"],
                condition=Q(withdrawn_at__isnull=True),
                name="flowacceptance_once",
                violation_error_message="Cette partie a déjà donné son accord pour ce flux.",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") | Q(document__isnull=False),
                name="flowacceptance_in_writing",
                violation_error_message="Un accord se donne par écrit : un texte ou un document.",
            ),
            models.CheckConstraint(
                condition=Q(
                    withdrawn_on__isnull=True,
                    withdrawn_at__isnull=True,
                    withdrawn_by__isnull=True,
                    withdrawn_why="",
                )
                | Q(withdrawn_on__isnull=False, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_why=""),
                name="flowacceptance_withdrawn_for_a_reason",
                violation_error_message="Un accord se retire un jour dit, avec sa raison.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="flowacceptance_days_ordered",
                violation_error_message="Un accord ne se retire pas avant d’avoir été donné.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow_key} {self.party_key}"
