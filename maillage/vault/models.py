"""Key pairs of organisations. Private halves are wrapped by the master key and seen by their organisation alone."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, directory, organisations_own
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation


class PublicKey(models.Model):
    """The half to which others seal; the newest one not retired is in use."""

    access: ClassVar[Access] = directory()
    triggers: ClassVar[Triggers] = journalled()
    used_store: UUID | None = None  # set by whoever reads it to seal: the store that the database remembers

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="public_keys")
    public = models.BinaryField("clé publique X25519, 32 octets")
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "clé publique"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(retired_at__isnull=True),
                name="publickey_one_in_use",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PrivateKey(models.Model):
    """The other half, wrapped by the master key (AES-256-GCM, bound to this row)."""

    access: ClassVar[Access] = organisations_own(writes=())
    triggers: ClassVar[Triggers] = journalled()

    key = models.OneToOneField(PublicKey, on_delete=models.PROTECT, primary_key=True, related_name="private")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField("clé privée enveloppée")

    class Meta:
        verbose_name = "clé privée"

    def __str__(self) -> str:
        return str(self.key_id)


class IndexKey(models.Model):
    """The key of an organisation's blind index, wrapped by the master key: nobody else makes the same digests."""

    access: ClassVar[Access] = organisations_own(
        writes=()
    )  # written by `begin_index_key`, `keep_index_key` only
    triggers: ClassVar[Triggers] = journalled()

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    wrapped = models.BinaryField("clé d’index enveloppée")

    class Meta:
        verbose_name = "clé d’index"

    def __str__(self) -> str:
        return str(self.organisation_id)


class UsedStore(models.Model):
    """Which key store this database is used with: one row, written at the first key, and never changed but by the owner."""

    access: ClassVar[Access] = directory()  # written by `vault_remember_store` only
    triggers: ClassVar[Triggers] = journalled()

    identity = models.UUIDField("identité du magasin", primary_key=True, editable=False)
    single = models.BooleanField(default=True, unique=True, editable=False)
    since = models.DateTimeField("depuis", db_default=Now())

    class Meta:
        verbose_name = "magasin de clés de cette base"
        constraints = [
            models.CheckConstraint(
                condition=Q(single=True),
                name="usedstore_one",
                violation_error_message="Une base n’a qu’un magasin de clés.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.identity)


class AcceptedLoss(models.Model):
    """A key of the store lost without a backup, as the operator said: what was sealed before stays closed, another may be made."""

    access: ClassVar[Access] = organisations_own(writes=())  # the owner writes it, by a command
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    convention_id = models.UUIDField("convention")
    at = models.DateTimeField("acceptée le")

    class Meta:
        verbose_name = "perte de clé acceptée"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "convention_id"],
                name="acceptedloss_once",
                violation_error_message="Cette perte est déjà acceptée.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Erasure(models.Model):
    """The ledger that every restore replays: which keys were destroyed, when, and why. Never the keys."""

    access: ClassVar[Access] = organisations_own(writes=())  # written by `record_erasure` only
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(null=True)
    scope = models.TextField(help_text="convention, case ou document")
    reference = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "effacement"

    def __str__(self) -> str:
        return f"{self.scope} {self.reference}"
