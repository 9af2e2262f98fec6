"""How long things took under a convention in a period, by day: what a report draws as distributions."""

from django.db import migrations

# As `indicators_of`: a party reads the whole convention's, whoever may open no case there reads none of it. What was entered by error,
# and what came of a case that the person withholds from one of its sides (D12), counts nowhere. Days are those of the convention.
DELAYS = """
CREATE FUNCTION indicators_delays(of_convention uuid, from_day date, to_day date)
RETURNS TABLE (delay text, days integer, amount bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    me uuid := cases_caller();
    zone text;
    begins timestamptz;
    ends timestamptz;
BEGIN
    PERFORM 1 FROM conventions_party mine
      WHERE mine.convention_id = of_convention AND mine.organisation_id = me AND mine.role <> 'informed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such convention' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_authorisation a
                    WHERE a.convention_id = of_convention AND (a.sender_id = me OR a.recipient_id = me)) THEN
        RETURN;
    END IF;
    SELECT v.time_zone INTO zone FROM conventions_convention v WHERE v.id = of_convention;
    begins := from_day::timestamp AT TIME ZONE zone;
    ends := to_day::timestamp AT TIME ZONE zone;
    RETURN QUERY
    WITH referral AS MATERIALIZED (
        SELECT (r.sent_at AT TIME ZONE zone)::date AS sent_on, r.contacted_on,
               CASE WHEN r.acknowledged_at >= begins AND r.acknowledged_at < ends THEN (r.acknowledged_at AT TIME ZONE zone)::date END
                   AS acknowledged_on
          FROM cases_authorisation a
          JOIN cases_case c ON c.authorisation_id = a.id
          JOIN referrals_referral r ON r.case_id = c.id
         WHERE a.convention_id = of_convention AND r.state <> 'cancelled' AND r.sent_at < ends
           AND (r.acknowledged_at >= begins OR r.contacted_on >= from_day)
           AND NOT EXISTS (SELECT 1 FROM cases_participation w WHERE w.case_id = c.id AND w.withheld)
    )
    SELECT 'acknowledged', x.acknowledged_on - x.sent_on, count(*)
      FROM referral x WHERE x.acknowledged_on IS NOT NULL
     GROUP BY 2
     UNION ALL
    SELECT 'contacted', greatest(x.contacted_on - x.sent_on, 0), count(*)
      FROM referral x WHERE x.contacted_on >= from_day AND x.contacted_on < to_day
     GROUP BY 2
     UNION ALL
    SELECT 'decided', f.decided_on - f.received_on, count(*)
      FROM cases_authorisation a
      JOIN cases_case c ON c.authorisation_id = a.id
      JOIN rights_application f ON f.case_id = c.id
     WHERE a.convention_id = of_convention AND f.state <> 'cancelled' AND f.decided_on >= from_day AND f.decided_on < to_day
       AND NOT EXISTS (SELECT 1 FROM cases_participation w WHERE w.case_id = c.id AND w.withheld)
     GROUP BY 2;
END $$;
REVOKE ALL ON FUNCTION indicators_delays(uuid, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION indicators_delays(uuid, date, date) TO maillage_app, maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0005_linked'),
        ('referrals', '0031_advice_in_time'),
        ('rights', '0007_stumbles'),
    ]

    operations = [
        migrations.RunSQL(DELAYS, "DROP FUNCTION indicators_delays(uuid, date, date);"),
    ]
