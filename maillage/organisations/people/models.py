"""How someone comes to act for an organisation: invited, engaged to confidentiality, trained (row H4)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.base import Organisation, User


class Undertaking(models.Model):
    """One version of the confidentiality undertaking, signed by one person for one organisation. Written by `sign_undertaking` only."""

    access: ClassVar[Access] = organisations_own(writes=(), or_user="user_id")
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="undertakings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.CharField("version", max_length=20)
    text_hash = models.CharField("empreinte du texte", max_length=64)
    signed_at = models.DateTimeField("signé le", db_default=Now())

    class Meta:
        verbose_name = "engagement de confidentialité"
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "version"], name="undertaking_once"),
            models.CheckConstraint(
                condition=Q(text_hash__regex=r"^[0-9a-f]{64}$"), name="undertaking_text_hashed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.version}"


class Training(models.Model):
    """A training in the protection of personal data, with its day. Written by `record_training` only."""

    access: ClassVar[Access] = organisations_own(writes=(), or_user="user_id")
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="trainings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField("suivie le")
    title = models.CharField("formation", max_length=200)
    recorded_by = models.UUIDField("enregistrée par", null=True)
    recorded_at = models.DateTimeField("enregistrée le", db_default=Now())

    class Meta:
        verbose_name = "formation à la protection des données"
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="training_titled",
                violation_error_message="Indiquez de quelle formation il s’agit.",
            ),
        ]
        indexes = [models.Index(fields=["user", "organisation", "-done_on"], name="training_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.done_on}"


class Invitation(models.Model):
    """A link sent to an address, which gives roles to whoever accepts it. The link itself is not kept: only its digest.

    Written by definer functions, which check that an administrator acts, and that the link was neither used nor closed.
    """

    access: ClassVar[Access] = organisations_own(writes=())
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField("adresse électronique")
    full_name = models.CharField("nom", max_length=150)
    roles = ArrayField(models.CharField(max_length=30), verbose_name="rôles")
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)
    digest = models.BinaryField("empreinte du lien", unique=True)
    sendings = models.PositiveIntegerField("envois", default=1)
    made_by = models.UUIDField("invitée par")
    made_at = models.DateTimeField("invitée le", db_default=Now())
    sent_at = models.DateTimeField("dernier envoi", db_default=Now())
    expires_at = models.DateTimeField("expire le")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.UUIDField("acceptée par", null=True, blank=True)
    revoked_at = models.DateTimeField("annulée le", null=True, blank=True)
    revoked_by = models.UUIDField("annulée par", null=True, blank=True)

    class Meta:
        verbose_name = "invitation"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open",
                violation_error_message="Une invitation attend déjà cette personne.",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lowercase"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="invitation_dates_ordered",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="invitation_revoked_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_used_or_closed",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="invitation_expires_after_sending"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-made_at"], name="invitation_organisation")]

    def __str__(self) -> str:
        return str(self.id)


class Absence(models.Model):
    """Days during which somebody is replaced: whoever replaces her sees what she had begun. Written by definer functions only."""

    access: ClassVar[Access] = organisations_own(writes=())
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="replacements")
    since = models.DateField("du")
    until = models.DateField("au", help_text="Dernier jour d’absence.")
    recorded_by = models.UUIDField("enregistrée par")
    recorded_at = models.DateTimeField("enregistrée le", db_default=Now())
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "absence"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="absence_dates_ordered",
                violation_error_message="Le retour ne peut pas précéder le départ.",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("replaced_by")),
                name="absence_by_another",
                violation_error_message="Choisissez une autre personne pour la remplacer.",
            ),
        ]
        indexes = [models.Index(fields=["replaced_by", "organisation", "until"], name="absence_replacement")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.since}"
