"""Somebody who was never sent may object to being so: what recognises her is kept, keyed and sealed, and nothing more (GDPR art. 21)."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection

from maillage.beneficiaries.models import BlindIndex, Objection
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.protection.requests.answering import answer
from maillage.protection.requests.basis import bases_of
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.drawing import letter_for
from maillage.protection.requests.models import RightOutcome
from maillage.protection.requests.objecting import NOTED, flows_open, lift, objections_of
from maillage.protection.requests.people import Person
from maillage.referrals import actions
from maillage.vault.actions import vault
from tests.beneficiaries.jobs import index_as_worker
from tests.conventions.people import body
from tests.protection.requests.files import ASKER, CCAS_ADMIN, CPAM_DPO, attached, file_of, received
from tests.protection.requests.test_drawing import said_in
from tests.referrals.world import (
    PERSON,
    WORKER,
    Signed,
    member,
    send_referral,
    sign_convention,
    write_draft,
)

pytestmark = pytest.mark.security


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    """With a case of somebody else, by which the organisation's index has its key."""
    found = sign_convention()
    send_referral(found, person=replace(PERSON, surname="Autre", nir=""))
    index_as_worker()
    return found


def objecting(person: Person = ASKER) -> UUID:
    return attached(received(rights=("access", "objection"), person=person))


def flows(by: str = CCAS_ADMIN) -> list[str]:
    with member(by) as someone:
        return [one.key for one in flows_open(someone, now())]


def granted(request: UUID, *chosen: str) -> RightOutcome:
    with member(CCAS_ADMIN) as admin:
        return decide(
            file=file_of(request, admin),
            right="objection",
            outcome="granted",
            flows=chosen,
            by=admin,
            at=now(),
        )


def sent(draft: UUID) -> UUID:
    with member(WORKER) as worker:
        return actions.send(draft=draft, by=worker, at=now())


def test_what_may_be_sent_or_received_today_is_offered_with_its_basis(signed: Signed) -> None:
    with member(CCAS_ADMIN) as admin:
        (one,) = flows_open(admin, now())
        assert (one.counterpart, one.is_sent) == (body("CPAM 42").pk, True)
        assert [found.service for found in bases_of([], by=admin, at=now())] == [one.label]
    with member(CPAM_DPO) as officer:
        assert body("CCAS").pk in {one.counterpart for one in flows_open(officer, now()) if not one.is_sent}


def test_nothing_is_sent_of_her_until_it_is_lifted(signed: Signed) -> None:
    request = objecting()
    assert granted(request, *flows()).done == NOTED
    draft = write_draft(signed)
    with pytest.raises(Refused, match="s’est opposée"):
        sent(draft)
    others = write_draft(signed, person=replace(PERSON, surname="Troisième", nir=""))
    assert sent(others) == others
    with member(CCAS_ADMIN) as admin:
        file = file_of(request, admin)
        (row,) = objections_of(file, admin)
        assert PERSON.surname.encode() not in bytes(row.sealed or b"") + b"".join(map(bytes, row.digests))
        letter = said_in(letter_for(answer(file=file, by=admin, at=now()), by=admin, at=now()))
        assert "nous ne gardons aucun dossier sur vous" in letter
        assert "ce qui était en cours pour vous" not in letter
        assert lift(file=file_of(request, admin), why="Elle l’a dit.", by=admin, at=now()) == 1
    assert sent(draft) == draft


def test_without_a_case_nor_a_flow_or_a_birth_date_it_is_said_what_misses(signed: Signed) -> None:
    with pytest.raises(Refused, match="à quels envois elle s’oppose"):
        granted(objecting())
    with pytest.raises(Refused, match="Rien ne permettrait de la reconnaître"):
        granted(objecting(replace(ASKER, birth_date=None)), *flows())
    with pytest.raises(Refused) as refused:
        granted(objecting(), f"{body('CARSAT RA').pk}:unknown")
    assert [fault.field for fault in refused.value.faults] == ["flows"]
    with member(CCAS_ADMIN):
        assert not Objection.objects.exists()


def test_an_organisation_without_any_case_gets_the_key_of_its_index_there(fresh_database: object) -> None:
    signed = sign_convention()
    with member(CCAS_ADMIN) as admin:
        assert vault().index_key(admin.organisation) is None
    assert granted(objecting(), *flows()).done == NOTED
    with member(CCAS_ADMIN) as admin:
        made = vault().index_key(admin.organisation)
    draft = write_draft(signed)
    with pytest.raises(Refused, match="s’est opposée"):
        sent(draft)
    others = sent(write_draft(signed, person=replace(PERSON, surname="Autre", nir="")))
    index_as_worker()
    with member(CCAS_ADMIN) as admin:
        assert vault().index_key(admin.organisation) == made, "the job goes on with the same key"
        assert BlindIndex.objects.filter(case_id=others).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT begin_index_key('x')")
        assert vault().index_key(admin.organisation) == made, "it is never replaced"
