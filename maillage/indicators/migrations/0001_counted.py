"""What is counted under a convention, or under all of them, in a period: one question, so that a report and the national one agree."""

from django.db import migrations

# The measures of `catalogue/measures.py`, first versions. A referral or an application entered by error counts nowhere. What came of
# a case is not counted when the person withholds it from one of its two sides (D12): whoever sent her would find it by subtraction.
# Days are those of each convention. Planned for what is asked: one convention or all. Nobody but the owner calls it.
COUNTED = """
CREATE FUNCTION indicators_counted(of_convention uuid, from_day date, to_day date)
RETURNS TABLE (convention uuid, measure text, amount bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE $counted$
        WITH scope AS MATERIALIZED (
            SELECT v.id, v.in_force, $2::timestamp AT TIME ZONE v.time_zone AS begins, $3::timestamp AT TIME ZONE v.time_zone AS ends
              FROM conventions_convention v
             WHERE $1 IS NULL OR v.id = $1
        ), referral AS MATERIALIZED (
            SELECT s.id AS convention, r.case_id, c.service, l.following_id IS NOT NULL AS forwarded, r.sent_at >= s.begins AS sent,
                   r.state = 'closed' AND r.closed_at < s.ends
                       AND NOT EXISTS (SELECT 1 FROM cases_participation w WHERE w.case_id = c.id AND w.withheld) AS ended,
                   r.closed_at IS NULL OR r.closed_at >= s.ends AS under_way, r.care_outcome, r.rights_outcome
              FROM scope s
              JOIN cases_authorisation a ON a.convention_id = s.id
              JOIN cases_case c ON c.authorisation_id = a.id
              JOIN referrals_referral r ON r.case_id = c.id
              LEFT JOIN cases_lineage l ON l.following_id = c.id AND l.kind = 'forwarded'
             WHERE r.state <> 'cancelled' AND r.sent_at < s.ends AND (r.closed_at IS NULL OR r.closed_at >= s.begins)
        ), noted AS (
            SELECT x.convention, x.case_id, count(*) AS amount
              FROM referral x JOIN referrals_renunciation n ON n.case_id = x.case_id AND n.found_by = 'sender'
             WHERE x.sent AND NOT x.forwarded
             GROUP BY 1, 2
        ), application AS MATERIALIZED (
            SELECT s.id AS convention, a."right", a.opened, a.state, a.sent_at >= s.begins AND a.sent_at < s.ends AS sent,
                   a.decided_on >= $2 AND a.decided_on < $3
                       AND NOT EXISTS (SELECT 1 FROM cases_participation w WHERE w.case_id = c.id AND w.withheld) AS decided,
                   a.decided_on - a.received_on AS days
              FROM scope s
              JOIN cases_authorisation u ON u.convention_id = s.id
              JOIN cases_case c ON c.authorisation_id = u.id
              JOIN rights_application a ON a.case_id = c.id
             WHERE a.state <> 'cancelled' AND a.sent_at < s.ends
               AND (a.sent_at >= s.begins OR a.decided_on >= $2 AND a.decided_on < $3)
        ), settled AS (
            SELECT a.convention, CASE a.state WHEN 'granted' THEN a.opened ELSE a."right" END AS "right", a.state = 'granted' AS granted
              FROM application a
             WHERE a.decided
             UNION ALL
            SELECT s.id, f."right", f.outcome = 'opened'
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
          FROM (SELECT x.convention, count(*) AS whole, count(n.case_id) AS care, coalesce(sum(n.amount), 0)::bigint AS renounced
                  FROM referral x LEFT JOIN noted n ON n.case_id = x.case_id
                 WHERE x.sent AND NOT x.forwarded
                 GROUP BY 1) sent
         CROSS JOIN LATERAL (VALUES ('referrals_care', sent.care), ('referrals_rights', sent.whole - sent.care),
                ('renunciations', sent.renounced)) one (measure, amount)
         UNION ALL
        SELECT t.convention, t."right" || CASE WHEN t.granted THEN '_granted' ELSE '_refused' END, count(*)
          FROM settled t
         WHERE t."right" IN ('puma', 'c2s', 'c2s_participation', 'ame')
         GROUP BY 1, 2
         UNION ALL
        SELECT files.convention, one.measure, one.amount
          FROM (SELECT a.convention,
                       count(*) FILTER (WHERE a.sent) AS sent,
                       count(*) FILTER (WHERE a.sent AND a."right" = 'puma') AS puma,
                       count(*) FILTER (WHERE a.sent AND a."right" = 'c2s') AS c2s,
                       count(*) FILTER (WHERE a.sent AND a."right" = 'ame') AS ame,
                       count(*) FILTER (WHERE a.decided) AS decided, coalesce(sum(a.days) FILTER (WHERE a.decided), 0) AS days
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
REVOKE ALL ON FUNCTION indicators_counted(uuid, date, date) FROM PUBLIC;
"""

# What a party of a convention reads of it: exact. Whoever may open no case there (the CAF, S0 art. 5) reads of what happens to people
# nothing here, whatever the figure: only what is published.
OF = """
CREATE FUNCTION indicators_of(of_convention uuid, from_day date, to_day date)
RETURNS TABLE (measure text, amount bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := cases_caller();
    entitled boolean := EXISTS (SELECT 1 FROM cases_authorisation a
                                 WHERE a.convention_id = of_convention AND (a.sender_id = me OR a.recipient_id = me));
BEGIN
    PERFORM 1 FROM conventions_party mine
      WHERE mine.convention_id = of_convention AND mine.organisation_id = me AND mine.role <> 'informed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such convention' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT k.measure, k.amount FROM indicators_counted(of_convention, from_day, to_day) k
     WHERE entitled OR k.measure IN ('guides_given', 'prado_presented', 'prado_accepted', 'local_conventions');
END $$;
REVOKE ALL ON FUNCTION indicators_of(uuid, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION indicators_of(uuid, date, date) TO maillage_app, maillage_worker;
"""

UNCOUNTED = """
DROP FUNCTION indicators_of(uuid, date, date);
DROP FUNCTION indicators_counted(uuid, date, date);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0016_withheld_found'),
        ('conventions', '0012_commitment_evidence'),
        ('referrals', '0031_advice_in_time'),
        ('rights', '0007_stumbles'),
    ]

    operations = [
        migrations.RunSQL(COUNTED + OF, UNCOUNTED),
    ]
