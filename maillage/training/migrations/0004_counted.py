"""What trainings come to, counted by a function that nobody but the owner calls: `training_counts` is the door that parties have to it."""

from importlib import import_module

from django.db import migrations

_GUARDS = import_module("maillage.training.migrations.0002_guards").GUARDS
_HEAD, _END = "CREATE FUNCTION training_counts(", "END $$;\n"
_AFTER = _GUARDS.partition(_HEAD)[2].partition(_END)[0]
_SIGNATURE, _, _BODY = _AFTER.partition("LANGUAGE plpgsql STABLE SECURITY DEFINER")
_, _ASKED, _COUNTS = _BODY.partition("    RETURN QUERY\n")
_SETTINGS = "SET search_path = pg_catalog, public, pg_temp"

COUNTED = f"""
CREATE FUNCTION training_counted({_SIGNATURE}LANGUAGE plpgsql STABLE {_SETTINGS} AS $$
BEGIN
{_ASKED}{_COUNTS}{_END}
CREATE OR REPLACE FUNCTION training_counts({_SIGNATURE}LANGUAGE plpgsql STABLE SECURITY DEFINER {_SETTINGS} AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM conventions_party p WHERE p.convention_id = of_convention AND p.role <> 'informed'
                      AND p.organisation_id = cases_caller()) THEN
        RAISE EXCEPTION 'not a convention of this organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT * FROM training_counted(of_convention, since, until);
END $$;
REVOKE ALL ON FUNCTION training_counted(uuid, date, date) FROM PUBLIC;
"""
AS_BEFORE = f"""
CREATE OR REPLACE FUNCTION training_counts({_AFTER}{_END}
DROP FUNCTION training_counted(uuid, date, date);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0003_other_theme'),
    ]

    operations = [
        migrations.RunSQL(COUNTED, AS_BEFORE),
    ]
