"""What a sending keeps of a situation: what the flow lets out, encrypted or in the clear, and by a route whose conditions hold."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections, transaction

from maillage.beneficiaries.agreement import Agreement
from maillage.cases.models import Case, Participation
from maillage.cases.queries import keys_of
from maillage.conventions.terms import Terms
from maillage.core import crypto
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals import actions, proposing
from maillage.referrals.content import Precisions, Situation
from maillage.referrals.drafts import OpenedDraft, open_draft
from maillage.referrals.leaving import Kept, kept_from_bytes, kept_to_bytes, leaving
from maillage.referrals.models import Referral, Renunciation
from maillage.referrals.proposing import conventions_read
from maillage.referrals.queries import File, file_of
from maillage.referrals.renewing import renew_cases
from maillage.referrals.routing.router import Route, Way
from maillage.referrals.routing.situation import Renunciation as Renounced
from tests.conventions.people import worker_process
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    NARRATIVE,
    WORKER,
    Signed,
    complete,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
    work,
    write_draft,
)

CARE = (
    Renounced(care="optics", reason="cost"),
    Renounced(care="gynaecology", reason="time"),
    Renounced(care="optics", reason="cost"),
)
DESCRIBED = Situation(
    ("cost",),
    NARRATIVE,
    CARE,
    {"care_imminent": True, "first_level_given": True, "rights_to_open": frozenset({"c2s"})},
)
SAID = Precisions({"received_here": True, "scheme": "general", "precarious": True})


def file(address: str, case: UUID) -> File:
    with member(address) as someone:
        return file_of(someone, case)


def test_both_sides_read_what_the_route_s_conditions_read_and_nothing_more(signed: Signed) -> None:
    case = followed_by(send_referral(signed, situation=DESCRIBED, precisions=SAID), ADVISER)
    for address in (WORKER, ADVISER):
        found = file(address, case)
        assert found.renunciations == (("gynaecology", "time"), ("optics", "cost"))
        assert found.kept.facts == {
            "care_imminent": True,
            "first_level_given": True,
            "rights_to_open": frozenset({"c2s"}),
            "received_here": True,
            "precarious": True,
        }  # the scheme decides another route: it stays with the sender
        assert found.referral.urgent
        assert found.narrative == NARRATIVE


def test_urgency_answered_in_the_precisions_is_urgent_all_the_same(signed: Signed) -> None:
    said = Precisions({"received_here": True, "care_imminent": True})
    case = followed_by(send_referral(signed, situation=Situation(("cost",)), precisions=said), ADVISER)
    assert file(ADVISER, case).referral.urgent
    with member(ADVISER) as adviser:
        assert file_of(adviser, case).participation.urgent


def the_route(signed: Signed, content: Any, **flow: Any) -> Route:
    """The route of the CCAS's referrals for a content, its flow changed."""
    with member(WORKER) as worker:
        found = conventions_read(worker, at=now()).proposals(content)
    route = next(one.route for one in found if one.flow_key == "orientation_misas")
    assert route is not None
    assert route.flow is not None
    return replace(route, flow=route.flow.model_copy(update=flow))


def test_a_flow_that_lists_its_data_lets_nothing_else_out(signed: Signed) -> None:
    content = complete(uuid7(), situation=DESCRIBED, precisions=SAID)
    some = leaving(content, the_route(signed, content, data_fields=("scheme",)))
    assert (some.kept.facts, some.renunciations, some.narrative) == ({"scheme": "general"}, (), "")
    listed = ("renounced_care", "narrative")
    more = leaving(content, the_route(signed, content, data_fields=listed))
    assert (more.kept.facts, more.renunciations, more.narrative) == ({}, CARE, NARRATIVE)


def test_what_is_kept_comes_back_as_it_was_written() -> None:
    kept = Kept(
        {"scheme": "general", "social_needs": frozenset({"isolated"}), "delivered_on": today(), "age": 15},
        ("Fragilité repérée",),
    )
    assert kept_from_bytes(kept_to_bytes(kept)) == kept


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"precisions": Precisions()}, "Accueillie par le CCAS (article 2)"),
        ({"precisions": Precisions({"received_here": False})}, "Accueillie par le CCAS (article 2)"),
        ({"situation": Situation(("online",))}, "L’une de ces situations : Droits non ouverts"),
    ],
)
def test_a_route_whose_conditions_are_not_met_sends_nothing_and_says_which(
    signed: Signed, changes: dict[str, Any], asked: str
) -> None:
    draft = write_draft(signed, **changes)
    with member(WORKER) as worker:
        with pytest.raises(actions.ConditionsUnmet) as refused:
            actions.send(draft=draft, by=worker, at=now())
        assert asked in str(refused.value)
        assert isinstance(open_draft(worker, draft), OpenedDraft)
        assert not Case.objects.exists()


def with_a_line(monkeypatch: pytest.MonkeyPatch, words: str) -> str:
    """The same convention with a condition that only its text knows; the key of its answer."""
    real = proposing.prepared.__wrapped__

    def changed(terms: Terms) -> proposing.Prepared:
        flows = tuple(
            flow.model_copy(update={"conditions": (words,)}) if flow.key == "orientation_misas" else flow
            for flow in terms.flows
        )
        return real(terms.model_copy(update={"flows": flows}))

    monkeypatch.setattr(proposing, "prepared", changed)
    return proposing.answer_key("flows.orientation_misas.conditions.0", words)


def test_a_line_of_the_text_is_answered_before_anything_leaves_and_leaves_with_it(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = with_a_line(monkeypatch, "La personne a remis ses pièces")
    draft = write_draft(signed)
    with member(WORKER) as worker, pytest.raises(actions.ConditionsUnmet, match="remis ses pièces"):
        actions.send(draft=draft, by=worker, at=now())
    said = Precisions({"received_here": True}, {key: True})
    case = send_referral(signed, precisions=said)
    assert file(WORKER, case).kept.confirmed == ("La personne a remis ses pièces",)


def test_the_same_line_in_two_conventions_is_asked_once_and_a_rewritten_one_again(signed: Signed) -> None:
    sign_convention()
    with member(WORKER) as worker:
        read = conventions_read(worker, at=now())
        asked = [one.text for one in read.questions(complete(uuid7()))]
    assert len(asked) == len(set(asked))
    assert "Fragilité repérée selon les critères du service social" in asked
    assert proposing.answer_key("a", "one") != proposing.answer_key("a", "another")


def test_what_the_conventions_ask_stops_once_it_can_decide_nothing(signed: Signed) -> None:
    with member(WORKER) as worker:
        read = conventions_read(worker, at=now())
    refused = complete(uuid7(), precisions=Precisions({"received_here": False}))
    assert read.questions(refused) == []  # whoever is not received there has no route in this text
    assert read.sendable(read.proposals(refused)) == []


def test_reading_many_conventions_costs_as_many_queries_as_one(
    signed: Signed, django_assert_num_queries: Any
) -> None:
    def read() -> proposing.Conventions:
        with member(WORKER) as worker, django_assert_num_queries(8):
            return conventions_read(worker, at=now())

    assert len(read().all) == 1
    for _ in range(4):
        sign_convention()
    found = read()
    assert len(found.all) == 5
    assert len(found.sendable(found.proposals(complete(uuid7())))) == 5


def test_a_phone_way_of_a_convention_is_no_sending(signed: Signed) -> None:
    content = complete(uuid7(), precisions=SAID)
    with member(WORKER) as worker:
        found = {one.flow_key: one for one in conventions_read(worker, at=now()).proposals(content)}
    assert found["appel_ssam"].route is not None
    assert found["appel_ssam"].route.way is Way.PHONE
    assert not found["appel_ssam"].is_sendable


def inserted(case: UUID, care: str, reason: str) -> None:
    with member(WORKER), transaction.atomic():
        Renunciation.objects.create(case_id=case, care=care, reason=reason)


@pytest.mark.security
def test_care_is_described_by_the_sending_and_by_the_sender_alone(committed: Signed) -> None:
    case = send_referral(committed, situation=DESCRIBED)
    with pytest.raises(DatabaseError, match="when the referral is sent"):
        inserted(case, "general_practice", "cost")
    for address in (WORKER, ADVISER):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            member(address),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM referrals_renunciation WHERE case_id = %s", [case])


@pytest.mark.security
def test_the_recipient_adds_no_care_in_the_sender_s_name(signed: Signed) -> None:
    case = send_referral(signed)
    with pytest.raises(DatabaseError, match="when the referral is sent"), member(ADVISER):
        Renunciation.objects.create(case_id=case, care="optics", reason="cost")


@pytest.mark.security
def test_a_situation_stays_what_was_sent(signed: Signed) -> None:
    case = send_referral(signed, situation=DESCRIBED)
    with pytest.raises(DatabaseError, match="what was sent stays"), member(ADVISER):
        Referral.objects.filter(case_id=case).update(situation=b"x" * 40)
    work(case, "acknowledge", "accept", "close")  # working it changes nothing of it
    assert file(WORKER, case).kept.facts["care_imminent"] is True


def test_an_old_referral_without_a_situation_is_read(committed: Signed) -> None:
    case = send_referral(committed)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE referrals_referral DISABLE TRIGGER kept")
        cursor.execute("UPDATE referrals_referral SET situation = NULL WHERE case_id = %s", [case])
        cursor.execute("ALTER TABLE referrals_referral ENABLE TRIGGER kept")
    assert file(WORKER, case).kept == Kept()


def test_a_new_key_of_the_case_takes_the_situation_along(committed: Signed) -> None:
    mandated = Agreement("agreed", "all", "mandate", "MANDAT-2026-0042")
    case = followed_by(send_referral(committed, situation=DESCRIBED, agreement=mandated), ADVISER)
    with member(WORKER):
        former = keys_of(Participation.objects.filter(case_id=case))[case]
    before = file(WORKER, case)
    with worker_process():
        done = renew_cases(organisation("CCAS").id, before=now())
    assert (done.changed, done.unreadable) == (1, 0)
    for address in (WORKER, ADVISER):
        after = file(address, case)
        assert (after.kept, after.narrative, after.mandate) == (before.kept, NARRATIVE, mandated.mandate)
    sealed = Referral.objects.using("owner").get(case_id=case).situation
    assert sealed is not None
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(former, bytes(sealed), at=actions.situation_place(case))
