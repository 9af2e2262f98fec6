"""A case may be an appointment with a seconded agent, who follows it by right; readings of its identity count as any others."""

from django.db import migrations

OPEN = """
CREATE OR REPLACE FUNCTION open_case(
    new_case uuid, under uuid, case_kind text, is_urgent boolean,
    sender_part uuid, sender_key bytea, recipient_part uuid, recipient_key bytea
) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    allowed cases_authorisation;
    instant timestamptz := statement_timestamp();
    first_state text := CASE case_kind WHEN 'referral' THEN 'sent'{more} END;
BEGIN
    IF first_state IS NULL THEN
        RAISE EXCEPTION 'no such kind of case' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO allowed FROM cases_authorisation WHERE id = under FOR SHARE;
    IF NOT FOUND OR allowed.sender_id IS DISTINCT FROM cases_caller() THEN
        RAISE EXCEPTION 'no such authorisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT allowed.open_during @> instant THEN
        RAISE EXCEPTION 'authorisation closed' USING ERRCODE = 'invalid_authorization_specification';
    END IF;
    IF length(sender_key) < 64 OR length(recipient_key) < 64 THEN
        RAISE EXCEPTION 'a participation without its key' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)
    VALUES (new_case, under, allowed.convention_id, case_kind, allowed.service, allowed.sender_id, allowed.recipient_id, instant);
    INSERT INTO cases_participation (id, organisation_id, case_id, convention_id, role, since, state, urgent, sealed_key)
    VALUES
        (sender_part, allowed.sender_id, new_case, allowed.convention_id, 'sender', instant, first_state, is_urgent, sender_key),
        (recipient_part, allowed.recipient_id, new_case, allowed.convention_id, 'recipient', instant, first_state, is_urgent, recipient_key);
    RETURN instant;
END $$;
"""

ALERTS = """
CREATE OR REPLACE FUNCTION raise_reading_alerts(opened_since timestamptz, instant timestamptz, usual integer)
RETURNS TABLE (alert uuid, organisation uuid) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH lately AS (
        SELECT DISTINCT e.organisation_id, e.user_id, (e.at AT TIME ZONE o.time_zone)::date AS day, o.time_zone
          FROM audit_entry e JOIN organisations_organisation o ON o.id = e.organisation_id
         WHERE e.at >= opened_since AND e.object_type {types} AND (e.fields LIKE 'identity%' OR e.verb = 'search')
           AND e.user_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    ), counted AS (
        SELECT l.organisation_id, l.user_id::uuid AS person, l.day, count(DISTINCT opened.reference) AS cases,
               coalesce(t.cases_per_day, usual) AS most
          FROM lately l LEFT JOIN cases_threshold t ON t.organisation_id = l.organisation_id
          JOIN audit_entry e ON e.organisation_id = l.organisation_id AND e.user_id = l.user_id
               AND e.at >= l.day::timestamp AT TIME ZONE l.time_zone AND e.at < (l.day + 1)::timestamp AT TIME ZONE l.time_zone
               AND e.object_type {types} AND (e.fields LIKE 'identity%' OR e.verb = 'search')
         CROSS JOIN LATERAL unnest(string_to_array(e.object_ref, ',')) AS opened (reference)
         GROUP BY l.organisation_id, l.user_id, l.day, t.cases_per_day
    )
    INSERT INTO cases_alert (id, organisation_id, kind, user_id, day, cases, threshold, raised_at, word)
    SELECT gen_random_uuid(), c.organisation_id, 'volume', c.person, c.day, c.cases, c.most, instant, ''
      FROM counted c WHERE c.cases > c.most
    ON CONFLICT DO NOTHING RETURNING id, organisation_id
$$;
"""
_BEFORE, _AFTER = "= 'referral'", "IN ('referral', 'appointment')"


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_following")]

    operations = [
        migrations.RunSQL(
            OPEN.replace("{more}", " WHEN 'appointment' THEN 'booked'") + ALERTS.replace("{types}", _AFTER),
            OPEN.replace("{more}", "") + ALERTS.replace("{types}", _BEFORE),
        ),
    ]
