"""A provision is estimated from what one party gives, corrected with a reason, compared later with what was paid."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.steering.provision.actions import GivenActual, GivenTriangle, draw_triangle, tell_actual
from maillage.steering.provision.models import ProvisionActual, ProvisionTriangle
from maillage.steering.provision.queries import Provision, provisions
from maillage.steering.provision.rules import Component
from tests.conventions.people import instant
from tests.steering.people import CCAS, CPAM, WORKER, member, seen

pytestmark = pytest.mark.django_db
AT = instant("2026-05-04")
ROWS: list[list[int | None]] = [
    [100, 150, 160, 165],
    [110, 160, 175, None],
    [120, 185, None, None],
    [130, None, None, None],
]


def draw(convention: UUID, address: str = CPAM, **changes: Any) -> ProvisionTriangle:
    given = GivenTriangle(
        **{
            "triangle_id": uuid7(),
            "component": Component.GRANT,
            "first": 2022,
            "rows": ROWS,
            "source": "Comptes",
            **changes,
        }
    )
    with member(address, AT) as actor:
        return draw_triangle(convention=seen(actor, convention), given=given, by=actor, at=AT)


def tell(convention: UUID, cents: int, address: str = CPAM, **changes: Any) -> ProvisionActual:
    said = GivenActual(
        **{
            "actual_id": uuid7(),
            "cents": cents,
            "known_on": date(2026, 4, 30),
            "source": "Comptes",
            **changes,
        }
    )
    with member(address, AT) as actor:
        return tell_actual(
            convention=seen(actor, convention),
            year=2025,
            component=Component.GRANT,
            given=said,
            by=actor,
            at=AT,
        )


def read(convention: UUID, address: str = CCAS) -> tuple[Provision, ...]:
    with member(address, AT) as actor:
        return provisions(load(seen(actor, convention)))


def test_what_one_party_gives_all_read_with_its_estimate(convention: UUID) -> None:
    draw(convention)
    (found,) = read(convention)
    assert (found.year, found.component, found.actual) == (2025, Component.GRANT, None)
    assert found.newest.triangle.rows == ((100, 150, 160, 165), (110, 160, 175), (120, 185), (130,))
    assert found.estimate.reserve > 0
    assert found.estimate.error is not None


def test_a_second_triangle_takes_the_place_of_the_first_for_a_reason(convention: UUID) -> None:
    first = draw(convention)
    with pytest.raises(Refused) as bare:
        draw(convention, CCAS)
    assert bare.value.field == "reason"
    with pytest.raises(Refused, match="avant vous"):
        draw(convention, CCAS, reason="x", seen=uuid7())
    draw(convention, CCAS, reason="Comptes révisés", seen=first.pk)
    (found,) = read(convention)
    assert [(one.party, one.reason) for one in found.drawn] == [("ccas", "Comptes révisés"), ("cpam", "")]


def test_each_component_has_its_own(convention: UUID) -> None:
    for component in reversed(Component):
        draw(convention, component=component)
    assert [one.component for one in read(convention)] == list(Component)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rows": [[1, 2, 3], [1, -2], [1]]}, "cells"),
        ({"rows": [[1, 2, 3], [1, None], [1]]}, "cells"),
        ({"first": 2024}, "cells"),
        ({"source": " "}, "source"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(convention: UUID, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as error:
        draw(convention, **changes)
    assert error.value.field == field


def test_what_was_paid_is_told_later_and_corrected_with_a_reason(convention: UUID) -> None:
    with pytest.raises(Refused, match="n’existe pas"):
        tell(convention, 200)
    draw(convention)
    first = tell(convention, 200)
    with pytest.raises(Refused) as bare:
        tell(convention, 210)
    assert bare.value.field == "reason"
    tell(convention, 210, CCAS, reason="Rattrapage", seen=first.pk)
    (found,) = read(convention)
    assert [one.cents for one in found.actuals] == [210, 200]
    for day in (date(2025, 12, 31), date(2026, 5, 5)):
        with pytest.raises(Refused) as error:
            tell(convention, 1, reason="x", known_on=day)
        assert error.value.field == "known_on"


def test_who_only_reads_gives_nothing(convention: UUID) -> None:
    with pytest.raises(PermissionDenied):
        draw(convention, WORKER)


def test_a_form_sent_twice_gives_one_triangle(convention: UUID) -> None:
    token = uuid7()
    assert draw(convention, triangle_id=token) == draw(convention, triangle_id=token)


WRONG: dict[str, dict[str, Any]] = {
    "component": {"component": "other"},
    "years": {"first_year": 2025},
    "source": {"source": ""},
    "twice": {},
    "no reason": {"replaces": True},
    "another component": {"replaces": True, "reason": "x", "component": "package"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_database_refuses_what_no_action_writes(convention: UUID, wrong: str) -> None:
    first = draw(convention)
    values = dict(WRONG[wrong])
    if values.pop("replaces", False):
        values["replaces"] = first
    with member(CPAM, AT) as actor:
        known = {
            "convention_id": convention, "component": "grant", "year": 2025, "first_year": 2022, "cells": [], "source": "x",
            "recorded_at": AT, "recorded_by": actor.user, "recorded_for_id": actor.organisation,
        }  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            ProvisionTriangle.objects.create(**{**known, **values})


def test_the_provisions_of_a_convention_are_two_questions(
    convention: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for component in Component:
        draw(convention, component=component)
    with member(CPAM, AT) as actor:
        known = load(seen(actor, convention))
        with django_assert_num_queries(2):
            assert len(provisions(known)) == 3
