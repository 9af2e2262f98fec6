"""A referral that the caisse redirects: where to, and why; it ends there."""

from importlib import import_module

from django.db import migrations, models

_FORMER = import_module("maillage.referrals.migrations.0005_working").KEPT

# As before, with one end more and the way that it names.
KEPT = """
CREATE OR REPLACE FUNCTION referrals_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sealed text[] := '{narrative,situation,refusal_words}';
    worked text[] := '{state,acknowledged_at,acknowledged_by,accepted_at,accepted_by,contacted_on,contacted_by,closed_at,closed_by,end_reason,refusal_words,redirected_to,care_outcome,rights_outcome}';
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
    IF OLD.state IN ('closed', 'refused', 'withdrawn', 'cancelled', 'redirected')
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
        OR (acting = 'recipient' AND NEW.state IN ('withdrawn', 'cancelled')) THEN
        RAISE EXCEPTION 'not a step of this side' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_lineage'),
        ('referrals', '0007_described'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_accepted_has_its_date',
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_ended_has_its_date',
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_end_has_its_reason',
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_refusal_says_the_other_reason',
        ),
        migrations.AddField(
            model_name='referral',
            name='redirected_to',
            field=models.CharField(blank=True, max_length=90, verbose_name='redirigée vers'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'acknowledged', 'accepted', 'paused', 'closed', 'refused', 'withdrawn', 'cancelled', 'redirected'])), name='referral_state_known'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', False), ('state__in', ['accepted', 'paused', 'closed'])), ('state__in', ['withdrawn', 'redirected']), models.Q(models.Q(('state__in', ['accepted', 'paused', 'closed', 'withdrawn', 'redirected']), _negated=True), ('accepted_at__isnull', True)), _connector='OR'), name='referral_accepted_has_its_date', violation_error_message='Une orientation s’accepte avant d’être mise en pause ou clôturée.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state__in', ['cancelled', 'closed', 'redirected', 'refused', 'withdrawn'])), models.Q(models.Q(('state__in', ['cancelled', 'closed', 'redirected', 'refused', 'withdrawn']), _negated=True), ('closed_at__isnull', True), ('closed_by__isnull', True)), _connector='OR'), name='referral_ended_has_its_date', violation_error_message='Une orientation terminée dit quand et par qui.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason__in', ['not_eligible', 'already_followed', 'other_service', 'incomplete', 'other']), ('state', 'refused')), models.Q(('end_reason__in', ['better_suited', 'out_of_scope', 'comes_first', 'other']), ('state', 'redirected')), models.Q(('end_reason__in', ['person_refuses', 'no_longer_needed', 'moved', 'deceased', 'other']), ('state', 'withdrawn')), models.Q(('end_reason__in', ['wrong_person', 'duplicate', 'wrong_service', 'other']), ('state', 'cancelled')), models.Q(models.Q(('state__in', ['refused', 'redirected', 'withdrawn', 'cancelled']), _negated=True), ('end_reason', '')), _connector='OR'), name='referral_end_has_its_reason', violation_error_message='Un refus, une redirection, un arrêt ou une annulation dit sa raison.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refusal_words__isnull', True), models.Q(('end_reason', 'other'), ('state__in', ['refused', 'redirected']), _negated=True)), models.Q(('refusal_words__isnull', False), ('state__in', ['refused', 'redirected'])), _connector='OR'), name='referral_refusal_says_the_other_reason', violation_error_message='Un refus ou une redirection pour une autre raison la dit en quelques mots ; rien d’autre n’en porte.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('redirected_to__regex', '^(flows|services)\\.[a-z][a-z0-9_]{0,79}$'), ('state', 'redirected')), models.Q(models.Q(('state', 'redirected'), _negated=True), ('redirected_to', '')), _connector='OR'), name='referral_redirected_somewhere', violation_error_message='Une redirection nomme une voie de la convention, et rien d’autre.'),
        ),
        migrations.RunSQL(KEPT, _FORMER),
    ]
