"""Local actions that the parties of a convention propose to the national text that it implements, and what is read of them there."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

PROPOSALS = """
-- What is proposed is an action of that convention which its parties found worth it, to a national text that it implements.
CREATE FUNCTION steering_of_its_action() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM steering_localaction a
                    WHERE a.id = NEW.action_id AND a.convention_id = NEW.convention_id AND a.worth
                      AND a.state IN ('analysed', 'kept', 'rolled_out')) THEN
        RAISE EXCEPTION 'an action is proposed once its parties find it worth it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM conventions_relation k JOIN conventions_convention f ON f.id = k.target_id
                    WHERE k.convention_id = NEW.convention_id AND k.kind = 'implements' AND k.target_id = NEW.framework_id
                      AND f.level IN ('national_framework', 'national')) THEN
        RAISE EXCEPTION 'the convention implements no such national text' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
ALTER TABLE steering_localaction ADD CONSTRAINT localaction_of_its_convention UNIQUE (id, convention_id);
ALTER TABLE steering_proposal ADD CONSTRAINT proposal_in_its_convention
    FOREIGN KEY (action_id, convention_id) REFERENCES steering_localaction (id, convention_id);
CREATE TRIGGER of_its_action BEFORE INSERT ON steering_proposal FOR EACH ROW EXECUTE FUNCTION steering_of_its_action();
CREATE TRIGGER kept BEFORE UPDATE ON steering_proposal
    FOR EACH ROW EXECUTE FUNCTION steering_kept('{withdrawn_at,withdrawn_by}', '{}');
CREATE TRIGGER recorded BEFORE INSERT ON steering_proposal FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

-- The national texts that a convention implements, for its parties: the partner does not read these texts themselves.
CREATE FUNCTION steering_texts_above(of_convention uuid) RETURNS TABLE (framework uuid, title text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM conventions_party mine
      WHERE mine.convention_id = of_convention AND mine.organisation_id = cases_caller() AND mine.role <> 'informed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such convention' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT DISTINCT f.id, f.title::text
      FROM conventions_relation k JOIN conventions_convention f ON f.id = k.target_id
     WHERE k.convention_id = of_convention AND k.kind = 'implements' AND f.level IN ('national_framework', 'national')
       AND f.state IN ('signed', 'in_force')
     ORDER BY 2, 1;
END $$;

-- What was proposed to a national text, for whoever holds it: the words of the parties, who proposed it, where it stands. Nothing else
-- of the convention, nor of its actions.
CREATE FUNCTION steering_proposed(of_framework uuid)
RETURNS TABLE (proposal uuid, theme varchar, title varchar, outcome varchar, state varchar, proposed_at timestamptz, body varchar,
               departement varchar)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM conventions_convention f
      WHERE f.id = of_framework AND f.drafted_by_id = cases_caller() AND f.level IN ('national_framework', 'national');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such national text' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT p.id, p.theme, p.title, p.outcome, a.state, p.recorded_at, o.name, o.departement
      FROM steering_proposal p
      JOIN steering_localaction a ON a.id = p.action_id
      JOIN organisations_organisation o ON o.id = p.recorded_for_id
     WHERE p.framework_id = of_framework AND p.withdrawn_at IS NULL
     ORDER BY p.recorded_at DESC, p.id
     LIMIT 1000;
END $$;
REVOKE ALL ON FUNCTION steering_of_its_action(), steering_texts_above(uuid), steering_proposed(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steering_texts_above(uuid), steering_proposed(uuid) TO maillage_app;
"""

UNDO = """
DROP FUNCTION steering_proposed(uuid);
DROP FUNCTION steering_texts_above(uuid);
DROP TRIGGER recorded ON steering_proposal;
DROP TRIGGER kept ON steering_proposal;
DROP TRIGGER of_its_action ON steering_proposal;
DROP FUNCTION steering_of_its_action();
ALTER TABLE steering_proposal DROP CONSTRAINT proposal_in_its_convention;
ALTER TABLE steering_localaction DROP CONSTRAINT localaction_of_its_convention;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
        ('conventions', '0014_deployment'),
        ('organisations', '0009_directory'),
        ('steering', '0004_provision'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('theme', models.CharField(max_length=20, verbose_name='thème')),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('outcome', models.CharField(max_length=1000, verbose_name='ce qu’il en est sorti')),
                ('recorded_at', models.DateTimeField(verbose_name='proposée le')),
                ('recorded_by', models.UUIDField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('withdrawn_by', models.UUIDField(blank=True, null=True)),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='steering.localaction')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'action locale proposée au niveau national',
                'indexes': [models.Index(fields=['convention'], name='proposal_convention'), models.Index(condition=models.Q(('withdrawn_at__isnull', True)), fields=['framework'], name='proposal_framework')],
                'constraints': [models.CheckConstraint(condition=models.Q(('theme__in', ['information', 'rights_and_care', 'digital', 'prevention', 'other'])), name='proposal_theme_known', violation_error_message='Choisissez un thème de la liste.'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('outcome', ''), _negated=True)), name='proposal_says_something', violation_error_message='Donnez un intitulé, et ce qu’il en est sorti.'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='proposal_withdrawn_by_someone'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('action',), name='proposal_once', violation_error_message='Cette action est déjà proposée au niveau national.'), models.CheckConstraint(condition=models.Q(models.Q(('title__regex', '(?<![0-9][ \\t\\n.\\u00a0\\u202f-]?)(?!0[ \\t\\n.\\u00a0\\u202f-]?8([ \\t\\n.\\u00a0\\u202f-]?[0-9]){8}(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))(?![0-9]{5}([ \\t\\n.\\u00a0\\u202f-][0-9]{5})+(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))([0-9][ \\t\\n.\\u00a0\\u202f-]?){9,}'), _negated=True), models.Q(('title__regex', '[@＠﹫]'), _negated=True)), name='proposal_title_names_nobody', violation_error_message='Ici, on ne parle d’aucune personne : retirez ce numéro ou cette adresse.'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__regex', '(?<![0-9][ \\t\\n.\\u00a0\\u202f-]?)(?!0[ \\t\\n.\\u00a0\\u202f-]?8([ \\t\\n.\\u00a0\\u202f-]?[0-9]){8}(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))(?![0-9]{5}([ \\t\\n.\\u00a0\\u202f-][0-9]{5})+(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))([0-9][ \\t\\n.\\u00a0\\u202f-]?){9,}'), _negated=True), models.Q(('outcome__regex', '[@＠﹫]'), _negated=True)), name='proposal_outcome_names_nobody', violation_error_message='Ici, on ne parle d’aucune personne : retirez ce numéro ou cette adresse.')],
            },
        ),
        ProtectTable('steering_proposal'),
        JournalTable('steering_proposal', 'id'),
        migrations.RunSQL(PROPOSALS, UNDO),
    ]
