"""One summary a day to a person, and what is urgent at once, as she chooses."""

from importlib import import_module

from django.db import migrations, models

from maillage.core.row_security import ProtectTable

_FORMER = import_module("maillage.notifications.migrations.0003_claiming").CLAIMING
_DROP = "DROP FUNCTION claim_messages(timestamptz, interval, integer);"

# As before; a summary comes with its number, and is held back where its person would no longer read what it counts.
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


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0004_forgetting"),
        ("conventions", "0008_handover"),
        ("organisations", "0009_directory"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mailing",
            fields=[
                ("user_id", models.UUIDField(primary_key=True, serialize=False, verbose_name="personne")),
                ("choice", models.CharField(default="urgent", max_length=10, verbose_name="choix")),
                ("chosen_at", models.DateTimeField(blank=True, null=True, verbose_name="choisi le")),
                ("looked_on", models.DateField(blank=True, null=True, verbose_name="regardé le")),
                ("told_on", models.DateField(blank=True, null=True, verbose_name="dernier récapitulatif le")),
                ("told_of", models.PositiveIntegerField(blank=True, null=True, verbose_name="dossiers dits")),
            ],
            options={
                "verbose_name": "courrier d’une personne",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("choice__in", ["urgent", "daily", "none"])),
                        name="mailing_choice_known",
                        violation_error_message="Choisissez dans la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_of__isnull", True), ("told_on__isnull", True)),
                            models.Q(
                                ("looked_on__gte", models.F("told_on")),
                                ("looked_on__isnull", False),
                                ("told_of__gt", 0),
                                ("told_of__isnull", False),
                                ("told_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="mailing_told_of_something",
                        violation_error_message="Un récapitulatif dit le jour, et combien de dossiers attendent.",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="message", name="message_to_an_account_says_so"),
        migrations.AddField(
            model_name="message",
            name="cases",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="dossiers qui attendent"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account_id__isnull", True), models.Q(("kind__in", ("account", "digest", "urgent")), _negated=True)),
                    models.Q(("account_id__isnull", False), ("kind__in", ("account", "digest", "urgent"))),
                    _connector="OR",
                ),
                name="message_to_an_account_says_so",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cases__gt", 0), ("cases__isnull", False), ("kind", "digest")),
                    models.Q(models.Q(("kind", "digest"), _negated=True), ("cases__isnull", True)),
                    _connector="OR",
                ),
                name="message_only_a_summary_counts",
            ),
        ),
        ProtectTable("notifications_mailing"),
        migrations.RunSQL(_DROP + CLAIMING, _DROP + _FORMER),
    ]
