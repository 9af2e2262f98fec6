"""A value that the text does not give: left to fill, in a missing annex, or never said.

A blank is never replaced by a guess: screens show it with its question, and `filling.fill` puts a value in
its place.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import Discriminator, Field, Tag

from maillage.conventions.terms.base import Article, Frozen, Key, ShortText

VALUE_TAG = "«value»"
BLANK_TAG = "«blank»"


class BlankReason(StrEnum):
    """Why the value is unknown."""

    TEMPLATE = "template"
    MISSING_ANNEX = "missing_annex"
    SILENT = "silent"
    ILLEGIBLE = "illegible"

    @property
    def label(self) -> str:
        """Words shown beside the blank."""
        return {
            "template": "à remplir",
            "missing_annex": "annexe manquante",
            "silent": "le texte ne le dit pas",
            "illegible": "illisible dans le texte",
        }[self.value]


class Expectation(StrEnum):
    """What kind of value a blank waits for, so that a screen shows the right field."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    DELAY = "delay"
    ADDRESS = "address"
    REGISTRATION = "registration"
    CONTACT = "contact"
    CHANNEL = "channel"
    ROLES = "roles"
    LIST = "list"
    CLAUSE = "clause"
    DOCUMENT = "document"


class Blank(Frozen):
    """A value still unknown: `blank` names it, `asked` puts the question in French."""

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
