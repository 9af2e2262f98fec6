"""No day before the notice has run: the earliest one is kept beside the day, and what the text says beside the reason that is stated."""

from importlib import import_module

from django.db import migrations, models

_FORMER = import_module("maillage.protection.migrations.0002_destruction")
_PLAN = "CREATE FUNCTION protection_plan" + _FORMER.DOORS.partition("CREATE FUNCTION protection_plan")[2].partition("END $$;")[0] + "END $$;"
_STAYS = "CREATE OR REPLACE FUNCTION" + _FORMER.GUARDS.partition("CREATE FUNCTION")[2].partition("END $$;")[0] + "END $$;"

# A day that was brought forward before this was refused goes back behind the platform's thirty days: what the text gave is lost.
ROWS = """
UPDATE protection_destruction
   SET earliest_on = CASE WHEN state = 'planned' AND set_at IS NULL THEN due_on
                          WHEN state IN ('running', 'done') THEN least(due_on, ended_on + 30)
                          ELSE ended_on + 30 END,
       due_on = CASE WHEN state = 'planned' AND set_at IS NOT NULL THEN greatest(due_on, ended_on + 30) ELSE due_on END,
       reason = CASE WHEN set_at IS NULL THEN '' ELSE why END
 WHERE state <> 'kept';
"""

STAYS = """
-- Whoever watches over her organisation's data sets a day that is not before the earliest one, and countersigns once; what the text
-- says stays, and the rest is the job's.
CREATE OR REPLACE FUNCTION protection_destruction_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    changes text[] := CASE WHEN current_user NOT IN ('maillage_app', 'maillage_worker') THEN NULL
                           WHEN OLD.state IN ('unknown', 'planned') THEN '{state,due_on,reason,set_at,set_by}'::text[]
                           WHEN OLD.state = 'done' AND OLD.countersigned_at IS NULL
                           THEN '{countersigned_at,countersigned_by,certificate_id}'::text[]
                           ELSE '{}'::text[] END;
BEGIN
    IF changes IS NOT NULL AND (to_jsonb(NEW) - changes <> to_jsonb(OLD) - changes
        OR OLD.state IN ('unknown', 'planned') AND (NEW.state <> 'planned' OR NEW.set_at IS NULL OR NEW.reason = '')) THEN
        RAISE EXCEPTION 'what becomes of these data stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'planned' AND (NEW.due_on < NEW.earliest_on) IS NOT FALSE THEN
        RAISE EXCEPTION 'before the notice has run' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

PLAN = """
DROP FUNCTION protection_plan(uuid, uuid, uuid, varchar, varchar, varchar, varchar, date, date);
-- Writes down the fate of one party's data. The caller is a party of that convention, which has ended.
CREATE FUNCTION protection_plan(new_id uuid, of_convention uuid, body uuid, as_state varchar, by_article varchar, of_what varchar,
                                because varchar, since date, on_day date, from_day date)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM conventions_convention c
       JOIN conventions_party mine ON mine.convention_id = c.id AND mine.organisation_id = cases_caller() AND mine.role <> 'informed'
       JOIN conventions_party told ON told.convention_id = c.id AND told.organisation_id = body AND told.role <> 'informed'
      WHERE c.id = of_convention AND c.state = 'ended' AND as_state IN ('kept', 'unknown', 'planned');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such party of a convention that ended' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO protection_destruction (id, convention_id, organisation_id, state, article, what, why, reason, ended_on, earliest_on,
                                        due_on, planned_at, emptied, documents)
    VALUES (new_id, of_convention, body, as_state, by_article, of_what, because, '', since, from_day, on_day, statement_timestamp(), 0, 0)
    ON CONFLICT (convention_id, organisation_id) DO NOTHING;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION protection_plan(uuid, uuid, uuid, varchar, varchar, varchar, varchar, date, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_plan(uuid, uuid, uuid, varchar, varchar, varchar, varchar, date, date, date) TO maillage_worker;
"""
FORMER_PLAN = f"""
DROP FUNCTION protection_plan(uuid, uuid, uuid, varchar, varchar, varchar, varchar, date, date, date);
{_PLAN}
REVOKE ALL ON FUNCTION protection_plan(uuid, uuid, uuid, varchar, varchar, varchar, varchar, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_plan(uuid, uuid, uuid, varchar, varchar, varchar, varchar, date, date) TO maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0014_reviews'),
    ]

    operations = [
        migrations.AddField(
            model_name='destruction',
            name='reason',
            field=models.CharField(blank=True, default='', max_length=300, verbose_name='raison du jour fixé'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='destruction',
            name='earliest_on',
            field=models.DateField(blank=True, null=True, verbose_name='au plus tôt le'),
        ),
        migrations.RunSQL(ROWS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='destruction',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'kept'), models.Q(('earliest_on__isnull', False), ('state', 'unknown')), models.Q(('due_on__gte', models.F('earliest_on')), ('earliest_on__isnull', False)), _connector='OR'), name='destruction_after_its_notice', violation_error_message='Rien n’est détruit avant la fin du délai qui suit la convention.'),
        ),
        migrations.RunSQL(STAYS + PLAN, _STAYS + FORMER_PLAN),
    ]
