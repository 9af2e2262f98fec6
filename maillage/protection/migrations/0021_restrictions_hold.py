"""A restriction and a destruction at term wait for each other; a destruction begins on the day that stands, asked under its lock."""

from importlib import import_module

from django.db import migrations

_FORMER = import_module("maillage.protection.migrations.0002_destruction").DOORS
_BEGIN = "CREATE FUNCTION protection_begin" + _FORMER.partition("CREATE FUNCTION protection_begin")[2].partition("END $$;")[0] + "END $$;"

HOLDS = """
-- Whoever restricts a case takes it FOR UPDATE (cases_freeze_stays): of a restriction and a destruction at once, one waits for the other.
CREATE OR REPLACE FUNCTION protection_begins_free() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state = 'running' AND OLD.state = 'planned' THEN
        PERFORM 1 FROM cases_case c WHERE c.convention_id = NEW.convention_id ORDER BY c.id FOR KEY SHARE;
        IF protection_held_back(NEW.convention_id, NEW.organisation_id) THEN
            RAISE EXCEPTION 'restricted cases hold it back' USING ERRCODE = 'MF018';
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- Nobody restricts a case of which her own organisation's data go, or are gone: it would promise what nothing keeps any more.
CREATE FUNCTION protection_before_destruction() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user IN ('maillage_app', 'maillage_worker') AND NEW.organisation_id IS DISTINCT FROM cases_caller() THEN
        RETURN NEW; -- the other guard refuses it
    END IF;
    PERFORM 1 FROM cases_case c WHERE c.id = NEW.case_id
        AND EXISTS (SELECT 1 FROM cases_participation p WHERE p.case_id = c.id AND p.organisation_id = NEW.organisation_id)
        FOR UPDATE OF c;
    IF EXISTS (SELECT 1 FROM protection_destruction d JOIN cases_case c ON c.convention_id = d.convention_id
                WHERE c.id = NEW.case_id AND d.organisation_id = NEW.organisation_id AND d.state IN ('running', 'done')) THEN
        RAISE EXCEPTION 'these data are being destroyed' USING ERRCODE = 'MF019';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION protection_before_destruction() FROM PUBLIC;
CREATE TRIGGER freeze_before_destruction BEFORE INSERT ON cases_freeze
    FOR EACH ROW EXECUTE FUNCTION protection_before_destruction();
"""
FORMER_HOLDS = """
DROP TRIGGER freeze_before_destruction ON cases_freeze;
DROP FUNCTION protection_before_destruction();
CREATE OR REPLACE FUNCTION protection_begins_free() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state = 'running' AND OLD.state = 'planned' AND protection_held_back(NEW.convention_id, NEW.organisation_id) THEN
        RAISE EXCEPTION 'restricted cases hold it back' USING ERRCODE = 'MF018';
    END IF;
    RETURN NEW;
END $$;
"""

BEGIN = """
DROP FUNCTION protection_begin(uuid);
-- Begins what is due at this instant: from here on the ledger says that these keys are destroyed, and every restore does it again.
-- How many cases; null where it is not due any more, its day having been moved since it was listed.
CREATE FUNCTION protection_begin(of_destruction uuid, instant timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    row protection_destruction;
    held integer;
BEGIN
    SELECT d.* INTO row FROM protection_destruction d
     WHERE d.id = of_destruction AND d.organisation_id = cases_caller() FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such destruction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM protection_destructions_due(instant) one WHERE one.destruction = row.id) THEN
        RETURN NULL;
    END IF;
    INSERT INTO vault_erasure (id, organisation_id, scope, reference, reason, at)
    SELECT gen_random_uuid(), row.organisation_id, 'convention', row.convention_id::text, 'destruction ' || row.id, clock_timestamp()
     WHERE NOT EXISTS (SELECT 1 FROM vault_erasure e WHERE e.scope = 'convention' AND e.reference = row.convention_id::text
                        AND e.organisation_id = row.organisation_id);
    SELECT count(*) INTO held FROM cases_participation p
     WHERE p.organisation_id = row.organisation_id AND p.convention_id = row.convention_id;
    UPDATE protection_destruction SET state = 'running', began_at = coalesce(began_at, clock_timestamp()), cases = held
     WHERE id = row.id;
    RETURN held;
END $$;
REVOKE ALL ON FUNCTION protection_begin(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_begin(uuid, timestamptz) TO maillage_worker;
"""
FORMER_BEGIN = f"""
DROP FUNCTION protection_begin(uuid, timestamptz);
{_BEGIN}
REVOKE ALL ON FUNCTION protection_begin(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_begin(uuid) TO maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0017_freezes'),
        ('protection', '0020_earliest_day'),
    ]

    operations = [migrations.RunSQL(HOLDS + BEGIN, FORMER_BEGIN + FORMER_HOLDS)]
