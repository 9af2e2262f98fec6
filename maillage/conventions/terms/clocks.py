"""Delays that a convention promises on the persons' files; never a global setting."""

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field, model_validator

from maillage.conventions.terms.base import Key, Labelled, OptionalClause, ShortText
from maillage.conventions.terms.blanks import Fillable
from maillage.conventions.terms.duration import PeriodField
from maillage.conventions.terms.readings import ReadableClause, Reading
from maillage.conventions.terms.services import Item


class ClockNature(Labelled):
    """`binding` alarms; `informative` is only shown (a mean, never a promise)."""

    BINDING = "binding", "engagement"
    INFORMATIVE = "informative", "pour information"


class ClockStart(Labelled):
    """The fact from which the delay counts."""

    COMPLETE_RECEPTION = "complete_reception", "réception d'un dossier complet"
    RECEPTION = "reception", "réception"
    SENDING = "sending", "envoi"
    SUSPICION = "suspicion", "suspicion"
    REQUEST = "request", "demande"
    NOT_STATED = "not_stated", "non précisé"


class Clock(OptionalClause, ReadableClause):
    """A promised delay. `promised` is absent where the text names the right without a number.

    A start that is not stated reads as reception, or as reception of a complete file: reminders count from
    the earliest of the readings.
    """

    SILENCES: ClassVar[Mapping[str, tuple[Reading, ...]]] = {
        "start": (
            Reading(name="reception", text="délai compté de la réception", values={"start": "reception"}),
            Reading(
                name="complete_reception",
                text="délai compté de la réception d'un dossier complet",
                values={"start": "complete_reception"},
            ),
        )
    }

    right: Key
    label: ShortText
    promised: Fillable[PeriodField] | None = None
    nature: ClockNature = ClockNature.BINDING
    start: ClockStart | None = None
    urgent: bool = False
    variant_of: Key | None = Field(
        default=None, description="Horloge ordinaire dont celle-ci est la variante urgente"
    )
    urgency: ShortText | None = None
    proofs: tuple[Item, ...] = Field(default=(), description="Preuves d'urgence admises, une suffit")
    debtors: tuple[Key, ...] = ()
    thresholds: Fillable[tuple[PeriodField, ...]] | None = Field(
        default=None, description="Seuils d'alerte convenus"
    )

    @model_validator(mode="after")
    def _start_is_said(self) -> Self:
        if self.promised is not None and self.nature is ClockNature.BINDING and self.start is None:
            raise ValueError("`start` : ce dont le délai part (`not_stated` si le texte ne le dit pas)")
        return self
