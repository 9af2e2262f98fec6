"""A side from which the person withholds the progress learns that her request was received, and when it is over (D12)."""

from importlib import import_module

from django.db import migrations, models

_FORMER = (
    import_module("maillage.cases.migrations.0002_sharing")
    .SHARING.partition("CREATE FUNCTION cases_mirror_state()")[2]
    .partition("REVOKE ALL")[0]
)

MIRROR = """
CREATE OR REPLACE FUNCTION cases_mirror_state() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told text := CASE WHEN NEW.state IN ('accepted', 'paused', 'closed', 'refused', 'redirected')
                      THEN 'acknowledged' ELSE NEW.state END;
BEGIN
    UPDATE cases_participation SET state = CASE WHEN withheld THEN told ELSE NEW.state END, urgent = NEW.urgent, closed_at = NEW.closed_at
     WHERE case_id = NEW.case_id
       AND (state, urgent, closed_at) IS DISTINCT FROM (CASE WHEN withheld THEN told ELSE NEW.state END, NEW.urgent, NEW.closed_at);
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_listed'),
    ]

    operations = [
        migrations.AddField(
            model_name='participation',
            name='withheld',
            field=models.BooleanField(db_default=False, default=False, verbose_name='suite non dite'),
        ),
        migrations.RunSQL(MIRROR, f"CREATE OR REPLACE FUNCTION cases_mirror_state(){_FORMER}"),
    ]
