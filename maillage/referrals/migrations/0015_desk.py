"""Whose desk a case is on: whom the daily job writes to, and who is told at once of what is urgent."""

from django.db import migrations

DESK = """
-- For the daily job: who works or sends referrals somewhere today, wants a summary, and was not looked at yet on her day.
CREATE FUNCTION referrals_people_to_tell(instant timestamptz, from_hour integer)
RETURNS TABLE (person uuid, organisation uuid, day date, departement text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT m.user_id, o.id, conventions_day(instant, o.time_zone), o.departement::text
      FROM organisations_membership m JOIN organisations_organisation o ON o.id = m.organisation_id
      JOIN organisations_user u ON u.id = m.user_id AND u.is_active
      LEFT JOIN notifications_mailing k ON k.user_id = m.user_id
     WHERE m.role IN ('partner_worker', 'caisse_adviser')
       AND conventions_day(instant, o.time_zone) BETWEEN m.since AND coalesce(m.until, 'infinity')
       AND extract(hour FROM instant AT TIME ZONE o.time_zone) >= from_hour
       AND coalesce(k.choice, 'urgent') <> 'none'
       AND (k.looked_on IS NULL OR k.looked_on < conventions_day(instant, o.time_zone))
     ORDER BY 1, 2
$$;

-- One message to each person of the other side on whose desk an urgent case is: whoever follows it there, and where nobody does,
-- everybody who may act; those who want such messages and may act there. In the caller's transaction; how many.
CREATE FUNCTION referrals_tell_desk(of_case uuid, body uuid, fact text, named text, text_version text, trained_since date)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    side text := (SELECT p.role FROM cases_participation p
                   WHERE p.case_id = of_case AND p.organisation_id = body AND p.urgent
                     AND (p.until IS NULL OR p.until > statement_timestamp()));
    told integer;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_participation p
                    WHERE p.case_id = of_case AND p.organisation_id = cases_caller()
                      AND (p.until IS NULL OR p.until > statement_timestamp())) THEN
        RAISE EXCEPTION 'not a case of this organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO notifications_message (id, once, kind, reference, path, account_id, attempts)
    SELECT gen_random_uuid(), left('urgent:' || fact || ':' || m.user_id, 200), 'urgent', named, '/orientations/' || of_case || '/',
           m.user_id, 0
      FROM organisations_membership m JOIN organisations_user u ON u.id = m.user_id AND u.is_active
      LEFT JOIN notifications_mailing k ON k.user_id = m.user_id
     WHERE m.organisation_id = body AND coalesce(k.choice, 'urgent') = 'urgent'
       AND (m.role = 'caisse_adviser' OR side = 'sender' AND m.role = 'partner_worker') AND side IS NOT NULL
       AND organisations_today(body) BETWEEN m.since AND coalesce(m.until, 'infinity')
       AND EXISTS (SELECT 1 FROM organisations_undertaking s
                    WHERE s.user_id = m.user_id AND s.organisation_id = body AND s.version = text_version)
       AND EXISTS (SELECT 1 FROM organisations_training t
                    WHERE t.user_id = m.user_id AND t.organisation_id = body AND t.done_on <= organisations_today(body)
                      AND (trained_since IS NULL OR t.done_on >= trained_since))
       AND (EXISTS (SELECT 1 FROM cases_following f WHERE f.case_id = of_case AND f.organisation_id = body
                       AND f.user_id = m.user_id AND f.until IS NULL)
            OR NOT EXISTS (SELECT 1 FROM cases_following f WHERE f.case_id = of_case AND f.organisation_id = body
                              AND f.until IS NULL))
     GROUP BY m.user_id
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS told = ROW_COUNT;
    RETURN told;
END $$;
REVOKE ALL ON FUNCTION referrals_people_to_tell(timestamptz, integer),
    referrals_tell_desk(uuid, uuid, text, text, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referrals_people_to_tell(timestamptz, integer) TO maillage_worker;
GRANT EXECUTE ON FUNCTION referrals_tell_desk(uuid, uuid, text, text, text, date) TO maillage_app, maillage_worker;
"""
UNDO = """
DROP FUNCTION referrals_tell_desk(uuid, uuid, text, text, text, date);
DROP FUNCTION referrals_people_to_tell(timestamptz, integer);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0014_heeding"),
        ("cases", "0009_expired"),
        ("notifications", "0005_digest"),
        ("organisations", "0009_directory"),
    ]

    operations = [migrations.RunSQL(DESK, UNDO)]
