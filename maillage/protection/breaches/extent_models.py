"""How far a breach reaches as its parties know it later: what was first said stays on `Breach` (GDPR art. 33.4)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access
from maillage.core.row_security.guards import Triggers, journalled
from maillage.organisations.models import Organisation
from maillage.protection.breaches.models import FOR_ITSELF, IN_ITS_FILE, Breach
from maillage.protection.breaches.rules import LONGEST, MOST, DataKind, Nature


class BreachExtent(models.Model):
    """One dated update of all that is known of how far a breach reaches, by a party of its file; the last one counts, none is changed."""

    access: ClassVar[Access] = Access(
        "by_breach", sees=IN_ITS_FILE, adds=FOR_ITSELF, grants=("SELECT", "INSERT")
    )
    triggers: ClassVar[Triggers] = journalled("recorded", "extent_follows")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="extents")
    number = models.PositiveSmallIntegerField("numéro")
    natures = ArrayField(models.CharField(max_length=20), verbose_name="nature")
    data = ArrayField(models.CharField(max_length=20), verbose_name="données touchées")
    people = models.PositiveIntegerField("personnes, environ", null=True, blank=True)
    records = models.PositiveIntegerField("enregistrements, environ", null=True, blank=True)
    goes_on = models.BooleanField("se poursuit", null=True, blank=True)
    began_at = models.DateTimeField("commencée le", null=True, blank=True)
    stopped_at = models.DateTimeField("terminée le", null=True, blank=True)
    why = models.CharField("ce que l’on sait de plus", max_length=LONGEST)
    recorded_at = models.DateTimeField("mise à jour le")
    recorded_by = models.UUIDField()
    recorded_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "mise à jour de l’étendue d’une violation"
        constraints = [
            models.UniqueConstraint(
                fields=["breach", "number"],
                name="breachextent_number_once",
                violation_error_message="L’étendue vient d’être mise à jour : relisez-la.",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="breachextent_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(natures__len__gt=0, natures__contained_by=[one.value for one in Nature]),
                name="breachextent_natures_known",
                violation_error_message="Cochez au moins une réponse.",
            ),
            models.CheckConstraint(
                condition=Q(data__len__gt=0, data__contained_by=[one.value for one in DataKind]),
                name="breachextent_kinds_known",
                violation_error_message="Cochez au moins une sorte de données.",
            ),
            models.CheckConstraint(
                condition=(Q(people__isnull=True) | Q(people__lte=MOST))
                & (Q(records__isnull=True) | Q(records__lte=MOST)),
                name="breachextent_numbers_bounded",
                violation_error_message="Donnez une estimation entre 0 et 10 000 000, ou laissez vide.",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(goes_on__isnull=False, goes_on=False),
                name="breachextent_stopped_is_over",
                violation_error_message="Une violation qui a pris fin ne continue plus.",
            ),
            models.CheckConstraint(
                condition=(Q(began_at__isnull=True) | Q(began_at__lte=F("recorded_at")))
                & (Q(stopped_at__isnull=True) | Q(stopped_at__lte=F("recorded_at")))
                & (Q(began_at__isnull=True) | Q(stopped_at__isnull=True) | Q(began_at__lte=F("stopped_at"))),
                name="breachextent_in_order",
                violation_error_message="La fin vient après le début, et rien n’est dans le futur.",
            ),
            models.CheckConstraint(
                condition=~Q(why=""),
                name="breachextent_says_something",
                violation_error_message="Écrivez quelques mots.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
