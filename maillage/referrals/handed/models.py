"""That an administrator handed somebody's cases to a colleague all at once, which ones, and until when that may be undone."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.cases.models import Case, Following
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, organisations_own
from maillage.core.row_security.guards import Triggers, journalled, unjournalled
from maillage.organisations.models import Organisation


class BulkHandOver(models.Model):
    """One hand-over of many cases. It is undone once, until the day ends where it was done."""

    access: ClassVar[Access] = organisations_own()
    triggers: ClassVar[Triggers] = journalled("undone_in_time")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    giver = models.UUIDField("de")
    taker = models.UUIDField("à")
    done_at = models.DateTimeField("fait le")
    done_by = models.UUIDField("par")
    undone_before = models.DateTimeField("annulable jusqu’à")
    undone_at = models.DateTimeField("annulée le", null=True, blank=True)
    undone_by = models.UUIDField(null=True, blank=True)

    cases: int  # how many it moved: `handing.queries.undoable` says it

    class Meta:
        verbose_name = "remise de dossiers en nombre"
        constraints = [
            models.CheckConstraint(
                condition=~Q(giver=F("taker")),
                name="bulkhandover_two_people",
                violation_error_message="On ne se remet pas à soi-même ses dossiers.",
            ),
            models.CheckConstraint(
                condition=Q(undone_before__gt=F("done_at")),
                name="bulkhandover_undone_later",
                violation_error_message="Une remise s’annule après avoir été faite.",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False, undone_at__lt=F("undone_before")),
                name="bulkhandover_undone_in_the_day",
                violation_error_message="Une remise s’annule le jour même, par quelqu’un.",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "giver", "-done_at"], name="bulkhandover_giver")]

    def __str__(self) -> str:
        return str(self.id)


class HandedCase(models.Model):
    """One case of a hand-over: the following that ended, and the one that began, unless the taker followed it already."""

    access: ClassVar[Access] = organisations_own(
        writes=("INSERT",),
        names={
            "hand_over_id": "referrals_bulkhandover",
            "case_id": "cases_case",
            "ended_id": "cases_following",
            "begun_id": "cases_following",
        },
    )
    while_frozen: ClassVar[str] = "who may read it"
    triggers: ClassVar[Triggers] = unjournalled(
        "each case handed is an entry by itself, and so are its followings"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    hand_over = models.ForeignKey(BulkHandOver, on_delete=models.PROTECT, related_name="handed")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    ended = models.ForeignKey(Following, on_delete=models.PROTECT, related_name="+")
    begun = models.ForeignKey(Following, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "dossier remis"
        constraints = [
            models.UniqueConstraint(
                fields=["hand_over", "case"],
                name="handedcase_once",
                violation_error_message="Ce dossier est déjà dans cette remise.",
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)
