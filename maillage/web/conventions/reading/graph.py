"""A convention among the others: what it applies, follows, leans on, and the conventions that name it."""

from typing import Final

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from maillage.conventions.lifecycle.relations import Tie, ties
from maillage.conventions.terms.identity import Relation, RelationKind
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.life import Picture
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import article_words
from maillage.web.conventions.reading.words import word_of
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.svg.relations import RelatedText, Relations, relations_graph
from maillage.web.presentation.svg.relations import Relation as Arrow
from maillage.web.presentation.typography import typeset

_INCOMING: Final[dict[str, str]] = {
    RelationKind.IMPLEMENTS: "mise en œuvre par",
    RelationKind.BACKED_ON: "soutien de",
    RelationKind.SUCCEEDS: "suivie de",
    RelationKind.COUNTERPART_OF: "a pour pendant local",
    RelationKind.DRAWN_FROM: "a servi de trame à",
    RelationKind.ALIGNED_ON: "donne son terme à",
}
_DEFINITION: Final = (
    "Ce que cette convention applique, ce à quoi elle est adossée, ce qu’elle remplace, et les conventions qui la citent. "
    "Une convention à laquelle votre organisme n’a pas part n’est pas nommée."
)


def relations(known: Known) -> Picture | None:
    """The graph of this convention's ties, with the conventions that name it, and the same as a table."""
    found = ties(known.member, known.convention, known.terms)
    if not found:
        return None
    clauses = {clause.key: clause for clause in known.terms.relations}
    details = [detail_of(known, tie, clauses) for tie in found]
    texts = [RelatedText("ici", known.convention.row.title, "cette convention", is_current=True)]
    texts += [
        RelatedText(f"lien-{number}", label_of(tie), details[number]) for number, tie in enumerate(found)
    ]
    svg = relations_graph(
        Relations(
            "liens-dessin",
            "Liens avec d’autres textes",
            texts,
            [_arrow(number, tie) for number, tie in enumerate(found)],
        )
    )
    rows = [
        (
            capfirst(said(tie)),
            name_of(tie),
            details[number] or "–",
            article_words(tie.article) if tie.article else "–",
        )
        for number, tie in enumerate(found)
    ]
    columns = ["Lien", "Texte", "Précision", "Article"]
    return Picture(svg, _DEFINITION, card_table("liens-table", counted(len(rows), "lien"), columns, rows))


def said(tie: Tie) -> str:
    """The tie in words, as this convention says it."""
    return _INCOMING[tie.kind] if tie.incoming else word_of(RelationKind, tie.kind)


def label_of(tie: Tie) -> str:
    """The text at the other end."""
    return typeset(tie.target_title or tie.text or "convention d’autres parties")


def name_of(tie: Tie) -> str | SafeString:
    """The text at the other end, which leads to its page when the reader has one."""
    if tie.target is None:
        return label_of(tie)
    url = reverse("conventions:convention", args=[tie.target])
    return format_html('<a href="{}">{}</a>', url, label_of(tie))


def detail_of(known: Known, tie: Tie, clauses: dict[str, Relation]) -> str:
    """What the text says more of it, and the reference recorded for it."""
    clause = None if tie.incoming else clauses.get(tie.key)
    if clause is None:
        return ""
    parts = [clause.period or "", f"le {short_date(clause.on)}" if clause.on else ""]
    if isinstance(clause.reference, str) and clause.kind is not RelationKind.DRAWN_FROM:
        parts.append(clause.reference)
    if clause.replaces_for:
        parts.append(f"remplace Maillage pour : {known.names.all(clause.replaces_for)}")
    parts.append(tie.recorded)
    return typeset(", ".join(part for part in parts if part))


def _arrow(number: int, tie: Tie) -> Arrow:
    there, kind = f"lien-{number}", word_of(RelationKind, tie.kind)
    return Arrow(there, "ici", kind) if tie.incoming else Arrow("ici", there, kind)
