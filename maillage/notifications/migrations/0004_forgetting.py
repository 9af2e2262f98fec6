"""Messages that were sent leave the outbox after a while; a digest of what each said stays, so that none is sent again."""

from django.db import migrations, models

from maillage.core.row_security import ProtectTable

FORGETTING = """
-- 128 bits of SHA-256: two facts of one digest are not met with.
CREATE FUNCTION notifications_digest(fact text) RETURNS uuid LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT encode(substring(sha256(convert_to(fact, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid
$$;
REVOKE ALL ON FUNCTION notifications_digest(text) FROM PUBLIC;

-- A fact that was told and forgotten since is not told again: the row is left out silently, as one whose key is there already.
CREATE FUNCTION notifications_said_already() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM notifications_said s WHERE s.digest = notifications_digest(NEW.once)) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION notifications_said_already() FROM PUBLIC;
CREATE TRIGGER said_already BEFORE INSERT ON notifications_message FOR EACH ROW EXECUTE FUNCTION notifications_said_already();

-- Removes messages sent before an instant, the oldest first, and keeps their digests; how many, journalled. What waits, failed or may
-- have been sent without anybody knowing stays.
CREATE FUNCTION forget_sent_messages(before timestamptz, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone integer;
BEGIN
    IF before > clock_timestamp() - interval '1 day' THEN
        RAISE EXCEPTION 'too soon' USING ERRCODE = 'check_violation';
    END IF;
    WITH old AS (
        SELECT m.id FROM notifications_message m WHERE m.sent_at < before ORDER BY m.sent_at LIMIT most FOR UPDATE SKIP LOCKED
    ), left_out AS (
        DELETE FROM notifications_message m USING old WHERE m.id = old.id RETURNING m.once
    )
    INSERT INTO notifications_said (digest) SELECT notifications_digest(once) FROM left_out ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone > 0 THEN
        INSERT INTO audit_entry (id, organisation_id, user_id, verb, object_type, object_ref, fields, reason)
        VALUES (gen_random_uuid(), NULL, '', 'messages_forgotten', 'message', '', '', gone::text);
    END IF;
    RETURN gone;
END $$;
REVOKE ALL ON FUNCTION forget_sent_messages(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_sent_messages(timestamptz, integer) TO maillage_worker;
"""
UNDO = """
DROP FUNCTION forget_sent_messages(timestamptz, integer);
DROP TRIGGER said_already ON notifications_message;
DROP FUNCTION notifications_said_already();
DROP FUNCTION notifications_digest(text);
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_claiming"), ("audit", "0002_chain")]

    operations = [
        migrations.CreateModel(
            name="Said",
            fields=[("digest", models.UUIDField(editable=False, primary_key=True, serialize=False, verbose_name="empreinte de la clé d’unicité"))],
            options={"verbose_name": "message envoyé, oublié"},
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["sent_at"], condition=models.Q(sent_at__isnull=False), name="message_sent"),
        ),
        ProtectTable("notifications_said"),
        migrations.RunSQL(FORGETTING, UNDO),
    ]
