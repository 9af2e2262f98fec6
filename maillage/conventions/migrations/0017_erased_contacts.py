"""A tenure outlives whoever held it: once her contact is erased, neither her function nor an address is left on it."""

from importlib import import_module

from django.db import migrations

_OWNERS = import_module("maillage.conventions.migrations.0004_guards").OWNERS
_HEAD, _END = "CREATE FUNCTION conventions_tenure_stays()", "END $$;\n"
_BODY = _OWNERS.partition(_HEAD)[2].partition(_END)[0]
_BEGIN = "BEGIN\n"
_DECLARED, _, _CHECKED = _BODY.partition(_BEGIN)

ERASED = f"""
CREATE OR REPLACE FUNCTION conventions_tenure_stays(){_DECLARED}{_BEGIN}    -- What is kept no longer goes: by the owner's function alone, and only who it was.
    IF current_user NOT IN ('maillage_app', 'maillage_worker')
        AND to_jsonb(NEW) - '{{function,mailbox,phone}}'::text[] = to_jsonb(OLD) - '{{function,mailbox,phone}}'::text[] THEN
        RETURN NEW;
    END IF;
{_CHECKED}{_END}"""
AS_BEFORE = f"CREATE OR REPLACE FUNCTION conventions_tenure_stays(){_BODY}{_END}"


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0016_data_roles'),
    ]

    operations = [
        migrations.RunSQL(ERASED, AS_BEFORE),
    ]
