"""No article of the five texts is silently missing: each is a clause, or narrative with a reason."""

import re

import pytest

from maillage.conventions import library
from maillage.conventions.terms import Terms, articles
from tests.conventions.library.cells import ALL

ARTICLES = {
    "S0": ["préambule", "1", "2.1", "2.2", "2.3", "3", "3.1", "3.2", "4", "5", "6", "7", "annexe", "signatures"],
    "S1": ["visas", "préambule", "1", "2", "3", "4", "5", "6", "signatures", *(f"fiche action {n}" for n in range(1, 16))],
    "S2": ["préambule", "1", "2", "3", "4.1", "4.2", "5", "6", "7", "8", "9", "signatures",
           *(f"annexe 1-{number}" for number in range(1, 10)), "annexe 2", "annexe 3", "annexe 4"],
    "S3": ["en-tête", "préambule", "1", "2", "3", "4", "5", "6", "7", "8", "9.1", "9.2", "9.3", "9.4", "9.5",
           *(f"annexe {number}" for number in range(1, 7)), "signatures"],
    "S4": ["en-tête", "préambule", "objectifs", "1", "2", "3", "4", "5", "6.1", "6.2", "6.3", "6.4",
           *(str(number) for number in range(7, 16)), "signatures", "mention", "trame locale",
           *(f"annexe 1-{number}" for number in range(1, 10)), "annexe 2"],
}  # fmt: skip
ROWS = [(name, article) for name, listed in ARTICLES.items() for article in listed]


def cited(terms: Terms) -> set[str]:
    """The articles that the Terms cite, and those that their words cite in passing (« annexe 1-6 »)."""
    found = set(articles(terms))
    for regime in (*terms.protection, *(terms.local_template.protection if terms.local_template else ())):
        found |= set(re.findall(r"annexe \d-\d", str(regime.channels)))
    return found


@pytest.mark.parametrize(("name", "article"), ROWS, ids=[f"{name} {article}" for name, article in ROWS])
def test_every_article_is_a_clause_or_is_narrative_with_a_reason(name: str, article: str) -> None:
    assert article in cited(ALL[name]), (
        f"write a clause for article {article} of {name}, or list it in `narrative`"
    )


@pytest.mark.parametrize("name", ALL)
def test_no_clause_cites_an_article_that_the_text_does_not_have(name: str) -> None:
    known = {*ARTICLES[name], "en-tête", "signatures", "titre II", "fiches actions", "annexe 1"}
    unknown = {article for article in articles(ALL[name]) if article not in known and ", " not in article}
    assert unknown == set()


@pytest.mark.parametrize("name", ALL)
def test_what_is_listed_as_narrative_says_why(name: str) -> None:
    for one in ALL[name].narrative:
        assert len(one.reason) > 15


def test_the_library_holds_the_five_texts_and_each_names_its_file() -> None:
    sources = {library.load(name).source for name in library.names()}
    assert sorted(str(source)[:3] for source in sources) == ["000", "001", "002", "003", "004"]


def test_a_name_that_the_library_does_not_hold_is_refused() -> None:
    for name in ("rien", "../terms/terms", ""):
        with pytest.raises(KeyError):
            library.load(name)


@pytest.mark.parametrize("name", library.names())
def test_no_person_is_named_in_the_library(name: str) -> None:
    text = library.text(name)
    assert not re.search(r"\b(Mme|Madame|Monsieur|M\.) ", text)
    assert not re.search(r"\b0[1-9]([ .]?\d\d){4}\b", text)
    assert not re.search(r"[\w.]+@[\w.]+", text)
