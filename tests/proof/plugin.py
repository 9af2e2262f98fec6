"""Makes units of tests: leaves out those that ended, starts none after the hour, writes down each one that ends."""

import os
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.proof.recording import Record, Tally

FOLDER, LINE, UNTIL = "MAILLAGE_PROOF_FOLDER", "MAILLAGE_PROOF_LINE", "MAILLAGE_PROOF_UNTIL"
_TALLY = pytest.StashKey[Tally]()


def _record() -> Record:
    return Record(Path(os.environ[FOLDER]), os.environ[LINE])


def _unit(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Note every unit; those that ended are left out when their turn comes, since all processes must find the same."""
    _record().expect(map(_unit, items))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Nothing for a unit that ended, nor after the hour."""
    late = time.time() > float(os.environ[UNTIL])
    return True if late or _unit(item) in _record().done() else None


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """What this unit tried and found wrong."""
    found = Tally(_unit(request.node))
    request.node.stash[_TALLY] = found
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A unit that broke is a violation, before or after what it had tried."""
    report = yield
    found = item.stash.get(_TALLY, Tally(_unit(item)))
    if report.when == "call" or report.failed:
        found.seconds = report.duration
        if report.failed:
            found.violations.append(f"the unit broke: {call.excinfo and call.excinfo.exconly()}"[:2000])
        _record().finish(found)
    return report
