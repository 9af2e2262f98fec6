"""First key pairs for organisations that have none: the background's, which opens what an import brought."""

from django.db import migrations

ADMIT = """
-- Only where there is no key at all: nobody's key is ever replaced by this. How many were admitted.
CREATE FUNCTION vault_admit_key_pairs(keys uuid[], bodies uuid[], publics bytea[], wrapped bytea[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    admitted integer;
BEGIN
    LOCK TABLE vault_publickey IN SHARE ROW EXCLUSIVE MODE; -- two at once would each see none
    WITH given AS (
        SELECT * FROM unnest(keys, bodies, publics, wrapped) g (key, body, public, wrapped)
         WHERE NOT EXISTS (SELECT 1 FROM vault_publickey k WHERE k.organisation_id = g.body)
    ), entered AS (
        INSERT INTO vault_publickey (id, organisation_id, public) SELECT key, body, public FROM given RETURNING id
    )
    INSERT INTO vault_privatekey (key_id, organisation_id, wrapped)
    SELECT g.key, g.body, g.wrapped FROM given g JOIN entered e ON e.id = g.key;
    GET DIAGNOSTICS admitted = ROW_COUNT;
    RETURN admitted;
END $$;
REVOKE ALL ON FUNCTION vault_admit_key_pairs(uuid[], uuid[], bytea[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault_admit_key_pairs(uuid[], uuid[], bytea[], bytea[]) TO maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_renewing"), ("organisations", "0009_directory")]

    operations = [
        migrations.RunSQL(ADMIT, "DROP FUNCTION vault_admit_key_pairs(uuid[], uuid[], bytea[], bytea[])")
    ]
