"""The lists over some thousands of referrals: each filter shows what it says, in order, from an index of its own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from benchmarks import asking, worklist
from maillage.cases.models import Following, Participation
from maillage.core.clock import now
from maillage.organisations.member import Member
from maillage.referrals.heeding.rules import DEFAULTS, Kind
from maillage.referrals.lists.around import counters
from maillage.referrals.lists.finding import find
from maillage.referrals.lists.queries import found, page_of
from maillage.referrals.lists.wanted import COUNTED, PAGE, View, Wanted
from maillage.referrals.references import reference, reference_to_search
from tests.days import today
from tests.referrals.world import ADVISER, member

MANY = 3000
OPEN = Wanted(View.OPEN)
Truth = Callable[[Participation], Any]
DAY = timedelta(days=1)


def late(row: Participation) -> bool:
    if row.closed_at is not None:
        return False
    if row.due_on is not None:
        return row.due_on < today()
    return bool(row.state == "sent" and row.since.date() + DEFAULTS[Kind.LATE] * DAY <= today())


# Each filter, and what it means in plain Python, over rows that know nothing of turns.
FILTERS: dict[str, tuple[Wanted, Truth]] = {
    "open": (OPEN, lambda row: row.closed_at is None),
    "closed": (Wanted(View.CLOSED), lambda row: row.closed_at is not None),
    "all": (Wanted(View.ALL), lambda _row: True),
    "service": (Wanted(View.ALL, service="ssam"), lambda row: row.case.service == "ssam"),
    "service, open": (
        replace(OPEN, service="ssam"),
        lambda row: row.case.service == "ssam" and row.closed_at is None,
    ),
    "state": (replace(OPEN, state="paused"), lambda row: row.state == "paused"),
    "end": (Wanted(View.CLOSED, state="refused"), lambda row: row.state == "refused"),
    "urgent": (replace(OPEN, urgent=True), lambda row: row.urgent and row.closed_at is None),
    "urgent, all": (Wanted(View.ALL, urgent=True), lambda row: row.urgent),
    "late": (replace(OPEN, late=True), late),
    "convention": (
        Wanted(View.ALL, convention=worklist.FIRST),
        lambda row: row.convention_id == worklist.FIRST,
    ),
    "convention, open": (
        replace(OPEN, convention=worklist.FIRST),
        lambda row: row.convention_id == worklist.FIRST and row.closed_at is None,
    ),
    "age": (
        replace(OPEN, age=30),
        lambda row: row.since < now() - 30 * DAY and row.closed_at is None,
    ),
    "follower": (
        replace(OPEN, follower=worklist.COLLEAGUE),
        lambda row: row.is_asked and row.closed_at is None,
    ),
}


@pytest.fixture(scope="module")
def filled(cluster: Any, database_template: str, django_db_blocker: Any) -> Iterator[None]:
    """A worklist like a caisse's, once for the module."""
    from tests.conftest import pointing_at

    urls = cluster.clone_database(database_template, "clone_lists")
    with django_db_blocker.unblock(), pointing_at(urls):
        worklist.fill(MANY)
        connections["owner"].close()
        yield
    cluster.drop_database("clone_lists")


def mine(who: Member) -> list[Participation]:
    followed = set(
        Following.objects.filter(user_id=worklist.COLLEAGUE, until=None).values_list("case_id", flat=True)
    )
    rows = list(Participation.objects.filter(organisation=who.organisation).select_related("case"))
    for row in rows:
        row.is_asked = row.case_id in followed  # a place on the row for the truth above
    return rows


@pytest.mark.usefixtures("filled")
def test_each_filter_shows_what_it_says_in_the_order_of_the_list_and_counts_it() -> None:
    with member(ADVISER) as someone:
        rows = mine(someone)
        counted = counters(someone, {name: wanted for name, (wanted, _) in FILTERS.items()}, on=today())
        for name, (wanted, truth) in FILTERS.items():
            expected = [row for row in rows if truth(row)]
            if wanted.in_turn:
                expected.sort(key=lambda row: (not row.urgent, row.due_on or row.since.date(), row.id))
            else:
                expected.sort(key=lambda row: (row.since, row.id), reverse=True)
            got = list(found(someone, wanted, on=today()).values_list("id", flat=True))
            assert len(expected) > PAGE, name
            assert set(got) == {row.id for row in expected}, name
            shown = [line.participation.id for line in page_of(someone, wanted, on=today()).lines]
            assert shown == [row.id for row in expected[:PAGE]], name
            assert counted[name] == min(len(expected), COUNTED + 1), name


@pytest.mark.usefixtures("filled")
def test_a_deep_page_goes_on_where_the_one_before_ended() -> None:
    with member(ADVISER) as someone:
        for wanted in (OPEN, Wanted(View.ALL)):
            first = page_of(someone, wanted, on=today())
            second = page_of(someone, wanted, on=today(), cursor=first.after)
            back = page_of(someone, wanted, on=today(), cursor=second.before)
            ids = [[line.participation.id for line in page.lines] for page in (first, second, back)]
            assert ids[0] == ids[2]
            assert not set(ids[0]) & set(ids[1])


@pytest.mark.usefixtures("filled")
def test_what_stands_on_a_row_is_what_the_trigger_writes_and_the_reference_what_people_say() -> None:
    """The data above were written with the triggers off: they are what the trigger writes itself."""
    columns = ("id", "kind", "service", "reference", "turn", "late_on")
    everything = Participation.objects.using("owner")
    rows = everything.filter(
        id__in=list(everything.order_by("-since", "id").values_list("id", flat=True)[:200])
    )
    before = set(rows.values_list(*columns))
    rows.update(urgent=False, closed_at=now())
    assert set(rows.values_list("late_on", flat=True)) == {None}
    assert min(rows.values_list("turn", flat=True)) > 1_000_000
    with connections["owner"].cursor() as cursor:
        cursor.execute(BACK, [[row[0] for row in before]])
    assert set(rows.values_list(*columns)) == before
    for case, written in rows.values_list("case_id", "reference"):
        assert reference(case) == f"{written[:4]}-{written[4:]}"
        assert reference_to_search(f" {reference(case).lower()} ") == written
    with member(ADVISER) as someone:
        case = Participation.objects.filter(organisation=someone.organisation).earliest("since").case_id
        assert [line.participation.case_id for line in find(someone, reference=reference(case))] == [case]
        assert not find(someone, reference=reference(UUID(int=9)))
    assert [reference_to_search(text) for text in ("K7QM-3XT", "K7QM-3XT0", "")] == ["", "", ""]


BACK = """
UPDATE cases_participation p SET urgent = r.urgent, closed_at = r.closed_at FROM referrals_referral r
 WHERE r.case_id = p.case_id AND p.id = ANY (%s)
"""


def plan_of(wanted: Wanted) -> str:
    """How PostgreSQL reads a page of a list, when reading a table through is never the cheapest."""
    with member(ADVISER) as someone, connection.cursor() as cursor:
        key = "turn" if wanted.in_turn else "-since"
        rows = found(someone, wanted, on=today()).order_by(
            key, key.replace("turn", "id").replace("since", "id")
        )
        sql, values = rows[:51].query.sql_with_params()
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


INDEXES = {
    "open": "part_open_list",
    "all": "part_all_list",
    "service": "part_all_service",
    "service, open": "part_open_service",
    "state": "part_open_state",
    "end": "part_all_state",
    "urgent": "part_open_list",
    "urgent, all": "part_all_urgent",
    "late": "part_late",
    "convention": "part_all_convention",
    "convention, open": "part_open_convention",
}


@pytest.mark.usefixtures("filled")
def test_each_filter_reads_the_index_made_for_it() -> None:
    for name, index in INDEXES.items():
        plan = plan_of(FILTERS[name][0])
        assert index in plan, f"{name}\n{plan}"


@pytest.mark.usefixtures("filled")
def test_a_table_that_is_read_through_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the benchmark of the questions round the lists looks for, at a million rows."""
    monkeypatch.setattr(asking, "LARGE", MANY)
    everything = "SELECT count(*) FROM cases_participation WHERE role = 'recipient'"
    with member(ADVISER), connection.cursor() as cursor:
        assert asking.read_through([everything, "UPDATE cases_case SET kind = kind"]) == set()
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        assert asking.read_through([everything]) == {"cases_participation"}
