"""A referent who succeeds another: both stay reachable during the hand-over, and no day is left without either."""

from django.db import migrations

HANDOVER = """
-- The successor and the former are of one convention.
ALTER TABLE conventions_referent ADD CONSTRAINT referent_in_its_convention UNIQUE (id, convention_id);
ALTER TABLE conventions_referent ADD CONSTRAINT referent_succeeds_in_its_convention
    FOREIGN KEY (succeeds_id, convention_id) REFERENCES conventions_referent (id, convention_id);

-- A successor takes the same post, and a change leaves no hole: the former stays until the day before the successor
-- begins, or later. One of another convention is left to the reference above.
CREATE FUNCTION conventions_handover() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    former record;
BEGIN
    IF NEW.succeeds_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.since IS DISTINCT FROM OLD.since) THEN
        SELECT f.organisation_id, f.party_key, f.level, f.until INTO former FROM conventions_referent f
         WHERE f.id = NEW.succeeds_id AND f.convention_id = NEW.convention_id;
        IF FOUND AND (former.organisation_id, former.party_key, former.level)
            IS DISTINCT FROM (NEW.organisation_id, NEW.party_key, NEW.level) THEN
            RAISE EXCEPTION 'a successor takes the same post' USING ERRCODE = 'restrict_violation';
        ELSIF FOUND AND (former.until IS NULL OR former.until < NEW.since - 1) THEN
            RAISE EXCEPTION 'a change of referent leaves no hole' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.until IS DISTINCT FROM OLD.until AND EXISTS (
        SELECT 1 FROM conventions_referent s WHERE s.succeeds_id = NEW.id AND (NEW.until IS NULL OR NEW.until < s.since - 1))
    THEN
        RAISE EXCEPTION 'a change of referent leaves no hole' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION conventions_handover() FROM PUBLIC;
CREATE TRIGGER handover BEFORE INSERT OR UPDATE ON conventions_referent
    FOR EACH ROW EXECUTE FUNCTION conventions_handover();
"""

UNDO = """
DROP TRIGGER handover ON conventions_referent;
DROP FUNCTION conventions_handover();
ALTER TABLE conventions_referent DROP CONSTRAINT referent_succeeds_in_its_convention;
ALTER TABLE conventions_referent DROP CONSTRAINT referent_in_its_convention;
"""


class Migration(migrations.Migration):
    dependencies = [("conventions", "0007_what_remains")]

    operations = [
        migrations.RunSQL(HANDOVER, UNDO),
    ]
