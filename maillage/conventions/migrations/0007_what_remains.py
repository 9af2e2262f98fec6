"""What an organisation still has under way, before it is closed: its running conventions, and how many open cases."""

from django.db import migrations

REMAINS = """
-- For the organisation itself, and for the directory's manager, who sees numbers and no title: she takes part in none of it.
CREATE FUNCTION conventions_remaining(body uuid) RETURNS TABLE (what text, title text, number integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    own boolean := body IS NOT DISTINCT FROM nullif(current_setting('maillage.organisation', true), '')::uuid;
BEGIN
    IF NOT own AND NOT organisations_holds('{directory_manager}', 'cnam') THEN
        RAISE EXCEPTION 'not yours to ask' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT 'cases', '', count(*)::integer FROM cases_participation p
     WHERE p.organisation_id = body AND p.closed_at IS NULL AND (p.until IS NULL OR p.until > now())
    HAVING count(*) > 0
    UNION ALL
    SELECT 'convention', CASE WHEN own THEN listed.title ELSE '' END, 1 FROM (
        SELECT DISTINCT c.id, c.title::text, c.sort_title FROM conventions_party p
          JOIN conventions_convention c ON c.id = p.convention_id
         WHERE p.organisation_id = body AND p.role <> 'informed'
           AND c.state IN ('proposed', 'partly_signed', 'signed', 'in_force')) listed;
END $$;
REVOKE ALL ON FUNCTION conventions_remaining(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION conventions_remaining(uuid) TO maillage_app, maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conventions", "0006_described_body"),
        ("cases", "0005_closed_bodies"),
        ("organisations", "0009_directory"),
    ]

    operations = [migrations.RunSQL(REMAINS, "DROP FUNCTION conventions_remaining(uuid)")]
