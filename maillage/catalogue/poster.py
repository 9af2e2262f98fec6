"""The sheet that bears the square code of a support: to pin up, or to cut out. It names nobody."""

from maillage.catalogue.rules import KINDS
from maillage.core.french import typeset
from maillage.documents.composition import Listing, Paragraph, Sheet, SheetPart, text

_HOW = (
    "Visez le carré avec l’appareil photo de votre téléphone, ou recopiez l’adresse écrite dessous.",
    "Vous avez toujours la version à jour. Rien n’est demandé, et rien de vous n’est gardé.",
)


def poster(*, title: str, kind: str, purpose: str, owner: str, rows: tuple[str, ...], address: str) -> Sheet:
    """One sheet; `rows` are those of the code, « 1 » for a dark square, and `address` is what it holds, in words."""
    return Sheet(
        title=typeset(title),
        kind_label=KINDS[kind],
        reference=typeset(owner),
        parts=(
            SheetPart("À quoi cela sert", (Paragraph(text(typeset(purpose))),)),
            SheetPart("Comment l’ouvrir", (Listing(tuple(text(typeset(one)) for one in _HOW)),)),
        ),
        code=rows,
        code_label=address,
        large=True,
        code_width=60,
    )
