"""Absences: who replaces whom, from when to when; recorded by herself or by an administrator."""

from django.db import migrations

LEAVING = """
-- The web asks for the day of an organisation too: it says nothing that the directory does not.
GRANT EXECUTE ON FUNCTION organisations_today(uuid) TO maillage_app, maillage_worker;

-- An absence: one's own, or that of somebody of the organisation that one administers. Both people have a role there.
CREATE FUNCTION record_absence(new_id uuid, person uuid, replacement uuid, first date, last date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := nullif(current_setting('maillage.user', true), '')::uuid;
    body uuid := nullif(current_setting('maillage.organisation', true), '')::uuid;
BEGIN
    IF NOT coalesce(person = me OR body = organisations_administered(), false)
       OR 2 <> (SELECT count(DISTINCT m.user_id) FROM organisations_membership m
                 WHERE m.organisation_id = body AND m.user_id IN (person, replacement)
                   AND organisations_today(body) BETWEEN m.since AND coalesce(m.until, 'infinity')) THEN
        RAISE EXCEPTION 'not yours to record' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO organisations_absence (id, user_id, organisation_id, replaced_by_id, since, until, recorded_by)
    VALUES (new_id, person, body, replacement, first, last, me);
    PERFORM organisations_note(body, 'absence.record', 'absence', new_id::text);
END $$;

-- She is back, or it was a mistake. False when it was cancelled already.
CREATE FUNCTION cancel_absence(which uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := nullif(current_setting('maillage.user', true), '')::uuid;
    body uuid := nullif(current_setting('maillage.organisation', true), '')::uuid;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM organisations_absence a WHERE a.id = which AND a.organisation_id = body
                      AND (a.user_id = me OR body = organisations_administered())) THEN
        RAISE EXCEPTION 'not yours to cancel' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE organisations_absence SET cancelled_at = statement_timestamp() WHERE id = which AND cancelled_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM organisations_note(body, 'absence.cancel', 'absence', which::text);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION record_absence(uuid, uuid, uuid, date, date), cancel_absence(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_absence(uuid, uuid, uuid, date, date), cancel_absence(uuid) TO maillage_app;
"""
UNDO = """
DROP FUNCTION cancel_absence(uuid);
DROP FUNCTION record_absence(uuid, uuid, uuid, date, date);
REVOKE EXECUTE ON FUNCTION organisations_today(uuid) FROM maillage_app, maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("organisations", "0006_inviting"),
    ]

    operations = [
        migrations.RunSQL(LEAVING, UNDO),
    ]
