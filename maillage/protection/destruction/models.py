"""What becomes of each party's data once a convention ended, and the proof that they were destroyed (row H11)."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition
from maillage.documents.models import Document
from maillage.organisations.models import Organisation
from maillage.protection.destruction.rules import LONGEST
from maillage.protection.destruction.states import TRANSITIONS, State

_ABSENT: Final = (
    f"state IN ('unknown', 'planned') AND {by_party(writes=('UPDATE',)).changes} "
    "AND NOT protection_watched_here(organisation_id)"
)
"""Of a party that has nobody here any more, a signing party sets the day in its stead."""


class Destruction(models.Model):
    """One party's data under one convention that ended: kept, or destroyed on a day, with a certificate that all parties read.

    `why` is what the text says, `reason` what somebody says who sets another day: not before `earliest_on`.
    """

    access: ClassVar[Access] = Access(
        "by_party",
        sees=by_party().sees,
        changes=f"organisation_id = {ORGANISATION} OR {_ABSENT}",
        grants=("SELECT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("destruction_stays", "begins_free")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=12)
    article = models.CharField("article", max_length=80, blank=True)
    what = models.CharField("quoi", max_length=LONGEST, blank=True)
    why = models.CharField("pourquoi", max_length=LONGEST)
    reason = models.CharField("raison du jour fixé", max_length=LONGEST, blank=True)
    ended_on = models.DateField("finie le")
    earliest_on = models.DateField("au plus tôt le", null=True, blank=True)
    due_on = models.DateField("à détruire le", null=True, blank=True)
    planned_at = models.DateTimeField("prévue le")
    set_at = models.DateTimeField("fixée le", null=True, blank=True)
    set_by = models.UUIDField(null=True, blank=True)
    began_at = models.DateTimeField("commencée le", null=True, blank=True)
    cases = models.PositiveIntegerField("dossiers", null=True, blank=True)
    emptied = models.PositiveIntegerField("dossiers traités", default=0)
    documents = models.PositiveIntegerField("documents", default=0)
    finished_at = models.DateTimeField("détruites le", null=True, blank=True)
    certificate = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    countersigned_at = models.DateTimeField("contresigné le", null=True, blank=True)
    countersigned_by = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "destruction au terme"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "organisation"],
                name="destruction_once",
                violation_error_message="Le sort de ces données est déjà noté.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="destruction_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "unknown"], due_on__isnull=True)
                | Q(state__in=["planned", "running", "done"], due_on__isnull=False),
                name="destruction_has_its_day",
                violation_error_message="Une destruction a son jour.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("ended_on")),
                name="destruction_after_the_end",
                violation_error_message="Rien n’est détruit avant la fin de la convention.",
            ),
            models.CheckConstraint(
                condition=Q(state="kept")
                | Q(state="unknown", earliest_on__isnull=False)
                | Q(earliest_on__isnull=False, due_on__gte=F("earliest_on")),
                name="destruction_after_its_notice",
                violation_error_message="Rien n’est détruit avant la fin du délai qui suit la convention.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "unknown", "planned"], began_at__isnull=True)
                | Q(state__in=["running", "done"], began_at__isnull=False, cases__isnull=False),
                name="destruction_began",
            ),
            models.CheckConstraint(
                condition=Q(state="done", finished_at__isnull=False, certificate__isnull=False)
                | ~Q(state="done") & Q(finished_at__isnull=True, certificate__isnull=True),
                name="destruction_done_has_its_certificate",
            ),
            models.CheckConstraint(
                condition=Q(countersigned_at__isnull=True, countersigned_by__isnull=True)
                | Q(state="done", countersigned_at__isnull=False, countersigned_by__isnull=False),
                name="destruction_countersigned_once_done",
            ),
            models.CheckConstraint(
                condition=Q(set_at__isnull=True, set_by__isnull=True)
                | Q(set_at__isnull=False, set_by__isnull=False),
                name="destruction_set_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["convention"], condition=Q(state="unknown"), name="destruction_left_open"),
            models.Index(
                fields=["organisation", "due_on"],
                condition=~Q(state__in=["kept", "done"]),
                name="destruction_to_come",
            ),
            models.Index(
                fields=["due_on"], condition=Q(state__in=["planned", "running"]), name="destruction_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.convention_id}"
