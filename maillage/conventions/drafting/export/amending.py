"""An avenant as a document of its own: the articles that it changes, as they stood and as they stand from its effect, and who signed it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from maillage.conventions.amendments.actions import with_amendment
from maillage.conventions.amendments.models import Amendment
from maillage.conventions.drafting.export.articles import Article, articles_of, heading_of
from maillage.conventions.drafting.export.words import names_of, words
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import Terms
from maillage.core.french import date_in_words, typeset
from maillage.documents.composition import Block, Heading, Paragraph, Part, Report, Style, Table, text
from maillage.documents.rendering import render_pdf

_SIGNED: Final = ("Partie", "Signé le", "Qualité", "Empreinte signée")
_ELSEWHERE: Final = (
    "Aucun article ne change de rédaction : l’avenant touche l’en-tête ou un réglage du texte."
)


def amendment_pdf(known: LoadedConvention, row: Amendment, signatures: Sequence[Signature]) -> bytes:
    """The avenant to be read and given. Raises RenderingFailed."""
    return render_pdf("report", amendment_report(known, row, signatures).as_data())


def amendment_report(known: LoadedConvention, row: Amendment, signatures: Sequence[Signature]) -> Report:
    """The same before its form; `signatures` are those that hold."""
    bodies = {party.key: party.name for party in known.signatories}
    return Report(
        title=typeset(f"Avenant n° {row.number} : {row.title}"),
        kind_label=typeset(known.row.title),
        reference=typeset(
            f"Prend effet le {date_in_words(row.effect_on)}, empreinte {row.content_hash[:16]}"
        ),
        parts=(*_changed(*_sides(known, row), bodies), _signed(signatures)),
    )


def _about(known: LoadedConvention, row: Amendment) -> Part:
    effect = f"Il prend effet le {date_in_words(row.effect_on)}."
    return Part(typeset("Convention"), (Paragraph(words(known.row.title)), Paragraph(words(effect))))


def _sides(known: LoadedConvention, row: Amendment) -> tuple[Terms, Terms]:
    """The text on the day of the effect, without the avenant and with it."""
    others = tuple(one for one in known.avenants if one.number != row.number)
    without = replace(known, avenants=others)
    return without.readable(row.effect_on), with_amendment(known, row).readable(row.effect_on)


@dataclass(frozen=True, slots=True)
class _Pair:
    before: Article | None
    after: Article | None

    @property
    def heading(self) -> str:
        shown = self.after or self.before
        return heading_of(shown) if shown else ""


def _changed(before: Terms, after: Terms, bodies: Mapping[str, str]) -> Iterator[Part]:
    old, new = (
        {one.name: one for one in articles_of(terms, names_of(terms, bodies))} for terms in (before, after)
    )
    pairs = [_Pair(old.get(name), new.get(name)) for name in {**new, **old}]
    differ = [one for one in pairs if one.before != one.after]
    blocks = () if differ else (Paragraph(words(_ELSEWHERE)),)
    yield Part(typeset("Ce qui change"), blocks)
    for one in differ:
        yield Part(one.heading, tuple(_said(one)), level=2)


def _said(one: _Pair) -> Iterator[Block]:
    for title, article, none in (
        ("Avant", one.before, "Cet article n’existait pas."),
        ("À partir de l’avenant", one.after, "Cet article est supprimé."),
    ):
        yield Heading(typeset(title))
        found = [block for blocks in article.themes.values() for block in blocks] if article else []
        yield from found or [Paragraph(words(none if article is None else "Rien n’y est dit."))]


def _signed(signatures: Sequence[Signature]) -> Part:
    rows = tuple(
        (
            text(typeset(one.organisation.name)),
            text(f"{one.signed_on:%d/%m/%Y}"),
            text(typeset(one.function + (", par délégation" if one.by_delegation else ""))),
            text(one.content_hash, Style.SMALL),
        )
        for one in signatures
    )
    return Part("Signatures", (Table("Signatures", _SIGNED, rows, (3, 2, 3, 4)),))
