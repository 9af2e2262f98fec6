"""Copies on paper: what is noted, what is refused, when it is told."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.catalogue.models import Support
from maillage.catalogue.rules import Moved
from maillage.catalogue.stock import (
    held_by,
    left_of,
    movements,
    note_movement,
    running_low,
    set_threshold,
    stock_of,
)
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from tests.catalogue.world import KEEPER, LEAFLET, PARTNER, WORKER, member, published
from tests.days import today
from tests.referrals.world import organisation

pytestmark = pytest.mark.django_db


def note(support: UUID, kind: str, quantity: int, *, by: str = KEEPER, **more: object) -> UUID:
    with member(by) as keeper:
        moved = Moved(kind, quantity, today())
        row = Support.objects.get(id=support)
        return note_movement(
            **{"new_id": uuid7(), "support": row, "moved": moved, "by": keeper, "at": now(), **more}  # type: ignore[arg-type]
        )


def left(support: UUID, by: str = KEEPER) -> int:
    with member(by) as keeper:
        found = stock_of(keeper, support)
        return left_of(found) if found else 0


def test_what_comes_goes_and_is_counted_leaves_what_is_there() -> None:
    support, _ = published()
    note(support, "received", 100)
    note(support, "sent", 30, recipient=organisation("CCAS").id)
    note(support, "sent", 5)
    assert left(support) == 65
    note(support, "counted", 60)
    assert left(support) == 60
    with member(KEEPER) as keeper:
        found = stock_of(keeper, support)
        assert found is not None
        told = [
            (one.kind, one.quantity, one.balance, getattr(one.recipient, "short_name", ""))
            for one in movements(found)
        ]
    assert told == [
        ("counted", 60, 60, ""),
        ("sent", 5, 65, ""),
        ("sent", 30, 70, "CCAS"),
        ("received", 100, 100, ""),
    ]


def test_nobody_hands_out_what_is_not_there() -> None:
    support, _ = published()
    note(support, "received", 3)
    with pytest.raises(Refused, match="Il n’en reste que 3") as refused:
        note(support, "sent", 4)
    assert refused.value.field == "quantity"
    assert left(support) == 3


def test_each_organisation_keeps_its_own_stock_of_anybody_s_support() -> None:
    support, _ = published()
    note(support, "received", 10)
    note(support, "received", 2, by=PARTNER)
    assert (left(support), left(support, PARTNER)) == (10, 2)
    with member(PARTNER) as partner:
        assert [(one.support.title, one.left) for one in held_by(partner)] == [("Demander la C2S", 2)]


def test_a_movement_sent_twice_is_one() -> None:
    support, _ = published()
    token = uuid7()
    for _ in range(2):
        note(support, "received", 10, new_id=token)
    assert left(support) == 10


def test_what_makes_no_sense_is_refused_at_its_field() -> None:
    support, _ = published()
    with member(KEEPER) as keeper:
        mine = keeper.organisation
    for kind, recipient in (("received", organisation("CCAS").id), ("sent", mine), ("sent", uuid7())):
        note(support, "received", 1)
        with pytest.raises(Refused) as refused:
            note(support, kind, 1, recipient=recipient)
        assert refused.value.field == "recipient"
    with pytest.raises(Refused) as refused:
        note(support, "received", 1, moved=Moved("received", 1, today() + timedelta(days=1)))
    assert refused.value.field == "day"


def test_what_is_not_on_paper_has_no_stock_and_a_worker_keeps_none() -> None:
    video, _ = published(described=replace(LEAFLET, kind="video"))
    with pytest.raises(Refused, match="pas sur papier"):
        note(video, "received", 1)
    support, _ = published("A")
    with pytest.raises(PermissionDenied):
        note(support, "received", 1, by=WORKER)


def test_it_is_told_when_fewer_are_left_than_wanted() -> None:
    support, _ = published()

    def low() -> list[int]:
        with member(KEEPER) as keeper:
            return [one.left for one in running_low(keeper)]

    def threshold(wanted: int | None) -> None:
        with member(KEEPER) as keeper:
            set_threshold(support=Support.objects.get(id=support), threshold=wanted, by=keeper)

    threshold(10)
    assert low() == [0]
    note(support, "received", 10)
    assert low() == []
    note(support, "sent", 1)
    assert low() == [9]
    threshold(None)
    assert low() == []
    with pytest.raises(Refused):
        threshold(0)
