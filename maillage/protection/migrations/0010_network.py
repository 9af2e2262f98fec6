"""Counts of each body below the head of a network that asks; nothing of what is counted."""

from django.db import migrations

NETWORK = """
-- What each body below the caller has under way on a day. A body without anybody here nor anything under way is left out.
CREATE FUNCTION protection_network(on_day date, trained_since date)
RETURNS TABLE (name varchar, departement varchar, is_watched boolean, breaches bigint, requests bigint, late_requests bigint,
               destructions bigint, alerts bigint, untrained bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE below (id) AS (
        SELECT o.id FROM organisations_organisation o WHERE o.parent_id = cases_caller()
        UNION SELECT o.id FROM organisations_organisation o JOIN below ON o.parent_id = below.id),
    counted AS (
        SELECT o.name, o.sort_name, o.departement, o.id,
               protection_watched_here(o.id) AS is_watched,
               (SELECT count(*) FROM protection_breachparty p JOIN protection_breach b ON b.id = p.breach_id
                 WHERE p.organisation_id = o.id AND b.state IN ('suspected', 'confirmed') AND b.joined_to_id IS NULL) AS breaches,
               asked.number AS requests, asked.late AS late_requests,
               (SELECT count(*) FROM protection_destruction d
                 WHERE d.organisation_id = o.id AND d.state NOT IN ('kept', 'done')) AS destructions,
               (SELECT count(*) FROM cases_alert a WHERE a.organisation_id = o.id AND a.seen_at IS NULL) AS alerts,
               here.people, here.untrained
          FROM below JOIN organisations_organisation o ON o.id = below.id
         CROSS JOIN LATERAL (
               SELECT count(*) AS number, count(*) FILTER (WHERE r.due_on < on_day) AS late
                 FROM protection_requestfile f JOIN protection_rightsrequest r ON r.id = f.request_id
                WHERE f.organisation_id = o.id AND f.state = 'asked') asked
         CROSS JOIN LATERAL (
               SELECT count(*) AS people, count(*) FILTER (WHERE NOT EXISTS (
                          SELECT 1 FROM organisations_training t
                           WHERE t.user_id = with_role.user_id AND t.organisation_id = o.id AND t.done_on <= on_day
                             AND (trained_since IS NULL OR t.done_on >= trained_since))) AS untrained
                 FROM (SELECT DISTINCT m.user_id FROM organisations_membership m
                        WHERE m.organisation_id = o.id AND m.since <= on_day AND (m.until IS NULL OR m.until >= on_day)) with_role) here)
    SELECT c.name, c.departement, c.is_watched, c.breaches, c.requests, c.late_requests, c.destructions, c.alerts, c.untrained
      FROM counted c
     WHERE c.people > 0 OR c.breaches > 0 OR c.requests > 0 OR c.destructions > 0 OR c.alerts > 0
     ORDER BY c.sort_name, c.id
$$;
REVOKE ALL ON FUNCTION protection_network(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_network(date, date) TO maillage_app;
"""
UNDO = "DROP FUNCTION protection_network(date, date);"


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0009_assessments'),
        ('cases', '0001_initial'),
        ('organisations', '0009_directory'),
    ]

    operations = [migrations.RunSQL(NETWORK, UNDO)]
