"""What came of care and of rights: derived by one rule, noted by the caisse alone, and complete before anything closes."""

from collections.abc import Callable
from functools import partial
from itertools import combinations_with_replacement
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.referrals import outcomes
from maillage.referrals.content import Situation
from maillage.referrals.counting import OutcomeCounts, outcome_counts
from maillage.referrals.ending.rules import (
    CARE_ANSWERS,
    NOT_DONE,
    RIGHT_OUTCOMES,
    answer_of,
    care_outcome,
    outcome_and_why,
    rights_outcome,
)
from maillage.referrals.models import Referral, Renunciation, RightFollowed
from maillage.referrals.outcomes import Found, Noted, care_field
from maillage.referrals.queries import file_of, referral_of
from maillage.referrals.routing.situation import Renunciation as Renounced
from maillage.referrals.rules import CARE_OUTCOMES, RIGHTS_OUTCOMES
from tests.racing import together
from tests.referrals.test_database_guards import refused, taken
from tests.referrals.world import (
    ADVISER,
    STRANGER,
    WORKER,
    Signed,
    all_done,
    followed_by,
    member,
    send_referral,
    stop,
    work,
)
from tests.tiers import spread

TWO = Situation(
    ("cost",),
    renunciations=(Renounced(care="optics", reason="cost"), Renounced(care="gynaecology", reason="time")),
)
answers = st.lists(st.sampled_from(sorted(CARE_ANSWERS)), max_size=9)
known = st.lists(st.sampled_from(sorted(RIGHT_OUTCOMES)), max_size=9)


@given(answers, st.randoms())
def test_one_care_done_is_enough_and_the_order_never_counts(given_: list[str], shuffled: object) -> None:
    found = care_outcome(given_)
    assert found in CARE_OUTCOMES
    assert (found == "done") == ("done" in given_)
    assert (found == "none_needed") == (not given_)
    assert care_outcome(reversed(given_)) == found


@given(answers.filter(lambda one: one and "done" not in one))
def test_the_first_reason_of_the_list_counts(given_: list[str]) -> None:
    assert care_outcome(given_) == min(given_, key=list(NOT_DONE).index)


@given(known)
def test_a_right_opened_is_enough_and_one_without_object_does_not_count(given_: list[str]) -> None:
    found = rights_outcome(given_)
    assert found in RIGHTS_OUTCOMES
    assert (found == "opened") == ("opened" in given_)
    assert found == rights_outcome([*given_, "not_applicable"])


def test_what_is_not_settled_or_of_no_list_has_no_outcome() -> None:
    for wrong in (["done", ""], ["lost"]):
        with pytest.raises(ValueError, match="not settled"):
            care_outcome(wrong)
    with pytest.raises(ValueError, match="unknown outcome"):
        rights_outcome(["lost"])


def test_an_answer_comes_back_from_its_two_columns() -> None:
    assert all(answer_of(*outcome_and_why(answer)) == answer for answer in ("", *CARE_ANSWERS))


def accepted(signed: Signed, situation: Situation = TWO) -> UUID:
    """A referral at work, with two renunciations unless said."""
    case = send_referral(signed, situation=situation)
    work(case, "acknowledge", "accept")
    return case


def cares(case: UUID) -> dict[str, UUID]:
    """The id of each care renounced of a case, by care."""
    with member(ADVISER):
        return {row.care: row.id for row in outcomes.renunciations(case)}


def noting(case: UUID, noted: Noted, *, closing: bool = False) -> Referral:
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        act = outcomes.close if closing else outcomes.note
        act(referral=referral, noted=noted, by=adviser, at=now())
        return Referral.objects.get(case_id=case)


def test_what_is_noted_on_the_way_is_read_by_both_sides_and_may_change(signed: Signed) -> None:
    case = followed_by(accepted(signed), ADVISER)
    optics = cares(case)["optics"]
    noting(case, Noted({optics: "unreachable"}, {"c2s": "under_way"}))
    noting(
        case,
        Noted({optics: "done"}, {"c2s": "refused", "ame": "opened"}, [Found("general_practice", "time")]),
    )
    for address in (WORKER, ADVISER):
        with member(address) as someone:
            history = file_of(someone, case).history
            assert [(row.care, row.found_by, row.outcome) for row in history.renunciations] == [
                ("general_practice", "recipient", ""),
                ("gynaecology", "sender", ""),
                ("optics", "sender", "done"),
            ]
            assert {row.right: row.outcome for row in history.rights} == {"c2s": "refused", "ame": "opened"}
            assert all(row.settled_by for row in history.rights)
    noting(case, Noted({optics: ""}, {"ame": "under_way"}))  # noted too early
    with member(ADVISER):
        assert Renunciation.objects.get(id=optics).settled_at is None
        assert RightFollowed.objects.get(right="ame").settled_by is None


def test_a_second_click_notes_nothing_more(signed: Signed) -> None:
    case = accepted(signed)
    noted = Noted({cares(case)["optics"]: "done"}, {"ame": "opened"}, [Found("other", "other", "done")])
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        found = [outcomes.note(referral=referral, noted=noted, by=adviser, at=now()) for _ in range(2)]
    assert found == [True, False]


def test_a_referral_closes_once_each_care_has_its_answer_and_counts_as_the_rule_says(signed: Signed) -> None:
    case = accepted(signed)
    known_ = cares(case)
    with pytest.raises(Refused) as refusal:
        noting(case, Noted({known_["optics"]: "refused"}, {"c2s": "under_way"}), closing=True)
    assert [fault.field for fault in refusal.value.faults] == [care_field(known_["gynaecology"])]
    with member(ADVISER):
        assert not RightFollowed.objects.exists()  # all or nothing
    answered = {known_["optics"]: "refused", known_["gynaecology"]: "unreachable"}
    kept = noting(case, Noted(answered, {"c2s": "under_way", "ame": "not_applicable"}), closing=True)
    assert (kept.state, kept.care_outcome, kept.rights_outcome) == ("closed", "refused", "under_way")
    with pytest.raises(TransitionRefused):
        noting(case, Noted({known_["optics"]: "done"}))


def test_without_care_nor_right_in_question_it_says_so(signed: Signed) -> None:
    kept = noting(accepted(signed, Situation(("online", "cost"))), Noted(), closing=True)
    assert (kept.care_outcome, kept.rights_outcome) == ("none_needed", "none")


@pytest.mark.parametrize(
    ("noted", "field"),
    spread(
        [
            (Noted(rights={"vote": "opened"}), "right_vote"),
            (Noted(rights={"c2s": "lost"}), "right_c2s"),
            (Noted(found=[Found("teeth", "cost")]), "found_care"),
            (Noted(found=[Found("other", "weather")]), "found_reason"),
            (Noted(found=[Found("other", "cost", "lost")]), "found_answer"),
            (Noted(found=[Found("optics", "cost", "done")]), "found_care"),
        ],
        3,
    ),
)
def test_what_is_in_no_list_is_refused_at_its_field(signed: Signed, noted: Noted, field: str) -> None:
    case = accepted(signed)
    with pytest.raises(Refused) as refusal:
        noting(case, noted)
    assert refusal.value.field == field


ADD_CARE = (
    "INSERT INTO referrals_renunciation (id, case_id, care, reason, found_by, outcome, why)"
    " VALUES (gen_random_uuid(), %s, 'other', 'other', 'recipient', '', '')"
)
SETTLE = (
    "UPDATE referrals_renunciation SET outcome = 'done', settled_at = '1990-01-01', settled_by = gen_random_uuid()"
    " WHERE case_id = %s AND care = 'optics'"
)
ADD_RIGHT = (
    'INSERT INTO referrals_rightfollowed (id, case_id, "right", outcome, noted_at, noted_by)'
    " VALUES (gen_random_uuid(), %s, 'ame', 'under_way', '1990-01-01', gen_random_uuid())"
)
OPEN = (
    "UPDATE referrals_rightfollowed SET outcome = 'opened', settled_at = '1990-01-01', settled_by = gen_random_uuid()"
    " WHERE case_id = %s"
)
_CLOSED = "closed_at = now() + interval '1 day', closed_by = gen_random_uuid()"


def closing(care: str, rights: str) -> str:
    return (
        f"UPDATE referrals_referral SET state = 'closed', care_outcome = '{care}', rights_outcome = '{rights}', {_CLOSED}"  # noqa: S608 - the test's own words
        " WHERE case_id = %s"
    )


@pytest.mark.security
def test_only_the_caisse_finds_and_settles_and_only_while_it_works(signed: Signed) -> None:
    case = send_referral(signed, situation=TWO)
    for statement in (ADD_CARE, SETTLE, ADD_RIGHT):
        assert "nobody works this referral now" in refused(ADVISER, statement, case)
    work(case, "acknowledge")
    assert "found and settled by whoever works" in refused(WORKER, ADD_CARE, case)
    assert "found and settled by whoever works" in refused(STRANGER, ADD_CARE, case)
    for address in (WORKER, STRANGER):
        assert "row-level security" in refused(address, ADD_RIGHT, case)
        assert taken(address, SETTLE, case) == 0
    for statement in (ADD_CARE, SETTLE, ADD_RIGHT, OPEN):
        assert taken(ADVISER, statement, case) == 1
    assert taken(WORKER, OPEN, case) == 0
    with member(ADVISER) as adviser:
        row, right = Renunciation.objects.get(care="optics"), RightFollowed.objects.get()
        assert (row.settled_by, right.noted_by, right.settled_by) == (adviser.user,) * 3
        assert min(row.settled_at or now(), right.noted_at, right.settled_at or now()).year > 2000
    stop(case, "withdraw", "moved")
    for statement in (
        ADD_CARE.replace("'other', 'other'", "'other', 'time'"),
        SETTLE.replace("1990", "1991"),
    ):
        assert "nobody works this referral now" in refused(ADVISER, statement, case)


@pytest.mark.security
def test_what_was_described_or_followed_stays(signed: Signed) -> None:
    case = accepted(signed)
    assert taken(ADVISER, ADD_RIGHT, case) == 1
    for statement, words in (
        ("UPDATE referrals_renunciation SET reason = 'other' WHERE case_id = %s", "what was described stays"),
        (
            "UPDATE referrals_renunciation SET found_by = 'recipient' WHERE case_id = %s",
            "what was described stays",
        ),
        (
            "UPDATE referrals_rightfollowed SET \"right\" = 'puma' WHERE case_id = %s",
            "a right stays as it was noted",
        ),
        (ADD_CARE.replace("'', ''", "'done', ''"), "noted before it is settled"),
        ("DELETE FROM referrals_rightfollowed WHERE case_id = %s", "permission denied"),
    ):
        assert words in refused(ADVISER, statement, case)


@pytest.mark.security
def test_the_database_closes_on_what_was_noted_and_sums_up_as_the_rule_does(signed: Signed) -> None:
    case = accepted(signed)
    first, second = cares(case).values()
    assert "care that nobody settled" in refused(ADVISER, closing("done", "none"), case)
    pairs = list(combinations_with_replacement(CARE_ANSWERS, 2))
    rights = list(combinations_with_replacement(RIGHT_OUTCOMES, 2))
    for number in range(max(len(pairs), len(rights))):
        care, right = pairs[number % len(pairs)], rights[number % len(rights)]
        noting(
            case,
            Noted(
                dict(zip((first, second), care, strict=True)), dict(zip(("c2s", "ame"), right, strict=True))
            ),
        )
        care_, right_ = care_outcome(care), rights_outcome(right)
        others = [(one, right_) for one in CARE_OUTCOMES if one != care_]
        others += [(care_, one) for one in RIGHTS_OUTCOMES if one != right_]
        with member(ADVISER), connection.cursor() as cursor:
            for wrong in others if not number else others[:1]:
                with (
                    pytest.raises(DatabaseError, match="counts as what was noted says"),
                    transaction.atomic(),
                ):
                    cursor.execute(closing(*wrong), [case])
            cursor.execute("SAVEPOINT open")
            cursor.execute(closing(care_, right_), [case])
            assert cursor.rowcount == 1
            cursor.execute("ROLLBACK TO open")


def test_a_try_under_another_case_s_care_changes_nothing(signed: Signed) -> None:
    case, other = accepted(signed), accepted(signed)
    noting(case, Noted({cares(other)["optics"]: "done", uuid7(): "done"}))
    with member(ADVISER):
        assert not Renunciation.objects.exclude(outcome="").exists()


def test_each_side_counts_what_came_of_its_own_referrals_in_one_query(
    signed: Signed, django_assert_num_queries: Callable[..., Any]
) -> None:
    for answer, rights in (
        ("done", {}),
        ("done", {}),
        ("refused", {"c2s": "under_way"}),
        ("other", {"c2s": "refused"}),
    ):
        case = accepted(signed)
        noting(case, all_done(case, answer, **rights), closing=True)
    noting(accepted(signed, Situation(("cost",))), Noted(rights={"ame": "opened"}), closing=True)
    accepted(signed)
    stop(send_referral(signed, situation=TWO), "withdraw", "moved")
    stop(send_referral(signed, situation=TWO), "cancel", "duplicate")  # counts as never sent
    expected = OutcomeCounts(
        referrals=7, renunciations=12, with_care=2, without_care=2, helped=1, rights_alone=1, rights_opened=3, rights_refused=1,
        under_way=1,
    )  # fmt: skip
    for address in (WORKER, ADVISER):
        with member(address) as someone, django_assert_num_queries(1):
            assert outcome_counts(signed.id, someone) == expected
    assert round(expected.mean, 1) == 1.7
    with member(STRANGER) as stranger:
        assert outcome_counts(signed.id, stranger) == OutcomeCounts()
        assert OutcomeCounts().mean == 0


@pytest.mark.security
def test_care_found_while_it_is_closed_is_settled_or_refused(committed: Signed) -> None:
    for _ in range(4):
        case = accepted(committed)
        noted = Noted(dict.fromkeys(cares(case).values(), "done"))
        found = Noted(found=[Found("other", "time")])
        results = together(partial(noting, case, noted, closing=True), partial(noting, case, found))
        (kept,) = (one for one in results if isinstance(one, Referral))
        (other,) = (one for one in results if one is not kept)
        assert type(other) is (TransitionRefused if kept.state == "closed" else Refused)
        with member(ADVISER):
            assert Renunciation.objects.filter(case_id=case, outcome="").exists() is (kept.state != "closed")
