"""The random sample on which the mean total delay is measured: drawn once for a convention and a period, never changed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.conventions.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_sharing
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation
from maillage.rights.sampled.rules import LARGEST, SMALLEST


class Sample(models.Model):
    """What was drawn, from what, and by which seed: enough to draw it again, whatever becomes of the applications.

    Written by the definer function `rights_draw` alone, which makes the seed and draws by it. `population`: the applications of the
    caisse decided from `since` to the day before `until`, by id; `drawn` and `days`: those of the sample and the total delay of
    each, in the order of the draw. `readers`: the partner that filed all of them, if one did.
    """

    access: ClassVar[Access] = by_sharing(writes=())
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    readers = ArrayField(models.UUIDField(), verbose_name="partenaire")
    since = models.DateField("depuis le COPIL du")
    until = models.DateField("jusqu’au COPIL du")
    size = models.PositiveSmallIntegerField("taille convenue")
    seed = models.BinaryField("graine")
    population = ArrayField(models.UUIDField(), verbose_name="dossiers décidés")
    total_days = models.BigIntegerField("somme de leurs délais")
    drawn = ArrayField(models.UUIDField(), verbose_name="dossiers tirés")
    days = ArrayField(models.IntegerField(), verbose_name="délais des dossiers tirés")
    drawn_at = models.DateTimeField("tiré le")
    drawn_by = models.UUIDField("par")

    among: int  # how many applications it was drawn from: `queries.samples_of` says it

    class Meta:
        verbose_name = "échantillon de dossiers de droits"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since")),
                name="sample_period_ordered",
                violation_error_message="Le second COPIL vient après le premier.",
            ),
            models.CheckConstraint(
                condition=Q(size__gte=SMALLEST, size__lte=LARGEST),
                name="sample_size_bounded",
                violation_error_message=f"Un échantillon compte de {SMALLEST} à {LARGEST} dossiers.",
            ),
            models.UniqueConstraint(
                fields=["convention", "organisation", "since"],
                name="sample_once",
                violation_error_message="Un échantillon est déjà tiré sur cette période.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.convention_id} {self.since}"
