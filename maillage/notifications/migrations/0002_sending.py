"""A message is born waiting; the worker says what became of those of all organisations."""

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
    hand_message(uuid, timestamptz), mark_message_sent(uuid, timestamptz),
    mark_message_failed(uuid, timestamptz, timestamptz), give_up_messages(timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hand_message(uuid, timestamptz), mark_message_sent(uuid, timestamptz),
    mark_message_failed(uuid, timestamptz, timestamptz), give_up_messages(timestamptz, interval) TO maillage_worker;
"""

UNDO = """
DROP TRIGGER born_waiting ON notifications_message;
DROP FUNCTION notifications_born_waiting();
DROP FUNCTION give_up_messages(timestamptz, interval);
DROP FUNCTION mark_message_failed(uuid, timestamptz, timestamptz);
DROP FUNCTION mark_message_sent(uuid, timestamptz);
DROP FUNCTION hand_message(uuid, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [migrations.RunSQL(SENDING, UNDO)]
