"""What the parties of a convention write on its action sheets: rows that are added, never changed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation

KINDS = ["delivery", "exchange", "milestone", "note", "risk", "sheet", "study"]
STATELESS = ["delivery", "note", "sheet"]
HAPPENED = ["delivery", "note", "study"]


class SheetEntry(models.Model):
    """One thing said of one sheet. A row that `replaces` another says the same item anew: both stay, the newest counts.

    `item` is the id of the first row of the item, shared by all that replace it; `of` is the exchange of a delivery. The sheets
    are those of the text (`axes`); what the rows of each kind say is in `rules`.
    """

    access: ClassVar[Access] = by_party(writes=("INSERT",), recorded_by="recorded_for_id")
    triggers: ClassVar[Triggers] = journalled("recorded", "study_steps")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    sheet_key = models.CharField("fiche", max_length=80)
    kind = models.CharField("nature", max_length=12)
    item = models.UUIDField("élément")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField("texte", max_length=1000)
    state = models.CharField("état", max_length=12, blank=True)
    day = models.DateField("jour", null=True, blank=True)
    done_on = models.DateField("fait le", null=True, blank=True)
    detail = models.JSONField("précisions", default=dict)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "élément d’une fiche action"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="sheetentry_kind_known"),
            models.CheckConstraint(
                condition=Q(item=F("id")) | Q(replaces__isnull=False), name="sheetentry_first_is_its_item"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=STATELESS, state="")
                | Q(kind="milestone", state__in=["planned", "started", "done", "dropped"])
                | Q(kind="exchange", state__in=["running", "stopped"])
                | Q(kind="risk", state__in=["open", "closed"])
                | Q(kind="study", state__in=["asked", "agreed", "refused", "delivered", "concluded"]),
                name="sheetentry_state_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=False, kind="milestone", state="done")
                | (Q(done_on__isnull=True) & ~Q(state="done")),
                name="sheetentry_done_on_a_day",
                violation_error_message="Un jalon fait porte le jour où il l’a été.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=HAPPENED) | Q(day__isnull=False),
                name="sheetentry_happened_on_a_day",
                violation_error_message="Ce qui a eu lieu porte son jour.",
            ),
            models.CheckConstraint(
                condition=Q(kind="delivery", of__isnull=False) | (~Q(kind="delivery") & Q(of__isnull=True)),
                name="sheetentry_delivery_of_an_exchange",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["delivery", "note"]) | Q(replaces__isnull=True),
                name="sheetentry_what_happened_stays",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="sheetentry_says_something"),
            models.UniqueConstraint(
                fields=["convention", "sheet_key"],
                condition=Q(kind="sheet", replaces__isnull=True),
                name="sheetentry_one_presentation",
            ),
        ]
        indexes = [models.Index(fields=["convention", "sheet_key"], name="sheetentry_convention")]

    def __str__(self) -> str:
        return f"{self.sheet_key} {self.kind}"
