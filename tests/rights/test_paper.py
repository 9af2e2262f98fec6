"""The check-list on paper: what misses, what is there, by when and to whom; one page, and nobody's name."""

import json
import re
from datetime import date
from typing import Any

import pytest

from maillage.documents.composition import Choices, Sheet
from maillage.documents.rendering import render_pdf
from maillage.rights.declared.rights import rights
from maillage.rights.paper import paper_list

ANSWERS = {"first_request": True, "minor": False, "no_home": True}


def sheet(right: str = "ame", **changes: Any) -> Sheet:
    usual: dict[str, Any] = {"reference": "K7QM-3XTD", "helper": "CH d’Exemple", "bring_by": None}
    there = changes.pop("there", {"form"})
    return paper_list(rights()[right], changes.pop("answers", ANSWERS), there, **(usual | changes))


def boxes(found: Sheet, title: str) -> Choices:
    (part,) = [one for one in found.parts if one.title == title]
    return next(one for one in part.blocks if isinstance(one, Choices))


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def words(found: Sheet) -> str:
    """All that it says, the columns of a form apart."""
    return spaced(json.dumps(found.as_data(), ensure_ascii=False))


def test_what_misses_is_to_be_ticked_and_what_is_there_is() -> None:
    found = sheet()
    missing, given = boxes(found, "Il manque encore"), boxes(found, "Nous avons déjà")
    assert (len(missing.items), missing.ticked) == (4, ())
    assert "Un seul suffit : passeport ; carte d’identité" in spaced(missing.items[0])
    assert missing.items[3].endswith("(si vous l’avez)")
    assert (given.items, given.ticked) == (("Le formulaire rempli et signé",), (0,))
    assert len(boxes(found, "Peut-être aussi").items) == 1


def test_it_says_where_to_bring_them_and_by_when() -> None:
    told = words(sheet(bring_by=date(2026, 12, 4)))
    assert "à la personne qui vous aide : CH d’Exemple" in told
    assert "se remet en main propre" in told
    assert "Au plus tard le 04/12/2026" in told
    assert "À apporter avant le" not in told
    open_ended = words(sheet("c2s", answers={}))
    assert "À apporter avant le" in open_ended
    assert "main propre" not in open_ended


def test_a_whole_file_asks_for_nothing_more() -> None:
    found = sheet("medecin_traitant", answers={}, there={"form"})
    assert "Il manque encore" not in {one.title for one in found.parts}


@pytest.mark.parametrize("right", list(rights()))
def test_the_longest_list_of_each_right_is_one_page(right: str) -> None:
    drawn = render_pdf("sheet", sheet(right, answers={}, there=set()).as_data())
    assert len(re.findall(rb"/Type\s*/Page\b", drawn)) == 1
