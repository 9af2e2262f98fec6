"""Impact assessments: the file of whoever leads one, its risks, what it asked of others (GDPR art. 35)."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
CREATE TRIGGER recorded BEFORE INSERT ON protection_assessment FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON protection_assessmentcontribution FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

-- A version opens as a draft, numbered after the last one of its organisation for that kind of flow.
CREATE FUNCTION protection_assessment_opens() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.organisation_id = cases_caller() AND (NEW.state <> 'draft' OR NEW.number <> 1 + coalesce((
        SELECT max(a.number) FROM protection_assessment a
         WHERE a.organisation_id = NEW.organisation_id AND a.convention_id = NEW.convention_id AND a.regime = NEW.regime), 0)) THEN
        RAISE EXCEPTION 'a version opens as the next draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_opens BEFORE INSERT ON protection_assessment
    FOR EACH ROW EXECUTE FUNCTION protection_assessment_opens();

-- What was validated stays; only the next version takes its place. Validated: each feared event looked at, the opinion of one's own
-- delegate given (GDPR art. 35.2) and not by whoever validates, nothing awaited any more, a review within three years.
CREATE FUNCTION protection_assessment_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changes text[] := CASE OLD.state
        WHEN 'draft' THEN '{state,necessity,written_at,decision,review_on,description,digest,text_digest,validated_at,validated_by}'::text[]
        WHEN 'validated' THEN '{state}'::text[] ELSE '{}'::text[] END;
BEGIN
    IF to_jsonb(NEW) - changes <> to_jsonb(OLD) - changes OR OLD.state = 'validated' AND NEW.state = OLD.state THEN
        RAISE EXCEPTION 'what was validated stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'replaced' AND NOT EXISTS (
        SELECT 1 FROM protection_assessment a WHERE a.organisation_id = NEW.organisation_id AND a.convention_id = NEW.convention_id
           AND a.regime = NEW.regime AND a.number > NEW.number AND a.state = 'draft') THEN
        RAISE EXCEPTION 'replaced by the next version' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'draft' AND NEW.state = 'validated' AND (
        NEW.digest <> encode(sha256(convert_to(NEW.description, 'UTF8')), 'hex')
        OR NEW.review_on <= NEW.validated_at::date OR NEW.review_on > (NEW.validated_at + interval '3 years 1 day')::date
        OR (SELECT count(*) FROM protection_assessmentrisk r WHERE r.assessment_id = NEW.id) < 3
        OR EXISTS (SELECT 1 FROM protection_assessmentcontribution c
                    WHERE c.assessment_id = NEW.id AND c.answered_at IS NULL AND c.withdrawn_at IS NULL)
        OR NOT EXISTS (SELECT 1 FROM protection_assessmentcontribution c
                        WHERE c.assessment_id = NEW.id AND c.organisation_id = NEW.organisation_id AND c.kind = 'opinion'
                          AND c.answered_at IS NOT NULL AND (c.is_reported OR c.answered_by <> NEW.validated_by))) THEN
        RAISE EXCEPTION 'not whole yet' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_stays BEFORE UPDATE ON protection_assessment
    FOR EACH ROW EXECUTE FUNCTION protection_assessment_stays();

-- A risk is written while its version is a draft, and stays that of its event.
CREATE FUNCTION protection_risk_of_a_draft() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.assessment_id, NEW.event, NEW.id) IS DISTINCT FROM (OLD.assessment_id, OLD.event, OLD.id) OR EXISTS (
        SELECT 1 FROM protection_assessment a
         WHERE a.id = NEW.assessment_id AND a.organisation_id = cases_caller() AND a.state <> 'draft') THEN
        RAISE EXCEPTION 'what was validated stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER risk_of_a_draft BEFORE INSERT OR UPDATE ON protection_assessmentrisk
    FOR EACH ROW EXECUTE FUNCTION protection_risk_of_a_draft();

-- Asked while the version is a draft, of a signing party of the convention or of one's own delegate; nobody can say for another
-- whether somebody there watches over its data.
CREATE FUNCTION protection_contribution_asked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.answered_at IS NOT NULL OR NEW.document_id IS NOT NULL OR NEW.withdrawn_at IS NOT NULL
        OR NEW.due_on < clock_timestamp()::date OR NOT EXISTS (
        SELECT 1 FROM protection_assessment a
          JOIN conventions_party p ON p.convention_id = a.convention_id AND p.organisation_id = NEW.organisation_id AND p.role <> 'informed'
         WHERE a.id = NEW.assessment_id AND a.organisation_id = NEW.leader_id AND a.state = 'draft') THEN
        RAISE EXCEPTION 'asked of a party, for a draft' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.is_here := protection_watched_here(NEW.organisation_id);
    RETURN NEW;
END $$;
CREATE TRIGGER contribution_asked BEFORE INSERT ON protection_assessmentcontribution
    FOR EACH ROW EXECUTE FUNCTION protection_contribution_asked();

-- What was asked stays. Whoever is asked answers once; the leader answers for whoever has nobody here, or waits no longer.
CREATE FUNCTION protection_contribution_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changes text[] := '{}'::text[];
BEGIN
    IF OLD.answered_at IS NULL AND OLD.withdrawn_at IS NULL AND EXISTS (
        SELECT 1 FROM protection_assessment a WHERE a.id = OLD.assessment_id AND a.state = 'draft') THEN
        IF cases_caller() = OLD.organisation_id OR cases_caller() = OLD.leader_id AND NOT OLD.is_here THEN
            changes := changes || '{answered_at,answered_by,is_reported,stance,words,document_id}'::text[];
        END IF;
        IF cases_caller() = OLD.leader_id THEN
            changes := changes || '{withdrawn_at,withdrawn_by}'::text[];
        END IF;
    END IF;
    IF to_jsonb(NEW) - changes <> to_jsonb(OLD) - changes OR NOT OLD.is_here AND cases_caller() <> OLD.organisation_id
        AND NEW.answered_at IS NOT NULL AND (NEW.document_id IS NULL OR NEW.kind = 'opinion' AND NOT NEW.is_reported) THEN
        RAISE EXCEPTION 'what was asked and answered stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contribution_stays BEFORE UPDATE ON protection_assessmentcontribution
    FOR EACH ROW EXECUTE FUNCTION protection_contribution_stays();
REVOKE ALL ON FUNCTION protection_assessment_opens(), protection_assessment_stays(), protection_risk_of_a_draft(),
    protection_contribution_asked(), protection_contribution_stays() FROM PUBLIC;
"""
UNDO = """
DROP TRIGGER contribution_stays ON protection_assessmentcontribution;
DROP FUNCTION protection_contribution_stays();
DROP TRIGGER contribution_asked ON protection_assessmentcontribution;
DROP FUNCTION protection_contribution_asked();
DROP TRIGGER risk_of_a_draft ON protection_assessmentrisk;
DROP FUNCTION protection_risk_of_a_draft();
DROP TRIGGER assessment_stays ON protection_assessment;
DROP FUNCTION protection_assessment_stays();
DROP TRIGGER assessment_opens ON protection_assessment;
DROP FUNCTION protection_assessment_opens();
DROP TRIGGER recorded ON protection_assessmentcontribution;
DROP TRIGGER recorded ON protection_assessment;
"""
TABLES = ("assessment", "assessmentrisk", "assessmentcontribution")


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0015_evidence_known'),
        ('documents', '0004_workbooks'),
        ('organisations', '0009_directory'),
        ('protection', '0008_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('regime', models.CharField(max_length=80, verbose_name='régime')),
                ('scope', models.CharField(max_length=400, verbose_name='portée')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('state', models.CharField(default='draft', max_length=10, verbose_name='état')),
                ('lead_reason', models.CharField(blank=True, max_length=300, verbose_name='pourquoi votre organisme mène l’analyse')),
                ('necessity', models.CharField(blank=True, max_length=4000, verbose_name='nécessité et proportionnalité')),
                ('written_at', models.DateTimeField(blank=True, null=True, verbose_name='écrite le')),
                ('decision', models.CharField(blank=True, max_length=16, verbose_name='décision')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='à revoir le')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='empreinte')),
                ('text_digest', models.CharField(blank=True, max_length=64, verbose_name='empreinte des clauses')),
                ('recorded_at', models.DateTimeField(verbose_name='ouverte le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('validated_at', models.DateTimeField(blank=True, null=True, verbose_name='validée le')),
                ('validated_by', models.UUIDField(blank=True, null=True)),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'analyse d’impact',
            },
        ),
        migrations.CreateModel(
            name='AssessmentContribution',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=14, verbose_name='demande')),
                ('question', models.CharField(max_length=4000, verbose_name='question')),
                ('subject', models.CharField(max_length=700, verbose_name='objet')),
                ('due_on', models.DateField(verbose_name='attendue le')),
                ('is_here', models.BooleanField(default=True, verbose_name='prévenue par Maillage')),
                ('recorded_at', models.DateTimeField(verbose_name='demandée le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='répondue le')),
                ('answered_by', models.UUIDField(blank=True, null=True)),
                ('is_reported', models.BooleanField(default=False, verbose_name='rapportée')),
                ('stance', models.CharField(blank=True, max_length=12, verbose_name='sens de l’avis')),
                ('words', models.CharField(blank=True, max_length=4000, verbose_name='réponse')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='n’est plus attendue depuis le')),
                ('withdrawn_by', models.UUIDField(blank=True, null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='protection.assessment')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'contribution à une analyse d’impact',
            },
        ),
        migrations.CreateModel(
            name='AssessmentRisk',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('event', models.CharField(max_length=10, verbose_name='événement redouté')),
                ('sources', models.CharField(max_length=4000, verbose_name='sources')),
                ('impacts', models.CharField(max_length=4000, verbose_name='impacts')),
                ('measures', models.CharField(max_length=4000, verbose_name='mesures')),
                ('severity', models.PositiveSmallIntegerField(verbose_name='gravité')),
                ('likelihood', models.PositiveSmallIntegerField(verbose_name='vraisemblance')),
                ('residual_severity', models.PositiveSmallIntegerField(verbose_name='gravité après les mesures')),
                ('residual_likelihood', models.PositiveSmallIntegerField(verbose_name='vraisemblance après les mesures')),
                ('written_at', models.DateTimeField(verbose_name='écrit le')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risks', to='protection.assessment')),
            ],
            options={
                'verbose_name': 'risque d’une analyse d’impact',
            },
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'validated', 'replaced'])), name='assessment_state_known'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1), models.Q(('regime', ''), _negated=True), models.Q(('scope', ''), _negated=True)), name='assessment_of_something'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(fields=('organisation', 'convention', 'regime', 'number'), name='assessment_number_once', violation_error_message='Cette version est déjà ouverte.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('organisation', 'convention', 'regime'), name='assessment_one_draft', violation_error_message='Une version est déjà en préparation.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'validated')), fields=('organisation', 'convention', 'regime'), name='assessment_one_validated', violation_error_message='Une version est déjà validée.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['', 'go_on', 'with_measures', 'consult'])), name='assessment_decision_known', violation_error_message='Choisissez dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', ''), ('description', ''), ('digest', ''), ('review_on__isnull', True), ('state', 'draft'), ('text_digest', ''), ('validated_at__isnull', True), ('validated_by__isnull', True)), models.Q(models.Q(('state', 'draft'), _negated=True), ('review_on__isnull', False), ('validated_at__isnull', False), ('validated_by__isnull', False), models.Q(('decision', ''), _negated=True), models.Q(('description', ''), _negated=True), ('digest__regex', '^[0-9a-f]{64}$'), ('text_digest__regex', '^[0-9a-f]{64}$'), models.Q(('necessity', ''), _negated=True)), _connector='OR'), name='assessment_validated_whole', violation_error_message='Une analyse validée dit tout : nécessité, décision, date de révision.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('validated_at__isnull', True), ('validated_at__gte', models.F('recorded_at')), _connector='OR'), name='assessment_validated_after_opened'),
        ),
        migrations.AddIndex(
            model_name='assessmentcontribution',
            index=models.Index(condition=models.Q(('answered_at__isnull', True), ('withdrawn_at__isnull', True)), fields=['organisation', 'due_on'], name='contribution_to_answer'),
        ),
        migrations.AddIndex(
            model_name='assessmentcontribution',
            index=models.Index(condition=models.Q(('answered_at__isnull', True), ('withdrawn_at__isnull', True)), fields=['leader', 'due_on'], name='contribution_awaited'),
        ),
        migrations.AddIndex(
            model_name='assessmentcontribution',
            index=models.Index(fields=['organisation', '-recorded_at'], name='contribution_recent'),
        ),
        migrations.AddConstraint(
            model_name='assessmentcontribution',
            constraint=models.UniqueConstraint(fields=('assessment', 'organisation', 'kind'), name='assessmentcontribution_once', violation_error_message='Cela lui est déjà demandé.'),
        ),
        migrations.AddConstraint(
            model_name='assessmentcontribution',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['documentation', 'opinion']), ('stance__in', ['', 'favourable', 'reserved', 'unfavourable'])), name='assessmentcontribution_known', violation_error_message='Choisissez dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='assessmentcontribution',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'opinion'), models.Q(('organisation', models.F('leader')), _negated=True), _connector='OR'), name='assessmentcontribution_of_another', violation_error_message='Un organisme ne se demande pas sa propre documentation.'),
        ),
        migrations.AddConstraint(
            model_name='assessmentcontribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('question', ''), _negated=True), models.Q(('subject', ''), _negated=True)), name='assessmentcontribution_asks', violation_error_message='Écrivez quelques mots.'),
        ),
        migrations.AddConstraint(
            model_name='assessmentcontribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('document__isnull', True), ('is_reported', False), ('stance', ''), ('words', '')), models.Q(('answered_at__gte', models.F('recorded_at')), ('answered_by__isnull', False), ('withdrawn_at__isnull', True), models.Q(('words', ''), _negated=True)), _connector='OR'), name='assessmentcontribution_answered_whole', violation_error_message='Une réponse dit quelques mots.'),
        ),
        migrations.AddConstraint(
            model_name='assessmentcontribution',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), models.Q(('kind', 'opinion'), models.Q(('stance', ''), _negated=True)), models.Q(('is_reported', False), ('kind', 'documentation'), ('stance', '')), _connector='OR'), name='assessmentcontribution_opinion_has_a_stance', violation_error_message='Dites le sens de l’avis.'),
        ),
        migrations.AddConstraint(
            model_name='assessmentcontribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__gte', models.F('recorded_at')), ('withdrawn_by__isnull', False)), _connector='OR'), name='assessmentcontribution_withdrawn_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='assessmentrisk',
            constraint=models.UniqueConstraint(fields=('assessment', 'event'), name='assessmentrisk_once', violation_error_message='Ce risque est déjà décrit.'),
        ),
        migrations.AddConstraint(
            model_name='assessmentrisk',
            constraint=models.CheckConstraint(condition=models.Q(('event__in', ['access', 'change', 'loss'])), name='assessmentrisk_event_known'),
        ),
        migrations.AddConstraint(
            model_name='assessmentrisk',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sources', ''), _negated=True), models.Q(('impacts', ''), _negated=True), models.Q(('measures', ''), _negated=True)), name='assessmentrisk_says_why', violation_error_message='Dites d’où vient le risque, ses effets et les mesures.'),
        ),
        migrations.AddConstraint(
            model_name='assessmentrisk',
            constraint=models.CheckConstraint(condition=models.Q(('likelihood__in', [1, 2, 3, 4]), ('residual_likelihood__in', [1, 2, 3, 4]), ('residual_severity__in', [1, 2, 3, 4]), ('severity__in', [1, 2, 3, 4])), name='assessmentrisk_on_the_scale', violation_error_message='Choisissez de 1 à 4.'),
        ),
        migrations.AddConstraint(
            model_name='assessmentrisk',
            constraint=models.CheckConstraint(condition=models.Q(('residual_likelihood__lte', models.F('likelihood')), ('residual_severity__lte', models.F('severity'))), name='assessmentrisk_not_worse_after', violation_error_message='Les mesures ne peuvent pas aggraver le risque.'),
        ),
        *(ProtectTable(f"protection_{table}") for table in TABLES),
        *(JournalTable(f"protection_{table}", "id") for table in TABLES),
        migrations.RunSQL(GUARDS, UNDO),
    ]
