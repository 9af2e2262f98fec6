"""The key of an organisation's blind index is made where it is first needed: by the job that indexes, or by an objection before any case."""

from django.db import migrations

BEGUN = """
-- Keeps a first key of the caller's blind index; one that stands is never replaced (`keep_index_key`, the worker's alone, renews it).
CREATE FUNCTION begin_index_key(made bytea) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO vault_indexkey (organisation_id, wrapped) SELECT cases_caller(), made WHERE cases_caller() IS NOT NULL
    ON CONFLICT DO NOTHING
$$;
REVOKE ALL ON FUNCTION begin_index_key(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_index_key(bytea) TO maillage_app, maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [('protection', '0080_durations'), ('vault', '0008_requests')]

    operations = [migrations.RunSQL(BEGUN, "DROP FUNCTION begin_index_key(bytea);")]
