"""What is counted, so that ten years cost no more than ten times one, and a year the less for those kept beside it."""

from importlib import import_module

from django.db import migrations

# The same figures as before, asked otherwise. Cases are joined by their id and convention, which one index holds whole and in order:
# the table of all cases need not be read for the applications. Applications are counted where they are read, never kept row by row
# beyond what memory holds. Bounds that hold in every time zone are told as constants, so that the indexes on days serve; the exact ones,
# of each convention, follow. One convention is found by its authorisations, as before.
COUNTED = """
CREATE OR REPLACE FUNCTION indicators_counted(of_convention uuid, from_day date, to_day date)
RETURNS TABLE (convention uuid, measure text, amount bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE $counted$
        WITH scope AS MATERIALIZED (
            SELECT v.id, v.in_force, $2::timestamp AT TIME ZONE v.time_zone AS begins, $3::timestamp AT TIME ZONE v.time_zone AS ends
              FROM conventions_convention v
             WHERE $1 IS NULL OR v.id = $1
        ), referral AS MATERIALIZED (
            SELECT s.id AS convention, r.case_id, c.service, l.following_id IS NOT NULL AS forwarded,
                   r.sent_at >= s.begins AND r.sent_at < s.ends AS sent,
                   r.state = 'closed' AND r.closed_at >= s.begins AND r.closed_at < s.ends
                       AND NOT EXISTS (SELECT 1 FROM cases_participation w WHERE w.case_id = c.id AND w.withheld) AS ended,
                   r.sent_at < s.ends AND (r.closed_at IS NULL OR r.closed_at >= s.ends) AS under_way, r.care_outcome, r.rights_outcome
              FROM scope s
              JOIN cases_case c ON c.convention_id = s.id
              JOIN referrals_referral r ON r.case_id = c.id
              LEFT JOIN cases_lineage l ON l.following_id = c.id AND l.kind = 'forwarded'
             WHERE ($1 IS NULL OR c.authorisation_id = ANY (ARRAY(SELECT u.id FROM cases_authorisation u WHERE u.convention_id = $1)))
               AND c.kind = 'referral' AND r.state <> 'cancelled' AND r.sent_at < ($3 + 1)::timestamp AT TIME ZONE 'UTC'
               AND (r.closed_at IS NULL OR r.closed_at >= ($2 - 1)::timestamp AT TIME ZONE 'UTC')
        ), application AS MATERIALIZED (
            SELECT s.id AS convention, a."right", a.opened, a.state = 'granted' AS granted,
                   a.sent_at >= s.begins AND a.sent_at < s.ends AS sent, a.decided_on >= $2 AND a.decided_on < $3
                       AND NOT EXISTS (SELECT 1 FROM cases_participation w WHERE w.case_id = c.id AND w.withheld) AS decided,
                   count(*) AS amount, sum(a.decided_on - a.received_on) AS days
              FROM scope s
              JOIN cases_case c ON c.convention_id = s.id
              JOIN rights_application a ON a.case_id = c.id
             WHERE ($1 IS NULL OR c.authorisation_id = ANY (ARRAY(SELECT u.id FROM cases_authorisation u WHERE u.convention_id = $1)))
               AND a.state <> 'cancelled'
               AND (a.sent_at >= ($2 - 1)::timestamp AT TIME ZONE 'UTC' AND a.sent_at < ($3 + 1)::timestamp AT TIME ZONE 'UTC'
                    OR a.decided_on >= $2 AND a.decided_on < $3)
             GROUP BY 1, 2, 3, 4, 5, 6
        ), settled AS (
            SELECT a.convention, CASE WHEN a.granted THEN a.opened ELSE a."right" END AS "right", a.granted, a.amount
              FROM application a
             WHERE a.decided
             UNION ALL
            SELECT s.id, f."right", f.outcome = 'opened', 1
              FROM scope s
              JOIN cases_authorisation a ON a.convention_id = s.id
              JOIN cases_case c ON c.authorisation_id = a.id
              JOIN referrals_referral r ON r.case_id = c.id AND r.state <> 'cancelled'
              JOIN referrals_rightfollowed f ON f.case_id = c.id AND f.outcome IN ('opened', 'refused')
               AND f.settled_at >= s.begins AND f.settled_at < s.ends
             WHERE NOT EXISTS (SELECT 1 FROM cases_participation w WHERE w.case_id = c.id AND w.withheld)
               AND NOT EXISTS (SELECT 1 FROM cases_lineage l JOIN rights_application p ON p.case_id = l.following_id
                                WHERE l.former_id = c.id AND l.kind = 'opened'
                                  AND p."right" = CASE f."right" WHEN 'c2s_participation' THEN 'c2s' ELSE f."right" END)
        )
        SELECT counts.convention, one.measure, one.amount
          FROM (SELECT x.convention,
                       count(*) FILTER (WHERE x.sent AND NOT x.forwarded) AS sent,
                       count(*) FILTER (WHERE x.sent AND NOT x.forwarded AND x.service = 'misas') AS misas,
                       count(*) FILTER (WHERE x.sent AND x.service = 'ssam') AS ssam,
                       count(*) FILTER (WHERE x.sent AND NOT x.forwarded AND x.service = 'eps') AS eps,
                       count(*) FILTER (WHERE x.sent AND NOT x.forwarded AND x.service = 'digital') AS workshops,
                       count(*) FILTER (WHERE x.under_way) AS under_way,
                       count(*) FILTER (WHERE x.ended AND NOT x.forwarded AND x.care_outcome <> 'none_needed') AS care_ended,
                       count(*) FILTER (WHERE x.ended AND NOT x.forwarded AND x.care_outcome = 'done') AS care_done,
                       count(*) FILTER (WHERE x.ended AND NOT x.forwarded AND x.care_outcome NOT IN ('done', 'none_needed')) AS not_done,
                       count(*) FILTER (WHERE x.ended AND NOT x.forwarded AND x.care_outcome NOT IN ('done', 'none_needed')
                                          AND x.rights_outcome IN ('opened', 'under_way', 'accompanied')) AS helped,
                       count(*) FILTER (WHERE x.ended AND NOT x.forwarded AND x.care_outcome = 'none_needed') AS rights_ended,
                       count(*) FILTER (WHERE x.ended AND x.service = 'eps' AND x.care_outcome = 'done') AS eps_done
                  FROM referral x
                 GROUP BY 1) counts
         CROSS JOIN LATERAL (VALUES ('referrals_sent', counts.sent), ('referrals_misas', counts.misas), ('referrals_ssam', counts.ssam),
                ('referrals_eps', counts.eps), ('referrals_workshops', counts.workshops), ('referrals_under_way', counts.under_way),
                ('care_ended', counts.care_ended), ('care_done', counts.care_done), ('care_not_done', counts.not_done),
                ('care_helped', counts.helped), ('rights_ended', counts.rights_ended), ('eps_done', counts.eps_done)) one (measure, amount)
         UNION ALL
        SELECT sent.convention, one.measure, one.amount
          FROM (SELECT noted.convention, count(*) AS whole, count(*) FILTER (WHERE noted.amount > 0) AS care,
                       sum(noted.amount)::bigint AS renounced
                  FROM (SELECT x.convention, count(n.case_id) AS amount
                          FROM referral x LEFT JOIN referrals_renunciation n ON n.case_id = x.case_id AND n.found_by = 'sender'
                         WHERE x.sent AND NOT x.forwarded
                         GROUP BY 1, x.case_id) noted
                 GROUP BY 1) sent
         CROSS JOIN LATERAL (VALUES ('referrals_care', sent.care), ('referrals_rights', sent.whole - sent.care),
                ('renunciations', sent.renounced)) one (measure, amount)
         UNION ALL
        SELECT t.convention, t."right" || CASE WHEN t.granted THEN '_granted' ELSE '_refused' END, sum(t.amount)::bigint
          FROM settled t
         WHERE t."right" IN ('puma', 'c2s', 'c2s_participation', 'ame')
         GROUP BY 1, 2
         UNION ALL
        SELECT files.convention, one.measure, one.amount
          FROM (SELECT a.convention,
                       coalesce(sum(a.amount) FILTER (WHERE a.sent), 0)::bigint AS sent,
                       coalesce(sum(a.amount) FILTER (WHERE a.sent AND a."right" = 'puma'), 0)::bigint AS puma,
                       coalesce(sum(a.amount) FILTER (WHERE a.sent AND a."right" = 'c2s'), 0)::bigint AS c2s,
                       coalesce(sum(a.amount) FILTER (WHERE a.sent AND a."right" = 'ame'), 0)::bigint AS ame,
                       coalesce(sum(a.amount) FILTER (WHERE a.decided), 0)::bigint AS decided,
                       coalesce(sum(a.days) FILTER (WHERE a.decided), 0)::bigint AS days
                  FROM application a
                 GROUP BY 1) files
         CROSS JOIN LATERAL (VALUES ('files_sent', files.sent), ('files_puma', files.puma), ('files_c2s', files.c2s),
                ('files_ame', files.ame), ('files_decided', files.decided), ('files_days', files.days)) one (measure, amount)
         UNION ALL
        SELECT drawn.convention, one.measure, one.amount
          FROM (SELECT s.id AS convention, sum(cardinality(d.days))::bigint AS files,
                       sum((SELECT sum(day) FROM unnest(d.days) day))::bigint AS days
                  FROM scope s JOIN rights_sample d ON d.convention_id = s.id AND d.until > $2 AND d.until <= $3
                 GROUP BY 1) drawn
         CROSS JOIN LATERAL (VALUES ('sample_files', drawn.files), ('sample_days', drawn.days)) one (measure, amount)
         UNION ALL
        SELECT s.id, 'guides_given', count(*)
          FROM scope s JOIN referrals_advice d ON d.convention_id = s.id AND d.given_at >= s.begins AND d.given_at < s.ends
         GROUP BY 1
         UNION ALL
        SELECT told.convention, one.measure, one.amount
          FROM (SELECT s.id AS convention, sum(m.presented)::bigint AS presented, sum(m.accepted)::bigint AS accepted
                  FROM scope s JOIN referrals_adhesionrelease m ON m.convention_id = s.id AND m.month >= $2 AND m.month < $3
                   AND m.presented IS NOT NULL
                 GROUP BY 1) told
         CROSS JOIN LATERAL (VALUES ('prado_presented', told.presented), ('prado_accepted', told.accepted)) one (measure, amount)
         UNION ALL
        SELECT s.id, 'local_conventions', count(DISTINCT v.id)
          FROM scope s
          JOIN conventions_relation k ON k.target_id = s.id AND k.kind = 'implements'
          JOIN conventions_convention v ON v.id = k.convention_id
         WHERE v.in_force && tstzrange(s.begins, s.ends)
         GROUP BY 1
    $counted$ USING of_convention, from_day, to_day;
END $$;
"""
BEFORE = (
    import_module('maillage.indicators.migrations.0001_counted')
    .COUNTED.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION')
)


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0008_year_counts'),
        ('rights', '0008_counted_in_time'),
    ]

    operations = [
        migrations.RunSQL(COUNTED, BEFORE),
    ]
