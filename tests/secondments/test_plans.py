"""Lists of a secondment among thousands of appointments: each query stands on an index, none reads a table through."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from maillage.cases.models import Authorisation
from maillage.core.calendar import DAY
from maillage.core.clock import now, today
from maillage.organisations.member import Member
from maillage.secondments.agenda import agenda, to_note
from maillage.secondments.queries import counts, free_slots, known
from maillage.web.presentation.dates import PARIS
from tests.referrals.world import ADVISER, WORKER, member
from tests.secondments.world import OFFICER, Lent, book, lend

MANY = 6000
AGENTS = 60
TABLES = (
    "secondments_secondment",
    "secondments_permanence",
    "secondments_appointment",
    "cases_case",
    "cases_participation",
)
FILL = """
CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, {many}) n;
INSERT INTO secondments_secondment (id, authorisation_id, convention_id, caisse_id, host_id, agent_id, place, article, time_zone,
    departement, since, set_up_at, set_up_by)
SELECT md5('agent' || n)::uuid, s.authorisation_id, s.convention_id, s.caisse_id, s.host_id, md5('user' || n)::uuid, s.place, s.article,
       s.time_zone, s.departement, s.since, s.set_up_at, s.set_up_by FROM secondments_secondment s, generate_series(1, {agents}) n;
INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)
SELECT made.id, a.id, a.convention_id, 'appointment', a.service, a.sender_id, a.recipient_id, now() - made.n * interval '1 minute'
  FROM made, cases_authorisation a WHERE a.id = '{authorisation}';
INSERT INTO cases_participation (id, organisation_id, case_id, convention_id, role, since, state, urgent, sealed_key)
SELECT gen_random_uuid(), side.body, c.id, c.convention_id, side.role, c.opened_at, 'booked', false, 'k'
  FROM cases_case c JOIN made ON made.id = c.id
 CROSS JOIN LATERAL (VALUES (c.sender_id, 'sender'), (c.caisse_id, 'recipient')) side (body, role);
INSERT INTO secondments_appointment (case_id, secondment_id, state, starts_at, ends_at, service, papers, booked_at, booked_by, outcome,
    cancelled_for)
SELECT made.id, CASE made.n % 10 WHEN 0 THEN '{secondment}'::uuid ELSE md5('agent' || (made.n % {agents} + 1))::uuid END, 'booked',
       at, at + interval '30 minutes', 'acces_droits', '{{}}', now(), gen_random_uuid(), '', ''
  FROM made CROSS JOIN LATERAL (SELECT now() - interval '400 days' + made.n * interval '3 hours' AS at) moment;
"""


@pytest.fixture
def filled(fresh_database: object) -> Lent:
    """Some agents, each with a hundred appointments and more, under row security."""
    lent = lend(since=today(PARIS) - timedelta(days=30))
    book(lent)
    with member(OFFICER):
        allowed = Authorisation.objects.get(convention_id=lent.convention)
    with connections["owner"].cursor() as cursor:
        _triggers("DISABLE")
        cursor.execute(
            FILL.format(many=MANY, agents=AGENTS, authorisation=allowed.id, secondment=lent.secondment)
        )
        _triggers("ENABLE")
        cursor.execute("ANALYZE")
    connections["owner"].close()
    return lent


def _triggers(verb: str) -> None:
    """Rows of the past, written as they are."""
    for table in TABLES:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER USER")


def plans(address: str, read: Callable[[Member], object]) -> dict[str, str]:
    """How PostgreSQL reads each query of what somebody looks at, in her own context."""
    with member(address) as someone:
        with CaptureQueriesContext(connection) as queries:
            read(someone)
        found = {}
        with connection.cursor() as cursor:
            for query in (one["sql"] for one in queries):
                if query.startswith("SELECT"):
                    cursor.execute(f"EXPLAIN {query}")
                    found[query] = "\n".join(line for (line,) in cursor.fetchall())
    return found


def scanned(found: dict[str, str]) -> list[str]:
    """The plans that read a table of appointments or cases through."""
    return [plan for plan in found.values() if any(f"Seq Scan on {table}" in plan for table in TABLES[2:])]


def test_no_list_of_a_secondment_reads_a_table_through(filled: Lent) -> None:
    day = today(PARIS)
    looked: dict[str, Callable[[Member], object]] = {
        "the agenda of a week": lambda who: agenda(
            who, known(who, filled.secondment, at=now()), day, day + 6 * DAY, at=now()
        ),
        "what is free": lambda who: free_slots(known(who, filled.secondment, at=now()), at=now()),
        "how many": lambda _who: counts(filled.secondment),
        "what is to note": lambda who: to_note(who, at=now(), limit=50),
    }
    for address in (WORKER, ADVISER):
        for name, read in looked.items():
            found = plans(address, read)
            assert any("secondments_appointment" in query for query in found), name
            assert not scanned(found), f"{name}\n" + "\n".join(scanned(found))


def week(lent: Lent, address: str) -> dict[str, str]:
    day = today(PARIS)

    def read(who: Member) -> object:
        return agenda(who, known(who, lent.secondment, at=now()), day, day + 6 * DAY, at=now())

    return plans(address, read)


def test_a_week_is_found_by_its_days_on_either_side(filled: Lent) -> None:
    for address in (WORKER, ADVISER):
        assert any("appointment_agenda" in plan for plan in week(filled, address).values())


def test_without_an_index_the_agenda_reads_its_table_through(filled: Lent) -> None:
    """The tests above can fail."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'secondments_appointment' AND indexdef LIKE '%(secondment_id%'"
        )
        names = [name for (name,) in cursor.fetchall()]
        assert {"appointment_agenda", "appointment_slot_once"} < set(names)
        for name in names:
            cursor.execute(f'DROP INDEX "{name}"')
    connections["owner"].close()
    assert scanned(week(filled, WORKER))
