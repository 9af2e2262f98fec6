"""How long things took: each band equals a question of its own, and nobody reads it who may open no case."""

from datetime import date
from typing import Final
from uuid import UUID

import pytest
from django.db import ProgrammingError, connections
from psycopg.errors import InsufficientPrivilege

from maillage.catalogue.measures import DELAYS, OF_DELAYS
from maillage.indicators.counting import amounts, amounts_by_year
from maillage.indicators.figures import Year
from tests.days import today
from tests.referrals.test_outcomes import accepted
from tests.referrals.world import (
    ADVISER,
    STRANGER,
    WORKER,
    Signed,
    member,
    send_referral,
    sign_convention,
    work,
)
from tests.rights.board.world import File, plant
from tests.rights.world import sign

_OF_REFERRALS: Final = """
SELECT {days} FROM referrals_referral r JOIN cases_case c ON c.id = r.case_id
 WHERE c.convention_id = %(convention)s AND r.state <> 'cancelled' AND {day} BETWEEN %(first)s AND %(last)s
   AND r.case_id NOT IN (SELECT case_id FROM cases_participation WHERE withheld)
"""
_SENT: Final = "(r.sent_at AT TIME ZONE 'Europe/Paris')::date"
_ACKNOWLEDGED: Final = "(r.acknowledged_at AT TIME ZONE 'Europe/Paris')::date"
APART: Final = {
    "acknowledged": _OF_REFERRALS.format(days=f"{_ACKNOWLEDGED} - {_SENT}", day=_ACKNOWLEDGED),
    "contacted": _OF_REFERRALS.format(days=f"r.contacted_on - {_SENT}", day="r.contacted_on"),
    "decided": """
SELECT a.decided_on - a.received_on FROM rights_application a JOIN cases_case c ON c.id = a.case_id
 WHERE c.convention_id = %(convention)s AND a.state <> 'cancelled' AND a.decided_on BETWEEN %(first)s AND %(last)s
   AND a.case_id NOT IN (SELECT case_id FROM cases_participation WHERE withheld)
""",
}


def apart(convention: UUID, year: int) -> dict[str, int]:
    """Each band, from the days of each file, as the owner reads them."""
    values: dict[str, UUID | date] = {
        "convention": convention,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
    }
    found: dict[str, int] = {}
    with connections["owner"].cursor() as cursor:
        for delay in DELAYS:
            cursor.execute(APART[delay.code], values)
            days = [row[0] for row in cursor.fetchall()]
            for band in delay.bands:
                last = 10**6 if band.last is None else band.last
                if held := sum(band.first <= one <= last for one in days):
                    found[band.code] = held
    return found


def counted(address: str, convention: UUID, year: int) -> dict[str, int]:
    with member(address):
        found = amounts(convention, Year(year))
    return {code: amount for code, amount in found.items() if amount and code in OF_DELAYS}


def sent_before(case: UUID, days: int) -> None:
    """As if it had been sent so many days earlier."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE referrals_referral DISABLE TRIGGER kept")
        cursor.execute(
            "UPDATE referrals_referral SET sent_at = sent_at - make_interval(days => %s) WHERE case_id = %s",
            [days, case],
        )


@pytest.fixture
def worked(fresh_database: object) -> Signed:
    """Referrals acknowledged and contacted after some days; one whose progress the person withholds, one that waits."""
    signed = sign_convention()
    for days in (0, 4, 4, 40):
        case = accepted(signed)
        work(case, "contact")
        sent_before(case, days)
    hidden = accepted(signed)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE cases_participation SET withheld = true WHERE case_id = %s AND role = 'sender'", [hidden]
        )
    work(send_referral(signed), "acknowledge")
    send_referral(signed)
    return signed


def test_each_band_of_referrals_equals_a_question_written_apart(worked: Signed) -> None:
    year = today().year
    expected = apart(worked.id, year)
    assert expected["acknowledged_0"] == 2
    assert (expected["acknowledged_3"], expected["acknowledged_11"]) == (2, 1)
    assert (expected["contacted_0"], expected["contacted_32"]) == (3, 1)
    assert counted(ADVISER, worked.id, year) == counted(WORKER, worked.id, year) == expected
    assert counted(ADVISER, worked.id, year - 1) == apart(worked.id, year - 1)


def test_each_band_of_files_equals_a_question_written_apart(fresh_database: object) -> None:
    signed = sign()
    plant(
        signed,
        File(date(2025, 12, 20), decided=11),  # decided on 31/12/2025
        File(date(2025, 12, 20), decided=12),  # on 01/01/2026
        File(date(2026, 2, 1), "ame", decided=61, state="refused", legal=None),
        File(date(2026, 2, 1), decided=31),
        File(date(2026, 2, 1), decided=32),
        File(date(2026, 2, 1), decided=10, withheld=True),
        File(date(2026, 2, 1), state="cancelled", decided=None),
    )
    assert apart(signed.id, 2025) == {"decided_11": 1}
    assert apart(signed.id, 2026) == {"decided_11": 1, "decided_21": 1, "decided_32": 1, "decided_61": 1}
    for year in (2024, 2025, 2026):
        assert counted(ADVISER, signed.id, year) == apart(signed.id, year), year


def test_several_years_are_counted_as_each_of_them(worked: Signed) -> None:
    years = [Year(today().year - back) for back in range(3)]
    with member(ADVISER):
        assert amounts_by_year(worked.id, years) == {year: amounts(worked.id, year) for year in years}
        assert amounts_by_year(worked.id, []) == {}


def test_a_party_without_cases_reads_no_delay_and_a_stranger_is_refused(worked: Signed) -> None:
    assert counted("social@carsat.example.org", worked.id, today().year) == {}
    with pytest.raises(ProgrammingError) as refused, member(STRANGER):
        amounts(worked.id, Year(today().year))
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)
