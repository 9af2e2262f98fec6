"""What the worker may take of the messages of all organisations, each with the address that it has when it leaves."""

from django.db import migrations

CLAIMING = """
-- Takes waiting messages for the length of a lease; two senders never hold the same one.
-- A message to somebody who has no account yet goes to the address of her invitation; `link_seed` is what the sender makes the
-- link of, with a secret that the database does not hold; empty for other messages. One to a referent on duty goes to the address
-- of her tenure. An invitation that was used or closed has no address any more, nor has a tenure that is over, or not begun, or
-- one of another organisation: their messages go nowhere. One to an account goes to its address as it is then, even when the
-- account was closed or its person left meanwhile: what was done to it before is hers to know.
CREATE FUNCTION claim_messages(instant timestamptz, lease interval, most integer)
RETURNS TABLE (message_id uuid, mailbox text, kind text, reference text, path text, attempts integer, link_seed text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH taken AS (
        SELECT m.id, m.recipient_id FROM notifications_message m
         WHERE m.sent_at IS NULL AND m.failed_at IS NULL AND m.handed_at IS NULL
           AND (m.claimed_until IS NULL OR m.claimed_until <= instant)
         ORDER BY m.created_at, m.id LIMIT most FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE notifications_message m SET claimed_until = instant + lease, attempts = m.attempts + 1
          FROM taken LEFT JOIN organisations_organisation o ON o.id = taken.recipient_id
         WHERE m.id = taken.id
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
                 WHEN m.account_id IS NOT NULL THEN
                      coalesce((SELECT u.email::text FROM organisations_user u WHERE u.id = m.account_id), '')
                 ELSE coalesce(o.mailbox::text, '') END AS mailbox,
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


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_sending"), ("conventions", "0008_handover")]

    operations = [migrations.RunSQL(CLAIMING, "DROP FUNCTION claim_messages(timestamptz, interval, integer)")]
