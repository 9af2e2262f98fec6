"""What names a person in a text that must name nobody (S2 art. 4.1: the generic box is for exchanges without personal data). Pure.

It stops what it recognises; the page asks for the rest. Rather too much than too little: whoever is stopped is told by what.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.core.text import sort_key

_BETWEEN: Final = r"[\s.,;:_/|()\u00ad\u00b7\u200b-\u200d\u2010-\u2015\u2060\u2212\ufeff-]{0,3}"
"""What people put between the digits of a number: spaces, no-break ones too, dots, dashes, slashes, signs that do not show."""
_NIR: Final = re.compile(
    rf"(?<!\d)[1-478]{_BETWEEN}\d\d{_BETWEEN}(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d){_BETWEEN}(?:\d\d|2[AaBb]){_BETWEEN}"
    rf"\d{{3}}{_BETWEEN}\d{{3}}(?:{_BETWEEN}\d\d)?(?!\d)"
)
_RUN: Final = re.compile(r"(?:\d[\s.\-]?){9,}")
_LONG_RUN: Final = re.compile(r"(?:\d[\s./-]{0,2}){13,}")
_FRENCH_PHONE: Final = re.compile(rf"(?<!\d)0{_BETWEEN}[1-79](?:{_BETWEEN}\d\d){{4}}(?!\d)")
_FOREIGN_PHONE: Final = re.compile(rf"(?:\+|(?<!\d)00){_BETWEEN}[1-9](?:{_BETWEEN}\d){{8,14}}(?!\d)")
_SERVICE_NUMBER: Final = re.compile(r"08\d{8}")
_DATE: Final = re.compile(
    r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?![./-]?\d)"
)
_CODE: Final = r"(?:0[1-9]|[1-8]\d|9[0-8])\d{3}"
_CODES: Final = re.compile(rf"(?<!\d){_CODE}(?:(?:{_BETWEEN}|\s?et\s)(?<!\d){_CODE})+(?!\d)")
"""Postal codes in a row, each apart from the next: a territory, and no number of anybody's."""
_DIGIT_BEFORE: Final = re.compile(rf"[\d+]{_BETWEEN}\Z")
_DIGIT_AFTER: Final = re.compile(rf"{_BETWEEN}\d")
_ADDRESS: Final = re.compile(r"[^\s@\uff20\ufe6b]*[@\uff20\ufe6b][^\s@\uff20\ufe6b]*")
_SPELLED_ADDRESS: Final = re.compile(
    r"[\w.+-]+\s*[(\[{]\s*(?:at|arobase|chez)\s*[)\]}]\s*[\w.-]+"
    r"|[\w.+-]+\s+(?:arobase\s+[\w-]+|at\s+[\w-]+(?:\.|\s+(?:point|dot)\s+)\w+)",
    re.IGNORECASE,
)
_BIRTH: Final = re.compile(
    r"(?<!\w)(?:n[ée]e?|n[ée]\s?\(\s?e\s?\)|n[ée][·.-]e)\s+(?:le|en|au mois de)\s+(?:[a-zéû]+\s+){0,2}\d[\w./-]*(?:\s[a-zéû]+\s\d{2,4})?"
    r"|(?<!\w)(?:date de naissance|naissance le|ddn)\s*:?\s*(?:le\s+)?\d[\w./ -]*",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"[^\W\d_]+")
_JOINT: Final = re.compile(r"[\s'’ʼ‑–.-]{1,2}")
_CIVILITIES: Final = frozenset(
    {"m", "mr", "mm", "mme", "mmes", "mlle", "mlles", "monsieur", "messieurs", "madame", "mesdames", "mademoiselle", "famille"}
)  # fmt: skip
_SHORTEST_ALONE: Final = 3
"""Letters of a surname that is recognised by itself: « Le » or « Li » begin too many sentences."""
_SHORTEST_PART: Final = 4
"""Letters of one half of a double surname that is recognised by itself."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that names somebody: its kind (`WORDS`), as it was written, and where."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody whom the author knows."""

    surname: str
    given_name: str


WORDS: Final = {
    "nir": "un numéro de sécurité sociale",
    "phone": "un numéro de téléphone",
    "number": "un long numéro",
    "address": "une adresse électronique",
    "birth": "une date de naissance",
    "name": "le nom d’une personne dont vous suivez le dossier",
}
"""What each kind is called, in the order in which one kind hides another at the same place."""


def traces(text: str, names: Sequence[Name] = ()) -> tuple[Trace, ...]:
    """What names somebody in a text, in the order of the text; `names` are those of the cases that its author follows.

    Numbers of services (08…, short ones) pass, and so do lists of postal codes. Dates pass, but not with other digits at once after
    them.
    """
    found: list[Trace] = []
    for kind, start, end in _found(text, names):
        if not any(start < trace.end and trace.start < end for trace in found):
            found.append(Trace(kind, text[start:end].strip(), start, end))
    return tuple(sorted(found, key=lambda trace: trace.start))


def problem(text: str, names: Sequence[Name] = ()) -> str | None:
    """Why a text is refused where nobody is spoken of, with what was found; None when nothing is."""
    found = traces(text, names)
    if not found:
        return None
    said = dict.fromkeys(f"« {trace.text} » ({WORDS[trace.kind]})" for trace in found)
    what = " ; ".join(said)
    return f"Retirez {what}. Ici, on ne parle d’aucune personne. Pour un dossier, passez par sa page."


def _found(text: str, names: Sequence[Name]) -> Iterator[tuple[str, int, int]]:
    # A date is no beginning of a telephone: « 01/09/2024 14 h ».
    undated = _DATE.sub(lambda date: "x" * len(date[0]), text)
    text, undated = _without_codes(text, undated), _without_codes(undated, undated)
    for kind, pattern, where in (
        ("nir", _NIR, text),
        ("phone", _FRENCH_PHONE, undated),
        ("phone", _FOREIGN_PHONE, undated),
        ("number", _RUN, text),
        ("number", _LONG_RUN, undated),
        ("address", _ADDRESS, text),
        ("address", _SPELLED_ADDRESS, text),
        ("birth", _BIRTH, text),
    ):
        for match in pattern.finditer(where):
            if pattern is not _RUN or not _SERVICE_NUMBER.fullmatch(re.sub(r"[\s.\-]", "", match[0])):
                yield kind, match.start(), match.end()
    tokens = [
        _Token(sort_key(match[0]), match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)
    ]
    for name in names:
        for start, end in _named(tokens, text, name):
            yield "name", start, end


def _without_codes(text: str, undated: str) -> str:
    """The same with its lists of postal codes struck out, where nothing says that they are parts of another number."""
    for found in _CODES.finditer(undated):
        start, end = found.span()
        touched = _DIGIT_BEFORE.search(undated[:start]) or _DIGIT_AFTER.match(undated[end:])
        if not touched and _are_codes(re.findall(r"\d{5}", found[0])):
            text = text[:start] + "x" * (end - start) + text[end:]
    return text


def _are_codes(codes: Sequence[str]) -> bool:
    """Whether groups of five digits are postal codes: neither a telephone number cut in two, nor a social security number in three.

    Codes of one département are. Of several, three alone may be such a number; among more, three whose key is right.
    """
    if len({code[:2] for code in codes}) == 1:
        return True
    if len(codes) == 2 and codes[0].startswith("0"):
        return False
    threes = ("".join(codes[first : first + 3]) for first in range(len(codes) - 2))
    return not any(_NIR.fullmatch(one) and (len(codes) == 3 or _has_its_key(one)) for one in threes)


def _has_its_key(nir: str) -> bool:
    return (97 - int(nir[:13]) % 97) == int(nir[13:])


@dataclass(frozen=True, slots=True)
class _Token:
    """A run of letters: as it is compared, as it is written, and where."""

    key: str
    text: str
    start: int
    end: int


def _named(tokens: Sequence[_Token], text: str, name: Name) -> Iterator[tuple[int, int]]:
    """Where a person is named: by her surname, or by her given name beside its initial."""
    surname, given = _letters(name.surname), _letters(name.given_name)
    parts = [part for part in _parts(name.surname) if len(part) >= _SHORTEST_PART]
    givens = [one for one in {given, *_parts(name.given_name)} if one]
    near_given = [span for one in givens for span in _windows(tokens, text, one, name.given_name)]
    for wanted in dict.fromkeys([surname, *(parts if len(_parts(name.surname)) > 1 else [])]):
        for first, last in _windows(tokens, text, wanted, name.surname) if wanted else ():
            capital = any(token.text[0].isupper() for token in tokens[first : last + 1])
            alone = capital and len(wanted) >= _SHORTEST_ALONE
            if alone or _beside(tokens, text, (first, last), near_given):
                yield tokens[first].start, tokens[last].end
    for first, last in near_given if surname else ():
        for beside in (first - 1, last + 1):
            if (
                0 <= beside < len(tokens)
                and tokens[beside].text.isupper()
                and tokens[beside].key == surname[0]
                and _joined(tokens, text, min(first, beside), max(last, beside))
            ):
                yield (
                    min(tokens[first].start, tokens[beside].start),
                    max(tokens[last].end, tokens[beside].end),
                )


def _beside(
    tokens: Sequence[_Token], text: str, span: tuple[int, int], given: Sequence[tuple[int, int]]
) -> bool:
    """Whether a civility comes just before, or the given name just before or after."""
    first, last = span
    if first and tokens[first - 1].key in _CIVILITIES and _joined(tokens, text, first - 1, first):
        return True
    return any(
        (one_last == first - 1 and _joined(tokens, text, one_last, first))
        or (one_first == last + 1 and _joined(tokens, text, last, one_first))
        for one_first, one_last in given
    )


def _windows(tokens: Sequence[_Token], text: str, wanted: str, written: str) -> list[tuple[int, int]]:
    """Words in a row that make a name together, whatever joins them: « Le-Gall », « O’Brien », « OBrien »."""
    most = max(1, len(_parts(written)))
    found = []
    for first, token in enumerate(tokens):
        if not wanted.startswith(token.key):
            continue
        joined = ""
        for last in range(first, min(first + most, len(tokens))):
            if last > first and not _joined(tokens, text, last - 1, last):
                break
            joined += tokens[last].key
            if joined == wanted:
                found.append((first, last))
    return found


def _joined(tokens: Sequence[_Token], text: str, first: int, last: int) -> bool:
    """Whether nothing but a joint stands between each two of these words."""
    return all(
        _JOINT.fullmatch(text[tokens[one].end : tokens[one + 1].start]) is not None
        for one in range(first, last)
    )


def _parts(written: str) -> list[str]:
    return [sort_key(part) for part in _TOKEN.findall(written)]


def _letters(written: str) -> str:
    return "".join(_parts(written))
