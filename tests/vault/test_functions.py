"""The functions that renew keys: run by jobs and the owner alone, and each for the organisation in context only."""

import psycopg
import pytest
from psycopg import errors

from maillage.core.database.settings import DatabaseUrls
from tests.security.conftest import addresses, plant_rows, planted, spoiled
from tests.security.planting import Plant

__all__ = ["addresses", "plant_rows", "planted", "spoiled"]  # fixtures
pytestmark = [pytest.mark.security, pytest.mark.django_db]
KEY = b"k" * 64
# What each answers when it does nothing; %(case)s, %(pair)s, %(document)s are those of the first world.
CALLS = {
    "renew_key_pair": "SELECT renew_key_pair(gen_random_uuid(), decode(repeat('00', 32), 'hex'), decode(repeat('00', 60), 'hex'))",
    "forget_private_key": "SELECT forget_private_key(%(pair)s)",
    "rewrap_private_key": "SELECT rewrap_private_key(%(pair)s, %(half)s, %(half)s)",
    "keep_index_key": "SELECT keep_index_key('CANARI-A', 'x')",
    "sealed_parts": "SELECT 1 FROM sealed_parts(NULL, 10, NULL, NULL) p WHERE p.of_case = %(case)s",
    "reseal_parts": "SELECT reseal_parts(ARRAY[%(part)s]::uuid[], ARRAY[%(key)s]::bytea[], ARRAY[%(key)s]::bytea[])",
    "cases_to_renew": "SELECT 1 FROM cases_to_renew(now() + interval '1 day', NULL, 10) c WHERE c.of_case = %(case)s",
    "case_parts": "SELECT 1 FROM case_parts(%(case)s)",
    "renew_case_key": "SELECT renew_case_key(%(case)s, ARRAY[%(part)s]::uuid[], ARRAY[%(key)s]::bytea[], ARRAY[%(key)s]::bytea[])",
    "rewrap_documents": "SELECT rewrap_documents(ARRAY[%(document)s]::uuid[], ARRAY['k']::bytea[], ARRAY['l']::bytea[])",
    "persons_indexed": "SELECT persons_indexed(ARRAY[%(case)s]::uuid[])",
    "narrative_to_renew": "SELECT narrative_to_renew(%(case)s)",
    "situation_to_renew": "SELECT situation_to_renew(%(case)s)",
    "index_again": "SELECT 1 WHERE index_again() >= 0 AND EXISTS (SELECT 1 FROM cases_case WHERE id = %(case)s)",
}
# For the organisation that holds it, but not as things stand: the pair is in use.
HELD = {"forget_private_key"}
# These tell jobs the ids of all, or change nothing without the same transaction's new key.
OF_ALL = {
    "await_sealers",
    "erasure_ledger",
    "keep_erasure",
    "replay_erasures",
    "vault_keys_counted_on",
    "persons_to_index",
    "encrypt_former_again",
    "encrypt_identity_again",
    "encrypt_narrative_again",
    "encrypt_situation_again",
}


def parameters(addresses: DatabaseUrls, plant: Plant) -> dict[str, object]:
    world = plant.worlds[0]
    with psycopg.connect(addresses.owner) as owner:
        part = owner.execute(
            "SELECT id FROM cases_participation WHERE case_id = %s AND organisation_id = %s",
            [world.ids["case"], world.holder],
        ).fetchone()
        half = owner.execute(
            "SELECT key_id, wrapped FROM vault_privatekey WHERE organisation_id = %s", [world.holder]
        ).fetchone()
    assert part
    assert half
    return {
        "case": world.ids["case"],
        "document": world.ids["document"],
        "part": part[0],
        "pair": half[0],
        "half": half[1],
        "key": KEY,
    }


def answer(
    addresses: DatabaseUrls, role: str, organisation: object, name: str, known: dict[str, object]
) -> bool:
    with psycopg.connect(getattr(addresses, role)) as connection:
        connection.execute("SELECT set_config('maillage.organisation', %s, true)", [str(organisation)])
        try:
            rows = connection.execute(CALLS[name].encode(), known).fetchall()
        except errors.InsufficientPrivilege:
            rows = []
        connection.rollback()
    return any(row[0] for row in rows)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_renewal_touches_the_organisation_in_context_and_the_web_renews_nothing(
    addresses: DatabaseUrls, plant_rows: Plant, name: str
) -> None:
    known = parameters(addresses, plant_rows)
    holder, stranger = plant_rows.worlds[0].holder, plant_rows.worlds[1].holder
    for role in ("worker", "owner"):
        assert answer(addresses, role, holder, name, known) is (name not in HELD)
        if (name, role) not in {
            ("index_again", "owner"),
            ("renew_key_pair", "worker"),
            ("renew_key_pair", "owner"),
        }:
            assert not answer(addresses, role, stranger, name, known)
    assert not answer(addresses, "app", holder, name, known)


def test_every_function_that_only_jobs_run_is_named_here(addresses: DatabaseUrls) -> None:
    with psycopg.connect(addresses.owner) as owner:
        found = owner.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname !~ '^procrastinate'"
            " AND has_function_privilege('maillage_worker', oid, 'EXECUTE')"
            " AND NOT has_function_privilege('maillage_app', oid, 'EXECUTE') AND prorettype <> 'trigger'::regtype"
        ).fetchall()
    names = {row[0] for row in found}
    assert set(CALLS) | OF_ALL <= names


def test_an_identity_and_an_account_stay_what_was_sent_without_a_new_key_of_the_case(
    addresses: DatabaseUrls, plant_rows: Plant
) -> None:
    known = parameters(addresses, plant_rows)
    with psycopg.connect(addresses.worker) as connection:
        connection.execute(
            "SELECT set_config('maillage.organisation', %s, true)", [str(plant_rows.worlds[0].holder)]
        )
        for what in ("identity", "narrative", "situation"):
            done = connection.execute(
                f"SELECT encrypt_{what}_again(%(case)s, 'CANARI-A', 'CANARI-B')".encode(), known
            ).fetchone()
            assert done == (False,)
        connection.rollback()
