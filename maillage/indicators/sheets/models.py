"""The yearly sheet of a convention, its answers, of which each stays as it was said, and what was counted when it was validated."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.core.row_security import Access, by_party, exactly_read
from maillage.core.row_security.guards import Triggers, journalled
from maillage.core.states import Transition
from maillage.exchange.rules import LONG_NUMBER
from maillage.indicators.sheets.states import TRANSITIONS, State
from maillage.organisations.models import Organisation

_NO_ADDRESS = "[@\uff20\ufe6b]"
_TEXTS = ("words", "comment", "why")


class YearSheet(models.Model):
    """What the parties of a convention answer about one civil year. Begun by its first answer.

    Its figures are fixed once it is validated: by trigger, `counts` are there then, and then only. `back_reason`: why it was given back,
    or opened again, the last time.
    """

    access: ClassVar[Access] = by_party(writes=("INSERT", "UPDATE"), informed_too=False)
    triggers: ClassVar[Triggers] = journalled("kept", "frozen")
    transitions: ClassVar[tuple[Transition, ...]] = TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("année")
    state = models.CharField("état", max_length=12, default=State.FILLING)
    back_reason = models.CharField("pourquoi elle est rendue", max_length=1000, blank=True)
    begun_at = models.DateTimeField("commencée le")
    begun_by = models.UUIDField("par")
    submitted_at = models.DateTimeField("transmise le", null=True, blank=True)
    submitted_by = models.UUIDField("transmise par", null=True, blank=True)
    validated_at = models.DateTimeField("validée le", null=True, blank=True)
    validated_by = models.UUIDField("validée par", null=True, blank=True)

    class Meta:
        verbose_name = "fiche annuelle d’une convention"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "year"],
                name="yearsheet_once",
                violation_error_message="La fiche de cette année est déjà commencée.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="yearsheet_state_known"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2199),
                name="yearsheet_year_plausible",
                violation_error_message="Une fiche est celle d’une année civile.",
            ),
            models.CheckConstraint(
                condition=Q(state="validated", validated_at__isnull=False, validated_by__isnull=False)
                | ~Q(state="validated") & Q(validated_at__isnull=True, validated_by__isnull=True),
                name="yearsheet_validated_by_someone",
                violation_error_message="Une fiche validée dit quand et par qui.",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="yearsheet_submitted_by_someone",
                violation_error_message="Une fiche transmise dit quand et par qui.",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                name="yearsheet_submitted_has_its_date",
                violation_error_message="Une fiche transmise dit quand et par qui.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.convention_id} {self.year}"


class YearCounts(models.Model):
    """What Maillage had counted of a year, by measure, when its sheet was validated: the same whoever validated it.

    Written and removed by the trigger `frozen` of the sheet, and by nobody else. Whoever may open no case under the convention reads the
    sheet without it.
    """

    access: ClassVar[Access] = exactly_read()
    triggers: ClassVar[Triggers] = journalled()

    sheet = models.OneToOneField(YearSheet, on_delete=models.PROTECT, primary_key=True, related_name="counts")
    convention_id = models.UUIDField("convention")
    amounts = models.JSONField("chiffres arrêtés")

    class Meta:
        verbose_name = "chiffres arrêtés d’une fiche annuelle"

    def __str__(self) -> str:
        return str(self.sheet_id)


class YearAnswer(models.Model):
    """What one party answered to one question, or to one part of it. Nothing is rewritten: the newest `revision` counts.

    `number` is 1 for yes and 0 for no, a percentage from 0 to 100, or days; `words` a text or the key of a choice. `is_few`: it counts
    from one to ten people, so that whoever may open no case under the convention does not read it, but what it said itself.
    """

    access: ClassVar[Access] = by_party(
        writes=("INSERT",), recorded_by="said_for_id", informed_too=False, unless="is_few"
    )
    triggers: ClassVar[Triggers] = journalled("kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sheet = models.ForeignKey(YearSheet, on_delete=models.PROTECT, related_name="answers")
    convention_id = models.UUIDField("convention")
    question = models.CharField("question", max_length=80)
    part = models.CharField("partie", max_length=80, blank=True)
    revision = models.PositiveSmallIntegerField("version")
    number = models.DecimalField("nombre", max_digits=16, decimal_places=4, null=True, blank=True)
    words = models.CharField("réponse", max_length=4000, blank=True)
    count = models.PositiveIntegerField("numérateur", null=True, blank=True)
    over = models.PositiveIntegerField("dénominateur", null=True, blank=True)
    comment = models.CharField("commentaire", max_length=1000, blank=True)
    why = models.CharField("pourquoi c’est juste", max_length=1000, blank=True)
    is_few = models.BooleanField("compte quelques personnes")
    said_at = models.DateTimeField("le")
    said_by = models.UUIDField("par")
    said_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "réponse à une question de l’année"
        constraints = [
            models.UniqueConstraint(
                fields=["convention_id", "sheet", "question", "part", "revision"],
                name="yearanswer_one_after_the_other",
                violation_error_message="Quelqu’un a répondu avant vous.",
            ),
            models.CheckConstraint(
                condition=Q(revision__gte=1),
                name="yearanswer_revision_counts_from_one",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=0),
                name="yearanswer_not_negative",
                violation_error_message="Un chiffre n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=Q(count__isnull=True, over__isnull=True)
                | Q(count__isnull=False, over__gt=0, number__isnull=True),
                name="yearanswer_two_terms",
                violation_error_message="Un rapport a ses deux termes, et son dénominateur n’est pas zéro.",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(**{f"{field}__regex": pattern}),
                    name=f"yearanswer_{field}_holds_no_{what}",
                    violation_error_message=f"Ici, on ne parle d’aucune personne : retirez {said}.",
                )
                for field in _TEXTS
                for what, pattern, said in (
                    ("number", LONG_NUMBER, "ce numéro"),
                    ("address", _NO_ADDRESS, "cette adresse électronique"),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.revision}"
