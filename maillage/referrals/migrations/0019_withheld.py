"""What the person lets return (D12) is kept by the database: a sender from whom she withholds the progress reads what is sent,
received and over, and nothing between; it still answers, and still stops the case."""

from importlib import import_module

from django.db import migrations

_FORMER_OBEYED = import_module("maillage.referrals.migrations.0018_consent").OBEYED
_FORMER_IN_TIME = (
    import_module("maillage.referrals.migrations.0005_working")
    .NOTED.partition("CREATE FUNCTION referrals_in_time()")[2]
    .partition("CREATE TRIGGER")[0]
)

OBEYED = """
CREATE OR REPLACE FUNCTION referrals_consent_obeyed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.progress = 'received' THEN
            UPDATE cases_participation p SET withheld = true WHERE p.case_id = NEW.case_id AND p.role = 'sender';
        END IF;
    ELSIF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL THEN
        UPDATE referrals_referral r
           SET state = 'withdrawn', closed_by = NEW.withdrawn_by, end_reason = 'consent_withdrawn',
               closed_at = greatest(NEW.withdrawn_at, r.sent_at, r.acknowledged_at, r.accepted_at)
         WHERE r.case_id = NEW.case_id AND r.state IN ('sent', 'acknowledged', 'accepted', 'paused');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER obeyed ON beneficiaries_consent;
CREATE TRIGGER obeyed AFTER INSERT OR UPDATE ON beneficiaries_consent
    FOR EACH ROW EXECUTE FUNCTION referrals_consent_obeyed();
"""
UNOBEYED = (
    "DROP TRIGGER obeyed ON beneficiaries_consent;"
    + _FORMER_OBEYED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
)

# A sender who does not read the referral any more still answers what it was asked, for as long as the case is open.
IN_TIME = """
CREATE OR REPLACE FUNCTION referrals_in_time() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user IN ('maillage_app', 'maillage_worker')
        AND NOT EXISTS (SELECT 1 FROM referrals_referral r
                         WHERE r.case_id = NEW.case_id AND r.state IN ('acknowledged', 'accepted', 'paused'))
        AND NOT EXISTS (SELECT 1 FROM cases_participation p
                         WHERE p.case_id = NEW.case_id AND p.organisation_id = cases_caller()
                           AND p.withheld AND p.state = 'acknowledged' AND p.closed_at IS NULL) THEN
        RAISE EXCEPTION 'nobody works this referral now' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""

# What such a sender reads: its own words, and what it may know of what followed. Nothing to anybody else.
AS_SENT = """
CREATE FUNCTION cases_withheld_from_caller(of_case uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cases_participation p
                    WHERE p.case_id = of_case AND p.organisation_id = cases_caller() AND p.role = 'sender' AND p.withheld
                      AND (p.until IS NULL OR p.until > statement_timestamp()))
$$;

CREATE FUNCTION referral_as_sent(of_case uuid, locking boolean) RETURNS SETOF referrals_referral
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_row referrals_referral;
BEGIN
    IF NOT cases_withheld_from_caller(of_case) THEN
        RETURN;
    END IF;
    IF locking THEN
        PERFORM 1 FROM referrals_referral r WHERE r.case_id = of_case FOR UPDATE;
    END IF;
    SELECT * INTO found_row FROM referrals_referral r WHERE r.case_id = of_case;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    found_row.accepted_at := NULL;
    found_row.accepted_by := NULL;
    found_row.contacted_on := NULL;
    found_row.contacted_by := NULL;
    found_row.refusal_words := NULL;
    found_row.redirected_to := '';
    found_row.care_outcome := '';
    found_row.rights_outcome := '';
    IF found_row.state NOT IN ('sent', 'acknowledged', 'withdrawn', 'cancelled', 'expired') THEN
        found_row.state := 'acknowledged';
        found_row.closed_by := NULL;
        found_row.end_reason := '';
    END IF;
    RETURN NEXT found_row;
END $$;

CREATE FUNCTION renunciations_as_sent(of_case uuid) RETURNS SETOF referrals_renunciation
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_row referrals_renunciation;
BEGIN
    IF NOT cases_withheld_from_caller(of_case) THEN
        RETURN;
    END IF;
    FOR found_row IN SELECT * FROM referrals_renunciation n WHERE n.case_id = of_case AND n.found_by = 'sender'
                      ORDER BY n.care, n.reason LOOP
        found_row.outcome := '';
        found_row.why := '';
        found_row.settled_at := NULL;
        found_row.settled_by := NULL;
        RETURN NEXT found_row;
    END LOOP;
END $$;

CREATE FUNCTION withdraw_withheld(of_case uuid, stopped_for text, stopped_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT cases_withheld_from_caller(of_case) THEN
        RETURN false;
    END IF;
    UPDATE referrals_referral r
       SET state = 'withdrawn', end_reason = stopped_for, closed_by = nullif(current_setting('maillage.user', true), '')::uuid,
           closed_at = greatest(stopped_at, r.sent_at, r.acknowledged_at, r.accepted_at)
     WHERE r.case_id = of_case AND r.state IN ('sent', 'acknowledged', 'accepted', 'paused');
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION cases_withheld_from_caller(uuid), referral_as_sent(uuid, boolean), renunciations_as_sent(uuid),
    withdraw_withheld(uuid, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referral_as_sent(uuid, boolean), renunciations_as_sent(uuid), withdraw_withheld(uuid, text, timestamptz)
    TO maillage_app, maillage_worker;
"""
NOT_AS_SENT = """
DROP FUNCTION withdraw_withheld(uuid, text, timestamptz);
DROP FUNCTION renunciations_as_sent(uuid);
DROP FUNCTION referral_as_sent(uuid, boolean);
DROP FUNCTION cases_withheld_from_caller(uuid);
"""

# The outbox has no message that says more than the person lets: a second lock, behind the code's.
TOLD = """
CREATE FUNCTION referrals_told_as_agreed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.kind IN ('referral_accepted', 'referral_refused', 'referral_redirected', 'referral_forwarded', 'referral_contacted',
                    'referral_paused', 'referral_closed')
        AND EXISTS (SELECT 1 FROM cases_participation p
                     WHERE p.organisation_id = NEW.recipient_id AND p.withheld
                       AND p.case_id::text = substring(NEW.path FROM '^/orientations/([0-9a-f-]{36})/')) THEN
        RAISE EXCEPTION 'more than the person lets be told' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION referrals_told_as_agreed() FROM PUBLIC;
CREATE TRIGGER told_as_agreed BEFORE INSERT ON notifications_message
    FOR EACH ROW EXECUTE FUNCTION referrals_told_as_agreed();
"""
NOT_TOLD = "DROP TRIGGER told_as_agreed ON notifications_message; DROP FUNCTION referrals_told_as_agreed();"


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0011_withheld'),
        ('notifications', '0006_gathering'),
        ('referrals', '0018_consent'),
    ]

    operations = [
        migrations.RunSQL(OBEYED, UNOBEYED),
        migrations.RunSQL(IN_TIME, f"CREATE OR REPLACE FUNCTION referrals_in_time(){_FORMER_IN_TIME}"),
        migrations.RunSQL(AS_SENT, NOT_AS_SENT),
        migrations.RunSQL(TOLD, NOT_TOLD),
    ]
