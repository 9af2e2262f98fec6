"""Cases, and who takes part in them: access, worklist, key and lineage in one row."""

from typing import ClassVar

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from maillage.cases.states import STATES
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation


class Authorisation(models.Model):
    """Who may open a case for whom, for which service, when: pushed down here by the convention in force.

    Written by a definer function only; `open_during` is compared with the database's own clock.
    """

    access: ClassVar[Access] = Access(
        "authorised",
        sees=f"(sender_id = {ORGANISATION} OR recipient_id = {ORGANISATION})",
        grants=("SELECT",),
    )
    triggers: ClassVar[Triggers] = journalled("within_life")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention_id = models.UUIDField("convention")
    flow_key = models.CharField("clé du flux", max_length=80)
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.CharField("service", max_length=40)
    article = models.CharField("article", max_length=40)
    open_during = DateTimeRangeField("ouvert pendant")

    class Meta:
        verbose_name = "autorisation"
        constraints = [
            models.UniqueConstraint(
                fields=["convention_id", "flow_key", "sender", "recipient"], name="authorisation_once"
            ),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="authorisation_two_sides"),
        ]
        indexes = [
            models.Index(fields=["sender", "service"], name="authorisation_sender"),
            models.Index(fields=["recipient"], name="authorisation_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.convention_id}"


class Case(models.Model):
    """What is shared: one matter of one person, opened under one authorisation."""

    access: ClassVar[Access] = by_participation(case="id")
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="+")
    convention_id = models.UUIDField("convention")
    kind = models.CharField("nature", max_length=20)
    service = models.CharField("service", max_length=40)
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    caisse = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("ouvert le")
    forwarded_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "dossier"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["referral", "application"]), name="case_kind_known")
        ]
        indexes = [models.Index(fields=["authorisation"], name="case_authorisation")]

    def __str__(self) -> str:
        return str(self.id)


class Participation(models.Model):
    """One organisation's part in one case. The web role only reads these rows: definer functions write them.

    `state`, `closed_at` and `urgent` are mirrored from the case's own row by a trigger; `due_on` belongs to this role alone.
    """

    access: ClassVar[Access] = Access(
        "own_participation",
        sees=f"(organisation_id = {ORGANISATION} AND (until IS NULL OR until > now()))",
        grants=("SELECT",),
    )
    triggers: ClassVar[Triggers] = journalled()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participations")
    convention_id = models.UUIDField("convention")
    role = models.CharField("rôle", max_length=12)
    since = models.DateTimeField("depuis")
    until = models.DateTimeField("jusqu’à", null=True, blank=True)
    state = models.CharField("état", max_length=20)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    urgent = models.BooleanField("urgent", default=False)
    due_on = models.DateField("échéance", null=True, blank=True)
    sealed_key = models.BinaryField("clé du dossier scellée")
    key_made_at = models.DateTimeField("clé faite le", db_default=Now())

    class Meta:
        verbose_name = "participation"
        constraints = [
            models.UniqueConstraint(fields=["case", "organisation"], name="participation_once"),
            models.CheckConstraint(
                condition=Q(role__in=["sender", "recipient"]), name="participation_role_known"
            ),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="participation_state_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="participation_dates_ordered"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "-since"],
                condition=Q(closed_at__isnull=True),
                name="participation_worklist",
            ),
            models.Index(fields=["organisation", "-since"], name="participation_all"),
            models.Index(
                fields=["organisation", "convention_id", "role", "state"], name="participation_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"
