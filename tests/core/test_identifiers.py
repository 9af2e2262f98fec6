"""Official numbers as people type them."""

from hypothesis import given
from hypothesis import strategies as st

from maillage.core.identifiers import compact_number


@given(st.text(max_size=20))
def test_a_number_without_its_spaces_has_none_left(text: str) -> None:
    """In capitals first: « ΐ » has none of its own and becomes three characters, two of them accents."""
    assert compact_number(compact_number(text)) == compact_number(text)
    assert compact_number("2\u0390") == "2\u0399"
    assert compact_number("1 84.02-2a") == "184022A"
