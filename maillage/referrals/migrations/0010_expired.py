"""A referral that nobody acknowledges in time ends: by the daily job alone, and without anybody's name."""

from importlib import import_module

from django.db import migrations, models

_FORMER = import_module("maillage.referrals.migrations.0008_forwarding").KEPT

# As before, with one end more, that no page brings about.
KEPT = """
CREATE OR REPLACE FUNCTION referrals_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sealed text[] := '{narrative,situation,refusal_words}';
    worked text[] := '{state,acknowledged_at,acknowledged_by,accepted_at,accepted_by,contacted_on,contacted_by,closed_at,closed_by,end_reason,refusal_words,redirected_to,care_outcome,rights_outcome}';
    lapsed text[] := '{state,closed_at}';
    stopped text[] := '{state,closed_at,closed_by,end_reason}';
    former jsonb := to_jsonb(OLD);
    again jsonb := to_jsonb(NEW);
    acting text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'sent' THEN
            RAISE EXCEPTION 'a referral begins when it is sent' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.sent_at := coalesce((SELECT c.opened_at FROM cases_case c WHERE c.id = NEW.case_id), NEW.sent_at);
        NEW.sent_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.sent_by);
        RETURN NEW;
    END IF;
    IF again = former THEN
        RETURN NEW;
    END IF;
    IF again - sealed = former - sealed
        AND NOT EXISTS (SELECT 1 FROM unnest(sealed) AS one (name)
                         WHERE length(again ->> one.name) IS DISTINCT FROM length(former ->> one.name))
        AND EXISTS (SELECT 1 FROM cases_participation p
                     WHERE p.case_id = NEW.case_id AND p.key_made_at = transaction_timestamp()) THEN
        RETURN NEW;
    END IF;
    IF again - worked <> former - worked THEN
        RAISE EXCEPTION 'what was sent stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('closed', 'refused', 'withdrawn', 'cancelled', 'redirected', 'expired')
        OR (OLD.acknowledged_at IS NOT NULL
            AND (NEW.acknowledged_at, NEW.acknowledged_by) IS DISTINCT FROM (OLD.acknowledged_at, OLD.acknowledged_by))
        OR (OLD.accepted_at IS NOT NULL
            AND (NEW.accepted_at, NEW.accepted_by) IS DISTINCT FROM (OLD.accepted_at, OLD.accepted_by))
        OR (OLD.contacted_on IS NOT NULL
            AND (NEW.contacted_on, NEW.contacted_by) IS DISTINCT FROM (OLD.contacted_on, OLD.contacted_by)) THEN
        RAISE EXCEPTION 'what was done stays' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT p.role INTO acting FROM cases_participation p
     WHERE p.case_id = NEW.case_id AND p.organisation_id = cases_caller();
    IF (acting = 'sender' AND (NEW.state NOT IN ('withdrawn', 'cancelled') OR again - stopped <> former - stopped))
        OR (acting = 'recipient' AND NEW.state IN ('withdrawn', 'cancelled'))
        OR (NEW.state = 'expired' AND (session_user = 'maillage_app' OR again - lapsed <> former - lapsed)) THEN
        RAISE EXCEPTION 'not a step of this side' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""

# For jobs: what was sent before an instant and waits still, the oldest first.
UNANSWERED = """
CREATE FUNCTION referrals_unanswered(before timestamptz, at_most integer) RETURNS TABLE (of_case uuid, caisse uuid, sender uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id, c.caisse_id, c.sender_id FROM cases_participation p JOIN cases_case c ON c.id = p.case_id
     WHERE p.role = 'sender' AND p.state = 'sent' AND p.since < before AND c.kind = 'referral'
     ORDER BY p.since LIMIT at_most
$$;
REVOKE ALL ON FUNCTION referrals_unanswered(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referrals_unanswered(timestamptz, integer) TO maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_expired'),
        ('referrals', '0009_forwarded'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_acknowledged_has_its_date',
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_ended_has_its_date',
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'acknowledged', 'accepted', 'paused', 'closed', 'refused', 'withdrawn', 'cancelled', 'redirected', 'expired'])), name='referral_state_known'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', True), ('state__in', ['sent', 'expired'])), ('state__in', ['withdrawn', 'cancelled']), models.Q(models.Q(('state__in', ['sent', 'expired', 'withdrawn', 'cancelled']), _negated=True), ('acknowledged_at__isnull', False)), _connector='OR'), name='referral_acknowledged_has_its_date'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state__in', ['cancelled', 'closed', 'redirected', 'refused', 'withdrawn'])), models.Q(('closed_at__isnull', False), ('closed_by__isnull', True), ('state', 'expired')), models.Q(models.Q(('state__in', ['cancelled', 'closed', 'expired', 'redirected', 'refused', 'withdrawn']), _negated=True), ('closed_at__isnull', True), ('closed_by__isnull', True)), _connector='OR'), name='referral_ended_has_its_date', violation_error_message='Une orientation terminée dit quand et par qui.'),
        ),
        migrations.RunSQL(KEPT, _FORMER),
        migrations.RunSQL(UNANSWERED, "DROP FUNCTION referrals_unanswered(timestamptz, integer)"),
    ]
