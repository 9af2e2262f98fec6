"""Rectifications told to each organisation that received the data, and their receipts (S3 art. 6)."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
-- What was told stays; whoever was told says once that it took it up.
CREATE FUNCTION protection_rectification_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    changes text[] := '{acknowledged_at,acknowledged_by}'::text[];
BEGIN
    IF to_jsonb(NEW) - changes <> to_jsonb(OLD) - changes OR OLD.acknowledged_at IS NOT NULL THEN
        RAISE EXCEPTION 'what was told stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rectification_stays BEFORE UPDATE ON protection_rectification
    FOR EACH ROW EXECUTE FUNCTION protection_rectification_stays();

-- Tells each other organisation that takes part in a case of hers that something was put right there. The caller has the case in its file.
CREATE FUNCTION protection_rectify(of_request uuid, of_case uuid, what varchar, by_user uuid)
RETURNS TABLE (notice uuid, body uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM protection_requestfile f
          JOIN cases_participation mine ON mine.case_id = of_case AND mine.organisation_id = cases_caller()
               AND (mine.until IS NULL OR mine.until > now())
         WHERE f.request_id = of_request AND f.organisation_id = cases_caller() AND of_case = ANY (f.cases)) THEN
        RAISE EXCEPTION 'no such case of the person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    INSERT INTO protection_rectification AS made (id, request_id, organisation_id, addressee_id, case_id, what, told_at, told_by)
    SELECT gen_random_uuid(), of_request, cases_caller(), p.organisation_id, of_case, what, statement_timestamp(),
           coalesce(nullif(current_setting('maillage.user', true), '')::uuid, by_user)
      FROM cases_participation p
     WHERE p.case_id = of_case AND p.organisation_id <> cases_caller() AND (p.until IS NULL OR p.until > now())
     ORDER BY p.organisation_id
    RETURNING made.id, made.addressee_id;
END $$;
REVOKE ALL ON FUNCTION protection_rectification_stays(), protection_rectify(uuid, uuid, varchar, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_rectify(uuid, uuid, varchar, uuid) TO maillage_app, maillage_worker;
"""
UNDO = """
DROP FUNCTION protection_rectify(uuid, uuid, varchar, uuid);
DROP TRIGGER rectification_stays ON protection_rectification;
DROP FUNCTION protection_rectification_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0009_directory'),
        ('protection', '0003_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rectification',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case_id', models.UUIDField(verbose_name='dossier')),
                ('what', models.CharField(max_length=2000, verbose_name='ce qui est rectifié')),
                ('told_at', models.DateTimeField(verbose_name='dit le')),
                ('told_by', models.UUIDField(verbose_name='par')),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='repris le')),
                ('acknowledged_by', models.UUIDField(blank=True, null=True)),
                ('addressee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rectifications', to='protection.rightsrequest')),
            ],
            options={
                'verbose_name': 'rectification à reprendre',
                'indexes': [models.Index(condition=models.Q(('acknowledged_at__isnull', True)), fields=['addressee', 'told_at'], name='rectification_to_take_up'), models.Index(fields=['request', 'told_at'], name='rectification_of_request')],
                'constraints': [models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='rectification_says_what'), models.CheckConstraint(condition=models.Q(('organisation', models.F('addressee')), _negated=True), name='rectification_to_another'), models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', True), ('acknowledged_by__isnull', True)), models.Q(('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False)), _connector='OR'), name='rectification_acknowledged_by_someone')],
            },
        ),
        ProtectTable("protection_rectification"),
        JournalTable("protection_rectification", "id"),
        migrations.RunSQL(GUARDS, UNDO),
    ]
