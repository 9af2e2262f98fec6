"""Text for a printed page: what the embedded fonts can draw as it is, the rest by its number.

A character that no font holds would be an empty box in the PDF, and one that changes the direction of writing would make
a signed page say something else than its text. Neither is dropped in silence: it is printed as [U+202E].
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

_DRAWN: Final = (
    "\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482"
    "\u048a-\u04ff\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u1e00-\u1eff\u2010-\u2027\u202f-\u2040\u2044-\u2052\u20a0-\u20c0"
    "\u2100-\u211e\u2126-\u214f\u2153-\u2184\u2190-\u22ff\u2500-\u25ff\u2610-\u2612\u2713\u2714\u2717\ufb00-\ufb06"
)
_OTHER: Final = re.compile(f"[^{_DRAWN}\\n]")
_ACCENT: Final = re.compile("(?<=[^\\W\\d_])[\u0300-\u036f]{1,2}")
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_NEW_LINE: Final = re.compile("\r\n?|[\u0085\u2028\u2029]")
DEEPEST: Final = 20


def printable(text: str) -> str:
    """The text as a page can show it: accents composed, tabs as spaces.

    Nothing is added inside a word: what is copied from the page must be what was written. Pages break long words by
    themselves (typst/style.typ).
    """
    normal = unicodedata.normalize("NFC", _NEW_LINE.sub("\n", text)).replace("\t", " ")
    normal = _INVISIBLE.sub("", normal)
    kept: list[str] = []
    position = 0
    for found in _ACCENT.finditer(normal):  # an accent that no letter composes with stays on its letter
        kept += [_numbered(normal[position : found.start()]), found[0]]
        position = found.end()
    kept.append(_numbered(normal[position:]))
    return "".join(kept)


def printable_data(value: Any, depth: int = 0) -> Any:
    """The same for every text inside plain data. Raises ValueError past 20 levels, or for what is no plain data."""
    if depth > DEEPEST:
        raise ValueError("data nested too deeply for a printed document")
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {str(key): printable_data(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable_data(one, depth + 1) for one in value]
    if value is None or isinstance(value, bool | int):
        return value
    raise ValueError(f"a printed document takes plain data, not {type(value).__name__}")


def _numbered(text: str) -> str:
    return _OTHER.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
