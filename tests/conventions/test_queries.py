"""What awaits a member about her conventions is read in the text of the day, avenants and filled blanks included."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from maillage.conventions.drafting import values
from maillage.conventions.lifecycle.completing import fill_after_signature
from maillage.conventions.queries import roles_to_fill, standings, texts_in_force, vacancies
from tests.conventions.amendments.test_amendments import AT, EFFECT, proposed_amendment, sign
from tests.conventions.people import CARSAT, CCAS, CPAM, DPO, member, seen

pytestmark = pytest.mark.django_db
BEFORE = EFFECT - timedelta(days=1)
ROLES = {"controllers": ["cpam"], "processors": ["ccas"]}


def amended(convention: UUID, *changes: dict[str, object]) -> None:
    avenant = proposed_amendment(convention, *changes)
    for address in (CPAM, CARSAT, CCAS):
        sign(avenant, address)


def lacking(address: str, on: date) -> list[int]:
    with member(address, AT) as reader:
        return [unsaid for _, unsaid, _ in roles_to_fill(texts_in_force(reader, on=on))]


def left_out(address: str, on: date) -> list[int]:
    with member(address, AT) as reader:
        return [out for _, _, out in roles_to_fill(texts_in_force(reader, on=on)) if out]


def posts(address: str, on: date) -> list[tuple[str, int]]:
    with member(address, AT) as reader:
        return [
            (one.level, one.missing)
            for one in vacancies(standings(texts_in_force(reader, on=on), on=on), on=on)
        ]


def test_roles_that_an_avenant_fills_are_no_longer_asked_for(signed_s3: UUID) -> None:
    [before] = lacking(DPO, BEFORE)
    amended(signed_s3, {"operation": "replace", "path": "flows[orientation_misas].roles", "value": ROLES})
    assert lacking(DPO, BEFORE) == [before]
    assert lacking(DPO, EFFECT) == ([before - 1] if before > 1 else [])


def test_whom_the_roles_leave_out_is_asked_and_no_other(signed_s3: UUID) -> None:
    """The record of its processings asks it the same."""
    alone = {"controllers": ["cpam"]}
    amended(signed_s3, {"operation": "replace", "path": "flows[orientation_misas].roles", "value": alone})
    assert [left_out(one, BEFORE) for one in (CPAM, CARSAT, CCAS)] == [[], [], []]
    assert [left_out(one, EFFECT) for one in (CPAM, CARSAT, CCAS)] == [[], [], [1]]


def test_roles_that_somebody_fills_after_the_signature_are_no_longer_asked_for(signed_s3: UUID) -> None:
    [before] = lacking(DPO, AT.date())
    with member(DPO, AT) as officer:
        fill_after_signature(
            convention=seen(officer, signed_s3),
            path="flows[orientation_misas].roles",
            value=values.roles(controllers=["cpam"], processors=["ccas"]),
            by=officer,
            at=AT,
            note="Annexe 6 reçue",
        )
    assert lacking(DPO, AT.date()) == ([before - 1] if before > 1 else [])


def test_a_post_that_an_avenant_adds_or_takes_away_is_followed_from_its_day(signed_s3: UUID) -> None:
    assert posts(CPAM, AT.date()) == [("local", 1)]
    amended(signed_s3, {"operation": "remove", "path": "referents[cpam]"})
    assert posts(CPAM, BEFORE) == [("local", 1)]
    assert posts(CPAM, EFFECT) == []
