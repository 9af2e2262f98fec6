"""The register of CDR and CDRi: who grants, what stays, under which access a consultation is told (row E5)."""

from django.db import migrations

REGISTER = """
-- Only an administrator of the organisation that acts grants and revokes. The owner, who restores, is let through.
CREATE FUNCTION organisations_cdr_administered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user IN ('maillage_app', 'maillage_worker') AND NEW.organisation_id IS DISTINCT FROM organisations_administered() THEN
        RAISE EXCEPTION 'not yours to grant' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_cdr_administered() FROM PUBLIC;
CREATE TRIGGER administered BEFORE INSERT OR UPDATE ON organisations_cdraccess
    FOR EACH ROW EXECUTE FUNCTION organisations_cdr_administered();

-- What was granted stays; it is revoked once.
CREATE FUNCTION organisations_cdr_grant_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (NEW.id, NEW.organisation_id, NEW.user_id, NEW.tool, NEW.since, NEW.granted_by)
       IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.user_id, OLD.tool, OLD.since, OLD.granted_by)
       OR (OLD.revoked_on IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'what the register says stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_cdr_grant_stays() FROM PUBLIC;
CREATE TRIGGER grant_stays BEFORE UPDATE ON organisations_cdraccess
    FOR EACH ROW EXECUTE FUNCTION organisations_cdr_grant_stays();

-- A consultation is told by its holder, under an access of the same organisation that runs at that instant, and once it was made.
CREATE FUNCTION organisations_cdr_access_in_force() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user IN ('maillage_app', 'maillage_worker') AND NOT EXISTS (
        SELECT 1 FROM organisations_cdraccess a JOIN organisations_organisation o ON o.id = a.organisation_id
         WHERE a.id = NEW.cdr_access_id AND a.organisation_id = NEW.organisation_id AND a.revoked_on IS NULL
           AND a.user_id = nullif(current_setting('maillage.user', true), '')::uuid
           AND a.since <= (NEW.at AT TIME ZONE o.time_zone)::date AND NEW.at <= statement_timestamp()) THEN
        RAISE EXCEPTION 'no access in force' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF session_user IN ('maillage_app', 'maillage_worker') THEN
        NEW.recorded_at := statement_timestamp();
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_cdr_access_in_force() FROM PUBLIC;
CREATE TRIGGER access_in_force BEFORE INSERT ON organisations_cdrconsultation
    FOR EACH ROW EXECUTE FUNCTION organisations_cdr_access_in_force();
"""
UNDO = """
DROP TRIGGER access_in_force ON organisations_cdrconsultation;
DROP TRIGGER grant_stays ON organisations_cdraccess;
DROP TRIGGER administered ON organisations_cdraccess;
DROP FUNCTION organisations_cdr_access_in_force();
DROP FUNCTION organisations_cdr_grant_stays();
DROP FUNCTION organisations_cdr_administered();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("organisations", "0007_leaving"),
    ]

    operations = [
        migrations.RunSQL(REGISTER, UNDO),
    ]
