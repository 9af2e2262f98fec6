"""A message to a referent on duty: its address is that of her tenure, when it leaves."""

from django.db import migrations

CLAIMING = """
-- A tenure that is over, or not begun, has no address: its message goes nowhere. So has one of another organisation.
CREATE OR REPLACE FUNCTION claim_messages(instant timestamptz, lease interval, most integer)
RETURNS TABLE (message_id uuid, mailbox text, kind text, reference text, path text, attempts integer, link_seed text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH taken AS (
        SELECT m.id FROM notifications_message m
         WHERE m.sent_at IS NULL AND m.failed_at IS NULL AND m.handed_at IS NULL
           AND (m.claimed_until IS NULL OR m.claimed_until <= instant)
         ORDER BY m.created_at, m.id LIMIT most FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE notifications_message m SET claimed_until = instant + lease, attempts = m.attempts + 1
          FROM taken, organisations_organisation o
         WHERE m.id = taken.id AND o.id = m.recipient_id
        RETURNING m.created_at, m.id,
            CASE WHEN m.invitation_id IS NOT NULL THEN
                      coalesce((SELECT i.email::text FROM organisations_invitation i
                                 WHERE i.id = m.invitation_id AND i.organisation_id = m.recipient_id
                                   AND i.accepted_at IS NULL AND i.revoked_at IS NULL), '')
                 WHEN m.referent_id IS NOT NULL THEN
                      coalesce((SELECT r.mailbox::text FROM conventions_referent r
                                  JOIN conventions_convention c ON c.id = r.convention_id
                                 WHERE r.id = m.referent_id AND r.organisation_id = m.recipient_id
                                   AND conventions_day(instant, c.time_zone) BETWEEN r.since AND coalesce(r.until, 'infinity')), '')
                 ELSE o.mailbox::text END AS mailbox,
            m.kind::text, m.reference::text, m.path::text, m.attempts,
            coalesce((SELECT i.id || ':' || i.sendings FROM organisations_invitation i
                       WHERE i.id = m.invitation_id), '') AS link_seed
    )
    -- The oldest first: what an UPDATE returns comes in the order of its plan.
    SELECT c.id, c.mailbox, c.kind, c.reference, c.path, c.attempts, c.link_seed FROM claimed c ORDER BY c.created_at, c.id
$$;
"""
UNDO = """
CREATE OR REPLACE FUNCTION claim_messages(instant timestamptz, lease interval, most integer)
RETURNS TABLE (message_id uuid, mailbox text, kind text, reference text, path text, attempts integer, link_seed text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH taken AS (
        SELECT m.id FROM notifications_message m
         WHERE m.sent_at IS NULL AND m.failed_at IS NULL AND m.handed_at IS NULL
           AND (m.claimed_until IS NULL OR m.claimed_until <= instant)
         ORDER BY m.created_at, m.id LIMIT most FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE notifications_message m SET claimed_until = instant + lease, attempts = m.attempts + 1
          FROM taken, organisations_organisation o
         WHERE m.id = taken.id AND o.id = m.recipient_id
        RETURNING m.created_at, m.id,
            CASE WHEN m.invitation_id IS NULL THEN o.mailbox::text
                 ELSE coalesce((SELECT i.email::text FROM organisations_invitation i
                                 WHERE i.id = m.invitation_id AND i.organisation_id = m.recipient_id
                                   AND i.accepted_at IS NULL AND i.revoked_at IS NULL), '') END AS mailbox,
            m.kind::text, m.reference::text, m.path::text, m.attempts,
            coalesce((SELECT i.id || ':' || i.sendings FROM organisations_invitation i
                       WHERE i.id = m.invitation_id), '') AS link_seed
    )
    SELECT c.id, c.mailbox, c.kind, c.reference, c.path, c.attempts, c.link_seed FROM claimed c ORDER BY c.created_at, c.id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_invitations"), ("conventions", "0007_handover")]

    operations = [
        migrations.RunSQL(CLAIMING, UNDO),
    ]
