"""A referral begins when it is sent, keeps what its sender said, and is worked forwards only."""

from django.db import migrations

# An account may be encrypted again, with the key that its case got in the same transaction: `key_made_at` is written by
# `renew_case_key` alone, for jobs; the length says that nothing was added.
GUARDS = """
CREATE FUNCTION referrals_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
    END IF;
    IF length(NEW.narrative) = length(OLD.narrative) AND to_jsonb(NEW) - 'narrative' = to_jsonb(OLD) - 'narrative'
        AND NEW.narrative <> OLD.narrative
        AND EXISTS (SELECT 1 FROM cases_participation p
                     WHERE p.case_id = NEW.case_id AND p.key_made_at = transaction_timestamp()) THEN
        RETURN NEW;
    END IF;
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
REVOKE ALL ON FUNCTION referrals_kept() FROM PUBLIC;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON referrals_referral FOR EACH ROW EXECUTE FUNCTION referrals_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_mirror")]

    operations = [
        migrations.RunSQL(GUARDS, "DROP TRIGGER kept ON referrals_referral; DROP FUNCTION referrals_kept();")
    ]
