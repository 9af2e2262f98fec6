"""Organisations, people, and who works where."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower

from maillage.core.holidays import TIME_ZONES
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, directory, internal, organisations_own
from maillage.core.row_security.access import ORGANISATION, USER
from maillage.core.row_security.context import acting
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.organisations.kinds import KIND_CHOICES, BodyKind
from maillage.organisations.roles import ROLE_CHOICES

EMPTY = RawSQL("'{}'", [])  # a column's default in the database


class Organisation(models.Model):
    """A body that takes part in conventions. Everyone who works here may read the directory."""

    access: ClassVar[Access] = directory(own=f"id = {ORGANISATION}")
    triggers: ClassVar[Triggers] = journalled(
        "time_zone_stays", "parent_stays", "identity_stays", "derived", "spread", "flows_close"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField("nature", max_length=20, choices=KIND_CHOICES)
    name = models.CharField("nom", max_length=200)
    short_name = models.CharField("nom court", max_length=60)
    sort_name = models.CharField(
        max_length=200, help_text="Nom sans accents ni majuscules : clé de tri stockée."
    )
    siret = models.CharField("SIRET", max_length=14, blank=True)
    code = models.CharField(
        "code",
        max_length=20,
        blank=True,
        db_default="",
        help_text="Celui de son réseau : code de caisse…",
    )
    finess = models.CharField("FINESS", max_length=9, blank=True, db_default="")
    address = models.TextField("adresse", blank=True)
    departement = models.CharField("département", max_length=3, blank=True)
    commune = models.CharField(
        "commune", max_length=5, blank=True, db_default="", help_text="Code INSEE de son siège."
    )
    territory = ArrayField(
        models.CharField(max_length=5),
        verbose_name="territoire déclaré",
        default=list,
        blank=True,
        db_default=EMPTY,
        help_text="Codes de zones (territories) ; vide : celui qui découle de sa nature.",
    )
    covers = ArrayField(
        models.CharField(max_length=5),
        verbose_name="territoire servi",
        default=list,
        editable=False,
        db_default=EMPTY,
        help_text="Écrit par la base : le territoire déclaré, ou celui qui en tient lieu.",
    )
    words = SearchVectorField("mots cherchés", null=True, editable=False, help_text="Écrits par la base.")
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    mailbox = models.EmailField("boîte générique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    assured_on = models.DateField("assurée le", null=True, blank=True)
    assured_by = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="assurée par"
    )
    closed_on = models.DateField(
        "fermé le", null=True, blank=True, help_text="Premier jour où il n’agit plus."
    )
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="remplacé par"
    )

    class Meta:
        verbose_name = "organisme"
        constraints = [
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret=""),
                name="organisation_siret_once",
                violation_error_message="Ce SIRET est déjà celui d’un autre organisme.",
            ),
            models.UniqueConstraint(
                fields=["kind", "code"],
                condition=~Q(code=""),
                name="organisation_code_once",
                violation_error_message="Ce code est déjà celui d’un autre organisme de même nature.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in BodyKind]), name="organisation_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(finess="") | Q(finess__regex=r"^[0-9][0-9AB][0-9]{7}$"),
                name="organisation_finess_shape",
                violation_error_message="Un numéro FINESS compte 9 caractères.",
            ),
            models.CheckConstraint(
                condition=Q(assured_on__isnull=True, assured_by__isnull=True)
                | Q(assured_on__isnull=False, assured_by__isnull=False),
                name="organisation_assured_by_someone",
                violation_error_message="Une fiche est assurée par quelqu’un, un jour donné.",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(closed_on__isnull=False),
                name="organisation_successor_of_a_closed_one",
                violation_error_message="Seul un organisme fermé est remplacé.",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="organisation_successor_is_another",
                violation_error_message="Un organisme ne se remplace pas lui-même.",
            ),
            models.CheckConstraint(
                condition=Q(time_zone__in=list(TIME_ZONES)),
                name="organisation_time_zone_known",
                violation_error_message="Choisissez un fuseau horaire de France.",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="organisation_sort"),
            models.Index(fields=["kind", "sort_name", "id"], name="organisation_kind_sort"),
            models.Index(fields=["departement", "sort_name", "id"], name="organisation_dep_sort"),
            models.Index(fields=["parent"], name="organisation_units"),
            GinIndex(fields=["words"], name="organisation_words"),
            GinIndex(fields=["covers"], name="organisation_covers", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Accounts are opened by an organisation's administrator; nobody signs up."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with this address, whatever its capitals."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who signs in. She knows nobody: who works where is a Membership."""

    access: ClassVar[Access] = directory(
        own=f"id = {USER}",
        worker_reads=("id", "email", "full_name", "is_active"),  # the hash is for signing in
        web_changes=("password", "one_time_password"),
    )
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField("adresse électronique", unique=True)
    full_name = models.CharField("nom", max_length=150)
    is_active = models.BooleanField("actif", default=True)
    one_time_password = models.BooleanField(
        "mot de passe à changer",
        default=False,
        db_default=False,
        help_text="Donné par un autre : il ne sert qu’à en choisir un.",
    )
    last_login = None  # the journal keeps sign-ins; a column here would be one more trace of a person

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "personne"
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lowercase"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is hers. A hash made with former parameters is made again: in her own name, since nobody acts yet.

        Row security would let an UPDATE without a context touch nothing. Her other sessions end, as with a new password.
        """

        def again(password: str) -> None:
            self.set_password(password)
            using = self._state.db or "default"
            with transaction.atomic(using), acting(organisation=None, user=self.id, using=using):
                self.save(update_fields=["password"], using=using)

        return check_password(raw_password, self.password, again)


class Membership(models.Model):
    """One role of one person in one organisation, from a day to another."""

    # Written by `give_membership`, `end_membership` and the acceptance of an invitation: who acts is looked at there.
    access: ClassVar[Access] = organisations_own(writes=(), or_user="user_id")
    triggers: ClassVar[Triggers] = journalled("place_is_open")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("rôle", max_length=30, choices=ROLE_CHOICES)
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True, help_text="Dernier jour compris.")

    class Meta:
        verbose_name = "appartenance"
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role", "since"], name="membership_once"),
            models.CheckConstraint(
                # A role withdrawn on its first day has the day before as its last: it was never in force for a whole day.
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since") - timedelta(days=1)),
                name="membership_dates_ordered",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[value for value, _ in ROLE_CHOICES]), name="membership_role_known"
            ),
        ]
        indexes = [models.Index(fields=["user", "organisation"], name="membership_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Attempt(models.Model):
    """Tries of one password or from one address, of late: the key is a digest under the server's secret (attempts.py)."""

    access: ClassVar[Access] = internal()
    triggers: ClassVar[Triggers] = unjournalled(
        "A refused try is no act of anybody; a sign-in is journalled."
    )

    key = models.UUIDField(primary_key=True, editable=False)
    tries = models.IntegerField("essais")
    until = models.DateTimeField("jusqu’à")

    class Meta:
        verbose_name = "essai de mot de passe"
        indexes = [models.Index(fields=["until"], name="attempt_until")]

    def __str__(self) -> str:
        return str(self.key)
