"""Two at once: one version a day, a stock never below nothing. Each lock taken away is seen, so that the races prove something."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection

from maillage.catalogue import actions, queries
from maillage.catalogue.models import Support
from maillage.catalogue.rules import Moved, Span
from maillage.catalogue.stock import left_of, note_movement, stock_of
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.states import TOO_LATE
from maillage.organisations.member import Member
from tests.catalogue.world import KEEPER, draft, member, published, states
from tests.days import today
from tests.racing import Racer, race, racer, told, without

VERSION = (
    "catalogue_version_kept()",
    "PERFORM 1 FROM catalogue_support s WHERE s.id = NEW.support_id FOR NO KEY UPDATE;",
    "",
)
MOVEMENT = (
    "catalogue_movement_balanced()",
    "AND s.organisation_id = NEW.organisation_id FOR NO KEY UPDATE;",
    "AND s.organisation_id = NEW.organisation_id;",
)
STATEMENT = (
    "UPDATE catalogue_supportversion SET state = 'published', published_at = now(), published_by = created_by, valid_from = %s"
    " WHERE id = %s"
)
MOVE = (
    "INSERT INTO catalogue_stockmovement (id, stock_id, organisation_id, number, kind, quantity, day, balance, noted_at, noted_by)"
    " SELECT gen_random_uuid(), id, organisation_id, 0, 'sent', 3, current_date, 0, now(), gen_random_uuid() FROM catalogue_stock"
)
Act = Callable[[Member], object]


def at_once(*acts: Act) -> list[str]:
    """What the keeper is told who does these things at the same instant, in as many windows."""

    def racing(act: Act) -> Racer:
        return racer(KEEPER, lambda keeper, _seen: act(keeper), held=0.4)

    return told(race(*map(racing, acts)))


def drafts() -> tuple[UUID, list[UUID]]:
    support, _ = published()
    return support, [draft(support, label) for label in ("2", "3")]


def publishing(version: UUID) -> Act:
    def act(keeper: Member) -> None:
        row = queries.version_of(keeper, version)
        actions.publish(version=row, span=Span(today()), by=keeper, at=now())

    return act


def stating(version: UUID) -> Act:
    def act(_keeper: Member) -> None:
        with connection.cursor() as cursor:
            cursor.execute(STATEMENT, [today(), version])

    return act


def test_of_two_versions_published_at_once_one_is_current(fresh_database: object) -> None:
    support, versions = drafts()
    assert at_once(*map(publishing, versions)) == [
        "done",
        "done",
    ]  # one after the other: the second takes the place of the first
    found = states(support)
    assert sorted(found.values()) == ["published", "replaced", "replaced"]


@pytest.mark.parametrize("locked", [True, False])
def test_the_database_lets_one_of_two_have_the_days_and_without_its_lock_both(
    fresh_database: object, locked: bool
) -> None:
    """Statements that no action writes; without the lock the race is lost, and seen."""
    support, _ = published()
    with member(KEEPER) as keeper:
        row = queries.known(keeper, support).versions[0]
        actions.withdraw(version=row, reason="Essai", instead=None, by=keeper, at=now())
    versions = [draft(support, label) for label in ("2", "3")]
    if not locked:
        without(*VERSION)
    said = at_once(*map(stating, versions))
    assert said == (["another version has these days", "done"] if locked else ["done", "done"])
    assert list(states(support).values()).count("published") == (1 if locked else 2)


def sending(support: UUID) -> Act:
    def act(keeper: Member) -> None:
        row = Support.objects.get(id=support)
        note_movement(new_id=uuid7(), support=row, moved=Moved("sent", 3, today()), by=keeper, at=now())

    return act


def moving(_keeper: Member) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MOVE)


def stocked() -> UUID:
    support, _ = published()
    with member(KEEPER) as keeper:
        row = Support.objects.get(id=support)
        note_movement(new_id=uuid7(), support=row, moved=Moved("received", 4, today()), by=keeper, at=now())
    return support


def left(support: UUID) -> int:
    with member(KEEPER) as keeper:
        found = stock_of(keeper, support)
        assert found is not None
        return left_of(found)


def test_of_two_who_hand_out_the_last_copies_one_is_told_what_is_left(fresh_database: object) -> None:
    support = stocked()
    said = at_once(sending(support), sending(support))
    assert said[0].startswith("Il n’en reste que 1")
    assert said[1] == "done"
    assert left(support) == 1


@pytest.mark.parametrize("locked", [True, False])
def test_the_database_keeps_count_and_without_its_lock_the_rank_still_refuses(
    fresh_database: object, locked: bool
) -> None:
    """The lock makes the second wait and see what is left; without it both would have the same rank, which is refused too."""
    support = stocked()
    if not locked:
        without(*MOVEMENT)
    said = at_once(moving, moving)
    assert "done" in said
    refusal = "stock_never_below_zero" if locked else "movement_rank_once"
    assert any(refusal in one for one in said), said
    assert left(support) == 1


def test_a_version_published_by_two_clicks_is_published_once(fresh_database: object) -> None:
    support, (version, _) = drafts()
    assert at_once(publishing(version), publishing(version)) == sorted(["done", TOO_LATE])
    assert states(support) == {"1": "replaced", "2": "published", "3": "draft"}
