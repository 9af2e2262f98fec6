"""Whoever is asked and shares a case reads how the person was recognised by whoever received her request."""

from django.db import migrations

CHECKED = """
-- How whoever received a request recognised the person: for an organisation that was asked and shares one of her cases, nobody else.
CREATE FUNCTION protection_check_made(of_request uuid) RETURNS SETOF varchar LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT f.check_made FROM protection_requestpart p
      JOIN protection_requestfile f ON f.request_id = p.request_id AND f.organisation_id = p.receiver_id
     WHERE p.request_id = of_request AND p.organisation_id = cases_caller() AND p.receiver_id <> cases_caller()
       AND cardinality(p.cases) > 0
$$;
REVOKE ALL ON FUNCTION protection_check_made(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_check_made(uuid) TO maillage_app;
"""
UNDO = "DROP FUNCTION protection_check_made(uuid);"


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0030_requests_kept'),
    ]

    operations = [migrations.RunSQL(CHECKED, UNDO)]
