"""What a national year counts, under every convention at once, against the same figures by SQL written for the purpose.

80 230 referrals with 127 000 renunciations (S4, 2019) and 500 000 applications under 4 000 conventions, written as the owner with the
triggers off. The hand-written statements know that nothing is withheld, that every convention has one time zone, and no other year.
"""

from typing import Final
from uuid import UUID

from django.db import connections

from benchmarks import seed
from benchmarks.database import Bench
from benchmarks.measure import Line, wall

CONVENTIONS: Final = 4_000
REFERRALS: Final = 80_230
RENUNCIATIONS: Final = 127_000
APPLICATIONS: Final = 500_000
PERIOD: Final = ("2025-01-01", "2026-01-01")
RUNS: Final = 3
ROUNDS: Final = 3
TABLES: Final = (
    "cases_authorisation",
    "cases_case",
    "referrals_referral",
    "referrals_renunciation",
    "rights_application",
)
YEARS: Final = 10
TENTH: Final = 10
"""A year of each of these databases is a tenth of a national one: ten of them are what one is, ten years long."""
_FLOWS: Final = """
INSERT INTO cases_authorisation (id, convention_id, flow_key, sender_id, recipient_id, service, article, open_during, rights)
SELECT gen_random_uuid(), v.id, flow.key, %(partner)s, %(caisse)s, flow.service, '3', tstzrange('2020-01-01', NULL), flow.rights
  FROM conventions_convention v
 CROSS JOIN (VALUES ('orientation', 'misas', '{}'::text[]), ('dossiers', 'rights', '{puma,c2s,ame}')) flow (key, service, rights)
"""
_YEAR: Final = """
CREATE TEMP TABLE under AS
SELECT id, convention_id, service, row_number() OVER (PARTITION BY service ORDER BY id) - 1 AS place FROM cases_authorisation;
CREATE TEMP TABLE sent AS
SELECT uuidv7(at - now()) AS id, n, u.id AS authorisation, u.convention_id, at, n %% 8 > 0 AS ended
  FROM generate_series(1, %(referrals)s) n JOIN under u ON u.service = 'misas' AND u.place = n %% %(conventions)s
 CROSS JOIN LATERAL (SELECT %(first)s::date::timestamptz + interval '9 hours' + n %% 364 * interval '1 day') sent (at)
 ORDER BY at, n;
INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)
SELECT id, authorisation, convention_id, 'referral', 'misas', %(partner)s, %(caisse)s, at FROM sent;
INSERT INTO referrals_referral (case_id, state, urgent, motives, sent_at, sent_by, acknowledged_at, acknowledged_by, accepted_at,
    accepted_by, closed_at, closed_by, end_reason, care_outcome, rights_outcome, redirected_to)
SELECT id, CASE WHEN ended THEN 'closed' ELSE 'accepted' END, false, ARRAY['cost'], at, id, at, id, at, id,
       CASE WHEN ended THEN at + interval '1 hour' END, CASE WHEN ended THEN id END, '',
       CASE WHEN ended THEN (ARRAY['done', 'refused', 'done', 'other', 'none_needed'])[n %% 5 + 1] ELSE '' END,
       CASE WHEN ended THEN (ARRAY['opened', 'none', 'accompanied'])[n %% 3 + 1] ELSE '' END, ''
  FROM sent;
INSERT INTO referrals_renunciation (id, case_id, care, reason, found_by, outcome, why)
SELECT gen_random_uuid(), s.id, (ARRAY['optics', 'gynaecology', 'general_practice'])[k], 'cost', 'sender', '', ''
  FROM sent s JOIN generate_series(1, 2) k ON k = 1 OR s.n <= %(renunciations)s - %(referrals)s;
CREATE TEMP TABLE filed AS
SELECT uuidv7(day - now()) AS id, n, u.id AS authorisation, u.convention_id, day,
       (ARRAY['puma', 'c2s', 'ame'])[n %% 3 + 1] AS of_right, n %% 20 > 0 AS decided, n * 7 %% 30 AS days
  FROM generate_series(1, %(applications)s) n JOIN under u ON u.service = 'rights' AND u.place = n %% %(conventions)s
 CROSS JOIN LATERAL (SELECT %(first)s::date + 1 + n %% 330) filed (day)
 ORDER BY day, n;
INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)
SELECT id, authorisation, convention_id, 'application', 'rights', %(partner)s, %(caisse)s, day FROM filed;
INSERT INTO rights_application (case_id, "right", urgent, proof, state, handed_to, sent_at, sent_by, received_on, complete_on, silence,
    decided_on, by_silence, opened, opens_on, end_reason, closed_at, closed_by, notified_how)
SELECT id, of_right, false, '', CASE WHEN decided THEN 'granted' ELSE 'complete' END, '', day, id, day, day, '',
       CASE WHEN decided THEN day + days END, false, CASE WHEN decided THEN of_right ELSE '' END, CASE WHEN decided THEN day END, '',
       CASE WHEN decided THEN day + days + 1 END, CASE WHEN decided THEN id END, ''
  FROM filed;
DROP TABLE under, sent, filed
"""
_PLAIN: Final = (
    """
    SELECT c.convention_id, count(*), count(*) FILTER (WHERE c.service = 'misas'), count(*) FILTER (WHERE c.service = 'ssam'),
           count(*) FILTER (WHERE c.service = 'eps'), count(*) FILTER (WHERE c.service = 'digital'),
           count(*) FILTER (WHERE r.closed_at IS NULL), count(*) FILTER (WHERE r.care_outcome NOT IN ('', 'none_needed')),
           count(*) FILTER (WHERE r.care_outcome = 'done'), count(*) FILTER (WHERE r.care_outcome NOT IN ('', 'done', 'none_needed')),
           count(*) FILTER (WHERE r.care_outcome NOT IN ('', 'done', 'none_needed')
                              AND r.rights_outcome IN ('opened', 'under_way', 'accompanied')),
           count(*) FILTER (WHERE r.care_outcome = 'none_needed')
      FROM referrals_referral r JOIN cases_case c ON c.id = r.case_id
     WHERE r.sent_at >= %(since)s AND r.sent_at < %(until)s GROUP BY 1
    """,
    """
    SELECT c.convention_id, count(*), count(DISTINCT n.case_id)
      FROM referrals_renunciation n JOIN referrals_referral r ON r.case_id = n.case_id JOIN cases_case c ON c.id = n.case_id
     WHERE n.found_by = 'sender' AND r.sent_at >= %(since)s AND r.sent_at < %(until)s GROUP BY 1
    """,
    """
    SELECT c.convention_id, count(*) FILTER (WHERE a.sent_at >= %(since)s AND a.sent_at < %(until)s),
           count(*) FILTER (WHERE a."right" = 'puma'), count(*) FILTER (WHERE a."right" = 'c2s'), count(*) FILTER (WHERE a."right" = 'ame'),
           count(*) FILTER (WHERE a.decided_on >= %(since)s AND a.decided_on < %(until)s),
           sum(a.decided_on - a.received_on) FILTER (WHERE a.decided_on >= %(since)s AND a.decided_on < %(until)s)
      FROM rights_application a JOIN cases_case c ON c.id = a.case_id GROUP BY 1
    """,
    """
    SELECT c.convention_id, a.opened, count(*) FROM rights_application a JOIN cases_case c ON c.id = a.case_id
     WHERE a.decided_on >= %(since)s AND a.decided_on < %(until)s GROUP BY 1, 2
    """,
)


def fill(*, years: int = 1, share: int = 1) -> None:
    """So many national years, the last one that of PERIOD, each a `share`th of one, under as many times fewer conventions."""
    count = CONVENTIONS // share
    seed.conventions(count)
    named = {
        "conventions": count,
        "referrals": REFERRALS // share,
        "renunciations": RENUNCIATIONS // share,
        "applications": APPLICATIONS // share,
    }
    known = seed.between(0)
    seed.quietly(_FLOWS, known, tables=TABLES)
    seed.quietly(_YEAR, *({**known, **named, "first": first} for first, _ in _periods(years)), tables=TABLES)


def _periods(years: int) -> list[tuple[str, str]]:
    last = int(PERIOD[0][:4])
    return [(f"{year}-01-01", f"{year + 1}-01-01") for year in range(last - years + 1, last + 1)]


def _counted(period: tuple[str, str], convention: UUID | None = None) -> int:
    with connections["owner"].cursor() as owner:
        owner.execute("SELECT * FROM indicators_counted(%s, %s, %s)", [convention, *period])
        return len(owner.fetchall())


def _taken(bench: Bench, database: str, period: tuple[str, str]) -> float:
    bench.point_at(database)
    return wall(lambda: _counted(period), runs=RUNS)


def growth(bench: Bench, one: str, ten: str) -> list[Line]:
    """Ten years counted as one period where ten are kept, by turns with a year where it is alone, ten times; and each year in turn."""
    known = _periods(YEARS)
    all_of_them = known[0][0], known[-1][1]
    rounds = [(_taken(bench, one, PERIOD), _taken(bench, ten, all_of_them)) for _ in range(ROUNDS)]
    alone, whole = (min(column) for column in zip(*rounds, strict=True))
    in_turn = wall(lambda: [_counted(period) for period in known], runs=1)
    said = f"{whole:.2f} s contre {YEARS} × {alone:.2f} s ; une année après l’autre parmi elles : {in_turn:.2f} s"
    return [
        Line(
            f"{YEARS} années comptées / {YEARS} fois une, seule", whole / (YEARS * alone), 1.0, "below", said
        )
    ]


def lines(bench: Bench, database: str) -> list[Line]:
    """The year of all conventions on the clock against its hand-written SQL, by turns; and that of one convention."""
    values = {"since": PERIOD[0], "until": PERIOD[1]}
    with connections["owner"].cursor() as owner, bench.server.connect(database) as superuser:
        owner.execute("SELECT convention_id FROM cases_authorisation ORDER BY convention_id LIMIT 1")
        (one,) = owner.fetchone()

        def plain() -> None:
            for statement in _PLAIN:
                superuser.execute(statement, values).fetchall()

        rows = _counted(PERIOD)
        rounds = [(wall(lambda: _counted(PERIOD), runs=RUNS), wall(plain, runs=RUNS)) for _ in range(ROUNDS)]
        alone = wall(lambda: _counted(PERIOD, one), runs=RUNS)
    whole, raw = (min(column) for column in zip(*rounds, strict=True))
    return [
        Line(
            f"une année nationale, {CONVENTIONS} conventions : comptée / son SQL à la main",
            whole / raw,
            3.0,
            "below",
            f"{whole:.2f} s contre {raw:.2f} s, {rows} comptes",
        ),
        Line("l’année d’une convention parmi elles, ms", alone * 1000, 100.0, "below"),
    ]
