"""The difference report as it is shown: counts, then each clause that did not stay as it was."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html_join
from django.utils.text import Truncator, capfirst

from maillage.conventions import library
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.conventions.terms import (
    Blank,
    Difference,
    DifferenceKind,
    Terms,
    TermsError,
    difference,
    value_at,
)
from maillage.organisations.member import Member
from maillage.web.conventions.reading.fields import SECTIONS, SINGLES, field_name
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import Names, article_words, blank_text, fields_of, shown
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset, within_quotes

_TONES = {
    DifferenceKind.FILLED: Tone.GOOD,
    DifferenceKind.CHOSEN: Tone.GOOD,
    DifferenceKind.CHANGED: Tone.SOON,
    DifferenceKind.DROPPED: Tone.LATE,
    DifferenceKind.ADDED: Tone.INFO,
}

_TELLING = ("label", "name", "what", "text", "title")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One text that this one is compared with."""

    title: str
    lead: str
    table: Table


def comparisons(read: Known) -> tuple[Comparison, ...]:
    """Against the template that it was drawn from, then against each framework that the member may read."""
    return tuple(
        _compared(number, title, base, read.terms, read.names)
        for number, (title, base) in enumerate(_bases(read.convention, read.member), 1)
    )


def _bases(known: LoadedConvention, member: Member) -> list[tuple[str, Terms]]:
    found: list[tuple[str, Terms]] = []
    template = _template(known.row.template)
    if template is not None:
        found.append((f"Par rapport à sa trame : {template.title}", template))
    targets = known.row.relations.filter(kind="implements", target__isnull=False).values_list("target_id")
    for framework in visible_to(member).filter(id__in=targets).order_by("sort_title", "id"):
        try:
            found.append((f"Par rapport à son cadre : {framework.title}", load(framework).base))
        except Convention.DoesNotExist:
            continue
    return found


def _template(name: str) -> Terms | None:
    """The template of the library with this file name, or this identifier (that of a framework's local template)."""
    for known in library.names():
        text = library.load(known)
        model = text.local_template or text
        if name in {known, model.id}:
            return model
    return None


def _compared(number: int, title: str, base: Terms, terms: Terms, names: Names) -> Comparison:
    report = difference(base, terms)
    model = base.local_template if base.local_template and not terms.local_template else base
    counts = Counter(line.kind for line in report)
    said = [
        f"{counted(counts[kind], 'clause')} {kind.label}{'s' if counts[kind] > 1 else ''}"
        for kind in DifferenceKind
        if counts[kind]
    ]
    rows = [
        (
            _place(line, names),
            state_cell(capfirst(line.kind.label), _TONES[line.kind]),
            _side(model, line, line.before, names),
            _side(terms, line, line.after, names),
        )
        for line in report
        if line.kind is not DifferenceKind.SAME
    ]
    columns = ("Clause", "Ce qu’elle est devenue", "Texte de départ", "Cette convention")
    caption = counted(len(rows), "clause différente", "clauses différentes")
    return Comparison(
        title, ", ".join(said) + ".", card_table(f"comparaison-{number}", caption, columns, rows)
    )


def _place(line: Difference, names: Names) -> str:
    section, _, key = line.path.rstrip("]").partition("[")
    word = SECTIONS[section][1] if section in SECTIONS else SINGLES.get(section, field_name(section))
    if key in names.known:
        word = f"{word} « {names.of(key)} »"
    elif key and (said := _short(line.before if line.after is None else line.after)) != "–":
        word = f"{word} « {within_quotes(Truncator(said).chars(90))} »"
    return typeset(f"{word}, {article_words(line.article)}" if line.article else word)


def _side(terms: Terms, line: Difference, plain: Any, names: Names) -> str:
    """The clause on one side: the fields that differ when they are few, else what it says."""
    if plain is None:
        return "–"
    try:
        value = value_at(terms, line.path)
    except TermsError:
        return _short(plain)
    if isinstance(value, Blank):
        return blank_text(value)
    changed = [name for name in line.fields if name != "chosen" and hasattr(value, name)]
    if changed:
        parts = ((field_name(name), shown(getattr(value, name), names, name)) for name in changed)
        return format_html_join("", "<div>{}\u00a0: {}</div>", parts)
    return _first(value, names)


def _first(value: object, names: Names) -> str:
    if not hasattr(value, "model_fields_set"):
        return shown(value, names)
    facts = dict(fields_of(value, names))  # type: ignore[arg-type]  # a model, as the line above says
    telling = [facts[field_name(name)] for name in _TELLING if field_name(name) in facts]
    return telling[0] if telling else next(iter(facts.values()), "–")


def _short(plain: Any) -> str:
    if not isinstance(plain, dict):
        return str(plain)
    kept = [
        plain[name] for name in ("label", "name", "what", "text", "title") if isinstance(plain.get(name), str)
    ]
    return kept[0] if kept else "–"
