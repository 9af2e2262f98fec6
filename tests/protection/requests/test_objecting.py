"""An objection that is upheld ends what is open, and nothing more of hers is sent along that flow until she changes her mind."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from maillage.audit.models import Entry
from maillage.beneficiaries.models import Objection
from maillage.cases.freezing import is_frozen
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.models import RightOutcome
from maillage.protection.requests.objecting import lift, objections_of
from maillage.protection.requests.queries import to_take_up
from maillage.referrals import actions
from maillage.referrals.models import Draft, Referral
from maillage.referrals.references import reference
from tests.beneficiaries.jobs import index_as_worker
from tests.cli.kept_world import raw as as_owner
from tests.conventions.people import raw
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, file_of, received
from tests.referrals.world import (
    CANARIES,
    PERSON,
    WORKER,
    Signed,
    member,
    send_referral,
    sign_convention,
    work,
    write_draft,
)

pytestmark = pytest.mark.security


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    return sign_convention()


@pytest.fixture
def case(signed: Signed) -> UUID:
    found = send_referral(signed)
    index_as_worker()
    return found


def objecting(*cases: UUID, by: str = CCAS_ADMIN) -> UUID:
    return attached(received(by=WORKER if by == CCAS_ADMIN else by, rights=("objection",)), *cases, by=by)


def granted(request: UUID, by: str = CCAS_ADMIN) -> RightOutcome:
    with member(by) as someone:
        return decide(
            file=file_of(request, someone), right="objection", outcome="granted", by=someone, at=now()
        )


def lifted(request: UUID, why: str = "Elle l’a dit à l’accueil.", by: str = CCAS_ADMIN) -> int:
    with member(by) as someone:
        return lift(file=file_of(request, someone), why=why, by=someone, at=now())


def sent(draft: UUID) -> UUID:
    with member(WORKER) as worker:
        return actions.send(draft=draft, by=worker, at=now())


def test_granting_ends_what_is_open_and_tells_the_other_side(case: UUID) -> None:
    work(case, "acknowledge", "accept")
    granted(objecting(case))
    with member(CPAM_DPO) as officer:
        referral = Referral.objects.get(case_id=case)
        assert (referral.state, referral.end_reason) == ("withdrawn", "person_refuses")
        (told,) = to_take_up(officer)
        assert (told.case_id, told.kind) == (case, "objection")


def test_nothing_more_is_sent_for_her_whenever_it_was_written_and_nothing_typed_is_lost(
    signed: Signed, case: UUID
) -> None:
    before = write_draft(signed)
    request = objecting(case)
    granted(request)
    for draft in (before, write_draft(signed)):
        with pytest.raises(Refused) as refused:
            sent(draft)
        assert "s’est opposée le" in refused.value.message
        assert "changé d’avis" in refused.value.message
        with member(WORKER):
            assert Draft.objects.filter(id=draft).exists()
    assert lifted(request) == 1
    assert sent(before) == before


def test_she_is_known_by_her_number_or_by_her_surname_and_birth_date_alone(
    signed: Signed, case: UUID
) -> None:
    granted(objecting(case))
    for person in (
        replace(PERSON, nir=""),
        replace(PERSON, surname="Autrement", birth_date=date(1990, 1, 1)),
        replace(PERSON, surname="QUINTESSENCE", given_name="Une autre"),
    ):
        with pytest.raises(Refused):
            sent(write_draft(signed, person=person))
    for person in (
        replace(PERSON, nir="", birth_date=date(1984, 2, 28)),
        replace(PERSON, nir="", surname="Autre"),
    ):
        draft = write_draft(signed, person=person)
        assert sent(draft) == draft


def test_the_caisse_that_grants_ends_what_was_sent_to_it_and_the_sender_is_told(
    signed: Signed, case: UUID
) -> None:
    granted(objecting(case, by=CPAM_DPO), by=CPAM_DPO)
    with member(WORKER):
        referral = Referral.objects.get(case_id=case)
        assert (referral.state, referral.end_reason) == ("withdrawn", "consent_withdrawn")
        assert not Objection.objects.exists(), "whoever sends reads nothing of it"
        assert Message.objects.filter(kind="referral_revoked").count() == 1


def test_what_that_side_may_not_end_is_named_and_nothing_is_done(case: UUID) -> None:
    request = attached(received(rights=("objection", "restriction")), case)
    with member(CCAS_ADMIN) as admin:
        decide(
            file=file_of(request, admin), right="restriction", outcome="granted", restriction="claims", by=admin, at=now()
        )  # fmt: skip
    with pytest.raises(Refused) as refused:
        granted(request)
    assert reference(case) in refused.value.message
    with member(CCAS_ADMIN):
        assert is_frozen(case)
        assert not Objection.objects.exists()
        assert Referral.objects.get(case_id=case).state == "sent"


def test_it_is_granted_before_any_job_has_indexed_her_case(signed: Signed) -> None:
    case = send_referral(signed)
    granted(objecting(case))
    with member(CCAS_ADMIN):
        assert Referral.objects.get(case_id=case).state == "withdrawn"
    with pytest.raises(Refused, match="s’est opposée"):
        sent(write_draft(signed))


def test_lifting_says_why_and_forgets_her(case: UUID) -> None:
    request = objecting(case)
    with pytest.raises(Refused):
        lifted(request)
    granted(request)
    with pytest.raises(PermissionDenied):
        lifted(request, by=WORKER)
    for why in (" ", "Son numéro est le 1 91 03 42 147 012.", "x" * 501):
        with pytest.raises(Refused) as refused:
            lifted(request, why)
        assert refused.value.field == "why"
    assert lifted(request) == 1
    with member(CCAS_ADMIN) as admin:
        row = Objection.objects.get(request_id=request)
        assert (row.digests, row.sealed, row.lifted_why) == ([], None, "Elle l’a dit à l’accueil.")
        assert objections_of(file_of(request, admin), admin) == []
        assert Entry.objects.filter(verb="request.lift_objection").count() == 1


def test_the_database_keeps_an_objection_as_it_was_noted(case: UUID) -> None:
    request = objecting(case)
    granted(request)
    for change in (
        "service = 'autre'",
        "digests = '{}'",
        "lifted_at = now(), lifted_by = id, lifted_why = 'x'",
        "lifted_at = now(), lifted_by = id, lifted_why = '', digests = '{}', sealed = NULL",
        "lifted_at = now(), lifted_by = id, lifted_why = 'x', digests = '{}'",
        "digests = digests || digests",
        "sealed = sealed || sealed",
        "since = now()",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("CCAS", f"UPDATE beneficiaries_objection SET {change}")  # noqa: S608 - constants
    lifted(request)
    with pytest.raises(DatabaseError), transaction.atomic():
        raw("CCAS", "UPDATE beneficiaries_objection SET lifted_why = 'autre'")
    adds = (
        "INSERT INTO beneficiaries_objection (id, service, request_id, digests, sealed, since, noted_by, lifted_at, lifted_by,"
        " lifted_why, counterpart_id, organisation_id) SELECT gen_random_uuid(), service, {request}, {digests}, {sealed}, since,"
        " noted_by, {at}, {at_by}, {why}, counterpart_id, organisation_id FROM beneficiaries_objection"
    )
    running: dict[str, str] = {
        "request": "gen_random_uuid()", "digests": "ARRAY['x'::bytea]", "sealed": "'x'::bytea", "at": "NULL", "at_by": "NULL",
        "why": "''",
    }  # fmt: skip
    lifted_at_once = {
        "at": "lifted_at", "at_by": "lifted_by", "why": "lifted_why", "sealed": "NULL", "digests": "digests",
    }  # fmt: skip
    changes: tuple[dict[str, str], ...] = ({"sealed": "NULL"}, {"digests": "digests"}, lifted_at_once)
    for replaced in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("CCAS", adds.format(**(running | replaced)))
    assert raw("CCAS", adds.format(**running)) == 1, "the control"


def test_an_objection_keeps_nothing_of_her_in_the_clear(case: UUID) -> None:
    granted(objecting(case))
    kept = str(as_owner("SELECT to_jsonb(o) FROM beneficiaries_objection o"))
    assert "digests" in kept
    assert not any(word in kept for word in CANARIES)
