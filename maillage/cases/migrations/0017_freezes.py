"""Restricted cases (GDPR art. 18): what is restricted, and the function of the wall that stands around each table of a case."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

WALL = """
-- Refuses each row of a restricted case, whoever writes it: the trigger names the columns that name a case, then those that the
-- worker alone seals again. Whoever restricts a case waits for those who write in it, and they for her: one of both wins.
CREATE FUNCTION cases_while_frozen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    again jsonb;
    former jsonb := '{}';
    kept text[] := string_to_array(TG_ARGV[1], ',');
    named text;
    held uuid;
BEGIN
    IF session_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
        former := to_jsonb(OLD);
    END IF;
    again := to_jsonb(NEW);
    IF TG_OP = 'UPDATE' AND session_user = 'maillage_worker' AND again - kept = former - kept THEN
        RETURN NEW;
    END IF;
    FOREACH named IN ARRAY string_to_array(TG_ARGV[0], ',') LOOP
        FOR held IN SELECT DISTINCT one::uuid FROM unnest(ARRAY[again ->> named, former ->> named]) one
                     WHERE one IS NOT NULL ORDER BY 1 LOOP
            PERFORM 1 FROM cases_case WHERE id = held FOR KEY SHARE;
            IF EXISTS (SELECT 1 FROM cases_freeze f WHERE f.case_id = held AND f.lifted_at IS NULL) THEN
                RAISE EXCEPTION 'the case is restricted at the request of the person' USING ERRCODE = 'MF018';
            END IF;
        END LOOP;
    END LOOP;
    RETURN NEW;
END $$;

-- A restriction is made whole by whoever takes part, at the instant of the database; it is lifted once, and says why.
CREATE FUNCTION cases_freeze_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lifting text[] := '{lifted_at,lifted_by,lifted_why,told_on,told_how}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF session_user IN ('maillage_app', 'maillage_worker') AND (NEW.organisation_id IS DISTINCT FROM cases_caller() OR NOT EXISTS (
            SELECT 1 FROM cases_participation p WHERE p.case_id = NEW.case_id AND p.organisation_id = cases_caller()
               AND (p.until IS NULL OR p.until > now()))) THEN
            RAISE EXCEPTION 'no part in this case' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.lifted_at IS NOT NULL AND session_user IN ('maillage_app', 'maillage_worker') THEN
            RAISE EXCEPTION 'a restriction begins before it is lifted' USING ERRCODE = 'restrict_violation';
        END IF;
        PERFORM 1 FROM cases_case WHERE id = NEW.case_id FOR UPDATE;
    ELSIF to_jsonb(NEW) - lifting <> to_jsonb(OLD) - lifting OR (OLD.lifted_at IS NOT NULL AND NEW IS DISTINCT FROM OLD)
          OR NEW.told_on > (now() AT TIME ZONE 'UTC')::date + 1 THEN
        RAISE EXCEPTION 'a restriction is only lifted, once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cases_while_frozen(), cases_freeze_stays() FROM PUBLIC;
CREATE TRIGGER freeze_stays BEFORE INSERT OR UPDATE ON cases_freeze FOR EACH ROW EXECUTE FUNCTION cases_freeze_stays();
"""
UNDO = """
DROP TRIGGER freeze_stays ON cases_freeze;
DROP FUNCTION cases_freeze_stays();
DROP FUNCTION cases_while_frozen() CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0016_withheld_found'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Freeze',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('ground', models.CharField(max_length=10, verbose_name='motif')),
                ('since', models.DateTimeField(verbose_name='depuis')),
                ('frozen_by', models.UUIDField(verbose_name='par')),
                ('told_on', models.DateField(blank=True, null=True, verbose_name='personne informée le')),
                ('told_how', models.CharField(blank=True, max_length=10, verbose_name='comment')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='levée le')),
                ('lifted_by', models.UUIDField(blank=True, null=True)),
                ('lifted_why', models.CharField(blank=True, max_length=500, verbose_name='pourquoi')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='freezes', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'limitation d’un dossier',
                'indexes': [models.Index(condition=models.Q(('lifted_at__isnull', True)), fields=['case'], name='freeze_running'), models.Index(fields=['organisation', '-since'], name='freeze_of_organisation')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('case', 'organisation'), name='freeze_once', violation_error_message='Ce dossier est déjà limité par votre organisme.'), models.CheckConstraint(condition=models.Q(('ground__in', ['accuracy', 'unlawful', 'claims', 'objection'])), name='freeze_ground_known', violation_error_message='Choisissez dans la liste.'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True), ('lifted_why', ''), ('told_how', ''), ('told_on__isnull', True)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), ('told_on__isnull', False), models.Q(('lifted_why', ''), _negated=True), models.Q(('told_how', ''), _negated=True)), _connector='OR'), name='freeze_lifted_once_she_was_told', violation_error_message='Dites quand et comment la personne a été informée, et pourquoi la limitation est levée.')],
            },
        ),
        ProtectTable("cases_freeze"),
        JournalTable("cases_freeze", "id"),
        migrations.RunSQL(WALL, UNDO),
    ]
