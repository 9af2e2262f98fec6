"""Avenants: lists of changes with an effect date, signed like the convention; the consolidated text is derived."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillage.conventions.amendments.states import TRANSITIONS
from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition


class Amendment(models.Model):
    """One avenant. Its changes are frozen with the hash that the parties sign."""

    access: ClassVar[Access] = by_party(writes=("INSERT", "UPDATE"))
    triggers: ClassVar[Triggers] = journalled("amendment_signed", "one_hash_one_avenant")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("objet", max_length=300)
    changes = models.JSONField("modifications")
    effect_on = models.DateField("prend effet le")
    state = models.CharField("état", max_length=20, default="draft")
    content_hash = models.CharField("empreinte", max_length=64)
    written_at = models.DateTimeField()
    written_by = models.UUIDField()

    class Meta:
        verbose_name = "avenant"
        constraints = [
            models.UniqueConstraint(fields=["convention", "number"], name="amendment_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed", "partly_signed", "signed", "abandoned"]),
                name="amendment_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.convention_id} {self.number}"
