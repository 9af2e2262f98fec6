"""Letters: the same opening and closing for all, and their PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from maillage.core.french import date_in_words, typeset
from maillage.documents.composition import Block, Letter, Line, Paragraph, Run, Style, blank, text
from maillage.documents.rendering import render_pdf

REGISTERED = "Lettre recommandée avec avis de réception"


@dataclass(frozen=True, slots=True)
class Correspondent:
    """An organisation as an envelope names it; `address` one line per element, empty when it is not known yet."""

    name: str
    address: tuple[str, ...] = ()


def letter(
    *,
    sender: Correspondent,
    addressee: Correspondent,
    place: str,
    written_on: date,
    subject: str,
    references: Sequence[str] = (),
    body: Sequence[Block],
    signatory: str,
    sending: str = "",
    enclosures: Sequence[str] = (),
) -> Letter:
    """A whole letter; what is not known is left to fill (`place`, `signatory`: the function of who signs)."""
    opening = Paragraph(text("Madame, Monsieur,"))
    closing = Paragraph(
        text("Nous vous prions d’agréer, Madame, Monsieur, l’expression de notre considération distinguée.")
    )
    where: Line = text(typeset(place)) if place else blank("Lieu")
    return Letter(
        sender=(typeset(sender.name), *map(typeset, sender.address)),
        addressee=(typeset(addressee.name), *map(typeset, addressee.address)),
        place_and_date=(*where, Run(f", le {date_in_words(written_on)}")),
        subject=typeset(subject),
        references=tuple(map(typeset, references)),
        body=(opening, *body, closing),
        signatory=(
            text(typeset(sender.name), Style.STRONG),
            text(typeset(signatory)) if signatory else blank("Fonction du signataire"),
        ),
        sending=sending,
        enclosures=tuple(map(typeset, enclosures)),
    )


def letter_pdf(written: Letter) -> bytes:
    """The letter as a tagged PDF whose metadata name nobody. Raises RenderingFailed."""
    return render_pdf("letter", written.as_data())
