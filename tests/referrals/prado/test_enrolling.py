"""PRADO maternité: who is eligible by the text, what is noted in which order, by whom it is read, and what dies with the key."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions.lifecycle.models import Convention
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.referrals import enrolling, enrolments
from maillage.referrals.advising import advice_counts
from maillage.referrals.enrolling import Begun
from maillage.referrals.enrolment_files import Mother, mother_of, wrap_enrolments_again
from maillage.referrals.models import Advice, Enrolment
from maillage.referrals.prado.rules import ANSWERS, REFUSALS, STEPS, Step, day_problem, step_of
from maillage.vault.actions import vault
from tests.conventions.kept import kept
from tests.days import today
from tests.referrals.prado.world import (
    ELIGIBLE,
    FAMILY,
    MOTHER,
    enrol,
    hospital,
    sign_prado,
    step,
)
from tests.referrals.test_database_guards import refused, taken
from tests.referrals.world import ADVISER, READER, STRANGER, WORKER, Signed, member, organisation

__all__ = ["kept"]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def convention(kept: Path) -> UUID:
    """S0's text, signed by the caisse and the other branch."""
    return sign_prado()


def row(enrolment: UUID) -> Enrolment:
    with member(ADVISER):
        return Enrolment.objects.get(id=enrolment)


def refused_of(verb: str, enrolment: UUID, **said: object) -> str | None:
    with pytest.raises(Refused) as refusal:
        step(verb, enrolment, **said)
    return refusal.value.field


@given(
    st.sampled_from(["", "met", "not_met", "unknown"]),
    st.booleans(),
    st.sampled_from(["", "accepted", "refused"]),
    st.booleans(),
)
def test_each_enrolment_stands_somewhere_that_has_its_words(
    eligible: str, presented: bool, answer: str, has_midwife: bool
) -> None:
    stands = step_of(eligible=eligible, presented=presented, answer=answer, has_midwife=has_midwife)
    assert STEPS[stands]
    assert (stands is Step.REFUSED) == (answer == "refused")


@given(st.dates(), st.dates(), st.one_of(st.none(), st.dates()))
def test_what_is_noted_has_happened_in_its_order(day: date, on: date, after: date | None) -> None:
    accepted = not day_problem(day, after=after, on=on, what="la visite")
    assert accepted == (day <= on and (after is None or day >= after))


def test_a_mother_goes_from_pre_registration_to_her_midwife(convention: UUID) -> None:
    new = enrol(convention, preregistered_on=today() - timedelta(days=40))
    step("visit", new)
    step("present", new)
    step("answer", new)
    assert enrolments.standing(row(new)) is Step.MIDWIFE
    step("choose_midwife", new)
    with member(ADVISER) as adviser:
        found = enrolments.read(adviser, new)
        assert dict(advice_counts(convention, adviser)) == {"flows.aide_domicile": 1}
        assert [
            (name, one.presented, one.accepted) for name, one in enrolments.own_counts(adviser, convention)
        ] == [("Centre hospitalier d’Exemple", 1, 1)]
        waiting, _ = enrolments.page_of(adviser, convention, 1)
        every, _ = enrolments.page_of(adviser, convention, 1, waiting=False)
    assert found.step is Step.ENROLLED
    assert found.mother is not None
    assert (found.mother.name, found.mother.midwife) == ("QUINTESSENCE Ondine", "Mme Exemple, 04 00 00 00 19")
    assert found.mother.home_help
    assert (waiting, [one.row.id for one in every]) == ([], [new])


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "met"),
        ({"children_born": 2}, "not_met"),
        ({"delivery_complication": True}, "not_met"),
        ({"delivery": "caesarean"}, "met"),
        (
            {"delivery": "caesarean", "delivered_on": date(2014, 6, 20)},
            "not_met",
        ),  # before the summer of 2014
        ({"delivery": "vaginal", "delivered_on": date(2014, 6, 20)}, "met"),
        ({"delivered_on": date(2009, 12, 31)}, "not_met"),  # before 2010
        ({"discharge_agreed": None}, "unknown"),
        ({"discharge_agreed": False}, "not_met"),
    ],
)
def test_the_text_alone_says_who_is_eligible(
    convention: UUID, changes: dict[str, object], verdict: str
) -> None:
    known: dict[str, Any] = {**ELIGIBLE, **changes}
    facts = {key: value for key, value in known.items() if value is not None}
    with member(ADVISER) as adviser:
        under = enrolments.rendered(adviser, convention, at=now())
        assert under.judged(facts, {}, today()).verdict.value == verdict
        assert {question.id for question in under.questions(today())} == set(ELIGIBLE)


def test_nothing_is_noted_out_of_its_order(convention: UUID) -> None:
    new = enrol(convention)
    for verb in ("present", "answer", "choose_midwife"):
        with pytest.raises(TransitionRefused):
            step(verb, new)
    step("visit", new, facts={**ELIGIBLE, "discharge_agreed": False})
    with pytest.raises(TransitionRefused):
        step("present", new)  # not eligible
    step("visit", new)  # the team has agreed since
    step("present", new, home_help=False)
    with pytest.raises(TransitionRefused):
        step("visit", new)
    step("answer", new, given="no_need")
    for verb in ("answer", "choose_midwife"):
        with pytest.raises(TransitionRefused):
            step(verb, new)
    with member(ADVISER):
        assert Advice.objects.count() == 0


def test_what_is_wrong_is_said_at_its_field(convention: UUID) -> None:
    tomorrow, before = today() + timedelta(days=1), today() - timedelta(days=1)
    wrong = Begun(uuid7(), uuid7(), Mother(" ", ""), tomorrow)
    with member(ADVISER) as adviser, pytest.raises(Refused) as refusal:
        enrolling.enrol(convention=convention, begun=wrong, by=adviser, at=now())
    assert [one.field for one in refusal.value.faults] == [
        "maternity",
        "surname",
        "given_name",
        "preregistered_on",
    ]
    new = enrol(convention, preregistered_on=today())
    assert refused_of("visit", new, visited_on=before) == "visited_on"
    assert refused_of("visit", new, facts={**ELIGIBLE, "delivered_on": tomorrow}) == "delivered_on"
    step("visit", new)
    assert refused_of("present", new, presented_on=tomorrow) == "presented_on"
    step("present", new)
    assert refused_of("answer", new, answered_on=before) == "answered_on"
    assert refused_of("answer", new, given="perhaps") == "given"
    assert refused_of("answer", new, given="other", midwife="Mme Exemple") == "midwife"
    assert refused_of("answer", new, midwife="x" * 161) == "midwife"


def test_a_form_sent_twice_opens_one_enrolment(convention: UUID) -> None:
    new = uuid7()
    assert [enrol(convention, new=new) for _ in range(2)] == [new, new]
    with member(ADVISER):
        assert Enrolment.objects.count() == 1


@pytest.mark.security
def test_nobody_but_the_caisse_s_advisers_reads_it_not_even_the_other_party(convention: UUID) -> None:
    new = enrol(convention)
    for address in (FAMILY, WORKER, STRANGER):
        with member(address) as someone:
            assert not Enrolment.objects.exists()
            with pytest.raises(Enrolment.DoesNotExist):
                enrolments.read(someone, new)
            with pytest.raises(Convention.DoesNotExist):
                enrolments.rendered(someone, convention, at=now())
    with member(READER) as reader, pytest.raises(PermissionDenied):
        enrolling.enrol(convention=convention, begun=Begun(uuid7(), hospital(), MOTHER), by=reader, at=now())
    stored = row(new)
    for written in (bytes(stored.sealed), bytes(stored.wrapped_key)):
        assert b"Quintessence" not in written


def test_a_convention_without_the_service_has_no_enrolment(signed: Signed) -> None:
    with pytest.raises(Convention.DoesNotExist):
        enrol(signed.id)


def test_it_dies_with_the_caisse_s_key_for_the_convention(convention: UUID) -> None:
    new = enrol(convention)
    caisse = organisation("CPAM 42").id
    assert vault().store.renew(caisse, convention)
    wrap_enrolments_again(caisse, convention)
    assert vault().store.forget_former(caisse, convention)
    assert mother_of(row(new)) == MOTHER
    vault().store.destroy(caisse, convention)
    with member(ADVISER) as adviser:
        assert enrolments.read(adviser, new).mother is None
    with pytest.raises(Refused, match="détruites"):
        step("visit", new)
    with pytest.raises(Refused, match="clé de votre organisme"):
        enrol(convention)  # no key is made in the place of the one that is gone


STAYS, NOTED = "stays where it was opened", "what was noted stays"
CHANGES = {
    "convention_id = gen_random_uuid()": STAYS,
    "maternity_id = organisation_id": STAYS,
    "wrapped_key = 'short'": "only wrapped again",
    "eligible = 'unknown'": NOTED,
    "presented_on = presented_on + 1": NOTED,
    "answer = 'refused', reason = 'other'": NOTED,
    "answer = '', answered_on = NULL": NOTED,
    "presented_on = NULL, answer = '', answered_on = NULL": NOTED,
    "preregistered_on = '2020-01-01'": NOTED,
}


@pytest.mark.security
def test_postgresql_keeps_what_was_noted(convention: UUID) -> None:
    new = enrol(convention)
    for verb in ("visit", "present", "answer"):
        step(verb, new)
    for change, words in CHANGES.items():
        statement = f"UPDATE referrals_enrolment SET {change} WHERE id = %s"  # noqa: S608 - the test's own words
        assert words in refused(ADVISER, statement, new)


ADD = (
    "INSERT INTO referrals_enrolment (id, organisation_id, convention_id, maternity_id, visited_on, eligible, answer, reason,"
    " has_midwife, wrapped_key, sealed, opened_at, opened_by, changed_at, changed_by) SELECT gen_random_uuid(),"
    " nullif(current_setting('maillage.organisation'), '')::uuid, %s, id, {visited}, '', '', false, 'k', 's', '1990-01-01',"
    " gen_random_uuid(), '1990-01-01', gen_random_uuid() FROM organisations_organisation WHERE short_name = 'CCAS'"
)


@pytest.mark.security
def test_postgresql_opens_one_only_under_the_service_s_convention(convention: UUID, signed: Signed) -> None:
    begun = ADD.format(visited="NULL, ''")
    assert "no convention that this organisation signed" in refused(STRANGER, begun, convention)
    assert "no such service in the text" in refused(ADVISER, begun, signed.id)
    assert "begins before the visit" in refused(ADVISER, ADD.format(visited="now(), 'met'"), convention)
    assert taken(ADVISER, begun, convention) == 1
    with member(ADVISER) as adviser:
        found = Enrolment.objects.get(maternity__short_name="CCAS")
        assert found.opened_by == adviser.user
        assert found.opened_at.year > 1990
    with member(ADVISER):
        Convention.objects.filter(id=convention).update(state="ended", end_kind="expired")
    assert "not in force" in refused(ADVISER, begun, convention)


def test_each_answer_has_its_words() -> None:
    assert set(ANSWERS) == {"accepted", *REFUSALS}
    assert all(words.strip() for words in ANSWERS.values())
