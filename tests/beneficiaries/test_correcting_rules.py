"""What a corrected identity is: the faults of any identity, what changed by name, and whether an objection still knows her."""

from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from maillage.beneficiaries.rules import (
    IDENTITY_FIELDS,
    NOTHING_CORRECTED,
    Identity,
    changed_fields,
    correction_problems,
    identity_problems,
    known_as,
    stays_hers,
    surely,
    tidied,
)

ON = date(2025, 3, 14)
NIRS = ("", "2 84 02 42 147 000 69", "1 99 07 2A 004 000 10", "1.99.07.2B.004.000.37")
PERSON = Identity("Quintessence", "Ondine", date(1984, 2, 29), phone="06 00 00 00 17", nir=NIRS[1])
WORDS = st.text(st.characters(categories=["L", "Zs"]), max_size=12)


@st.composite
def people(draw: Any) -> Identity:
    """Somebody as a form may take her, right or wrong."""
    return Identity(
        surname=draw(WORDS), given_name=draw(WORDS), birth_date=draw(st.dates(date(1900, 1, 1), date(2030, 1, 1))),
        phone=draw(st.sampled_from(["", "06 00 00 00 17", "0600000017", "abc"])), email=draw(st.sampled_from(["", "a@b.fr", "a"])),
        other_way=draw(WORDS), safe_time=draw(WORDS), nir=draw(st.sampled_from(NIRS)), language=draw(WORDS),
        do_not_call=draw(st.booleans()), representative=draw(WORDS),
    )  # fmt: skip


def test_each_field_of_an_identity_has_its_name_in_words() -> None:
    assert set(IDENTITY_FIELDS) == {one.name for one in fields(Identity)}
    assert all(words.strip() for words in IDENTITY_FIELDS.values())


@given(people(), people())
def test_what_changed_is_named_and_nothing_else(former: Identity, corrected: Identity) -> None:
    named = changed_fields(former, corrected)
    assert named == changed_fields(corrected, former)
    assert list(named) == [name for name in IDENTITY_FIELDS if name in named]
    carried = replace(former, **{name: getattr(corrected, name) for name in named})
    assert changed_fields(carried, corrected) == ()
    for name in named:
        assert getattr(former, name) != getattr(corrected, name)


@given(people(), people())
def test_a_correction_has_the_faults_of_any_identity(former: Identity, corrected: Identity) -> None:
    wrong = identity_problems(corrected, on=ON)
    found = correction_problems(former, corrected, on=ON)
    assert {field: said for field, said in found.items() if field} == wrong
    assert ("" in found) == (not wrong and not changed_fields(former, corrected))


@given(people())
def test_what_is_the_same_but_for_its_spaces_changes_nothing(person: Identity) -> None:
    assert changed_fields(person, tidied(person)) == ()
    assert tidied(tidied(person)) == tidied(person)
    assert changed_fields(person, replace(person, surname=f" {person.surname} ")) == ()


def test_a_number_written_otherwise_is_no_change_and_says_so() -> None:
    again = replace(PERSON, nir="284024214700069", phone="06.00.00.00.17")
    assert correction_problems(PERSON, again, on=ON) == {"": NOTHING_CORRECTED}
    assert changed_fields(PERSON, replace(PERSON, birth_date=date(1985, 2, 28))) == ("birth_date",)
    assert changed_fields(PERSON, replace(PERSON, nir="", do_not_call=True)) == ("do_not_call", "nir")


NAMESAKES = st.builds(
    lambda surname, born, nir: replace(PERSON, surname=surname, birth_date=born, nir=nir),
    st.sampled_from(["Quintessence", "Quintessance", "Zéphirin"]),
    st.sampled_from([date(1984, 2, 29), date(1985, 2, 28)]),
    st.sampled_from(NIRS),
)


@given(st.lists(NAMESAKES, max_size=3), NAMESAKES, NAMESAKES)
def test_a_case_that_was_nobody_s_who_objected_does_not_become_hers(
    known: list[Identity], former: Identity, corrected: Identity
) -> None:
    hers = [known_as(one) for one in known]
    stays = stays_hers(hers, known_as(former), known_as(corrected))
    ways = {way for one in hers for way in surely(one).items()}
    assert not stays or ways & set(surely(known_as(former)).items())
    if former.nir == corrected.nir:
        assert stays == bool(ways & set(surely(known_as(former)).items()))


def test_a_slip_of_the_name_or_the_day_is_still_hers_and_the_number_of_another_is_not() -> None:
    hers = [known_as(PERSON)]
    for slip in (
        replace(PERSON, surname="Quintessance"),
        replace(PERSON, birth_date=date(1985, 2, 28), nir=""),
        replace(PERSON, nir=NIRS[2]),
    ):
        assert stays_hers(hers, known_as(PERSON), known_as(slip))
    other = replace(PERSON, surname="Zéphirin", birth_date=date(1970, 1, 1))
    right = replace(other, nir=NIRS[2])
    assert not stays_hers(hers, known_as(other), known_as(right)), "her number stood in another's case"
    assert stays_hers(hers, known_as(other), known_as(replace(other, surname="Zéphyrin"))), "her number stays"


def test_what_is_kept_of_a_correction_is_names_of_fields() -> None:
    named = changed_fields(PERSON, replace(PERSON, surname="Zéphirin", phone=""))
    assert named == ("surname", "phone")
    assert not {str(said) for said in asdict(PERSON).values()} & set(named)
