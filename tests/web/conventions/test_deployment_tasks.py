"""A caisse without a local convention is asked once a year to say where it stands; its referents alone are."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.web.conventions.deploying.tasks import reviews_due
from maillage.web.home.tasks import Task
from tests.conventions.deployment.world import AT, applied, noted, signed_framework
from tests.conventions.kept import kept
from tests.conventions.people import CARSAT, CNAM, CPAM, CROIX_ROUGE, DPO, SIGNED, member

__all__ = ["kept"]
pytestmark = pytest.mark.django_db
START = SIGNED.date()


@pytest.fixture(scope="module")
def framework(kept: object) -> UUID:
    return signed_framework()


def tasks(address: str, on: date) -> list[Task]:
    with member(address, AT) as someone:
        return reviews_due(someone, on)


def test_a_caisse_that_said_nothing_is_asked_a_year_after_the_framework_began(framework: UUID) -> None:
    year = date(START.year + 1, START.month, START.day)
    assert tasks(CPAM, year - timedelta(days=31)) == []
    [found] = tasks(CPAM, year - timedelta(days=30))
    assert found.due_on == year
    assert [one.due_on for one in tasks(CPAM, date(START.year + 4, 1, 1))] == [
        date(START.year + 3, START.month, START.day)
    ]
    assert found.title.startswith("Dire où en est la convention locale")
    assert found.url == f"/conventions/deploiement/motif/?cadre={framework}"
    assert found.explanation is not None
    assert "n’en a jamais dit le motif" in found.explanation.fact


def test_what_it_says_holds_a_year(framework: UUID) -> None:
    said = AT.date() - timedelta(days=3)
    noted(framework, "demarches_en_cours", day=said)
    again = date(said.year + 1, said.month, said.day)
    assert tasks(CPAM, again - timedelta(days=40)) == []
    [found] = tasks(CPAM, again + timedelta(days=5))
    assert found.due_on == again
    assert found.explanation is not None
    assert "Démarches en cours" in found.explanation.fact


def test_a_signed_convention_says_enough(framework: UUID) -> None:
    applied(framework)
    assert tasks(CPAM, date(START.year + 3, 1, 1)) == []


@pytest.mark.parametrize("address", [CNAM, CROIX_ROUGE, CARSAT, DPO])
def test_nobody_else_is_asked(framework: UUID, address: str) -> None:
    assert tasks(address, date(START.year + 3, 1, 1)) == []


def test_it_asks_four_questions_of_a_caisse_and_none_of_anybody_else(
    framework: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with member(CPAM, AT) as someone, django_assert_num_queries(4):
        assert len(reviews_due(someone, date(START.year + 2, 1, 1))) == 1
    with member(CNAM, AT) as someone, django_assert_num_queries(0):
        reviews_due(someone, date(START.year + 2, 1, 1))
