"""What becomes of each care renounced and of each right; a referral closes on what was noted, and counts as it says."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

_FORMER_DESCRIBED = import_module("maillage.referrals.migrations.0007_described").DESCRIBED

# The sender describes care in the transaction that opens the case; the caisse adds what it finds, and settles all of it.
DESCRIBED = """
CREATE OR REPLACE FUNCTION referrals_described() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    settling text[] := '{outcome,why,settled_at,settled_by}';
    acting text;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - settling <> to_jsonb(OLD) - settling THEN
        RAISE EXCEPTION 'what was described stays' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT p.role INTO acting FROM cases_participation p
     WHERE p.case_id = NEW.case_id AND p.organisation_id = cases_caller();
    IF TG_OP = 'INSERT' AND NEW.found_by = 'sender' THEN
        IF acting IS DISTINCT FROM 'sender'
            OR NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.opened_at >= transaction_timestamp()) THEN
            RAISE EXCEPTION 'care is described when the referral is sent' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF acting IS DISTINCT FROM 'recipient' THEN
        RAISE EXCEPTION 'care is found and settled by whoever works the referral' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.outcome <> '' THEN
        RAISE EXCEPTION 'care is noted before it is settled' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.outcome <> '' THEN
        NEW.settled_at := clock_timestamp();
        NEW.settled_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.settled_by);
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER described ON referrals_renunciation;
CREATE TRIGGER described BEFORE INSERT OR UPDATE ON referrals_renunciation
    FOR EACH ROW EXECUTE FUNCTION referrals_described();
"""
UNDESCRIBED = """
DROP TRIGGER described ON referrals_renunciation;
CREATE TRIGGER described BEFORE INSERT ON referrals_renunciation FOR EACH ROW EXECUTE FUNCTION referrals_described();
""" + _FORMER_DESCRIBED.partition("REVOKE ALL")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

# A right is dated by the database and signed by whoever acts. Both kinds of rows move only while the caisse works the
# referral: the referral is locked for that, after row security has had its say, so that no closing overtakes one of them.
NOTED = """
CREATE FUNCTION referrals_right_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    settling text[] := '{outcome,settled_at,settled_by}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') OR (TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.noted_at := clock_timestamp();
        NEW.noted_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.noted_by);
    ELSIF to_jsonb(NEW) - settling <> to_jsonb(OLD) - settling THEN
        RAISE EXCEPTION 'a right stays as it was noted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.outcome <> 'under_way' THEN
        NEW.settled_at := clock_timestamp();
        NEW.settled_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.settled_by);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON referrals_rightfollowed
    FOR EACH ROW EXECUTE FUNCTION referrals_right_kept();

CREATE FUNCTION referrals_while_worked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (TG_OP = 'INSERT' AND to_jsonb(NEW) ->> 'found_by' = 'sender')
        OR (TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD) THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM referrals_referral r
     WHERE r.case_id = NEW.case_id AND r.state IN ('acknowledged', 'accepted', 'paused') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody works this referral now' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER while_worked AFTER INSERT OR UPDATE ON referrals_renunciation
    FOR EACH ROW EXECUTE FUNCTION referrals_while_worked();
CREATE TRIGGER while_worked AFTER INSERT OR UPDATE ON referrals_rightfollowed
    FOR EACH ROW EXECUTE FUNCTION referrals_while_worked();

-- `care_outcome` and `rights_outcome` of maillage/referrals/ending/rules.py, in SQL: tests compare the two.
CREATE FUNCTION referrals_summed_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    care text;
    rights text;
BEGIN
    IF NEW.state <> 'closed' OR OLD.state = 'closed' THEN
        RETURN NEW;
    END IF;
    SELECT CASE WHEN count(*) = 0 THEN 'none_needed' WHEN bool_or(n.outcome = '') THEN ''
                WHEN bool_or(n.outcome = 'done') THEN 'done' WHEN bool_or(n.why = 'refused') THEN 'refused'
                WHEN bool_or(n.why = 'unreachable') THEN 'unreachable'
                WHEN bool_or(n.why = 'not_relevant') THEN 'not_relevant' ELSE 'other' END
      INTO care FROM referrals_renunciation n WHERE n.case_id = NEW.case_id;
    SELECT CASE WHEN bool_or(f.outcome = 'opened') THEN 'opened' WHEN bool_or(f.outcome = 'under_way') THEN 'under_way'
                WHEN bool_or(f.outcome = 'accompanied') THEN 'accompanied' WHEN bool_or(f.outcome = 'refused') THEN 'refused'
                ELSE 'none' END
      INTO rights FROM referrals_rightfollowed f WHERE f.case_id = NEW.case_id;
    IF care = '' THEN
        RAISE EXCEPTION 'care that nobody settled' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.care_outcome IS DISTINCT FROM care OR NEW.rights_outcome IS DISTINCT FROM rights THEN
        RAISE EXCEPTION 'a referral counts as what was noted says' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summed_up BEFORE UPDATE ON referrals_referral FOR EACH ROW EXECUTE FUNCTION referrals_summed_up();
REVOKE ALL ON FUNCTION referrals_right_kept(), referrals_while_worked(), referrals_summed_up() FROM PUBLIC;
"""
UNNOTED = """
DROP TRIGGER summed_up ON referrals_referral;
DROP TRIGGER while_worked ON referrals_rightfollowed;
DROP TRIGGER while_worked ON referrals_renunciation;
DROP TRIGGER kept ON referrals_rightfollowed;
DROP FUNCTION referrals_summed_up();
DROP FUNCTION referrals_while_worked();
DROP FUNCTION referrals_right_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_expired'),
        ('referrals', '0010_expired'),
    ]

    operations = [
        migrations.CreateModel(
            name='RightFollowed',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('right', models.CharField(max_length=20, verbose_name='droit')),
                ('outcome', models.CharField(default='under_way', max_length=16, verbose_name='issue')),
                ('noted_at', models.DateTimeField(verbose_name='noté le')),
                ('noted_by', models.UUIDField(verbose_name='par')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='issue notée le')),
                ('settled_by', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'droit suivi',
            },
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_closed_has_its_outcome',
        ),
        migrations.AddField(
            model_name='renunciation',
            name='found_by',
            field=models.CharField(default='sender', max_length=12, verbose_name='noté par'),
        ),
        migrations.AddField(
            model_name='renunciation',
            name='outcome',
            field=models.CharField(blank=True, max_length=12, verbose_name='issue'),
        ),
        migrations.AddField(
            model_name='renunciation',
            name='settled_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='issue notée le'),
        ),
        migrations.AddField(
            model_name='renunciation',
            name='settled_by',
            field=models.UUIDField(blank=True, null=True, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='renunciation',
            name='why',
            field=models.CharField(blank=True, max_length=20, verbose_name='pourquoi sans suite'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('care_outcome__in', ['done', 'not_relevant', 'refused', 'unreachable', 'other', 'none_needed']), ('rights_outcome__in', ['opened', 'under_way', 'accompanied', 'refused', 'none']), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('care_outcome', ''), ('rights_outcome', '')), _connector='OR'), name='referral_closed_has_its_outcome', violation_error_message='Une orientation clôturée dit ce qu’il en est des soins et des droits.'),
        ),
        migrations.AddConstraint(
            model_name='renunciation',
            constraint=models.CheckConstraint(condition=models.Q(('found_by__in', ['sender', 'recipient'])), name='renunciation_found_by_a_side', violation_error_message='Un renoncement est noté par qui oriente, ou par la caisse.'),
        ),
        migrations.AddConstraint(
            model_name='renunciation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['', 'done']), ('why', '')), models.Q(('outcome', 'not_done'), ('why__in', ['refused', 'unreachable', 'not_relevant', 'other'])), _connector='OR'), name='renunciation_not_done_says_why', violation_error_message='Dites si ce soin a été réalisé, sinon pourquoi.'),
        ),
        migrations.AddConstraint(
            model_name='renunciation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(models.Q(('outcome', ''), _negated=True), ('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='renunciation_settled_by_someone', violation_error_message='L’issue d’un soin dit quand et par qui elle fut notée.'),
        ),
        migrations.AddField(
            model_name='rightfollowed',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AddConstraint(
            model_name='rightfollowed',
            constraint=models.CheckConstraint(condition=models.Q(('right__in', ['puma', 'c2s', 'c2s_participation', 'ame', 'carte_vitale', 'medecin_traitant', 'other'])), name='right_known', violation_error_message='Choisissez un droit de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='rightfollowed',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['under_way', 'opened', 'refused', 'accompanied', 'not_applicable'])), name='right_outcome_known', violation_error_message='Choisissez une issue de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='rightfollowed',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'under_way'), ('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(models.Q(('outcome', 'under_way'), _negated=True), ('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='right_settled_by_someone', violation_error_message='L’issue d’un droit dit quand et par qui elle fut notée.'),
        ),
        migrations.AddConstraint(
            model_name='rightfollowed',
            constraint=models.CheckConstraint(condition=models.Q(('settled_at__isnull', True), ('settled_at__gte', models.F('noted_at')), _connector='OR'), name='right_settled_after_noted', violation_error_message='L’issue d’un droit suit le jour où il fut noté.'),
        ),
        migrations.AddConstraint(
            model_name='rightfollowed',
            constraint=models.UniqueConstraint(fields=('case', 'right'), name='right_once', violation_error_message='Ce droit est déjà suivi dans ce dossier.'),
        ),
        ProtectTable("referrals_rightfollowed"),
        JournalTable("referrals_rightfollowed", "id"),
        JournalTable("referrals_renunciation", "id"),
        migrations.RunSQL(DESCRIBED, UNDESCRIBED),
        migrations.RunSQL(NOTED, UNNOTED),
    ]
