"""How the questions of a year are laid out: the years before beside, comments folded, what does not apply folded and still there."""

import re
from uuid import UUID

import pytest
from django.test import Client

from maillage.indicators.sheets.models import YearAnswer
from tests.conventions.people import CNAM, instant, member
from tests.indicators.campaigns.world import framework
from tests.rights.world import PASS, Signed, sign
from tests.web.indicators.test_answering import EMPTY, YEAR
from tests.web.referrals.conftest import Signs, plain

FOLDED = re.compile(r'<details class="question-folded"[^>]*?(open)?>\s*<summary>(.*?)</summary>', re.DOTALL)


def said(client: Client, signed: Signed, year: int, **answers: str) -> str:
    """Answer the first block of a year; the page of another answer, empty once it is written."""
    data = EMPTY | {name.replace("__", "--"): text for name, text in answers.items()}
    answer = client.post(f"/bilans/{signed.id}/{year}/reponses/1/", data)
    return "" if answer.status_code == 302 else plain(answer)


def page(client: Client, convention: UUID, block: int = 1, year: int = YEAR) -> str:
    answer = client.get(f"/bilans/{convention}/{year}/reponses/{block}/")
    assert answer.status_code == 200
    return plain(answer)


def question(found: str, label: str) -> str:
    """The part of the page that asks it."""
    return next(one for one in found.split('<fieldset class="question">')[1:] if label in one)


@pytest.fixture
def signed(db: None) -> Signed:
    """The hospital's convention, in force since 2024."""
    return sign()


def test_the_answers_of_the_years_before_stand_beside_each_question(signed: Signed, as_: Signs) -> None:
    client = as_(PASS)
    long = "Deux permanences par semaine. " * 10
    said(
        client,
        signed,
        YEAR - 1,
        personnels_formes__value="1 234",
        personnels_formes__comment="Avec les internes.",
        complements_locaux__value=long,
    )
    found = page(client, signed.id)
    asked = question(found, "personnels")
    assert f"En {YEAR - 1} : <strong>1 234</strong>" in asked
    assert "Avec les internes." in asked
    told = question(found, "complements_locaux")
    assert f"<summary>En {YEAR - 1} : Deux permanences par semaine." in told
    assert "[…]</summary>" in told
    assert long.strip() in told
    assert f"En {YEAR} :" not in found


def test_what_was_counted_before_stands_there_too(signed: Signed, as_: Signs) -> None:
    asked = question(page(as_(PASS), signed.id), "dossiers_transmis")
    assert f"En {YEAR - 1} : <strong>0</strong>" in asked


def test_no_answer_is_compulsory_and_the_page_says_it_once(signed: Signed, as_: Signs) -> None:
    found = page(as_(PASS), signed.id)
    assert "facultatif" not in found
    assert found.count("Aucune réponse n’est obligatoire") == 1


def test_a_comment_is_folded_until_it_holds_words_or_an_error(signed: Signed, as_: Signs) -> None:
    client = as_(PASS)
    closed, opened = '<details class="question-aside" >', '<details class="question-aside" open>'
    asked = question(page(client, signed.id), "personnels")
    assert closed in asked
    assert 'name="personnels_formes--comment"' in asked
    refused = said(client, signed, YEAR, personnels_formes__comment="Appelez le 06 12 34 56 78")
    asked = question(refused, "personnels")
    assert opened in asked
    assert "numéro de téléphone" in asked
    assert closed in question(refused, "dossiers_transmis")
    said(client, signed, YEAR, personnels_formes__value="3", personnels_formes__comment="Peu cette année.")
    assert opened in question(page(client, signed.id), "personnels")


def test_an_answer_that_looks_wrong_asks_why_where_it_is_to_be_written(national: UUID, as_: Signs) -> None:
    found = answered(as_(CNAM), national, 3, **{"issues_soins-succes-value": "120"})
    asked = question(found, "issues_soins-succes")
    assert '<details class="question-aside" open>' in asked
    assert "dites pourquoi c’est juste" in asked


@pytest.fixture
def national(db: None) -> UUID:
    """A national text whose questions hang on one another, in force."""
    return framework()


def fields(found: str) -> dict[str, str]:
    """Every field of the form, as the page gives it when nothing was typed."""
    return dict.fromkeys(re.findall(r'name="([a-z0-9_]+-[a-z0-9_]*-[a-z]+)"', found), "") | dict(
        re.findall(r'name="([a-z0-9_]+-[a-z0-9_]*-revision)" value="(\d+)"', found)
    )


def answered(client: Client, convention: UUID, block: int, **answers: str) -> str:
    data = fields(page(client, convention, block)) | answers
    answer = client.post(f"/bilans/{convention}/{YEAR}/reponses/{block}/", data)
    return "" if answer.status_code == 302 else plain(answer)


def folded(found: str) -> dict[str, bool]:
    """Of each question that hangs on another: whether it stands open."""
    return {words.strip(): bool(is_open) for is_open, words in FOLDED.findall(found)}


def test_a_question_that_does_not_apply_is_quiet_and_still_there(national: UUID, as_: Signs) -> None:
    client = as_(CNAM)
    found = page(client, national)
    shown = folded(found)
    assert len(shown) == 2
    assert [shown[words] for words in sorted(shown)] == [True, False]  # « non » was counted, « oui » was not
    assert 'name="conventions_nombre-departement-value"' in found
    assert 'data-when="convention_signee--value"' in found
    answered(client, national, 1, **{"convention_signee--value": "1"})
    shown = folded(page(client, national))
    assert [shown[words] for words in sorted(shown)] == [False, True]


def test_what_was_typed_in_a_question_that_does_not_apply_is_kept(national: UUID, as_: Signs) -> None:
    client = as_(CNAM)
    typed = {"conventions_nombre-departement-value": "douze"}
    refused = answered(client, national, 1, **typed)
    assert 'value="douze"' in refused
    assert all(folded(refused).values())
    assert answered(client, national, 1, **{"conventions_nombre-departement-value": "12"}) == ""
    with member(CNAM, instant("2026-03-02")):
        assert YearAnswer.objects.get(question="conventions_nombre").number == 12
    assert all(folded(page(client, national)).values())
