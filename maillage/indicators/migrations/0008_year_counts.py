"""What a validated sheet keeps of what was counted, in a table of its own: read by whoever reads exactly what happens to people."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

_DELAYS = import_module("maillage.indicators.migrations.0006_delays").DELAYS
_STATISTICS = import_module("maillage.indicators.migrations.0002_sheets_and_campaigns").STATISTICS


def _parted(text: str, before: str, after: str) -> tuple[str, str]:
    """What lies between two words of a function, and the first of them on: the migration that wrote it holds each of them once."""
    if text.count(before) != 1:
        raise ValueError(f"the function that this migration parts no longer says {before!r}")
    found = text.partition(before)[2].partition(after)[0]
    return found, before + found + after


_ZONE = "    SELECT v.time_zone INTO zone"
_COUNTING, _ = _parted(_DELAYS, _ZONE, "END $$;\n")
_SHEETS, _SHEETS_WHOLE = _parted(_STATISTICS, "CREATE FUNCTION indicators_campaign_sheets(", "$$;\n")
_RETURNED = "(of_convention uuid, from_day date, to_day date)\nRETURNS TABLE (delay text, days integer, amount bigint)\n"
_PATH = "SET search_path = pg_catalog, public, pg_temp"

# How long things took, counted by a function that nobody but the owner calls; `indicators_delays` is the door that parties have to it.
DELAYS = f"""
CREATE FUNCTION indicators_delays_counted{_RETURNED}LANGUAGE plpgsql STABLE {_PATH} SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    zone text;
    begins timestamptz;
    ends timestamptz;
BEGIN
{_ZONE}{_COUNTING}END $$;

CREATE OR REPLACE FUNCTION indicators_delays{_RETURNED}LANGUAGE plpgsql STABLE SECURITY DEFINER {_PATH} AS $$
BEGIN
    PERFORM 1 FROM conventions_party mine
      WHERE mine.convention_id = of_convention AND mine.organisation_id = cases_caller() AND mine.role <> 'informed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such convention' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF indicators_exact(of_convention) THEN
        RETURN QUERY SELECT * FROM indicators_delays_counted(of_convention, from_day, to_day);
    END IF;
END $$;
REVOKE ALL ON FUNCTION indicators_delays_counted(uuid, date, date) FROM PUBLIC;
"""
FORMER_DELAYS = f"""
{_parted(_DELAYS, "CREATE FUNCTION indicators_delays(", "END $$;")[1].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")}
DROP FUNCTION indicators_delays_counted(uuid, date, date);
"""

# All that Maillage counts under a convention in a civil year, by measure, whoever asks: nobody but the owner does. The bands are those of
# `catalogue/measures.py`; a test compares each day.
FROZEN = f"""
CREATE FUNCTION indicators_band(of_delay text, of_days integer) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT of_delay || '_' || max(first)
      FROM (VALUES ('acknowledged', 0), ('acknowledged', 3), ('acknowledged', 6), ('acknowledged', 11),
                   ('contacted', 0), ('contacted', 6), ('contacted', 11), ('contacted', 21), ('contacted', 32),
                   ('decided', 0), ('decided', 11), ('decided', 21), ('decided', 32), ('decided', 61)) band (delay, first)
     WHERE delay = of_delay AND first <= of_days
$$;

CREATE FUNCTION indicators_counted_in(of_convention uuid, of_year integer) RETURNS jsonb LANGUAGE sql STABLE {_PATH} AS $$
    WITH asked AS (SELECT make_date(of_year, 1, 1) AS first, make_date(of_year + 1, 1, 1) AS after), found AS (
        SELECT k.measure, k.amount FROM asked, indicators_counted(of_convention, first, after) k
         UNION ALL
        SELECT indicators_band(k.delay, k.days), k.amount FROM asked, indicators_delays_counted(of_convention, first, after) k
         UNION ALL
        SELECT one.measure, one.amount
          FROM asked, training_counted(of_convention, first, after) k,
               LATERAL (VALUES ('sessions_dedicated', k.sessions, k.by_dedication), ('persons_dedicated', k.persons, k.by_dedication),
                               ('sessions_open', k.sessions, NOT k.by_dedication), ('attendances_open', k.attendances, NOT k.by_dedication),
                               ('persons_trained', k.persons, k.by_dedication IS NULL AND k.by_theme IS NULL AND k.by_partner IS NULL)
                       ) one (measure, amount, is_it)
         WHERE one.is_it
    )
    SELECT coalesce(jsonb_object_agg(one.measure, one.amount), '{{}}')
      FROM (SELECT measure, sum(amount) AS amount FROM found GROUP BY 1) one
$$;
REVOKE ALL ON FUNCTION indicators_band(text, integer), indicators_counted_in(uuid, integer) FROM PUBLIC;
"""
NOT_FROZEN = """
DROP FUNCTION indicators_counted_in(uuid, integer);
DROP FUNCTION indicators_band(text, integer);
"""

# What sheets kept goes to the new table. A body without any case under a convention that it holds had kept less than was counted: its
# sheets are counted again, as the others were.
MOVED = """
INSERT INTO indicators_yearcounts (sheet_id, convention_id, amounts)
SELECT s.id, s.convention_id,
       CASE WHEN EXISTS (SELECT 1 FROM cases_authorisation a
                          WHERE a.convention_id = v.id AND v.drafted_by_id IN (a.sender_id, a.recipient_id))
            THEN s.amounts ELSE indicators_counted_in(v.id, s.year) END
  FROM indicators_yearsheet s JOIN conventions_convention v ON v.id = s.convention_id
 WHERE s.state = 'validated';
"""
MOVED_BACK = """
ALTER TABLE indicators_yearsheet DISABLE TRIGGER USER;
UPDATE indicators_yearsheet s SET amounts = k.amounts FROM indicators_yearcounts k WHERE k.sheet_id = s.id;
ALTER TABLE indicators_yearsheet ENABLE TRIGGER USER;
"""

# A sheet that is validated keeps what is counted in that instant, whole, whoever validates it; handed back, it keeps nothing. Nobody
# writes these counts but this trigger.
FREEZING = """
ALTER TABLE indicators_yearcounts ADD CONSTRAINT yearcounts_in_its_convention
    FOREIGN KEY (sheet_id, convention_id) REFERENCES indicators_yearsheet (id, convention_id);

CREATE FUNCTION indicators_freeze() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state = 'validated' THEN
        INSERT INTO indicators_yearcounts (sheet_id, convention_id, amounts)
        VALUES (NEW.id, NEW.convention_id, indicators_counted_in(NEW.convention_id, NEW.year));
    ELSE
        DELETE FROM indicators_yearcounts k WHERE k.sheet_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION indicators_freeze() FROM PUBLIC;
CREATE TRIGGER frozen AFTER UPDATE ON indicators_yearsheet FOR EACH ROW
    WHEN (NEW.state <> OLD.state AND 'validated' IN (NEW.state, OLD.state)) EXECUTE FUNCTION indicators_freeze();
"""
NO_FREEZING = """
DROP TRIGGER frozen ON indicators_yearsheet;
DROP FUNCTION indicators_freeze();
ALTER TABLE indicators_yearcounts DROP CONSTRAINT yearcounts_in_its_convention;
"""

FORMER_SHEETS = _SHEETS_WHOLE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
SHEETS = FORMER_SHEETS.replace("v.partner_kind, s.amounts\n", "v.partner_kind, k.amounts\n").replace(
    "AND s.state = 'validated'\n",
    "AND s.state = 'validated'\n      JOIN indicators_yearcounts k ON k.sheet_id = s.id\n",
)

# An answer that was there before it was asked whether it counts a few people was taken for one that does. Words are none, nor are zero,
# eleven and more: whoever reads no case reads these again. A yes, days or a percentage below eleven cannot be told from people here.
KNOWN = """
ALTER TABLE indicators_yearanswer DISABLE TRIGGER USER;
UPDATE indicators_yearanswer a SET is_few = false
 WHERE a.is_few AND NOT CASE WHEN a.count IS NULL THEN coalesce(a.number > 0 AND a.number < 11, false)
                             ELSE a.count BETWEEN 1 AND 10 OR abs(a.over - a.count) BETWEEN 1 AND 10 END;
ALTER TABLE indicators_yearanswer ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
        ('indicators', '0007_exact'),
        ('training', '0004_counted'),
    ]

    operations = [
        migrations.RunSQL(DELAYS, FORMER_DELAYS),
        migrations.RunSQL(FROZEN, NOT_FROZEN),
        migrations.CreateModel(
            name='YearCounts',
            fields=[
                ('sheet', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='counts', serialize=False, to='indicators.yearsheet')),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('amounts', models.JSONField(verbose_name='chiffres arrêtés')),
            ],
            options={
                'verbose_name': 'chiffres arrêtés d’une fiche annuelle',
            },
        ),
        ProtectTable('indicators_yearcounts'),
        migrations.RemoveConstraint(
            model_name='yearsheet',
            name='yearsheet_validated_by_someone',
        ),
        migrations.RunSQL(MOVED, MOVED_BACK),
        migrations.RunSQL(SHEETS, FORMER_SHEETS),
        migrations.RemoveField(
            model_name='yearsheet',
            name='amounts',
        ),
        migrations.AddConstraint(
            model_name='yearsheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'validated'), ('validated_at__isnull', False), ('validated_by__isnull', False)), models.Q(models.Q(('state', 'validated'), _negated=True), ('validated_at__isnull', True), ('validated_by__isnull', True)), _connector='OR'), name='yearsheet_validated_by_someone', violation_error_message='Une fiche validée dit quand et par qui.'),
        ),
        JournalTable('indicators_yearcounts', 'sheet_id'),
        migrations.RunSQL(FREEZING, NO_FREEZING),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
