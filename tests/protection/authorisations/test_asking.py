"""An authorisation asked, answered, withdrawn: by whom, once, in its order; and what the database refuses whatever the code says."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.protection import firsts
from maillage.protection.authorisations.answering import withdraw
from maillage.protection.authorisations.models import TransferAnswer, TransferRequest
from maillage.protection.authorisations.queries import in_force, visible_to, waiting
from maillage.protection.authorisations.rules import State
from tests.conventions.people import raw
from tests.days import today
from tests.protection.authorisations.files import (
    CARSAT_ADMIN,
    CCAS_ADMIN,
    CPAM_DPO,
    SOON,
    answered,
    asked,
    paper,
    stands,
)
from tests.referrals.world import STRANGER, WORKER, Signed, member, organisation, sign_convention
from tests.tiers import spread


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def told(kind: str) -> list[str]:
    """Who received a message of this kind; each reads its own."""
    found = []
    for name, address in (("CARSAT RA", CARSAT_ADMIN), ("CCAS", CCAS_ADMIN), ("CPAM 42", CPAM_DPO)):
        with member(address):
            found += [name for _ in Message.objects.filter(kind=kind)]
    return found


def test_the_party_that_the_text_names_is_asked_and_answers(signed: Signed) -> None:
    transfer = asked(signed.id, file=paper("contrat.pdf"))
    assert told("transfer_asked") == ["CPAM 42"]
    assert stands(transfer).state is State.ASKED
    answered(transfer, file=paper())
    assert told("transfer_answered") == ["CCAS"]
    found = stands(transfer)
    assert (found.state, found.last_day) == (State.GRANTED, SOON)
    assert stands(transfer, SOON + timedelta(days=1)).state is State.EXPIRED
    with member(CPAM_DPO):
        message = Message.objects.get(kind="transfer_asked")
        assert message.path == f"/protection/autorisations/{transfer}/"
        assert "Hébergeur" not in message.reference
    with member(CARSAT_ADMIN) as third:
        assert [one.pk for one in visible_to(third)] == [transfer]
    with member(STRANGER) as stranger:
        assert not visible_to(stranger).exists()
        assert not TransferAnswer.objects.exists()


def test_it_lasts_as_long_as_the_convention_and_no_longer(signed: Signed) -> None:
    transfer = asked(signed.id)
    answered(transfer, until=None, to_term=True)
    assert stands(transfer).state is State.GRANTED
    signed.publish(until=now() + timedelta(days=20))
    found = stands(transfer)
    assert found.last_day is not None
    assert stands(transfer, found.last_day).state is State.GRANTED
    assert stands(transfer, found.last_day + timedelta(days=1)).state is State.EXPIRED
    signed.end(now() - timedelta(minutes=1))
    assert stands(transfer).state is State.EXPIRED
    with pytest.raises(Refused, match="ne court pas"):
        asked(signed.id)


def test_one_refusal_refuses_and_all_must_grant(signed: Signed) -> None:
    transfer = asked(signed.id, regime="autres_collaborations")
    assert told("transfer_asked") == ["CARSAT RA", "CPAM 42"]
    answered(transfer)
    assert stands(transfer).state is State.ASKED
    answered(transfer, by=CARSAT_ADMIN, body="CARSAT RA", granted=False, words="Pas de garantie.", until=None)
    assert stands(transfer).state is State.REFUSED


def test_nobody_answers_twice_nor_for_another_nor_for_itself(signed: Signed) -> None:
    transfer, answer_id = asked(signed.id), uuid7()
    with pytest.raises(PermissionDenied):
        answered(transfer, by=CCAS_ADMIN)  # somebody watches over data at the caisse: it answers itself
    with pytest.raises(Refused):
        answered(transfer, by=CCAS_ADMIN, body="CCAS")
    with pytest.raises(PermissionDenied):
        answered(transfer, by=CARSAT_ADMIN)
    first = answered(transfer, answer_id=answer_id)
    assert answered(transfer, answer_id=answer_id, granted=False, words="non").pk == first.pk
    with pytest.raises(Refused, match="déjà"):
        answered(transfer, granted=False, words="Non.", until=None)
    assert stands(transfer).state is State.GRANTED


def test_the_same_form_asks_once(signed: Signed) -> None:
    token = uuid7()
    assert asked(signed.id, transfer_id=token) == asked(signed.id, transfer_id=token)
    assert told("transfer_asked") == ["CPAM 42"]


def test_whoever_asked_or_granted_withdraws_and_says_why(signed: Signed) -> None:
    transfer = asked(signed.id)
    for by in (CPAM_DPO, CARSAT_ADMIN):
        with member(by) as someone, pytest.raises(PermissionDenied):
            withdraw(transfer=transfer, words="Plus besoin.", by=someone, at=now())
    answered(transfer)
    with member(CPAM_DPO) as officer:
        with pytest.raises(Refused) as refused:
            withdraw(transfer=transfer, words=" ", by=officer, at=now())
        assert refused.value.field == "words"
        withdraw(transfer=transfer, words="Le contrat a changé.", by=officer, at=now())
    assert told("transfer_withdrawn") == ["CCAS"]
    assert stands(transfer).state is State.WITHDRAWN
    with member(CCAS_ADMIN) as admin, pytest.raises(Refused, match="ne court plus"):
        withdraw(transfer=transfer, words="Encore.", by=admin, at=now())
    with pytest.raises(Refused, match="ne court plus"):
        answered(transfer)


@pytest.mark.parametrize(
    ("changes", "field"),
    spread(
        [
            ({"regime": "inconnu"}, "regime"),
            ({"kind": "autre"}, "kind"),
            ({"body": " "}, "body"),
            ({"body": "x" * 201}, "body"),
            ({"what": ""}, "what"),
            ({"purpose": "Pour le 2 84 02 42 147 000 69."}, "purpose"),
            ({"guarantees": "x" * 2001}, "guarantees"),
            ({"country": "Suisse"}, "country"),
            ({"country": "France", "kind": "outside_union"}, "kind"),
            ({"starts_on": today() - timedelta(days=1)}, "starts_on"),
        ],
        4,
    ),
)
def test_bad_input_is_said_at_its_field(signed: Signed, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(signed.id, **changes)
    assert field in {fault.field for fault in refused.value.faults}
    with member(CCAS_ADMIN):
        assert not TransferRequest.objects.exists()


def test_only_whoever_watches_over_data_asks_and_answers(signed: Signed) -> None:
    with pytest.raises(PermissionDenied):
        asked(signed.id, by=WORKER)
    transfer = asked(signed.id)
    with pytest.raises(PermissionDenied):
        answered(transfer, by="conseil@cpam.example.org")


ANSWER = (
    "INSERT INTO protection_transferanswer (id, request_id, convention_id, organisation_id, granted, words, day, until, to_term,"
    " recorded_at, recorded_by, recorded_for_id) VALUES (gen_random_uuid(), %s, %s, %s, true, 'oui', current_date + %s, current_date + %s,"
    " false, now(), gen_random_uuid(), %s)"
)


def test_the_database_refuses_what_the_rules_refuse(signed: Signed) -> None:
    transfer, ids = (
        asked(signed.id),
        {name: organisation(name).id for name in ("CPAM 42", "CCAS", "CARSAT RA")},
    )

    def insert(who: str, body: str, *, day: int = 0, until: int = 30, recorded_for: str = "") -> int:
        arguments = [transfer, signed.id, ids[body], day, until, ids[recorded_for or who]]
        with transaction.atomic():
            return raw(who, ANSWER, arguments)

    for who, body, more in (
        ("CCAS", "CCAS", {}),  # for itself
        ("CARSAT RA", "CARSAT RA", {}),  # was not asked
        ("CARSAT RA", "CPAM 42", {}),  # for another
        ("CCAS", "CPAM 42", {}),  # for one that answers itself, without its paper
        ("CPAM 42", "CPAM 42", {"day": 1}),  # tomorrow
        ("CPAM 42", "CPAM 42", {"day": -400}),  # before it was asked
        ("CPAM 42", "CPAM 42", {"until": -1}),  # expired before granted
        ("CPAM 42", "CPAM 42", {"recorded_for": "CCAS"}),  # in another's name
    ):
        with pytest.raises(DatabaseError):
            insert(who, body, **more)
    assert insert("CPAM 42", "CPAM 42") == 1
    with pytest.raises(IntegrityError):
        insert("CPAM 42", "CPAM 42")
    for statement in (
        "UPDATE protection_transferanswer SET granted = false",
        "DELETE FROM protection_transferanswer",
        "UPDATE protection_transferrequest SET body = 'autre'",
        "DELETE FROM protection_transferrequest",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("CPAM 42", statement)


REQUEST = (
    "INSERT INTO protection_transferrequest (id, convention_id, organisation_id, regime_key, kind, body, country, data, purpose,"
    " guarantees, starts_on, asked_of, article, blank, recorded_at, recorded_by) VALUES (gen_random_uuid(), %s, %s, 'detections', %s, %s,"
    " 'France', 'd', 'p', 'g', current_date + %s, %s, 'annexe 1-4', '', now(), gen_random_uuid())"
)


def test_the_database_refuses_a_request_that_asks_nobody_or_comes_late(signed: Signed) -> None:
    cpam, ccas = organisation("CPAM 42").id, organisation("CCAS").id

    def insert(
        who: UUID, of: list[UUID], *, kind: str = "sub_processor", body: str = "x", later: int = 0
    ) -> int:
        with transaction.atomic():
            return raw("CCAS", REQUEST, [signed.id, who, kind, body, later, of])

    stranger = organisation("CH d’Exemple").id
    for who, of, more in (
        (ccas, [], {}),
        (ccas, [ccas], {}),
        (ccas, [cpam, cpam], {}),
        (ccas, [stranger], {}),
        (cpam, [ccas], {}),
        (ccas, [cpam], {"kind": "autre"}),
        (ccas, [cpam], {"body": ""}),
        (ccas, [cpam], {"later": -1}),
    ):
        with pytest.raises(DatabaseError):
            insert(who, of, **more)
    assert insert(ccas, [cpam]) == 1


def test_the_database_lets_only_the_asker_and_who_granted_withdraw(signed: Signed) -> None:
    transfer = asked(signed.id)
    statement = (
        "INSERT INTO protection_transferwithdrawal (id, request_id, convention_id, words, recorded_at, recorded_by, recorded_for_id)"
        " VALUES (gen_random_uuid(), %s, %s, 'fini', now(), gen_random_uuid(), %s)"
    )
    for who in ("CPAM 42", "CARSAT RA"):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw(who, statement, [transfer, signed.id, organisation(who).id])
    assert raw("CCAS", statement, [transfer, signed.id, organisation("CCAS").id]) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        raw("CCAS", statement, [transfer, signed.id, organisation("CCAS").id])
    with pytest.raises(DatabaseError), transaction.atomic():
        raw(
            "CPAM 42",
            ANSWER,
            [transfer, signed.id, organisation("CPAM 42").id, 0, 30, organisation("CPAM 42").id],
        )


def test_the_oldest_request_waits_first_and_what_is_over_takes_no_line(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firsts, "MOST", 2)
    refused, first, second, last = (asked(signed.id, body=f"Hébergeur {number}") for number in range(4))
    answered(refused, granted=False, until=None)
    with member(CPAM_DPO) as officer:
        to_answer, _, is_cut = waiting(officer, now())
    assert [one.row.pk for one in to_answer] == [first, second]
    assert is_cut
    answered(first)
    with member(CPAM_DPO) as officer:
        to_answer, _, is_cut = waiting(officer, now())
    assert [one.row.pk for one in to_answer] == [second, last]
    assert not is_cut
    with member(CCAS_ADMIN) as admin:
        _, own, is_cut = waiting(admin, now())
        assert [one.row.pk for one in in_force(admin, now())] == [first]
    assert [one.row.pk for one in own] == [first, second]
    assert is_cut
