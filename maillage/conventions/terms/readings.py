"""Clauses, and the readings that an ambiguous or silent one holds.

A text that can be understood in two ways is never settled by the software. Its clause lists `readings`, each
with the values that the clause takes under it, or says `not_stated` where the silence itself has known
readings. Until the parties record the one that they retain, every date is shown for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, ClassVar, Final, Generic, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from maillage.conventions.terms.base import Clause, Frozen, Key, ShortText

NOT_STATED: Final = "not_stated"
_ClauseT = TypeVar("_ClauseT", bound="ReadableClause")


class Reading(Frozen):
    """One way to understand a clause: its name, its meaning in French, the values that the clause then
    takes.
    """

    name: Key
    text: ShortText
    values: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Variant(Generic[_ClauseT]):
    """A clause as one reading understands it; `name` is empty when the clause is not ambiguous.

    Compared by identity: a clause keeps its own variants, so comparing their clauses would never end.
    """

    name: str
    text: str
    clause: _ClauseT


class ReadableClause(Clause):
    """A clause that may hold readings: `variants` lists it under each, or once if nothing is ambiguous."""

    SILENCES: ClassVar[Mapping[str, tuple[Reading, ...]]] = {}

    readings: tuple[Reading, ...] = ()

    @model_validator(mode="after")
    def _each_reading_makes_a_clause(self) -> Self:
        names = [reading.name for reading in self.readings]
        if len(names) == 1 or len(set(names)) != len(names):
            raise ValueError("une clause ambiguë porte au moins deux lectures, de noms différents")
        _ = self.variants
        return self

    @cached_property
    def variants(self) -> tuple[Variant[Self], ...]:
        """The clause under each reading; several ambiguities multiply, their names joined by « + »."""
        settled = {field for reading in self.readings for field in reading.values}
        silent = [
            choices
            for field, choices in self.SILENCES.items()
            if field not in settled and getattr(self, field) == NOT_STATED
        ]
        dimensions = [choices for choices in (self.readings, *silent) if choices]
        if not dimensions:
            return (Variant("", "", self),)
        return tuple(self._under(choice) for choice in product(*dimensions))

    def retaining(self, name: str) -> tuple[Variant[Self], ...]:
        """The variants that remain once the parties retain the reading `name`; all of them if it is unknown.

        A name may settle one of several ambiguities: « window » leaves « window+sending » and «
        window+receipt ».
        """
        wanted = set(name.split("+"))
        kept = tuple(variant for variant in self.variants if wanted <= set(variant.name.split("+")))
        return kept or self.variants

    def _under(self, choice: tuple[Reading, ...]) -> Variant[Self]:
        name = "+".join(reading.name for reading in choice)
        values = {field: getattr(self, field) for field in self.model_fields_set - {"readings"}}
        for reading in choice:
            values |= reading.values
        try:
            clause = self.model_validate(values)
        except ValidationError as error:
            raise ValueError(f"lecture « {name} », {_first_problem(error)}") from error
        return Variant(name, ", ".join(clause.spelled(reading.text) for reading in choice), clause)

    def spelled(self, text: str) -> str:
        """The words of a reading, with what they take from the clause."""
        return text


def _first_problem(error: ValidationError) -> str:
    """The field that is wrong and why: our own words where we refused it, the value itself elsewhere."""
    first = error.errors()[0]
    place = str(first["loc"][0]) if first["loc"] else "clause"
    if first["type"] == "value_error":
        return f"champ « {place} » : {first['ctx']['error']}"
    return f"champ « {place} » : valeur inattendue « {first['input']} »"
