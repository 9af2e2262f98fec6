"""What is counted under a convention: each measure equals a question of its own, written apart; who reads what."""

from datetime import date
from typing import Final
from uuid import UUID

import pytest
from django.db import ProgrammingError, connections, transaction
from psycopg.errors import InsufficientPrivilege

from benchmarks.seed import quietly
from maillage.catalogue.measures import COUNTED, OF_DELAYS
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.indicators.counting import amounts
from maillage.indicators.figures import Year
from maillage.referrals.content import Situation
from maillage.rights.board.actions import draw
from maillage.rights.sampled.rules import Between
from tests.days import today
from tests.referrals.test_outcomes import TWO, accepted, noting
from tests.referrals.world import (  # fmt: skip
    ADVISER,
    STRANGER,
    WORKER,
    Signed,
    all_done,
    member,
    send_referral,
    sign_convention,
    stop,
    work,
)
from tests.rights.board.world import File, plant
from tests.rights.world import sign

REFERRALS: Final = """
SELECT count(*) FROM referrals_referral r JOIN cases_case c ON c.id = r.case_id
 WHERE c.convention_id = %(convention)s AND r.state <> 'cancelled'
"""
SENT: Final = REFERRALS + " AND (r.sent_at AT TIME ZONE 'Europe/Paris')::date BETWEEN %(first)s AND %(last)s"
ENDED: Final = (
    REFERRALS
    + " AND r.state = 'closed' AND (r.closed_at AT TIME ZONE 'Europe/Paris')::date BETWEEN %(first)s AND %(last)s"
    " AND r.case_id NOT IN (SELECT case_id FROM cases_participation WHERE withheld)"
)
FILES: Final = """
SELECT count(*) FROM rights_application a JOIN cases_case c ON c.id = a.case_id
 WHERE c.convention_id = %(convention)s AND a.state <> 'cancelled'
"""
FILED: Final = FILES + " AND (a.sent_at AT TIME ZONE 'Europe/Paris')::date BETWEEN %(first)s AND %(last)s"
DECIDED: Final = (
    FILES
    + " AND a.decided_on BETWEEN %(first)s AND %(last)s"
    + " AND a.case_id NOT IN (SELECT case_id FROM cases_participation WHERE withheld)"
)
FOLLOWED: Final = """
SELECT count(*) FROM referrals_rightfollowed f JOIN cases_case c ON c.id = f.case_id
 WHERE c.convention_id = %(convention)s AND f."right" = '{}' AND f.outcome = '{}'
   AND (f.settled_at AT TIME ZONE 'Europe/Paris')::date BETWEEN %(first)s AND %(last)s
   AND f.case_id NOT IN (SELECT case_id FROM cases_participation WHERE withheld)
"""
HAS_CARE: Final = (
    "EXISTS (SELECT 1 FROM referrals_renunciation n WHERE n.case_id = r.case_id AND n.found_by = 'sender')"
)
APART: Final[dict[str, str]] = {
    "referrals_sent": SENT,
    "referrals_misas": SENT + " AND c.service = 'misas'",
    "referrals_ssam": SENT + " AND c.service = 'ssam'",
    "referrals_care": f"{SENT} AND {HAS_CARE}",
    "referrals_rights": f"{SENT} AND NOT {HAS_CARE}",
    "referrals_under_way": REFERRALS + " AND r.closed_at IS NULL",
    "renunciations": "SELECT count(*) FROM referrals_renunciation n WHERE n.found_by = 'sender' AND n.case_id IN ("
    + SENT.replace("count(*)", "r.case_id")
    + ")",
    "care_ended": ENDED + " AND r.care_outcome <> 'none_needed'",
    "care_done": ENDED + " AND r.care_outcome = 'done'",
    "care_not_done": ENDED + " AND r.care_outcome IN ('not_relevant', 'refused', 'unreachable', 'other')",
    "care_helped": ENDED
    + " AND r.care_outcome IN ('not_relevant', 'refused', 'unreachable', 'other')"
    + " AND r.rights_outcome IN ('opened', 'under_way', 'accompanied')",
    "rights_ended": ENDED + " AND r.care_outcome = 'none_needed'",
    "c2s_granted": FOLLOWED.format("c2s", "opened"),
    "c2s_refused": FOLLOWED.format("c2s", "refused"),
    "ame_granted": FOLLOWED.format("ame", "opened"),
}
OF_FILES: Final[dict[str, str]] = {
    "files_sent": FILED,
    "files_puma": FILED + " AND a.\"right\" = 'puma'",
    "files_c2s": FILED + " AND a.\"right\" = 'c2s'",
    "files_ame": FILED + " AND a.\"right\" = 'ame'",
    "files_decided": DECIDED,
    "files_days": DECIDED.replace("count(*)", "sum(a.decided_on - a.received_on)"),
    "c2s_granted": DECIDED + " AND a.opened = 'c2s'",
    "ame_granted": DECIDED + " AND a.opened = 'ame'",
    "ame_refused": DECIDED + " AND a.\"right\" = 'ame' AND a.state = 'refused'",
}

_AT_NEW_YEAR: Final = """
UPDATE conventions_convention SET time_zone = %(zone)s;
UPDATE referrals_referral SET sent_at = %(first)s::timestamp AT TIME ZONE %(zone)s - %(sooner)s::interval;
UPDATE rights_application SET sent_at = %(first)s::timestamp AT TIME ZONE %(zone)s - %(sooner)s::interval
"""


def apart(questions: dict[str, str], convention: UUID, year: int) -> dict[str, int]:
    """The answers of the questions above, asked by the owner, who sees every row."""
    values: dict[str, UUID | date] = {
        "convention": convention,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
    }
    found = {}
    with connections["owner"].cursor() as cursor:
        for code, question in questions.items():
            cursor.execute(question, values)
            found[code] = cursor.fetchone()[0] or 0
    return found


def counted(address: str, convention: UUID, year: int) -> dict[str, int]:
    with member(address):
        found = amounts(convention, Year(year))
    return {code: amount for code, amount in found.items() if amount and code not in OF_DELAYS}


def shown(found: dict[str, int]) -> dict[str, int]:
    return {code: amount for code, amount in found.items() if amount}


def finish(case: UUID, answer: str, **rights: str) -> None:
    """The caisse closes it, every care with one answer."""
    with member(ADVISER):
        noted = all_done(case, answer, **rights)
    noting(case, noted, closing=True)


@pytest.fixture
def worked(fresh_database: object) -> Signed:
    """Referrals that came to every end, this year; one entered by error, one whose progress the person withholds."""
    signed = sign_convention()
    for answer, rights in (
        ("done", {}),
        ("refused", {"c2s": "under_way"}),
        ("other", {"c2s": "refused"}),
    ):
        finish(accepted(signed), answer, **rights)
    finish(accepted(signed, Situation(("cost",))), "done")
    accepted(signed)
    stop(send_referral(signed, situation=TWO), "withdraw", "moved")
    stop(send_referral(signed, situation=TWO), "cancel", "duplicate")
    withheld = accepted(signed)
    finish(withheld, "done")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE cases_participation SET withheld = true WHERE case_id = %s AND role = 'sender'",
            [withheld],
        )
    work(send_referral(signed), "acknowledge")
    return signed


def test_each_measure_of_referrals_equals_a_question_written_apart(worked: Signed) -> None:
    year = today().year
    expected = shown(apart(APART, worked.id, year))
    assert expected["referrals_sent"] == 8
    assert expected["care_ended"] == 4
    assert counted(ADVISER, worked.id, year) == expected
    assert counted(WORKER, worked.id, year) == expected
    assert counted(ADVISER, worked.id, year - 1) == {}
    assert counted(ADVISER, worked.id, year + 1) == {"referrals_under_way": expected["referrals_under_way"]}


def test_each_measure_of_files_equals_a_question_written_apart(fresh_database: object) -> None:
    signed = sign()
    new_year = date(2026, 1, 1)
    plant(
        signed,
        File(date(2025, 12, 20), decided=11),  # decided on 31/12/2025
        File(date(2025, 12, 20), decided=12),  # on 01/01/2026
        File(new_year, "ame", decided=8, state="refused"),
        File(new_year, "ame", decided=30, legal=None),
        File(new_year, "puma", state="sent", received=None, complete=None, decided=None),
        File(new_year, decided=10, withheld=True),
        File(new_year, state="cancelled", decided=None),
        File(date(2026, 12, 31), decided=20),
    )
    for year in (2025, 2026, 2027):
        expected = shown(apart(OF_FILES, signed.id, year))
        found = counted(ADVISER, signed.id, year)
        assert found == expected, year
    assert apart(OF_FILES, signed.id, 2026)["files_sent"] == 5


@pytest.mark.parametrize("zone", ["Pacific/Wallis", "Pacific/Tahiti"])
def test_a_year_begins_with_the_day_of_its_convention_wherever_it_is(worked: Signed, zone: str) -> None:
    other, year = sign(), today().year
    plant(other, File(today(), "ame", decided=8), File(today(), decided=10))
    for sooner, its_year in (("0 s", year), ("1 microsecond", year - 1)):
        quietly(
            _AT_NEW_YEAR,
            {"zone": zone, "first": date(year, 1, 1), "sooner": sooner},
            tables=("conventions_convention", "referrals_referral", "rights_application"),
        )
        for number in (year - 1, year):
            found = counted(ADVISER, worked.id, number), counted(ADVISER, other.id, number)
            expected = (8, 2) if number == its_year else (0, 0)
            assert (found[0].get("referrals_sent", 0), found[1].get("files_sent", 0)) == expected


def test_a_drawn_sample_counts_in_the_year_in_which_its_period_ends(fresh_database: object) -> None:
    signed = sign()
    plant(signed, *(File(date(2025, 3, day), decided=10 + day) for day in range(1, 7)))
    with member("referente@cpam.example.org") as someone:
        known = load(Convention.objects.get(id=signed.id))
        between = Between(date(2025, 1, 1), date(2026, 1, 1))
        draw(known=known, between=between, size=4, by=someone, at=now())
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT cardinality(drawn), (SELECT sum(d) FROM unnest(days) d) FROM rights_sample")
        files, days = cursor.fetchone()
    found = counted(ADVISER, signed.id, 2025)
    assert (found["sample_files"], found["sample_days"]) == (files, days) == (4, days)
    assert "sample_files" not in counted(ADVISER, signed.id, 2026)


def test_a_stranger_is_refused_and_a_party_without_cases_reads_nothing_of_people(worked: Signed) -> None:
    year = today().year
    assert counted("social@carsat.example.org", worked.id, year) == {}
    with (
        pytest.raises(ProgrammingError) as refused,
        member(STRANGER),
    ):
        amounts(worked.id, Year(year))
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


def test_no_runtime_role_counts_without_the_door(worked: Signed) -> None:
    for alias in ("default", "worker", "statistics"):
        with (
            pytest.raises(ProgrammingError) as refused,
            transaction.atomic(using=alias),
            acting(organisation=None, using=alias),
            connections[alias].cursor() as cursor,
        ):
            cursor.execute("SELECT * FROM indicators_counted(NULL, '2026-01-01', '2027-01-01')")
        assert isinstance(refused.value.__cause__, InsufficientPrivilege)


def test_all_conventions_together_are_counted_as_each_of_them(worked: Signed) -> None:
    other = sign()
    plant(other, File(today(), "ame", decided=8), File(today(), decided=10))
    ends = [date(today().year, 1, 1), date(today().year + 1, 1, 1)]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT convention, measure, amount FROM indicators_counted(NULL, %s, %s)", ends)
        whole = {(one, code): amount for one, code, amount in cursor.fetchall() if amount}
        each: dict[tuple[UUID, str], int] = {}
        for convention in (worked.id, other.id):
            cursor.execute("SELECT * FROM indicators_counted(%s, %s, %s)", [convention, *ends])
            each |= {(one, code): amount for one, code, amount in cursor.fetchall() if amount}
    assert whole == each
    assert {code for _, code in whole} <= set(COUNTED)
