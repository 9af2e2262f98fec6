"""What came of an organisation's referrals under a convention, counted at once: row security looked at each row by itself, three times
over (a case, its referral, its care), and two hundred thousand took two minutes."""

from django.db import migrations

# The caller's own part alone, in its own role. Of what the person withholds from it (D12) it counts what its rows show it: no outcome,
# the care that it named and that nobody settled, and no state of what is over.
# Planned for the convention that is asked: they are of ten referrals or of a million.
COUNTED = """
CREATE FUNCTION referral_outcomes(of_convention uuid, in_role text)
RETURNS TABLE (state varchar, care varchar, rights varchar, referrals bigint, renunciations bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE $counted$
        WITH mine AS MATERIALIZED (
            SELECT p.case_id, p.withheld, CASE WHEN p.withheld AND p.closed_at IS NOT NULL THEN '' ELSE p.state END AS state
              FROM cases_participation p
             WHERE p.organisation_id = cases_caller() AND p.convention_id = $1 AND p.role = $2 AND p.kind = 'referral'
               AND p.state <> 'cancelled' AND (p.until IS NULL OR p.until > statement_timestamp())
        )
        SELECT m.state, CASE WHEN m.withheld THEN '' ELSE r.care_outcome END, CASE WHEN m.withheld THEN '' ELSE r.rights_outcome END,
               count(*), 0::bigint
          FROM mine m JOIN referrals_referral r ON r.case_id = m.case_id
         GROUP BY 1, 2, 3
         UNION ALL
        SELECT '', '', '', 0::bigint, count(*)
          FROM mine m JOIN referrals_renunciation n ON n.case_id = m.case_id
         WHERE NOT m.withheld OR n.found_by = 'sender' AND n.outcome = ''
        HAVING count(*) > 0
    $counted$ USING of_convention, in_role;
END $$;
REVOKE ALL ON FUNCTION referral_outcomes(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referral_outcomes(uuid, text) TO maillage_app, maillage_worker;
"""
UNCOUNTED = "DROP FUNCTION referral_outcomes(uuid, text);"


class Migration(migrations.Migration):

    dependencies = [
        ("referrals", "0029_told_by_key"),
    ]

    operations = [
        migrations.RunSQL(COUNTED, UNCOUNTED),
    ]
