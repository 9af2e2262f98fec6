"""What every clause is made of: frozen models, keys, texts, articles.

Nothing here reads a clock, a file or a database.
"""

import datetime as dt
import unicodedata
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Cn", "Co", "Zl", "Zp"})
FORBIDDEN = frozenset(
    "\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)  # they hide what is read

_SPACES = str.maketrans({"\n": " ", "\u00a0": " ", "\u202f": " "})


class Labelled(StrEnum):
    """A word of the schema (ASCII, English) and its French label for the screens."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """The member, equal to its value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """The member that is stored under a value; raises KeyError."""
        return {member.value: member for member in cls}[value]


def printable(text: str) -> str:
    """The text in Unicode normal form C; control and unassigned characters are refused.

    One spelling per text keeps the hash of a signed convention stable whatever keyboard wrote it.
    """
    normal = unicodedata.normalize("NFC", text)
    if normal.translate(_SPACES).isprintable():  # no character of the « C » categories: nearly every text
        return normal
    for character in normal:
        if character != "\n" and (
            character in FORBIDDEN or unicodedata.category(character) in FORBIDDEN_CATEGORIES
        ):
            raise ValueError(f"un texte lisible ; le caractère U+{ord(character):04X} n'est pas admis")
    return normal


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(printable)
]
ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400), AfterValidator(printable)
]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]


FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


def _lived_in(day: dt.date) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"une date entre les années {FIRST_YEAR} et {LAST_YEAR}")
    return day


Day = Annotated[dt.date, AfterValidator(_lived_in)]
"""A day of somebody's life: a year 9999 says « never », which a text says by leaving the end out."""


def _number_as_text(value: object) -> object:
    """An article written `9` in a file is read as a number: it is still an article."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Article = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(printable),
    BeforeValidator(_number_as_text, json_schema_input_type=str | int),
]
"""Where in the text: « 9.2 », « annexe 1-4 », « préambule », « en-tête », « signatures »."""

PERSON = "person"
"""Reserved key: the person herself, as sender or recipient of a flow or beneficiary of a commitment."""


class Frozen(BaseModel):
    """A value: immutable, and refusing fields that it does not know."""

    # Built at first use: it costs a third of a second, and most commands read no convention.
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False, defer_build=True)


def build_models(base: type[Frozen] = Frozen) -> None:
    """Build now every model that is loaded, for who serves pages: its first reader does not wait."""
    for model in base.__subclasses__():
        model.model_rebuild()
        build_models(model)


class Clause(Frozen):
    """Something that the text says, with where it says it."""

    article: Article
    also: tuple[Article, ...] = Field(default=(), description="Autres articles qui disent la même clause")
    quote: ShortText | None = Field(default=None, description="Mots mêmes du texte, quand ils comptent")
    note: Text | None = Field(default=None, description="Remarque de lecture, qui n'est pas dans le texte")


class KeyedClause(Clause):
    """A clause that others can name: its key is unique in its list."""

    key: Key


class OptionalClause(KeyedClause):
    """A clause that the text may leave to the parties (« à adapter », tronc optionnel).

    `optional` is what the text says; `chosen` what the parties decided (unset: nothing recorded);
    clauses of one `option_group` are alternatives: choosing one drops the others.
    """

    optional: bool = False
    option_group: Key | None = None
    chosen: bool | None = None


def article_named(article: str) -> str:
    """« article 6 », or the words of a text that names its places otherwise: « annexe 1-5 », « préambule »."""
    return f"article {article}" if article[:1].isdigit() else article
