"""Whoever takes back her agreement is obeyed by the database itself: to note it, on either side, stops and closes the referral."""

from importlib import import_module

from django.db import migrations, models

_FORMER = import_module("maillage.referrals.migrations.0010_expired").KEPT
_A_SIDE = "OR (acting = 'recipient' AND NEW.state IN ('withdrawn', 'cancelled'))"

# As before, but that the recipient too stops what the person no longer agrees to; nobody says so without its record.
KEPT = _FORMER.replace(
    _A_SIDE,
    """OR (acting = 'recipient' AND (NEW.state = 'cancelled'
            OR (NEW.state = 'withdrawn' AND NEW.end_reason <> 'consent_withdrawn')))
        OR (NEW.end_reason = 'consent_withdrawn'
            AND NOT EXISTS (SELECT 1 FROM beneficiaries_consent c WHERE c.case_id = NEW.case_id AND c.withdrawn_at IS NOT NULL))""",
)

OBEYED = """
CREATE FUNCTION referrals_consent_obeyed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL THEN
        UPDATE referrals_referral r
           SET state = 'withdrawn', closed_by = NEW.withdrawn_by, end_reason = 'consent_withdrawn',
               closed_at = greatest(NEW.withdrawn_at, r.sent_at, r.acknowledged_at, r.accepted_at)
         WHERE r.case_id = NEW.case_id AND r.state IN ('sent', 'acknowledged', 'accepted', 'paused');
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION referrals_consent_obeyed() FROM PUBLIC;
CREATE TRIGGER obeyed AFTER UPDATE ON beneficiaries_consent FOR EACH ROW EXECUTE FUNCTION referrals_consent_obeyed();
"""
UNOBEYED = "DROP TRIGGER obeyed ON beneficiaries_consent; DROP FUNCTION referrals_consent_obeyed();"


class Migration(migrations.Migration):

    dependencies = [
        ('beneficiaries', '0005_consent'),
        ('referrals', '0017_handed'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_end_has_its_reason',
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason__in', ['not_eligible', 'already_followed', 'other_service', 'incomplete', 'other']), ('state', 'refused')), models.Q(('end_reason__in', ['better_suited', 'out_of_scope', 'comes_first', 'other']), ('state', 'redirected')), models.Q(('end_reason__in', ['person_refuses', 'no_longer_needed', 'moved', 'deceased', 'other', 'consent_withdrawn']), ('state', 'withdrawn')), models.Q(('end_reason__in', ['wrong_person', 'duplicate', 'wrong_service', 'other']), ('state', 'cancelled')), models.Q(models.Q(('state__in', ['refused', 'redirected', 'withdrawn', 'cancelled']), _negated=True), ('end_reason', '')), _connector='OR'), name='referral_end_has_its_reason', violation_error_message='Un refus, une redirection, un arrêt ou une annulation dit sa raison.'),
        ),
        migrations.RunSQL(KEPT, _FORMER),
        migrations.RunSQL(OBEYED, UNOBEYED),
    ]
