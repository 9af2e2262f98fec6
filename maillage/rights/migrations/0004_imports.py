"""Tables of applications brought by a partner: closed from their first instant; what is being prepared says from which line it comes."""

import django.db.models.deletion
import django.db.models.expressions
import maillage.core.identifiers
import maillage.rights.imported.states
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# From which line of which table a file comes, and who brought a table under which authorisation, stays: a foreign key looks below
# row security.
KEPT = """
CREATE FUNCTION rights_preparation_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (NEW.organisation_id, NEW.imported_id, NEW.line) IS DISTINCT FROM (OLD.organisation_id, OLD.imported_id, OLD.line) THEN
        RAISE EXCEPTION 'where a file comes from stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON rights_preparation FOR EACH ROW EXECUTE FUNCTION rights_preparation_kept();

CREATE FUNCTION rights_import_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (NEW.organisation_id, NEW.author, NEW.authorisation_id, NEW.uploaded_at)
        IS DISTINCT FROM (OLD.organisation_id, OLD.author, OLD.authorisation_id, OLD.uploaded_at)
        OR OLD.emptied_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'what was brought stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON rights_applicationimport FOR EACH ROW EXECUTE FUNCTION rights_import_kept();
REVOKE ALL ON FUNCTION rights_preparation_kept(), rights_import_kept() FROM PUBLIC;
"""

# For jobs: the tables that wait for the background, and those kept too long, with whose they are; nothing of what they hold. A digest
# goes once its line is too old to be imported.
JOBS = """
CREATE FUNCTION rights_imports_waiting() RETURNS TABLE (import uuid, organisation uuid, person uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.id, i.organisation_id, i.author FROM rights_applicationimport i
     WHERE i.emptied_at IS NULL AND i.state IN ('uploaded', 'named', 'confirmed') ORDER BY i.uploaded_at, i.id
$$;

CREATE FUNCTION rights_imports_kept(before timestamptz, at_most integer) RETURNS TABLE (import uuid, organisation uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.id, i.organisation_id FROM rights_applicationimport i
     WHERE i.emptied_at IS NULL AND i.uploaded_at < before ORDER BY i.uploaded_at, i.id LIMIT at_most
$$;

CREATE FUNCTION rights_forget_lines(before date) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH gone AS (DELETE FROM rights_importedline l WHERE l.imported_on < before RETURNING 1) SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION rights_imports_waiting(), rights_imports_kept(timestamptz, integer), rights_forget_lines(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rights_imports_waiting(), rights_imports_kept(timestamptz, integer), rights_forget_lines(date) TO maillage_worker;
"""

UNDO = """
DROP FUNCTION rights_forget_lines(date);
DROP FUNCTION rights_imports_kept(timestamptz, integer);
DROP FUNCTION rights_imports_waiting();
DROP TRIGGER kept ON rights_applicationimport;
DROP FUNCTION rights_import_kept();
DROP TRIGGER kept ON rights_preparation;
DROP FUNCTION rights_preparation_kept();
"""
_TABLES = ("rights_applicationimport", "rights_applicationimportpart", "rights_importedline", "rights_importmemory")


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
        ('cases', '0014_applications'),
        ('organisations', '0009_directory'),
        ('rights', '0003_untold'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApplicationImportPart',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='première ligne')),
                ('wrong', models.BinaryField(verbose_name='lignes à corriger, chiffrées')),
            ],
            options={
                'verbose_name': 'lignes à corriger d’un tableau',
            },
        ),
        migrations.CreateModel(
            name='ImportedLine',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('digest', models.BinaryField(verbose_name='empreinte')),
                ('imported_on', models.DateField(verbose_name='importée le')),
            ],
            options={
                'verbose_name': 'ligne importée',
            },
        ),
        migrations.CreateModel(
            name='ImportMemory',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField(verbose_name='titres et clé, scellés')),
            ],
            options={
                'verbose_name': 'mémoire des imports',
            },
        ),
        migrations.AddField(
            model_name='preparation',
            name='line',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='ligne du tableau'),
        ),
        migrations.CreateModel(
            name='ApplicationImport',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('author', models.UUIDField(verbose_name='par')),
                ('right', models.CharField(blank=True, max_length=20, verbose_name='droit demandé par toutes les lignes')),
                ('sealed', models.BinaryField(null=True, verbose_name='clé scellée')),
                ('content', models.BinaryField(null=True, verbose_name='fichier chiffré')),
                ('described', models.BinaryField(null=True, verbose_name='nom et titres chiffrés')),
                ('places', models.JSONField(default=dict, verbose_name='colonnes')),
                ('state', models.CharField(default=maillage.rights.imported.states.State['UPLOADED'], max_length=12, verbose_name='état')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='lignes')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='lignes lues')),
                ('created', models.PositiveIntegerField(default=0, verbose_name='dossiers commencés')),
                ('known', models.PositiveIntegerField(default=0, verbose_name='déjà importées')),
                ('wrong', models.PositiveIntegerField(default=0, verbose_name='à corriger')),
                ('fault', models.CharField(blank=True, max_length=400, verbose_name='pourquoi le fichier est refusé')),
                ('uploaded_at', models.DateTimeField(verbose_name='déposé le')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmé le')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
                ('emptied_at', models.DateTimeField(blank=True, null=True, verbose_name='détruit le')),
                ('authorisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.authorisation')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'tableau de dossiers',
            },
        ),
        migrations.AddField(
            model_name='preparation',
            name='imported',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rights.applicationimport'),
        ),
        migrations.AddConstraint(
            model_name='preparation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('imported__isnull', True), ('line__isnull', True)), models.Q(('imported__isnull', False), ('line__isnull', False)), _connector='OR'), name='preparation_imported_says_its_line', violation_error_message='Un dossier importé dit de quelle ligne il vient.'),
        ),
        migrations.AddConstraint(
            model_name='preparation',
            constraint=models.UniqueConstraint(condition=models.Q(('imported__isnull', False)), fields=('imported', 'line'), name='preparation_line_once'),
        ),
        migrations.AddField(
            model_name='applicationimportpart',
            name='of',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='rights.applicationimport'),
        ),
        migrations.AddField(
            model_name='applicationimportpart',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='importedline',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='importmemory',
            name='organisation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddIndex(
            model_name='applicationimport',
            index=models.Index(fields=['organisation', 'author', '-uploaded_at'], name='applicationimport_author'),
        ),
        migrations.AddIndex(
            model_name='applicationimport',
            index=models.Index(condition=models.Q(('emptied_at__isnull', True)), fields=['uploaded_at'], name='applicationimport_kept'),
        ),
        migrations.AddConstraint(
            model_name='applicationimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['uploaded', 'read', 'named', 'rehearsed', 'confirmed', 'imported', 'refused', 'abandoned'])), name='applicationimport_state_known'),
        ),
        migrations.AddConstraint(
            model_name='applicationimport',
            constraint=models.CheckConstraint(condition=models.Q(('done', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('created'), '+', models.F('known')), '+', models.F('wrong')))), name='applicationimport_each_line_once', violation_error_message='Chaque ligne lue est commencée, déjà importée ou à corriger.'),
        ),
        migrations.AddConstraint(
            model_name='applicationimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', [maillage.rights.imported.states.State['CONFIRMED'], maillage.rights.imported.states.State['IMPORTED']]), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='applicationimport_confirmed_by_someone', violation_error_message='Un import est confirmé avant d’être fait.'),
        ),
        migrations.AddConstraint(
            model_name='applicationimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['imported', 'refused', 'abandoned'])), models.Q(models.Q(('state__in', ['imported', 'refused', 'abandoned']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='applicationimport_ended_has_its_date', violation_error_message='Un import terminé dit quand.'),
        ),
        migrations.AddConstraint(
            model_name='applicationimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', maillage.rights.imported.states.State['REFUSED']), models.Q(('fault', ''), _negated=True)), models.Q(models.Q(('state', maillage.rights.imported.states.State['REFUSED']), _negated=True), ('fault', '')), _connector='OR'), name='applicationimport_refused_says_why', violation_error_message='Un fichier refusé dit pourquoi.'),
        ),
        migrations.AddConstraint(
            model_name='applicationimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', True), ('described__isnull', True), ('emptied_at__isnull', False), ('ended_at__isnull', False), ('sealed__isnull', True)), models.Q(('emptied_at__isnull', True), ('sealed__isnull', False)), _connector='OR'), name='applicationimport_emptied_keeps_nothing', violation_error_message='Un tableau détruit ne garde ni fichier ni clé.'),
        ),
        migrations.AddConstraint(
            model_name='applicationimportpart',
            constraint=models.UniqueConstraint(fields=('of', 'number'), name='applicationimportpart_once'),
        ),
        migrations.AddIndex(
            model_name='importedline',
            index=models.Index(fields=['imported_on'], name='importedline_day'),
        ),
        migrations.AddConstraint(
            model_name='importedline',
            constraint=models.UniqueConstraint(fields=('organisation', 'digest'), name='importedline_once'),
        ),
        *(ProtectTable(table) for table in _TABLES),
        JournalTable("rights_applicationimport"),
        migrations.RunSQL(KEPT + JOBS, UNDO),
    ]
