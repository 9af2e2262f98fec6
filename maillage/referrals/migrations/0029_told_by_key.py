"""The guard of the outbox finds the recipient's part by its key: reading the id as a text, it went through all of an organisation's."""

from importlib import import_module

from django.db import migrations

FORMER = (
    "CREATE OR REPLACE FUNCTION"
    + import_module("maillage.referrals.migrations.0019_withheld")
    .TOLD.partition("CREATE FUNCTION")[2]
    .partition("REVOKE ALL")[0]
)
# Only what is written as an id is read as one.
TOLD = FORMER.replace(
    "p.case_id::text = substring(NEW.path FROM '^/orientations/([0-9a-f-]{36})/')",
    "p.case_id = substring(NEW.path FROM '^/orientations/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/')::uuid",
)


class Migration(migrations.Migration):

    dependencies = [
        ("referrals", "0028_plan_ends"),
    ]

    operations = [
        migrations.RunSQL(TOLD, FORMER),
    ]
