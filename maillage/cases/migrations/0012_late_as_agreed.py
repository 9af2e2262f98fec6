"""From which day a case is late without an acknowledgement: what its convention says, pushed down here, else a week."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

_LISTED = "CREATE FUNCTION cases_listed()"
_A_WEEK = "THEN came + 8 END"
_FORMER = (
    _LISTED
    + import_module("maillage.cases.migrations.0010_listed")
    .LISTED.partition(_LISTED)[2]
    .partition("REVOKE ALL")[0]
).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
LISTED = _FORMER.replace(_A_WEEK, "THEN cases_late_on(NEW.convention_id, NEW.since) END")
if _FORMER.count(_A_WEEK) != 1:
    raise ValueError("the trigger `listed` is not the one that this migration knows")

# A delay in working days leaves out Saturdays, Sundays and `days_off`, the public holidays of the caisse's département: the daily
# round keeps those of the years around. A month ends on the same day number, else on its last day.
DELAY = """
CREATE FUNCTION cases_late_on(of_convention uuid, since timestamptz) RETURNS date LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    delay cases_acknowledgementdelay;
    late date;
    remaining integer;
BEGIN
    SELECT * INTO delay FROM cases_acknowledgementdelay d WHERE d.convention_id = of_convention;
    IF NOT FOUND THEN
        RETURN (since AT TIME ZONE 'UTC')::date + 7;
    END IF;
    late := conventions_day(since, delay.time_zone);
    remaining := delay.working_days;
    IF remaining = 0 THEN
        RETURN (late + make_interval(months => delay.months))::date + delay.days;
    END IF;
    WHILE remaining > 0 LOOP
        late := late + 1;
        IF extract(isodow FROM late) < 6 AND late <> ALL (delay.days_off) THEN
            remaining := remaining - 1;
        END IF;
    END LOOP;
    RETURN late;
END $$;

-- Keeps what a party of the convention reads in its text, or agreed; the cases that wait are late by it from then on, and one that
-- was opened meanwhile by the former delay is put right by the next call. Whether anything changed.
CREATE FUNCTION keep_acknowledgement_delay(of_convention uuid, said jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    zone text := (SELECT c.time_zone FROM conventions_convention c WHERE c.id = of_convention);
    wanted cases_acknowledgementdelay := jsonb_populate_record(
        NULL::cases_acknowledgementdelay, said || jsonb_build_object('convention_id', of_convention, 'time_zone', zone));
    changed boolean;
    moved boolean;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM conventions_party p
                    WHERE p.convention_id = of_convention AND p.organisation_id = cases_caller() AND p.role <> 'informed') THEN
        RAISE EXCEPTION 'not a party of this convention' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO cases_acknowledgementdelay AS kept SELECT wanted.* ON CONFLICT (convention_id) DO UPDATE
       SET months = excluded.months, days = excluded.days, working_days = excluded.working_days, days_off = excluded.days_off,
           time_zone = excluded.time_zone, source = excluded.source, article = excluded.article, since = excluded.since
     WHERE kept IS DISTINCT FROM excluded;
    changed := FOUND;
    UPDATE cases_participation p SET due_on = p.due_on
     WHERE p.organisation_id IN (SELECT unnest(ARRAY[a.sender_id, a.recipient_id]) FROM cases_authorisation a
                                  WHERE a.convention_id = of_convention)
       AND p.convention_id = of_convention AND p.role IN ('sender', 'recipient') AND p.state = 'sent'
       AND p.closed_at IS NULL AND p.due_on IS NULL AND p.late_on IS DISTINCT FROM cases_late_on(of_convention, p.since);
    moved := FOUND;
    RETURN changed OR moved;
END $$;
REVOKE ALL ON FUNCTION cases_late_on(uuid, timestamptz), keep_acknowledgement_delay(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_acknowledgement_delay(uuid, jsonb) TO maillage_app, maillage_worker;
"""
UNDO = """
DROP FUNCTION keep_acknowledgement_delay(uuid, jsonb);
DROP FUNCTION cases_late_on(uuid, timestamptz);
"""

# What waits is written again without an entry of the journal a row: nobody acted, and nothing is said that was not known.
AGAIN = """
ALTER TABLE cases_participation DISABLE TRIGGER journal;
UPDATE cases_participation p SET due_on = p.due_on WHERE p.state = 'sent' AND p.closed_at IS NULL AND p.due_on IS NULL;
ALTER TABLE cases_participation ENABLE TRIGGER journal;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0002_chain"),
        ("cases", "0011_withheld"),
        ("organisations", "0009_directory"),
    ]

    operations = [
        migrations.CreateModel(
            name="AcknowledgementDelay",
            fields=[
                ("convention_id", models.UUIDField(primary_key=True, serialize=False, verbose_name="convention")),
                ("months", models.PositiveSmallIntegerField(verbose_name="mois")),
                ("days", models.PositiveSmallIntegerField(verbose_name="jours")),
                ("working_days", models.PositiveSmallIntegerField(verbose_name="jours ouvrés")),
                (
                    "days_off",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), size=None, verbose_name="jours fériés"
                    ),
                ),
                ("time_zone", models.CharField(max_length=40, verbose_name="fuseau de la caisse")),
                ("source", models.CharField(max_length=10, verbose_name="dit par")),
                ("article", models.CharField(blank=True, max_length=40, verbose_name="article")),
                ("since", models.DateField(blank=True, null=True, verbose_name="depuis le")),
            ],
            options={
                "verbose_name": "délai d’accusé de réception",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("working_days", 0), models.Q(("days__gt", 0), ("months__gt", 0), _connector="OR")),
                            models.Q(("days", 0), ("months", 0), ("working_days__gt", 0)),
                            _connector="OR",
                        ),
                        name="acknowledgementdelay_counts_one_way",
                        violation_error_message="Un délai se compte en mois et jours, ou en jours ouvrés.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["text", "referents", "default"])),
                        name="acknowledgementdelay_said_by",
                        violation_error_message="Un délai est dit par le texte, par les référents ou par la plateforme.",
                    ),
                ],
            },
        ),
        ProtectTable("cases_acknowledgementdelay"),
        JournalTable("cases_acknowledgementdelay", "convention_id"),
        migrations.RunSQL(DELAY, UNDO),
        migrations.RunSQL(migrations.RunSQL.noop, AGAIN),
        migrations.RunSQL(LISTED, _FORMER),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
