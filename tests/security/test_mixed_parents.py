"""A row of mine that hangs on another's: each foreign key of each table that the web writes, pointed at the other world."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from maillage.core.database.settings import DatabaseUrls
from tests.security.conftest import Spoiler
from tests.security.planting import EVERYBODY, Plant, Row, World
from tests.security.statements import VERBS
from tests.tiers import spread

pytestmark = [pytest.mark.security, pytest.mark.django_db]

# A guard that somebody might take away, and the column that is then open.
HOLES = {
    "ALTER TABLE conventions_signature DROP CONSTRAINT signature_amendment_id_in_its_convention": (
        "conventions_signature.amendment_id"
    ),
    "ALTER TABLE conventions_delivery DROP CONSTRAINT delivery_event_id_in_its_convention;"
    " DROP TRIGGER letter_stays ON conventions_delivery": "conventions_delivery.event_id",
    "ALTER TABLE conventions_obligationmark DROP CONSTRAINT obligationmark_answers_id_in_its_convention": (
        "conventions_obligationmark.answers_id"
    ),
    "ALTER TABLE conventions_commitmentevidence DROP CONSTRAINT commitmentevidence_cancelled_by_its_own": (
        "conventions_commitmentevidence.cancels_id"
    ),
    "ALTER TABLE steering_minutes DROP CONSTRAINT minutes_meeting_id_in_its_convention": "steering_minutes.meeting_id",
    "ALTER TABLE steering_validation DROP CONSTRAINT validation_minutes_id_in_its_convention": "steering_validation.minutes_id",
    "ALTER TABLE steering_creditfigure DROP CONSTRAINT creditfigure_envelope_in_its_convention": (
        "steering_creditfigure.envelope_id"
    ),
    "ALTER TABLE steering_regulationmeasure DROP CONSTRAINT regulationmeasure_envelope_in_its_convention": (
        "steering_regulationmeasure.envelope_id"
    ),
    "ALTER TABLE steering_sheetentry DROP CONSTRAINT sheetentry_replaces_its_own": "steering_sheetentry.replaces_id",
    "ALTER TABLE steering_sheetentry DROP CONSTRAINT sheetentry_of_its_sheet": "steering_sheetentry.of_id",
    "ALTER POLICY runtime_insert ON conventions_relation WITH CHECK (true)": "conventions_relation.target_id",
    "ALTER POLICY runtime_insert ON conventions_event WITH CHECK (true)": "conventions_event.document_id",
    "ALTER POLICY runtime_insert ON beneficiaries_blindindex WITH CHECK (true)": "beneficiaries_blindindex.case_id",
}


def keys(owner: psycopg.Connection) -> list[tuple[str, str, str]]:
    """Child table, column, parent table."""
    return owner.execute(
        "SELECT DISTINCT c.conrelid::regclass::text, a.attname::text, c.confrelid::regclass::text FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
        " WHERE c.contype = 'f' AND a.attname <> 'convention_id' AND cardinality(c.conkey) = 1 ORDER BY 1, 2"
    ).fetchall()


def accepted(addresses: DatabaseUrls, plant: Plant) -> tuple[set[str], set[str]]:
    """Every column tried, and those that took a parent of the other world."""
    mine, theirs = plant.worlds
    tried, taken = set(), set()
    with psycopg.connect(addresses.owner) as owner, psycopg.connect(addresses.app) as app:
        for child, column, parent in keys(owner):
            own, foreign = _planted(plant, child, mine), _planted(plant, parent, theirs)
            if own is None or foreign is None or "I" not in VERBS[child]:
                continue
            tried.add(f"{child}.{column}")
            if _insert(app, own.table, mine.holder, _forged(owner, own, column, foreign)):
                taken.add(f"{child}.{column}")
    return tried, taken


def _planted(plant: Plant, table: str, world: World) -> Row | None:
    """A row of one world, unless everybody reads the table."""
    rows = (row for row in plant.rows if row.table == table and row.readers != EVERYBODY)
    return next((row for row in rows if row.readers & world.both), None)


def _forged(owner: psycopg.Connection, own: Row, column: str, foreign: Row) -> dict[str, Any]:
    """My row once more, under a new id, with another's parent; what would be refused for another reason is put right."""
    query = sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE {} = %s").format(
        sql.Identifier(own.table), sql.Identifier(own.key)
    )
    found = owner.execute(query, [own.value]).fetchone()
    assert found is not None
    copy: dict[str, Any] = found[0] | {column: str(foreign.value)}
    if own.key == "id":
        copy["id"] = str(uuid4())
    if column == "answers_id":
        copy["kind"] = "closed"
    if column == "confirmed_in_id":
        copy["number"] = 2
    if column == "of_id":
        copy |= {"kind": "delivery", "state": "", "item": copy["id"]}
    if column in {"corrects_id", "replaces_id"} and "reason" in copy:
        copy["reason"] = "essai"
    return copy


def _insert(app: psycopg.Connection, table: str, holder: UUID, row: dict[str, Any]) -> bool:
    """Whether PostgreSQL takes the row, references checked."""
    query = sql.SQL("INSERT INTO {t} SELECT (jsonb_populate_record(NULL::{t}, %s)).*").format(
        t=sql.Identifier(table)
    )
    with app.transaction(force_rollback=True):
        app.execute("SELECT set_config('maillage.organisation', %s, true)", [str(holder)])
        try:
            app.execute(query, [Jsonb(row)])
        except (errors.InsufficientPrivilege, errors.ForeignKeyViolation):
            return False
        except errors.UniqueViolation:
            return True  # seen below row security
    return True


def test_no_row_of_mine_takes_a_parent_of_another_s(addresses: DatabaseUrls, plant_rows: Plant) -> None:
    tried, taken = accepted(addresses, plant_rows)
    assert taken == set()
    assert tried >= set(HOLES.values())


@pytest.mark.parametrize("statement", spread(HOLES, 5))
def test_the_probe_sees_a_parent_that_is_not_checked(
    spoiled: Spoiler, plant_rows: Plant, statement: str
) -> None:
    _, taken = accepted(spoiled(statement), plant_rows)
    assert HOLES[statement] in taken
