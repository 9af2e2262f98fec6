"""What waits for its acknowledgement is read page after page: those that cannot end do not hide the others."""

from importlib import import_module

from django.db import migrations

_FORMER = import_module("maillage.referrals.migrations.0010_expired").UNANSWERED

# For jobs: what was sent before an instant and waits still, the oldest first, after one that was read already.
UNANSWERED = """
DROP FUNCTION referrals_unanswered(timestamptz, integer);
CREATE FUNCTION referrals_unanswered(before timestamptz, after_since timestamptz, after_part uuid, at_most integer)
RETURNS TABLE (of_case uuid, caisse uuid, sender uuid, since timestamptz, part uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id, c.caisse_id, c.sender_id, p.since, p.id FROM cases_participation p JOIN cases_case c ON c.id = p.case_id
     WHERE p.role = 'sender' AND p.state = 'sent' AND p.since < before AND c.kind = 'referral'
       AND (after_since IS NULL OR p.since >= after_since AND (p.since, p.id) > (after_since, after_part))
     ORDER BY p.since, p.id LIMIT at_most
$$;
REVOKE ALL ON FUNCTION referrals_unanswered(timestamptz, timestamptz, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referrals_unanswered(timestamptz, timestamptz, uuid, integer) TO maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [("referrals", "0012_own_file")]

    operations = [
        migrations.RunSQL(
            UNANSWERED, "DROP FUNCTION referrals_unanswered(timestamptz, timestamptz, uuid, integer);" + _FORMER
        )
    ]
