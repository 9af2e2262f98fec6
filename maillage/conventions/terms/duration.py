"""How long a convention lasts, how it is renewed, left and changed, as its text says.

Sources: S0 art. 6, S1 art. 4 and 6, S2 art. 9, S3 art. 9.1-9.4, S4 art. 6.1-6.4. What a text does not say is
`not_stated`, or `None` where silence has no known readings: the dates that hang on it are then unknown.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from maillage.conventions.terms.base import Clause, Day, Frozen, Key, ShortText
from maillage.conventions.terms.blanks import Fillable
from maillage.conventions.terms.readings import ReadableClause, Reading
from maillage.core.calendar import PERIOD_PATTERN, Period


def _read_period(value: object) -> Period:
    if isinstance(value, Period):
        return value
    if isinstance(value, str):
        return Period.parse(value)
    raise ValueError("une durée comme 1y, 2m, 15d, 10wd ou 24h")


def _read_calendar_period(value: object) -> Period:
    period = _read_period(value)
    if period.hours or period.working_days:
        raise ValueError(f"une durée en mois ou en jours calendaires ; « {period} » est donné")
    return period


def _read_day_period(value: object) -> Period:
    period = _read_period(value)
    if period.hours:
        raise ValueError(f"une durée en jours, ouvrés ou non, ou en mois ; « {period} » est donné")
    return period


_schema = WithJsonSchema(
    {"type": "string", "pattern": PERIOD_PATTERN, "examples": ["1y", "2m", "15d", "10wd", "24h"]}
)
_text = PlainSerializer(str, return_type=str)

PeriodField = Annotated[Period, BeforeValidator(_read_period), _text, _schema]
"""Any period, written « 1y », « 2m », « 15d », « 10wd », « 24h »."""
CalendarPeriod = Annotated[Period, BeforeValidator(_read_calendar_period), _text, _schema]
"""A period in months and days."""
DayPeriod = Annotated[Period, BeforeValidator(_read_day_period), _text, _schema]
"""A period in months and days, or in working days."""

CountedFrom = Literal["sending", "first_presentation", "receipt", "not_stated"]
_COUNTED_FROM: tuple[Reading, ...] = (
    Reading(name="sending", text="délai compté de l'envoi", values={"counted_from": "sending"}),
    Reading(name="receipt", text="délai compté de la réception", values={"counted_from": "receipt"}),
)


class Form(StrEnum):
    """How a decision is told to the other parties."""

    LRAR = "lrar"
    LETTER = "letter"
    ELECTRONIC = "electronic"

    @property
    def label(self) -> str:
        """The French name shown on screen."""
        return _FORM_LABELS[self]


_FORM_LABELS = {
    Form.LRAR: "lettre recommandée avec avis de réception",
    Form.LETTER: "lettre simple",
    Form.ELECTRONIC: "voie électronique",
}


class Term(ReadableClause):
    """When the convention starts and how long it lasts: `lasts`, `ends_on`, or the end of another instrument.

    `ends_on` is the last day in force. With `ends_with` it is the end that the text announces for that
    instrument, until the real one is recorded. A `starts` that is not stated reads as the last or as the
    first signature, unless `readings` propose others.
    """

    SILENCES: ClassVar[Mapping[str, tuple[Reading, ...]]] = {
        "starts": (
            Reading(
                name="last_signature",
                text="prise d'effet à la dernière signature",
                values={"starts": "last_signature"},
            ),
            Reading(
                name="first_signature",
                text="prise d'effet à la première signature",
                values={"starts": "first_signature"},
            ),
        )
    }

    starts: Fillable[Day] | Literal["last_signature", "first_signature", "not_stated"] = "not_stated"
    lasts: Fillable[CalendarPeriod] | Literal["indefinite"] | None = None
    ends_on: Fillable[Day] | None = None
    ends_with: ShortText | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.lasts is None) == (self.ends_on is None and self.ends_with is None):
            raise ValueError("le terme est soit une durée (lasts), soit une fin (ends_on, ends_with)")
        if isinstance(self.ends_on, date) and isinstance(self.starts, date) and self.ends_on < self.starts:
            raise ValueError("la convention finirait avant de commencer")
        return self


class RenewalCondition(Frozen):
    """What the text expects around a renewal; it is followed and shown, and never blocks a tacit renewal."""

    kind: Literal["shared_evaluation", "other"]
    text: ShortText


class Renewal(ReadableClause):
    """Whether the convention goes on at its term. Without a `period` the end is unknown (C. civ.
    1214-1215).
    """

    SILENCES: ClassVar[Mapping[str, tuple[Reading, ...]]] = {
        "times": (
            Reading(name="once", text="renouvelée une seule fois", values={"times": 1}),
            Reading(name="each_time", text="renouvelée à chaque terme", values={"times": "unlimited"}),
        )
    }

    mode: Literal["none", "tacit", "express"]
    period: Fillable[CalendarPeriod] | None = None
    times: Annotated[int, Field(ge=1, le=99)] | Literal["unlimited", "not_stated"] = "unlimited"
    conditions: tuple[RenewalCondition, ...] = ()


class ExitClause(ReadableClause):
    """What every way out shares: `key` names it in recorded decisions, `by` lists who may use it (empty:
    all).
    """

    key: Key | None = None
    form: Form | None = None
    one_per_addressee: bool = True
    by: tuple[Key, ...] = ()
    effect: Literal["convention_ends", "party_leaves"] = "convention_ends"

    @property
    def name(self) -> str:
        """The key, or the kind where the text has a single exit of that kind."""
        return self.key or str(getattr(self, "kind", ""))


class Denunciation(ExitClause):
    """At any time, with a notice (S0 art. 6). A notice that is not stated leaves the effect unknown."""

    SILENCES: ClassVar[Mapping[str, tuple[Reading, ...]]] = {"counted_from": _COUNTED_FROM}

    kind: Literal["denunciation"] = "denunciation"
    notice: Fillable[DayPeriod] | None = None
    counted_from: CountedFrom = "not_stated"


class AnniversaryDenunciation(ExitClause):
    """Around the anniversary or the term (S2 art. 9): in the window of `before`, or at the latest so long
    before.

    A limit counted backwards is the day to act on: `counted_from` is the sending unless the text says
    otherwise.
    """

    SILENCES: ClassVar[Mapping[str, tuple[Reading, ...]]] = {
        "limit": (
            Reading(
                name="window",
                text="dénonciation dans la période de {before} avant {what}",
                values={"limit": "window"},
            ),
            Reading(
                name="at_latest",
                text="dénonciation au plus tard {before} avant {what}",
                values={"limit": "at_latest"},
            ),
        ),
        "counted_from": _COUNTED_FROM,
    }

    kind: Literal["anniversary_denunciation"] = "anniversary_denunciation"
    before: Fillable[CalendarPeriod]
    before_what: Literal["anniversary", "term"] = "anniversary"
    limit: Literal["window", "at_latest", "not_stated"] = "not_stated"
    counted_from: CountedFrom = "sending"

    def spelled(self, text: str) -> str:
        """The delay and what it comes before, in the words of a reading."""
        delay = self.before.label() if isinstance(self.before, Period) else "(délai à compléter)"
        what = "la date anniversaire" if self.before_what == "anniversary" else "le terme"
        return text.replace("{before}", delay).replace("{what}", what)


class FormalNotice(ExitClause):
    """A formal notice, a delay to comply, then the other parties may terminate (S3 art. 9.4, S4 art. 6.4)."""

    SILENCES: ClassVar[Mapping[str, tuple[Reading, ...]]] = {"counted_from": _COUNTED_FROM}

    kind: Literal["formal_notice"] = "formal_notice"
    cure: Fillable[DayPeriod] | None = None
    counted_from: CountedFrom = "not_stated"
    grounds: tuple[ShortText, ...] = ()


class ImmediateTermination(ExitClause):
    """At once, on stated grounds (S2 art. 9)."""

    kind: Literal["immediate"] = "immediate"
    grounds: tuple[ShortText, ...] = Field(min_length=1)
    open_list: bool = False
    indemnity: bool | None = None


class GroundsTermination(ExitClause):
    """On grounds, without a stated delay (S1 art. 6: « notamment », an open list)."""

    kind: Literal["grounds"] = "grounds"
    grounds: tuple[ShortText, ...] = Field(min_length=1)
    open_list: bool = False


Exit = Annotated[
    Denunciation | AnniversaryDenunciation | FormalNotice | ImmediateTermination | GroundsTermination,
    Field(discriminator="kind"),
]


class AmendmentClause(Clause):
    """How the text may change: by an avenant, by a letter, or by itself.

    `untouchable` and `by_letter` name clauses of the Terms by their path (« objectives », « referents »);
    `automatic` says in French what changes without any act.
    """

    signed_by: Literal["all_parties", "qualified_representatives"] | None = None
    annexes_included: bool = False
    names_changes: bool = False
    untouchable: tuple[str, ...] = ()
    by_letter: tuple[str, ...] = ()
    automatic: tuple[ShortText, ...] = ()


def exit_names(exits: tuple[Any, ...]) -> tuple[str, ...]:
    """The names of the exits, in the order of the text. Raises `ValueError` when two of them share one."""
    names = tuple(clause.name for clause in exits)
    if len(set(names)) != len(names):
        raise ValueError("deux modes de sortie portent le même nom : donner une clé (key) à chacun")
    return names
