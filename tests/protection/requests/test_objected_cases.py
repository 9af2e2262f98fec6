"""PostgreSQL refuses to use a case to which its person objected, from the instant in which it comes; ending it stays open."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.objecting import SQLSTATE, flows_open, is_refusal, lift
from maillage.rights import examining
from maillage.rights.queries import application_of
from tests.beneficiaries.jobs import index_as_worker
from tests.cli.kept_world import raw as as_owner
from tests.conventions.people import raw
from tests.days import today
from tests.protection.requests.files import ASKER, CPAM_DPO, attached, file_of, received
from tests.referrals.world import ADVISER, PERSON, followed_by, member, send_referral, sign_convention, work
from tests.rights import world as rights
from tests.secondments import world as secondments

pytestmark = pytest.mark.security


def objecting() -> UUID:
    """The caisse granted her objection to all that is sent to it, of whatever is indexed here already."""
    index_as_worker()
    request = attached(received(by=CPAM_DPO, rights=("objection",), person=ASKER), by=CPAM_DPO)
    with member(CPAM_DPO) as officer:
        chosen = [one.key for one in flows_open(officer, now())]
        file = file_of(request, officer)
        decide(file=file, right="objection", outcome="granted", flows=chosen, by=officer, at=now())
    return request


def state(sql: str, case: UUID, who: str = "CPAM 42") -> str:
    """That of PostgreSQL's refusal."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        raw(who, sql, [case])
    found = str(getattr(refused.value.__cause__, "sqlstate", ""))
    assert is_refusal(refused.value) is (found == SQLSTATE)
    return found


OTHER = replace(PERSON, surname="Autre", nir="")
ACCEPT = "UPDATE referrals_referral SET state = 'accepted', accepted_at = now(), accepted_by = acknowledged_by WHERE case_id = %s"


def test_an_arrival_waits_until_it_is_known_whose_it_is(fresh_database: object) -> None:
    signed = sign_convention()
    send_referral(signed)
    request = objecting()
    hers, others = send_referral(signed), send_referral(signed, person=OTHER)
    for case in (hers, others):
        work(followed_by(case, ADVISER), "acknowledge")
        assert state(ACCEPT, case) == SQLSTATE, "not indexed yet: it may be hers"
        with pytest.raises(DatabaseError), transaction.atomic():
            work(case, "accept")
    index_as_worker()
    work(others, "accept")
    assert state(ACCEPT, hers) == SQLSTATE
    noted = (
        "INSERT INTO referrals_contactattempt (id, case_id, day, way, reached, noted_at, noted_by) SELECT gen_random_uuid(), case_id,"
        " current_date, 'call', false, now(), acknowledged_by FROM referrals_referral WHERE case_id = %s"
    )
    assert state(noted, hers) == SQLSTATE
    with member(CPAM_DPO) as officer:
        lift(file=file_of(request, officer), why="Elle l’a dit.", by=officer, at=now())
    work(hers, "accept")


def test_an_objected_case_is_ended_and_by_its_sender_too(fresh_database: object) -> None:
    signed = sign_convention()
    send_referral(signed)
    objecting()
    case = send_referral(signed)
    index_as_worker()
    work(followed_by(case, ADVISER), "acknowledge")
    assert work(case, "refuse").state == "refused"


def test_no_piece_is_noted_on_an_objected_file(
    fresh_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = rights.sign()
    rights.send(signed, person=OTHER)
    objecting()
    case = rights.send(signed, person=PERSON)
    index_as_worker()
    with member(ADVISER) as adviser:
        application = application_of(adviser, case)
        with pytest.raises(Refused, match="s’est opposée"):
            examining.add_piece(
                application=application, scanned=rights.scan("identity"), by=adviser, at=now()
            )
        with pytest.raises(Refused, match="s’est opposée"):
            examining.answer(application=application, on=today(), by=adviser, at=now())
        monkeypatch.setattr("maillage.rights.acting.must_not_be_stopped", lambda **_: None)
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            examining.add_piece(
                application=application, scanned=rights.scan("identity"), by=adviser, at=now()
            )
        assert is_refusal(refused.value)
    assert rights.receive(case, is_complete=False).state == "received"
    complete = "UPDATE rights_application SET state = 'complete' WHERE case_id = %s"
    assert state(complete, case) == SQLSTATE
    assert rights.act("refuse", case, reason="resources", on=today(), words="").state == "refused"


def test_an_objected_appointment_is_missed_or_cancelled_never_held_nor_moved(fresh_database: object) -> None:
    lent = secondments.lend()
    secondments.book(lent, person=OTHER)
    objecting()
    case = secondments.book(lent, person=PERSON)
    index_as_worker()
    with pytest.raises(Refused, match="s’est opposée"):
        secondments.act("hold", case, outcome="informed")
    held = (
        "UPDATE secondments_appointment SET state = 'held', closed_at = now(), closed_by = booked_by, outcome = 'informed'"
        " WHERE case_id = %s"
    )
    assert state(held, case) == SQLSTATE
    assert secondments.act("miss", case).state == "missed"


def test_nobody_asks_it_of_a_case_for_another(fresh_database: object) -> None:
    send_referral(sign_convention())
    objecting()
    assert as_owner(
        "SELECT has_function_privilege('maillage_app', 'protection_objected(uuid)', 'EXECUTE')"
    ) == [(False,)]
