"""Official numbers as people type them, and the ids that forms make."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from maillage.core.identifiers import bound_id, compact_number, uuid7


@given(st.text(max_size=20))
def test_a_number_without_its_spaces_has_none_left(text: str) -> None:
    """In capitals first: « ΐ » has none of its own and becomes three characters, two of them accents."""
    assert compact_number(compact_number(text)) == compact_number(text)
    assert compact_number("2\u0390") == "2\u0399"
    assert compact_number("1 84.02-2a") == "184022A"


@given(st.uuids(), st.uuids(), st.uuids())
def test_a_row_has_one_id_for_its_author_and_another_for_anyone_else(
    one: UUID, other: UUID, third: UUID
) -> None:
    token = uuid7()
    mine = bound_id(token, organisation=one, author=other)
    assert mine == bound_id(token, organisation=one, author=other)
    assert mine.version == 7
    assert mine != token
    assert (bound_id(token, organisation=one, author=third) == mine) == (third == other)


def test_rows_follow_each_other_in_the_order_of_time() -> None:
    one, other = uuid7(), uuid7()
    earlier = UUID(int=one.int - (1 << 90))
    assert bound_id(earlier, organisation=one, author=other) < bound_id(one, organisation=one, author=other)
