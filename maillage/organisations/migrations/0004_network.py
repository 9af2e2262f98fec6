"""Which bodies stand above another: a caisse's national head, an association's. The runtime roles do not change it."""

from django.db import migrations

ABOVE = """
-- A body and all those above it.
CREATE FUNCTION organisations_above(body uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE above (id, parent) AS (
        SELECT o.id, o.parent_id FROM organisations_organisation o WHERE o.id = body
        UNION SELECT o.id, o.parent_id FROM organisations_organisation o JOIN above ON o.id = above.parent)
    SELECT id FROM above
$$;
REVOKE ALL ON FUNCTION organisations_above(uuid) FROM PUBLIC;

CREATE FUNCTION organisations_parent_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.parent_id IS DISTINCT FROM OLD.parent_id AND current_user IN ('maillage_app', 'maillage_worker') THEN
        RAISE EXCEPTION 'whom an organisation belongs to stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_parent_stays() FROM PUBLIC;
CREATE TRIGGER parent_stays BEFORE UPDATE ON organisations_organisation
    FOR EACH ROW EXECUTE FUNCTION organisations_parent_stays();
"""
UNDO = """
DROP TRIGGER parent_stays ON organisations_organisation;
DROP FUNCTION organisations_parent_stays();
DROP FUNCTION organisations_above(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_time_zone")]

    operations = [migrations.RunSQL(ABOVE, UNDO)]
