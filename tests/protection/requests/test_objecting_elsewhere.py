"""An objection to files of rights and to appointments: what is open ends, nothing more is sent; whoever grants it reads nothing by it."""

from datetime import timedelta
from uuid import UUID

import pytest

from maillage.beneficiaries.models import Objection
from maillage.cases.models import Following
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.objecting import came_all_the_same, lift
from maillage.referrals.references import reference
from maillage.rights.filing import file
from maillage.rights.models import Preparation
from maillage.secondments import actions
from maillage.secondments.agenda import appointment_of
from tests.beneficiaries.jobs import index_as_worker
from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, HOSPITAL_ADMIN, attached, file_of, received
from tests.referrals.world import WORKER, member, send_referral, sign_convention
from tests.rights import world as rights
from tests.secondments import world as secondments

pytestmark = pytest.mark.security


def granted(*cases: UUID, by: str) -> UUID:
    index_as_worker()
    request = attached(received(by=by, rights=("objection",)), *cases, by=by)
    with member(by) as officer:
        decide(file=file_of(request, officer), right="objection", outcome="granted", by=officer, at=now())
    return request


def lifted(request: UUID, by: str) -> None:
    with member(by) as officer:
        lift(file=file_of(request, officer), why="Elle l’a dit au téléphone.", by=officer, at=now())


def followings(address: str) -> int:
    with member(address) as someone:
        return Following.objects.filter(user_id=someone.user).count()


@pytest.fixture
def pass_(fresh_database: object) -> rights.Signed:
    return rights.sign()


@pytest.fixture
def lent(fresh_database: object) -> secondments.Lent:
    return secondments.lend()


def test_a_file_of_rights_is_withdrawn_and_no_other_is_sent(pass_: rights.Signed) -> None:
    case = rights.send(pass_)
    before = rights.prepare(pass_, "c2s")
    request = granted(case, by=HOSPITAL_ADMIN)
    assert (rights.read(case).state, rights.read(case).end_reason) == ("withdrawn", "person_asks")
    for made in (before, rights.prepare(pass_, "puma")):
        with member(rights.PASS) as worker, pytest.raises(Refused) as refused:
            file(preparation=made, by=worker, at=now())
        assert "s’est opposée le" in refused.value.message
        with member(rights.PASS):
            assert Preparation.objects.filter(pk=made).exists(), "what was prepared is kept"
    lifted(request, HOSPITAL_ADMIN)
    with member(rights.PASS) as worker:
        assert file(preparation=before, by=worker, at=now()) == before


def test_the_caisse_decides_a_file_before_it_grants_and_goes_no_further_with_the_next(
    pass_: rights.Signed,
) -> None:
    case = rights.send(pass_)
    index_as_worker()
    request = attached(received(by=CPAM_DPO, rights=("objection",)), case, by=CPAM_DPO)
    with member(CPAM_DPO) as officer, pytest.raises(Refused) as refused:
        decide(file=file_of(request, officer), right="objection", outcome="granted", by=officer, at=now())
    assert reference(case) in refused.value.message
    rights.receive(case)
    rights.act("refuse", case, reason="other", words="Elle s’y oppose.", on=today())
    with member(CPAM_DPO) as officer:
        decide(file=file_of(request, officer), right="objection", outcome="granted", by=officer, at=now())
    next_one = rights.send(pass_)
    index_as_worker()
    with member(CPAM_DPO) as officer:
        assert [one.case_id for one in came_all_the_same(officer)] == [next_one]
    rights.receive(next_one, is_complete=False)
    with pytest.raises(Refused) as refused:
        rights.act("complete", next_one, on=today())
    assert "retirer" in refused.value.message
    rights.act("refuse", next_one, reason="other", words="Elle s’y oppose.", on=today())


def test_an_appointment_is_cancelled_and_no_other_is_booked(lent: secondments.Lent) -> None:
    case = secondments.book(lent)
    request = granted(case, by=CCAS_ADMIN)
    with member(WORKER) as worker:
        row = appointment_of(worker, case)
        assert (row.state, row.cancelled_for) == ("cancelled", "person")
    with pytest.raises(Refused) as refused:
        secondments.book(lent)
    assert "s’est opposée le" in refused.value.message
    lifted(request, CCAS_ADMIN)
    assert secondments.book(lent)


def test_an_appointment_that_comes_to_the_caisse_all_the_same_is_not_moved(lent: secondments.Lent) -> None:
    granted(secondments.book(lent), by=CPAM_DPO)
    case = secondments.book(lent)
    index_as_worker()
    slot = lent.slots()[-1]
    with pytest.raises(Refused) as refused:
        secondments.act("move", case, slot=slot, at=now())
    assert "Annulez" in refused.value.message
    with member(WORKER) as worker:
        actions.move(appointment=appointment_of(worker, case), slot=slot, by=worker, at=now())
    assert secondments.act("cancel", case, whose="person", at=now()).case_id == case
    with member(CPAM_DPO) as officer:
        assert came_all_the_same(officer) == []


def test_an_appointment_of_the_past_is_named_and_nothing_is_done(fresh_database: object) -> None:
    case = secondments.book_past(secondments.lend(since=today() - timedelta(days=30)))
    with pytest.raises(Refused) as refused:
        granted(case, by=CCAS_ADMIN)
    assert reference(case) in refused.value.message
    with member(CCAS_ADMIN):
        assert not Objection.objects.exists()


def test_whoever_grants_it_follows_none_of_the_cases_that_it_ends(fresh_database: object) -> None:
    signed, pass_ = sign_convention(), rights.sign()
    cases = {
        CCAS_ADMIN: send_referral(signed), CPAM_DPO: send_referral(signed), HOSPITAL_ADMIN: rights.send(pass_),
    }  # fmt: skip
    for address, case in cases.items():
        granted(case, by=address)
        assert followings(address) == 0
