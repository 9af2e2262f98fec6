"""How a person is looked for: what counts in her number and in her name, and what does not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.beneficiaries.rules import name_to_search, nir_search_problem, nir_to_search, searched_as

BORN = date(1984, 2, 29)
SAME_NUMBER = (
    "284024214700069",
    "2 84 02 42 147 000 69",
    "2840242147000",
    "2 84 02 42 147 000",
    "2.84.02.42.147.000",
)
CORSICA = ("2840 2 2a 147 000", "284022A147000")
SAME_NAME = (
    "L’Étang-Noël",
    "LETANG NOEL",
    "l'étang noël",
    "Le´tang-Noe\u0308l".replace("e´", "é"),
    "  L ETANG  NOEL ",
)
NO_NUMBER = (
    "",
    "28402421470006",
    "284024214700068",
    "2841342147000",
    "0840242147000",
    "284022C147000",
    "ABC",
)


def test_a_number_is_the_same_with_its_key_and_without() -> None:
    assert {nir_to_search(text) for text in SAME_NUMBER} == {"2840242147000"}


def test_corsica_keeps_its_letter() -> None:
    assert {nir_to_search(text) for text in CORSICA} == {"284022A147000"}
    assert nir_to_search("284022B147000") != nir_to_search("284022A147000")


@pytest.mark.parametrize("text", NO_NUMBER)
def test_what_is_no_number_finds_nobody_and_says_why(text: str) -> None:
    assert nir_to_search(text) == ""
    assert bool(nir_search_problem(text)) == bool(text)


def test_accents_capitals_hyphens_and_ligatures_do_not_count_in_a_name() -> None:
    assert len({name_to_search(text) for text in SAME_NAME}) == 1
    assert name_to_search("Œuvrard") == name_to_search("OEUVRARD")
    assert name_to_search("Weiß") == name_to_search("WEISS")
    assert name_to_search("Sørensen") == name_to_search("Sorensen")
    assert name_to_search("Martin") != name_to_search("Martine")


def test_a_name_is_looked_for_with_its_birth_date_where_it_is_known() -> None:
    assert searched_as(surname="Martin") == {"name": ("martin",)}
    assert searched_as(birth_date=BORN) == {}
    assert searched_as(surname="--", birth_date=BORN) == {}
    assert searched_as(surname="Martin", birth_date=BORN) == {"name_birth": ("martin", "1984-02-29")}
    assert searched_as(nir=SAME_NUMBER[0], surname="Martin", birth_date=BORN).keys() == {"nir", "name_birth"}


@given(st.text(max_size=60))
def test_a_name_searched_is_searched_as_itself(text: str) -> None:
    once = name_to_search(text)
    assert name_to_search(once) == once
    assert name_to_search(f" {text.upper()} ") == name_to_search(text.upper())
    assert all(character.isalnum() for character in once)


@given(st.text(alphabet="0123456789AB ab.-", max_size=20))
def test_a_number_searched_has_thirteen_characters_or_none(text: str) -> None:
    found = nir_to_search(text)
    assert len(found) in (0, 13)
    assert nir_to_search(found) == found
