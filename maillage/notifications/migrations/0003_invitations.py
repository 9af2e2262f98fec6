"""A message to somebody who has no account yet: the address and the link are those of her invitation, when it leaves."""

from django.db import migrations

CLAIMING = """
-- `link_seed` is what the sender makes the link of, with a secret that the database does not hold; empty for other messages.
-- An invitation that was used or closed has no address any more: its message goes nowhere.
DROP FUNCTION claim_messages(timestamptz, interval, integer);
CREATE FUNCTION claim_messages(instant timestamptz, lease interval, most integer)
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
    -- The oldest first: what an UPDATE returns comes in the order of its plan.
    SELECT c.id, c.mailbox, c.kind, c.reference, c.path, c.attempts, c.link_seed FROM claimed c ORDER BY c.created_at, c.id
$$;
REVOKE ALL ON FUNCTION claim_messages(timestamptz, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_messages(timestamptz, interval, integer) TO maillage_worker;
"""
UNDO = """
DROP FUNCTION claim_messages(timestamptz, interval, integer);
CREATE FUNCTION claim_messages(instant timestamptz, lease interval, most integer)
RETURNS TABLE (message_id uuid, mailbox text, kind text, reference text, path text, attempts integer)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH taken AS (
        SELECT m.id FROM notifications_message m
         WHERE m.sent_at IS NULL AND m.failed_at IS NULL AND m.handed_at IS NULL
           AND (m.claimed_until IS NULL OR m.claimed_until <= instant)
         ORDER BY m.created_at, m.id LIMIT most FOR UPDATE SKIP LOCKED
    )
    UPDATE notifications_message m SET claimed_until = instant + lease, attempts = m.attempts + 1
      FROM taken, organisations_organisation o
     WHERE m.id = taken.id AND o.id = m.recipient_id
    RETURNING m.id, o.mailbox::text, m.kind::text, m.reference::text, m.path::text, m.attempts
$$;
REVOKE ALL ON FUNCTION claim_messages(timestamptz, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_messages(timestamptz, interval, integer) TO maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_sending"), ("organisations", "0007_inviting")]

    operations = [
        migrations.RunSQL(CLAIMING, UNDO),
    ]
