"""An account stays what was sent, and may still be encrypted again: with the key that its case got in the same transaction."""

from django.db import migrations

KEPT = """
CREATE OR REPLACE FUNCTION referrals_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    worked text[] := '{state,acknowledged_at,acknowledged_by,contacted_on,contacted_by,closed_at,closed_by,care_outcome,rights_outcome}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'sent' THEN
            RAISE EXCEPTION 'a referral begins when it is sent' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.sent_at := coalesce((SELECT c.opened_at FROM cases_case c WHERE c.id = NEW.case_id), NEW.sent_at);
        NEW.sent_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.sent_by);
        RETURN NEW;
    END IF;{exception}
    IF to_jsonb(NEW) - worked <> to_jsonb(OLD) - worked THEN
        RAISE EXCEPTION 'what was sent stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.state = 'closed' AND NEW IS DISTINCT FROM OLD)
        OR (OLD.acknowledged_at IS NOT NULL
            AND (NEW.acknowledged_at, NEW.acknowledged_by) IS DISTINCT FROM (OLD.acknowledged_at, OLD.acknowledged_by))
        OR (OLD.contacted_on IS NOT NULL
            AND (NEW.contacted_on, NEW.contacted_by) IS DISTINCT FROM (OLD.contacted_on, OLD.contacted_by)) THEN
        RAISE EXCEPTION 'what was done stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
# `key_made_at` is written by `renew_case_key` alone, for jobs; the length says that nothing was added.
EXCEPTION = """
    IF length(NEW.narrative) = length(OLD.narrative) AND to_jsonb(NEW) - 'narrative' = to_jsonb(OLD) - 'narrative'
        AND NEW.narrative <> OLD.narrative
        AND EXISTS (SELECT 1 FROM cases_participation p
                     WHERE p.case_id = NEW.case_id AND p.key_made_at = transaction_timestamp()) THEN
        RETURN NEW;
    END IF;"""

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
            KEPT.replace("{exception}", EXCEPTION) + RENEWING,
            "DROP FUNCTION encrypt_narrative_again(uuid, bytea, bytea); DROP FUNCTION narrative_to_renew(uuid);" + KEPT.replace("{exception}", ""),
        )
    ]
