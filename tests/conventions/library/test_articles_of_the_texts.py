"""The articles, this time as the headings of the texts themselves give them."""

import re
import unicodedata

import pytest

from maillage.conventions.terms import clauses
from tests.conventions.library.cells import ALL
from tests.conventions.library.test_articles import cited
from tests.conventions.library.texts import TEXTS

HEADING = re.compile(r"^[#* ]*article\s+(\d+(?:\.\d+)?)", re.IGNORECASE | re.MULTILINE)
SUBHEADING = re.compile(r"^[#* ]*(\d{1,2}\.\d)\.? ", re.MULTILINE)
ANNEX = re.compile(r"^[#* ]*annexe (\d+)", re.IGNORECASE | re.MULTILINE)


def text_of(name: str) -> str:
    """The text of a source, without the marks of its layout."""
    (file,) = TEXTS.glob(f"00{name[1]}_*.txt")
    assert file.name == ALL[name].source
    text = unicodedata.normalize("NFKC", file.read_text(encoding="utf-8"))
    return text.replace("**", "").replace("_", "")


@pytest.mark.parametrize("name", ALL)
def test_each_heading_of_the_text_is_cited(name: str) -> None:
    text = text_of(name)
    headings = set(HEADING.findall(text)) | set(SUBHEADING.findall(text))
    annexes = {f"annexe {number}" for number in ANNEX.findall(text)}
    found = cited(ALL[name])
    whole = {article.split(".")[0] for article in found} | {article.split("-")[0] for article in found}
    assert len(headings) >= 6
    assert {heading for heading in headings if heading not in found and heading not in whole} == set()
    assert {annex for annex in annexes if annex not in found and annex not in whole} == set()


@pytest.mark.parametrize("name", ALL)
def test_each_quote_is_in_the_text(name: str) -> None:
    text = _plain(text_of(name))
    for path, quote in quotes(name):
        assert _plain(quote) in text or (name == "S1" and _nearly_in(quote, text)), path


def quotes(name: str) -> list[tuple[str, str]]:
    """(path, quote) of each clause that quotes the text."""
    return [(one.path, one.clause.quote) for one in clauses(ALL[name]) if one.clause.quote]


def _nearly_in(quote: str, text: str) -> bool:
    """S1 was read by a machine that mistook apostrophes and accents: most long words of the quote are enough."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if letter.isascii())
    words = re.findall(r"[a-z]{5,}", _plain(quote))
    return sum(word in bare for word in words) >= 0.7 * len(words)


def _plain(text: str) -> str:
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.sub(r"[*_«»\"“”]", " ", text.replace("’", "'"))
    return re.sub(r"\s+", " ", text).strip().casefold()
