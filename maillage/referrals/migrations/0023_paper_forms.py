"""Forms filled by hand that wait to be keyed in: a reference and a day, changed in nothing but by being keyed in or removed."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# With its writer's rights: her own organisation's part of the case says that it was sent.
KEPT = """
CREATE FUNCTION referrals_paperform_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moving text[] := '{draft,dropped,dropped_at,dropped_by}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') OR (TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.draft IS NOT NULL OR NEW.dropped <> '' THEN
            RAISE EXCEPTION 'a sheet begins in the queue' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.noted_at := clock_timestamp();
        NEW.noted_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.noted_by);
        RETURN NEW;
    END IF;
    IF OLD.dropped <> '' OR to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving
        OR EXISTS (SELECT 1 FROM cases_participation p WHERE p.case_id = OLD.draft AND p.organisation_id = OLD.organisation_id) THEN
        RAISE EXCEPTION 'a sheet is keyed in once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.dropped <> '' THEN
        NEW.dropped_at := clock_timestamp();
        NEW.dropped_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.dropped_by);
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION referrals_paperform_kept() FROM PUBLIC;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON referrals_paperform FOR EACH ROW EXECUTE FUNCTION referrals_paperform_kept();
"""
UNKEPT = "DROP TRIGGER kept ON referrals_paperform; DROP FUNCTION referrals_paperform_kept();"


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0009_directory'),
        ('referrals', '0022_anonymous'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperForm',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=9, verbose_name='référence de la feuille')),
                ('received_on', models.DateField(verbose_name='reçue le')),
                ('noted_at', models.DateTimeField(verbose_name='notée le')),
                ('noted_by', models.UUIDField(verbose_name='par')),
                ('draft', models.UUIDField(blank=True, null=True, verbose_name='brouillon')),
                ('dropped', models.CharField(blank=True, max_length=12, verbose_name='retirée')),
                ('dropped_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('dropped_by', models.UUIDField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'feuille à saisir',
                'indexes': [models.Index(condition=models.Q(('dropped', '')), fields=['organisation', 'received_on'], name='paperform_waiting')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'reference'), name='paperform_entered_once', violation_error_message='Cette feuille est déjà dans la file.'), models.CheckConstraint(condition=models.Q(('reference__regex', '^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{4}-[23456789ABCDEFGHJKMNPQRSTVWXYZ]{4}$')), name='paperform_reference_is_one', violation_error_message='Une feuille ne porte que sa référence imprimée.'), models.CheckConstraint(condition=models.Q(models.Q(('dropped', ''), ('dropped_at__isnull', True), ('dropped_by__isnull', True)), models.Q(('dropped__in', ['duplicate', 'illegible', 'refused', 'other_way']), ('dropped_at__gte', models.F('noted_at')), ('dropped_at__isnull', False), ('dropped_by__isnull', False)), _connector='OR'), name='paperform_dropped_by_someone', violation_error_message='Une feuille retirée dit pourquoi, quand et par qui.')],
            },
        ),
        ProtectTable("referrals_paperform"),
        JournalTable("referrals_paperform", "id"),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
