"""What is not urgent does not leave for a box alone: the summary of the day says it with the rest."""

from importlib import import_module

from django.db import migrations, models

_FORMER = import_module("maillage.notifications.migrations.0005_digest").CLAIMING
_DROP = "DROP FUNCTION claim_messages(timestamptz, interval, integer);"

# As before, without what is held.
CLAIMING = """
-- Takes waiting messages for the length of a lease; two senders never hold the same one.
-- A message to somebody who has no account yet goes to the address of her invitation; `link_seed` is what the sender makes the
-- link of, with a secret that the database does not hold; empty for other messages. One to a referent on duty goes to the address
-- of her tenure. An invitation that was used or closed has no address any more, nor has a tenure that is over, or not begun, or
-- one of another organisation: their messages go nowhere. One to an account goes to its address as it is then, even when the
-- account was closed or its person left meanwhile: what was done to it before is hers to know; a summary or what is urgent goes
-- nowhere then, nor to somebody who wants none any more.
CREATE FUNCTION claim_messages(instant timestamptz, lease interval, most integer)
RETURNS TABLE (message_id uuid, mailbox text, kind text, reference text, path text, attempts integer, link_seed text, cases integer)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH taken AS (
        SELECT m.id, m.recipient_id FROM notifications_message m
         WHERE m.sent_at IS NULL AND m.failed_at IS NULL AND m.handed_at IS NULL AND NOT m.held
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
                 WHEN m.kind IN ('digest', 'urgent') THEN
                      coalesce((SELECT u.email::text FROM organisations_user u
                                  LEFT JOIN notifications_mailing k ON k.user_id = u.id
                                 WHERE u.id = m.account_id AND u.is_active
                                   AND coalesce(k.choice, 'urgent') IN ('urgent', CASE m.kind WHEN 'digest' THEN 'daily' ELSE 'urgent' END)
                                   AND EXISTS (SELECT 1 FROM organisations_membership r
                                                WHERE r.user_id = u.id AND instant::date - 1 <= coalesce(r.until, 'infinity'))), '')
                 WHEN m.account_id IS NOT NULL THEN
                      coalesce((SELECT u.email::text FROM organisations_user u WHERE u.id = m.account_id), '')
                 ELSE coalesce(o.mailbox::text, '') END AS mailbox,
            m.kind::text, m.reference::text, m.path::text, m.attempts,
            coalesce((SELECT i.id || ':' || i.sendings FROM organisations_invitation i
                       WHERE i.id = m.invitation_id), '') AS link_seed, m.cases
    )
    -- The oldest first: what an UPDATE returns comes in the order of its plan.
    SELECT c.id, c.mailbox, c.kind, c.reference, c.path, c.attempts, c.link_seed, c.cases FROM claimed c ORDER BY c.created_at, c.id
$$;
REVOKE ALL ON FUNCTION claim_messages(timestamptz, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_messages(timestamptz, interval, integer) TO maillage_worker;
"""

GATHERING = """
-- The boxes for which something is held, whose morning has come and whose day has no summary yet.
CREATE FUNCTION notifications_boxes(instant timestamptz, from_hour integer)
RETURNS TABLE (box uuid, day date, departement text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, (instant AT TIME ZONE o.time_zone)::date, o.departement::text FROM organisations_organisation o
     WHERE extract(hour FROM instant AT TIME ZONE o.time_zone) >= from_hour
       AND o.id IN (SELECT m.recipient_id FROM notifications_message m WHERE m.held AND m.sent_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM notifications_message m
                        WHERE m.once = 'box:' || o.id || ':' || (instant AT TIME ZONE o.time_zone)::date)
     ORDER BY o.id
$$;

-- Writes the one summary of the day of a box, and marks what it stands for as sent with it; false when the day has one already.
CREATE FUNCTION gather_messages(box uuid, day date, instant timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gathered uuid[];
    news integer;
BEGIN
    SELECT array_agg(w.id), count(DISTINCT w.path) INTO gathered, news
      FROM (SELECT m.id, m.path FROM notifications_message m
             WHERE m.recipient_id = box AND m.held AND m.sent_at IS NULL FOR UPDATE) w;
    IF gathered IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO notifications_message (id, once, recipient_id, kind, reference, path, cases, attempts)
    VALUES (gen_random_uuid(), 'box:' || box || ':' || day, box, 'box', 'J-' || day, '/', news, 0) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE notifications_message SET handed_at = instant, sent_at = instant WHERE id = ANY (gathered);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION notifications_boxes(timestamptz, integer), gather_messages(uuid, date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notifications_boxes(timestamptz, integer), gather_messages(uuid, date, timestamptz) TO maillage_worker;
"""
UNDO = """
DROP FUNCTION gather_messages(uuid, date, timestamptz);
DROP FUNCTION notifications_boxes(timestamptz, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_digest"), ("organisations", "0009_directory")]

    operations = [
        migrations.RemoveConstraint(model_name="message", name="message_only_a_summary_counts"),
        migrations.AddField(
            model_name="message",
            name="held",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Ne part pas seul : le récapitulatif du jour de la boîte le dit avec les autres.",
                verbose_name="gardé pour le récapitulatif",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("held", True), ("sent_at__isnull", True)), fields=["recipient_id"], name="message_held"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cases__gt", 0), ("cases__isnull", False), ("kind__in", ["digest", "box"])),
                    models.Q(models.Q(("kind__in", ["digest", "box"]), _negated=True), ("cases__isnull", True)),
                    _connector="OR",
                ),
                name="message_only_a_summary_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held", False),
                    models.Q(("invitation_id__isnull", True), ("recipient_id__isnull", False), ("referent_id__isnull", True)),
                    _connector="OR",
                ),
                name="message_held_for_a_box",
            ),
        ),
        migrations.RunSQL(_DROP + CLAIMING, _DROP + _FORMER),
        migrations.RunSQL(GATHERING, UNDO),
    ]
