"""The questions of a block as they are laid out: the years before beside each, one that does not apply folded away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.indicators.figures import Figure
from maillage.indicators.report import Bilan
from maillage.indicators.wording import value_words
from maillage.web.indicators.forms import AnswerForm, prefix_of
from maillage.web.presentation.typography import typeset

SHORT: Final = 120
"""A longer answer of another year is folded."""
_YES_NO: Final = {True: ("1", "oui"), False: ("0", "non")}
"""The value of the field, and its word."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was said one year; `rest` is the whole of a text too long to stand there."""

    year: int
    said: str
    rest: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One answer of a question: its form, and what the years before said."""

    form: AnswerForm
    before: tuple[Before, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question, with a part for each of its answers. `only_if`: the answer without which it is pointless, in words; empty for one
    that always applies.

    `control` and `wanted`: the field and the value that open it; `is_shown`: whether it stands open.
    """

    parts: tuple[Part, ...]
    only_if: str = ""
    control: str = ""
    wanted: str = ""
    is_shown: bool = True


def laid_out(forms: Sequence[AnswerForm], report: Bilan) -> list[Question]:
    """The questions of a block, in its order; `report` says what the other blocks answer."""
    here: dict[str, list[AnswerForm]] = {}
    for form in forms:
        here.setdefault(form.figure.question, []).append(form)
    known = {one.question: one for one in report.questions}
    return [_question(parts, here, known) for parts in here.values()]


def _question(
    forms: Sequence[AnswerForm], here: Mapping[str, Sequence[AnswerForm]], known: Mapping[str, Figure]
) -> Question:
    parts = tuple(Part(form, tuple(_before(year, one) for year, one in form.before)) for form in forms)
    condition = forms[0].figure.condition
    if condition is None or condition.indicator not in known:
        return Question(parts)
    on, equals = known[condition.indicator], condition.equals
    wanted, words = (
        _YES_NO[equals] if isinstance(equals, bool) else (equals, dict(on.choices).get(equals, equals))
    )
    asked = here.get(condition.indicator, ())
    typed = str(asked[0]["value"].value() or "") if asked else ""
    met = typed == wanted if typed else on.value == equals
    return Question(
        parts,
        only_if=typeset(f"Si « {on.label} » : {words}"),
        control=f"{prefix_of(on.place)}-value" if asked else "",
        wanted=wanted,
        is_shown=(met and not on.is_pointless) or any(form.holds for form in forms),
    )


def _before(year: int, one: Figure) -> Before:
    said = typeset(value_words(one))
    comment = typeset(one.comment)
    if len(said) <= SHORT:
        return Before(year, said, comment=comment)
    return Before(year, f"{said[:SHORT].rsplit(' ', 1)[0]} […]", rest=said, comment=comment)
