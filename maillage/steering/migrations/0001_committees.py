"""Meetings of committees and what hangs on them; local actions. Their tables, closed and journalled from their first instant."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
import maillage.steering.committees.states
import maillage.steering.local_actions.states
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# A child names its convention and a parent that has one: both must be the same. Checked at once, not at commit.
PARENTS = {
    ("remark", "meeting_id"): "meeting",
    ("minutes", "meeting_id"): "meeting",
    ("decision", "meeting_id"): "meeting",
    ("decision", "confirmed_in_id"): "meeting",
    ("pack", "meeting_id"): "meeting",
    ("validation", "minutes_id"): "minutes",
}
GUARDS = """
-- A meeting stays as it was held, and is closed by the validation of the newest minutes by each member party.
CREATE FUNCTION steering_meeting_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moving text[] := '{state,planned_on,starts_at,place,link,inside,convocations,convened_at,convened_by,presence,agenda,reason,held_at,held_by,closed_at,cancelled_at,cancelled_by}';
    ending text[] := '{state,closed_at}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'closed' THEN
            RAISE EXCEPTION 'a meeting is closed by its parties' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving
        OR (OLD.state IN ('held', 'closed') AND to_jsonb(NEW) - ending <> to_jsonb(OLD) - ending) THEN
        RAISE EXCEPTION 'a meeting stays as it was held' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'closed' AND OLD.state <> 'closed' AND EXISTS (
        SELECT 1 FROM unnest(NEW.members) AS member (key)
         WHERE NOT EXISTS (
            SELECT 1 FROM steering_validation v
              JOIN steering_minutes m ON m.id = v.minutes_id AND m.content_hash = v.content_hash
             WHERE m.meeting_id = NEW.id AND v.party_key = member.key
               AND m.number = (SELECT max(newest.number) FROM steering_minutes newest WHERE newest.meeting_id = NEW.id)))
    THEN
        RAISE EXCEPTION 'not validated by all' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON steering_meeting FOR EACH ROW EXECUTE FUNCTION steering_meeting_kept();

-- Minutes and decisions are those of a meeting that was held, and that is not closed.
CREATE FUNCTION steering_of_a_held_meeting() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM steering_meeting m WHERE m.id = NEW.meeting_id AND m.state = 'held') THEN
        RAISE EXCEPTION 'not a meeting that was held' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER of_a_held_meeting BEFORE INSERT ON steering_minutes FOR EACH ROW EXECUTE FUNCTION steering_of_a_held_meeting();
CREATE TRIGGER of_a_held_meeting BEFORE INSERT ON steering_decision FOR EACH ROW EXECUTE FUNCTION steering_of_a_held_meeting();

-- A member party validates the text that stands.
CREATE FUNCTION steering_of_the_newest() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM steering_minutes m JOIN steering_meeting met ON met.id = m.meeting_id
         WHERE m.id = NEW.minutes_id AND m.content_hash = NEW.content_hash AND NEW.party_key = ANY (met.members)
           AND m.number = (SELECT max(newest.number) FROM steering_minutes newest WHERE newest.meeting_id = m.meeting_id)) THEN
        RAISE EXCEPTION 'not the text that stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER of_the_newest BEFORE INSERT ON steering_validation FOR EACH ROW EXECUTE FUNCTION steering_of_the_newest();
CREATE TRIGGER own_party BEFORE INSERT ON steering_validation FOR EACH ROW EXECUTE FUNCTION conventions_own_party('recorded_for_id');

-- Of a row only what happens to it later changes, and what has ended stays. The first argument is what may change, the second the
-- states after which nothing does.
CREATE FUNCTION steering_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
BEGIN
    IF after - TG_ARGV[0]::text[] <> before - TG_ARGV[0]::text[]
        OR (coalesce(before ->> 'state' = ANY (TG_ARGV[1]::text[]), before ->> 'withdrawn_at' IS NOT NULL) AND after <> before) THEN
        RAISE EXCEPTION 'what was said stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON steering_remark FOR EACH ROW EXECUTE FUNCTION steering_kept('{withdrawn_at}', '{}');
CREATE TRIGGER kept BEFORE UPDATE ON steering_decision
    FOR EACH ROW EXECUTE FUNCTION steering_kept('{state,confirmed_in_id,ended_at,ended_by,note}', '{done,dropped}');
CREATE TRIGGER kept BEFORE UPDATE ON steering_localaction FOR EACH ROW EXECUTE FUNCTION steering_kept(
    '{state,done,results,worth,analysed_at,analysed_by,arbiter,arbitrated_on,why,arbitrated_by,rollout,rolled_out_on,rolled_out_by}',
    '{refused,rolled_out}');

CREATE TRIGGER recorded BEFORE INSERT ON steering_remark FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON steering_minutes FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON steering_validation FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON steering_decision FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON steering_pack FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON steering_localaction FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

REVOKE ALL ON FUNCTION steering_meeting_kept(), steering_of_a_held_meeting(), steering_of_the_newest(), steering_kept() FROM PUBLIC;
"""
TABLES = ("meeting", "remark", "minutes", "validation", "decision", "pack", "localaction")
UNDO = """
DROP TRIGGER kept ON steering_localaction;
DROP TRIGGER kept ON steering_decision;
DROP TRIGGER kept ON steering_remark;
DROP TRIGGER own_party ON steering_validation;
DROP TRIGGER of_the_newest ON steering_validation;
DROP TRIGGER of_a_held_meeting ON steering_decision;
DROP TRIGGER of_a_held_meeting ON steering_minutes;
DROP TRIGGER kept ON steering_meeting;
DROP TRIGGER recorded ON steering_localaction;
DROP TRIGGER recorded ON steering_pack;
DROP TRIGGER recorded ON steering_decision;
DROP TRIGGER recorded ON steering_validation;
DROP TRIGGER recorded ON steering_minutes;
DROP TRIGGER recorded ON steering_remark;
DROP FUNCTION steering_kept();
DROP FUNCTION steering_of_the_newest();
DROP FUNCTION steering_of_a_held_meeting();
DROP FUNCTION steering_meeting_kept();
"""


def parents() -> list[migrations.RunSQL]:
    """One key (id, convention) on each parent, and the child's reference to both."""
    keys = [
        migrations.RunSQL(
            f"ALTER TABLE steering_{parent} ADD CONSTRAINT {parent}_in_its_convention UNIQUE (id, convention_id);",
            f"ALTER TABLE steering_{parent} DROP CONSTRAINT {parent}_in_its_convention;",
        )
        for parent in dict.fromkeys(PARENTS.values())
    ]
    references = [
        migrations.RunSQL(
            f"ALTER TABLE steering_{child} ADD CONSTRAINT {child}_{column}_in_its_convention"
            f" FOREIGN KEY ({column}, convention_id) REFERENCES steering_{parent} (id, convention_id);",
            f"ALTER TABLE steering_{child} DROP CONSTRAINT {child}_{column}_in_its_convention;",
        )
        for (child, column), parent in PARENTS.items()
    ]
    return [*keys, *references]


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('conventions', '0013_committee_held'),
        ('audit', '0002_chain'),
        ('documents', '0004_workbooks'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('committee_key', models.CharField(max_length=80, verbose_name='comité')),
                ('name', models.CharField(max_length=200, verbose_name='intitulé')),
                ('kind', models.CharField(default='regular', max_length=10, verbose_name='nature')),
                ('state', models.CharField(default=maillage.steering.committees.states.State['PLANNED'], max_length=20, verbose_name='état')),
                ('members', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None, verbose_name='parties membres')),
                ('needed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None, verbose_name='parties à représenter')),
                ('planned_on', models.DateField(verbose_name='jour envisagé')),
                ('starts_at', models.DateTimeField(blank=True, null=True, verbose_name='le')),
                ('place', models.CharField(blank=True, max_length=300, verbose_name='lieu')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='lien')),
                ('inside', models.CharField(blank=True, max_length=300, verbose_name='tenue au sein de')),
                ('convocations', models.PositiveSmallIntegerField(default=0, verbose_name='convocations')),
                ('presence', models.JSONField(blank=True, default=dict, verbose_name='présence')),
                ('agenda', models.JSONField(blank=True, default=list, verbose_name='ordre du jour')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='raison')),
                ('planned_at', models.DateTimeField(verbose_name='prévue le')),
                ('planned_by', models.UUIDField(verbose_name='par')),
                ('convened_at', models.DateTimeField(blank=True, null=True, verbose_name='convoquée le')),
                ('convened_by', models.UUIDField(blank=True, null=True)),
                ('held_at', models.DateTimeField(blank=True, null=True, verbose_name='notée tenue le')),
                ('held_by', models.UUIDField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='close le')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                ('cancelled_by', models.UUIDField(blank=True, null=True)),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
            ],
            options={
                'verbose_name': 'réunion de comité',
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('text', models.CharField(max_length=1000, verbose_name='décision')),
                ('owner_key', models.CharField(max_length=80, verbose_name='à la charge de')),
                ('due_on', models.DateField(verbose_name='pour le')),
                ('state', models.CharField(max_length=12, verbose_name='état')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='close le')),
                ('ended_by', models.UUIDField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='précision')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('confirmed_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='steering.meeting')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='steering.meeting')),
            ],
            options={
                'verbose_name': 'décision',
            },
        ),
        migrations.CreateModel(
            name='Minutes',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('body', models.JSONField(verbose_name='texte')),
                ('content_hash', models.CharField(max_length=64, verbose_name='empreinte')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='steering.meeting')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'compte rendu',
            },
        ),
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('occasion', models.CharField(max_length=10, verbose_name='à l’occasion')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='steering.meeting')),
                ('pdf', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('workbook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
            ],
            options={
                'verbose_name': 'dossier de réunion',
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10, verbose_name='nature')),
                ('text', models.CharField(max_length=1000, verbose_name='texte')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('meeting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='steering.meeting')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'mot pour le comité',
            },
        ),
        migrations.CreateModel(
            name='Validation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('party_key', models.CharField(max_length=80, verbose_name='partie')),
                ('content_hash', models.CharField(max_length=64, verbose_name='empreinte')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='validations', to='steering.minutes')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'validation d’un compte rendu',
            },
        ),
        migrations.CreateModel(
            name='LocalAction',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('description', models.CharField(max_length=4000, verbose_name='description')),
                ('state', models.CharField(default=maillage.steering.local_actions.states.State['DESCRIBED'], max_length=12, verbose_name='état')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('done', models.CharField(blank=True, max_length=4000, verbose_name='ce qui a été fait')),
                ('results', models.CharField(blank=True, max_length=4000, verbose_name='résultats')),
                ('worth', models.BooleanField(blank=True, null=True, verbose_name='à généraliser selon les parties')),
                ('analysed_at', models.DateTimeField(blank=True, null=True, verbose_name='analysée le')),
                ('analysed_by', models.UUIDField(blank=True, null=True)),
                ('arbiter', models.CharField(blank=True, max_length=200, verbose_name='arbitrée par')),
                ('arbitrated_on', models.DateField(blank=True, null=True, verbose_name='arbitrée le')),
                ('why', models.CharField(blank=True, max_length=1000, verbose_name='motif de l’arbitrage')),
                ('arbitrated_by', models.UUIDField(blank=True, null=True)),
                ('rollout', models.CharField(blank=True, max_length=1000, verbose_name='déploiement')),
                ('rolled_out_on', models.DateField(blank=True, null=True, verbose_name='déployée le')),
                ('rolled_out_by', models.UUIDField(blank=True, null=True)),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'action locale',
                'indexes': [models.Index(fields=['convention', 'state'], name='localaction_convention')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['described', 'analysed', 'kept', 'refused', 'rolled_out'])), name='localaction_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('description', ''), _negated=True)), name='localaction_described', violation_error_message='Donnez un intitulé et une description.'), models.CheckConstraint(condition=models.Q(('state', 'described'), models.Q(models.Q(('results', ''), _negated=True), ('analysed_at__isnull', False), ('analysed_by__isnull', False), ('worth__isnull', False)), _connector='OR'), name='localaction_analysed', violation_error_message='Une analyse dit les résultats, et s’il faut généraliser.'), models.CheckConstraint(condition=models.Q(('state__in', ['described', 'analysed']), models.Q(models.Q(('arbiter', ''), _negated=True), models.Q(('why', ''), _negated=True), ('arbitrated_by__isnull', False), ('arbitrated_on__isnull', False)), _connector='OR'), name='localaction_arbitrated', violation_error_message='Un arbitrage dit par qui, quel jour et pourquoi.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'rolled_out'), _negated=True), models.Q(models.Q(('rollout', ''), _negated=True), ('rolled_out_by__isnull', False), ('rolled_out_on__isnull', False)), _connector='OR'), name='localaction_rolled_out', violation_error_message='Un déploiement dit quoi, et depuis quel jour.')],
            },
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['convention', '-planned_on'], name='meeting_convention'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'convened', 'held', 'closed', 'cancelled'])), name='meeting_state_known'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['regular', 'final'])), name='meeting_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('members', []), _negated=True), ('needed__contained_by', models.F('members'))), name='meeting_quorum_of_members', violation_error_message='Le quorum se compte parmi les parties membres.'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['convened', 'held', 'closed']), _negated=True), models.Q(('convened_at__isnull', False), ('convened_by__isnull', False), ('starts_at__isnull', False), models.Q(models.Q(('place', ''), _negated=True), models.Q(('link', ''), _negated=True), _connector='OR')), _connector='OR'), name='meeting_convened_somewhere', violation_error_message='Une réunion convoquée a son jour, son heure, et un lieu ou un lien.'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_at__isnull', False), ('held_by__isnull', False), ('state__in', ['held', 'closed'])), models.Q(models.Q(('state__in', ['held', 'closed']), _negated=True), ('held_at__isnull', True), ('held_by__isnull', True)), _connector='OR'), name='meeting_held_by_someone', violation_error_message='Une réunion tenue est notée par quelqu’un.'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='meeting_closed_one_day'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', False), ('cancelled_by__isnull', False), ('state', 'cancelled'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_at__isnull', True), ('cancelled_by__isnull', True), ('reason', '')), _connector='OR'), name='meeting_cancelled_for_a_reason', violation_error_message='Une réunion s’annule avec sa raison.'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['convention', 'state', 'due_on'], name='decision_convention'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('convention', 'meeting', 'number'), name='decision_number_once', violation_error_message='Quelqu’un a noté une décision avant vous : recommencez.'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['to_confirm', 'open', 'done', 'dropped'])), name='decision_state_known'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('state__in', ['done', 'dropped'])), models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('state__in', ['to_confirm', 'open'])), _connector='OR'), name='decision_ended_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'dropped'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='decision_dropped_for_a_reason', violation_error_message='Une décision s’abandonne avec sa raison.'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='decision_says_something', violation_error_message='Écrivez la décision.'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text__regex', '(?<![0-9][ \\t\\n.\\u00a0\\u202f-]?)(?!0[ \\t\\n.\\u00a0\\u202f-]?8([ \\t\\n.\\u00a0\\u202f-]?[0-9]){8}(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))(?![0-9]{5}([ \\t\\n.\\u00a0\\u202f-][0-9]{5})+(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))([0-9][ \\t\\n.\\u00a0\\u202f-]?){9,}'), _negated=True), models.Q(('text__regex', '[@＠﹫]'), _negated=True)), name='decision_names_nobody', violation_error_message='Ici, on ne parle d’aucune personne : retirez ce numéro ou cette adresse.'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('note__regex', '(?<![0-9][ \\t\\n.\\u00a0\\u202f-]?)(?!0[ \\t\\n.\\u00a0\\u202f-]?8([ \\t\\n.\\u00a0\\u202f-]?[0-9]){8}(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))(?![0-9]{5}([ \\t\\n.\\u00a0\\u202f-][0-9]{5})+(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))([0-9][ \\t\\n.\\u00a0\\u202f-]?){9,}'), _negated=True), models.Q(('note__regex', '[@＠﹫]'), _negated=True)), name='decision_note_names_nobody', violation_error_message='Ici, on ne parle d’aucune personne : retirez ce numéro ou cette adresse.'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.UniqueConstraint(fields=('convention', 'meeting', 'number'), name='minutes_version_once', violation_error_message='Quelqu’un a enregistré une version avant vous.'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.UniqueConstraint(fields=('convention', 'meeting', 'number'), name='pack_version_once', violation_error_message='Quelqu’un a figé un dossier avant vous : recommencez.'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('occasion__in', ['asked', 'convened', 'held'])), name='pack_occasion_known'),
        ),
        migrations.AddIndex(
            model_name='remark',
            index=models.Index(fields=['convention', 'kind'], name='remark_convention'),
        ),
        migrations.AddConstraint(
            model_name='remark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'item'), ('meeting__isnull', False)), models.Q(('kind__in', ['alert', 'practice', 'path']), ('meeting__isnull', True)), _connector='OR'), name='remark_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='remark',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='remark_says_something', violation_error_message='Écrivez quelques mots.'),
        ),
        migrations.AddConstraint(
            model_name='remark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text__regex', '(?<![0-9][ \\t\\n.\\u00a0\\u202f-]?)(?!0[ \\t\\n.\\u00a0\\u202f-]?8([ \\t\\n.\\u00a0\\u202f-]?[0-9]){8}(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))(?![0-9]{5}([ \\t\\n.\\u00a0\\u202f-][0-9]{5})+(?![ \\t\\n.\\u00a0\\u202f-]?[0-9]))([0-9][ \\t\\n.\\u00a0\\u202f-]?){9,}'), _negated=True), models.Q(('text__regex', '[@＠﹫]'), _negated=True)), name='remark_names_nobody', violation_error_message='Ici, on ne parle d’aucune personne : retirez ce numéro ou cette adresse.'),
        ),
        migrations.AddConstraint(
            model_name='validation',
            constraint=models.UniqueConstraint(fields=('convention', 'minutes', 'party_key'), name='validation_once', violation_error_message='Cette partie a déjà validé cette version.'),
        ),
        *(ProtectTable(f"steering_{table}") for table in TABLES),
        *(JournalTable(f"steering_{table}", "id") for table in TABLES),
        *parents(),
        migrations.RunSQL(GUARDS, UNDO),
    ]
