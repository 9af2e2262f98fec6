"""The account of a referral encrypted again, with the key that its case got in the same transaction."""

from django.db import migrations

RENEWING = """
-- The account of a case of the caller's, locked: whoever works the referral locks it first, then the participations.
CREATE FUNCTION narrative_to_renew(of_case uuid) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_account bytea;
BEGIN
    SELECT r.narrative INTO found_account FROM referrals_referral r
     WHERE r.case_id = of_case
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND (mine.until IS NULL OR mine.until > statement_timestamp()))
       FOR UPDATE;
    RETURN found_account;
END $$;

CREATE FUNCTION encrypt_narrative_again(of_case uuid, former bytea, again bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE referrals_referral r SET narrative = again
     WHERE r.case_id = of_case AND r.narrative = former
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND mine.key_made_at = transaction_timestamp());
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION narrative_to_renew(uuid), encrypt_narrative_again(uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION narrative_to_renew(uuid), encrypt_narrative_again(uuid, bytea, bytea) TO maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_guards"), ("cases", "0004_renewing")]

    operations = [
        migrations.RunSQL(
            RENEWING, "DROP FUNCTION encrypt_narrative_again(uuid, bytea, bytea); DROP FUNCTION narrative_to_renew(uuid);"
        )
    ]
