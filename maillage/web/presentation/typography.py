"""French typography: the spaces that never break, the quotation marks, the apostrophe."""

import re

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"

_BEFORE_HIGH_PUNCTUATION = re.compile(r"(?<=[\w)\]»%…])[ \u00a0]+(?=[;!?](?:\s|$|[)»]))")
_BEFORE_COLON = re.compile(r"(?<=[\w)\]»%…])[ \u00a0]+(?=:(?:\s|$))")
_AFTER_OPENING_QUOTE = re.compile(r"«[ \u00a0]*")
_BEFORE_CLOSING_QUOTE = re.compile(r"[ \u00a0]*»")
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
