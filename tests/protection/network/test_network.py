"""The head of a network reads counts of the bodies below, and nothing of what is counted; nobody else reads even these."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.protection.breaches.queries import visible_to as breaches_visible_to
from maillage.protection.network.queries import BodyCounts, Together, network_of, together
from maillage.protection.requests.queries import visible_to as requests_visible_to
from maillage.protection.requests.relaying import ask, targets
from tests.days import today
from tests.protection.breaches.files import reported
from tests.protection.requests.files import CPAM_DPO, file_of, received
from tests.referrals.world import member, organisation

pytestmark = pytest.mark.django_db
HEAD, NATIONAL = "admin@cnam.example.org", "nationale@cnam.example.org"


def below(address: str = HEAD) -> dict[str, BodyCounts]:
    with member(address) as someone:
        return {one.name: one for one in network_of(someone, on=today())}


def test_what_a_caisse_has_under_way_is_counted_at_its_head() -> None:
    before = below()["CPAM de la Loire"]
    received(by=CPAM_DPO)
    after = below()["CPAM de la Loire"]
    assert (after.requests, after.late_requests) == (before.requests + 1, 0)
    assert after.is_watched
    assert set(below()) >= {"CPAM de la Loire", "CARSAT Rhône-Alpes"}


def test_a_request_is_late_the_day_after_its_last() -> None:
    request = received(by=CPAM_DPO)
    with member(CPAM_DPO) as officer:
        due = requests_visible_to(officer).get(request=request).request.due_on
    with member(HEAD) as head:
        counted = [
            {one.name: one.late_requests for one in network_of(head, on=day)}["CPAM de la Loire"]
            for day in (due, due.replace(year=due.year + 1))
        ]
    assert counted == [0, 1]


def test_nobody_reads_a_neighbour_nor_what_is_counted() -> None:
    received(by=CPAM_DPO)
    assert below(NATIONAL) == {}  # she protects no data
    assert below(CPAM_DPO) == {}  # nobody is below a caisse
    with member(HEAD) as head:
        assert not requests_visible_to(head).exists()
        assert not breaches_visible_to(head).exists()
    with transaction.atomic(), acting(organisation=organisation("CCAS").id), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protection_network(%s, NULL)", [today()])
        assert cursor.fetchall() == []


def test_a_breach_is_counted_until_it_is_joined_and_people_whose_training_is_too_old(signed_s3: UUID) -> None:
    before = below()["CPAM de la Loire"]
    reported(signed_s3)
    assert below()["CPAM de la Loire"].breaches == before.breaches + 1
    with member(HEAD), connection.cursor() as cursor:
        cursor.execute("SELECT name, untrained FROM protection_network(%s, %s)", [today(), today()])
        assert dict(cursor.fetchall())["CPAM de la Loire"] > before.untrained


def test_a_breach_that_two_bodies_share_is_one_in_the_total(signed_s3: UUID) -> None:
    with member(HEAD) as head:
        before, sums = (
            together(head, on=today()).breaches,
            sum(one.breaches for one in below().values()),
        )
    reported(signed_s3)
    with member(HEAD) as head:
        assert together(head, on=today()).breaches == before + 1
    assert sum(one.breaches for one in below().values()) == sums + 2  # the caisse and the CARSAT
    for address in (NATIONAL, CPAM_DPO):
        with member(address) as someone:
            assert together(someone, on=today()) == Together()


@pytest.mark.usefixtures("signed_s3")
def test_a_request_that_one_body_passes_on_to_another_is_one_in_the_total() -> None:
    request = received(by=CPAM_DPO)
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        due = file.request.due_on
        late = due + timedelta(days=1)
        carsat = organisation("CARSAT RA").id
        keys = [one.key for one in targets(file, officer, now()) if one.body == carsat]
    with member(HEAD) as head:
        before = together(head, on=late)
        sums = sum(one.late_requests for one in network_of(head, on=late))
    with member(CPAM_DPO) as officer:
        ask(file=file, chosen=keys, by=officer, at=now())
    with member(HEAD) as head:
        assert together(head, on=late) == before
        assert (before.requests, before.late_requests) >= (1, 1)
        assert sum(one.late_requests for one in network_of(head, on=late)) == sums + 1
