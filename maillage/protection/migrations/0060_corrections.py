"""A correction that says that it answers a request answers one of its own organisation's, in which the case is hers."""

from django.db import migrations

ANSWERS = """
CREATE FUNCTION protection_correction_answers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user IN ('maillage_app', 'maillage_worker') AND NEW.request_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM protection_requestfile f
         WHERE f.request_id = NEW.request_id AND f.organisation_id = NEW.organisation_id AND NEW.case_id = ANY (f.cases)) THEN
        RAISE EXCEPTION 'no such case of the person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION protection_correction_answers() FROM PUBLIC;
CREATE TRIGGER answers_a_request BEFORE INSERT ON beneficiaries_correction FOR EACH ROW EXECUTE FUNCTION protection_correction_answers();
"""
UNDO = "DROP TRIGGER answers_a_request ON beneficiaries_correction; DROP FUNCTION protection_correction_answers();"


class Migration(migrations.Migration):

    dependencies = [
        ('beneficiaries', '0009_corrections'),
        ('protection', '0051_extents'),
    ]

    operations = [migrations.RunSQL(ANSWERS, UNDO)]
