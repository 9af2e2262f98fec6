"""The board of a convention's files at the size of years: its page against the same figures by SQL, without any policy.

Written by SQL as the owner with the triggers off: one caisse, one partner, a year of decisions in the period and as many outside it.
"""

from typing import Final
from uuid import UUID

from django.test import Client

from benchmarks import seed
from benchmarks.database import Bench
from benchmarks.measure import Line, statements_of, wall
from maillage.demo.directory import load_directory
from maillage.organisations.models import User

TABLES: Final = (
    "cases_case",
    "cases_participation",
    "cases_authorisation",
    "rights_application",
    "rights_piecerequest",
)
CONVENTION: Final = UUID(int=2)
PERIOD: Final = ("2025-01-01", "2026-01-01")
RUNS: Final = 3

_FILL: Final = """
INSERT INTO cases_authorisation (id, convention_id, flow_key, sender_id, recipient_id, service, article, open_during, rights)
VALUES (%(convention)s, %(convention)s, 'depot_dossiers', %(partner)s, %(caisse)s, 'acces_droits', '4.2', tstzrange('2020-01-01', NULL),
        ARRAY['puma', 'c2s', 'ame']);
CREATE TEMP TABLE made AS
SELECT gen_random_uuid() AS id, n, (ARRAY['puma', 'c2s', 'ame'])[n %% 3 + 1] AS of_right, n %% 10 = 0 AS urgent, n %% 20 > 0 AS decided,
       DATE '2024-06-01' + n %% 730 AS received, n * 7 %% 45 AS days
  FROM generate_series(1, %(count)s) n;
INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)
SELECT id, %(convention)s, %(convention)s, 'application', 'acces_droits', %(partner)s, %(caisse)s, received FROM made;
INSERT INTO rights_application (case_id, "right", urgent, proof, state, handed_to, sent_at, sent_by, received_on, complete_on, promised_on,
    legal_on, silence, decided_on, by_silence, opened, opens_on, end_reason, closed_at, closed_by, notified_on, notified_how)
SELECT id, of_right, urgent, CASE WHEN urgent THEN 'certificat_medical' ELSE '' END,
       CASE WHEN decided THEN 'granted' ELSE 'complete' END, '', received, id, received, received + days / 3, received + 31, received + 61,
       'rejection', CASE WHEN decided THEN received + days END, false, CASE WHEN decided THEN of_right ELSE '' END,
       CASE WHEN decided THEN received + days END, '', CASE WHEN decided THEN received + days + 1 END, CASE WHEN decided THEN id END,
       CASE WHEN decided THEN received + days + 2 END, CASE WHEN decided THEN 'letter' ELSE '' END
  FROM made;
INSERT INTO cases_participation (id, organisation_id, case_id, convention_id, role, since, state, closed_at, urgent, sealed_key, kind,
    service, reference, turn)
SELECT gen_random_uuid(), side.organisation, id, %(convention)s, side.role, received,
       CASE WHEN decided THEN 'granted' ELSE 'complete' END, CASE WHEN decided THEN received + days + 1 END, urgent,
       decode(repeat('00', 124), 'hex'), 'application', 'acces_droits', cases_reference(id), received - DATE '2000-01-01'
  FROM made CROSS JOIN LATERAL (VALUES (%(caisse)s::uuid, 'recipient'), (%(partner)s::uuid, 'sender')) side (organisation, role);
INSERT INTO rights_piecerequest (id, case_id, number, keys, indispensable, asked_on, again, asked_at, asked_by, answered_on, answered_at,
    answered_by)
SELECT gen_random_uuid(), id, round, ARRAY['tax'], true, received, CASE round WHEN 1 THEN '' ELSE 'appeared' END, received, id, received,
       received, id
  FROM made CROSS JOIN generate_series(1, 2) round WHERE n %% 8 = 0;
"""
# The figures of the page, of the caisse that the convention names, as somebody would ask PostgreSQL for them by hand.
_PLAIN: Final = (
    """
    SELECT a."right", a.urgent, a.state, count(*) FROM cases_case c JOIN rights_application a ON a.case_id = c.id
     WHERE c.convention_id = %(convention)s AND c.caisse_id = %(caisse)s AND c.opened_at >= %(since)s AND c.opened_at < %(until)s
     GROUP BY 1, 2, 3
    """,
    """
    SELECT a."right", a.urgent, a.decided_on - a.received_on, a.complete_on - a.received_on, a.decided_on - a.complete_on,
           a.notified_on - a.decided_on, a.decided_on <= a.promised_on, a.decided_on <= a.legal_on, a.by_silence, count(*)
      FROM cases_case c JOIN rights_application a ON a.case_id = c.id
     WHERE c.convention_id = %(convention)s AND c.caisse_id = %(caisse)s AND a.decided_on >= %(since)s AND a.decided_on < %(until)s
     GROUP BY GROUPING SETS ((1, 2, 3, 7, 8, 9), (2, 4), (2, 5), (2, 6))
    """,
    """
    SELECT r.again, count(*) FROM rights_piecerequest r JOIN cases_case c ON c.id = r.case_id
     WHERE c.convention_id = %(convention)s AND c.caisse_id = %(caisse)s AND r.number > 1
       AND r.asked_on >= %(since)s AND r.asked_on < %(until)s GROUP BY 1
    """,
    """
    SELECT count(*) FROM cases_case c JOIN rights_application a ON a.case_id = c.id
     WHERE c.convention_id = %(convention)s AND c.caisse_id = %(caisse)s AND a.closed_at IS NULL
    """,
)


def fill(count: int) -> None:
    """So many applications of one partner to one caisse under a convention."""
    seed.texts(2)
    seed.quietly(_FILL, seed.between(count, convention=CONVENTION), tables=TABLES)


def lines(bench: Bench, database: str, count: int, *, address: str) -> list[Line]:
    """The page on the clock against its figures by plain SQL as a superuser, by turns; and its number of queries."""
    client = Client(HTTP_HOST="127.0.0.1")
    user = User.objects.get(email=address)
    client.force_login(user)
    since, until = PERIOD
    url = f"/droits/conventions/{CONVENTION}/suivi/?du={since}&au={until}"

    def get() -> None:
        answer = client.get(url)
        assert answer.status_code == 200, answer.status_code
        assert "Délai total moyen" in answer.content.decode()

    values = {"convention": CONVENTION, "caisse": load_directory()["cpam"].id, "since": since, "until": until}
    with bench.server.connect(database) as superuser:

        def plain() -> None:
            for statement in _PLAIN:
                superuser.execute(statement, values).fetchall()

        get()
        queries = len(statements_of(get))
        rounds = [(wall(get, runs=RUNS), wall(plain, runs=RUNS)) for _ in range(3)]
    page, raw = (min(column) for column in zip(*rounds, strict=True))
    name = f"suivi de {count} dossiers"
    return [
        Line(
            f"{name} : page / son SQL",
            page / raw,
            3.0,
            "below",
            f"{page * 1000:.0f} ms contre {raw * 1000:.0f} ms",
        ),
        Line(f"{name} : requêtes", float(queries), 20.0, "below"),
    ]
