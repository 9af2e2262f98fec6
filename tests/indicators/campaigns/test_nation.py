"""A country answers a campaign: what is released is the sum of its parts, nothing hidden can be computed, twice is the same bytes."""

import json
from dataclasses import astuple
from typing import Final
from uuid import UUID

import numpy as np
import pytest
from django.db import connections
from django.test import Client

from benchmarks.seed import quietly
from maillage.indicators.campaigns.models import ReleasedFigure
from maillage.indicators.consolidated.protecting import ALL, NATION, Cell, Ground
from maillage.indicators.consolidated.series import Contribution, SeriesKey, series_of
from maillage.indicators.disclosure.sensitive import Policy, sensitive_with
from maillage.indicators.releasing import consolidate, contributions, waiting
from maillage.organisations.models import User
from tests.conventions.people import STRANGER, member
from tests.indicators.campaigns import nation
from tests.indicators.campaigns.world import CLOSED, close, framework, opened
from tests.indicators.consolidated.sums import sums
from tests.indicators.disclosure.attacker import computed

Numbers = dict[tuple[SeriesKey, str, str], int]
SUCCES, ECHEC = (SeriesKey("issues_soins", part, "over") for part in ("succes", "echec"))
LINKS: Final = (
    (
        SeriesKey("accompagnements_soins"),
        SUCCES,
    ),  # but for what the referents corrected, which is taken for known
    (SUCCES, ECHEC),
    (SUCCES, SeriesKey("issues_soins", "succes", "count"), SeriesKey("issues_soins", "echec", "count")),
)


def cells_of(campaign: UUID) -> list[Cell]:
    """What everybody reads of a campaign, in a fixed order."""
    with member(STRANGER, CLOSED):
        rows = ReleasedFigure.objects.filter(campaign=campaign)
        names = ("question", "part", "term", "territory", "network")
        return [
            Cell(SeriesKey(question, part, term), territory, network, amount)
            for question, part, term, territory, network, amount in rows.order_by(*names).values_list(*names, "amount")
        ]  # fmt: skip


def files_of(campaign: UUID) -> list[bytes]:
    """The same as JSON, then what is downloaded: CSV and XLSX."""
    told = [(*astuple(one.key), one.territory, one.network, one.amount) for one in cells_of(campaign)]
    client = Client()
    client.force_login(
        User.objects.get(email=STRANGER), backend="maillage.web.accounts.backend.ClosedBackend"
    )
    answers = [client.get(f"/bilans/campagnes/{campaign}/{kind}/") for kind in ("csv", "xlsx")]
    assert [one.status_code for one in answers] == [200, 200]
    return [json.dumps(told).encode(), *(one.content for one in answers)]


def answered(caisses: int, conventions: int) -> tuple[UUID, list[Contribution]]:
    """The campaign of a country so large, closed; what each of its conventions brings."""
    national = framework()
    assert nation.fill(national, caisses, conventions) == caisses * conventions
    campaign = opened(national)
    close(campaign)
    (one,) = waiting()
    brought = list(contributions(one))
    assert len(brought) == caisses * conventions
    return campaign.pk, brought


def is_the_sum_of_its_parts(brought: list[Contribution], cells: list[Cell]) -> Numbers:
    """Before protection every number, and after it every number that is published; what they are."""
    with connections["owner"].cursor() as cursor:
        wanted = nation.summed(cursor)
    ground = Ground.of(brought)
    before = {
        (one.key, territory, network): int(amount)
        for one in series_of(brought)
        for territory, row in zip(ground.territories.codes, ground.table(one).counts, strict=True)
        for network, amount in zip(ground.networks.codes, row, strict=True)
    }
    assert {one.key for one in cells} == set(nation.VALUES)
    assert before == {place: wanted.get(place, 0) for place in before}
    assert wanted.keys() <= before.keys()
    assert len(cells) == len(before)
    assert all(one.amount in {None, wanted.get((one.key, one.territory, one.network), 0)} for one in cells)
    whole = [one.amount for one in cells if (one.territory, one.network) == (NATION, ALL)]
    assert whole.count(None) < len(whole) / 4
    return before


def tells_nothing_of_a_few(brought: list[Contribution], cells: list[Cell], numbers: Numbers) -> None:
    """Adding and subtracting all that is published, each zero known, gives nothing; it does where small counts alone are hidden."""
    ground, series = Ground.of(brought), [one for one in series_of(brought) if one.is_protected]
    keys = {one.key for one in series}
    told = [one for one in cells if one.key in keys]
    hidden = {place for place, one in enumerate(told) if one.amount is None}
    somebody = {place for place, one in enumerate(told) if numbers[one.key, one.territory, one.network]}
    small: dict[str, set[tuple[str, str]]] = {}
    for one in series:
        mask = sensitive_with(ground.table(one), Policy(), ground.contributors(one))
        small.setdefault(one.family, set()).update(
            (ground.territories.codes[row], ground.networks.codes[column])
            for row, column in np.argwhere(mask)
        )
    family = {one.key: one.family for one in series}
    alone = {
        place for place, one in enumerate(told) if (one.territory, one.network) in small[family[one.key]]
    }
    assert alone <= hidden
    assert not computed(sums(ground, told, LINKS), hidden & somebody)
    assert computed(sums(ground, told, LINKS), alone & somebody)
    assert len(hidden) < len(told) / 2


def goes_out_the_same_way_again(campaign: UUID) -> None:
    """Put back before it was released, a campaign releases the same bytes: what is hidden and what is told."""
    first = files_of(campaign)
    quietly(nation.AGAIN, {}, tables=nation.RELEASED)
    assert consolidate() == 1
    assert files_of(campaign) == first


def released_whole(caisses: int, conventions: int) -> None:
    """Everything that is asked of a release, of a country so large."""
    campaign, brought = answered(caisses, conventions)
    assert consolidate() == 1
    cells = cells_of(campaign)
    numbers = is_the_sum_of_its_parts(brought, cells)
    tells_nothing_of_a_few(brought, cells, numbers)
    goes_out_the_same_way_again(campaign)


def test_a_few_caisses_release_their_sum_and_nothing_of_a_few_twice_the_same(fresh_database: object) -> None:
    released_whole(4, 40)


@pytest.mark.long
def test_answers_of_101_caisses_by_40_conventions(fresh_database: object) -> None:
    """As test_a_few_caisses_release_their_sum_and_nothing_of_a_few_twice_the_same, at the size of the country."""
    released_whole(nation.CAISSES, nation.CONVENTIONS)
