"""What is not urgent does not leave for a referent alone either: one summary a day for each of her boxes, whatever her tenures."""

from importlib import import_module

from django.db import migrations, models

_FORMER = import_module("maillage.notifications.migrations.0006_gathering").GATHERING
_GATHERS = "CREATE FUNCTION gather_messages("
_GRANTS = """
REVOKE ALL ON FUNCTION gather_messages(uuid, date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gather_messages(uuid, date, timestamptz) TO maillage_worker;
"""
_DROP = "DROP FUNCTION gather_messages(uuid, date, timestamptz);"
_BOX_ONLY = _DROP + _GATHERS + _FORMER.partition(_GATHERS)[2].partition("REVOKE ALL")[0] + _GRANTS

# A referent's box is the address of a tenure that runs; several tenures of one organisation may share it, and then hear together,
# in the name of the first of them. What is for a tenure that is over is held no more: the sender finds that it has no address.
GATHERING = (
    _DROP
    + """
-- Writes the summaries of the day of an organisation's box and of its referents', and marks what each stands for as sent with it;
-- how many. A box that has one already waits for the next day.
CREATE FUNCTION gather_messages(box uuid, day date, instant timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one record;
    made integer := 0;
BEGIN
    UPDATE notifications_message m SET held = false
     WHERE m.recipient_id = box AND m.held AND m.sent_at IS NULL AND m.referent_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM conventions_referent r JOIN conventions_convention c ON c.id = r.convention_id
                        WHERE r.id = m.referent_id AND r.organisation_id = box
                          AND conventions_day(instant, c.time_zone) BETWEEN r.since AND coalesce(r.until, 'infinity'));
    FOR one IN
        SELECT array_agg(w.id) AS gathered, count(DISTINCT w.path) AS news, w.referent
          FROM (SELECT m.id, m.path,
                       (SELECT min(r.id::text)::uuid FROM conventions_referent named
                          JOIN conventions_referent r ON r.organisation_id = box AND lower(r.mailbox::text) = lower(named.mailbox::text)
                          JOIN conventions_convention c ON c.id = r.convention_id
                         WHERE named.id = m.referent_id
                           AND conventions_day(instant, c.time_zone) BETWEEN r.since AND coalesce(r.until, 'infinity')) AS referent
                  FROM notifications_message m
                 WHERE m.recipient_id = box AND m.held AND m.sent_at IS NULL FOR UPDATE OF m) w
         GROUP BY w.referent ORDER BY w.referent NULLS FIRST
    LOOP
        INSERT INTO notifications_message (id, once, recipient_id, referent_id, kind, reference, path, cases, attempts)
        VALUES (gen_random_uuid(), 'box:' || box || ':' || day || coalesce(':' || one.referent, ''), box, one.referent, 'box',
                'J-' || day, '/', one.news, 0) ON CONFLICT DO NOTHING;
        IF FOUND THEN
            UPDATE notifications_message SET handed_at = instant, sent_at = instant WHERE id = ANY (one.gathered);
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
"""
    + _GRANTS
)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_gathering"), ("conventions", "0008_handover")]

    operations = [
        migrations.RemoveConstraint(model_name="message", name="message_held_for_a_box"),
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "UPDATE notifications_message SET held = false WHERE held AND sent_at IS NULL AND referent_id IS NOT NULL;"
            "DELETE FROM notifications_message WHERE held AND referent_id IS NOT NULL;",
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held", False),
                    models.Q(("invitation_id__isnull", True), ("recipient_id__isnull", False)),
                    _connector="OR",
                ),
                name="message_held_for_a_box",
            ),
        ),
        migrations.RunSQL(GATHERING, _BOX_ONLY),
    ]
