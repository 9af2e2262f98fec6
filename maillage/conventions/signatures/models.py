"""Signatures: one per party and text; what is signed is a content hash."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.guards import Triggers, journalled
from maillage.documents.models import Document
from maillage.organisations.models import Organisation


class Signature(models.Model):
    """One party's signature of the text that has this hash, or of one avenant.

    A party signs for itself; another party may record it only with the signed document. When the text changes the
    signature is voided by trigger, never removed: nobody else changes one.
    """

    access: ClassVar[Access] = by_party(
        writes=("INSERT",),
        recorded_by="recorded_for_id",
        names={"document_id": "documents_document", "delegation_document_id": "documents_document"},
    )
    triggers: ClassVar[Triggers] = journalled("signed_by_itself", "recorded", "signature_day", "own_party")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="signatures")
    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    party_key = models.CharField("partie", max_length=80)
    content_hash = models.CharField("empreinte signée", max_length=64)
    signed_on = models.DateField("signée le")
    function = models.CharField("fonction du signataire", max_length=200)
    by_delegation = models.BooleanField("par délégation", default=False)
    delegation_document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("enregistrée le")
    recorded_by = models.UUIDField("par")
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "signature"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "party_key"],
                condition=Q(voided_at__isnull=True, amendment__isnull=True),
                name="signature_once",
                violation_error_message="Cette partie a déjà signé ce texte.",
            ),
            models.UniqueConstraint(
                fields=["amendment", "party_key"],
                condition=Q(voided_at__isnull=True, amendment__isnull=False),
                name="signature_amendment_once",
                violation_error_message="Cette partie a déjà signé cet avenant.",
            ),
            models.CheckConstraint(
                condition=Q(recorded_for=F("organisation")) | Q(document__isnull=False),
                name="signature_for_another_has_its_document",
                violation_error_message="La signature d’une autre partie s’enregistre avec le document signé.",
            ),
            models.CheckConstraint(
                condition=Q(by_delegation=False) | Q(delegation_document__isnull=False),
                name="signature_by_delegation_has_its_document",
                violation_error_message="Une signature par délégation s’accompagne de l’acte de délégation.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_key} {self.signed_on}"
