"""A list of applications is narrowed to one right by the index that narrows one of referrals to a service."""

from importlib import import_module

from django.db import migrations

_START, _END = "CREATE FUNCTION rights_mirror_state()", "CREATE TRIGGER mirror_state"
_WRITTEN = import_module("maillage.rights.migrations.0002_guards").APPLICATION
_FORMER = (_START + _WRITTEN.partition(_START)[2].partition(_END)[0]).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
_STATE = "SET state = NEW.state,"

# As before, but that a participation in an application says its right where one in a referral says its service.
MIRROR = _FORMER.replace(_STATE, 'SET state = NEW.state, service = NEW."right",')
if _FORMER.count(_STATE) != 1:
    raise ValueError("the function `rights_mirror_state` is not the one that this migration knows")

FORWARDS = """
ALTER TABLE cases_participation DISABLE TRIGGER journal;
UPDATE cases_participation p SET service = a."right" FROM rights_application a WHERE a.case_id = p.case_id;
ALTER TABLE cases_participation ENABLE TRIGGER journal;
"""
BACK = """
ALTER TABLE cases_participation DISABLE TRIGGER journal;
UPDATE cases_participation p SET service = c.service FROM cases_case c WHERE c.id = p.case_id AND c.kind = 'application';
ALTER TABLE cases_participation ENABLE TRIGGER journal;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_listed'),
        ('rights', '0004_imports'),
    ]

    operations = [
        migrations.RunSQL(MIRROR, _FORMER),
        migrations.RunSQL(FORWARDS, BACK),
    ]
