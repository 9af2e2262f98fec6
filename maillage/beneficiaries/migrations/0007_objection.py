"""That a person objected to a flow (GDPR art. 21): keyed digests of her, by which nothing more is sent until it is lifted."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# An objection is noted whole; it is lifted once, and then says nothing more of whom.
STAYS = """
CREATE FUNCTION beneficiaries_objection_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lifting text[] := '{digests,lifted_at,lifted_by,lifted_why}';
BEGIN
    IF session_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.lifted_at IS NOT NULL THEN
            RAISE EXCEPTION 'an objection begins before it is lifted' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF to_jsonb(NEW) - lifting <> to_jsonb(OLD) - lifting OR OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL THEN
        RAISE EXCEPTION 'an objection is only lifted, once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION beneficiaries_objection_stays() FROM PUBLIC;
CREATE TRIGGER objection_stays BEFORE INSERT OR UPDATE ON beneficiaries_objection
FOR EACH ROW EXECUTE FUNCTION beneficiaries_objection_stays();
"""
UNDO = "DROP TRIGGER objection_stays ON beneficiaries_objection; DROP FUNCTION beneficiaries_objection_stays();"


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
        ('beneficiaries', '0006_choices'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('service', models.CharField(max_length=40, verbose_name='service')),
                ('request_id', models.UUIDField(verbose_name='demande')),
                ('digests', django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(), size=None, verbose_name='empreintes')),
                ('since', models.DateTimeField(verbose_name='depuis')),
                ('noted_by', models.UUIDField(verbose_name='par')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='levée le')),
                ('lifted_by', models.UUIDField(blank=True, null=True)),
                ('lifted_why', models.CharField(blank=True, max_length=500, verbose_name='pourquoi')),
                ('counterpart', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'opposition d’une personne',
                'indexes': [models.Index(condition=models.Q(('lifted_at__isnull', True)), fields=['organisation', 'counterpart', 'service'], name='objection_running')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('request_id', 'organisation', 'counterpart', 'service'), name='objection_once', violation_error_message='Cette opposition est déjà notée.'), models.CheckConstraint(condition=models.Q(models.Q(('organisation', models.F('counterpart')), _negated=True), models.Q(('service', ''), _negated=True)), name='objection_to_a_flow'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True), ('lifted_why', ''), models.Q(('digests', []), _negated=True)), models.Q(('digests', []), ('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lifted_why', ''), _negated=True)), _connector='OR'), name='objection_lifted_is_forgotten', violation_error_message='Dites pourquoi l’opposition est levée.')],
            },
        ),
        ProtectTable("beneficiaries_objection"),
        JournalTable("beneficiaries_objection", "id"),
        migrations.RunSQL(STAYS, UNDO),
    ]
