"""What PostgreSQL enforces is what the models declare, table by table; and a change made behind our back is seen."""

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from tests.security.catalogue import Policies, declared_policies, faults
from tests.security.conftest import Spoiler
from tests.tiers import spread

pytestmark = [pytest.mark.security, pytest.mark.django_db]

# A hole that somebody might open, and a word of the fault that must name it.
HOLES = {
    "DROP POLICY runtime_select ON conventions_convention": "runtime_select on conventions_convention",
    "DROP POLICY owner_all ON cases_case": "cases_case: no policy for the owner",
    "CREATE POLICY more ON cases_case FOR SELECT TO maillage_app USING (true)": "policy more on cases_case",
    "ALTER POLICY runtime_select ON cases_participation USING (true)": "runtime_select on cases_participation",
    "ALTER POLICY runtime_select ON cases_participation TO PUBLIC": "runtime_select on cases_participation",
    "ALTER TABLE referrals_referral NO FORCE ROW LEVEL SECURITY": "referrals_referral: row security",
    "ALTER TABLE referrals_referral DISABLE ROW LEVEL SECURITY": "referrals_referral: row security",
    "GRANT SELECT ON vault_erasure TO PUBLIC": "vault_erasure: granted",
    "GRANT UPDATE ON cases_participation TO maillage_app": "cases_participation: granted",
    "GRANT SELECT ON beneficiaries_beneficiary TO maillage_statistics": "beneficiaries_beneficiary: granted",
    "GRANT UPDATE (until) ON cases_participation TO maillage_app": "cases_participation.until: granted by column",
    "GRANT SELECT ON organisations_user TO maillage_worker": "organisations_user: granted",
    "GRANT SELECT (password) ON organisations_user TO maillage_worker": "organisations_user.password: granted by column",
    "GRANT SELECT (password) ON organisations_user TO maillage_statistics": "organisations_user.password: granted by column",
    "GRANT UPDATE (is_active) ON organisations_user TO maillage_app": "organisations_user.is_active: granted by column",
    "REVOKE SELECT (email) ON organisations_user FROM maillage_worker": "organisations_user.email: granted by column",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC": "default privileges",
    "REVOKE SELECT ON referrals_draft FROM maillage_app": "referrals_draft: granted",
    "CREATE TABLE aside (id uuid)": "aside: declare",
    "CREATE VIEW through AS SELECT * FROM cases_case": "through: a view",
    "CREATE SCHEMA elsewhere": "schema elsewhere",
    "GRANT USAGE ON SCHEMA public TO PUBLIC": "schema public: open",
    "GRANT EXECUTE ON FUNCTION withdraw(uuid) TO PUBLIC": "withdraw: SECURITY DEFINER and everybody",
    "ALTER FUNCTION withdraw(uuid) RESET search_path": "withdraw: SECURITY DEFINER without",
    "ALTER FUNCTION withdraw(uuid) SET search_path = public": "withdraw: SECURITY DEFINER without",
    "DROP TRIGGER journal ON conventions_signature": "conventions_signature: triggers",
    "DROP TRIGGER own_party ON conventions_signature": "conventions_signature: triggers",
    "ALTER TABLE conventions_convention DISABLE TRIGGER signed_by_all": "conventions_convention: trigger signed_by_all",
    "CREATE TRIGGER more AFTER INSERT ON cases_case FOR EACH ROW EXECUTE FUNCTION audit_row_change('id')": "cases_case: triggers",
    "CREATE OR REPLACE TRIGGER journal AFTER INSERT ON cases_case FOR EACH ROW EXECUTE FUNCTION audit_refuse()": "cases_case: its journal",
    "CREATE OR REPLACE TRIGGER state_jumps BEFORE UPDATE ON conventions_convention FOR EACH ROW"
    " EXECUTE FUNCTION state_jumps('ended>in_force')": "conventions_convention: its states jump",
    "DROP TRIGGER barred ON exchange_message": "exchange_message: triggers",
    "ALTER TABLE referrals_referral DISABLE TRIGGER barred": "referrals_referral: trigger barred",
    "CREATE OR REPLACE TRIGGER barred BEFORE INSERT ON cases_lineage FOR EACH ROW"
    " EXECUTE FUNCTION cases_while_frozen('former_id', '')": "cases_lineage: its wall",
    "ALTER TABLE conventions_delivery DROP CONSTRAINT delivery_event_id_in_its_convention": "conventions_delivery.event_id: names",
    "CREATE FUNCTION open_door() RETURNS int LANGUAGE sql AS 'SELECT 1'": "open_door: REVOKE",
}


def test_policies_grants_and_functions_are_those_declared(addresses: DatabaseUrls) -> None:
    with psycopg.connect(addresses.owner) as owner:
        found = faults(owner)
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def declared(addresses: DatabaseUrls) -> Policies:
    """The declared policies, made once: no hole changes what they are."""
    with psycopg.connect(addresses.owner) as owner:
        return declared_policies(owner)


@pytest.mark.parametrize("statement", spread(HOLES, 5))
def test_a_hole_is_named(addresses: DatabaseUrls, declared: Policies, statement: str) -> None:
    """In a transaction that is rolled back: what is done to a catalogue can be undone."""
    with psycopg.connect(addresses.owner) as owner, owner.transaction(force_rollback=True):
        owner.execute(statement.encode())
        found = faults(owner, declared)
    assert any(HOLES[statement] in fault for fault in found), found


def test_large_objects_given_back_to_everybody_are_named(cluster: TestCluster, spoiled: Spoiler) -> None:
    urls = spoiled("SELECT 1")
    with cluster.server.connect(str(conninfo_to_dict(urls.owner)["dbname"])) as superuser:
        superuser.execute("GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC")
    with psycopg.connect(urls.owner) as owner:
        assert [fault for fault in faults(owner) if "lo_create" in fault]
