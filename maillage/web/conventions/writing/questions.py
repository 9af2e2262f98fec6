"""What a draft asks: the blanks of its first text, grouped by article, each with what was answered so far. Pure.

The first text is kept as it was drawn: a blank once filled can so be shown again, changed, or emptied.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from maillage.conventions.drafting.values import CHANNELS
from maillage.conventions.terms import Blank, BlankReason, Expectation, Terms, blanks, terms_data
from maillage.conventions.terms.base import article_named
from maillage.conventions.terms.editing import at, exists, steps_of
from maillage.conventions.terms.overview import clauses
from maillage.core.calendar import Period

_NUMBERS: Final = re.compile(r"\d+")
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FIRST: Final = ("en-tête", "préambule")
_LAST: Final = ("signatures", "modèle")
_TEMPLATE: Final = "local_template"
CHOSEN_BODY: Final = re.compile(r"parties\[[a-z0-9_]+\]\.(name|kind)")


@dataclass(frozen=True, slots=True)
class Question:
    """A blank of the first text. `number` names its field; `answer` is what stands there now (None: still a blank).

    `also` are the other places of the text that wait for the same answer, each with its own blank.
    """

    number: int
    path: str
    blank: Blank
    article: str
    answer: Any = None
    also: tuple[tuple[str, Blank], ...] = ()

    @property
    def places(self) -> tuple[tuple[str, Blank], ...]:
        """Every place of the text that the answer fills."""
        return ((self.path, self.blank), *self.also)

    @property
    def is_answered(self) -> bool:
        """Whether a value stands in its place."""
        return self.answer is not None

    @property
    def is_needed(self) -> bool:
        """Whether the template leaves it to the parties: the proposal waits for it."""
        return self.blank.why is BlankReason.TEMPLATE

    @property
    def is_typed(self) -> bool:
        """Whether someone can answer here; a missing annex is a document, not an answer."""
        return self.blank.expects is not Expectation.DOCUMENT

    @property
    def text(self) -> str:
        """The answer as someone would type it again."""
        return "" if self.answer is None else as_typed(self.answer, self.blank)


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one article, in the order of the text."""

    article: str
    questions: tuple[Question, ...]

    @property
    def label(self) -> str:
        """« Article 4.1 », « Annexe 2 »."""
        words = article_named(self.article)
        return words[:1].upper() + words[1:]

    @property
    def left(self) -> int:
        """How many answers the proposal still waits for."""
        return sum(one.is_needed and not one.is_answered for one in self.questions)


def questions(first: Terms, text: Terms) -> tuple[Question, ...]:
    """Every blank of the first text whose clause is still there; the bodies chosen answer names and kinds."""
    now = terms_data(text)
    articles = [(found.path, found.clause.article) for found in clauses(first)]
    found: dict[tuple[object, ...], Question] = {}
    for number, one in enumerate(blanks(first)):
        if one.path.startswith(_TEMPLATE) or CHOSEN_BODY.fullmatch(one.path):
            continue
        steps = steps_of(one.path)
        if not exists(now, steps):
            continue
        value = at(now, steps)
        answer = None if isinstance(value, dict) and "blank" in value else value
        article = one.blank.article or _article_of(one.path, articles)
        same = (one.blank.blank, one.blank.asked, one.blank.expects)
        if known := found.get(same):
            also = (*known.also, (one.path, one.blank))
            found[same] = replace(known, also=also, answer=known.answer if answer is not None else None)
        else:
            found[same] = Question(number, one.path, one.blank, article, answer)
    return tuple(found.values())


def about_parties(found: Iterable[Question]) -> tuple[Question, ...]:
    """Those of the step « Parties »: addresses, representatives, numbers."""
    return tuple(one for one in found if one.path.startswith("parties["))


def about_referents(found: Iterable[Question]) -> tuple[Question, ...]:
    """Those of the step « Référents »."""
    return tuple(one for one in found if one.path.startswith("referents["))


def grouped(found: Iterable[Question]) -> tuple[Group, ...]:
    """The others, article by article, in the order of the text."""
    groups: dict[str, list[Question]] = {}
    for one in found:
        if not one.path.startswith(("parties[", "referents[")):
            groups.setdefault(one.article, []).append(one)
    return tuple(Group(article, tuple(groups[article])) for article in sorted(groups, key=article_rank))


def as_typed(value: Any, blank: Blank) -> str:
    """The words that `values.data_from_text` reads as this value; other shapes are shown as they are written in a file."""
    if isinstance(value, str):
        return _words(value, blank)
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return _structured(value)
    if isinstance(value, list):
        parts = [_part(one, blank) for one in value]
        if all(part is not None for part in parts):
            glue = ", " if blank.expects is Expectation.DELAY else "\n"
            return glue.join(str(part) for part in parts)
    return _yaml(value)


def _structured(value: dict[str, Any]) -> str:
    if value.keys() >= {"scheme", "number"}:
        return str(value["number"])
    return _yaml(value)


def _part(value: Any, blank: Blank) -> str | None:
    if isinstance(value, str):
        return _words(value, blank)
    if isinstance(value, Mapping) and "kind" in value and blank.expects is Expectation.CHANNEL:
        return str(value.get("description") or CHANNELS.get(value["kind"], value["kind"]))
    return None


def _words(value: str, blank: Blank) -> str:
    if blank.expects is Expectation.DELAY:
        try:
            return Period.parse(value).label()
        except ValueError:
            return value
    if found := _DAY.fullmatch(value):
        return f"{found[3]}/{found[2]}/{found[1]}"
    return value


def _yaml(value: Any) -> str:
    import yaml  # noqa: PLC0415 - only for the rare answer that was written as a clause

    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False)).strip()


def _article_of(path: str, articles: list[tuple[str, str]]) -> str:
    """The article of the innermost clause around the path; the heading for what stands outside of any."""
    inside = [(len(clause), article) for clause, article in articles if clause and path.startswith(clause)]
    return max(inside, default=(0, "en-tête"))[1]


def article_rank(article: str) -> tuple[int, list[int], str]:
    """Where an article stands in a text: heading, preamble, numbers, annexes, signatures."""
    if article in _FIRST:
        return (0, [_FIRST.index(article)], article)
    if article in _LAST:
        return (3, [_LAST.index(article)], article)
    return (1 if article[:1].isdigit() else 2, [int(one) for one in _NUMBERS.findall(article)], article)
