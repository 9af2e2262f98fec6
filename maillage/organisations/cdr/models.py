"""The register of CDR and CDRi (row E5; S2 art. 4.1): who may consult rights inside a hospital, and each consultation."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.base import Organisation, User
from maillage.organisations.cdr.rules import REASON_CHOICES, TOOL_CHOICES


class CdrAccess(models.Model):
    """Somebody's right to consult, as her organisation granted it; it ends by a revocation with its reason."""

    access: ClassVar[Access] = organisations_own()
    triggers: ClassVar[Triggers] = journalled("administered", "grant_stays")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    tool = models.CharField("outil", max_length=10, choices=TOOL_CHOICES)
    since = models.DateField("depuis le")
    granted_by = models.UUIDField("accordé par")
    revoked_on = models.DateField("retiré le", null=True, blank=True, help_text="Premier jour sans accès.")
    revoked_by = models.UUIDField("retiré par", null=True, blank=True)
    reason = models.CharField("motif du retrait", max_length=200, blank=True)

    class Meta:
        verbose_name = "accès à la consultation des droits"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "tool"],
                condition=Q(revoked_on__isnull=True),
                name="cdraccess_one_open",
                violation_error_message="Cette personne a déjà cet accès.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("since")),
                name="cdraccess_dates_ordered",
                violation_error_message="Le retrait ne peut pas précéder l’ouverture.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True, revoked_by__isnull=True, reason="")
                | (Q(revoked_on__isnull=False, revoked_by__isnull=False) & ~Q(reason="")),
                name="cdraccess_revoked_for_a_reason",
                violation_error_message="Indiquez le motif du retrait.",
            ),
            models.CheckConstraint(
                condition=Q(tool__in=[value for value, _ in TOOL_CHOICES]), name="cdraccess_tool_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.tool}"


class CdrConsultation(models.Model):
    """One consultation, told by whoever made it: when, why, for which file of her own; never for whom."""

    access: ClassVar[Access] = organisations_own(writes=("INSERT",))
    triggers: ClassVar[Triggers] = journalled("access_in_force")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    cdr_access = models.ForeignKey(CdrAccess, on_delete=models.PROTECT, related_name="consultations")
    at = models.DateTimeField("consulté le")
    reason = models.CharField("motif", max_length=20, choices=REASON_CHOICES)
    reference = models.CharField("référence interne", max_length=40, blank=True)
    recorded_at = models.DateTimeField("inscrite le", db_default=Now())

    class Meta:
        verbose_name = "consultation des droits"
        constraints = [
            models.CheckConstraint(
                condition=Q(reference__regex=r"^[0-9A-Z./-]*$"),
                name="cdrconsultation_reference_is_code",
                violation_error_message="La référence ne contient que des capitales, des chiffres, des points et des tirets.",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[value for value, _ in REASON_CHOICES]),
                name="cdrconsultation_reason_known",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-at"], name="cdrconsultation_at")]

    def __str__(self) -> str:
        return str(self.id)
