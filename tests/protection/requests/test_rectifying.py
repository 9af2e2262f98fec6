"""What is put right is told to each other organisation that received it, and each receipt is tracked."""

from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections, transaction

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.protection.requests.answering import answer
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.drawing import letter_for
from maillage.protection.requests.models import Rectification
from maillage.protection.requests.queries import rectifications_of, to_take_up
from maillage.protection.requests.rectifying import propagate, take_up
from tests.beneficiaries.correcting import corrected
from tests.conventions.people import raw
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, file_of, received
from tests.protection.requests.test_drawing import said_in
from tests.referrals.world import STRANGER, WORKER, Signed, member, send_referral, sign_convention


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def told(
    request: UUID, *cases: UUID, by: str = CCAS_ADMIN, what: str = "La date de naissance est corrigée."
) -> int:
    with member(by) as someone:
        return propagate(file=file_of(request, someone), cases=cases, what=what, by=someone)


def test_the_other_side_of_each_case_is_told_and_takes_it_up_once(signed: Signed) -> None:
    case, request = send_referral(signed), received(rights=("rectification",))
    attached(request, case)
    assert told(request, case) == 1
    with member(CPAM_DPO) as officer:
        (one,) = to_take_up(officer)
        assert (one.case_id, one.organisation.short_name) == (case, "CCAS")
        message = Message.objects.get(kind="request_rectified")
        assert message.path == "/protection/demandes/"
        assert take_up(rectification=one.pk, by=officer, at=now())
        assert not take_up(rectification=one.pk, by=officer, at=now())
        assert to_take_up(officer) == []
    with member(CCAS_ADMIN) as admin:
        (row,) = rectifications_of(file_of(request, admin).request)
        assert row.acknowledged_at is not None
        assert row.addressee.short_name == "CPAM 42"


def test_bad_input_is_said_at_its_field(signed: Signed) -> None:
    case, request = send_referral(signed), received(rights=("rectification",))
    attached(request, case)
    for cases, what, field in (
        ((), "Une date.", "cases"),
        ((uuid7(),), "Une date.", "cases"),
        ((case,), " ", "what"),
    ):
        with pytest.raises(Refused) as refused:
            told(request, *cases, what=what)
        assert {fault.field for fault in refused.value.faults} == {field}
    with pytest.raises(Refused):
        told(request, case, what="Son numéro est le 1 91 03 42 147 012.")


def test_only_whoever_watches_over_data_tells_and_takes_up(signed: Signed) -> None:
    case, request = send_referral(signed), received(rights=("rectification",))
    attached(request, case)
    with pytest.raises(PermissionDenied):
        told(request, case, by=WORKER)
    told(request, case)
    with member(CPAM_DPO) as officer:
        (one,) = to_take_up(officer)
    with member(STRANGER) as stranger:
        assert not Rectification.objects.exists()
        with pytest.raises(PermissionDenied):
            take_up(rectification=one.pk, by=stranger, at=now())
    with member("conseil@cpam.example.org") as adviser, pytest.raises(PermissionDenied):
        take_up(rectification=one.pk, by=adviser, at=now())


def test_the_database_keeps_what_was_told(signed: Signed) -> None:
    case, request = send_referral(signed), received(rights=("rectification",))
    attached(request, case)
    told(request, case)
    assert raw("CCAS", "UPDATE protection_rectification SET what = 'autre' WHERE case_id = %s", [case]) == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        raw("CPAM 42", "UPDATE protection_rectification SET what = 'autre' WHERE case_id = %s", [case])
    for who, asked in (("CPAM 42", request), ("CCAS de Villexemple", request), ("CCAS", uuid7())):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw(
                who, "SELECT * FROM protection_rectify(%s, %s, 'Une date.', gen_random_uuid())", [asked, case]
            )


def test_it_is_granted_once_those_who_received_it_are_told_and_the_letter_says_so(signed: Signed) -> None:
    case, request = send_referral(signed), received(rights=("access", "rectification"))
    attached(request, case)

    def granted() -> None:
        with member(CCAS_ADMIN) as by:
            decide(file=file_of(request, by), right="rectification", outcome="granted", by=by, at=now())

    with pytest.raises(Refused, match="transmettez-leur la rectification") as refused:
        granted()
    assert [fault.field for fault in refused.value.faults] == ["outcome", "words"]
    told(request, case)
    with pytest.raises(Refused, match="L’identité n’est pas corrigée dans") as refused:
        granted()
    assert [fault.field for fault in refused.value.faults] == ["words"]
    corrected(case, birth_date=date(1985, 2, 28))
    granted()
    with member(CCAS_ADMIN) as by:
        letter = said_in(letter_for(answer(file=file_of(request, by), by=by, at=now()), by=by, at=now()))
    assert "ce qui était faux est corrigé" in letter
    assert "Corrigé : date de naissance." in letter
    assert "en sont prévenus" in letter


def test_where_nobody_else_takes_part_any_more_nobody_is_said_to_be_told(fresh_database: object) -> None:
    case, request = send_referral(sign_convention()), received(rights=("rectification",))
    attached(request, case)
    gone = (
        "UPDATE cases_participation SET since = since - interval '2 days',"
        " until = now() - interval '1 day' WHERE case_id = %s AND role = 'recipient'"
    )
    with connections["owner"].cursor() as owner:
        owner.execute("ALTER TABLE cases_participation DISABLE TRIGGER USER")
        owner.execute(gone, [case])
        owner.execute("ALTER TABLE cases_participation ENABLE TRIGGER USER")
    with member(CCAS_ADMIN) as by:
        row = decide(
            file=file_of(request, by),
            right="rectification",
            outcome="granted",
            words="Rien n’y était faux.",
            by=by,
            at=now(),
        )
    assert row.done == ""
