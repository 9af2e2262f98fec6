"""Who opens an identity inside one organisation: whoever follows, whoever gives a reason until tonight, nobody else."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from maillage.audit.models import Entry
from maillage.cases.following import colleagues, consult, follow, followers, hand_over, unfollow
from maillage.cases.models import Alert, Following
from maillage.cases.rules import Reason
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.organisations.models import User
from maillage.referrals.lists.queries import page_of
from maillage.referrals.lists.wanted import Wanted
from maillage.referrals.queries import NotFollowed, file_of, referral_of
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    PERSON,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    sign_convention,
    work,
)

pytestmark = pytest.mark.security
MOTIVE = "Remplacement d’une collègue absente"


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def opens(address: str, case: UUID) -> bool:
    """Whether somebody reads the identity, on the page of the case and in the list alike."""
    with member(address) as someone:
        (line,) = [
            line
            for line in page_of(someone, Wanted(), on=today()).lines
            if line.participation.case_id == case
        ]
        try:
            found = file_of(someone, case).identity == PERSON
        except NotFollowed:
            found = False
        assert (line.identity == PERSON) is found is line.is_open
        return found


def reasons(address: str, case: UUID) -> list[str]:
    with member(address) as someone:
        return list(
            Following.objects.filter(case_id=case, user_id=someone.user).values_list("reason", flat=True)
        )


def test_whoever_sends_follows_and_her_colleague_does_not(signed: Signed) -> None:
    case = send_referral(signed)
    assert opens(WORKER, case)
    assert not opens(OTHER_WORKER, case)
    assert reasons(WORKER, case) == [Reason.SENT]


@pytest.mark.parametrize(
    "verbs",
    [("acknowledge",), ("acknowledge", "accept", "contact"), ("acknowledge", "accept", "contact", "close")],
)
def test_whoever_works_it_follows(signed: Signed, verbs: tuple[str, ...]) -> None:
    case = send_referral(signed)
    with member(ADVISER) as adviser, pytest.raises(NotFollowed):
        file_of(adviser, case)
    work(case, *verbs)
    with member(ADVISER) as adviser:
        assert file_of(adviser, case).identity == PERSON
    assert reasons(ADVISER, case) == [Reason.WORKED]


def test_a_colleague_takes_it_on_and_leaves_it(signed: Signed) -> None:
    case = followed_by(send_referral(signed), OTHER_WORKER)
    assert opens(OTHER_WORKER, case)
    with member(OTHER_WORKER) as someone:
        assert len(followers(someone, case)) == 2
        assert unfollow(case=referral_of(someone, case).case, by=someone, at=now())
        assert not unfollow(case=referral_of(someone, case).case, by=someone, at=now())
        assert Entry.objects.filter(verb__in=("follow", "unfollow"), object_ref=str(case)).count() == 2
    assert not opens(OTHER_WORKER, case)
    assert opens(WORKER, case)


def test_a_role_that_neither_sends_nor_works_does_not_follow(signed: Signed) -> None:
    case = send_referral(signed)
    with member("dpo@cpam.example.org") as officer, pytest.raises(PermissionDenied):
        follow(case=referral_of(officer, case).case, by=officer, at=now())


def test_a_case_handed_over_changes_hands(signed: Signed) -> None:
    case = send_referral(signed)
    colleague = User.objects.get(email=OTHER_WORKER).id
    with member(WORKER) as worker:
        assert colleague in {user for user, _ in colleagues(worker, on=today())}
        hand_over(case=referral_of(worker, case).case, to=colleague, by=worker, at=now())
        assert Entry.objects.get(verb="hand_over", object_ref=str(case)).reason == f"à {colleague}"
    assert opens(OTHER_WORKER, case)
    assert not opens(WORKER, case)
    with member(WORKER) as worker, pytest.raises(PermissionDenied):
        hand_over(case=referral_of(worker, case).case, to=colleague, by=worker, at=now())


def test_a_case_is_handed_to_nobody_from_elsewhere(signed: Signed) -> None:
    case = send_referral(signed)
    for address in (ADVISER, STRANGER, "deux@example.org", WORKER):
        to = User.objects.get(email=address).id
        with member(WORKER) as worker:
            if to in {user for user, _ in colleagues(worker, on=today())}:
                continue
            with pytest.raises(Refused, match="collègue"):
                hand_over(case=referral_of(worker, case).case, to=to, by=worker, at=now())
    assert opens(WORKER, case)


def consult_at(case: UUID, at: datetime, motive: str = MOTIVE) -> None:
    with member(OTHER_WORKER) as someone:
        consult(case=case, motive=motive, by=someone, at=at)


def test_a_consultation_opens_until_tonight_is_kept_and_told(signed: Signed) -> None:
    case = send_referral(signed)
    consult_at(case, now())
    assert opens(OTHER_WORKER, case)
    with member(OTHER_WORKER) as someone:
        entry = Entry.objects.get(verb="consult", object_ref=str(case))
        assert (entry.reason, entry.user_id) == (MOTIVE, str(someone.user))
        assert Entry.objects.filter(verb="read", reason="consultation sans suivi").exists()
        alert = Alert.objects.get(kind="consultation")
        assert (alert.case_id, alert.user_id) == (case, someone.user)
        (message,) = Message.objects.filter(kind="journal_alert")
        assert message.recipient_id == someone.organisation
        assert str(case) not in f"{message.path} {message.reference}"
    consult_at(case, now())
    with member(OTHER_WORKER):
        assert Alert.objects.filter(kind="consultation").count() == 1
        assert Following.objects.filter(case_id=case, reason="consulted").count() == 1


def test_a_consultation_of_yesterday_opens_nothing_today(signed: Signed) -> None:
    case = send_referral(signed)
    consult_at(case, now() - timedelta(days=1))
    assert not opens(OTHER_WORKER, case)


def test_a_consultation_without_a_reason_opens_nothing(signed: Signed) -> None:
    case = send_referral(signed)
    with pytest.raises(Refused):
        consult_at(case, now(), "parce que")
    assert not opens(OTHER_WORKER, case)


INVALID: dict[str, dict[str, Any]] = {
    "following_reason_known": {"reason": "curious"},
    "following_dates_ordered": {"until": now() - timedelta(days=900)},
    "following_consulted_ends": {"reason": "consulted"},
    "following_handed_by_someone": {"reason": "handed"},
}


@pytest.mark.parametrize("constraint", INVALID)
def test_a_following_that_makes_no_sense_is_refused_by_the_database(signed: Signed, constraint: str) -> None:
    case = send_referral(signed)
    values: dict[str, Any] = {"reason": "taken", "since": now(), **INVALID[constraint]}
    with (
        member(OTHER_WORKER) as someone,
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
    ):
        Following.objects.create(
            case_id=case, organisation_id=someone.organisation, user_id=someone.user, **values
        )


def test_one_follows_once(signed: Signed) -> None:
    case = send_referral(signed)
    with (
        member(WORKER) as worker,
        pytest.raises(IntegrityError, match="following_once"),
        transaction.atomic(),
    ):
        Following.objects.create(
            case_id=case,
            organisation_id=worker.organisation,
            user_id=worker.user,
            reason="taken",
            since=now(),
        )


@pytest.mark.parametrize(
    "change",
    ["user_id = gen_random_uuid()", "reason = 'sent'", "until = NULL", "until = until + interval '1 day'"],
)
def test_a_following_only_ends(signed: Signed, change: str) -> None:
    case = send_referral(signed)
    consult_at(case, now())
    with (
        member(OTHER_WORKER),
        connection.cursor() as cursor,
        pytest.raises(IntegrityError, match="only ends"),
        transaction.atomic(),
    ):
        cursor.execute(f"UPDATE cases_following SET {change} WHERE reason = 'consulted'")  # noqa: S608 - our own words


def test_nobody_follows_a_case_in_which_her_organisation_takes_no_part(signed: Signed) -> None:
    case = send_referral(signed)
    with (
        member(STRANGER) as stranger,
        pytest.raises(Exception, match="row-level security"),
        transaction.atomic(),
    ):
        Following.objects.create(
            id=uuid7(),
            case_id=case,
            organisation_id=stranger.organisation,
            user_id=stranger.user,
            reason="taken",
            since=now(),
        )
