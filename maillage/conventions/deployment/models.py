"""Why a caisse has no local convention under a national framework (row A8)."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from maillage.conventions.deployment.rules import KINDS
from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access
from maillage.core.row_security.access import ORGANISATION
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation

_OWN: Final = f"organisation_id = {ORGANISATION}"
_OF_THE_FRAMEWORK: Final = (  # our own words, as in core/row_security/access.py
    "EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = {table}.framework_id"  # noqa: S608
    f" AND mine.role <> 'informed' AND mine.organisation_id = {ORGANISATION})"
)
_BELOW_IT: Final = "EXISTS (SELECT 1 FROM conventions_above() above WHERE above.id = {table}.framework_id)"
_A_CAISSE: Final = (
    f"EXISTS (SELECT 1 FROM organisations_organisation body WHERE body.id = {ORGANISATION}"  # noqa: S608
    f" AND body.kind IN ({', '.join(repr(kind) for kind in KINDS)}))"
)


class DeploymentReason(models.Model):
    """Why a caisse has none, as it noted it; the newest counts, and the former ones stay readable: no row changes.

    Read by the caisse and by the parties of the framework; `label` keeps the words of the text on that day.
    """

    access: ClassVar[Access] = Access(
        "deployment",
        sees=f"({_OWN} OR {_OF_THE_FRAMEWORK})",
        adds=f"{_OWN} AND {_A_CAISSE} AND {_BELOW_IT}",
        grants=("SELECT", "INSERT"),
    )
    triggers: ClassVar[Triggers] = journalled("recorded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    framework = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("motif", max_length=80)
    label = models.CharField("motif en toutes lettres", max_length=400)
    day = models.DateField("à la date du")
    comment = models.CharField("précision", max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    class Meta:
        verbose_name = "motif d’absence de convention locale"
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(label=""),
                name="deploymentreason_says_why",
                violation_error_message="Un motif se dit.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["framework", "organisation", "-recorded_at"], name="deploymentreason_framework"
            )
        ]

    def __str__(self) -> str:
        return f"{self.framework_id} {self.organisation_id} {self.reason}"
