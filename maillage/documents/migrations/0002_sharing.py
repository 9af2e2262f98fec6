"""Who else may read a document, said by the organisation that holds it; and which files have a row, for the sweep."""

from django.db import migrations

SHARING = """
-- Readers are added by the holder alone; the web's role has no UPDATE on documents at all.
CREATE FUNCTION share_document(of_document uuid, with_whom uuid[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE documents_document d
       SET readers = ARRAY(SELECT DISTINCT reader FROM unnest(d.readers || with_whom) AS reader
                            WHERE reader IS NOT NULL AND reader <> d.organisation_id ORDER BY reader)
     WHERE d.id = of_document AND d.organisation_id = cases_caller();
    RETURN FOUND;
END $$;

-- Which of these ids have a row: nothing else is told, and to jobs only.
CREATE FUNCTION documents_known(ids uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT d.id FROM documents_document d WHERE d.id = ANY(ids)
$$;

REVOKE ALL ON FUNCTION share_document(uuid, uuid[]), documents_known(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION share_document(uuid, uuid[]) TO maillage_app, maillage_worker;
GRANT EXECUTE ON FUNCTION documents_known(uuid[]) TO maillage_worker;
"""

UNDO = """
DROP FUNCTION documents_known(uuid[]);
DROP FUNCTION share_document(uuid, uuid[]);
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("cases", "0002_sharing")]

    operations = [migrations.RunSQL(SHARING, UNDO)]
