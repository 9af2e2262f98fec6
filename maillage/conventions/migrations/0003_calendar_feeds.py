"""Whose address is this? Asked before anybody is known, and answered for a live address only."""

from django.db import migrations

OWNER_OF = """
CREATE FUNCTION calendar_feed_owner(feed uuid) RETURNS TABLE (user_id uuid, organisation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT f.user_id, f.organisation_id FROM conventions_calendarfeed f WHERE f.id = feed AND f.revoked_at IS NULL
$$;
REVOKE ALL ON FUNCTION calendar_feed_owner(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION calendar_feed_owner(uuid) TO maillage_app;
"""


class Migration(migrations.Migration):
    dependencies = [("conventions", "0002_parties")]

    operations = [migrations.RunSQL(OWNER_OF, "DROP FUNCTION calendar_feed_owner(uuid)")]
