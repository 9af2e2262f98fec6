"""The difference report: what a convention kept, filled, chosen, changed, dropped or added, clause by clause."""

from dataclasses import dataclass
from typing import Any, Final

from maillage.conventions.terms.base import Labelled
from maillage.conventions.terms.loading import terms_data
from maillage.conventions.terms.paths import ByKey, Step, key_of, written
from maillage.conventions.terms.terms import Terms

_NOT_COMPARED: Final = frozenset({"schema_version", "id", "level", "source", "signatures", "local_template"})


class DifferenceKind(Labelled):
    """What became of a clause."""

    SAME = "same", "inchangée"
    FILLED = "filled", "remplie"
    CHOSEN = "chosen", "choisie"
    CHANGED = "changed", "modifiée"
    DROPPED = "dropped", "écartée"
    ADDED = "added", "ajoutée"


@dataclass(frozen=True, slots=True)
class Difference:
    """One clause of the report: plain data before and after, and the fields that differ."""

    path: str
    kind: DifferenceKind
    article: str | None
    before: Any
    after: Any
    fields: tuple[str, ...] = ()


def difference(base: Terms, other: Terms) -> tuple[Difference, ...]:
    """Clause by clause, what `other` did of `base`, in the order of the schema.

    `base` is a template or a framework (its `local_template` is compared when `other` is not itself a framework); its
    identity, signatures and file are not compared.
    """
    if base.local_template is not None and other.local_template is None:
        base = base.local_template
    before, after = terms_data(base), terms_data(other)
    report: list[Difference] = []
    for name in Terms.model_fields:
        if name in _NOT_COMPARED:
            continue
        one, two = before.get(name), after.get(name)
        if isinstance(one, list) or isinstance(two, list):
            report += _of_lists(name, one, two)
        elif one is not None or two is not None:
            report.append(_of_clause(name, one, two))
    return tuple(report)


def _of_lists(name: str, before: Any, after: Any) -> list[Difference]:
    if not isinstance(before or [], list) or not isinstance(after or [], list):
        return [_of_clause(name, before, after)]
    old, new = _named(before or []), _named(after or [])
    names = [*old, *(one for one in new if one not in old)]
    return [
        _of_clause(
            written((name, *(new.get(one) or old[one])[:1])), _second(old.get(one)), _second(new.get(one))
        )
        for one in names
    ]


def _named(elements: list[Any]) -> dict[str, tuple[Step, Any]]:
    """Elements, each with its step, by key, else by what names them: kind of an exit, article of a narrative."""
    named: dict[str, tuple[Step, Any]] = {}
    for number, element in enumerate(elements):
        key = key_of(element)
        name = key or str(element.get("kind") or element.get("article") or number)
        step = number if key is None else ByKey(key)
        named[name if name not in named else f"{name}_{number}"] = (step, element)
    return named


def _second(pair: tuple[Step, Any] | None) -> Any:
    return None if pair is None else pair[1]


def _of_clause(path: str, before: Any, after: Any) -> Difference:
    fields = _differing(before, after)
    if before is None:
        kind = DifferenceKind.ADDED
    elif after is None:
        kind = DifferenceKind.DROPPED
    elif before == after:
        kind = DifferenceKind.SAME
    elif _is_choice(before, after):
        kind = DifferenceKind.CHOSEN
    elif _only_fills(_unnamed(before, after), after):
        kind = DifferenceKind.FILLED
    else:
        kind = DifferenceKind.CHANGED
    return Difference(path, kind, _article(after) or _article(before), before, after, fields)


def _is_choice(before: Any, after: Any) -> bool:
    """Chosen among the options, and at most filled besides."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    if not after.get("chosen") or before.get("chosen"):
        return False
    return _only_fills(before, {name: value for name, value in after.items() if name != "chosen"})


def _unnamed(before: Any, after: Any) -> Any:
    """A party without a name has but a generic short name (« CPAM / CCSS / CGSS »): naming the one names the other."""
    if not isinstance(before, dict) or not isinstance(after, dict) or "short_name" not in before:
        return before
    return (
        before | {"short_name": after.get("short_name")} if isinstance(before.get("name"), dict) else before
    )


def _only_fills(before: Any, after: Any) -> bool:
    """Whether `after` is `before` with values in place of blanks."""
    if isinstance(before, dict):
        if "blank" in before:
            return True
        return (
            isinstance(after, dict)
            and before.keys() == after.keys()
            and all(_only_fills(value, after[name]) for name, value in before.items())
        )
    if isinstance(before, list):
        return (
            isinstance(after, list)
            and len(before) == len(after)
            and all(_only_fills(one, two) for one, two in zip(before, after, strict=True))
        )
    return bool(before == after)


def _differing(before: Any, after: Any) -> tuple[str, ...]:
    if not isinstance(before, dict) or not isinstance(after, dict) or "blank" in before:
        return ()
    names = [*before, *(name for name in after if name not in before)]
    return tuple(name for name in names if before.get(name) != after.get(name))


def _article(value: Any) -> str | None:
    article = value.get("article") if isinstance(value, dict) else None
    return article if isinstance(article, str) else None
