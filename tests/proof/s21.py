"""S21 at full size: every part broken alone, in three worlds of its own each, while people go on with all that they do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from maillage.core.database.testing import TestCluster
from tests.proof.clones import own_clone
from tests.proof.recording import Tally
from tests.security.failing import FAULTS, JOURNEYS, STOPS, People, broken, in_the_clear, tried
from tests.security.worlds import build


@pytest.fixture
def people(
    cluster: TestCluster,
    database_template: str,
    django_db_blocker: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[People]:
    """A world of a database and of stores of its own, and its people at work."""
    monkeypatch.setattr(settings, "KEY_STORE", tmp_path / "keys")
    monkeypatch.setattr(settings, "DOCUMENT_STORE", tmp_path / "documents")
    with own_clone(cluster, database_template, django_db_blocker, "s21") as urls:
        here, _ = build()
        found = People(here, urls)
        found.sign_in()
        yield found


def test_with_nothing_broken_everything_goes(people: People, tally: Tally) -> None:
    outcomes = [tried(journey, people) for journey in JOURNEYS]
    tally.controls = sum(outcome.went for outcome in outcomes)
    tally.violations += [wrong for outcome in outcomes for wrong in outcome.wrong]
    assert tally.controls == len(JOURNEYS)


@pytest.mark.parametrize("first", range(len(JOURNEYS)))
@pytest.mark.parametrize("fault", FAULTS)
def test_a_part_that_fails_closes_what_depends_on_it(
    fault: str, first: int, people: People, tmp_path: Path, tally: Tally
) -> None:
    """The journeys in turn, each time from another one: what comes first finds everything else still whole."""
    stopped = False
    with broken(fault, people.urls, tmp_path):
        for journey in (*JOURNEYS[first:], *JOURNEYS[:first]):
            outcome = tried(journey, people)
            tally.tried += 1
            tally.violations += [f"{fault}: {wrong}" for wrong in outcome.wrong]
            stopped = stopped or (journey.name == STOPS[fault] and not outcome.went)
        tally.violations += [f"{fault}: {plain}" for plain in in_the_clear(people)]
    tally.controls += stopped
    assert stopped, f"« {fault} » stops nothing: it is no fault"
