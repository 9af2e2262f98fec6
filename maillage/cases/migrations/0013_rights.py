"""What an authorisation carries: the rights of which it opens applications, and what its text calls the service."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

_OPEN = "CREATE FUNCTION open_case("
_FORMER = (
    _OPEN
    + import_module("maillage.cases.migrations.0002_sharing").SHARING.partition(_OPEN)[2].partition("-- Ends one")[0]
).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
_FIRST = "WHEN 'referral' THEN 'sent' WHEN"
_WHOSE = "IF NOT FOUND OR allowed.sender_id IS DISTINCT FROM cases_caller() THEN"

# As before, but that an application begins as a referral does, under what carries rights; anything else under what carries none.
OPEN = _FORMER.replace(_FIRST, "WHEN 'referral' THEN 'sent' WHEN 'application' THEN 'sent' WHEN").replace(
    _WHOSE,
    """IF NOT FOUND OR allowed.sender_id IS DISTINCT FROM cases_caller()
        OR (cardinality(allowed.rights) > 0) IS DISTINCT FROM (case_kind = 'application') THEN""",
)
if _FORMER.count(_FIRST) != 1 or _FORMER.count(_WHOSE) != 1:
    raise ValueError("the function `open_case` is not the one that this migration knows")


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0012_late_as_agreed'),
    ]

    operations = [
        migrations.AddField(
            model_name='authorisation',
            name='rights',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), db_default=[], default=list, size=None, verbose_name='droits'
            ),
        ),
        migrations.AddField(
            model_name='authorisation',
            name='label',
            field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='nom du service'),
        ),
        migrations.RunSQL(OPEN, _FORMER),
    ]
