"""A referral that the caisse redirects ends there; its sender goes on with what it had written, and both know of the link."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Told
from maillage.cases.models import Authorisation, Lineage, Participation
from maillage.cases.queries import Kin, kin_of, visible_to, with_kin
from maillage.conventions.lifecycle.queries import text_of
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.organisations.member import Member
from maillage.referrals import actions
from maillage.referrals.content import Content, Situation, content_from_bytes, content_to_bytes
from maillage.referrals.drafts import begin, keep, open_draft
from maillage.referrals.forwarding import actions as forwarding
from maillage.referrals.forwarding.queries import destination_in, destinations, to_restart
from maillage.referrals.models import Referral
from maillage.referrals.queries import NotFollowed, file_of, referral_of
from maillage.referrals.routing.situation import Renunciation
from tests.days import today
from tests.referrals.forwarding.conftest import ELSEWHERE
from tests.referrals.world import (
    ADVISER,
    NARRATIVE,
    OTHER_WORKER,
    PERSON,
    STRANGER,
    WORKER,
    Signed,
    complete,
    member,
    send_referral,
    stop,
    work,
)
from tests.tiers import spread

RENOUNCED = (Renunciation(care="optics", reason="cost"),)


def redirect(
    case: UUID, target: str = ELSEWHERE, reason: str = "better_suited", words: str = "", by: str = ADVISER
) -> Referral:
    """The caisse redirects."""
    with member(by) as adviser:
        referral = referral_of(adviser, case)
        forwarding.redirect(
            referral=referral, target=target, reason=reason, words=words, by=adviser, at=now()
        )
    return referral


def restart(case: UUID, by: str = WORKER) -> UUID:
    """The sender goes on."""
    with member(by) as worker:
        return forwarding.restart(referral=referral_of(worker, case), by=worker, at=now())


def redirected(signed: Signed, **changes: object) -> UUID:
    """A referral that was redirected."""
    case = send_referral(signed, **changes)
    work(case, "acknowledge")
    redirect(case)
    return case


def kin(someone: Member, case: UUID) -> list[Kin]:
    """The cases before and after one, as somebody may know of them."""
    return kin_of(with_kin(visible_to(someone)).get(case_id=case))


def send_again(draft: UUID) -> UUID:
    """The person is told of the new recipient, and the draft leaves."""
    with member(WORKER) as worker:
        content = open_draft(worker, draft).content
        told, agreed = Told(today(), "oral", recipient_named=True), Agreement("agreed", "all", "oral")
        keep(draft=draft, content=replace(content, told=told, agreement=agreed), by=worker, at=now())
        return actions.send(draft=draft, by=worker, at=now())


def test_the_text_says_where_to_and_never_the_way_by_which_it_came(signed: Signed) -> None:
    case = send_referral(signed)
    with member(ADVISER) as adviser:
        found = {one.key: one for one in destinations(referral_of(adviser, case), adviser, on=today())}
    assert found[ELSEWHERE].label == "Seconde voie (CPAM)"
    assert not found[ELSEWHERE].is_told
    assert found["flows.appel_ssam"].is_told
    assert "flows.orientation_misas" not in found
    assert "flows.orientation_eps" not in found  # the parties have not retained it


@pytest.mark.parametrize("steps", [("acknowledge",), ("acknowledge", "accept")])
def test_a_redirection_ends_it_and_tells_the_sender_where_and_why(
    signed: Signed, steps: tuple[str, ...]
) -> None:
    case = send_referral(signed)
    work(case, *steps)
    redirect(case, reason="other", words="Le service voisin a un interprète.")
    for address in (WORKER, ADVISER):
        with member(address) as someone:
            file = file_of(someone, case)
            assert (file.referral.state, file.referral.redirected_to) == ("redirected", ELSEWHERE)
            assert file.history.refusal_words == "Le service voisin a un interprète."
            text = text_of(file.participation.convention_id, organisation=someone.organisation)
            where = destination_in(text, file.referral, on=today())
            assert where
            assert where.label == "Seconde voie (CPAM)"
    with member(WORKER) as worker:
        assert Participation.objects.get(case_id=case).closed_at is not None
        assert (
            Message.objects.filter(kind="referral_redirected", recipient_id=worker.organisation).count() == 1
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    spread(
        [
            ({"target": "flows.orientation_misas"}, "target"),
            ({"target": "flows.nowhere"}, "target"),
            ({"target": ""}, "target"),
            ({"reason": "because"}, "reason"),
            ({"reason": "other"}, "words"),
            ({"words": "x" * 1001}, "words"),
        ],
        3,
    ),
)
def test_what_the_text_or_the_rules_do_not_know_is_refused_at_its_field(
    signed: Signed, changes: dict[str, str], field: str
) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    with pytest.raises(Refused) as refused:
        redirect(case, **changes)
    assert [fault.field for fault in refused.value.faults] == [field]


def test_only_the_caisse_redirects_and_only_what_it_works(signed: Signed) -> None:
    case = send_referral(signed)
    with pytest.raises(TransitionRefused):
        redirect(case)  # not acknowledged yet
    work(case, "acknowledge")
    with pytest.raises(PermissionDenied):
        redirect(case, by=WORKER)
    with pytest.raises(Participation.DoesNotExist):
        redirect(case, by=STRANGER)
    work(case, "accept", "pause")
    with pytest.raises(TransitionRefused):
        redirect(case)


def test_the_sender_goes_on_with_all_that_it_had_written_and_tells_the_person_again(signed: Signed) -> None:
    situation = Situation(("cost",), NARRATIVE, RENOUNCED, {"care_imminent": True})
    case = redirected(signed, situation=situation)
    draft = restart(case)
    with member(WORKER) as worker:
        content = open_draft(worker, draft).content
        assert (content.person, content.situation) == (PERSON, situation)
        assert content.precisions.facts == {"received_here": True}
        assert (content.told, content.origin) == (None, case)
        chosen = Authorisation.objects.get(id=str(content.authorisation))
        assert f"flows.{chosen.flow_key}" == ELSEWHERE
        with pytest.raises(actions.Incomplete):
            actions.send(draft=draft, by=worker, at=now())
    again = send_again(draft)
    for address in (WORKER, ADVISER):  # the same caisse: both sides take part in both
        with member(address) as someone:
            (after,), (before,) = kin(someone, case), kin(someone, again)
            assert (after.case, after.kind, after.is_former) == (again, "restarted", False)
            assert (before.case, before.kind, before.is_former) == (case, "restarted", True)
    with member(STRANGER) as stranger:
        assert not visible_to(stranger).filter(case_id__in=[case, again]).exists()
        assert not Lineage.objects.exists()


def test_it_goes_on_once(signed: Signed) -> None:
    case = redirected(signed)
    draft = restart(case)
    assert restart(case) == draft
    again = send_again(draft)
    assert restart(case) == again
    with member(WORKER) as worker:
        assert to_restart(worker, on=today(), limit=5) == []
    stop(again, "cancel", "wrong_person")
    second = restart(case)
    assert second not in (draft, again)
    assert send_again(second) == second


def test_two_drafts_of_two_people_and_one_leaves(signed: Signed) -> None:
    case = redirected(signed)
    mine = restart(case)
    with pytest.raises(NotFollowed):
        restart(case, by=OTHER_WORKER)
    send_again(mine)
    other = complete(signed.authorisation().id, origin=case)
    with member(WORKER) as worker:
        late = begin(token=uuid7(), content=other, by=worker, at=now())
        with pytest.raises(Refused, match="déjà une suite"):
            actions.send(draft=late, by=worker, at=now())
        assert open_draft(worker, late).content.origin == case  # nothing typed is lost


def test_what_did_not_end_elsewhere_does_not_start_again(signed: Signed) -> None:
    case = send_referral(signed)
    for steps in ((), ("acknowledge",), ("refuse",)):
        work(case, *steps)
        with pytest.raises(TransitionRefused):
            restart(case)
    with pytest.raises(PermissionDenied):
        restart(redirected(signed), by=ADVISER)


def test_it_is_proposed_for_thirty_days_to_whoever_follows_it(signed: Signed) -> None:
    case = redirected(signed)
    with member(WORKER) as worker:
        ((part, where),) = to_restart(worker, on=today(), limit=5)
        assert part.case_id == case
        assert where
        assert where.key == ELSEWHERE
        assert to_restart(worker, on=today() + timedelta(days=30), limit=5)
        assert not to_restart(worker, on=today() + timedelta(days=32), limit=5)
    with member(OTHER_WORKER) as other:
        assert not to_restart(other, on=today(), limit=5)


def test_a_draft_kept_before_lineage_still_opens() -> None:
    raw = json.loads(content_to_bytes(Content()))
    del raw["origin"]
    assert content_from_bytes(json.dumps(raw).encode()) == Content()
