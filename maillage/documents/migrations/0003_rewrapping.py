"""The key of a document under another master key, if it is still what its holder's worker read."""

from django.db import migrations

REWRAP = """
CREATE FUNCTION rewrap_documents(ids uuid[], formers bytea[], keys bytea[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    done integer;
BEGIN
    UPDATE documents_document d SET wrapped_key = again.key
      FROM unnest(ids, formers, keys) AS again (id, former, key)
     WHERE d.id = again.id AND d.wrapped_key = again.former AND length(again.key) = length(again.former)
       AND d.organisation_id = cases_caller();
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION rewrap_documents(uuid[], bytea[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rewrap_documents(uuid[], bytea[], bytea[]) TO maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_sharing")]

    operations = [
        migrations.RunSQL(REWRAP, "DROP FUNCTION rewrap_documents(uuid[], bytea[], bytea[])")
    ]
