"""A month that misses is told to the referents of the parties, with its day and the page where it is given; to nobody else."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.web.credits.tasks import due
from maillage.web.home.tasks import Task
from tests.steering.people import CARSAT, CCAS, CPAM, STRANGER, WORKER, member
from tests.web.conventions.writing.conftest import Signs
from tests.web.credits.test_pages import TODAY, YEAR, lines, opened

pytestmark = pytest.mark.django_db
MARCH = date(YEAR, 3, 10)


def tasks(address: str, on: date = MARCH) -> list[Task]:
    with member(address, TODAY) as someone:
        return due(someone, on)


def brought(as_: Signs, convention: UUID, text: str) -> str:
    """An envelope with the figures of a file; its address."""
    caisse = as_(CPAM)
    envelope = opened(caisse, convention)
    caisse.post(f"/conventions/{convention}/credits/import/", {"lines": text, "confirm": "oui"})
    return envelope


def test_the_months_that_miss_are_told_to_each_party_that_follows_them(as_: Signs, convention: UUID) -> None:
    envelope = brought(as_, convention, lines())
    for address in (CPAM, CARSAT, CCAS):
        [found] = tasks(address)
        title = found.title.replace("\u00a0", " ")
        assert title == f"Compléter les crédits : Personnes âgées (janvier {YEAR} et février {YEAR})"
        assert found.due_on == date(YEAR, 3, 1) - timedelta(days=1)
        assert found.url == f"{envelope}?annee={YEAR}"
        assert found.explanation is not None
    assert tasks(CPAM, date(YEAR, 1, 20)) == []
    assert "(10 mois)" in tasks(CPAM, date(YEAR, 11, 3))[0].title.replace("\u00a0", " ")
    assert as_(CPAM).get(found.url).status_code == 200


def test_whoever_gives_no_figure_is_told_nothing(as_: Signs, convention: UUID) -> None:
    brought(as_, convention, lines())
    assert tasks(WORKER) == []
    assert tasks(STRANGER) == []


def test_a_hole_of_last_year_is_told_until_it_is_filled_and_an_abandoned_series_is_not(
    as_: Signs, convention: UUID
) -> None:
    holed = "\n".join(one for one in lines().splitlines() if f";{YEAR - 1};5;" not in one)
    brought(as_, convention, holed)
    assert f"mai {YEAR - 1}" in tasks(CPAM, date(YEAR, 1, 20))[0].title.replace("\u00a0", " ")
    assert tasks(CPAM, date(YEAR + 1, 3, 1)) == []


def test_it_asks_one_question_however_many_envelopes(
    as_: Signs, convention: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    brought(as_, convention, lines())
    opened(as_(CPAM), convention, "Personnes handicapées")
    with member(CPAM, TODAY) as someone, django_assert_num_queries(1):
        assert len(due(someone, MARCH)) == 1
    with member(WORKER, TODAY) as someone, django_assert_num_queries(0):
        due(someone, MARCH)
