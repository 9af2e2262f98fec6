"""Trainings of referents: when, on what, by whom; no person."""

from django.db import migrations

OWN = """
-- A training is of one's own referent, of one convention. It is withdrawn once, at the database's time, and nothing else of it changes.
ALTER TABLE conventions_referenttraining ADD CONSTRAINT training_in_its_convention
    FOREIGN KEY (referent_id, convention_id) REFERENCES conventions_referent (id, convention_id);
CREATE FUNCTION conventions_own_training() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR to_jsonb(NEW) - 'withdrawn_at' <> to_jsonb(OLD) - 'withdrawn_at' THEN
            RAISE EXCEPTION 'a training stays as it was noted' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.withdrawn_at := clock_timestamp();
        RETURN NEW;
    ELSIF NEW.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'a training is noted before it is withdrawn' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM conventions_referent r WHERE r.id = NEW.referent_id AND r.convention_id = NEW.convention_id
                AND r.organisation_id <> NEW.organisation_id) THEN
        RAISE EXCEPTION 'not this organisation''s referent' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION conventions_own_training() FROM PUBLIC;
CREATE TRIGGER own_training BEFORE INSERT OR UPDATE ON conventions_referenttraining
    FOR EACH ROW EXECUTE FUNCTION conventions_own_training();
"""

UNDO = """
DROP TRIGGER own_training ON conventions_referenttraining;
DROP FUNCTION conventions_own_training();
ALTER TABLE conventions_referenttraining DROP CONSTRAINT training_in_its_convention;
"""


class Migration(migrations.Migration):
    dependencies = [("conventions", "0008_handover")]

    operations = [
        migrations.RunSQL(OWN, UNDO),
    ]
