"""A figure in words, the same on screen, in the pack and in the exports. Pure."""

from typing import Final

from maillage.conventions.terms.steering import AnswerKind
from maillage.core.numbers import number, percent
from maillage.indicators.figures import Figure, Value

UNANSWERED: Final = "à renseigner"
NOT_TOLD: Final = "non communiqué"
TO_ANSWER_OR_NOT_TOLD: Final = "à renseigner, ou non communiqué"
"""For whoever does not read what others said of a few people, nor whether they said anything."""
NOTHING_TO_DIVIDE: Final = "sans objet"
"""For a share or a mean of nothing."""
BY_MAILLAGE: Final = "compté par Maillage"
BY_REFERENTS: Final = "dit par les référents"


def value_words(figure: Figure) -> str:
    """Its value: « 1 234 », « 12,5 % », « 24,3 jours », « oui », the words of a choice, a text; or why there is none."""
    if figure.value is None and not figure.is_told:
        return NOT_TOLD if figure.measure is not None else TO_ANSWER_OR_NOT_TOLD
    if figure.value is None:
        return NOTHING_TO_DIVIDE if figure.over == 0 else UNANSWERED
    return said(figure.value, figure)


def said(value: Value, figure: Figure) -> str:
    """A value of this figure in words."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, str):
        return dict(figure.choices).get(value, value)
    if figure.answer is AnswerKind.PERCENT:
        return percent(float(value))
    if figure.answer is AnswerKind.DURATION:
        return f"{number(float(value), 1)} jours"
    return number(float(value))


def terms_words(figure: Figure) -> str:
    """The two terms of a share or of a mean: « 12 sur 40 accompagnements finalisés… »; empty for a count."""
    if figure.count is None or figure.over is None:
        return ""
    what = f" ({figure.over_words[:1].lower()}{figure.over_words[1:]})" if figure.over_words else ""
    return f"{number(figure.count)} sur {number(figure.over)}{what}"


def source_words(figure: Figure) -> str:
    """Where it comes from, and what Maillage counted where the referents said otherwise."""
    if figure.counted is None:
        return "" if figure.value is None else BY_REFERENTS
    if figure.is_said_otherwise:
        return f"{BY_REFERENTS} ; Maillage compte {said(figure.counted, figure)}"
    return BY_MAILLAGE
