"""A message that was given up leaves the outbox as late as one that was sent; how many were given up stays in the journal."""

from importlib import import_module

from django.db import migrations, models

_FORMER = import_module("maillage.notifications.migrations.0004_forgetting").FORGETTING
_HEAD, _END = "CREATE FUNCTION forget_sent_messages(", "END $$;\n"

FORGETTING = """
-- Removes messages sent before an instant, or given up before it, the oldest first, and keeps their digests: what was given up is no
-- more told again than what was sent. How many of each, journalled. What waits, or may have been sent without anybody knowing, stays.
CREATE OR REPLACE FUNCTION forget_sent_messages(before timestamptz, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sent integer;
    given_up integer;
BEGIN
    IF before > clock_timestamp() - interval '1 day' THEN
        RAISE EXCEPTION 'too soon' USING ERRCODE = 'check_violation';
    END IF;
    WITH old AS (
        SELECT m.id FROM notifications_message m WHERE m.sent_at < before OR m.failed_at < before
         ORDER BY coalesce(m.sent_at, m.failed_at) LIMIT most FOR UPDATE SKIP LOCKED
    ), left_out AS (
        DELETE FROM notifications_message m USING old WHERE m.id = old.id RETURNING m.once, m.failed_at
    ), digests AS (
        INSERT INTO notifications_said (digest) SELECT notifications_digest(once) FROM left_out ON CONFLICT DO NOTHING
    )
    SELECT count(*) FILTER (WHERE failed_at IS NULL), count(*) FILTER (WHERE failed_at IS NOT NULL) INTO sent, given_up FROM left_out;
    INSERT INTO audit_entry (id, organisation_id, user_id, verb, object_type, object_ref, fields, reason)
    SELECT gen_random_uuid(), NULL, '', said.verb, 'message', '', '', said.gone::text
      FROM (VALUES ('messages_forgotten', sent), ('failed_messages_forgotten', given_up)) said (verb, gone) WHERE said.gone > 0;
    RETURN sent + given_up;
END $$;
"""
AS_BEFORE = "CREATE OR REPLACE FUNCTION forget_sent_messages(" + _FORMER.partition(_HEAD)[2].partition(_END)[0] + _END


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0004_inlined'),
        ('notifications', '0008_officer'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['failed_at'], condition=models.Q(('failed_at__isnull', False)), name='message_failed'),
        ),
        migrations.RunSQL(FORGETTING, AS_BEFORE),
    ]
