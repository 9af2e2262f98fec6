"""Handing all of somebody's cases over: tried first, done by administrators alone, undone the same day, each case journalled."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from maillage.audit.models import Entry
from maillage.cases.following import hand_over
from maillage.cases.models import Following
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.models import User
from maillage.referrals.handing import actions
from maillage.referrals.handing.actions import Handing, hand_over_cases, undo_hand_over
from maillage.referrals.handing.queries import moving, takers
from maillage.referrals.models import BulkHandOver, HandedCase
from maillage.referrals.queries import referral_of
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    sign_convention,
    work,
)

ADMIN, THIRD = "admin@ccas.example.org", "deux@example.org"


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def person(address: str) -> UUID:
    return User.objects.get(email=address).id


def follow_now(address: str) -> set[UUID]:
    with member(address, "CCAS") as someone:
        rows = Following.objects.filter(user_id=someone.user, until=None)
        return set(rows.values_list("case_id", flat=True))


def hand(seen: str | None = None, *, to: str = OTHER_WORKER, new: UUID | None = None, by: str = ADMIN) -> int:
    """All that the worker follows, as the dry run shows it."""
    with member(by, "CCAS") as admin:
        shown = moving(admin, person(WORKER)).seen if seen is None else seen
        handing = Handing(new or uuid7(), person(WORKER), person(to), shown)
        return hand_over_cases(handing=handing, by=admin, at=now())


def undo(at_least: int = 0) -> tuple[int, int]:
    with member(ADMIN) as admin:
        bulk = BulkHandOver.objects.filter(undone_at=None).latest("done_at")
        return undo_hand_over(hand_over=bulk.id, by=admin, at=now() + timedelta(days=at_least))


def test_what_the_dry_run_shows_moves_and_comes_back_within_the_day(signed: Signed) -> None:
    cases = {send_referral(signed) for _ in range(3)}
    shared = followed_by(send_referral(signed), OTHER_WORKER)
    ended = send_referral(signed)
    work(ended, "acknowledge", "refuse")
    with member(ADMIN) as admin:
        shown = moving(admin, person(WORKER))
        assert {part.case_id for part in shown.parts} == cases | {shared}
        assert [address for address, _ in takers(admin, person(WORKER), on=today())] == [
            person(OTHER_WORKER),
            person(THIRD),
        ]
        tried = Entry.objects.get(reason="essai d’une remise en nombre, sans identité")
        assert set(tried.object_ref.split(",")) == {str(case) for case in cases | {shared}}
    assert follow_now(WORKER) == cases | {shared, ended}  # the dry run moves nothing
    new = uuid7()
    assert hand(shown.seen, new=new) == hand(shown.seen, new=new) == 4  # a form sent twice
    assert follow_now(WORKER) == {ended}
    assert follow_now(OTHER_WORKER) == cases | {shared}
    with member(ADMIN):
        entries = Entry.objects.filter(verb="hand_over")
        assert {entry.object_ref for entry in entries} == {str(case) for case in cases | {shared}}
        assert HandedCase.objects.filter(begun=None).get().case_id == shared
        given = Following.objects.filter(reason="handed").values_list("given_by", "user_id").distinct()
        assert set(given) == {(person(ADMIN), person(OTHER_WORKER))}
    moved = next(iter(cases))
    with member(OTHER_WORKER) as someone:
        referral = referral_of(someone, moved)
        hand_over(case=referral.case, to=person(THIRD), by=someone, at=now())
    assert undo() == (3, 1)
    assert follow_now(WORKER) == (cases | {shared, ended}) - {moved}
    assert follow_now(OTHER_WORKER) == {shared}  # she followed it before
    assert follow_now(THIRD) == {moved}
    with member(ADMIN) as admin:
        assert Entry.objects.filter(verb="hand_over.undo").count() == 3
        bulk = BulkHandOver.objects.get()
        with pytest.raises(Refused, match="le jour même"):
            undo_hand_over(hand_over=bulk.id, by=admin, at=now())


def test_only_administrators_hand_over_and_only_what_was_shown(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = send_referral(signed)
    for someone in (WORKER, OTHER_WORKER):
        with pytest.raises(PermissionDenied):
            hand(by=someone)
    for to in (WORKER, ADMIN, ADVISER):
        with pytest.raises(Refused, match="collègue"):
            hand(to=to)
    with member(ADMIN) as admin:
        seen = moving(admin, person(WORKER)).seen
    send_referral(signed)
    with pytest.raises(Refused, match="ont changé"):
        hand(seen)
    with pytest.raises(Refused, match="ont changé"):
        hand("")
    assert case in follow_now(WORKER)
    assert not follow_now(OTHER_WORKER)
    hand()
    with pytest.raises(Refused, match="le jour même"):
        undo(at_least=1)
    with member(WORKER) as worker, pytest.raises(PermissionDenied):
        undo_hand_over(hand_over=BulkHandOver.objects.get().id, by=worker, at=now())
    monkeypatch.setattr(actions, "reads_referrals", lambda *_args, **_more: False)
    with pytest.raises(Refused, match="ne lit plus"):
        undo()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("bulkhandover_two_people", {"taker": UUID(int=1)}),
        ("bulkhandover_undone_later", {"undone_before": now() - timedelta(days=3)}),
    ],
)
@pytest.mark.usefixtures("signed")
def test_a_hand_over_that_makes_no_sense_is_refused(constraint: str, values: dict[str, object]) -> None:
    with member(ADMIN) as admin, pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BulkHandOver.objects.create(**{**_known(admin.organisation), **values})


def _known(organisation: UUID) -> dict[str, object]:
    return {
        "organisation_id": organisation,
        "giver": UUID(int=1),
        "taker": UUID(int=2),
        "done_at": now(),
        "done_by": UUID(int=3),
        "undone_before": now() + timedelta(hours=5),
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("taker = gen_random_uuid()", "undone once"),
        ("undone_before = undone_before + interval '1 day'", "undone once"),
        ("undone_at = now()", "bulkhandover_undone_in_the_day"),
        ("undone_at = now() + interval '1 day', undone_by = taker", "bulkhandover_undone_in_the_day"),
    ],
)
@pytest.mark.usefixtures("signed")
def test_a_hand_over_is_only_undone_in_its_day(change: str, said: str) -> None:
    with member(ADMIN) as admin:
        BulkHandOver.objects.create(**_known(admin.organisation))
        with (
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match=said),
            transaction.atomic(),
        ):
            cursor.execute(f"UPDATE referrals_bulkhandover SET {change}")  # noqa: S608 - our own words


@pytest.mark.usefixtures("signed")
def test_a_hand_over_of_yesterday_stays_and_none_begins_undone() -> None:
    past = {"done_at": now() - timedelta(days=1), "undone_before": now() - timedelta(hours=1)}
    with member(ADMIN) as admin:
        old = BulkHandOver.objects.create(**{**_known(admin.organisation), **past})
        with pytest.raises(IntegrityError, match="within the day"), transaction.atomic():
            BulkHandOver.objects.filter(id=old.id).update(undone_at=past["done_at"], undone_by=admin.user)
        with pytest.raises(IntegrityError, match="done before"), transaction.atomic():
            BulkHandOver.objects.create(
                **{**_known(admin.organisation), "undone_at": now(), "undone_by": admin.user}
            )


def test_a_case_is_once_in_a_hand_over(signed: Signed) -> None:
    send_referral(signed)
    hand()
    with member(ADMIN):
        row = HandedCase.objects.get()
        row.pk = uuid7()
        with pytest.raises(IntegrityError, match="handedcase_once"), transaction.atomic():
            row.save(force_insert=True)
