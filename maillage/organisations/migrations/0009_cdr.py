"""The register of CDR and CDRi: who grants, what stays, under which access a consultation is told (row E5)."""

import django.db.models.deletion
import django.db.models.functions.datetime
import maillage.core.identifiers
from django.conf import settings
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

REGISTER = """
-- Only an administrator of the organisation that acts grants and revokes. The owner, who restores, is let through.
CREATE FUNCTION organisations_cdr_administered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user IN ('maillage_app', 'maillage_worker') AND NEW.organisation_id IS DISTINCT FROM organisations_administered() THEN
        RAISE EXCEPTION 'not yours to grant' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_cdr_administered() FROM PUBLIC;
CREATE TRIGGER administered BEFORE INSERT OR UPDATE ON organisations_cdraccess
    FOR EACH ROW EXECUTE FUNCTION organisations_cdr_administered();

-- What was granted stays; it is revoked once.
CREATE FUNCTION organisations_cdr_grant_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (NEW.id, NEW.organisation_id, NEW.user_id, NEW.tool, NEW.since, NEW.granted_by)
       IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.user_id, OLD.tool, OLD.since, OLD.granted_by)
       OR (OLD.revoked_on IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'what the register says stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_cdr_grant_stays() FROM PUBLIC;
CREATE TRIGGER grant_stays BEFORE UPDATE ON organisations_cdraccess
    FOR EACH ROW EXECUTE FUNCTION organisations_cdr_grant_stays();

-- A consultation is told by its holder, under an access of the same organisation that runs at that instant, and once it was made.
CREATE FUNCTION organisations_cdr_access_in_force() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user IN ('maillage_app', 'maillage_worker') AND NOT EXISTS (
        SELECT 1 FROM organisations_cdraccess a JOIN organisations_organisation o ON o.id = a.organisation_id
         WHERE a.id = NEW.cdr_access_id AND a.organisation_id = NEW.organisation_id AND a.revoked_on IS NULL
           AND a.user_id = nullif(current_setting('maillage.user', true), '')::uuid
           AND a.since <= (NEW.at AT TIME ZONE o.time_zone)::date AND NEW.at <= statement_timestamp()) THEN
        RAISE EXCEPTION 'no access in force' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF session_user IN ('maillage_app', 'maillage_worker') THEN
        NEW.recorded_at := statement_timestamp();
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_cdr_access_in_force() FROM PUBLIC;
CREATE TRIGGER access_in_force BEFORE INSERT ON organisations_cdrconsultation
    FOR EACH ROW EXECUTE FUNCTION organisations_cdr_access_in_force();
"""
UNDO = """
DROP TRIGGER access_in_force ON organisations_cdrconsultation;
DROP TRIGGER grant_stays ON organisations_cdraccess;
DROP TRIGGER administered ON organisations_cdraccess;
DROP FUNCTION organisations_cdr_access_in_force();
DROP FUNCTION organisations_cdr_grant_stays();
DROP FUNCTION organisations_cdr_administered();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0008_leaving'),
    ]

    operations = [
        migrations.CreateModel(
            name='CdrAccess',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('tool', models.CharField(choices=[('cdr', 'CDR'), ('cdri', 'CDRi')], max_length=10, verbose_name='outil')),
                ('since', models.DateField(verbose_name='depuis le')),
                ('granted_by', models.UUIDField(verbose_name='accordé par')),
                ('revoked_on', models.DateField(blank=True, help_text='Premier jour sans accès.', null=True, verbose_name='retiré le')),
                ('revoked_by', models.UUIDField(blank=True, null=True, verbose_name='retiré par')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='motif du retrait')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'accès à la consultation des droits',
            },
        ),
        migrations.CreateModel(
            name='CdrConsultation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='consulté le')),
                ('reason', models.CharField(choices=[('rights_check', 'Vérifier des droits'), ('rights_file', 'Constituer un dossier de droits'), ('urgent_care', 'Soins urgents'), ('admission', 'Admission ou facturation')], max_length=20, verbose_name='motif')),
                ('reference', models.CharField(blank=True, max_length=40, verbose_name='référence interne')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='inscrite le')),
                ('cdr_access', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='organisations.cdraccess')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'consultation des droits',
            },
        ),
        migrations.AddConstraint(
            model_name='cdraccess',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_on__isnull', True)), fields=('organisation', 'user', 'tool'), name='cdraccess_one_open', violation_error_message='Cette personne a déjà cet accès.'),
        ),
        migrations.AddConstraint(
            model_name='cdraccess',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_on__isnull', True), ('revoked_on__gte', models.F('since')), _connector='OR'), name='cdraccess_dates_ordered', violation_error_message='Le retrait ne peut pas précéder l’ouverture.'),
        ),
        migrations.AddConstraint(
            model_name='cdraccess',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('revoked_by__isnull', True), ('revoked_on__isnull', True)), models.Q(('revoked_by__isnull', False), ('revoked_on__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='cdraccess_revoked_for_a_reason', violation_error_message='Indiquez le motif du retrait.'),
        ),
        migrations.AddConstraint(
            model_name='cdraccess',
            constraint=models.CheckConstraint(condition=models.Q(('tool__in', ['cdr', 'cdri'])), name='cdraccess_tool_known'),
        ),
        migrations.AddIndex(
            model_name='cdrconsultation',
            index=models.Index(fields=['organisation', '-at'], name='cdrconsultation_at'),
        ),
        migrations.AddConstraint(
            model_name='cdrconsultation',
            constraint=models.CheckConstraint(condition=models.Q(('reference__regex', '^[0-9A-Z./-]*$')), name='cdrconsultation_reference_is_code', violation_error_message='La référence ne contient que des capitales, des chiffres, des points et des tirets.'),
        ),
        migrations.AddConstraint(
            model_name='cdrconsultation',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['rights_check', 'rights_file', 'urgent_care', 'admission'])), name='cdrconsultation_reason_known'),
        ),
        ProtectTable("organisations_cdraccess"),
        ProtectTable("organisations_cdrconsultation"),
        JournalTable("organisations_cdraccess", "id"),
        JournalTable("organisations_cdrconsultation", "id"),
        migrations.RunSQL(REGISTER, UNDO),
    ]
