"""Days, amounts, yes and no as people write them; what has two meanings is asked again."""

import contextlib
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.calendar import french
from maillage.core.french import date_in_words
from maillage.core.spreadsheets.tables import Value
from maillage.core.spreadsheets.values import (
    FIRST,
    LAST,
    NotUnderstood,
    amount_of,
    day_of,
    text_of,
    yes_no_of,
)
from maillage.core.spreadsheets.xlsx import day_of_serial

DAY = date(2024, 11, 14)
DAYS = st.dates(FIRST, LAST)
CENTS = st.integers(-(10**10), 10**10)
SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "\u2009"])


@pytest.mark.parametrize(
    "said",
    [
        DAY, "14/11/2024", "14.11.2024", "14-11-2024", " 14 11 2024 ", "2024-11-14", "2024-11-14T00:00:00", "2024-11-14 09:30",
        "14/11/2024 00:00:00", "14 novembre 2024", "jeudi 14 Novembre 2024", "14 NOV. 2024", "14\u00a0novembre\u00a02024", "45610",
        Decimal(45610),
    ],
)  # fmt: skip
def test_a_day_is_understood(said: Value) -> None:
    assert day_of(said) == DAY


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "Écrivez une date"),
        ("bientôt", "Écrivez une date"),
        ("14/11/24", "quatre chiffres"),
        ("31/02/2024", "n’est pas une date"),
        ("11/14/2024", "n’est pas une date"),
        ("14 brumaire 2024", "n’est pas une date"),
        ("14/11-2024", "Écrivez une date"),
        ("01/01/1899", "entre 1900 et 2199"),
        (date(9999, 1, 1), "entre 1900 et 2199"),
        (Decimal("45610.5"), "Écrivez une date"),
        (Decimal(-3), "Écrivez une date"),
        (True, "Écrivez une date"),
        ("१४/११/२०२४", "Écrivez une date"),
    ],
)
def test_what_is_no_day_says_what_to_write(said: Value, told: str) -> None:
    with pytest.raises(NotUnderstood, match=told):
        day_of(said)


@given(DAYS)
def test_every_way_to_write_a_day_leads_to_it(day: date) -> None:
    for said in (day, day.isoformat(), french(day), f"{day.day}/{day.month}/{day.year}", date_in_words(day)):
        assert day_of(said) == day


@given(st.integers(1001, 100_000), st.booleans())
def test_days_counted_by_a_spreadsheet_follow_each_other(serial: int, since_1904: bool) -> None:
    found = day_of(Decimal(serial), since_1904=since_1904)
    assert found == day_of(str(serial), since_1904=since_1904)
    assert found == day_of_serial(serial - 1, since_1904=since_1904) + timedelta(days=1)


def test_the_day_that_excel_counts_and_no_calendar_has_is_refused() -> None:
    assert (day_of_serial(59), day_of_serial(61)) == (date(1900, 2, 28), date(1900, 3, 1))
    with pytest.raises(ValueError, match="60"):
        day_of_serial(60)


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("1 234,50 €", "1234.50"),
        ("1\u00a0234,50\u00a0€", "1234.50"),
        ("1\u202f234,5 euros", "1234.50"),
        ("1234.5", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50 EUR", "1234.50"),
        ("1234567", "1234567.00"),
        ("−12,00 €", "-12.00"),
        (Decimal("1234.505"), "1234.51"),
        ("0", "0.00"),
    ],
)
def test_an_amount_is_understood(said: Value, amount: str) -> None:
    assert str(amount_of(said)) == amount


@pytest.mark.parametrize(
    "said", ["", "€", "1,234", "1.234", "12 34", "1 2345", "1e3", "12,345", "douze", "1,2,3", True, DAY, "٣"]
)
def test_what_is_no_amount_or_has_two_meanings_is_refused(said: Value) -> None:
    with pytest.raises(NotUnderstood, match=r"comme 1 234,50"):
        amount_of(said)


def test_an_amount_that_is_too_large_is_said_so() -> None:
    for said in (Decimal("1E+300"), "9" * 5000, "-1 000 000 000"):
        with pytest.raises(NotUnderstood, match="trop grand"):
            amount_of(said)


@given(CENTS, SPACES, st.sampled_from(["", " €", "€", "\u00a0EUR", " euros"]))
def test_every_way_to_write_an_amount_leads_to_it(cents: int, space: str, unit: str) -> None:
    amount = Decimal(cents) / 100
    for written in (
        f"{amount:,.2f}".replace(",", space).replace(".", ","),
        f"{amount:.2f}",
        f"{amount:.2f}".replace(".", ","),
    ):
        assert amount_of(f" {written}{unit} ") == amount
    assert amount_of(amount) == amount
    assert amount_of(text_of(amount)) == amount


def test_yes_and_no_are_understood_and_nothing_else() -> None:
    assert all(yes_no_of(said) for said in ("Oui", " OUI ", "x", "Vrai", "1", Decimal(1), True))
    assert not any(yes_no_of(said) for said in ("Non", "n", "FAUX", "0", Decimal(0), False))
    for said in ("", "peut-être", Decimal(2), DAY):
        with pytest.raises(NotUnderstood, match="oui ou non"):
            yes_no_of(said)


@given(st.one_of(st.text(), st.decimals(allow_nan=False, allow_infinity=False), DAYS, st.booleans()))
def test_a_cell_read_as_anything_is_understood_or_refused(value: Value) -> None:
    again = text_of(value)
    assert text_of(again) == again
    for read in (day_of, amount_of, yes_no_of):
        with contextlib.suppress(NotUnderstood):
            read(value)
