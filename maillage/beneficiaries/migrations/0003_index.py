"""Which persons wait to be indexed, for whom; and an identity encrypted again when its case gets a new key."""

from django.db import migrations

# Every part of a case in which a person is written waits once. What waits is told to jobs only: ids, of all; each is then
# indexed under its own organisation.
INDEXING = """
CREATE FUNCTION beneficiaries_wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO beneficiaries_waiting (id, organisation_id, case_id)
    SELECT gen_random_uuid(), p.organisation_id, p.case_id FROM cases_participation p WHERE p.case_id = NEW.case_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION beneficiaries_wait() FROM PUBLIC;
CREATE TRIGGER wait_for_index AFTER INSERT ON beneficiaries_beneficiary FOR EACH ROW EXECUTE FUNCTION beneficiaries_wait();

CREATE FUNCTION persons_to_index(skipped uuid[], most integer) RETURNS TABLE (body uuid, of_case uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT w.organisation_id, w.case_id FROM beneficiaries_waiting w
     WHERE w.organisation_id = (SELECT first.organisation_id FROM beneficiaries_waiting first
                               WHERE first.organisation_id <> ALL (skipped) ORDER BY first.organisation_id LIMIT 1)
     ORDER BY w.case_id LIMIT most
$$;

CREATE FUNCTION persons_indexed(cases uuid[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    done integer;
BEGIN
    DELETE FROM beneficiaries_waiting WHERE organisation_id = cases_caller() AND case_id = ANY(cases);
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;

-- All that the caller takes part in is to be indexed again, its digests aside.
CREATE FUNCTION index_again() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_rows integer;
BEGIN
    DELETE FROM beneficiaries_blindindex WHERE organisation_id = cases_caller();
    INSERT INTO beneficiaries_waiting (id, organisation_id, case_id)
    SELECT gen_random_uuid(), p.organisation_id, p.case_id FROM cases_participation p
      JOIN beneficiaries_beneficiary b ON b.case_id = p.case_id WHERE p.organisation_id = cases_caller()
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    RETURN found_rows;
END $$;

-- The same identity under the key that its case got in this very transaction.
CREATE FUNCTION encrypt_identity_again(of_case uuid, former bytea, again bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE beneficiaries_beneficiary b SET identity = again
     WHERE b.case_id = of_case AND b.identity = former AND length(again) = length(former)
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND mine.key_made_at = transaction_timestamp());
    RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION persons_to_index(uuid[], integer), persons_indexed(uuid[]), index_again(),
    encrypt_identity_again(uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION persons_to_index(uuid[], integer), persons_indexed(uuid[]), index_again(),
    encrypt_identity_again(uuid, bytea, bytea) TO maillage_worker;
"""

UNDO = """
DROP FUNCTION encrypt_identity_again(uuid, bytea, bytea);
DROP FUNCTION index_again();
DROP FUNCTION persons_indexed(uuid[]);
DROP FUNCTION persons_to_index(uuid[], integer);
DROP TRIGGER wait_for_index ON beneficiaries_beneficiary;
DROP FUNCTION beneficiaries_wait();
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0002_guards"), ("cases", "0004_renewing")]

    operations = [
        migrations.RunSQL(INDEXING, UNDO),
    ]
