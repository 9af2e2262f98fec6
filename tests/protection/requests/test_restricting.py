"""Each right that is asked has its own answer; a restriction that is granted holds from that instant, and its lifting is told before."""

from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from maillage.cases.freezing import is_frozen, is_refusal
from maillage.conventions.terms.protection import DataRight
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.protection.requests.answering import answer, refuse
from maillage.protection.requests.deciding import decide, said_of, undecided
from maillage.protection.requests.drawing import held_for, letter_for, lifting_letter_for
from maillage.protection.requests.models import RightOutcome
from maillage.protection.requests.queries import rectifications_of, to_take_up
from maillage.protection.requests.restricting import lift, restrictions_of
from maillage.protection.requests.rules import Outcome, Said, ended_as
from tests.conventions.people import raw
from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, file_of, received
from tests.referrals.world import WORKER, Signed, member, send_referral, sign_convention, work

pytestmark = pytest.mark.security


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


@pytest.fixture
def case(signed: Signed) -> UUID:
    return send_referral(signed)


@pytest.fixture
def request_id(case: UUID) -> UUID:
    return attached(received(rights=("access", "restriction")), case)


def decided(request: UUID, right: str, outcome: str, by: str = CCAS_ADMIN, **said: Any) -> RightOutcome:
    with member(by) as someone:
        return decide(
            file=file_of(request, someone), right=right, outcome=outcome, by=someone, at=now(), **said
        )


def granted(request: UUID) -> RightOutcome:
    return decided(request, "restriction", "granted", restriction="accuracy")


def lifted(request: UUID, *cases: UUID, by: str = CCAS_ADMIN, **changes: Any) -> int:
    said: dict[str, Any] = {"why": "La date est vérifiée.", "told_on": today(), "told_how": "letter"}
    with member(by) as someone:
        return lift(file=file_of(request, someone), cases=cases, by=someone, at=now(), **(said | changes))


def test_a_restriction_granted_restricts_the_case_and_tells_the_other_side(
    case: UUID, request_id: UUID
) -> None:
    granted(request_id)
    with pytest.raises(DatabaseError) as refused:
        work(case, "acknowledge")
    assert is_refusal(refused.value)
    with member(CPAM_DPO) as officer:
        assert is_frozen(case)
        (told,) = to_take_up(officer)
        assert (told.case_id, told.kind) == (case, "restriction")
        assert "limité" in told.what
    with member(CCAS_ADMIN) as admin:
        file = file_of(request_id, admin)
        assert undecided(file) == [DataRight.ACCESS]
        assert held_for(file, by=admin, at=now()), "what is held is still given"


def test_it_is_lifted_once_she_was_told_and_the_other_side_hears_of_it(case: UUID, request_id: UUID) -> None:
    granted(request_id)
    for changes, field in (
        ({"told_on": None}, "told_on"),
        ({"why": " "}, "why"),
        ({"told_how": "?"}, "told_how"),
    ):
        with pytest.raises(Refused) as refused:
            lifted(request_id, case, **changes)
        assert refused.value.field == field
    with pytest.raises(Refused):
        lifted(request_id, case, why="Son numéro est le 1 91 03 42 147 012.")
    with pytest.raises(PermissionDenied):
        lifted(request_id, case, by=WORKER)
    with member(CCAS_ADMIN) as admin:
        assert "levée" not in str(lifting_letter_for(file_of(request_id, admin), by=admin, at=now()).subject)
    assert lifted(request_id, case) == 1
    work(case, "acknowledge")
    with member(CCAS_ADMIN) as admin:
        file = file_of(request_id, admin)
        assert restrictions_of(file, admin) == []
        assert [one.kind for one in rectifications_of(file.request)] == ["restriction", "lifting"]
        with pytest.raises(Refused):
            lifting_letter_for(file, by=admin, at=now())
    with pytest.raises(Refused) as refused:
        lifted(request_id, case)
    assert refused.value.field == "cases"


def test_one_letter_says_the_answer_to_each_right(case: UUID, request_id: UUID) -> None:
    with member(CCAS_ADMIN) as admin, pytest.raises(Refused) as refused:
        answer(file=file_of(request_id, admin), by=admin, at=now())
    assert "limitation" in refused.value.message
    decided(request_id, "restriction", "refused", ground="excessive", words="Les données sont exactes.")
    with member(CCAS_ADMIN) as admin:
        file = answer(file=file_of(request_id, admin), by=admin, at=now())
        assert file.state == "answered"
        assert [(one.right, one.outcome) for one in said_of(file)] == [
            (DataRight.ACCESS, Outcome.GRANTED), (DataRight.RESTRICTION, Outcome.REFUSED),
        ]  # fmt: skip
        written = str(letter_for(file, by=admin, at=now()))
    assert "Les données sont exactes." in written
    assert "CNIL" in written
    with pytest.raises(TransitionRefused):
        decided(request_id, "restriction", "granted", restriction="claims")
    work(case, "acknowledge")


def test_what_is_left_is_refused_and_what_was_granted_stays(request_id: UUID) -> None:
    granted(request_id)
    with member(CCAS_ADMIN) as admin:
        file = refuse(
            file=file_of(request_id, admin),
            ground="others",
            words="Un tiers y est nommé.",
            by=admin,
            at=now(),
        )
        assert file.state == "answered"
        assert [one.outcome for one in said_of(file)] == [Outcome.REFUSED, Outcome.GRANTED]


def test_bad_answers_are_said_at_their_field(case: UUID, request_id: UUID) -> None:
    said: tuple[tuple[str, dict[str, str], str], ...] = (
        ("perhaps", {}, "outcome"),
        ("nothing", {}, "outcome"),
        ("refused", {"words": "Parce que."}, "ground"),
        ("refused", {"ground": "others"}, "words"),
        ("granted", {}, "restriction"),
        ("granted", {"restriction": "autre"}, "restriction"),
    )
    for outcome, more, field in said:
        with pytest.raises(Refused) as refused:
            decided(request_id, "restriction", outcome, **more)
        assert field in {fault.field for fault in refused.value.faults}
    with pytest.raises(PermissionDenied):
        decided(request_id, "restriction", "granted", by=WORKER, restriction="claims")
    with pytest.raises(TransitionRefused):
        decided(request_id, "objection", "granted")
    with member(CCAS_ADMIN):
        assert not is_frozen(case)


def test_nothing_is_restricted_where_nothing_is_hers(signed: Signed) -> None:
    request = attached(received(rights=("restriction",)))
    with pytest.raises(Refused):
        granted(request)
    decided(request, "restriction", "nothing")
    with member(CCAS_ADMIN) as admin:
        assert answer(file=file_of(request, admin), by=admin, at=now()).state == "nothing"


def test_the_database_keeps_each_answer(request_id: UUID) -> None:
    granted(request_id)
    adds = (
        'INSERT INTO protection_rightoutcome (id, organisation_id, file_id, "right", outcome, ground, words, decided_at, decided_by)'
        " SELECT gen_random_uuid(), organisation_id, id, %s, 'granted', '', '', now(), id FROM protection_requestfile WHERE request_id = %s"
    )
    for right in ("restriction", "objection"):  # said already, never asked
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("CCAS", adds, [right, request_id])
    with pytest.raises(DatabaseError), transaction.atomic():
        raw("CCAS", "UPDATE protection_rightoutcome SET outcome = 'nothing' WHERE \"right\" = 'restriction'")
    ends = "UPDATE protection_requestfile SET state = 'answered', ended_at = now(), ended_by = id WHERE request_id = %s"
    with pytest.raises(DatabaseError), transaction.atomic():
        raw("CCAS", ends, [request_id])


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=6))
def test_a_file_ends_as_its_answers_say(outcomes: list[Outcome]) -> None:
    verb = ended_as([Said(DataRight.ACCESS, one) for one in outcomes])
    assert (verb == "refuse") is (set(outcomes) == {Outcome.REFUSED})
    assert (verb == "find_nothing") is (set(outcomes) == {Outcome.NOTHING})
