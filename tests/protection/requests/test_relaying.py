"""What of who asks goes along with a request that is passed on: what was chosen, sealed for whoever is asked, dated, journalled."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.people import (
    Along,
    Person,
    Title,
    along_fault,
    known_of,
    only,
    person_faults,
    person_from_bytes,
    person_to_bytes,
)
from maillage.protection.requests.queries import check_passed_on, parts_of, person_of
from maillage.protection.requests.receiving import identify, search, who_asks
from maillage.protection.requests.relaying import ask, targets
from maillage.protection.requests.renewing import reseal_requests
from maillage.protection.requests.rules import Check
from maillage.vault.actions import pair_of, vault
from tests.cli.kept_world import raw as as_owner
from tests.conventions.people import body, raw
from tests.days import today
from tests.protection.requests.files import ASKER, CCAS_ADMIN, CPAM_DPO, attached, file_of, received
from tests.referrals.world import PERSON, Signed, member, send_referral, sign_convention

HERSELF = replace(ASKER, asker="Maître Essai", title=Title.LAWYER.value)
ALL = tuple(one.value for one in Along)


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def passed(request: UUID, *along: str, to: str = "CPAM 42") -> None:
    with member(CCAS_ADMIN) as admin:
        file = file_of(request, admin)
        keys = [one.key for one in targets(file, admin, now()) if one.body == body(to).pk]
        ask(file=file, chosen=keys, along=along, by=admin, at=now())


@given(st.sets(st.sampled_from(ALL)))
def test_nothing_goes_along_but_what_was_chosen(chosen: set[str]) -> None:
    told = person_from_bytes(person_to_bytes(only(HERSELF, chosen)))
    assert (told.birth_date is not None) is ("birth_date" in chosen)
    assert bool(told.address) is ("address" in chosen)
    assert bool(told.asker) is bool(told.title) is ("asker" in chosen)
    assert (along_fault(chosen, known_of(HERSELF)) is None) is (not chosen or "name" in chosen)
    assert along_fault(chosen, ()) is None or chosen


def test_who_asks_for_her_says_by_which_title() -> None:
    for one, field in (
        (replace(ASKER, asker="Maître Essai"), "title"),
        (replace(ASKER, title="lawyer"), "asker"),
    ):
        (fault,) = [found for found in person_faults(one, today()) if found]
        assert fault.field == field
    assert not any(person_faults(HERSELF, today()))
    assert HERSELF.lines[1] == "aux soins de Maître Essai"
    assert HERSELF.asked_by == "Maître Essai, avocat"
    former = b'{"surname": "A", "given_name": "B", "birth_date": null, "address": ""}'
    assert person_from_bytes(former) == Person("A", "B")


def test_who_is_asked_reads_what_was_chosen_and_when_it_was_checked(signed: Signed) -> None:
    request = received(person=HERSELF)
    passed(request, "name", "asker")
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        assert person_of(file) == replace(HERSELF, birth_date=None, address="")
        assert b"Quintessence" not in bytes(file.sealed or b"")
        (part,) = parts_of(file.request)
        assert part.along == ["asker", "name"]
        made = check_passed_on(file.request)
        assert made is not None
        assert made[0] is Check.KNOWN
        assert made[1] is not None
        identify(file=file, person=ASKER, check_made="relayed", by=officer, at=now())
        assert file_of(request, officer).checked_at is not None
    with member("admin@carsat.example.org"):
        assert not RequestFile.objects.exists()
    told = Entry.objects.filter(verb="request.ask", object_ref=str(request))
    with member(CCAS_ADMIN):
        assert [entry.fields for entry in told] == ["asker,name"]


def test_what_the_other_wrote_itself_stays_and_what_comes_later_is_added(signed: Signed) -> None:
    request = received()
    passed(request)
    with member(CPAM_DPO) as officer:
        assert person_of(file_of(request, officer)) is None
    passed(request, "name")
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        assert person_of(file) == replace(ASKER, birth_date=None, address="")
        identify(file=file, person=Person("Autre", "Nom"), check_made="seen", by=officer, at=now())
    passed(request, *ALL[:3])
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        assert person_of(file) == Person("Autre", "Nom")
        assert parts_of(file.request)[0].along == ["name"]


def test_only_what_is_known_goes_along_and_the_name_with_it(signed: Signed) -> None:
    request = received()
    for along in (("asker",), ("address",), ("name", "other")):
        with pytest.raises(Refused) as refused:
            passed(request, *along)
        assert {fault.field for fault in refused.value.faults} == {"along"}


def test_a_check_is_relied_on_only_where_one_was_made_and_told(signed: Signed) -> None:
    request = received(check_made="pending")
    passed(request, "name")
    with member(CPAM_DPO) as officer, pytest.raises(Refused, match="Choisissez"):
        identify(file=file_of(request, officer), person=ASKER, check_made="relayed", by=officer, at=now())
    with member(CCAS_ADMIN) as admin, pytest.raises(Refused, match="Choisissez"):
        identify(file=file_of(request, admin), person=ASKER, check_made="relayed", by=admin, at=now())
    relies = "UPDATE protection_requestfile SET check_made = 'relayed' WHERE request_id = %s"
    for who in ("CPAM 42", "CCAS"):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw(who, relies, [request])


def test_the_day_of_a_check_is_the_one_on_which_it_was_made(signed: Signed) -> None:
    request = received(check_made="seen")
    with member(CCAS_ADMIN) as admin:
        before = file_of(request, admin).checked_at
        assert before is not None
        identify(file=file_of(request, admin), person=HERSELF, check_made="seen", by=admin, at=now())
        assert file_of(request, admin).checked_at == before
        identify(file=file_of(request, admin), person=HERSELF, check_made="pending", by=admin, at=now())
        assert file_of(request, admin).checked_at is None


def test_without_a_name_passed_on_it_is_read_in_the_shared_case(signed: Signed) -> None:
    case, request = send_referral(signed), received()
    attached(request, case)
    passed(request)
    with member(CPAM_DPO) as officer:
        known = who_asks(file_of(request, officer), officer, why="essai")
        assert known == Person(PERSON.surname, PERSON.given_name, PERSON.birth_date)
        read = Entry.objects.filter(verb="read", object_ref=str(case), reason="essai")
        assert read.count() == 1


def test_the_database_takes_what_is_sealed_for_whoever_is_asked_alone(signed: Signed) -> None:
    request = received()
    sql = "SELECT protection_ask(gen_random_uuid(), gen_random_uuid(), %s, %s, %s, '6', %s, %s)"
    with member(CCAS_ADMIN) as admin, transaction.atomic():
        own = vault().seal_for_self(b"{}", organisation=admin.organisation, at=b"x")
    for told, along in ((own, ["name"]), (b"junk", ["name"]), (None, ["name"]), (own, [])):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("CCAS", sql, [request, signed.id, body("CPAM 42").pk, told, along])


def test_it_is_sealed_again_when_the_keys_of_whoever_is_asked_are_renewed(fresh_database: object) -> None:
    sign_convention()
    request = received()
    passed(request, "name")
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        former = pair_of(bytes(file.sealed or b""))
        caisse = officer.organisation
    assert as_owner("SELECT count(*) FROM protection_requestfile WHERE sealed IS NOT NULL") == [(2,)]
    assert reseal_requests(caisse, pairs=[former]).changed == 1
    with member(CPAM_DPO) as officer:
        assert person_of(file_of(request, officer)) == replace(ASKER, birth_date=None, address="")
        search(
            file=file_of(request, officer),
            surname="Quintessence",
            born=PERSON.birth_date,
            by=officer,
            at=now(),
        )
