"""What protects data is told to the box of the data protection officer, where the directory gives one (rows H5, H8)."""

from importlib import import_module

from django.db import migrations

_FORMER = import_module("maillage.notifications.migrations.0006_gathering").CLAIMING
_DROP = "DROP FUNCTION claim_messages(timestamptz, interval, integer);"
_BOX = "ELSE coalesce(o.mailbox::text, '') END AS mailbox,"
_OFFICER = """WHEN m.path LIKE '/protection/%' THEN
                      coalesce((SELECT b.address::text FROM organisations_mailbox b
                                 WHERE b.organisation_id = m.recipient_id AND b.use = 'dpo' AND b.withdrawn_on IS NULL
                                 ORDER BY b.assured_on DESC, b.id LIMIT 1), o.mailbox::text, '')
                 """
# As before, but for these messages; what waits for the summary of the day goes on to the one box of the organisation.
CLAIMING = _FORMER.replace(_BOX, _OFFICER + _BOX)
assert CLAIMING != _FORMER  # noqa: S101 - the former text is found


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_referents"), ("organisations", "0009_directory")]

    operations = [migrations.RunSQL(_DROP + CLAIMING, _DROP + _FORMER)]
