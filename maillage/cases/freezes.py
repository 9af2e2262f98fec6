"""That a case is restricted because the person asked for it (GDPR art. 18): it is read, it is not used until that is lifted."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillage.cases.rules import RESTRICTIONS
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_participation
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation

LONGEST_WHY = 500


class Freeze(models.Model):
    """One restriction of one case, granted by an organisation that takes part in it; all who take part read it and are bound by it.

    While one is not lifted the trigger `barred` refuses each row of the case (`freezing.wall_statements`). `told_on`, `told_how`: the
    person is informed before it is lifted (GDPR art. 18.3). `freeze_before_destruction` is made by the room of destructions, which knows
    what is being destroyed.
    """

    access: ClassVar[Access] = Access(
        "by_participation",
        sees=by_participation().sees,
        adds=f"organisation_id = {ORGANISATION} AND {by_participation().sees}",
        changes=f"organisation_id = {ORGANISATION}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )
    triggers: ClassVar[Triggers] = journalled("freeze_stays", "freeze_before_destruction")
    while_frozen: ClassVar[str] = "it is what is lifted"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="freezes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField("motif", max_length=10)
    since = models.DateTimeField("depuis")
    frozen_by = models.UUIDField("par")
    told_on = models.DateField("personne informée le", null=True, blank=True)
    told_how = models.CharField("comment", max_length=10, blank=True)
    lifted_at = models.DateTimeField("levée le", null=True, blank=True)
    lifted_by = models.UUIDField(null=True, blank=True)
    lifted_why = models.CharField("pourquoi", max_length=LONGEST_WHY, blank=True)

    class Meta:
        verbose_name = "limitation d’un dossier"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation"],
                condition=Q(lifted_at__isnull=True),
                name="freeze_once",
                violation_error_message="Ce dossier est déjà limité par votre organisme.",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=list(RESTRICTIONS)),
                name="freeze_ground_known",
                violation_error_message="Choisissez dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(
                    lifted_at__isnull=True, lifted_by__isnull=True, lifted_why="", told_on__isnull=True, told_how=""
                )
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, told_on__isnull=False)
                & ~Q(lifted_why="")
                & ~Q(told_how=""),
                name="freeze_lifted_once_she_was_told",
                violation_error_message="Dites quand et comment la personne a été informée, et pourquoi la limitation est levée.",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["case"], condition=Q(lifted_at__isnull=True), name="freeze_running"),
            models.Index(fields=["organisation", "-since"], name="freeze_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.ground}"
