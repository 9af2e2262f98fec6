"""Cases, and who takes part in them: access, worklist, key and lineage in one row."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from maillage.cases.freezes import Freeze
from maillage.cases.rules import LINEAGES, Reason
from maillage.cases.states import STATES
from maillage.cases.watched import Alert, Threshold
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation, by_party, organisations_own
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation

__all__ = [
    "AcknowledgementDelay", "Alert", "Authorisation", "Case", "Following", "Freeze", "Lineage", "Participation", "Threshold",
]  # fmt: skip
"""Those of this room: Django finds here the ones that stand in files of their own."""


class Authorisation(models.Model):
    """Who may open a case for whom, for which service, when: pushed down here by the convention in force.

    Written by a definer function only; `open_during` is compared with the database's own clock. With `rights` it opens applications
    for them, without it opens anything else. `label` is what the text calls the service.
    """

    access: ClassVar[Access] = Access(
        "authorised",
        sees=f"(sender_id = {ORGANISATION} OR recipient_id = {ORGANISATION})",
        grants=("SELECT",),
    )
    triggers: ClassVar[Triggers] = journalled("within_life", "anonymous")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention_id = models.UUIDField("convention")
    flow_key = models.CharField("clé du flux", max_length=80)
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.CharField("service", max_length=40)
    article = models.CharField("article", max_length=40)
    open_during = DateTimeRangeField("ouvert pendant")
    rights = ArrayField(models.CharField(max_length=20), verbose_name="droits", default=list, db_default=[])
    label = models.CharField("nom du service", max_length=120, blank=True, default="", db_default="")

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

    class Meta:
        verbose_name = "dossier"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["referral", "application", "appointment"]), name="case_kind_known"
            )
        ]
        indexes = [models.Index(fields=["authorisation"], name="case_authorisation")]

    def __str__(self) -> str:
        return str(self.id)


class Lineage(models.Model):
    """That a case follows from another, in one of the ways of `rules.LINEAGES`.

    Known to whoever takes part in both, and to nobody else: the id of a case alone tells when it began, and its reference.
    Written by the definer functions `forward_case` and `open_from` only.
    """

    access: ClassVar[Access] = Access(
        "in_both_cases",
        sees=" AND ".join(str(by_participation(case=end).sees) for end in ("former_id", "following_id")),
    )
    triggers: ClassVar[Triggers] = journalled()

    following = models.OneToOneField(
        Case, on_delete=models.PROTECT, primary_key=True, related_name="lineage", verbose_name="suite"
    )
    former = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="sequels", verbose_name="dossier d’origine"
    )
    kind = models.CharField("nature", max_length=10)
    made_at = models.DateTimeField("le")

    class Meta:
        verbose_name = "suite d’un dossier"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(LINEAGES)), name="lineage_kind_known"),
            models.CheckConstraint(condition=~Q(following=F("former")), name="lineage_two_cases"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.following_id}"


class AcknowledgementDelay(models.Model):
    """Within how long what is sent under a convention is acknowledged, and who says so: pushed down from its text by a definer function.

    Where a convention has none yet, a week counts. `days_off` are the public holidays around, for a delay in working days.
    """

    access: ClassVar[Access] = by_party()
    triggers: ClassVar[Triggers] = journalled()

    convention_id = models.UUIDField("convention", primary_key=True)
    months = models.PositiveSmallIntegerField("mois")
    days = models.PositiveSmallIntegerField("jours")
    working_days = models.PositiveSmallIntegerField("jours ouvrés")
    days_off = ArrayField(models.DateField(), verbose_name="jours fériés")
    time_zone = models.CharField("fuseau de la caisse", max_length=40)
    source = models.CharField("dit par", max_length=10)
    article = models.CharField("article", max_length=40, blank=True)
    since = models.DateField("depuis le", null=True, blank=True)

    class Meta:
        verbose_name = "délai d’accusé de réception"
        constraints = [
            models.CheckConstraint(
                condition=Q(working_days=0) & (Q(days__gt=0) | Q(months__gt=0))
                | Q(working_days__gt=0, days=0, months=0),
                name="acknowledgementdelay_counts_one_way",
                violation_error_message="Un délai se compte en mois et jours, ou en jours ouvrés.",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["text", "referents", "default"]),
                name="acknowledgementdelay_said_by",
                violation_error_message="Un délai est dit par le texte, par les référents ou par la plateforme.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.convention_id}"


_LISTED = ("organisation", "kind")
_OPEN = Q(closed_at__isnull=True)
_FILTERS: dict[str, list[str]] = {
    "list": [],
    "service": ["service"],
    "state": ["state"],
    "convention": ["convention_id"],
}
"""One index for each filter of a list: what is open in its turn, and all by date."""


class Participation(models.Model):
    """One organisation's part in one case. The web role only reads these rows: definer functions write them.

    `state`, `closed_at`, `urgent`, and as `service` the right of an application, mirror the case's own row; `due_on` is this role's.
    What lists are searched and sorted by stands on the row itself, so that each filter has its index: the trigger `listed` writes it.
    `withheld`: the person lets this side know that her request was received and when it is over, nothing between (D12).
    """

    access: ClassVar[Access] = Access(
        "own_participation",
        sees=f"(organisation_id = {ORGANISATION} AND (until IS NULL OR until > now()))",
        grants=("SELECT",),
    )
    triggers: ClassVar[Triggers] = journalled("listed")

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
    withheld = models.BooleanField("suite non dite", default=False, db_default=False)
    sealed_key = models.BinaryField("clé du dossier scellée")
    key_made_at = models.DateTimeField("clé faite le", db_default=Now())
    kind = models.CharField("nature", max_length=20, db_default="", editable=False)
    service = models.CharField("service", max_length=40, db_default="", editable=False)
    reference = models.CharField("référence", max_length=8, db_default="", editable=False)
    turn = models.IntegerField("ordre de passage", db_default=0, editable=False)
    late_on = models.DateField("en retard dès le", null=True, editable=False)
    opened_as: str | None  # why the member who asks may open the identity: `following.with_reason` says it
    is_asked: bool  # what a list says of each: `referrals.lists.queries.told`
    is_unread: bool
    is_forwarded: bool
    sealed_identity: bytes | None
    delay: list[dict[str, Any]]  # the delay of its convention, if it has one: `late.delay_under` of referrals
    kin_before: list[dict[str, str]]  # the cases from which this one follows: `queries.with_kin`
    kin_after: list[dict[str, str]]  # those that follow from it
    frozen_since: (
        Any  # the instant since which it is restricted, None if it is not: `following.with_reason` says it
    )
    stopped_since: (
        Any  # the instant since which she objects to its flow, None if she does not: `stopping.with_stopped`
    )
    stopped_for: UUID | None  # the request that this objection answers
    corrected: list[
        dict[str, Any]
    ]  # what was corrected of the identity of its case: `correcting.with_corrections`

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
            *(
                models.Index(
                    fields=[*_LISTED, *filtered, "turn", "id"], condition=_OPEN, name=f"part_open_{name}"
                )
                for name, filtered in _FILTERS.items()
            ),
            *(
                models.Index(fields=[*_LISTED, *filtered, "since", "id"], name=f"part_all_{name}")
                for name, filtered in _FILTERS.items()
            ),
            models.Index(fields=[*_LISTED, "since", "id"], condition=_OPEN, name="part_open_since"),
            models.Index(fields=[*_LISTED, "since", "id"], condition=Q(urgent=True), name="part_all_urgent"),
            models.Index(
                fields=[*_LISTED, "turn", "id"], condition=Q(late_on__isnull=False), name="part_late"
            ),
            models.Index(fields=["organisation", "reference"], name="part_reference"),
            models.Index(
                fields=["organisation", "convention_id", "role", "kind", "state"], name="participation_counts"
            ),
            models.Index(
                fields=["since"], condition=Q(role="sender", state="sent"), name="participation_unanswered"
            ),
            models.Index(fields=["case"], condition=Q(withheld=True), name="participation_withheld"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"


class Following(models.Model):
    """Inside one organisation, who may open the identity of a case: she follows it, or consults it until the day ends.

    Row security knows organisations only: colleagues are told apart by the pages, and by the journal.
    """

    access: ClassVar[Access] = organisations_own(names={"case_id": "cases_case"})
    while_frozen: ClassVar[str] = "who may read it"
    triggers: ClassVar[Triggers] = journalled("following_ends_only")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    user_id = models.UUIDField("personne")
    reason = models.CharField("à quel titre", max_length=10)
    since = models.DateTimeField("depuis")
    until = models.DateTimeField("jusqu’à", null=True, blank=True)
    given_by = models.UUIDField("confié par", null=True, blank=True)

    class Meta:
        verbose_name = "suivi d’un dossier"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation", "user_id"],
                condition=Q(until__isnull=True),
                name="following_once",
                violation_error_message="Ce dossier est déjà suivi par cette personne.",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[reason.value for reason in Reason]), name="following_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="following_dates_ordered",
                violation_error_message="La fin d’un suivi ne précède pas son début.",
            ),
            models.CheckConstraint(
                condition=~Q(reason="consulted") | Q(until__isnull=False),
                name="following_consulted_ends",
                violation_error_message="Une consultation sans suivi s’arrête à la fin de la journée.",
            ),
            models.CheckConstraint(
                condition=Q(reason="handed", given_by__isnull=False)
                | ~Q(reason="handed") & Q(given_by__isnull=True),
                name="following_handed_by_someone",
                violation_error_message="Un dossier confié l’est par quelqu’un.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "user_id", "case"], name="following_person"),
            models.Index(fields=["case", "organisation"], name="following_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.reason}"
