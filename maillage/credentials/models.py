"""What proves who someone is. The second factor is hers alone: the policies know nothing of organisations here."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access
from maillage.core.row_security.access import USER
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.organisations.models import User

_HERS = f"user_id = {USER}"
AGENT_LENGTH = 300  # characters kept of what a browser says of itself


class FactorKind(models.TextChoices):
    """How the second factor is given."""

    APPLICATION = "application", "Application d’authentification"
    KEY = "key", "Clé de sécurité"
    RECOVERY = "recovery", "Codes de secours"


class Factor(models.Model):
    """A second factor. Nothing in the row signs anybody in: a secret is sealed to its row, a recovery code is a digest."""

    access: ClassVar[Access] = Access(
        "own_factor",
        sees=_HERS,
        adds=_HERS,
        changes=_HERS,
        removes=_HERS,
        grants=("SELECT", "INSERT", "UPDATE", "DELETE"),
    )
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("nature", max_length=20, choices=FactorKind.choices)
    name = models.CharField("nom", max_length=60, blank=True)
    sealed = models.BinaryField("secret scellé", blank=True, default=b"")
    credential = models.BinaryField("clé publique", blank=True, default=b"")
    digests = models.JSONField("empreintes", default=list, blank=True)
    counter = models.BigIntegerField("dernier compteur accepté", default=0)
    created_at = models.DateTimeField("ajouté le")
    used_at = models.DateTimeField("dernier usage", null=True, blank=True)

    class Meta:
        verbose_name = "second facteur"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=~Q(kind="key"),
                name="factor_one_of_a_kind",
                violation_error_message="Ce second facteur est déjà en place.",
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=["application", "recovery"]) & ~Q(sealed=b""))
                | (Q(kind="key") & ~Q(credential=b"")),
                name="factor_holds_its_kind",
                violation_error_message="Ce second facteur ne contient pas ce que sa nature demande.",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__gte=F("created_at")),
                name="factor_dates_ordered",
                violation_error_message="Un second facteur ne sert pas avant d’exister.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class OpenSession(models.Model):
    """A signed-in browser, as its owner recognises it. `key` is a digest: it opens nothing."""

    access: ClassVar[Access] = Access(
        "own_session",
        sees=_HERS,
        adds=_HERS,
        changes=_HERS,
        removes=_HERS,
        grants=("SELECT", "INSERT", "UPDATE", "DELETE"),
    )
    triggers: ClassVar[Triggers] = unjournalled(
        "Signing in, signing out and closing a session are journalled as acts; the row is also touched at each minute."
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField("empreinte", max_length=40, unique=True)
    address = models.GenericIPAddressField("adresse réseau", null=True, blank=True)
    agent = models.CharField("navigateur", max_length=AGENT_LENGTH, blank=True)
    opened_at = models.DateTimeField("ouverte le")
    seen_at = models.DateTimeField("dernière activité")

    class Meta:
        verbose_name = "session ouverte"
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_at__gte=F("opened_at")),
                name="opensession_dates_ordered",
                violation_error_message="Une session ne sert pas avant d’être ouverte.",
            ),
        ]
        indexes = [models.Index(fields=["user"], name="opensession_user")]

    def __str__(self) -> str:
        return str(self.id)


class Identity(models.Model):
    """An account at a provider of identities, tied to one of ours by the provider's own name for it."""

    access: ClassVar[Access] = Access(
        "own_identity",
        sees=_HERS,
        adds=_HERS,
        removes=_HERS,
        grants=("SELECT", "INSERT", "DELETE"),
    )
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField("fournisseur", max_length=255)
    subject = models.CharField("identifiant chez le fournisseur", max_length=255)
    linked_at = models.DateTimeField("reliée le")

    class Meta:
        verbose_name = "identité chez un fournisseur"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="identity_once",
                violation_error_message="Cette identité est déjà reliée à un compte.",
            ),
            models.UniqueConstraint(
                fields=["user", "issuer"],
                name="identity_one_per_provider",
                violation_error_message="Ce compte est déjà relié à une identité de ce fournisseur.",
            ),
            models.CheckConstraint(
                condition=~Q(issuer="") & ~Q(subject=""),
                name="identity_named",
                violation_error_message="Une identité nomme son fournisseur et son titulaire.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
