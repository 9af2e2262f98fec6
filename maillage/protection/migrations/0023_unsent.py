"""What an organisation has begun and not sent, which a destruction at term leaves to its own durations: counted for the certificate."""

from django.db import migrations

DOOR = """
-- Drafts of referrals, files being prepared and tables to import of an organisation, that still open. What they are about is sealed:
-- whichever convention they will be sent under.
CREATE FUNCTION protection_unsent(body uuid) RETURNS TABLE (drafts bigint, preparations bigint, tables bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (SELECT count(*) FROM referrals_draft d WHERE d.organisation_id = body),
           (SELECT count(*) FROM rights_preparation p WHERE p.organisation_id = body),
           (SELECT count(*) FROM rights_applicationimport i WHERE i.organisation_id = body AND i.sealed IS NOT NULL)
$$;
REVOKE ALL ON FUNCTION protection_unsent(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_unsent(uuid) TO maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0022_done_again'),
        ('referrals', '0001_initial'),
        ('rights', '0004_imports'),
    ]

    operations = [migrations.RunSQL(DOOR, "DROP FUNCTION protection_unsent(uuid);")]
