"""S15 at full size: each hostile file at each place where one may be sent; none is taken, none takes five seconds or 300 MB.

Where tables are read, a text of one column is a table that harms nobody: it may be taken there, and must only cost little. What a job
reads later is refused by its reader, asked here as the job asks it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any, Final

import pytest

from maillage.core.database.testing import TestCluster
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.tables import Unreadable
from maillage.organisations.directory.imports.running import prepare
from tests.proof.clones import own_clone
from tests.proof.recording import Tally
from tests.rights.bulk.tables import bring, row_of, worked
from tests.rights.world import Signed, sign
from tests.security.reach import Visitor
from tests.security.uploads import FILES, HONEST, NAMES, TYPES, Point, is_text, points, send
from tests.web.credits.test_pages import lines as credit_lines
from tests.web.provision.test_pages import LINES as PAYMENTS

SHARES = 24
NUMBERED = list(enumerate(FILES.items()))
READ_LATER: Final = {"directory:imports", "preparations:imports"}
"""Where a file is kept for a job, which reads it."""
assert len(FILES) >= 120


@dataclass(frozen=True)
class Place:
    """Where a file may be sent, and whether tables are read there: a text is hostile at the others."""

    point: Point
    takes_tables: bool


@pytest.fixture(scope="session")
def places(everybody: Visitor) -> list[Place]:
    """Found once for all units of a process."""
    table = HONEST["tableau.csv"]
    return [Place(one, not send(one, table, name="tableau.csv").is_refused) for one in points(everybody)]


@pytest.mark.parametrize("share", range(SHARES))
def test_each_hostile_file_everywhere(
    share: int, browsers: Visitor, places: list[Place], tally: Tally
) -> None:
    for place in places:
        point = place.point
        for number, (name, data) in NUMBERED[share::SHARES]:
            sent = send(point, data, name=NAMES[number % len(NAMES)], kind=TYPES[number % len(TYPES)])
            tally.tried += 1
            may_be = point.name in READ_LATER or (place.takes_tables and is_text(data))
            if sent.wrong or not (sent.is_refused or may_be):
                tally.violations.append(f"{point.name} {point.field}: {name}: {sent.wrong or 'taken'}")


def test_each_place_takes_an_honest_file(browsers: Visitor, places: list[Place], tally: Tally) -> None:
    """The allowed twin: what was refused above was refused for what it is."""
    for place in places:
        point = place.point
        taken = [name for name, data in _honest(point).items() if not send(point, data, name=name).is_refused]
        tally.controls += bool(taken)
        if not taken:
            tally.violations.append(f"{point.name} {point.field}: no honest file is taken")


def _honest(point: Point) -> dict[str, bytes]:
    """What each place asks for: a paper or any table; or its own columns."""
    match point.name:
        case "credits:import":
            return {"credits.csv": credit_lines().encode()}
        case "provision:new":
            return {"paiements.csv": PAYMENTS.encode()}
        case "indicators:sheet_bring":
            return {"fiche.xlsx": point.client.get(f"{point.url}modele.xlsx").content}
    return HONEST


def test_a_hostile_file_of_organisations_is_refused_when_it_is_read(tally: Tally) -> None:
    for name, data in FILES.items():
        tally.tried += 1
        try:
            prepare(partial(BytesIO, data))
        except Unreadable:
            continue
        tally.violations.append(f"directory: {name}: taken")


@pytest.fixture
def signed(cluster: TestCluster, database_template: str, django_db_blocker: Any) -> Iterator[Signed]:
    """A convention in a database of this unit's own, whose jobs commit."""
    with own_clone(cluster, database_template, django_db_blocker, "s15"):
        yield sign()


def test_a_hostile_table_of_applications_is_refused_when_it_is_read(signed: Signed, tally: Tally) -> None:
    for name, data in FILES.items():
        tally.tried += 1
        try:
            table = bring(signed, data)
        except Refused:  # at once: empty, or too large
            tally.controls += 1
            continue
        worked()
        state = row_of(table).state
        tally.controls += state == "refused"
        if state != "refused" and not is_text(data):
            tally.violations.append(f"preparations: {name}: {state}")
