"""Yearly sheets filled by the parties of a convention; campaigns, what they release, and what the role of statistics may call."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

SHEETS = """
ALTER TABLE indicators_yearsheet ADD CONSTRAINT yearsheet_of_its_convention UNIQUE (id, convention_id);
ALTER TABLE indicators_yearanswer ADD CONSTRAINT yearanswer_in_its_convention
    FOREIGN KEY (sheet_id, convention_id) REFERENCES indicators_yearsheet (id, convention_id);

-- A sheet stays that of its convention and year. Whoever holds the convention alone gives back, validates and opens again.
CREATE FUNCTION indicators_sheet_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'filling' THEN
            RAISE EXCEPTION 'a sheet is filled first' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.convention_id, NEW.year, NEW.begun_at, NEW.begun_by)
        IS DISTINCT FROM (OLD.id, OLD.convention_id, OLD.year, OLD.begun_at, OLD.begun_by) THEN
        RAISE EXCEPTION 'a sheet stays that of its year' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = OLD.state AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a sheet changes by a step' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND NEW.state <> 'submitted' AND NOT EXISTS (
        SELECT 1 FROM conventions_convention v WHERE v.id = NEW.convention_id AND v.drafted_by_id = cases_caller()) THEN
        RAISE EXCEPTION 'whoever holds the convention checks its sheets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON indicators_yearsheet FOR EACH ROW EXECUTE FUNCTION indicators_sheet_kept();

-- Answers are added while the sheet is filled, one after the other; none is rewritten.
CREATE FUNCTION indicators_answer_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    stands text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'an answer stays as it was given' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT s.state INTO stands FROM indicators_yearsheet s WHERE s.id = NEW.sheet_id FOR SHARE;
    IF stands IS DISTINCT FROM 'filling' THEN
        RAISE EXCEPTION 'this sheet is no longer filled' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.revision > 1 AND NOT EXISTS (
        SELECT 1 FROM indicators_yearanswer a WHERE a.sheet_id = NEW.sheet_id AND a.question = NEW.question AND a.part = NEW.part
           AND a.revision = NEW.revision - 1) THEN
        RAISE EXCEPTION 'an answer follows the one before' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON indicators_yearanswer FOR EACH ROW EXECUTE FUNCTION indicators_answer_kept();
REVOKE ALL ON FUNCTION indicators_sheet_kept(), indicators_answer_kept() FROM PUBLIC;
"""

NO_SHEETS = """
DROP TRIGGER kept ON indicators_yearanswer;
DROP TRIGGER kept ON indicators_yearsheet;
DROP FUNCTION indicators_answer_kept();
DROP FUNCTION indicators_sheet_kept();
ALTER TABLE indicators_yearanswer DROP CONSTRAINT yearanswer_in_its_convention;
ALTER TABLE indicators_yearsheet DROP CONSTRAINT yearsheet_of_its_convention;
"""

CAMPAIGNS = """
CREATE FUNCTION indicators_campaign_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changing text[] := '{state,due_on,closed_at,closed_by,released_at,policy,refused,answered}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            RAISE EXCEPTION 'a campaign is opened first' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing THEN
        RAISE EXCEPTION 'a campaign asks what it asked' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'released' AND session_user IN ('maillage_app', 'maillage_worker') THEN
        RAISE EXCEPTION 'figures are released once they are protected' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON indicators_campaign FOR EACH ROW EXECUTE FUNCTION indicators_campaign_kept();
REVOKE ALL ON FUNCTION indicators_campaign_kept() FROM PUBLIC;

-- The conventions of which a campaign asks its questions: those that implement its text and were in force on a day of its year.
CREATE FUNCTION indicators_scope(of_campaign uuid) RETURNS TABLE (convention uuid)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT v.id
      FROM indicators_campaign c
      JOIN conventions_relation k ON k.target_id = c.framework_id AND k.kind = 'implements'
      JOIN conventions_convention v ON v.id = k.convention_id
     WHERE c.id = of_campaign
       AND v.in_force && tstzrange(make_date(c.year, 1, 1)::timestamp AT TIME ZONE v.time_zone,
                                   make_date(c.year + 1, 1, 1)::timestamp AT TIME ZONE v.time_zone)
$$;
REVOKE ALL ON FUNCTION indicators_scope(uuid) FROM PUBLIC;

-- Who has answered, for whoever opened the campaign: where each sheet stands, and nothing of what it says.
CREATE FUNCTION indicators_progress(of_campaign uuid)
RETURNS TABLE (convention uuid, title varchar, caisse varchar, departement varchar, network varchar, state varchar, since timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM indicators_campaign c WHERE c.id = of_campaign AND c.opened_for_id = cases_caller();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such campaign' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT v.id, v.title, o.name, o.departement, v.partner_kind, coalesce(s.state, ''),
           coalesce(s.validated_at, s.submitted_at, s.begun_at)
      FROM indicators_scope(of_campaign) scope
      JOIN indicators_campaign c ON c.id = of_campaign
      JOIN conventions_convention v ON v.id = scope.convention
      JOIN organisations_organisation o ON o.id = v.drafted_by_id
      LEFT JOIN indicators_yearsheet s ON s.convention_id = v.id AND s.year = c.year
     ORDER BY o.departement, o.sort_name, v.sort_title, v.id;
END $$;
REVOKE ALL ON FUNCTION indicators_progress(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION indicators_progress(uuid) TO maillage_app;
"""

# The role of statistics reads no table: it is given counts by convention, and gives back what may be read.
STATISTICS = """
CREATE FUNCTION indicators_campaigns_waiting() RETURNS TABLE (campaign uuid, year smallint, questions jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id, c.year, c.questions FROM indicators_campaign c WHERE c.state = 'closed' ORDER BY c.closed_at, c.id
$$;

CREATE FUNCTION indicators_campaign_sheets(of_campaign uuid)
RETURNS TABLE (convention uuid, caisse uuid, departement varchar, network varchar, amounts jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT v.id, v.drafted_by_id, o.departement, v.partner_kind, s.amounts
      FROM indicators_campaign c
      JOIN indicators_scope(c.id) scope ON true
      JOIN conventions_convention v ON v.id = scope.convention
      JOIN organisations_organisation o ON o.id = v.drafted_by_id
      JOIN indicators_yearsheet s ON s.convention_id = v.id AND s.year = c.year AND s.state = 'validated'
     WHERE c.id = of_campaign AND c.state = 'closed'
     ORDER BY v.id
$$;

-- The newest answer at each place of these sheets: numbers and choices. What was written in words stays with its parties.
CREATE FUNCTION indicators_campaign_answers(of_campaign uuid)
RETURNS TABLE (convention uuid, question varchar, part varchar, number numeric, words varchar, count integer, over integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT ON (s.convention_id, a.question, a.part) s.convention_id, a.question, a.part, a.number,
           CASE WHEN a.words ~ '^[a-z0-9_]{1,80}$' THEN a.words ELSE '' END, a.count, a.over
      FROM indicators_campaign c
      JOIN indicators_scope(c.id) scope ON true
      JOIN indicators_yearsheet s ON s.convention_id = scope.convention AND s.year = c.year AND s.state = 'validated'
      JOIN indicators_yearanswer a ON a.sheet_id = s.id
     WHERE c.id = of_campaign AND c.state = 'closed'
     ORDER BY s.convention_id, a.question, a.part, a.revision DESC
$$;

CREATE FUNCTION indicators_publish(of_campaign uuid, under smallint, sheets integer, because text, cells jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE indicators_campaign c
       SET state = 'released', released_at = statement_timestamp(), policy = under, answered = sheets, refused = because
     WHERE c.id = of_campaign AND c.state = 'closed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a campaign is released once, after it is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO indicators_releasedfigure (id, campaign_id, question, part, term, territory, network, amount)
    SELECT gen_random_uuid(), of_campaign, cell ->> 0, cell ->> 1, cell ->> 2, cell ->> 3, cell ->> 4, (cell ->> 5)::bigint
      FROM jsonb_array_elements(cells) cell;
END $$;
REVOKE ALL ON FUNCTION indicators_campaigns_waiting(), indicators_campaign_sheets(uuid), indicators_campaign_answers(uuid),
    indicators_publish(uuid, smallint, integer, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION indicators_campaigns_waiting(), indicators_campaign_sheets(uuid), indicators_campaign_answers(uuid),
    indicators_publish(uuid, smallint, integer, text, jsonb) TO maillage_statistics;
"""

NO_CAMPAIGNS = """
DROP FUNCTION indicators_publish(uuid, smallint, integer, text, jsonb);
DROP FUNCTION indicators_campaign_answers(uuid);
DROP FUNCTION indicators_campaign_sheets(uuid);
DROP FUNCTION indicators_campaigns_waiting();
DROP FUNCTION indicators_progress(uuid);
DROP FUNCTION indicators_scope(uuid);
DROP TRIGGER kept ON indicators_campaign;
DROP FUNCTION indicators_campaign_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
        ('cases', '0016_withheld_found'),
        ('conventions', '0012_commitment_evidence'),
        ('indicators', '0001_counted'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=300, verbose_name='texte')),
                ('year', models.PositiveSmallIntegerField(verbose_name='année')),
                ('state', models.CharField(default='open', max_length=12, verbose_name='état')),
                ('questions', models.JSONField(verbose_name='questions')),
                ('due_on', models.DateField(verbose_name='réponses attendues pour le')),
                ('opened_at', models.DateTimeField(verbose_name='ouverte le')),
                ('opened_by', models.UUIDField(verbose_name='par')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='close le')),
                ('closed_by', models.UUIDField(blank=True, null=True, verbose_name='close par')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='publiée le')),
                ('policy', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='règle de protection')),
                ('refused', models.CharField(blank=True, max_length=300, verbose_name='pourquoi rien n’est publié')),
                ('answered', models.PositiveIntegerField(blank=True, null=True, verbose_name='fiches validées')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('opened_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'campagne annuelle',
            },
        ),
        migrations.CreateModel(
            name='ReleasedFigure',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('question', models.CharField(max_length=80, verbose_name='question')),
                ('part', models.CharField(blank=True, max_length=80, verbose_name='partie')),
                ('term', models.CharField(blank=True, max_length=80, verbose_name='terme')),
                ('territory', models.CharField(max_length=40, verbose_name='territoire')),
                ('network', models.CharField(max_length=20, verbose_name='réseau')),
                ('amount', models.BigIntegerField(blank=True, null=True, verbose_name='nombre')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='indicators.campaign')),
            ],
            options={
                'verbose_name': 'chiffre publié',
            },
        ),
        migrations.CreateModel(
            name='YearSheet',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('year', models.PositiveSmallIntegerField(verbose_name='année')),
                ('state', models.CharField(default='filling', max_length=12, verbose_name='état')),
                ('amounts', models.JSONField(blank=True, null=True, verbose_name='chiffres arrêtés')),
                ('back_reason', models.CharField(blank=True, max_length=1000, verbose_name='pourquoi elle est rendue')),
                ('begun_at', models.DateTimeField(verbose_name='commencée le')),
                ('begun_by', models.UUIDField(verbose_name='par')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='transmise le')),
                ('submitted_by', models.UUIDField(blank=True, null=True, verbose_name='transmise par')),
                ('validated_at', models.DateTimeField(blank=True, null=True, verbose_name='validée le')),
                ('validated_by', models.UUIDField(blank=True, null=True, verbose_name='validée par')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
            ],
            options={
                'verbose_name': 'fiche annuelle d’une convention',
            },
        ),
        migrations.CreateModel(
            name='YearAnswer',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('question', models.CharField(max_length=80, verbose_name='question')),
                ('part', models.CharField(blank=True, max_length=80, verbose_name='partie')),
                ('revision', models.PositiveSmallIntegerField(verbose_name='version')),
                ('number', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='nombre')),
                ('words', models.CharField(blank=True, max_length=4000, verbose_name='réponse')),
                ('count', models.PositiveIntegerField(blank=True, null=True, verbose_name='numérateur')),
                ('over', models.PositiveIntegerField(blank=True, null=True, verbose_name='dénominateur')),
                ('comment', models.CharField(blank=True, max_length=1000, verbose_name='commentaire')),
                ('why', models.CharField(blank=True, max_length=1000, verbose_name='pourquoi c’est juste')),
                ('said_at', models.DateTimeField(verbose_name='le')),
                ('said_by', models.UUIDField(verbose_name='par')),
                ('said_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='indicators.yearsheet')),
            ],
            options={
                'verbose_name': 'réponse à une question de l’année',
            },
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(fields=['-year', 'title'], name='campaign_list'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(fields=('framework', 'year'), name='campaign_once_a_year', violation_error_message='Une campagne existe déjà pour ce texte et cette année.'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed', 'released'])), name='campaign_state_known'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='campaign_closed_by_someone', violation_error_message='Une campagne close dit quand et par qui.'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('policy__isnull', False), ('released_at__isnull', False), ('state', 'released')), models.Q(models.Q(('state', 'released'), _negated=True), ('policy__isnull', True), ('released_at__isnull', True)), _connector='OR'), name='campaign_released_has_its_date', violation_error_message='Des chiffres publiés disent quand, et sous quelle règle.'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('opened_at')), _connector='OR'), name='campaign_closed_after_opened', violation_error_message='Une campagne se clôt après son ouverture.'),
        ),
        migrations.AddConstraint(
            model_name='releasedfigure',
            constraint=models.UniqueConstraint(fields=('campaign', 'question', 'part', 'term', 'territory', 'network'), name='releasedfigure_once', violation_error_message='Ce chiffre est déjà publié.'),
        ),
        migrations.AddConstraint(
            model_name='releasedfigure',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gte', 0), _connector='OR'), name='releasedfigure_not_negative', violation_error_message='Un chiffre n’est pas négatif.'),
        ),
        migrations.AddConstraint(
            model_name='yearsheet',
            constraint=models.UniqueConstraint(fields=('convention', 'year'), name='yearsheet_once', violation_error_message='La fiche de cette année est déjà commencée.'),
        ),
        migrations.AddConstraint(
            model_name='yearsheet',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['filling', 'submitted', 'validated'])), name='yearsheet_state_known'),
        ),
        migrations.AddConstraint(
            model_name='yearsheet',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2199)), name='yearsheet_year_plausible', violation_error_message='Une fiche est celle d’une année civile.'),
        ),
        migrations.AddConstraint(
            model_name='yearsheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amounts__isnull', False), ('state', 'validated'), ('validated_at__isnull', False), ('validated_by__isnull', False)), models.Q(models.Q(('state', 'validated'), _negated=True), ('amounts__isnull', True), ('validated_at__isnull', True), ('validated_by__isnull', True)), _connector='OR'), name='yearsheet_validated_by_someone', violation_error_message='Une fiche validée dit quand, par qui et sur quels chiffres.'),
        ),
        migrations.AddConstraint(
            model_name='yearsheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('submitted_at__isnull', True), ('submitted_by__isnull', True)), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='yearsheet_submitted_by_someone', violation_error_message='Une fiche transmise dit quand et par qui.'),
        ),
        migrations.AddConstraint(
            model_name='yearsheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'submitted'), _negated=True), ('submitted_at__isnull', False), _connector='OR'), name='yearsheet_submitted_has_its_date', violation_error_message='Une fiche transmise dit quand et par qui.'),
        ),
        migrations.AddConstraint(
            model_name='yearanswer',
            constraint=models.UniqueConstraint(fields=('convention_id', 'sheet', 'question', 'part', 'revision'), name='yearanswer_one_after_the_other', violation_error_message='Quelqu’un a répondu avant vous.'),
        ),
        migrations.AddConstraint(
            model_name='yearanswer',
            constraint=models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='yearanswer_revision_counts_from_one'),
        ),
        migrations.AddConstraint(
            model_name='yearanswer',
            constraint=models.CheckConstraint(condition=models.Q(('number__isnull', True), ('number__gte', 0), _connector='OR'), name='yearanswer_not_negative', violation_error_message='Un chiffre n’est pas négatif.'),
        ),
        migrations.AddConstraint(
            model_name='yearanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('count__isnull', True), ('over__isnull', True)), models.Q(('count__isnull', False), ('number__isnull', True), ('over__gt', 0)), _connector='OR'), name='yearanswer_two_terms', violation_error_message='Un rapport a ses deux termes, et son dénominateur n’est pas zéro.'),
        ),
        migrations.AddConstraint(
            model_name='yearanswer',
            constraint=models.CheckConstraint(condition=models.Q(('words__regex', '(?<![0-9][ \\t\\n.\\u00a0\\u202f-]?)(?!0[ \\t\\n.\\u00a0\\u202f-]?8([ \\t\\n.\\u00a0\\u202f-]?[0-9]){8}(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))(?![0-9]{5}([ \\t\\n.\\u00a0\\u202f-][0-9]{5})+(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))([0-9][ \\t\\n.\\u00a0\\u202f-]?){9,}'), _negated=True), name='yearanswer_words_holds_no_number', violation_error_message='Ici, on ne parle d’aucune personne : retirez ce numéro.'),
        ),
        migrations.AddConstraint(
            model_name='yearanswer',
            constraint=models.CheckConstraint(condition=models.Q(('words__regex', '[@＠﹫]'), _negated=True), name='yearanswer_words_holds_no_address', violation_error_message='Ici, on ne parle d’aucune personne : retirez cette adresse électronique.'),
        ),
        migrations.AddConstraint(
            model_name='yearanswer',
            constraint=models.CheckConstraint(condition=models.Q(('comment__regex', '(?<![0-9][ \\t\\n.\\u00a0\\u202f-]?)(?!0[ \\t\\n.\\u00a0\\u202f-]?8([ \\t\\n.\\u00a0\\u202f-]?[0-9]){8}(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))(?![0-9]{5}([ \\t\\n.\\u00a0\\u202f-][0-9]{5})+(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))([0-9][ \\t\\n.\\u00a0\\u202f-]?){9,}'), _negated=True), name='yearanswer_comment_holds_no_number', violation_error_message='Ici, on ne parle d’aucune personne : retirez ce numéro.'),
        ),
        migrations.AddConstraint(
            model_name='yearanswer',
            constraint=models.CheckConstraint(condition=models.Q(('comment__regex', '[@＠﹫]'), _negated=True), name='yearanswer_comment_holds_no_address', violation_error_message='Ici, on ne parle d’aucune personne : retirez cette adresse électronique.'),
        ),
        migrations.AddConstraint(
            model_name='yearanswer',
            constraint=models.CheckConstraint(condition=models.Q(('why__regex', '(?<![0-9][ \\t\\n.\\u00a0\\u202f-]?)(?!0[ \\t\\n.\\u00a0\\u202f-]?8([ \\t\\n.\\u00a0\\u202f-]?[0-9]){8}(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))(?![0-9]{5}([ \\t\\n.\\u00a0\\u202f-][0-9]{5})+(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))([0-9][ \\t\\n.\\u00a0\\u202f-]?){9,}'), _negated=True), name='yearanswer_why_holds_no_number', violation_error_message='Ici, on ne parle d’aucune personne : retirez ce numéro.'),
        ),
        migrations.AddConstraint(
            model_name='yearanswer',
            constraint=models.CheckConstraint(condition=models.Q(('why__regex', '[@＠﹫]'), _negated=True), name='yearanswer_why_holds_no_address', violation_error_message='Ici, on ne parle d’aucune personne : retirez cette adresse électronique.'),
        ),
        ProtectTable('indicators_campaign'),
        ProtectTable('indicators_releasedfigure'),
        ProtectTable('indicators_yearsheet'),
        ProtectTable('indicators_yearanswer'),
        JournalTable('indicators_campaign'),
        JournalTable('indicators_yearsheet'),
        JournalTable('indicators_yearanswer'),
        migrations.RunSQL(SHEETS, NO_SHEETS),
        migrations.RunSQL(CAMPAIGNS + STATISTICS, NO_CAMPAIGNS),
    ]
