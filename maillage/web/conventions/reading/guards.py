"""What protects and binds: regimes of data protection, obligations with their marks, ties with other texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.conventions.commitments.models import ObligationMark
from maillage.conventions.lifecycle.models import Relation as RelationRow
from maillage.conventions.lifecycle.queries import visible_to
from maillage.conventions.terms.identity import Relation, RelationKind
from maillage.conventions.terms.obligations import Obligation
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.life import Picture
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import article_words, fields_of, shown
from maillage.web.conventions.reading.words import word, word_of
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.svg.relations import RelatedText, Relations, relations_graph
from maillage.web.presentation.svg.relations import Relation as Arrow
from maillage.web.presentation.tables import Table
from maillage.web.presentation.typography import typeset

_MARKS = {
    "ticked": "tenue",
    "asked": "accord demandé",
    "approved": "accordé",
    "refused": "refusé",
    "opened": "procédure ouverte",
    "closed": "procédure close",
}


@dataclass(frozen=True, slots=True)
class RegimeView:
    """One regime of protection, its blanks included."""

    scope: str
    article: str
    facts: Sequence[tuple[str, str]]


def regimes(known: Known) -> list[RegimeView]:
    """One for each scope that the text tells apart."""
    return [
        RegimeView(
            typeset(regime.scope),
            article_words(regime.article),
            fields_of(regime.model_copy(update={"scope": None}), known.names),
        )
        for regime in known.terms.protection
    ]


def obligations_table(known: Known, marks: Iterable[ObligationMark]) -> Table:
    """Each obligation, what one does with it, and what was done, last act first."""
    done: dict[str, list[ObligationMark]] = {}
    for mark in marks:
        done.setdefault(mark.obligation_key, []).append(mark)
    columns = ["Obligation", "Matière", "À la charge de", "Ce qui a été fait", "Article"]
    rows = [
        (
            _what(one),
            word(one.kind).capitalize(),
            known.names.all(one.debtors) or "toutes les parties",
            "; ".join(_act(mark) for mark in done.get(one.key, [])) or _waiting(one),
            article_words(one.article),
        )
        for one in known.terms.obligations
    ]
    return card_table("obligations-table", counted(len(rows), "obligation"), columns, rows)


def _what(one: Obligation) -> str:
    said = one.what
    if one.outlives_term:
        said += " (survit à la convention)"
    if one.steps:
        said += f" Étapes : {', puis '.join(one.steps)}."
    return typeset(said)


def _waiting(one: Obligation) -> str:
    return f"rien d’enregistré, {word(one.gesture)}"


def _act(mark: ObligationMark) -> str:
    note = f" ({mark.note})" if mark.note else ""
    return typeset(f"{_MARKS.get(mark.kind, mark.kind)} le {short_date(mark.day)}{note}")


@dataclass(frozen=True, slots=True)
class _Tie:
    """One arrow, from this convention or towards it."""

    kind: str
    label: str
    detail: str
    article: str
    target: UUID | None
    incoming: bool = False


def relations(known: Known) -> Picture | None:
    """The graph of this convention's ties, with the texts that apply it, and the same as a table."""
    ties = _ties(known)
    if not ties:
        return None
    texts = [RelatedText("ici", known.convention.row.title, "cette convention", is_current=True)]
    texts += [RelatedText(f"lien-{number}", tie.label, tie.detail) for number, tie in enumerate(ties)]
    arrows = [
        Arrow(f"lien-{number}", "ici", tie.kind) if tie.incoming else Arrow("ici", f"lien-{number}", tie.kind)
        for number, tie in enumerate(ties)
    ]
    svg = relations_graph(Relations("liens-dessin", "Liens avec d’autres textes", texts, arrows))
    rows = [(tie.kind.capitalize(), _name(tie), tie.detail or "–", tie.article or "–") for tie in ties]
    table = card_table(
        "liens-table", counted(len(rows), "lien"), ["Lien", "Texte", "Précision", "Article"], rows
    )
    definition = "Ce que cette convention applique, ce à quoi elle est adossée, ce qu’elle remplace, et les conventions qui l’appliquent."
    return Picture(svg, definition, table)


def _name(tie: _Tie) -> str | SafeString:
    label = f"{tie.label} (l’applique)" if tie.incoming else tie.label
    if tie.target is None:
        return label
    return format_html('<a href="{}">{}</a>', reverse("conventions:convention", args=[tie.target]), label)


def _ties(known: Known) -> list[_Tie]:
    rows = list(known.convention.row.relations.order_by("kind", "id"))
    titles = dict(
        visible_to(known.member)
        .filter(id__in=[row.target_id for row in rows if row.target_id])
        .order_by("id")
        .values_list("id", "title")
    )
    by_key = {row.key: row for row in rows if row.key}
    found = [_of_text(known, clause, by_key.get(clause.key), titles) for clause in known.terms.relations]
    told = {clause.key for clause in known.terms.relations}
    found += [_of_row(row, titles) for row in rows if row.key not in told]
    towards = RelationRow.objects.filter(target=known.convention.row).order_by("convention__sort_title", "id")
    found += [
        _Tie(word_of(RelationKind, row.kind), row.convention.title, "", "", row.convention_id, incoming=True)
        for row in towards.select_related("convention")[:12]
    ]
    return found


def _of_text(known: Known, clause: Relation, row: RelationRow | None, titles: dict[UUID, str]) -> _Tie:
    target = row.target_id if row is not None and row.target_id in titles else None
    parts = [clause.period or "", f"le {short_date(clause.on)}" if clause.on else ""]
    if isinstance(clause.reference, str) and clause.kind is not RelationKind.DRAWN_FROM:
        parts.append(clause.reference)
    if clause.replaces_for:
        parts.append(f"remplace Maillage pour : {known.names.all(clause.replaces_for)}")
    label = titles[target] if target else clause.name
    detail = ", ".join(part for part in parts if part)
    return _Tie(word(clause.kind), typeset(label), typeset(detail), article_words(clause.article), target)


def _of_row(row: RelationRow, titles: dict[UUID, str]) -> _Tie:
    target = row.target_id if row.target_id in titles else None
    label = titles[target] if target else row.text or "convention d’autres parties"
    return _Tie(word_of(RelationKind, row.kind), label, "", "", target)


def annexes_table(known: Known) -> Table:
    """Annexes that the text names: joined, or a blank."""
    rows = [
        (article_words(one.article).capitalize(), typeset(one.title), shown(one.content, known.names))
        for one in known.terms.annexes
    ]
    return card_table("annexes-table", counted(len(rows), "annexe"), ["Annexe", "Titre", "Contenu"], rows)
