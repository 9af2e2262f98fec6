"""What a validated sheet keeps of what was counted: all of it, the same whoever validates, read by whoever reads it exactly."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import Error, connection, connections, transaction

from maillage.audit.models import Entry
from maillage.catalogue.measures import DELAYS
from maillage.conventions.lifecycle.models import Convention
from maillage.core.clock import now
from maillage.indicators.counting import amounts
from maillage.indicators.figures import Year
from maillage.indicators.sheets import actions
from maillage.indicators.sheets.actions import Given
from maillage.indicators.sheets.models import YearAnswer, YearCounts, YearSheet
from maillage.indicators.sheets.queries import sheet_of
from maillage.indicators.sheets.rules import Said
from tests.days import today
from tests.referrals.test_outcomes import accepted, noting
from tests.referrals.world import (
    ADVISER,
    READER,
    Signed,
    all_done,
    member,
    organisation,
    send_referral,
    sign_convention,
)
from tests.rights.board.world import File, plant
from tests.rights.world import sign
from tests.tiers import spread
from tests.training.test_counts import taught_year
from tests.training.world import teach

YEAR = Year(today().year)
BARRED = "referente@carsat.example.org"
"""Of the CARSAT, which signs these conventions and opens no case under them: it stands for the CAF."""


def after() -> datetime:
    """An instant at which the year that runs is over."""
    return now() + timedelta(days=366)


def validate(convention: UUID, by: str = READER) -> YearSheet:
    with member(by) as actor:
        row = Convention.objects.get(pk=convention)
        return actions.validate(convention=row, year=YEAR, by=actor, at=after())


def reopen(convention: UUID, by: str = READER) -> YearSheet:
    with member(by) as actor:
        row = Convention.objects.get(pk=convention)
        return actions.reopen(convention=row, year=YEAR, reason="Une erreur.", by=actor, at=after())


def frozen(convention: UUID, by: str = READER) -> dict[str, int] | None:
    with member(by):
        found = sheet_of(convention, YEAR).amounts
        return None if found is None else {code: amount for code, amount in found.items() if amount}


def counted(convention: UUID, by: str = READER) -> dict[str, int]:
    with member(by):
        return {code: amount for code, amount in amounts(convention, YEAR).items() if amount}


def held_by_the_barred(convention: UUID) -> None:
    """As if the CARSAT had drawn the text up."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE conventions_convention DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE conventions_convention SET drafted_by_id = %s WHERE id = %s",
            [organisation("CARSAT RA").id, convention],
        )
        cursor.execute("ALTER TABLE conventions_convention ENABLE TRIGGER USER")


@pytest.fixture
def worked(fresh_database: object) -> Signed:
    """A convention under which one person was sent and helped, and another waits."""
    signed = sign_convention()
    case = accepted(signed)
    with member(ADVISER):
        done = all_done(case)
    noting(case, done, closing=True)
    send_referral(signed)
    return signed


def test_it_keeps_what_its_parties_count_that_day(worked: Signed) -> None:
    before = counted(worked.id)
    assert before["referrals_sent"] == 2
    assert (before["care_done"], before["acknowledged_0"]) == (1, 1)
    validate(worked.id)
    send_referral(worked)
    assert counted(worked.id) != before
    assert frozen(worked.id) == before


def test_it_keeps_files_and_their_delays(fresh_database: object) -> None:
    signed, on = sign(), today() - timedelta(days=40)
    if on.year != YEAR.number:
        on = today()
    plant(signed, File(on, decided=0), File(on, "ame", state="refused", decided=0, legal=None))
    validate(signed.id)
    found = frozen(signed.id)
    assert found == counted(signed.id)
    assert found is not None
    assert (found["files_decided"], found["decided_0"], found["ame_refused"]) == (2, 2, 1)


def test_it_keeps_trainings(db: None) -> None:
    taught = teach()
    taught_year(taught)
    before = counted(taught.convention)
    assert {"sessions_dedicated", "persons_trained", "attendances_open"} <= set(before)
    validate(taught.convention)
    assert frozen(taught.convention) == before


def test_a_day_is_in_the_band_that_the_catalogue_says(fresh_database: object) -> None:
    with connections["owner"].cursor() as cursor:
        for delay in DELAYS:
            cursor.execute(
                "SELECT indicators_band(%s, day) FROM generate_series(0, 400) day ORDER BY day", [delay.code]
            )
            said = [row[0] for row in cursor.fetchall()]
            assert said == [delay.band(day).code for day in range(401)]


def test_whoever_reads_no_case_validates_it_whole_and_reads_none_of_it(worked: Signed) -> None:
    held_by_the_barred(worked.id)
    before = counted(worked.id)
    row = validate(worked.id, BARRED)
    assert row.state == "validated"
    assert frozen(worked.id) == before
    assert frozen(worked.id, BARRED) is None
    with member(BARRED), connection.cursor() as cursor:
        assert YearSheet.objects.get().pk == row.pk  # it reads the sheet
        assert not YearCounts.objects.exists()
        cursor.execute("SELECT to_jsonb(s) FROM indicators_yearsheet s")
        assert "referrals_sent" not in str(cursor.fetchall())


def test_a_sheet_opened_again_keeps_nothing_until_it_is_validated_anew(worked: Signed) -> None:
    validate(worked.id)
    before = frozen(worked.id)
    reopen(worked.id)
    assert frozen(worked.id) is None
    send_referral(worked)
    validate(worked.id)
    again = frozen(worked.id)
    assert before is not None
    assert again is not None
    assert again["referrals_sent"] == before["referrals_sent"] + 1


def test_what_is_kept_is_journalled(worked: Signed) -> None:
    validate(worked.id)
    reopen(worked.id)
    with member(READER):
        found = Entry.objects.filter(object_type="indicators_yearcounts").order_by("at", "id")
        assert sorted(found.values_list("verb", flat=True)) == ["delete", "insert"]


@pytest.mark.parametrize(
    "statement",
    spread(
        [
            "INSERT INTO indicators_yearcounts (sheet_id, convention_id, amounts) SELECT id, convention_id, '{}' FROM indicators_yearsheet",
            "UPDATE indicators_yearcounts SET amounts = '{}'",
            "DELETE FROM indicators_yearcounts",
            "SELECT indicators_counted_in(convention_id, year) FROM indicators_yearsheet",
            "SELECT indicators_delays_counted(convention_id, '2000-01-01', '2099-01-01') FROM indicators_yearsheet",
            "SELECT training_counted(convention_id, '2000-01-01', '2099-01-01') FROM indicators_yearsheet",
        ],
        3,
    ),
)
def test_nobody_writes_it_but_the_validation_nor_counts_past_the_doors(
    worked: Signed, statement: str
) -> None:
    validate(worked.id)
    for address in (READER, BARRED):
        with (
            member(address),
            connection.cursor() as cursor,
            pytest.raises(Error, match="permission denied"),
            transaction.atomic(),
        ):
            cursor.execute(statement)
    assert frozen(worked.id)


UPGRADE = import_module("maillage.indicators.migrations.0008_year_counts")
AS_BEFORE = """
ALTER TABLE indicators_yearsheet ADD COLUMN amounts jsonb;
UPDATE indicators_yearsheet s SET amounts = k.amounts FROM indicators_yearcounts k WHERE k.sheet_id = s.id;
DELETE FROM indicators_yearcounts;
"""
LESS = "UPDATE indicators_yearsheet SET amounts = '{\"guides_given\": 12}'"
"""What a sheet had kept that was validated by whoever reads no case."""


@pytest.mark.parametrize("barred", [False, True])
def test_sheets_of_before_go_on(worked: Signed, *, barred: bool) -> None:
    """What they kept, or the whole where they kept less than was counted."""
    validate(worked.id)
    before = frozen(worked.id)
    if barred:
        held_by_the_barred(worked.id)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE indicators_yearsheet DISABLE TRIGGER USER")
        cursor.execute(AS_BEFORE + (LESS if barred else ""))
        cursor.execute(UPGRADE.MOVED)
    assert frozen(worked.id) == before


@pytest.mark.parametrize(
    ("said", "is_few"),
    spread(
        [
            (Said(), False),
            (Said(words="Douze ateliers."), False),
            (Said(number=Decimal(0)), False),
            (Said(number=Decimal(1)), True),
            (Said(number=Decimal(10)), True),
            (Said(number=Decimal(11)), False),
            (Said(count=0, over=11), False),
            (Said(count=11, over=11), False),
            (Said(count=10, over=40), True),
            (Said(count=30, over=31), True),
            (Said(count=31, over=30), True),
        ],
        4,
    ),
)
def test_an_answer_of_before_counts_a_few_people_only_where_it_may(
    fresh_database: object, said: Said, *, is_few: bool
) -> None:
    signed = sign()
    with member(READER) as actor:
        given = Given(("dossiers_transmis", ""), Said(number=Decimal(20)))
        convention = Convention.objects.get(pk=signed.id)
        actions.answer(convention=convention, year=YEAR, given=[given], by=actor, at=now())
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE indicators_yearanswer DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE indicators_yearanswer SET is_few = true, number = %s, words = %s, count = %s, over = %s",
            [said.number, said.words, said.count, said.over],
        )
        cursor.execute(UPGRADE.KNOWN)
    with member(READER):
        assert YearAnswer.objects.get().is_few is is_few


@pytest.mark.long
def test_a_sheet_of_before_goes_on(worked: Signed) -> None:
    """Back to the schema of before and forth again; its rows alone: test_sheets_of_before_go_on."""
    validate(worked.id)
    before = frozen(worked.id)
    quiet = {"database": "owner", "verbosity": 0, "interactive": False}
    call_command("migrate", "indicators", "0007", **quiet)
    call_command("migrate", "training", "0003", **quiet)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT amounts FROM indicators_yearsheet")
        kept = json.loads(cursor.fetchone()[0])
    assert before == {code: amount for code, amount in kept.items() if amount}
    call_command("migrate", **quiet)
    assert frozen(worked.id) == before
    reopen(worked.id)
    assert frozen(worked.id) is None
