"""What the worker may do with messages of all organisations: take those that wait, and say what became of them."""

from django.db import migrations

SENDING = """
-- A message is born waiting: whoever writes one does not say that it was sent.
CREATE FUNCTION notifications_born_waiting() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF current_user IN ('maillage_app', 'maillage_worker') THEN
        NEW.claimed_until := NULL;
        NEW.handed_at := NULL;
        NEW.sent_at := NULL;
        NEW.failed_at := NULL;
        NEW.attempts := 0;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION notifications_born_waiting() FROM PUBLIC;
CREATE TRIGGER born_waiting BEFORE INSERT ON notifications_message FOR EACH ROW EXECUTE FUNCTION notifications_born_waiting();

-- Takes waiting messages for the length of a lease; two senders never hold the same one.
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

-- Said just before the mail server gets it: whoever dies from here on leaves a message that is never sent again.
CREATE FUNCTION hand_message(message uuid, instant timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE notifications_message SET handed_at = instant
     WHERE id = message AND handed_at IS NULL AND sent_at IS NULL AND failed_at IS NULL AND claimed_until > instant;
    RETURN FOUND;
END $$;

CREATE FUNCTION mark_message_sent(message uuid, instant timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE notifications_message SET sent_at = instant
     WHERE id = message AND handed_at IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL;
    RETURN FOUND;
END $$;

-- The mail server refused it: again later, or never (`again` NULL).
CREATE FUNCTION mark_message_failed(message uuid, instant timestamptz, again timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE notifications_message
       SET handed_at = CASE WHEN again IS NULL THEN handed_at END,
           claimed_until = again,
           failed_at = CASE WHEN again IS NULL THEN instant END
     WHERE id = message AND sent_at IS NULL AND failed_at IS NULL;
    RETURN FOUND;
END $$;

-- Handed over by a process that died before it could tell: perhaps sent. Given up, and counted, rather than sent twice.
CREATE FUNCTION give_up_messages(instant timestamptz, patience interval) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    given_up integer;
BEGIN
    UPDATE notifications_message SET failed_at = instant
     WHERE handed_at < instant - patience AND sent_at IS NULL AND failed_at IS NULL;
    GET DIAGNOSTICS given_up = ROW_COUNT;
    RETURN given_up;
END $$;

REVOKE ALL ON FUNCTION
    claim_messages(timestamptz, interval, integer), hand_message(uuid, timestamptz), mark_message_sent(uuid, timestamptz),
    mark_message_failed(uuid, timestamptz, timestamptz), give_up_messages(timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    claim_messages(timestamptz, interval, integer), hand_message(uuid, timestamptz), mark_message_sent(uuid, timestamptz),
    mark_message_failed(uuid, timestamptz, timestamptz), give_up_messages(timestamptz, interval) TO maillage_worker;
"""

UNDO = """
DROP TRIGGER born_waiting ON notifications_message;
DROP FUNCTION notifications_born_waiting();
DROP FUNCTION give_up_messages(timestamptz, interval);
DROP FUNCTION mark_message_failed(uuid, timestamptz, timestamptz);
DROP FUNCTION mark_message_sent(uuid, timestamptz);
DROP FUNCTION hand_message(uuid, timestamptz);
DROP FUNCTION claim_messages(timestamptz, interval, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("organisations", "0002_enter")]

    operations = [migrations.RunSQL(SENDING, UNDO)]
