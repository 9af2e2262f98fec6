"""When a part fails, what depends on it is refused, aloud: never an unjournalled read, a plain word written, a silent success."""

from pathlib import Path

import pytest

from maillage.core.database.settings import DatabaseUrls
from tests.security.conftest import Worlds
from tests.security.failing import FAULTS, JOURNEYS, STOPS, People, broken, in_the_clear, tried
from tests.tiers import spread

pytestmark = pytest.mark.security
# One of each kind; `make proof ONLY=S21` breaks every part.
SMALL_TIER = (
    "the journal refuses every entry",
    "no link can be written",
    "a key of the store is damaged",
    "keys of the store are missing",
    "tries of passwords are not counted",
)


@pytest.fixture
def people(own_worlds: tuple[DatabaseUrls, Worlds]) -> People:
    """A world of a database of its own, and its people at work."""
    urls, (here, _) = own_worlds
    found = People(here, urls)
    found.sign_in()
    return found


def test_with_nothing_broken_everything_goes_and_is_journalled(people: People) -> None:
    outcomes = {journey.name: tried(journey, people) for journey in JOURNEYS}
    assert [name for name, outcome in outcomes.items() if not outcome.went] == []
    assert [outcome.wrong for outcome in outcomes.values() if outcome.wrong] == []
    assert in_the_clear(people) == []


@pytest.mark.parametrize("fault", spread(SMALL_TIER, 5))
def test_a_part_that_fails_closes_what_depends_on_it(fault: str, people: People, tmp_path: Path) -> None:
    with broken(fault, people.urls, tmp_path):
        outcomes = {journey.name: tried(journey, people) for journey in JOURNEYS}
    assert [outcome.wrong for outcome in outcomes.values() if outcome.wrong] == []
    assert not outcomes[STOPS[fault]].went
    assert in_the_clear(people) == []


def test_every_fault_says_what_it_stops() -> None:
    assert set(STOPS) == set(FAULTS)
    assert set(STOPS.values()) <= {journey.name for journey in JOURNEYS}


def test_a_read_that_is_not_journalled_and_a_success_that_did_not_happen_are_seen(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The detector: an application that swallows the failure of the journal, or tells what it has not done."""
    case, acknowledge = JOURNEYS[0], next(journey for journey in JOURNEYS if journey.name == "acknowledge")
    with monkeypatch.context() as patch:
        patch.setattr("maillage.referrals.queries.record", lambda **_: None)
        assert any("without an entry" in one for one in tried(case, people).wrong)
    with monkeypatch.context() as patch:
        patch.setattr("maillage.referrals.working.acknowledge", lambda **_: None)
        assert any("did not happen" in one for one in tried(acknowledge, people).wrong)
