"""By when a request is answered, which rights a text gives, and to whom it says that requests go."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.conventions.terms.protection import DataRight, RightsChannel
from maillage.core.holidays import is_working_day
from maillage.core.identifiers import uuid7
from maillage.protection.requests.contact_rules import (
    Contact,
    ContactKind,
    Needed,
    contact_search_fault,
    erased_words,
)
from maillage.protection.requests.rules import (
    ALWAYS,
    LONGEST,
    Outcome,
    Subject,
    Way,
    due_on,
    extended_due_on,
    extension_fault,
    open_rights,
    outcome_faults,
    received_fault,
    rights_fault,
    ways,
)

FIRST = date(2020, 1, 1)
DAYS = st.integers(0, 25 * 366).map(lambda days: FIRST + timedelta(days=days))
PLACES = st.sampled_from(["42", "67", "974", "2A"])


def local_croix_rouge() -> Terms:
    text = library.load("croix_rouge_cadre_2021").local_template
    assert text is not None
    return text


def way(text: Terms, mine: str, number: int = 0) -> Way:
    return ways(text, mine)[number]


@pytest.mark.parametrize(
    ("received", "due", "place"),
    [
        (date(2026, 3, 10), date(2026, 4, 10), "42"),  # the same day of the next month, a Friday
        (date(2026, 1, 31), date(2026, 3, 2), "42"),  # 28 February is a Saturday
        (date(2024, 1, 31), date(2024, 2, 29), "42"),  # else the last day of the month
        (date(2026, 4, 1), date(2026, 5, 4), "42"),  # 1 May, a holiday, then a week-end
        (date(2026, 3, 3), date(2026, 4, 3), "42"),  # Good Friday is worked in the Loire
        (date(2026, 3, 3), date(2026, 4, 7), "67"),  # and a holiday in Alsace, before Easter Monday
        (date(2026, 11, 20), date(2026, 12, 21), "974"),  # a Sunday, and the abolition of slavery
    ],
)
def test_a_request_is_answered_within_a_month_that_ends_on_a_working_day(
    received: date, due: date, place: str
) -> None:
    assert due_on(received, place) == due


@given(DAYS, PLACES)
def test_the_delay_never_ends_before_a_month_nor_on_a_day_off(received: date, place: str) -> None:
    due, extended = due_on(received, place), extended_due_on(received, place)
    assert is_working_day(due, place)
    assert is_working_day(extended, place)
    assert 28 <= (due - received).days <= 31 + 6
    assert 89 <= (extended - received).days <= 92 + 6
    assert due < extended


@given(DAYS, DAYS, PLACES)
def test_whoever_asks_first_is_answered_first(one: date, other: date, place: str) -> None:
    first, then = sorted([one, other])
    assert due_on(first, place) <= due_on(then, place)


def test_the_delay_is_extended_once_and_within_the_first_month() -> None:
    first = due_on(date(2026, 3, 10), "42")
    assert extension_fault(on=first, first_due=first, extended=False) is None
    late = extension_fault(on=first + timedelta(days=1), first_due=first, extended=False)
    assert late is not None
    assert "premier mois est passé" in late.message
    again = extension_fault(on=first, first_due=first, extended=True)
    assert again is not None
    assert "une fois" in again.message


def test_under_a_hospitals_convention_requests_go_to_the_officer_of_the_caisse_by_post() -> None:
    text = library.load("hopital_pass_modele")
    found = way(text, "hospital")
    assert (found.relays, found.to_dpo, found.article) == (("cpam",), True, "annexe 1-5")
    assert found.channel is RightsChannel.POST
    assert found.rights == (
        DataRight.ACCESS,
        DataRight.RECTIFICATION,
        DataRight.RESTRICTION,
        DataRight.OBJECTION,
    )
    assert found.asked == ("Adresse postale du délégué de la caisse",)
    assert found.contact == ""
    assert way(text, "cpam").relays == ()


def test_under_the_local_model_the_officer_of_the_croix_rouge_turns_to_that_of_the_caisse() -> None:
    text = local_croix_rouge()
    assert way(text, "croix_rouge").relays == ("cpam",)
    assert way(text, "cpam").relays == ("croix_rouge",)
    assert way(text, "cpam").contact == "Délégué à la protection des données de la Croix-Rouge française"


def test_under_the_convention_of_a_ccas_each_party_answers_for_itself() -> None:
    text = library.load("ccas_montbrison_2024")
    known = next(one for one in ways(text, "ccas") if one.article == "6")
    assert (known.relays, known.besides) == ((), ("cpam", "carsat"))
    assert (known.rights, known.rectified) == ((DataRight.RECTIFICATION,), "sans délai")
    assert not known.to_dpo


def test_contacts_of_a_contract_write_to_the_co_contractant_and_have_two_rights_more() -> None:
    text = library.load("croix_rouge_cadre_2021")
    found = ways(text, "cnam")
    (known,) = found
    assert known.of_contacts
    assert (known.relays, known.article) == (("croix_rouge",), "mention")
    assert {DataRight.ERASURE, DataRight.PORTABILITY} <= set(open_rights(found, Subject.CONTACT))
    assert open_rights(found, Subject.PERSON) == ALWAYS


def test_what_a_text_leaves_blank_is_shown_and_the_controllers_answer() -> None:
    text = library.load("ccas_montbrison_2024")
    blank = next(one for one in ways(text, "ccas") if one.asked)
    assert "Où la personne exerce ses droits pour les détections" in blank.asked
    assert blank.rights == ()
    assert blank.contact == ""
    silent = way(library.load("cnsa_2016_2019"), "cnsa")
    assert silent.asked[0] == "Où la personne exerce ses droits"


def test_no_text_ever_sends_a_request_back_to_whoever_has_it() -> None:
    texts = [library.load(name) for name in library.names()]
    texts += [one.local_template for one in texts if one.local_template is not None]
    for text in texts:
        for party in text.parties:
            for found in ways(text, party.key):
                assert party.key not in (*found.relays, *found.besides)
                assert set(open_rights([found], Subject.PERSON)) >= set(ALWAYS)


def test_bad_input_is_said_at_its_field() -> None:
    on = date(2026, 3, 10)
    assert received_fault(on, on) is None
    for day, words in (
        (None, "Écrivez le jour"),
        (on + timedelta(days=1), "dans le futur"),
        (date(2006, 3, 10), "trop ancien"),
    ):
        fault = received_fault(day, on)
        assert fault is not None
        assert words in fault.message
    assert rights_fault(["access", "erasure"]) is None
    assert rights_fault([]) is not None
    assert rights_fault(["access", "unknown"]) is not None


@given(
    st.dictionaries(st.sampled_from(ContactKind), st.integers(1, 50), min_size=1),
    st.lists(st.sampled_from(Needed), max_size=40),
    st.text(min_size=1, max_size=20),
)
def test_what_was_erased_is_told_with_what_stays_and_names_nobody(
    gone: dict[ContactKind, int], needed: list[Needed], said: str
) -> None:
    kept = [
        Contact(uuid7(), ContactKind.REFERENT, "ZZNOMZZ", "ZZFONCTIONZZ", "zz@example.org", "+33ZZ", f"Convention {said}", one, "article 4")
        for one in needed
    ]  # fmt: skip
    words = erased_words(gone, kept)
    assert "ZZ" not in words
    assert "zz@" not in words
    assert len(words) <= LONGEST
    for kind, number in gone.items():
        assert str(number) in words
        assert (kind.label in words) or number > 1
    assert words.count("Gardé") <= len(needed)
    assert ("17.1 a" in words) is bool(needed)


def test_a_contact_is_looked_for_by_three_letters_at_least() -> None:
    assert contact_search_fault("  ab ") is not None
    assert contact_search_fault("abc") is None


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_erasure_needs_contacts_and_portability_something_to_give(outcome: Outcome) -> None:
    def faults(right: DataRight, *, cases: bool, contacts: bool) -> bool:
        found = outcome_faults(
            right=right,
            outcome=outcome,
            ground="legal",
            restriction="",
            has_cases=cases,
            has_contacts=contacts,
        )
        return any(found)

    granted, nothing = outcome is Outcome.GRANTED, outcome is Outcome.NOTHING
    for cases in (False, True):
        assert faults(DataRight.ERASURE, cases=cases, contacts=False) is (granted or (nothing and cases))
        assert faults(DataRight.ERASURE, cases=cases, contacts=True) is nothing
    assert faults(DataRight.PORTABILITY, cases=False, contacts=False) is granted
    assert faults(DataRight.PORTABILITY, cases=False, contacts=True) is nothing
