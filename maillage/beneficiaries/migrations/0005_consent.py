"""What the person agreed to before her data left, and whether she took it back; in which language she was told, with which sheet."""

import django.db.models.deletion
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# Written by the sending, in the transaction that opens the case; then it stays, but for its withdrawal, once.
KEPT = """
CREATE FUNCTION beneficiaries_consent_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    withdrawing text[] := '{withdrawn_at,withdrawn_by,withdrawn_to}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.withdrawn_at IS NOT NULL
            OR NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.opened_at >= transaction_timestamp()) THEN
            RAISE EXCEPTION 'what she agreed to is noted by the sending' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.noted_at := (SELECT c.opened_at FROM cases_case c WHERE c.id = NEW.case_id);
        NEW.noted_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.noted_by);
        RETURN NEW;
    END IF;
    IF (OLD.withdrawn_at IS NOT NULL AND NEW IS DISTINCT FROM OLD)
        OR to_jsonb(NEW) - withdrawing <> to_jsonb(OLD) - withdrawing THEN
        RAISE EXCEPTION 'what she agreed to stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL THEN
        NEW.withdrawn_at := clock_timestamp();
        NEW.withdrawn_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.withdrawn_by);
        NEW.withdrawn_to := (SELECT p.role FROM cases_participation p
                              WHERE p.case_id = NEW.case_id AND p.organisation_id = cases_caller());
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION beneficiaries_consent_kept() FROM PUBLIC;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON beneficiaries_consent FOR EACH ROW EXECUTE FUNCTION beneficiaries_consent_kept();

-- The same reference under the key that its case got in this very transaction.
CREATE FUNCTION encrypt_mandate_again(of_case uuid, former bytea, again bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE beneficiaries_consent c SET sealed_mandate = again
     WHERE c.case_id = of_case AND c.sealed_mandate = former AND length(again) = length(former)
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND mine.key_made_at = transaction_timestamp());
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION encrypt_mandate_again(uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION encrypt_mandate_again(uuid, bytea, bytea) TO maillage_worker;
"""

UNKEPT = """
DROP FUNCTION encrypt_mandate_again(uuid, bytea, bytea);
DROP TRIGGER kept ON beneficiaries_consent;
DROP FUNCTION beneficiaries_consent_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('beneficiaries', '0004_by_name'),
        ('cases', '0011_withheld'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='consent', serialize=False, to='cases.case')),
                ('answer', models.CharField(max_length=10, verbose_name='réponse')),
                ('how', models.CharField(blank=True, max_length=16, verbose_name='comment')),
                ('sealed_mandate', models.BinaryField(blank=True, null=True, verbose_name='référence du mandat, chiffrée')),
                ('progress', models.CharField(default='all', max_length=10, verbose_name='ce qui revient à qui l’a envoyée')),
                ('noted_at', models.DateTimeField(verbose_name='noté le')),
                ('noted_by', models.UUIDField(verbose_name='par')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('withdrawn_by', models.UUIDField(blank=True, null=True, verbose_name='retrait noté par')),
                ('withdrawn_to', models.CharField(blank=True, max_length=12, verbose_name='retrait dit à')),
            ],
            options={
                'verbose_name': 'accord de la personne',
            },
        ),
        migrations.AddField(
            model_name='information',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', max_length=8, verbose_name='langue'),
        ),
        migrations.AddField(
            model_name='information',
            name='notice',
            field=models.CharField(blank=True, db_default='', default='', max_length=10, verbose_name='feuille remise'),
        ),
        migrations.AddConstraint(
            model_name='information',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['', 'fr', 'fsl', 'sq', 'en', 'ar', 'hy', 'bm', 'bn', 'ber', 'zh', 'zdj', 'gcf', 'ht', 'es', 'ka', 'ku', 'ln', 'ur', 'ps', 'fa', 'ff', 'pt', 'rom', 'ro', 'ru', 'snk', 'ta', 'tr', 'uk', 'vi', 'wo', 'other'])), name='information_language_known', violation_error_message='Choisissez une langue de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='information',
            constraint=models.CheckConstraint(condition=models.Q(('notice__in', ['', 'standard', 'easy'])), name='information_notice_known', violation_error_message='Choisissez une feuille de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'agreed'), ('how__in', ['oral', 'written', 'representative', 'mandate'])), models.Q(('answer', 'not_asked'), ('how', '')), _connector='OR'), name='consent_says_how', violation_error_message='Un accord dit comment il fut donné ; un refus ne s’envoie pas.'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('how', 'mandate'), ('sealed_mandate__isnull', False)), models.Q(models.Q(('how', 'mandate'), _negated=True), ('sealed_mandate__isnull', True)), _connector='OR'), name='consent_mandate_has_its_reference', violation_error_message='Un mandat Aidants Connect a sa référence, et lui seul.'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('progress__in', ['all', 'received'])), name='consent_progress_known', violation_error_message='Dites ce que la personne accepte qui revienne.'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True), ('withdrawn_to', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), ('withdrawn_to__in', ['sender', 'recipient'])), _connector='OR'), name='consent_withdrawn_to_someone', violation_error_message='Un retrait dit quand, par qui et de quel côté il fut noté.'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_at__gte', models.F('noted_at')), _connector='OR'), name='consent_withdrawn_after_noted', violation_error_message='Un retrait suit l’accord.'),
        ),
        ProtectTable("beneficiaries_consent"),
        JournalTable("beneficiaries_consent", "case_id"),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
