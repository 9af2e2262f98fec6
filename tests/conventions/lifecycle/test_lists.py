"""The list starts from the organisation's own parts: filters, pages, one query, no sequential scan."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, connections, transaction

from maillage.audit.models import Entry
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import (
    EXPIRING,
    LATE,
    PAGE_SIZE,
    Filters,
    list_conventions,
    load,
    load_all,
    visible_to,
)
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.core.row_security import acting
from tests.conventions.people import (
    CCAS,
    CPAM,
    S2,
    STRANGER,
    body,
    drafted,
    instant,
    member,
    proposed,
    seen,
    signed,
)

ON = date(2025, 10, 20)
MANY = """
INSERT INTO conventions_convention (id, title, sort_title, level, template, departement, partner_kind, partners, state, end_kind,
                                    content_hash, next_due_what, drafted_by_id, chosen, time_zone)
SELECT gen_random_uuid(), 'Convention ' || n, 'convention ' || lpad(n::text, 6, '0'), 'local', '', '42', 'ccas', '', 'draft', '',
       repeat('0', 64), '', %s, '{}', 'Europe/Paris' FROM generate_series(1, %s) n;
"""
PARTS = """
INSERT INTO conventions_party (id, convention_id, organisation_id, key, role, position, state, sort_title)
SELECT gen_random_uuid(), c.id, c.drafted_by_id, 'cpam', 'drafter', 0, 'draft', c.sort_title FROM conventions_convention c;
"""


def titles(address: str, page: int = 1, **filters: str) -> list[str]:
    with member(address) as reader:
        return [row.title for row in list_conventions(reader, Filters(**filters), page, on=ON).rows]


@pytest.mark.django_db
def test_filters_limit_the_list() -> None:
    s3, s2, draft = signed(), signed(S2), drafted()
    with member(CPAM) as referent:
        rows = {row.id: row for row in list_conventions(referent, Filters(), 1, on=ON).rows}
        assert set(rows) == {s3, s2, draft}
        Convention.objects.filter(pk=s2).update(next_due_on=date(2025, 10, 1))

        def found(**filters: str) -> set[Any]:
            return {row.id for row in list_conventions(referent, Filters(**filters), 1, on=ON).rows}

        assert found(state="draft") == {draft}
        assert found(state=EXPIRING) == {s3, s2}
        assert found(partner_kind="hospital") == {s2}
        assert found(departement="42") == {s3, s2, draft}
        assert found(departement="01") == set()
        assert found(level="national") == set()
        assert found(due=LATE) == {s2}
        assert found(due="30") == {s3}
        assert found(due="١٢") == found()
        assert found(text="MONTBRISON  cpam") == {s3, draft}
        assert found(text="100%_") == set()
    assert rows[s3].my_role == "drafter"
    assert rows[s3].next_due_on == date(2025, 11, 13)


@pytest.mark.django_db
def test_a_stranger_s_list_is_empty_and_a_partner_sees_its_own() -> None:
    new = signed()
    assert titles(STRANGER) == []
    assert titles(CCAS) != []
    with member(STRANGER) as stranger:
        assert not visible_to(stranger).exists()
        with (
            transaction.atomic(),
            acting(organisation=stranger.organisation),
            pytest.raises(Convention.DoesNotExist),
        ):
            load(Convention(pk=new))


@pytest.mark.django_db
def test_many_are_loaded_as_one_by_one_in_seven_queries(django_assert_num_queries: Any) -> None:
    signed()
    signed(S2)
    proposed()
    with member(CPAM) as referent:
        one_by_one = [load(row) for row in visible_to(referent).order_by("id")]
        with django_assert_num_queries(7):
            together = load_all(visible_to(referent).order_by("id"))
    assert [known.facts(ON) for known in together] == [known.facts(ON) for known in one_by_one]


@pytest.mark.django_db
def test_a_refresh_that_changes_nothing_writes_nothing() -> None:
    new = signed()
    with member(CPAM, instant("2024-11-15")) as referent:
        row = seen(referent, new)
        before = Entry.objects.count()
        refresh(row, date(2024, 11, 15))
        assert Entry.objects.count() == before
        Convention.objects.filter(pk=new).update(ends_on=None)
        refresh(seen(referent, new), date(2024, 11, 15))
        assert Entry.objects.count() > before
        assert seen(referent, new).ends_on == date(2025, 11, 13)


def test_a_page_among_thousands_is_one_query_that_scans_no_table(fresh_database: object) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(MANY, [body("cpam").id, 1000])
        cursor.execute(PARTS)
        cursor.execute("ANALYZE conventions_convention, conventions_party")
    with member(CPAM) as referent:
        page = list_conventions(referent, Filters(), 2, on=ON)
        assert (len(page.rows), page.has_next) == (PAGE_SIZE, True)
        assert page.rows[0].title == "Convention 201"
        assert not list_conventions(referent, Filters(), 5, on=ON).has_next
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN SELECT p.key, c.title FROM conventions_party p JOIN conventions_convention c ON c.id = p.convention_id"
                " WHERE p.organisation_id = %s ORDER BY p.sort_title, p.convention_id LIMIT 201",
                [referent.organisation],
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert "party_by_title" in plan
