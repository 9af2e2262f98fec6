"""A referral on one sheet, to sign or to keep in a paper file: what was sent, and a square code that holds its reference alone."""

from dataclasses import dataclass

from maillage.core.french import typeset
from maillage.documents.composition import Fields, Listing, Paragraph, Run, Sheet, SheetPart, Style, text

_KEPT = (
    "Cette feuille porte des données personnelles : ne la laissez pas à la vue, ne l’envoyez pas par courriel, "
    "détruisez-la quand elle ne sert plus."
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the sheet: each answer under its term."""

    title: str
    answers: tuple[tuple[str, str], ...]


def filled_form(
    *,
    service: str,
    sides: str,
    source: str,
    reference: str,
    sections: tuple[Section, ...],
    code: tuple[str, ...],
) -> Sheet:
    """The sheet of one case. Its title names the service and nobody; `source` is the convention and its article."""
    parts = [
        SheetPart(
            typeset(one.title),
            (
                Listing(
                    tuple(
                        (Run(typeset(f"{term} : "), Style.STRONG), Run(typeset(answer)))
                        for term, answer in one.answers
                    )
                ),
            ),
        )
        for one in sections
        if one.answers
    ]
    signed = SheetPart(
        "Qui oriente",
        (
            Fields(("Fonction", "Téléphone", "Date"), columns=3),
            Paragraph(text(typeset(_KEPT), Style.SMALL)),
        ),
    )
    return Sheet(
        title=typeset(f"Orientation : {service}"),
        kind_label=typeset(sides),
        reference=typeset(source),
        parts=(*parts, signed),
        code=code,
        code_label=reference,
    )
