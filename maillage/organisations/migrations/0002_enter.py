"""The one query that opens a request: who is she, where does she work today, for whom does she act."""

from django.db import migrations

ENTER = """
CREATE FUNCTION organisations_enter(who uuid, wanted uuid, on_day date)
RETURNS TABLE (organisation uuid, name text, kind text, departement text, time_zone text, role text, chosen boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting uuid;
BEGIN
    PERFORM set_config('maillage.user', coalesce(who::text, ''), true);
    SELECT m.organisation_id INTO acting
      FROM organisations_membership m JOIN organisations_organisation o ON o.id = m.organisation_id
      JOIN organisations_user u ON u.id = m.user_id AND u.is_active
     WHERE m.user_id = who AND m.since <= on_day AND (m.until IS NULL OR m.until >= on_day)
     ORDER BY (m.organisation_id = wanted) DESC NULLS LAST, o.sort_name, o.id
     LIMIT 1;
    PERFORM set_config('maillage.organisation', coalesce(acting::text, ''), true);
    RETURN QUERY
    SELECT o.id, o.name::text, o.kind::text, o.departement::text, o.time_zone::text, m.role::text, o.id = acting
      FROM organisations_membership m JOIN organisations_organisation o ON o.id = m.organisation_id
     WHERE acting IS NOT NULL AND m.user_id = who AND m.since <= on_day AND (m.until IS NULL OR m.until >= on_day)
     ORDER BY o.sort_name, o.id, m.role;
END $$;
REVOKE ALL ON FUNCTION organisations_enter(uuid, uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organisations_enter(uuid, uuid, date) TO maillage_app, maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [
        migrations.RunSQL(ENTER, "DROP FUNCTION organisations_enter(uuid, uuid, date)"),
    ]
