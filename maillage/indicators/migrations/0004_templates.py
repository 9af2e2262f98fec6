"""Campaigns over the conventions made from a template, which no convention carries: whoever heads those that hold them opens one."""

import django.db.models.deletion
from django.db import migrations, models

_KEPT = """
CREATE OR REPLACE FUNCTION indicators_campaign_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changing text[] := '{state,due_on,closed_at,closed_by,released_at,policy,refused,answered,reminders}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            RAISE EXCEPTION 'a campaign is opened first' USING ERRCODE = 'restrict_violation';
        END IF;%s
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing THEN
        RAISE EXCEPTION 'a campaign asks what it asked' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'released' AND session_user IN ('maillage_app', 'maillage_worker') THEN
        RAISE EXCEPTION 'figures are released once they are protected' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
_HEADED = """
        IF NEW.template <> '' THEN
            IF NOT EXISTS (SELECT 1 FROM indicators_templates() t WHERE t.template = NEW.template) THEN
                RAISE EXCEPTION 'the head of those who hold its conventions opens it' USING ERRCODE = 'insufficient_privilege';
            END IF;
        END IF;"""

# The templates of which bodies below the caller, a national body, hold conventions in force one day at least: how many, since when.
TEMPLATES = """
CREATE FUNCTION indicators_templates() RETURNS TABLE (template varchar, since date, conventions bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT v.template, min(v.starts_on), count(*)
      FROM organisations_organisation me
      JOIN conventions_convention v ON v.template <> '' AND v.in_force IS NOT NULL AND v.starts_on IS NOT NULL
     WHERE me.id = cases_caller() AND me.kind IN ('cnam', 'cnaf', 'cnav', 'cnsa') AND v.drafted_by_id <> me.id
       AND me.id IN (SELECT up.id FROM organisations_above(v.drafted_by_id) up (id))
     GROUP BY 1
     ORDER BY 1
$$;
REVOKE ALL ON FUNCTION indicators_templates() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION indicators_templates() TO maillage_app;
"""

_SCOPE = """
CREATE OR REPLACE FUNCTION indicators_scope(of_campaign uuid) RETURNS TABLE (convention uuid)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT v.id
      FROM indicators_campaign c
      JOIN %s
     WHERE c.id = of_campaign
       AND v.in_force && tstzrange(make_date(c.year, 1, 1)::timestamp AT TIME ZONE v.time_zone,
                                   make_date(c.year + 1, 1, 1)::timestamp AT TIME ZONE v.time_zone)
$$;
"""
# The conventions of which a campaign asks its questions, in force on a day of its year: those that implement its text, or those made
# from its template.
SCOPE = _SCOPE % (
    "(SELECT k.target_id, '' AS template, k.convention_id AS id FROM conventions_relation k WHERE k.kind = 'implements'\n"
    "             UNION ALL SELECT NULL, m.template, m.id FROM conventions_convention m WHERE m.template <> '') asked\n"
    "        ON asked.target_id = c.framework_id OR asked.template <> '' AND asked.template = c.template\n"
    "      JOIN conventions_convention v ON v.id = asked.id"
)
FORMER_SCOPE = _SCOPE % (
    "conventions_relation k ON k.target_id = c.framework_id AND k.kind = 'implements'\n"
    "      JOIN conventions_convention v ON v.id = k.convention_id"
)


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0014_deployment'),
        ('indicators', '0003_reminders'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.AlterField(
            model_name='campaign',
            name='framework',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='template',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='modèle'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('framework__isnull', False), ('template', '')), models.Q(('framework__isnull', True), models.Q(('template', ''), _negated=True)), _connector='OR'), name='campaign_of_a_text_or_a_template', violation_error_message='Une campagne pose les questions d’un texte, ou celles d’un modèle.'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(condition=models.Q(('template', ''), _negated=True), fields=('template', 'year'), name='campaign_once_a_year_and_template', violation_error_message='Une campagne existe déjà pour ce modèle et cette année.'),
        ),
        migrations.RunSQL(TEMPLATES, "DROP FUNCTION indicators_templates();"),
        migrations.RunSQL(_KEPT % _HEADED, _KEPT % ""),
        migrations.RunSQL(SCOPE, FORMER_SCOPE),
    ]
