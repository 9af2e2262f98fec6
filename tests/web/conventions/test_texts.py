"""The text at a date, article by article, and the library."""

import re
from datetime import date

import pytest

from maillage.conventions import library
from maillage.conventions.amendments.actions import draft_amendment, propose_amendment
from maillage.conventions.amendments.models import Amendment
from maillage.conventions.signatures.actions import Act
from maillage.conventions.signatures.amending import sign_amendment
from maillage.core.identifiers import uuid7
from maillage.demo.conventions import convention_id
from tests.conventions.people import instant, member, seen
from tests.web.conventions.conftest import (
    CAISSE,
    CARSAT,
    NATIONAL,
    PARTNER,
    S3,
    S4,
    WORKER,
    Signs,
    plain,
    sheet,
)

pytestmark = pytest.mark.usefixtures("concluded")
AT = instant("2025-03-03")


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


def test_an_avenant_changes_the_text_from_its_effect_on_and_not_before(as_: Signs) -> None:
    longer = {"operation": "replace", "path": "term.lasts", "value": "2y"}
    with member(CAISSE, AT) as caisse:
        row = draft_amendment(
            convention=seen(caisse, convention_id(S3)), new_id=uuid7(), title="Durée portée à deux ans",
            changes=[longer], effect_on=date(2025, 4, 1), by=caisse, at=AT,
        )  # fmt: skip
        propose_amendment(amendment=row, by=caisse, at=AT)
    assert "Durée portée à deux ans" in plain(as_(PARTNER).get(sheet(S3)))
    assert "Lire et signer l’avenant n° 1" in plain(as_(PARTNER).get("/"))
    for address in (CAISSE, CARSAT, PARTNER):
        with member(address, AT) as signer:
            row = Amendment.objects.get(pk=row.pk)
            act = Act(
                signature_id=uuid7(), seen_hash=row.content_hash, signed_on=AT.date(), function="Directrice"
            )
            sign_amendment(amendment=row, act=act, by=signer, at=AT)
    client = as_(PARTNER)
    before = plain(client.get(f"{sheet(S3)}texte/", {"au": "31/03/2025"}))
    after = plain(client.get(f"{sheet(S3)}texte/", {"au": "01/04/2025"}))
    assert "aucun avenant n’a pris effet" in before
    assert "Il change le 1er avril 2025" in before
    assert "avenant n° 1 compris" in after
    assert re.search(r"<dt>Durée</dt>\s*<dd>\s*1 an\s*</dd>", before)
    assert re.search(r"<dt>Durée</dt>\s*<dd>\s*2 ans\s*</dd>", after)
    page = plain(client.get(sheet(S3)))
    assert "remplace : Durée, durée" in page
    assert "Signature d’un avenant" in page


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
        words = re.sub(r"<[^>]*>", " ", page)
        assert not re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", words), name  # nor a key: « croix_rouge »
