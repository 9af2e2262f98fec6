"""Where national frameworks are applied, caisse by caisse, and why they are not: reasons noted, conventions counted."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

DEPLOYMENT = """
CREATE TRIGGER recorded BEFORE INSERT ON conventions_deploymentreason FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

-- The caisses below the parties of national texts, with the local conventions that each signed under them: one line for each, one
-- without convention where there is none (S4 art. 4 and 7). Told to the parties of the text, and to a caisse of itself alone.
CREATE FUNCTION conventions_deployment(frameworks uuid[])
RETURNS TABLE (framework_id uuid, organisation_id uuid, organisation_name text, departement text, convention_id uuid, signed_on date,
               departements bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH framework AS (
        SELECT c.id, EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = c.id AND mine.role <> 'informed'
                                AND mine.organisation_id = cases_caller()) AS is_own
          FROM conventions_convention c
         WHERE c.id = ANY (frameworks) AND c.level IN ('national_framework', 'national') AND c.state IN ('signed', 'in_force', 'ended')
    ), caisse AS (
        SELECT f.id AS framework, o.id, o.name, o.departement
          FROM framework f JOIN organisations_organisation o ON o.kind IN ('cpam', 'cgss', 'ccss')
           AND (f.is_own OR o.id = cases_caller())
           AND coalesce(o.closed_on > (statement_timestamp() AT TIME ZONE o.time_zone)::date, true)
         WHERE EXISTS (SELECT 1 FROM organisations_above(o.id) up (id) JOIN conventions_party p ON p.organisation_id = up.id
                        WHERE p.convention_id = f.id AND p.role <> 'informed')
    ), applied AS (
        SELECT DISTINCT r.target_id AS framework, c.id
          FROM conventions_relation r JOIN conventions_convention c ON c.id = r.convention_id
         WHERE r.kind = 'implements' AND r.target_id = ANY (frameworks) AND c.state IN ('signed', 'in_force')
    ), signed AS (
        SELECT a.framework, a.id, p.organisation_id FROM applied a JOIN conventions_party p ON p.convention_id = a.id AND p.role <> 'informed'
    )
    SELECT caisse.framework, caisse.id, caisse.name::text, caisse.departement::text, signed.id,
           (SELECT max(s.signed_on) FROM conventions_signature s
             WHERE s.convention_id = signed.id AND s.amendment_id IS NULL AND s.voided_at IS NULL),
           (SELECT count(DISTINCT o.departement) FROM conventions_party p JOIN organisations_organisation o ON o.id = p.organisation_id
             WHERE p.convention_id = signed.id AND p.role <> 'informed' AND o.kind IN ('cpam', 'cgss', 'ccss'))
      FROM caisse LEFT JOIN signed ON signed.framework = caisse.framework AND signed.organisation_id = caisse.id
     ORDER BY caisse.framework, caisse.departement, caisse.name, caisse.id, signed.id
$$;

-- What these texts are called, since when they take effect, and what they ask every year (their indicators, and what signed avenants
-- changed of these): told to their parties and to the bodies below, which answer.
CREATE FUNCTION conventions_deployment_texts(frameworks uuid[])
RETURNS TABLE (framework_id uuid, title text, since date, indicators jsonb, changes jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id, c.title::text, c.starts_on,
           coalesce((SELECT v.terms -> 'indicators' FROM conventions_termsversion v WHERE v.convention_id = c.id ORDER BY v.number DESC LIMIT 1),
                    '[]'::jsonb),
           coalesce((SELECT jsonb_agg(jsonb_build_object('effect', a.effect_on, 'change', one.change) ORDER BY a.effect_on, a.number, one.rank)
                       FROM conventions_amendment a CROSS JOIN LATERAL jsonb_array_elements(a.changes) WITH ORDINALITY one (change, rank)
                      WHERE a.convention_id = c.id AND a.state = 'signed' AND one.change ->> 'path' ~ '^indicators'), '[]'::jsonb)
      FROM conventions_convention c
     WHERE c.id = ANY (frameworks) AND c.level IN ('national_framework', 'national') AND c.state IN ('signed', 'in_force', 'ended')
       AND (c.id IN (SELECT above.id FROM conventions_above() above)
            OR EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = c.id AND mine.role <> 'informed'
                       AND mine.organisation_id = cases_caller()))
     ORDER BY c.sort_title, c.id
$$;
REVOKE ALL ON FUNCTION conventions_deployment(uuid[]), conventions_deployment_texts(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION conventions_deployment(uuid[]), conventions_deployment_texts(uuid[]) TO maillage_app;
"""
UNDO = """
DROP FUNCTION conventions_deployment_texts(uuid[]);
DROP FUNCTION conventions_deployment(uuid[]);
DROP TRIGGER recorded ON conventions_deploymentreason;
"""


class Migration(migrations.Migration):
    dependencies = [
        ('conventions', '0013_committee_held'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeploymentReason',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=80, verbose_name='motif')),
                ('label', models.CharField(max_length=400, verbose_name='motif en toutes lettres')),
                ('day', models.DateField(verbose_name='à la date du')),
                ('comment', models.CharField(blank=True, max_length=300, verbose_name='précision')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'motif d’absence de convention locale',
                'indexes': [models.Index(fields=['framework', 'organisation', '-recorded_at'], name='deploymentreason_framework')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('label', ''), _negated=True)), name='deploymentreason_says_why', violation_error_message='Un motif se dit.')],
            },
        ),
        ProtectTable("conventions_deploymentreason"),
        JournalTable("conventions_deploymentreason", "id"),
        migrations.RunSQL(DEPLOYMENT, UNDO),
    ]
