"""A right that a referral opens keeps the link: the person is known, both sides see what is theirs, and the referral goes on."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.audit.models import Entry
from maillage.cases.actions import forward_case
from maillage.cases.following import follow
from maillage.cases.models import Authorisation, Lineage
from maillage.cases.queries import kin_of
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals.forwarding.actions import restart
from maillage.referrals.forwarding.queries import to_restart
from maillage.referrals.outcomes import Found, Noted, close
from maillage.referrals.queries import NotFollowed, referral_of
from maillage.referrals.queries import file_of as referral_file
from maillage.referrals.states import State
from maillage.rights.content import Content
from maillage.rights.filing import file
from maillage.rights.opening import begin_from, may_begin, opened_content, rights_under_way
from maillage.rights.preparing import add_piece, begin, open_preparation
from maillage.rights.queries import application_of, file_of, rights_asked
from tests.days import today
from tests.referrals.forwarding.conftest import SSAM
from tests.referrals.forwarding.test_redirecting import redirect
from tests.referrals.world import (
    ADVISER,
    FAR_AHEAD,
    FLOW,
    PERSON,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    sign_convention,
    stop,
    work,
)
from tests.rights import world
from tests.rights.world import content, needed, scan

COLLEAGUE = "referent@ccas.example.org"
FILES: dict[str, Any] = FLOW | {
    "key": "depot_dossiers",
    "service": "acces_droits",
    "rights": ["c2s", "medecin_traitant"],
}
ONWARDS = FLOW | {"key": "orientation_bis"}
ELSEWHERE: dict[str, Any] = FILES | {"key": "depot_ailleurs", "recipient": "carsat"}


def sign() -> Signed:
    """A convention by which the CCAS sends referrals to its CPAM, and files of rights to it and to the CARSAT."""
    found = sign_convention(*(
        {name: tuple(value) if name == "rights" else value for name, value in flow.items()}
        for flow in (FILES, ELSEWHERE)
    ), {"key": ONWARDS["key"], "label": "Seconde voie"})  # fmt: skip
    found.publish(until=FAR_AHEAD, flows=(FLOW, FILES, ELSEWHERE, ONWARDS))
    return found


@pytest.fixture
def signed(db: None) -> Signed:
    """That convention, in a transaction that the test rolls back."""
    return sign()


@dataclass(frozen=True)
class Under(world.Signed):
    """One of the flows that carry rights."""

    key: str = FILES["key"]

    def authorisation(self) -> Authorisation:
        with member(WORKER):
            return Authorisation.objects.get(flow_key=self.key)


def begun(referral: UUID, key: str = FILES["key"], right: str = "medecin_traitant") -> UUID:
    """A file begun from a referral, all answered but what comes from it."""
    usual = content(Under(uuid7(), key), right)
    with member(WORKER) as worker:
        opened = referral_file(worker, referral)
        held = replace(usual, person=None, origin=None)
        made = begin_from(referral=opened, token=uuid7(), content=held, by=worker, at=now())
        for one in needed(held):
            add_piece(preparation=made, scanned=scan(one), by=worker, at=now())
    return made


def applied(referral: UUID, key: str = FILES["key"], right: str = "medecin_traitant") -> UUID:
    """An application sent from a referral."""
    made = begun(referral, key, right)
    with member(WORKER) as worker:
        return file(preparation=made, by=worker, at=now())


def kin_seen(address: str, referral: UUID) -> list[UUID]:
    with member(address) as someone:
        return [one.case for one in kin_of(referral_file(someone, referral).participation)]


def test_the_person_is_known_and_the_link_is_kept_until_it_is_sent(signed: Signed) -> None:
    referral = send_referral(signed)
    made = begun(referral)
    with member(WORKER) as worker:
        held = open_preparation(worker, made).content
        assert (held.person, held.origin) == (PERSON, referral)
        assert Entry.objects.filter(verb="prepare_right", object_ref=str(referral)).count() == 1
        case = file(preparation=made, by=worker, at=now())
        link = Lineage.objects.get(following=case)
        assert (link.former_id, link.kind) == (referral, "opened")


def test_both_sides_see_the_link_where_they_take_part_in_both(signed: Signed) -> None:
    referral = followed_by(send_referral(signed), ADVISER)
    case = applied(referral)
    for address in (WORKER, ADVISER):
        assert kin_seen(address, referral) == [case]
        with member(address) as someone:
            assert rights_asked(someone, [case]) == {case: "medecin_traitant"}
    with member(WORKER) as worker:
        (former,) = file_of(worker, case).kin
        assert (former.case, former.is_former, former.state) == (referral, True, "sent")


def test_nobody_learns_of_a_case_that_is_not_theirs(signed: Signed) -> None:
    referral = followed_by(send_referral(signed), ADVISER)
    case = applied(referral, ELSEWHERE["key"])
    with member(SSAM) as social:
        follow(case=application_of(social, case).case, by=social, at=now())
    assert kin_seen(WORKER, referral) == [case]
    assert kin_seen(ADVISER, referral) == []
    with member(ADVISER) as adviser:
        assert not Lineage.objects.exists()
        assert rights_asked(adviser, [case]) == {}
    with member(SSAM) as social:
        assert file_of(social, case).kin == ()
        assert not Lineage.objects.exists()


def test_the_referral_goes_on_as_if_nothing_had_been_opened(signed: Signed) -> None:
    referral = followed_by(send_referral(signed), ADVISER)
    applied(referral)
    work(referral, "acknowledge")
    with member(ADVISER) as adviser:
        row = referral_of(adviser, referral)
        assert row.state == State.ACKNOWLEDGED
    work(referral, "refuse")
    with member(WORKER) as worker:
        assert referral_of(worker, referral).state == State.REFUSED


def test_what_ended_elsewhere_is_sent_again_although_it_opened_a_right(signed: Signed) -> None:
    referral = followed_by(send_referral(signed), ADVISER)
    case = applied(referral)
    work(referral, "acknowledge")
    redirect(referral)
    with member(WORKER) as worker:
        assert restart(referral=referral_of(worker, referral), by=worker, at=now()) != case
        again = forward_case(
            former=referral, case=uuid7(), under=signed.authorisation(), kind="referral", urgent=False
        )
        assert Lineage.objects.get(following=again.id).kind == "restarted"


def test_a_caisse_may_point_to_a_file_of_rights_first(signed: Signed) -> None:
    referral = followed_by(send_referral(signed), ADVISER)
    applied(referral, ELSEWHERE["key"])  # sent before: not what the caisse asks for
    work(referral, "acknowledge")
    redirect(referral, target="flows.depot_dossiers")
    with member(WORKER) as worker:
        ((part, where),) = to_restart(worker, on=today(), limit=5)
        assert part.case_id == referral
        assert where
        assert (where.key, where.is_told, where.for_rights) == ("flows.depot_dossiers", False, True)
        assert may_begin(worker, referral_file(worker, referral))
    applied(referral, ELSEWHERE["key"], "c2s")
    with member(WORKER) as worker:
        assert to_restart(worker, on=today(), limit=5)  # it went elsewhere than where it was pointed to
    applied(referral)
    with member(WORKER) as worker:
        assert to_restart(worker, on=today(), limit=5) == []


def test_a_closed_referral_proposes_the_right_that_it_left_under_way(signed: Signed) -> None:
    referral = followed_by(send_referral(signed), ADVISER)
    work(referral, "acknowledge", "accept", "contact")
    with member(ADVISER) as adviser:
        noted = Noted(
            {}, {"c2s_participation": "under_way", "puma": "opened"}, (Found("optics", "cost", "done"),)
        )
        close(referral=referral_of(adviser, referral), noted=noted, by=adviser, at=now())
    with member(WORKER) as worker:
        opened = referral_file(worker, referral)
        assert rights_under_way(opened) == ["c2s"]
        assert may_begin(worker, opened)
        assert opened_content(opened).right == "c2s"


def test_one_sent_by_error_or_stopped_opens_nothing(signed: Signed) -> None:
    referral = send_referral(signed)
    stop(referral, "cancel", "wrong_person")
    with member(WORKER) as worker:
        opened = referral_file(worker, referral)
        assert not may_begin(worker, opened)
        with pytest.raises(PermissionDenied):
            begin_from(referral=opened, token=uuid7(), content=Content(), by=worker, at=now())


def test_what_was_sent_by_error_meanwhile_leaves_the_application_without_a_link(signed: Signed) -> None:
    referral = send_referral(signed)
    made = begun(referral)
    stop(referral, "cancel", "wrong_person")
    with member(WORKER) as worker:
        assert file(preparation=made, by=worker, at=now()) == made
        assert not Lineage.objects.exists()


def test_who_may_not_apply_is_not_proposed_to(signed: Signed) -> None:
    referral = followed_by(send_referral(signed), ADVISER)
    with member(ADVISER) as adviser:
        opened = referral_file(adviser, referral)
        assert not opened.may_apply  # its caisse applies to nobody
        assert not may_begin(adviser, opened)
    signed.publish(until=FAR_AHEAD, flows=(FLOW,))
    with member(WORKER) as worker:
        assert not may_begin(worker, referral_file(worker, referral))


def test_a_colleague_who_does_not_follow_it_opens_nothing(signed: Signed) -> None:
    referral = send_referral(signed)
    with member(COLLEAGUE) as colleague, pytest.raises(NotFollowed):
        referral_file(colleague, referral)


def test_a_case_that_is_not_theirs_is_never_linked(signed: Signed) -> None:
    referral = send_referral(signed)
    usual = content(Under(uuid7()), "medecin_traitant")
    with member(WORKER) as worker:
        for origin in (uuid7(), applied(referral)):  # unknown, and no referral
            held = replace(usual, person=replace(PERSON, surname="Autre", nir=""), origin=origin)
            made = begin(token=uuid7(), content=held, by=worker, at=now())
            for one in needed(held):
                add_piece(preparation=made, scanned=scan(one), by=worker, at=now())
            case = file(preparation=made, by=worker, at=now())
            assert not Lineage.objects.filter(following=case).exists()
