"""What a partner sends for somebody whose objection the caisse granted: it is known to the caisse alone, and nothing is done with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from maillage.beneficiaries.stopping import came_all_the_same
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.objecting import lift
from maillage.referrals import planning, questions, working
from maillage.referrals.models import Referral
from maillage.referrals.queries import file_of, referral_of
from tests.beneficiaries.jobs import index_as_worker
from tests.cli.kept_world import raw as as_owner
from tests.protection.requests.files import CPAM_DPO, attached, received
from tests.protection.requests.files import file_of as request_file
from tests.referrals.world import (
    ADVISER,
    PERSON,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    sign_convention,
    tried,
    work,
)

pytestmark = pytest.mark.security


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    return sign_convention()


@pytest.fixture
def objection(signed: Signed) -> UUID:
    """The request by which the caisse granted her objection to what the CCAS sends."""
    case = send_referral(signed)
    index_as_worker()
    request = attached(received(by=CPAM_DPO, rights=("objection",)), case, by=CPAM_DPO)
    with member(CPAM_DPO) as officer:
        decide(
            file=request_file(request, officer), right="objection", outcome="granted", by=officer, at=now()
        )
    return request


def arrived(signed: Signed, **changes: Any) -> UUID:
    case = send_referral(signed, **changes)
    index_as_worker()
    return followed_by(case, ADVISER)


def stopped_since(case: UUID, address: str = ADVISER) -> Any:
    with member(address) as someone:
        return file_of(someone, case).participation.stopped_since


def test_it_is_known_to_the_caisse_once_indexed_and_never_to_whoever_sends(
    signed: Signed, objection: UUID
) -> None:
    case = send_referral(signed)
    followed_by(case, ADVISER)
    assert stopped_since(case) is None, "no job has indexed it yet"
    index_as_worker()
    assert stopped_since(case) is not None
    assert stopped_since(case, WORKER) is None
    other = arrived(signed, person=replace(PERSON, surname="Autre", nir=""))
    assert stopped_since(other) is None
    with member(CPAM_DPO) as officer:
        (row,) = came_all_the_same(officer, limit=9)
        assert (row.case_id, row.stopped_for) == (case, objection)
    with member(WORKER) as worker:
        assert came_all_the_same(worker, limit=9) == []


def test_nothing_is_done_with_it_but_to_end_it(signed: Signed, objection: UUID) -> None:
    case = arrived(signed)
    work(case, "acknowledge")
    uses: tuple[Callable[[Referral, Any], object], ...] = (
        lambda one, by: working.accept(referral=one, by=by, at=now()),
        lambda one, by: working.contact(referral=one, tried=tried(), by=by, at=now()),
        lambda one, by: questions.ask(referral=one, question_id=uuid7(), text="Pourquoi ?", by=by, at=now()),
        lambda one, by: planning.assess(referral=one, texts={"rights": "À jour."}, after=0, by=by, at=now()),
    )
    for use in uses:
        with member(ADVISER) as adviser, pytest.raises(Refused) as refused:
            use(referral_of(adviser, case), adviser)
        assert "s’est opposée le" in refused.value.message
        assert "refusez" in refused.value.message
    with member(ADVISER) as adviser:
        working.refuse(
            referral=referral_of(adviser, case), reason="other", words="Elle ne le veut pas.", by=adviser, at=now()
        )  # fmt: skip
    with member(CPAM_DPO) as officer:
        assert came_all_the_same(officer, limit=9) == []


def test_once_it_is_lifted_the_case_goes_on(signed: Signed, objection: UUID) -> None:
    case = arrived(signed)
    work(case, "acknowledge")
    with member(CPAM_DPO) as officer:
        lift(file=request_file(objection, officer), why="Elle l’a dit à l’accueil.", by=officer, at=now())
        assert came_all_the_same(officer, limit=9) == []
    assert stopped_since(case) is None
    work(case, "accept")


def test_another_service_or_another_sender_is_not_stopped(signed: Signed, objection: UUID) -> None:
    case = arrived(signed)
    others = "SELECT id FROM organisations_organisation WHERE short_name = 'CARSAT RA'"
    for change in ("service = 'autre'", f"service = 'misas', counterpart_id = ({others})"):
        assert as_owner(f"UPDATE beneficiaries_objection SET {change} RETURNING id")  # noqa: S608 - constants
        assert stopped_since(case) is None


def test_it_is_asked_in_few_questions_however_many_came(
    signed: Signed, objection: UUID, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        arrived(signed)
        with member(CPAM_DPO) as officer, django_assert_num_queries(2):
            assert len(came_all_the_same(officer, limit=9)) == number + 1
    with member(WORKER) as worker, django_assert_num_queries(1):
        assert came_all_the_same(worker, limit=9) == []


def test_taking_somebody_on_asks_one_question_more(signed: Signed, django_assert_num_queries: Any) -> None:
    case = arrived(signed)
    work(case, "acknowledge")
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        with django_assert_num_queries(7):
            working.accept(referral=referral, by=adviser, at=now())
