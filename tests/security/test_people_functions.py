"""Who gives and ends roles, invites and records trainings: an administrator of the organisation that acts, by raw SQL too."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from maillage.core.database.settings import DatabaseUrls
from tests.security.planting import Plant

pytestmark = [pytest.mark.security, pytest.mark.django_db]
REFUSED = (errors.InsufficientPrivilege,)


@contextmanager
def acting_as(
    addresses: DatabaseUrls, organisation: object, user: object, role: str = "app"
) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(addresses, role)) as connection:
        connection.execute(
            "SELECT set_config('maillage.organisation', %s, true), set_config('maillage.user', %s, true)",
            [str(organisation), str(user)],
        )
        yield connection
        connection.rollback()


def someone(addresses: DatabaseUrls, organisation: UUID, role: str) -> UUID:
    with psycopg.connect(addresses.owner) as owner:
        row = owner.execute(
            "SELECT user_id FROM organisations_membership WHERE organisation_id = %s AND role = %s LIMIT 1",
            [organisation, role],
        ).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def membership(addresses: DatabaseUrls, organisation: UUID, role: str) -> UUID:
    with psycopg.connect(addresses.owner) as owner:
        row = owner.execute(
            "SELECT id FROM organisations_membership WHERE organisation_id = %s AND role = %s LIMIT 1",
            [organisation, role],
        ).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def acts(addresses: DatabaseUrls, plant: Plant) -> dict[str, tuple[str, list[object]]]:
    """Each function, for the people and invitations of the second world's holder."""
    world = plant.worlds[1]
    worker = someone(addresses, world.holder, "partner_worker")
    return {
        "give_membership": (
            "SELECT give_membership(%s, %s, 'dpo', current_date, NULL)",
            [uuid4(), worker],
        ),
        "end_membership": (
            "SELECT end_membership(%s, NULL, true)",
            [membership(addresses, world.holder, "partner_worker")],
        ),
        "invite_again": (
            "SELECT invite_again(%s, 2, '\\x01', now() + interval '1 day')",
            [world.ids["invitation"]],
        ),
        "revoke_invitation": ("SELECT revoke_invitation(%s)", [world.ids["invitation"]]),
        "record_absence": (
            "SELECT record_absence(%s, %s, %s, current_date, current_date)",
            [uuid4(), someone(addresses, world.holder, "administrator"), worker],
        ),
        "cancel_absence": ("SELECT cancel_absence(%s)", [world.ids["absence"]]),
        "record_training": (
            "SELECT record_training(%s, %s, %s, '2026-01-05', 'RGPD')",
            [uuid4(), worker, world.holder],
        ),
    }


def test_an_administrator_does_each_for_her_own_organisation(
    addresses: DatabaseUrls, plant_rows: Plant
) -> None:
    holder = plant_rows.worlds[1].holder
    administrator = someone(addresses, holder, "administrator")
    for statement, parameters in acts(addresses, plant_rows).values():
        with acting_as(addresses, holder, administrator) as connection:
            assert connection.execute(statement.encode(), parameters).fetchone()


@pytest.mark.parametrize(
    "who", ["another administrator", "a colleague", "herself elsewhere", "nobody", "the worker"]
)
def test_nobody_else_does_any(addresses: DatabaseUrls, plant_rows: Plant, who: str) -> None:
    here, there = plant_rows.worlds[0].holder, plant_rows.worlds[1].holder
    administrator = someone(addresses, there, "administrator")
    organisation, user, role = {
        "another administrator": (here, someone(addresses, here, "administrator"), "app"),
        "a colleague": (there, someone(addresses, there, "referent"), "app"),
        "herself elsewhere": (here, administrator, "app"),
        "nobody": ("", "", "app"),
        "the worker": (there, administrator, "worker"),
    }[who]
    for statement, parameters in acts(addresses, plant_rows).values():
        with acting_as(addresses, organisation, user, role) as connection, pytest.raises(REFUSED):
            connection.execute(statement.encode(), parameters)


def test_inviting_needs_an_administrator(addresses: DatabaseUrls, plant_rows: Plant) -> None:
    holder = plant_rows.worlds[0].holder
    call = "SELECT invite(%s, 'new@example.org', 'N', ARRAY['dpo'], current_date, NULL, '\\x02', now() + interval '1 day')"
    with acting_as(addresses, holder, someone(addresses, holder, "administrator")) as connection:
        connection.execute(call.encode(), [uuid4()])
    with (
        acting_as(addresses, holder, someone(addresses, holder, "partner_worker")) as connection,
        pytest.raises(REFUSED),
    ):
        connection.execute(call.encode(), [uuid4()])


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO organisations_membership (id, user_id, organisation_id, role, since)"
            " VALUES (gen_random_uuid(), current_setting('maillage.user')::uuid, current_setting('maillage.organisation')::uuid,"
            " 'administrator', '2020-01-01')"
        ),
        "UPDATE organisations_membership SET role = 'administrator'",
        "UPDATE organisations_membership SET until = NULL",
        "DELETE FROM organisations_membership",
        (
            "INSERT INTO organisations_undertaking (id, user_id, organisation_id, version, text_hash) VALUES (gen_random_uuid(),"
            " current_setting('maillage.user')::uuid, current_setting('maillage.organisation')::uuid, '9', repeat('0', 64))"
        ),
        "UPDATE organisations_training SET done_on = current_date",
        "UPDATE organisations_invitation SET email = 'mine@example.org'",
        (
            "INSERT INTO organisations_user (id, email, full_name, password, is_active)"
            " VALUES (gen_random_uuid(), 'mine@example.org', 'M', 'x', true)"
        ),
        "SELECT organisations_join(gen_random_uuid(), gen_random_uuid())",
        "SELECT organisations_open_invitation('x')",
    ],
)
@pytest.mark.parametrize("role", ["app", "worker"])
def test_no_raw_statement_gives_a_role(
    addresses: DatabaseUrls, plant_rows: Plant, role: str, statement: str
) -> None:
    holder = plant_rows.worlds[0].holder
    for user in (
        someone(addresses, holder, "partner_worker"),
        someone(addresses, holder, "administrator"),
    ):
        with acting_as(addresses, holder, user, role) as connection, pytest.raises(REFUSED):
            connection.execute(statement.encode())


def test_an_undertaking_is_signed_for_oneself_where_one_has_a_role(
    addresses: DatabaseUrls, plant_rows: Plant
) -> None:
    here, there = plant_rows.worlds[0].holder, plant_rows.worlds[1].holder
    worker = someone(addresses, there, "partner_worker")
    call = "SELECT sign_undertaking(%s, %s, '9', repeat('0', 64))"
    with acting_as(addresses, "", worker) as connection:
        connection.execute(call.encode(), [uuid4(), there])
        rows = connection.execute(
            "SELECT user_id FROM organisations_undertaking WHERE version = '9'"
        ).fetchall()
        assert rows == [(worker,)]
    with acting_as(addresses, here, worker) as connection, pytest.raises(REFUSED):
        connection.execute(call.encode(), [uuid4(), here])


def test_only_an_administrator_alone_records_her_own_training(
    addresses: DatabaseUrls, plant_rows: Plant
) -> None:
    holder = plant_rows.worlds[0].holder
    for role, alone in (("administrator", True), ("partner_worker", False)):
        user = someone(addresses, holder, role)
        with acting_as(addresses, "", user) as connection:
            assert connection.execute("SELECT may_record_own_training(%s)", [holder]).fetchone() == (alone,)
            other = connection.execute(
                "SELECT may_record_own_training(%s)", [plant_rows.worlds[1].holder]
            ).fetchone()
            assert other == (False,)


def test_a_guessed_link_tells_and_opens_nothing(addresses: DatabaseUrls, plant_rows: Plant) -> None:
    with acting_as(addresses, "", "") as connection:
        assert connection.execute("SELECT * FROM invitation_of('guess')").fetchall() == []
        assert connection.execute("SELECT accept_invitation('guess')").fetchone() == (None,)
        newcomer = "SELECT accept_invitation_as_newcomer('guess', %s, 'N', 'x')"
        assert connection.execute(newcomer.encode(), [uuid4()]).fetchone() == (None,)
