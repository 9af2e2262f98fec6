"""Amounts as people type them."""

import pytest

from maillage.web.presentation.amounts import euros


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1 234,50 €", 1235),
        ("1 234,49 €", 1234),
        ("1\u202f234", 1234),
        ("1234.5", 1235),
        ("1.234,50 euros", 1235),
        ("1.234", 1234),
        ("12.50", 13),
        ("1 234 567", 1_234_567),
        ("0", 0),
        ("  900€", 900),
        ("", None),
        ("-5", None),
        ("mille", None),
        ("1,234", None),
        ("12 34", None),
        ("1,2,3", None),
        ("٣٤", None),
        ("9" * 400, None),
        ("1e9", None),
    ],
)
def test_an_amount_is_read_as_it_is_meant_or_not_at_all(typed: str, amount: int | None) -> None:
    assert euros(typed) == amount
