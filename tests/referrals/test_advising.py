"""Ways that a person takes herself: counted once each, under the text of a convention in force, without anything about her."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, models, transaction

from maillage.conventions.lifecycle.models import Convention
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.referrals.advising import advice_counts, count_advice, told
from maillage.referrals.models import Advice
from maillage.referrals.routing.router import Way
from tests.conventions import people
from tests.conventions.kept import kept
from tests.referrals.test_under_a_real_convention import end
from tests.referrals.world import ADVISER, STRANGER, WORKER, Signed, member, organisation

__all__ = ["kept"]

CALL = "flows.appel_ssam"


@pytest.fixture(scope="module")
def convention(kept: Path) -> UUID:
    """S3, signed by its three parties five days ago."""
    return people.signed(people.S3, now() - timedelta(days=8), now() - timedelta(days=5))


pytestmark = pytest.mark.django_db


def counted(address: str, convention: UUID, *, key: str = CALL, token: UUID | None = None) -> bool:
    with member(address) as someone:
        return count_advice(token=token or uuid7(), convention=convention, key=key, by=someone, at=now())


def counts(address: str, convention: UUID) -> dict[str, int]:
    with member(address) as someone:
        return dict(advice_counts(convention, someone))


def test_each_advice_counts_once_whatever_is_clicked_and_each_side_sees_its_own(convention: UUID) -> None:
    token = uuid7()
    assert counted(WORKER, convention, token=token)
    assert not counted(WORKER, convention, token=token)
    assert counted(WORKER, convention)
    assert counted(WORKER, convention, key="services.mon_soutien_psy")
    assert counts(WORKER, convention) == {CALL: 2, "services.mon_soutien_psy": 1}
    assert counts(ADVISER, convention) == {}


@pytest.mark.parametrize(
    "key",
    [
        "flows.orientation_misas",  # sent here: a referral, not an advice
        "flows.orientation_eps",  # an option that nobody retained
        "flows.bilan",
        "flows.Quintessence Ondine",
        "",
    ],
)
def test_what_is_not_told_here_counts_nothing(convention: UUID, key: str) -> None:
    with pytest.raises(Convention.DoesNotExist):
        counted(WORKER, convention, key=key)
    assert counts(WORKER, convention) == {}


def test_whoever_is_no_party_tells_nothing_of_it(convention: UUID) -> None:
    with pytest.raises(Convention.DoesNotExist):
        counted(STRANGER, convention)


def test_the_caisse_that_renders_a_service_tells_nobody_of_it(convention: UUID) -> None:
    with member(ADVISER) as adviser, pytest.raises(Convention.DoesNotExist):
        told(adviser, convention, "services.mon_soutien_psy", at=now())


def test_what_is_told_says_the_number_and_the_words(convention: UUID) -> None:
    with member(WORKER) as worker:
        found = told(worker, convention, CALL, at=now())
    assert found.route.way is Way.PHONE
    assert [(channel.number, channel.words) for channel in found.route.channels] == [
        ("3646", "service social")
    ]


def test_nothing_is_counted_under_a_convention_that_has_ended(convention: UUID) -> None:
    end(Signed(convention), now())
    with pytest.raises(Refused, match="n’est pas en vigueur"):
        counted(WORKER, convention)


@pytest.mark.security
def test_no_column_of_an_advice_could_hold_anything_about_a_person() -> None:
    """S0 art. 5: what is not there cannot leave, by a page, an export or a dump."""
    kinds = {field.name: type(field) for field in Advice._meta.get_fields()}
    assert kinds == {
        "id": models.UUIDField,
        "organisation": models.ForeignKey,
        "convention_id": models.UUIDField,
        "route": models.CharField,
        "given_at": models.DateTimeField,
        "given_by": models.UUIDField,
    }


@pytest.mark.security
@pytest.mark.parametrize(
    ("route", "refused"),
    [
        (CALL, ""),
        ("flows.quintessence_ondine", "no such way"),
        ("services.appel_ssam", "no such way"),
        ("flows.2840242147000 69", "no such way|advice_route_is_a_key"),
        ("parties.cpam", "no such way|advice_route_is_a_key"),
        ("title.ccas", "cannot extract elements|no such way|advice_route_is_a_key"),
    ],
)
def test_the_database_takes_a_way_of_the_text_and_no_word_of_anybody(
    convention: UUID, route: str, refused: str
) -> None:
    ccas = organisation("CCAS").id
    statement = (
        "INSERT INTO referrals_advice (id, organisation_id, convention_id, route, given_at, given_by) "
        "VALUES (%s, %s, %s, %s, '2001-01-01', %s)"
    )

    def insert() -> None:
        with transaction.atomic(), acting(organisation=ccas), connection.cursor() as cursor:
            cursor.execute(statement, [uuid7(), ccas, convention, route, uuid7()])

    if refused:
        with pytest.raises(DatabaseError, match=refused):
            insert()
    else:
        insert()
        with acting(organisation=ccas):
            (row,) = Advice.objects.filter(convention_id=convention)
        assert now() - row.given_at < timedelta(minutes=5)  # by the database's clock


@pytest.mark.security
def test_the_database_counts_nothing_for_whoever_is_no_party(convention: UUID) -> None:
    stranger = _stranger()
    with (
        pytest.raises(DatabaseError, match="no convention of which"),
        transaction.atomic(),
        acting(organisation=stranger),
    ):
        Advice.objects.create(
            organisation_id=stranger, convention_id=convention, route=CALL, given_at=now(), given_by=uuid7()
        )


def _stranger() -> UUID:
    with member(STRANGER) as stranger:
        return stranger.organisation
