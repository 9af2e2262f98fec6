"""A new choice of the person's is obeyed at once (D12): what her sender reads from now on, and what was about to be told to it."""

from django.db import migrations

# What its row says from then on is what `cases_mirror_state` would write. The referral is locked: no step passes between the two.
# What the sender read before stays in the journal as read; what was on its way to it and tells more than she lets goes nowhere.
OBEYED = """
CREATE FUNCTION referrals_choice_obeyed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    quiet boolean := NEW.progress = 'received';
    reached text;
BEGIN
    UPDATE beneficiaries_consent c SET progress = NEW.progress WHERE c.case_id = NEW.case_id;
    SELECT r.state INTO reached FROM referrals_referral r WHERE r.case_id = NEW.case_id FOR UPDATE;
    UPDATE cases_participation p
       SET withheld = quiet,
           state = CASE WHEN quiet AND reached IN ('accepted', 'paused', 'closed', 'refused', 'redirected')
                        THEN 'acknowledged' ELSE coalesce(reached, p.state) END
     WHERE p.case_id = NEW.case_id AND p.role = 'sender';
    IF quiet THEN
        DELETE FROM notifications_message m
         WHERE m.sent_at IS NULL AND m.handed_at IS NULL AND m.path = '/orientations/' || NEW.case_id || '/'
           AND CASE m.kind WHEN 'urgent' THEN split_part(m.once, ':', 2) ELSE m.kind END
               IN ('referral_accepted', 'referral_refused', 'referral_redirected', 'referral_forwarded', 'referral_contacted',
                   'referral_paused', 'referral_closed');
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION referrals_choice_obeyed() FROM PUBLIC;
CREATE TRIGGER obeyed AFTER INSERT ON beneficiaries_progresschoice
    FOR EACH ROW EXECUTE FUNCTION referrals_choice_obeyed();
"""
UNOBEYED = "DROP TRIGGER obeyed ON beneficiaries_progresschoice; DROP FUNCTION referrals_choice_obeyed();"


class Migration(migrations.Migration):

    dependencies = [
        ("beneficiaries", "0006_choices"),
        ("notifications", "0006_gathering"),
        ("referrals", "0023_paper_forms"),
    ]

    operations = [migrations.RunSQL(OBEYED, UNOBEYED)]
