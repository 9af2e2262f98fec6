"""A value that the text does not give: left to fill, in a missing annex, or never said.

A blank is never replaced by a guess: screens show it with its question, and `filling.fill` puts a value in
its place.
"""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import Discriminator, Field, Tag

from maillage.conventions.terms.base import Article, Frozen, Key, Labelled, ShortText

VALUE_TAG = "«value»"
BLANK_TAG = "«blank»"


class BlankReason(Labelled):
    """Why the value is unknown."""

    TEMPLATE = "template", "à remplir"
    MISSING_ANNEX = "missing_annex", "annexe manquante"
    SILENT = "silent", "le texte ne le dit pas"
    ILLEGIBLE = "illegible", "illisible dans le texte"


class Expectation(Labelled):
    """What kind of value a blank waits for, so that a screen shows the right field."""

    TEXT = "text", "texte"
    CHOICE = "choice", "choix"
    NUMBER = "number", "nombre"
    DATE = "date", "date"
    DELAY = "delay", "délai"
    ADDRESS = "address", "adresse"
    REGISTRATION = "registration", "numéro d'immatriculation"
    CONTACT = "contact", "contact"
    CHANNEL = "channel", "canal"
    ROLES = "roles", "rôles au regard du RGPD"
    LIST = "list", "liste"
    CLAUSE = "clause", "clause"
    DOCUMENT = "document", "document"


class Blank(Frozen):
    """A value still unknown: `blank` names it, `asked` puts the question in French.

    Two blanks of one text with the same name and the same question wait for the same answer: it is asked once.
    """

    blank: Key
    asked: ShortText
    why: BlankReason
    expects: Expectation = Expectation.TEXT
    among: tuple[ShortText, ...] = Field(default=(), description="Valeurs que le texte propose")
    article: Article | None = Field(default=None, description="Article ou annexe où la valeur devrait être")


def _tag(value: object) -> str:
    if isinstance(value, Blank) or (isinstance(value, Mapping) and "blank" in value):
        return BLANK_TAG
    return VALUE_TAG


_T = TypeVar("_T")

Fillable = Annotated[
    Annotated[_T, Tag(VALUE_TAG)] | Annotated[Blank, Tag(BLANK_TAG)],
    Discriminator(_tag),
]
"""`Fillable[X]`: an `X`, or the `Blank` that stands for it."""
