"""Raw statements of the web's role, and what PostgreSQL answers: each constraint refuses what it is there for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from maillage.core.identifiers import uuid7
from tests.catalogue.world import KEEPER, PARTNER, STRANGER, add, draft, member, publish, published
from tests.days import today

pytestmark = [pytest.mark.security, pytest.mark.django_db]
SUPPORT = {
    "kind = 'book'": "support_kind_known",
    "title = ''": "support_described",
    "purpose = ''": "support_described",
    "audience = '{}'": "support_audience_known",
    "audience = '{everybody}'": "support_audience_known",
    "languages = '{}'": "support_languages_known",
    "languages = '{klingon}'": "support_languages_known",
    "code = 'aaaaaaaaaa'": "its address, stay",
    "organisation_id = gen_random_uuid()": "its address, stay",
    "first_published_at = NULL": "its address, stay",
    "created_by = gen_random_uuid()": "its address, stay",
}
PUBLISHED = {  # what is said of a version that is published
    "label = '9'": "what a version is stays",
    "link = 'https://ailleurs.example.org'": "what a version is stays",
    "valid_from = valid_from - 1": "what a version is stays",
    "published_by = gen_random_uuid()": "what a version is stays",
    "valid_until = valid_from - 1": "version_days_ordered|range lower bound",
    "state = 'draft'": "no step leads",
    "state = 'withdrawn', closed_at = now(), closed_by = published_by": "version_withdrawn_says_why",
    "state = 'withdrawn', reason = 'x'": "version_closed_by_someone",
    "state = 'replaced'": "version_closed_by_someone",
    "closed_at = now()": "version_closed_by_someone",
    "reason = 'x'": "version_withdrawn_says_why",
    "state = 'unknown'": "no step leads|version_state_known",
}
DRAFT = {  # what is said of a draft
    "valid_from = '2026-01-01'": "version_published_by_someone",
    "state = 'published'": "version_published_by_someone",
    "state = 'published', published_at = now(), published_by = created_by": "version_published_by_someone",
    "state = 'withdrawn', closed_at = now(), closed_by = created_by, reason = 'x'": "no step leads",
    "state = 'discarded'": "version_closed_by_someone",
}
INSERT = (
    "INSERT INTO catalogue_supportversion (id, support_id, organisation_id, label, changes, document_id, link, state, reason,"
    " created_at, created_by) SELECT gen_random_uuid(), support_id, {owner}, {label}, '', {document}, {link}, {state}, '',"
    " created_at, created_by FROM catalogue_supportversion WHERE id = %s"
)
USUAL = {
    "owner": "organisation_id",
    "label": "'9'",
    "document": "NULL",
    "link": "'https://www.example.org/'",
    "state": "'draft'",
}
ADDED = {
    ("label", "''"): "version_named",
    ("label", "label"): "version_named_once",
    ("link", "''"): "version_is_one_thing",
    ("link", "'http://www.example.org/'"): "version_link_is_https",
    ("link", "'https://www.example.org/ x'"): "version_link_is_https",
    ("state", "'published'"): "begins as a draft",
    ("document", "gen_random_uuid()"): "not a file of its owner",
    ("owner", "gen_random_uuid()"): "row-level security",
}


def refused(address: str, statement: str, *arguments: Any) -> str:
    """What PostgreSQL says to a statement of the web's role in this person's context."""
    with (
        pytest.raises(DatabaseError) as error,
        member(address),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, list(arguments))
    return str(error.value)


def changed(address: str, statement: str, *arguments: Any) -> int:
    with member(address), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(arguments))
        return int(cursor.rowcount)


@pytest.mark.parametrize("values", SUPPORT)
def test_a_support_makes_sense_and_keeps_its_address(values: str) -> None:
    support, _ = published()
    said = refused(KEEPER, f"UPDATE catalogue_support SET {values} WHERE id = %s", support)  # noqa: S608 - the test's own words
    assert SUPPORT[values] in said


@pytest.mark.parametrize("values", PUBLISHED)
def test_what_was_published_stays(values: str) -> None:
    _, version = published()
    said = refused(KEEPER, f"UPDATE catalogue_supportversion SET {values} WHERE id = %s", version)  # noqa: S608 - the same
    assert any(words in said for words in PUBLISHED[values].split("|")), said


@pytest.mark.parametrize("values", DRAFT)
def test_a_draft_is_published_by_someone_for_some_days(values: str) -> None:
    version = draft(add())
    said = refused(KEEPER, f"UPDATE catalogue_supportversion SET {values} WHERE id = %s", version)  # noqa: S608 - the same
    assert DRAFT[values] in said


@pytest.mark.parametrize("changes", ADDED)
def test_a_version_is_a_file_or_a_link_of_its_owner_s(changes: tuple[str, str]) -> None:
    name, value = changes
    version = draft(add())
    assert ADDED[changes] in refused(KEEPER, INSERT.format(**(USUAL | {name: value})), version)


def test_a_version_is_of_its_owner_s_support() -> None:
    """One reads another's support that was published: one adds nothing to it in one's own name."""
    _, version = published()
    with member(PARTNER) as partner:
        mine = str(partner.organisation)
    assert "version_of_its_owner" in refused(
        PARTNER, INSERT.format(**(USUAL | {"owner": f"'{mine}'"})), version
    )


def test_no_other_version_has_its_days_whatever_the_code_forgets() -> None:
    support, _ = published()
    other = draft(support, "2")
    statement = (
        "UPDATE catalogue_supportversion SET state = 'published', published_at = now(), published_by = created_by,"
        " valid_from = %s WHERE id = %s"
    )
    assert "another version has these days" in refused(
        KEEPER, statement, today() + timedelta(days=100), other
    )


def test_what_to_use_instead_is_open_to_everybody() -> None:
    _, version = published()
    statement = (
        "UPDATE catalogue_supportversion SET state = 'withdrawn', closed_at = now(), closed_by = created_by, reason = 'x',"
        " replaced_by_id = %s WHERE id = %s"
    )
    for other in (add(), uuid7()):
        assert "not a support to use instead" in refused(KEEPER, statement, other, version)
    instead, _ = published("A")
    assert changed(KEEPER, statement, instead, version) == 1


def test_others_change_nothing_of_what_they_read() -> None:
    support, version = published()
    for table, row in (("catalogue_support", support), ("catalogue_supportversion", version)):
        for someone in (PARTNER, STRANGER):
            assert changed(someone, f"UPDATE {table} SET id = id WHERE id = %s", row) == 0  # noqa: S608 - the test's own words
        assert changed(KEEPER, f"UPDATE {table} SET id = id WHERE id = %s", row) == 1  # noqa: S608 - the control


def stock_of(support: UUID) -> UUID:
    stock = uuid7()
    with member(KEEPER) as keeper, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_stock (id, organisation_id, support_id) VALUES (%s, %s, %s)",
            [stock, keeper.organisation, support],
        )
    return stock


MOVE = (
    "INSERT INTO catalogue_stockmovement (id, stock_id, organisation_id, number, kind, quantity, recipient_id, day, balance,"
    " noted_at, noted_by) SELECT gen_random_uuid(), id, organisation_id, 99, {kind}, {quantity}, {recipient}, current_date, 99, now(),"
    " gen_random_uuid() FROM catalogue_stock WHERE id = %s"
)
MOVED = {"kind": "'received'", "quantity": "5", "recipient": "NULL"}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("kind", "'lost'", "movement_kind_known"),
        ("quantity", "0", "movement_moves_something"),
        ("quantity", "-1", "quantity"),
        ("kind", "'sent'", "stock_never_below_zero"),
        ("recipient", "organisation_id", "movement_recipient_is_sent_to"),
    ],
)
def test_a_movement_makes_sense(name: str, value: str, told: str) -> None:
    stock = stock_of(published()[0])
    assert told in refused(KEEPER, MOVE.format(**(MOVED | {name: value})), stock)


def test_what_is_left_is_written_by_the_database_whatever_the_statement_says() -> None:
    stock = stock_of(published()[0])
    for change in ({}, {"kind": "'sent'", "quantity": "2"}, {"kind": "'counted'", "quantity": "0"}):
        assert changed(KEEPER, MOVE.format(**(MOVED | change)), stock) == 1
    with member(KEEPER), connection.cursor() as cursor:
        cursor.execute("SELECT number, balance FROM catalogue_stockmovement ORDER BY number")
        assert cursor.fetchall() == [(1, 5), (2, 3), (3, 0)]
    for statement in (
        "UPDATE catalogue_stockmovement SET balance = 9 WHERE stock_id = %s",
        "DELETE FROM catalogue_stockmovement WHERE stock_id = %s",
    ):
        assert "permission denied" in refused(KEEPER, statement, stock)


def test_a_stock_is_of_one_support_of_one_holder_once() -> None:
    support, other = published()[0], published("A")[0]
    stock = stock_of(support)
    assert "of what a stock is stays" in refused(
        KEEPER, "UPDATE catalogue_stock SET support_id = %s WHERE id = %s", other, stock
    )
    again = (
        "INSERT INTO catalogue_stock (id, organisation_id, support_id)"
        " SELECT gen_random_uuid(), organisation_id, support_id FROM catalogue_stock WHERE id = %s"
    )
    assert "stock_once" in refused(KEEPER, again, stock)
    unread = add()
    with member(PARTNER) as partner:
        mine = partner.organisation
    hidden = (
        "INSERT INTO catalogue_stock (id, organisation_id, support_id) VALUES (gen_random_uuid(), %s, %s)"
    )
    assert "row-level security" in refused(PARTNER, hidden, mine, unread)
    publish(draft(unread))
    assert changed(PARTNER, hidden, mine, unread) == 1


def test_counts_are_written_by_nobody() -> None:
    _, version = published()
    for statement in (
        "INSERT INTO catalogue_supportcount (id, version_id, day, way, openings) VALUES (gen_random_uuid(), %s, current_date, 'page', 9)",
        "UPDATE catalogue_supportcount SET openings = 9 WHERE version_id = %s",
        "DELETE FROM catalogue_supportcount WHERE version_id = %s",
    ):
        assert "permission denied" in refused(KEEPER, statement, version)
