"""Amounts as people type them."""

import pytest
from django.core.exceptions import ValidationError

from maillage.web.presentation.amounts import EurosField


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1 234,50 €", 1235),
        ("1 234,49 €", 1234),
        ("1\u202f234", 1234),
        ("1234.5", 1235),
        ("1.234,50 euros", 1235),
        ("1.234", None),
        ("12.50", 13),
        ("1 234 567", 1_234_567),
        ("0", 0),
        ("  900€", 900),
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
    field = EurosField(required=False)
    if amount is None:
        with pytest.raises(ValidationError):
            field.clean(typed)
    else:
        assert field.clean(typed) == amount


def test_nothing_typed_is_no_amount() -> None:
    assert EurosField(required=False).clean(" ") is None
