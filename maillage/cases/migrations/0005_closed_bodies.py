"""A flow is closed when one of its two organisations is, from that day on, whatever the convention says."""

from django.db import migrations

CLOSED = """
CREATE FUNCTION cases_within_life() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    closing timestamptz := (SELECT min(o.closed_on::timestamp AT TIME ZONE o.time_zone) FROM organisations_organisation o
                             WHERE o.id IN (NEW.sender_id, NEW.recipient_id));
BEGIN
    IF closing IS NOT NULL THEN
        NEW.open_during := NEW.open_during * tstzrange(NULL, closing);
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cases_within_life() FROM PUBLIC;
CREATE TRIGGER within_life BEFORE INSERT OR UPDATE ON cases_authorisation
    FOR EACH ROW EXECUTE FUNCTION cases_within_life();

-- The day of an organisation's closing reaches the flows that are open: writing them again is enough.
CREATE FUNCTION cases_flows_close() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE cases_authorisation SET open_during = open_during WHERE NEW.id IN (sender_id, recipient_id);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION cases_flows_close() FROM PUBLIC;
CREATE TRIGGER flows_close AFTER UPDATE ON organisations_organisation
    FOR EACH ROW WHEN (OLD.closed_on IS DISTINCT FROM NEW.closed_on) EXECUTE FUNCTION cases_flows_close();
"""

UNDO = """
DROP TRIGGER flows_close ON organisations_organisation;
DROP FUNCTION cases_flows_close();
DROP TRIGGER within_life ON cases_authorisation;
DROP FUNCTION cases_within_life();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_renewing"), ("organisations", "0009_directory")]

    operations = [migrations.RunSQL(CLOSED, UNDO)]
