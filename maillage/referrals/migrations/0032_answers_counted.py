"""How referrals were answered under the conventions whose text promises it within a delay, by day of each step."""

from django.db import migrations

# `referrals_to_count`: the parties that receive cases under a convention whose text, or an avenant, has a commitment that is counted; one
# that ended long ago is counted no more. `referrals_answers` counts those of the acting party alone, whole: also the ones whose person
# withholds the progress, which the rules then leave out where it would be told.
ANSWERS = """
CREATE FUNCTION referrals_to_count() RETURNS TABLE (of_convention uuid, caisse uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT a.convention_id, a.recipient_id
      FROM conventions_convention v
      JOIN cases_authorisation a ON a.convention_id = v.id
     WHERE v.in_force IS NOT NULL AND coalesce(upper(v.in_force) > statement_timestamp() - interval '18 months', true)
       AND ((SELECT t.terms -> 'commitments' @? '$[*].counted_answer' FROM conventions_termsversion t
              WHERE t.convention_id = v.id ORDER BY t.number DESC LIMIT 1)
            OR EXISTS (SELECT 1 FROM conventions_amendment m
                        WHERE m.convention_id = v.id AND m.state = 'signed' AND m.changes @? '$.**.counted_answer'))
     ORDER BY 1, 2
$$;

CREATE FUNCTION referrals_answers(of_convention uuid, from_day date, to_day date, of_services text[])
RETURNS TABLE (sent_on date, acknowledged_on date, contacted_on date, ended_on date, withheld boolean, amount bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT conventions_day(r.sent_at, v.time_zone), conventions_day(r.acknowledged_at, v.time_zone), r.contacted_on,
           conventions_day(r.closed_at, v.time_zone),
           EXISTS (SELECT 1 FROM cases_participation w WHERE w.case_id = c.id AND w.withheld), count(*)
      FROM conventions_convention v
      JOIN cases_authorisation a ON a.convention_id = v.id AND a.recipient_id = cases_caller()
      JOIN cases_case c ON c.authorisation_id = a.id AND c.kind = 'referral'
      JOIN referrals_referral r ON r.case_id = c.id AND r.state <> 'cancelled'
     WHERE v.id = of_convention AND (of_services = '{}' OR c.service = ANY (of_services))
       AND r.sent_at >= from_day::timestamp AT TIME ZONE v.time_zone AND r.sent_at < to_day::timestamp AT TIME ZONE v.time_zone
     GROUP BY 1, 2, 3, 4, 5
     ORDER BY 1, 2, 3, 4, 5
$$;
REVOKE ALL ON FUNCTION referrals_to_count(), referrals_answers(uuid, date, date, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referrals_to_count(), referrals_answers(uuid, date, date, text[]) TO maillage_worker;
"""
UNDO = """
DROP FUNCTION referrals_answers(uuid, date, date, text[]);
DROP FUNCTION referrals_to_count();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0016_withheld_found'),
        ('conventions', '0015_evidence_known'),
        ('referrals', '0031_advice_in_time'),
    ]

    operations = [
        migrations.RunSQL(ANSWERS, UNDO),
    ]
