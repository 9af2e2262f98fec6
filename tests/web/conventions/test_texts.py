"""The text at a date, article by article, and the library."""

import pytest

from maillage.conventions import library
from tests.web.conventions.conftest import CAISSE, NATIONAL, S3, S4, WORKER, Signs, plain, sheet

pytestmark = pytest.mark.usefixtures("concluded")


def test_every_article_of_the_text_is_there_narrative_included(as_: Signs) -> None:
    page = plain(as_(CAISSE).get(f"{sheet(S3)}texte/"))
    for article in ("Préambule", "Article 1", "Article 9.4", "Article 9.5", "Annexe 6", "Signatures"):
        assert f">{article}</h2>" in page, article


def test_the_framework_shows_the_local_template_that_it_carries(as_: Signs) -> None:
    page = plain(as_(NATIONAL).get(f"{sheet(S4)}texte/"))
    assert "Modèle des conventions locales que ce cadre porte" in page


def test_a_text_is_read_at_a_date(as_: Signs) -> None:
    page = plain(as_(CAISSE).get(f"{sheet(S3)}texte/", {"au": "01/06/2025"}))
    assert "Texte tel qu’il se lit le 1er juin 2025" in page
    assert 'value="01/06/2025"' in page
    assert "Texte tel qu’il se lit le 1er juin 2025" in plain(
        as_(CAISSE).get(f"{sheet(S3)}texte/", {"au": "2025-06-01"})
    )


@pytest.mark.parametrize("typed", ["31/02/2025", "demain", "01/01/0001", "9999-12-31", "2025-06-01' --"])
def test_a_bad_date_says_so_and_loses_nothing(as_: Signs, typed: str) -> None:
    answer = as_(CAISSE).get(f"{sheet(S3)}texte/", {"au": typed})
    page = plain(answer)
    assert answer.status_code == 200
    assert f'value="{typed}"' in page
    assert "Une réponse est à corriger" in page
    assert "Article 9.4" in page


def test_the_five_texts_of_the_library_can_be_read(as_: Signs) -> None:
    client = as_(WORKER)
    index = plain(client.get("/conventions/textes/"))
    for name in library.names():
        assert f"/conventions/textes/{name}/" in index
        page = plain(client.get(f"/conventions/textes/{name}/"))
        assert library.load(name).title.replace("'", "’") in page


@pytest.mark.parametrize("name", ["inconnu", "..", "CCAS_Montbrison_2024", "%00"])
def test_an_unknown_text_is_not_found(as_: Signs, name: str) -> None:
    assert as_(WORKER).get(f"/conventions/textes/{name}/").status_code in {404, 302}


def test_no_value_is_left_in_the_words_of_the_schema(as_: Signs) -> None:
    """A reader never meets « not_stated », « True » or the name of a field."""
    for name in library.names():
        page = plain(as_(WORKER).get(f"/conventions/textes/{name}/"))
        for raw in ("not_stated", ">True<", ">False<", "Blank(", "Period(", "_stated", "<dt>key", "_from"):
            assert raw not in page, (name, raw)
