"""What a report draws: delays as distributions, figures over the years; in as many questions whatever there is to draw."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.days import today
from tests.rights.board.world import File, plant
from tests.rights.world import PASS, Signed, sign
from tests.web.indicators.test_bilan import READ
from tests.web.referrals.conftest import Signs, plain
from tests.web.rights.test_board import as_

__all__ = ["as_"]

READER, CARSAT = "referente@cpam.example.org", "referente@carsat.example.org"
YEAR = today().year - 1


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    """The hospital's convention, in force since 2024, with applications decided in two years."""
    signed = sign()
    plant(
        signed,
        *(File(date(YEAR, 2, day), decided=5 + 9 * day) for day in range(1, 6)),
        File(date(YEAR - 1, 3, 1), decided=45),
        File(date(YEAR - 1, 3, 1), "ame", decided=5),
    )
    return signed


def page(client: Client, signed: Signed, year: int = YEAR) -> str:
    answer = client.get(f"/bilans/{signed.id}/{year}/")
    assert answer.status_code == 200
    return plain(answer)


def test_delays_are_drawn_with_their_table_their_denominator_and_the_days_promised(
    signed: Signed, as_: Signs
) -> None:
    for who in (READER, PASS):
        found = page(as_(who), signed)
        delays = found[found.index('id="delais"') : found.index('id="evolutions"')]
        for expected in (
            f"De la réception d’un dossier de droits à sa décision, {YEAR}",
            "Jours calendaires ; décidés dans la période.",
            "En tout : 5 dossiers, le dénominateur des parts.",
            "de 11 à 20 jours",
            "31 jours : Complémentaire santé solidaire",
            "plus de 60 jours",
            "20,0 %",
        ):
            assert expected in delays, expected
        assert "accusé de réception" not in delays


def test_each_figure_of_several_years_is_drawn_with_its_definition_and_its_table(
    signed: Signed, as_: Signs
) -> None:
    found = page(as_(READER), signed)
    trends = found[found.index('id="evolutions"') :]
    title = "Délai moyen entre la réception et la décision, tous dossiers"
    figure = next(one for one in trends.split("<figure")[1:] if title in one)
    for expected in (
        "Unité : jours. Dénominateur : dossiers de droits décidés.",
        "<svg",
        f"{YEAR - 1} : 25,0 jours ; {YEAR} : ",
        "50 sur 2 (dossiers de droits décidés)",
        "Lire les mêmes faits en tableau",
    ):
        assert expected in figure, expected
    assert "de 11 à 20 jours" not in trends


def test_a_year_that_runs_says_so(signed: Signed, as_: Signs) -> None:
    found = page(as_(READER), signed, YEAR + 1)
    assert f"{YEAR} : 5 ; {YEAR + 1} : 0, en cours." in found


def test_a_party_without_cases_is_drawn_nothing_of_people(signed: Signed, as_: Signs) -> None:
    found = page(as_(CARSAT), signed)
    assert 'id="delais"' not in found
    assert "Dossiers de droits décidés" not in found


def test_no_figure_more_asks_one_question_more(signed: Signed, as_: Signs) -> None:
    client = as_(READER)
    page(client, signed)
    with CaptureQueriesContext(connection) as few:
        first = page(client, signed)
    plant(
        signed,
        File(date(YEAR - 1, 5, 1), "puma", decided=9, state="refused"),
        File(date(YEAR, 5, 1), "ame", decided=9),
        File(date(YEAR, 5, 1), "puma", decided=70),
    )
    with CaptureQueriesContext(connection) as many:
        second = page(client, signed)
    assert len(re.findall("<figure", second)) > len(re.findall("<figure", first))
    assert len(many) == len(few) <= READ
