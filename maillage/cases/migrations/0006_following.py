"""Who follows a case inside one organisation, what is told to those who watch over its journal, and from how many cases."""

from django.db import migrations

GUARDS = """
-- A following is only ever ended: who, what, why and since when stay, and a consultation does not last longer.
CREATE FUNCTION cases_following_ends_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF to_jsonb(NEW) - 'until' <> to_jsonb(OLD) - 'until'
        OR (OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until)) THEN
        RAISE EXCEPTION 'a following only ends' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cases_following_ends_only() FROM PUBLIC;
CREATE TRIGGER following_ends_only BEFORE UPDATE ON cases_following FOR EACH ROW EXECUTE FUNCTION cases_following_ends_only();

-- An alert says what happened for good, and is looked at once.
CREATE FUNCTION cases_alert_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    looked text[] := '{seen_at,seen_by,word}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.seen_at IS NOT NULL THEN
            RAISE EXCEPTION 'an alert is raised before it is looked at' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF to_jsonb(NEW) - looked <> to_jsonb(OLD) - looked OR (OLD.seen_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'what was told stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cases_alert_stays() FROM PUBLIC;
CREATE TRIGGER alert_stays BEFORE INSERT OR UPDATE ON cases_alert FOR EACH ROW EXECUTE FUNCTION cases_alert_stays();

-- From the journal: whoever opened something since then, how many distinct persons she opened in that day of her
-- organisation's own calendar; one alert for each day above the threshold, however often this runs.
CREATE FUNCTION raise_reading_alerts(opened_since timestamptz, instant timestamptz, usual integer)
RETURNS TABLE (alert uuid, organisation uuid) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH lately AS (
        SELECT DISTINCT e.organisation_id, e.user_id, (e.at AT TIME ZONE o.time_zone)::date AS day, o.time_zone
          FROM audit_entry e JOIN organisations_organisation o ON o.id = e.organisation_id
         WHERE e.at >= opened_since AND e.object_type IN ('referral', 'appointment') AND (e.fields LIKE 'identity%' OR e.verb = 'search')
           AND e.user_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    ), counted AS (
        SELECT l.organisation_id, l.user_id::uuid AS person, l.day, count(DISTINCT opened.reference) AS cases,
               coalesce(t.cases_per_day, usual) AS most
          FROM lately l LEFT JOIN cases_threshold t ON t.organisation_id = l.organisation_id
          JOIN audit_entry e ON e.organisation_id = l.organisation_id AND e.user_id = l.user_id
               AND e.at >= l.day::timestamp AT TIME ZONE l.time_zone AND e.at < (l.day + 1)::timestamp AT TIME ZONE l.time_zone
               AND e.object_type IN ('referral', 'appointment') AND (e.fields LIKE 'identity%' OR e.verb = 'search')
         CROSS JOIN LATERAL unnest(string_to_array(e.object_ref, ',')) AS opened (reference)
         GROUP BY l.organisation_id, l.user_id, l.day, t.cases_per_day
    )
    INSERT INTO cases_alert (id, organisation_id, kind, user_id, day, cases, threshold, raised_at, word)
    SELECT gen_random_uuid(), c.organisation_id, 'volume', c.person, c.day, c.cases, c.most, instant, ''
      FROM counted c WHERE c.cases > c.most
    ON CONFLICT DO NOTHING RETURNING id, organisation_id
$$;
REVOKE ALL ON FUNCTION raise_reading_alerts(timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION raise_reading_alerts(timestamptz, timestamptz, integer) TO maillage_worker;
"""
UNDO = """
DROP FUNCTION raise_reading_alerts(timestamptz, timestamptz, integer);
DROP TRIGGER alert_stays ON cases_alert;
DROP FUNCTION cases_alert_stays();
DROP TRIGGER following_ends_only ON cases_following;
DROP FUNCTION cases_following_ends_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0005_closed_bodies"),
        ("organisations", "0004_network"),
    ]

    operations = [
        migrations.RunSQL(GUARDS, UNDO),
    ]
