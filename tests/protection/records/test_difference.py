"""What differs between two records, whatever they hold: seen from both sides, nothing forgotten, nothing made up."""

from hypothesis import given
from hypothesis import strategies as st

from maillage.protection.records.rules import (
    Entry,
    Field,
    Line,
    Part,
    Record,
    canonical,
    difference,
    digest,
    parsed,
)

words = st.text(min_size=1, max_size=12)
lines = st.lists(st.builds(Line, words, st.booleans()), min_size=1, max_size=3).map(tuple)
fields = st.lists(
    st.builds(Field, st.sampled_from("abc"), words, lines), max_size=3, unique_by=lambda one: one.key
)
entries = st.lists(
    st.builds(
        Entry,
        st.sampled_from("123456"),
        st.sampled_from(Part),
        words,
        st.just(""),
        fields.map(tuple),
    ),
    max_size=5,
    unique_by=lambda one: one.key,
)
records = st.builds(
    Record, fields.map(tuple), entries.map(tuple), st.lists(words, max_size=3, unique=True).map(tuple)
)


@given(records)
def test_a_record_is_read_back_as_it_was_written(record: Record) -> None:
    assert parsed(canonical(record)) == record
    assert digest(canonical(parsed(canonical(record)))) == digest(canonical(record))
    assert difference(record, record).is_nothing


@given(records, records)
def test_what_one_side_adds_the_other_removes_and_each_change_has_its_contrary(
    one: Record, other: Record
) -> None:
    there, back = difference(one, other), difference(other, one)
    keys = {entry.key for entry in one.entries}, {entry.key for entry in other.entries}
    assert len(there.added) == len(back.removed) == len(keys[1] - keys[0])
    assert len(there.removed) == len(back.added) == len(keys[0] - keys[1])
    assert len(there.changed) == len(back.changed)
    forth = sum(len(changes) for _, changes in there.changed)
    assert forth == sum(len(changes) for _, changes in back.changed)


@given(records, words)
def test_a_field_that_says_something_else_is_told_with_what_it_said(record: Record, word: str) -> None:
    said = Field("d", "Finalités", (Line(word),))
    before = Entry("new", Part.CONTROLLER, "Essai", "", (said,))
    after = Entry("new", Part.CONTROLLER, "Essai", "", (Field("d", "Finalités", (Line(word, asked=True),)),))
    ((title, (change,)),) = difference(_with(record, before), _with(record, after)).changed
    assert title.endswith("Essai")
    assert (change.before, change.after) == (word, f"[{word}]")


def _with(record: Record, entry: Entry) -> Record:
    return Record(record.head, (*record.entries, entry), record.measures)
