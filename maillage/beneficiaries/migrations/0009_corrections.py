"""What was wrong in an identity is put right by one function, which keeps what it was; it is indexed again, and told (GDPR art. 16)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

DOORS = """
-- Puts right the identity of a case in which the caller takes part: false when it is no longer what the caller read, so that of two at
-- once the second is told. A restricted case is corrected for a request of the person alone: a trigger of the room of requests asks
-- whether it is one. Both sides index her again: the line of a case that a job indexes at this instant is waited for.
CREATE FUNCTION correct_identity(
    of_correction uuid, of_case uuid, changed varchar[], was bytea, former bytea, corrected bytea, of_request uuid, by_user uuid
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case AND mine.organisation_id = cases_caller()
                    AND (mine.until IS NULL OR mine.until > now())) THEN
        RAISE EXCEPTION 'no part in this case' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM cases_case WHERE id = of_case FOR KEY SHARE;
    IF of_request IS NULL AND EXISTS (SELECT 1 FROM cases_freeze f WHERE f.case_id = of_case AND f.lifted_at IS NULL) THEN
        RAISE EXCEPTION 'the case is restricted at the request of the person' USING ERRCODE = 'MF018';
    END IF;
    UPDATE beneficiaries_beneficiary b SET identity = corrected WHERE b.case_id = of_case AND b.identity = was;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO beneficiaries_correction (id, case_id, organisation_id, fields, former, request_id, corrected_at, corrected_by, addressee_id)
    VALUES (of_correction, of_case, cases_caller(), changed, former, of_request, clock_timestamp(),
            coalesce(nullif(current_setting('maillage.user', true), '')::uuid, by_user),
            CASE WHEN of_request IS NULL THEN (
                SELECT p.organisation_id FROM cases_participation p
                 WHERE p.case_id = of_case AND p.organisation_id <> cases_caller() AND (p.until IS NULL OR p.until > now())
                 ORDER BY p.organisation_id LIMIT 1) END);
    INSERT INTO beneficiaries_waiting (id, organisation_id, case_id)
    SELECT gen_random_uuid(), p.organisation_id, p.case_id FROM cases_participation p
     WHERE p.case_id = of_case AND (p.until IS NULL OR p.until > now()) ORDER BY p.organisation_id
    ON CONFLICT (organisation_id, case_id) DO UPDATE SET case_id = excluded.case_id;
    RETURN true;
END $$;

-- A correction stays as it was made; whoever it is told to says once that it took it up, at the database's instant.
CREATE FUNCTION beneficiaries_correction_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taking text[] := '{acknowledged_at,acknowledged_by}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - taking <> to_jsonb(OLD) - taking OR (OLD.acknowledged_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'a correction stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.acknowledged_at IS NOT NULL AND OLD.acknowledged_at IS NULL THEN
        NEW.acknowledged_at := clock_timestamp();
        NEW.acknowledged_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.acknowledged_by);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_stays BEFORE UPDATE ON beneficiaries_correction FOR EACH ROW EXECUTE FUNCTION beneficiaries_correction_stays();

-- The same former identity under the key that its case got in this very transaction.
CREATE FUNCTION encrypt_former_again(of_correction uuid, was bytea, again bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE beneficiaries_correction c SET former = again
     WHERE c.id = of_correction AND c.former = was AND length(again) = length(was)
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = c.case_id
                    AND mine.organisation_id = cases_caller() AND mine.key_made_at = transaction_timestamp());
    RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION correct_identity(uuid, uuid, varchar[], bytea, bytea, bytea, uuid, uuid), beneficiaries_correction_stays(),
    encrypt_former_again(uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION correct_identity(uuid, uuid, varchar[], bytea, bytea, bytea, uuid, uuid) TO maillage_app;
GRANT EXECUTE ON FUNCTION encrypt_former_again(uuid, bytea, bytea) TO maillage_worker;

-- Only the function above writes in an identity: the wall of restricted cases is its own to ask.
DROP TRIGGER IF EXISTS barred ON beneficiaries_beneficiary;
"""
UNDO = """
DROP FUNCTION encrypt_former_again(uuid, bytea, bytea);
DROP TRIGGER correction_stays ON beneficiaries_correction;
DROP FUNCTION beneficiaries_correction_stays();
DROP FUNCTION correct_identity(uuid, uuid, varchar[], bytea, bytea, bytea, uuid, uuid);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
        ('beneficiaries', '0008_objection_sealed'),
        ('cases', '0017_freezes'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None, verbose_name='champs corrigés')),
                ('former', models.BinaryField(verbose_name='identité d’avant, chiffrée')),
                ('request_id', models.UUIDField(blank=True, null=True, verbose_name='demande')),
                ('corrected_at', models.DateTimeField(verbose_name='corrigée le')),
                ('corrected_by', models.UUIDField(verbose_name='par')),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='reprise le')),
                ('acknowledged_by', models.UUIDField(blank=True, null=True)),
                ('addressee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'correction d’une identité',
                'indexes': [models.Index(fields=['case', 'corrected_at'], name='correction_of_case'), models.Index(condition=models.Q(('acknowledged_at__isnull', True), ('addressee__isnull', False)), fields=['addressee', 'corrected_at'], name='correction_to_take_up')],
                'constraints': [models.CheckConstraint(condition=models.Q(('fields__contained_by', ['surname', 'given_name', 'birth_date', 'representative', 'phone', 'email', 'other_way', 'do_not_call', 'safe_time', 'language', 'nir']), ('fields__len__gt', 0)), name='correction_says_what', violation_error_message='Une correction dit ce qu’elle change.'), models.CheckConstraint(condition=models.Q(('addressee__isnull', True), models.Q(('request_id__isnull', True), models.Q(('addressee', models.F('organisation')), _negated=True)), _connector='OR'), name='correction_told_once', violation_error_message='Une correction se dit à l’autre organisme, une seule fois.'), models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', True), ('acknowledged_by__isnull', True)), models.Q(('acknowledged_at__gte', models.F('corrected_at')), ('acknowledged_by__isnull', False), ('addressee__isnull', False)), _connector='OR'), name='correction_taken_up_by_its_addressee', violation_error_message='Une correction est reprise par l’organisme à qui elle est dite.')],
            },
        ),
        ProtectTable("beneficiaries_correction"),
        JournalTable("beneficiaries_correction", "id"),
        migrations.RunSQL(DOORS, UNDO),
    ]
