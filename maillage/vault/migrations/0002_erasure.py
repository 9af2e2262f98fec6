"""The only way into the ledger of erasures: by whoever holds what is erased, at the database's own instant."""

from django.db import migrations

RECORD = """
CREATE FUNCTION record_erasure(what text, of_reference uuid, why text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    caller uuid := nullif(current_setting('maillage.organisation', true), '')::uuid;
    entry uuid := gen_random_uuid();
BEGIN
    IF NOT (CASE what
        WHEN 'case' THEN EXISTS (SELECT 1 FROM cases_participation p
                                  WHERE p.case_id = of_reference AND p.organisation_id = caller)
        WHEN 'convention' THEN EXISTS (SELECT 1 FROM conventions_party p
                                        WHERE p.convention_id = of_reference AND p.organisation_id = caller AND p.role <> 'informed')
        WHEN 'document' THEN EXISTS (SELECT 1 FROM documents_document d WHERE d.id = of_reference AND d.organisation_id = caller)
        ELSE false END)
    THEN
        RAISE EXCEPTION 'not yours to erase' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO vault_erasure (id, organisation_id, scope, reference, reason, at)
    VALUES (entry, caller, what, of_reference::text, why, clock_timestamp());
    RETURN entry;
END $$;
REVOKE ALL ON FUNCTION record_erasure(text, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_erasure(text, uuid, text) TO maillage_app, maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]

    operations = [migrations.RunSQL(RECORD, "DROP FUNCTION record_erasure(text, uuid, text)")]
