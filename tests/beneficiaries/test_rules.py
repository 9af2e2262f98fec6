"""What is accepted of a person and of what she was told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.beneficiaries.rules import (
    LONGEST_STANDING,
    Identity,
    Told,
    birth_date_problem,
    identity_from_bytes,
    identity_problems,
    identity_to_bytes,
    nir_problem,
    phone_problem,
    told_problems,
)

ON = date(2025, 3, 14)
PERSON = Identity("Quintessence", "Ondine", date(1984, 2, 29), phone="06 00 00 00 17")


def test_a_minimal_person_is_accepted() -> None:
    assert identity_problems(PERSON, on=ON) == {}


@given(st.builds(Identity, *[st.text(max_size=40)] * 2, st.dates(), *[st.text(max_size=40)] * 5))
def test_an_identity_comes_back_as_it_was_written(person: Identity) -> None:
    assert identity_from_bytes(identity_to_bytes(person)) == person
    identity_problems(person, on=ON)


@given(st.dates())
def test_a_birth_date_lies_in_the_last_hundred_and_twenty_years(day: date) -> None:
    accepted = birth_date_problem(day, on=ON) == ""
    assert accepted == (date(ON.year - 120, 1, 1) <= day <= ON)


@pytest.mark.parametrize(
    "nir", ["", "2 84 02 42 147 000 69", "284024214700069", "1 99 07 2A 004 000 10", "1.99.07.2B.004.000.37"]
)
def test_a_nir_with_its_key_is_accepted_corsica_included(nir: str) -> None:
    assert nir_problem(nir) == ""


@pytest.mark.parametrize(
    ("nir", "said"),
    [
        ("2840242147000", "Il manque la clé"),
        ("28402421470006", "celui-ci en a 14"),
        ("284024214700070", "ne correspond pas à sa clé"),
        ("48402421470175a", "ne correspond pas à sa clé"),
    ],
)
def test_a_wrong_nir_is_explained(nir: str, said: str) -> None:
    assert said in nir_problem(nir)


@pytest.mark.parametrize(
    "phone", ["", "06 00 00 00 17", "06.00.00.00.17", "+33 6 00 00 00 17", "3646 00", "(0)6-00-00-00-17"]
)
def test_phone_numbers_are_read_as_people_write_them(phone: str) -> None:
    assert phone_problem(phone) == ""


@pytest.mark.parametrize("phone", ["le soir", "06 00", "06 00 00 00 17 18 19 20 21"])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    assert "numéro de téléphone" in phone_problem(phone)


def test_a_person_whom_nobody_can_reach_is_refused() -> None:
    alone = Identity("Quintessence", "Ondine", date(1984, 2, 29))
    assert "au moins une façon" in identity_problems(alone, on=ON)["phone"]
    by_shelter = Identity("Quintessence", "Ondine", date(1984, 2, 29), other_way="par le foyer")
    assert identity_problems(by_shelter, on=ON) == {}


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_the_person_is_told_before_her_data_leave_and_after_her_birth(day: date) -> None:
    found = told_problems(Told(day, "oral", recipient_named=True), on=ON, birth_date=date(2001, 5, 6))
    assert ("given_on" in found) == (day > ON or day < ON - LONGEST_STANDING)
    born = told_problems(Told(day, "oral", recipient_named=True), on=ON, birth_date=ON - timedelta(days=3))
    assert ("given_on" in born) == (day > ON or day < ON - timedelta(days=3))


def test_how_she_was_told_and_of_whom_must_be_said() -> None:
    found = told_problems(
        Told(ON - timedelta(days=1), "telepathy", recipient_named=False), on=ON, birth_date=None
    )
    assert set(found) == {"means", "recipient_named"}
