"""The guide of a way that the person takes herself: one sheet for a commune, with whom to see there. It names nobody (S0 art. 3.1, 5)."""

from collections.abc import Iterator
from dataclasses import dataclass

from maillage.conventions.terms import Terms
from maillage.conventions.terms.flows import ChannelKind
from maillage.core.french import typeset
from maillage.documents.composition import (
    Fields,
    Heading,
    Listing,
    Paragraph,
    Sheet,
    SheetBlock,
    SheetPart,
    Style,
    text,
)
from maillage.referrals.paper.card import spaced
from maillage.referrals.paper.naming import source
from maillage.referrals.routing.router import Route


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the person sees: the body, and what the directory says of how to reach it, a line each."""

    name: str
    lines: tuple[str, ...]
    bring: tuple[str, ...] = ()


def guide(terms: Terms, route: Route, *, commune: str, contacts: tuple[Contact, ...]) -> Sheet:
    """The sheet of one commune, in large letters. Without any contact, a place to write one."""
    conditions = tuple(
        text(typeset(one.label)) for requirement in route.requirements for one in requirement.conditions
    )
    described = list(_how(route))
    what = route.service.description or ""
    parts = [
        SheetPart("Ce que c’est", tuple(_paragraphs(what, *described))) if what or described else None,
        SheetPart("Pour qui", (Listing(conditions),)) if conditions else None,
        SheetPart(typeset(f"Qui voir : {commune}"), tuple(_contacts(contacts))),
        SheetPart("À savoir", (Listing(tuple(text(typeset(one)) for one in _KNOW)),)),
    ]
    return Sheet(
        title=typeset(route.service.label),
        kind_label="Guide à remettre",
        reference=source(terms, route.article),
        parts=tuple(part for part in parts if part is not None),
        large=True,
    )


def _how(route: Route) -> Iterator[str]:
    """What she does: the number and the words, or that she goes there herself."""
    phones = [channel for channel in route.channels if channel.kind is ChannelKind.PHONE and channel.number]
    for channel in phones:
        words = f", et dites : « {channel.words} »" if channel.words else ""
        yield f"Appelez le {spaced(channel.number or '')}{words}."
    if not phones:
        yield "Vous vous adressez vous-même à l’organisme qui est écrit plus bas."


_KNOW = (
    "C’est vous qui faites la demande, si vous le voulez. Refuser ne change rien à vos droits.",
    "Rien de vous n’est transmis par la personne qui vous remet cette feuille : ni votre nom, ni votre adresse.",
)


def _paragraphs(*said: str) -> Iterator[SheetBlock]:
    for one in said:
        yield Paragraph(text(typeset(one)))


def _contacts(contacts: tuple[Contact, ...]) -> Iterator[SheetBlock]:
    for contact in contacts:
        yield Heading(typeset(contact.name))
        yield Listing(tuple(text(typeset(line)) for line in contact.lines))
        if contact.bring:
            yield Paragraph(text(typeset("À apporter :")))
            yield Listing(tuple(text(typeset(line)) for line in contact.bring))
    if not contacts:
        yield Paragraph(
            text(typeset("L’annuaire ne donne encore personne ici : à compléter à la main."), Style.SMALL)
        )
        yield Fields(("Organisme et adresse", "Téléphone"), lines=1)
