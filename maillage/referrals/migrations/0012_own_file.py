"""The caisse's own file about a referral: its key, its assessments, its plan of actions; nothing planned is left by a closing."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# The key of a file is only ever wrapped again; a version of an assessment is dated by the database; an action ends once.
KEPT = """
ALTER TABLE referrals_casefile ADD CONSTRAINT casefile_case_in_its_convention
    FOREIGN KEY (case_id, convention_id) REFERENCES cases_case (id, convention_id);

CREATE FUNCTION referrals_file_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'wrapped_key' <> to_jsonb(OLD) - 'wrapped_key' OR length(NEW.wrapped_key) <> length(OLD.wrapped_key) THEN
        RAISE EXCEPTION 'a key is only wrapped again' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON referrals_casefile FOR EACH ROW EXECUTE FUNCTION referrals_file_kept();

CREATE FUNCTION referrals_assessment_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user IN ('maillage_app', 'maillage_worker') THEN
        NEW.made_at := clock_timestamp();
        NEW.made_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.made_by);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT ON referrals_assessment FOR EACH ROW EXECUTE FUNCTION referrals_assessment_kept();

CREATE FUNCTION referrals_action_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ending text[] := '{state,reason,ended_at,ended_by}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') OR (TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'planned' THEN
            RAISE EXCEPTION 'an action is planned before it ends' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.planned_at := clock_timestamp();
        NEW.planned_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.planned_by);
        RETURN NEW;
    END IF;
    IF OLD.state <> 'planned' OR to_jsonb(NEW) - ending <> to_jsonb(OLD) - ending THEN
        RAISE EXCEPTION 'an action stays as it was planned and ended' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.ended_at := clock_timestamp();
    NEW.ended_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.ended_by);
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON referrals_plannedaction FOR EACH ROW EXECUTE FUNCTION referrals_action_kept();

-- Only whoever works the referral writes there, while it does; looked at after row security has had its say.
CREATE FUNCTION referrals_own_work() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_participation p
                    WHERE p.case_id = NEW.case_id AND p.organisation_id = NEW.organisation_id AND p.role = 'recipient') THEN
        RAISE EXCEPTION 'only whoever works the referral' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM referrals_referral r
     WHERE r.case_id = NEW.case_id AND r.state IN ('acknowledged', 'accepted', 'paused') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody works this referral now' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER own_work AFTER INSERT ON referrals_assessment FOR EACH ROW EXECUTE FUNCTION referrals_own_work();
CREATE TRIGGER own_work AFTER INSERT OR UPDATE ON referrals_plannedaction FOR EACH ROW EXECUTE FUNCTION referrals_own_work();

CREATE FUNCTION referrals_nothing_planned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state = 'closed' AND OLD.state <> 'closed' AND EXISTS (
        SELECT 1 FROM referrals_plannedaction a WHERE a.case_id = NEW.case_id AND a.state = 'planned') THEN
        RAISE EXCEPTION 'an action is still planned' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nothing_planned BEFORE UPDATE ON referrals_referral FOR EACH ROW EXECUTE FUNCTION referrals_nothing_planned();
REVOKE ALL ON FUNCTION referrals_file_kept(), referrals_assessment_kept(), referrals_action_kept(), referrals_own_work(),
    referrals_nothing_planned() FROM PUBLIC;
"""
UNKEPT = """
DROP TRIGGER nothing_planned ON referrals_referral;
DROP TRIGGER own_work ON referrals_plannedaction;
DROP TRIGGER own_work ON referrals_assessment;
DROP TRIGGER kept ON referrals_plannedaction;
DROP TRIGGER kept ON referrals_assessment;
DROP TRIGGER kept ON referrals_casefile;
DROP FUNCTION referrals_nothing_planned();
DROP FUNCTION referrals_own_work();
DROP FUNCTION referrals_action_kept();
DROP FUNCTION referrals_assessment_kept();
DROP FUNCTION referrals_file_kept();
ALTER TABLE referrals_casefile DROP CONSTRAINT casefile_case_in_its_convention;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_expired'),
        ('organisations', '0009_directory'),
        ('referrals', '0011_ending'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('sealed', models.BinaryField(verbose_name='bilan chiffré')),
                ('made_at', models.DateTimeField(verbose_name='fait le')),
                ('made_by', models.UUIDField(verbose_name='par')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'bilan des droits et des besoins',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'case', 'number'), name='assessment_version_once', violation_error_message='Cette version du bilan existe déjà.'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='assessment_numbered_from_one', violation_error_message='Les versions d’un bilan se comptent à partir de un.')],
            },
        ),
        migrations.CreateModel(
            name='CaseFile',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('wrapped_key', models.BinaryField(verbose_name='clé enveloppée')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'dossier propre',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'case'), name='casefile_once', violation_error_message='Ce dossier a déjà sa clé.')],
            },
        ),
        migrations.CreateModel(
            name='PlannedAction',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=16, verbose_name='action')),
                ('due_on', models.DateField(verbose_name='pour le')),
                ('sealed_words', models.BinaryField(blank=True, null=True, verbose_name='précisions chiffrées')),
                ('state', models.CharField(default='planned', max_length=12, verbose_name='état')),
                ('reason', models.CharField(blank=True, max_length=20, verbose_name='pourquoi abandonnée')),
                ('planned_at', models.DateTimeField(verbose_name='prévue le')),
                ('planned_by', models.UUIDField(verbose_name='par')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='terminée le')),
                ('ended_by', models.UUIDField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'action du plan',
                'indexes': [models.Index(condition=models.Q(('state', 'planned')), fields=['organisation', 'due_on'], name='action_to_do')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['appointment', 'form_help', 'money', 'transport', 'workshop', 'collective', 'individual', 'other'])), name='action_kind_known', violation_error_message='Choisissez une action de la liste.'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'done', 'given_up'])), name='action_state_known', violation_error_message='Une action est prévue, faite ou abandonnée.'), models.CheckConstraint(condition=models.Q(models.Q(('reason__in', ['person_refuses', 'unreachable', 'no_longer_needed', 'not_possible', 'other']), ('state', 'given_up')), models.Q(models.Q(('state', 'given_up'), _negated=True), ('reason', '')), _connector='OR'), name='action_given_up_says_why', violation_error_message='Une action abandonnée dit pourquoi.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('state', 'planned')), models.Q(models.Q(('state', 'planned'), _negated=True), ('ended_at__gte', models.F('planned_at')), ('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='action_ended_by_someone', violation_error_message='La fin d’une action dit quand et par qui ; elle suit le jour où elle fut prévue.')],
            },
        ),
        ProtectTable("referrals_casefile"),
        ProtectTable("referrals_assessment"),
        ProtectTable("referrals_plannedaction"),
        JournalTable("referrals_casefile", "id"),
        JournalTable("referrals_assessment", "id"),
        JournalTable("referrals_plannedaction", "id"),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
