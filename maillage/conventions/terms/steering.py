"""Referents, committees, indicators, axes and action sheets."""

from typing import Self

from pydantic import Field, model_validator

from maillage.conventions.terms.base import (
    Clause,
    Frozen,
    Key,
    KeyedClause,
    Labelled,
    OptionalClause,
    ShortText,
    Text,
)
from maillage.conventions.terms.blanks import Fillable
from maillage.conventions.terms.commitments import Cadence
from maillage.conventions.terms.services import Item


class Territory(Labelled):
    """The level at which a referent or a committee acts."""

    NATIONAL = "national", "national"
    REGIONAL = "regional", "régional"
    DEPARTEMENT = "departement", "départemental"
    LOCAL = "local", "local"


class ChangeFormality(Labelled):
    """What a change of referent needs; it is never an avenant unless the text says so."""

    LETTER = "letter", "courrier aux autres parties"
    MUTUAL_INFORMATION = "mutual_information", "information mutuelle"
    LIST_KEPT_UP_TO_DATE = "list_kept_up_to_date", "liste tenue à jour"
    AMENDMENT = "amendment", "avenant"
    NOT_STATED = "not_stated", "non précisé"


class Referent(KeyedClause):
    """Whom a party names to run the convention: functions only, people live in `organisations`."""

    party: Key
    level: Territory
    minimum: int = Field(default=1, ge=1, le=100)
    functions: Fillable[tuple[ShortText, ...]]
    contact: Fillable[ShortText] | None = None
    duties: tuple[ShortText, ...] = ()
    trained: bool = False
    solicited_for: tuple[Item, ...] = Field(default=(), description="Ce pour quoi on peut le solliciter")
    solicited_by: tuple[Key, ...] = Field(
        default=(),
        description="Les parties dont le référent peut solliciter celui-ci ; aucune : le texte ne le dit pas",
    )
    change: ChangeFormality


class Committee(KeyedClause):
    """A body that meets; `members` are parties, `composition` says who for them."""

    name: ShortText
    level: Territory
    cadence: Cadence
    members: tuple[Key, ...] = ()
    composition: tuple[ShortText, ...] = ()
    tasks: tuple[ShortText, ...] = ()
    may_sit_inside: ShortText | None = None
    organisation: Fillable[ShortText] | None = None
    convened_by: tuple[Key, ...] = ()


class AnswerKind(Labelled):
    """Type of the answer to an indicator."""

    YES_NO = "yes_no", "oui ou non"
    NUMBER = "number", "nombre"
    PERCENT = "percent", "pourcentage"
    CHOICE = "choice", "choix"
    OPEN = "open", "réponse libre"
    DURATION = "duration", "durée"


class IndicatorSource(Labelled):
    """Where the figure comes from: counted by Maillage, declared by a party, asked in a yearly survey."""

    COUNTED = "counted", "compté par Maillage"
    DECLARED = "declared", "déclaré par les parties"
    SURVEY = "survey", "enquête annuelle"
    SAMPLE = "sample", "échantillon"


class Condition(Frozen):
    """The question is asked only if another one was answered so."""

    indicator: Key
    equals: bool | ShortText


class Ratio(Frozen):
    """What is divided by what."""

    numerator: ShortText
    denominator: ShortText


class Part(Frozen):
    """One value of a composed answer, and the measure that counts it, if one does."""

    key: Key
    label: ShortText
    measure: Key | None = None


class Indicator(OptionalClause):
    """One question or count shown to a committee. Composed answers have `parts`, one value each.

    `measure` names what Maillage counts for it (`catalogue/measures.py`): « oui » where it counts something, for a yes or a no.
    """

    label: Text
    block: ShortText | None = None
    answer: AnswerKind
    measure: Key | None = None
    parts: tuple[Part, ...] = ()
    choices: tuple[Item, ...] = ()
    condition: Condition | None = None
    source: IndicatorSource = IndicatorSource.DECLARED
    ratio: Ratio | None = None
    counting: ShortText | None = Field(
        default=None, description="Règle de comptage, imprimée avec le chiffre"
    )
    cadence: Cadence | None = None
    sample_size: Fillable[int] | None = None
    contractual: bool = True

    @model_validator(mode="after")
    def _choices(self) -> Self:
        if (self.answer is AnswerKind.CHOICE) != bool(self.choices):
            raise ValueError("`choices` : les réponses possibles d'une question à choix, et d'elle seule")
        return self

    @model_validator(mode="after")
    def _counted(self) -> Self:
        if self.measure and self.parts:
            raise ValueError("`measure` : sur chaque partie de la réponse, quand elle en a")
        if self.answer in {AnswerKind.CHOICE, AnswerKind.OPEN} and self.measures:
            raise ValueError(
                "`measure` : d'une réponse qui est un nombre, une part, une durée, un oui ou un non"
            )
        return self

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that it names, its own or those of its parts."""
        return tuple(one for one in (self.measure, *(part.measure for part in self.parts)) if one)


class Milestone(Frozen):
    """A dated step of an action sheet."""

    key: Key
    label: ShortText
    due: ShortText | None = None


class ActionSheet(Clause):
    """One numbered action; what its own sheet would say is a blank when the sheet was not joined."""

    key: Key
    number: int = Field(ge=1)
    description: Text
    leads: Fillable[tuple[ShortText, ...]]
    partners: Fillable[tuple[ShortText, ...]]
    milestones: Fillable[tuple[Milestone, ...]]
    indicators: Fillable[tuple[ShortText, ...]]


class Axis(KeyedClause):
    """A line of collaboration and its action sheets."""

    number: int = Field(ge=1)
    label: ShortText
    aim: Text | None = None
    sheets: tuple[ActionSheet, ...] = ()
