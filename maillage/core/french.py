"""French as it is printed: spaces that never break, quotation marks, apostrophes, dates and lists in words."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"
MINUS: Final = "\u2212"
MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

_BEFORE_HIGH_PUNCTUATION = re.compile(r"(?<=[\w)\]»%…])[ \u00a0]+(?=[;!?](?:\s|$|[)»]))")
_BEFORE_COLON = re.compile(r"(?<=[\w)\]»%…])[ \u00a0]+(?=:(?:\s|$))")
_AFTER_OPENING_QUOTE = re.compile(r"«[ \u00a0]*")
_BEFORE_CLOSING_QUOTE = re.compile(
    r"(?<![ \u00a0])[ \u00a0]*+»"
)  # tried once for a run of spaces, at its start
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:h|km|Mo|ko|octets?|jours?|heures?|mois|ans?|semaines?)\b|[%€])")


def typeset(text: str) -> str:
    """Return the French text with its non-breaking spaces, quotation marks and apostrophes in order.

    Words are never changed: only spaces around « » ; : ! ? and before units, and straight apostrophes.
    """
    text = _APOSTROPHE.sub("’", text)
    text = _AFTER_OPENING_QUOTE.sub(f"«{NBSP}", text)
    text = _BEFORE_CLOSING_QUOTE.sub(f"{NBSP}»", text)
    text = _BEFORE_COLON.sub(NBSP, text)
    text = _BEFORE_HIGH_PUNCTUATION.sub(NARROW_NBSP, text)
    return _BEFORE_UNIT.sub(NBSP, text)


def within_quotes(text: str) -> str:
    """Return words to set between « and »: the quotation marks that they hold become those of a quotation within another."""
    return re.sub(r"«\s*", "“", re.sub(r"\s*»", "”", text))


def date_in_words(day: date) -> str:
    """Return « 14 novembre 2024 » or « 1er janvier 2025 », unbreakable."""
    number = "1er" if day.day == 1 else str(day.day)
    return NBSP.join((number, MONTHS[day.month - 1], f"{day.year:04d}"))


def listed(words: Sequence[str], last: str = "et") -> str:
    """Return « la caisse, l’hôpital et la commune »."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def euros(cents: int) -> str:
    """Return « 1 234,50 € » for an amount in cents; a whole number of euros goes without its cents."""
    whole, rest = divmod(abs(cents), 100)
    said = f"{whole:,}".replace(",", NARROW_NBSP) + (f",{rest:02d}" if rest else "")
    return f"{MINUS if cents < 0 else ''}{said}{NBSP}€"
