"""The whole document: head, articles in their order, signatures, annexes."""

from collections.abc import Mapping

from maillage.conventions.drafting.export.articles import Article, articles_of, heading_of, in_annex
from maillage.conventions.drafting.export.words import (
    count_blanks,
    joined,
    names_of,
    open_choices,
    said,
    to_fill,
    value,
    words,
)
from maillage.conventions.terms import Blank, Terms, content_hash, terms_data
from maillage.conventions.terms.identity import Level
from maillage.conventions.terms.parties import Party, Registration
from maillage.core.french import NBSP, typeset
from maillage.documents.composition import (
    Block,
    Composition,
    Heading,
    Line,
    Listing,
    Paragraph,
    Part,
    PartyHead,
    SignatureBlock,
    Style,
)

_KINDS = {
    Level.NATIONAL_FRAMEWORK: "Convention-cadre nationale",
    Level.NATIONAL: "Convention nationale",
    Level.LOCAL: "Convention locale",
    Level.TEMPLATE: "Modèle de convention",
}


def compose(terms: Terms, *, bodies: Mapping[str, str] | None = None, final: bool = False) -> Composition:
    """The Terms as a document; every article that they cite, every place to fill, every option in its box.

    `bodies` names the organisations behind the parties; `final` leaves out the notice of a draft.
    """
    known = bodies or {}
    names = names_of(terms, known)
    articles = articles_of(terms, names)
    return Composition(
        title=typeset(terms.title),
        kind_label=_KINDS[terms.level],
        notice="" if final else _notice(terms),
        reference=f"Empreinte du texte : {content_hash(terms)[:16]}",
        summary=typeset(terms.summary or ""),
        parties=_heads(terms, known),
        parts=(*_parts([one for one in articles if not in_annex(one.name)]), *_local(terms, known)),
        closing=_closing(terms),
        signatures=tuple(_signature(party, terms, known) for party in terms.parties),
        annexes=_parts([one for one in articles if in_annex(one.name)]),
    )


def _notice(terms: Terms) -> str:
    data = terms_data(terms)
    blanks, choices = count_blanks(data), open_choices(data)
    told = [
        f"{count}{NBSP}{one if count == 1 else several}"
        for count, one, several in (
            (blanks, "blanc à remplir", "blancs à remplir"),
            (choices, "choix à faire", "choix à faire"),
        )
        if count
    ]
    return typeset("Projet : " + ", ".join(told)) if told else "Projet, tous les blancs sont remplis"


def _parts(articles: list[Article], level: int = 1) -> tuple[Part, ...]:
    parts = []
    for article in articles:
        blocks: list[Block] = []
        said_under = {theme: under for theme, under in article.themes.items() if under}
        for theme, under in said_under.items():
            if len(said_under) > 1 and theme:
                blocks.append(Heading(theme))
            blocks += under
        parts.append(Part(heading_of(article), tuple(blocks), level))
    return tuple(parts)


def _local(terms: Terms, bodies: Mapping[str, str]) -> tuple[Part, ...]:
    """The template that a framework carries for the conventions concluded under it (S4 art. 7-12)."""
    local = terms.local_template
    if local is None:
        return ()
    names = names_of(local, bodies)
    heads = Listing(
        tuple(joined([_name(party, bodies), *_presentation(party)], ", ") for party in local.parties)
    )
    signed = (Paragraph(line) for line in _closing(local))
    opening: tuple[Block, ...] = (
        Paragraph(words("La convention locale est conclue entre :")),
        heads,
        *signed,
    )
    return (Part(typeset(local.title), opening), *_parts(articles_of(local, names), level=2))


def _heads(terms: Terms, bodies: Mapping[str, str]) -> tuple[PartyHead, ...]:
    sides = list(dict.fromkeys(party.side for party in terms.parties if party.side))
    lasts = {party.side: party.key for party in terms.parties if party.side}
    heads = []
    for party in terms.parties:
        side = ""
        if len(sides) == 2 and party.side and lasts[party.side] == party.key:
            side = "d’une part" if party.side == sides[0] else "d’autre part"
        heads.append(PartyHead(_name(party, bodies), tuple(_presentation(party)), side))
    return tuple(heads)


def _name(party: Party, bodies: Mapping[str, str]) -> Line:
    if isinstance(party.name, Blank) and party.key in bodies:
        return words(bodies[party.key])
    return value(party.name)


def _presentation(party: Party) -> list[Line]:
    lines: list[Line] = [to_fill(party.kind)] if isinstance(party.kind, Blank) else []
    if party.address is not None:
        lines.append(value(party.address))
    if isinstance(party.registration, Registration):
        lines.append(words(f"{party.registration.scheme.label} {_spaced(party.registration.number)}"))
    elif party.registration is not None:
        lines.append(to_fill(party.registration))
    if party.representatives:
        lines.append(said("représentée par : ", value(tuple(one.function for one in party.representatives))))
    if party.structures:
        lines.append(words("structures concernées : " + ", ".join(one.label for one in party.structures)))
    if party.short_name:
        lines.append(words(f"ci-après « {party.short_name} »"))
    return lines


def _spaced(number: str) -> str:
    groups = (
        [number[:3], number[3:6], number[6:9], number[9:]]
        if number.isdigit() and len(number) > 8
        else [number]
    )
    return NBSP.join(group for group in groups if group)


def _closing(terms: Terms) -> tuple[Line, ...]:
    place = said("Fait à ", value(terms.place)) if terms.place is not None else words("Fait")
    if terms.originals is None:
        return (said(place, "."),)
    copies = " exemplaire original" if terms.originals == 1 else " exemplaires originaux"
    return (said(place, ", en ", value(terms.originals), f"{copies}."),)


def _signature(party: Party, terms: Terms, bodies: Mapping[str, str]) -> SignatureBlock:
    """Where a party signs; what the text already says of its signature (S2, S3 and S4, ends)."""
    signed = next((one for one in terms.signatures if one.party == party.key), None)
    lines: list[Line] = []
    if party.representatives:
        lines.append(said("Pour : ", value(tuple(one.function for one in party.representatives))))
    if signed is not None and signed.by_delegation:
        lines.append(words(f"Par délégation : {signed.signatory or 'fonction à préciser'}"))
        if signed.delegation is not None:
            lines.append(value(signed.delegation))
    if signed is not None:
        lines.append(said("Signée le ", value(signed.on)))
        lines += [said("Enveloppe : ", value(signed.envelope))] if signed.envelope is not None else []
    else:
        lines += [words("Nom et fonction :", Style.SMALL), words("Le :", Style.SMALL)]
    return SignatureBlock(_name(party, bodies), tuple(lines))
