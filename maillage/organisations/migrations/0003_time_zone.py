"""An organisation's days are counted in a known time zone, which the runtime roles do not change."""

from django.db import migrations

STAYS = """
CREATE FUNCTION organisations_time_zone_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.time_zone <> OLD.time_zone AND current_user IN ('maillage_app', 'maillage_worker') THEN
        RAISE EXCEPTION 'the days of an organisation stay' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_time_zone_stays() FROM PUBLIC;
CREATE TRIGGER time_zone_stays BEFORE UPDATE ON organisations_organisation
    FOR EACH ROW EXECUTE FUNCTION organisations_time_zone_stays();
"""
UNDO = """
DROP TRIGGER time_zone_stays ON organisations_organisation;
DROP FUNCTION organisations_time_zone_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_attempts")]

    operations = [
        migrations.RunSQL(STAYS, UNDO),
    ]
