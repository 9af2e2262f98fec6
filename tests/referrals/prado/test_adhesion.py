"""What the parties read of PRADO: months decided once, from which nobody, whatever she knows herself, learns a count from 1 to 10."""

import random
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.organisations.models import Organisation
from maillage.referrals import enrolments
from maillage.referrals.models import AdhesionRelease
from maillage.referrals.prado.rules import Count
from maillage.referrals.tasks import release_adhesions
from tests.days import today
from tests.referrals.prado.world import FAMILY, Cells, plant_counts, sign_prado
from tests.referrals.test_expiring import as_the_worker
from tests.referrals.world import ADVISER, STRANGER, member

pytestmark = pytest.mark.security
MONTH = date(2026, 1, 1)


def tellable(cells: Cells) -> tuple[int, int] | None:
    """The rule written again: what is left to any maternity or caisse that takes her own away, and no maternity too large."""

    def summed(chosen: Cells) -> tuple[int, int]:
        return sum(p for p, _ in chosen.values()), sum(a for _, a in chosen.values())

    def low(presented: int, accepted: int) -> bool:
        return accepted < 11 or presented - accepted < 11

    presented, accepted = summed(cells)
    maternities = {maternity for _, maternity in cells}
    if low(presented, accepted) or len(maternities) < 3:
        return None
    for side in (0, 1):
        for body in {key[side] for key in cells}:
            others = {key: one for key, one in cells.items() if key[side] != body}
            if others and low(*summed(others)):
                return None
    for maternity in maternities:
        p, a = summed({key: one for key, one in cells.items() if key[1] == maternity})
        whole = ((p, presented), (a, accepted), (p - a, presented - accepted))
        if any(part > 0.85 * all_ + 1e-9 for part, all_ in whole):
            return None
    return presented, accepted


def month(bodies: list[UUID], chance: random.Random) -> Cells:
    """A month as it may come: one or two caisses, up to four maternities, small and large."""
    cells: dict[tuple[UUID, UUID], tuple[int, int]] = {}
    for caisse in bodies[: chance.choice((1, 1, 2))]:
        for maternity in chance.sample(bodies, chance.randint(1, 4)):
            presented = chance.choice((1, 4, 12, 25, 40, 90, 300))
            cells[caisse, maternity] = (presented, chance.randint(0, presented))
    return cells


def released(convention: UUID) -> dict[date, tuple[int | None, int | None]]:
    with transaction.atomic(using="owner"):
        rows = AdhesionRelease.objects.using("owner").filter(convention_id=convention).order_by("month")
        return {row.month: (row.presented, row.accepted) for row in rows}


def test_a_month_is_told_only_when_it_betrays_no_small_count_and_never_changes(
    fresh_database: object,
) -> None:
    bodies = [one.pk for one in Organisation.objects.order_by("id")[:5]]
    chance = random.Random(4)  # noqa: S311 - the same months each time
    months = [(uuid7(), MONTH, month(bodies, chance)) for _ in range(80)]
    convention = sign_prado()
    told = {(bodies[0], body): (40, 25) for body in bodies[:3]}
    this_month = today().replace(day=1)
    shown = [(convention, MONTH, told), (convention, date(2026, 3, 1), {(bodies[0], bodies[1]): (9, 4)})]
    plant_counts([*months, *shown, (convention, this_month, told)])
    with as_the_worker():
        assert enrolments.release() >= len(months)
        assert enrolments.release() == 0
        release_adhesions(0)  # the job, again
    expected = [tellable(cells) for _, _, cells in months]
    assert [released(one)[MONTH] for one, _, _ in months] == [one or (None, None) for one in expected]
    assert 8 < sum(one is not None for one in expected) < 72  # both ways were tried
    plant_counts([(convention, MONTH, told)])  # told late
    with as_the_worker():
        assert enrolments.release() == 0
    for address in (FAMILY, ADVISER):
        with member(address):
            found = enrolments.released_counts(convention)
        assert found[-1] == Count(MONTH, 120, 75)
        assert found[-3:-1] == [date(2026, 3, 1), date(2026, 2, 1)]  # too few, and nobody: the same silence
        assert this_month not in found
    with member(STRANGER):
        assert enrolments.released_counts(convention) == []
    for statement in (
        "INSERT INTO referrals_adhesionrelease SELECT * FROM referrals_adhesionrelease",
        "UPDATE referrals_adhesionrelease SET accepted = 12",
        "DELETE FROM referrals_adhesionrelease",
        "SELECT referrals_release_adhesions()",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            member(ADVISER),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("presented", "accepted", "day", "name"),
    [
        (21, 11, MONTH, "adhesion_never_under_the_threshold"),
        (22, 10, MONTH, "adhesion_never_under_the_threshold"),
        (30, None, MONTH, "adhesion_never_under_the_threshold"),
        (None, 12, MONTH, "adhesion_never_under_the_threshold"),
        (30, 12, MONTH + timedelta(days=1), "adhesion_of_a_whole_month"),
        (30, 12, MONTH, "adhesion_once_a_month"),
    ],
)
def test_the_table_itself_holds_no_small_count(
    presented: int | None, accepted: int | None, day: date, name: str
) -> None:
    convention = uuid7()
    rows = [
        AdhesionRelease(convention_id=convention, presented=p, accepted=a, month=on, decided_at=now())
        for p, a, on in ((30, 12, MONTH), (presented, accepted, day))
    ]
    with pytest.raises(DatabaseError, match=name), transaction.atomic(using="owner"):
        AdhesionRelease.objects.using("owner").bulk_create(rows)
