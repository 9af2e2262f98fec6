"""The check-list of a file on a sheet for the person: which papers, which still miss, by when, to whom. It names nobody. Pure."""

from collections.abc import Collection
from datetime import date

from maillage.core.calendar import french
from maillage.core.french import typeset
from maillage.documents.composition import (
    Choices,
    Fields,
    Listing,
    Paragraph,
    Sheet,
    SheetBlock,
    SheetPart,
    Style,
    text,
)
from maillage.rights.declared.rights import Answers, Piece, Right
from maillage.rights.declared.rules import Standing, checklist, must_be_handed_over


def paper_list(
    right: Right,
    answers: Answers,
    there: Collection[str],
    *,
    reference: str,
    helper: str,
    bring_by: date | None,
) -> Sheet:
    """One page in plain French. `helper` is the organisation that prepares the file, `bring_by` a day after which it is late."""
    lines = checklist(right, answers, there)
    missing = [one.piece for one in lines if one.standing is Standing.MISSING]
    perhaps = [one.piece for one in lines if one.standing is Standing.UNKNOWN]
    given = [one.piece for one in lines if one.standing is Standing.THERE]
    parts = [
        _papers("Il manque encore", missing, "Apportez l’original ou une photo lisible de chaque papier."),
        _papers(
            "Peut-être aussi",
            perhaps,
            "Demandez à la personne qui vous aide : cela dépend de votre situation.",
        ),
        SheetPart("Nous avons déjà", (_boxes(given, ticked=True),)) if given else None,
        SheetPart("Quand, et où", tuple(_where(right, answers, helper=helper, bring_by=bring_by))),
        SheetPart(
            typeset("Si un papier vous manque"),
            (
                _said(
                    "Venez quand même, et dites-le : on peut vous aider à le demander, ou en accepter un autre."
                ),
            ),
        ),
    ]
    return Sheet(
        title=typeset("Les papiers à apporter"),
        kind_label=typeset(right.label),
        reference=typeset(f"Dossier {reference}. Formulaire : {right.form.name}, « {right.form.label} »"),
        parts=tuple(one for one in parts if one is not None),
    )


def _papers(title: str, pieces: list[Piece], help_text: str) -> SheetPart | None:
    if not pieces:
        return None
    return SheetPart(typeset(title), (_said(help_text), _boxes(pieces, ticked=False)))


def _boxes(pieces: list[Piece], *, ticked: bool) -> Choices:
    return Choices(
        tuple(_words(one, whole=not ticked) for one in pieces),
        ticked=tuple(range(len(pieces))) if ticked else (),
    )


def _words(piece: Piece, *, whole: bool) -> str:
    """A paper, with the documents of which one is enough, and whether one may do without."""
    spared = "" if piece.indispensable else " (si vous l’avez)"
    one_of = (
        f". Un seul suffit : {' ; '.join(one[0].lower() + one[1:] for one in piece.one_of)}"
        if piece.one_of
        else ""
    )
    return typeset(f"{piece.label}{spared}{one_of if whole else ''}")


def _where(right: Right, answers: Answers, *, helper: str, bring_by: date | None) -> list[SheetBlock]:
    told = [f"Apportez-les à la personne qui vous aide : {helper}."]
    if must_be_handed_over(right, answers):
        told.append(
            f"Cette demande se remet en main propre : {right.handed_over_to}. L’envoyer par Internet ne suffit pas."
        )
    if bring_by is not None:
        told.append(
            f"Au plus tard le {french(bring_by)} : c’est le dernier jour pour que votre dossier parte à la caisse."
        )
    fields = (
        ("À apporter avant le", "À qui, où, téléphone") if bring_by is None else ("À qui, où, téléphone",)
    )
    return [
        Listing(tuple(text(typeset(one)) for one in told)),
        Fields(fields, columns=len(fields)),
        Paragraph(text(typeset("Gardez cette feuille : elle ne porte pas votre nom."), Style.SMALL)),
    ]


def _said(words: str) -> Paragraph:
    return Paragraph(text(typeset(words)))
