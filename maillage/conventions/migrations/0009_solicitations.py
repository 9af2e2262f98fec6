"""Calling on the referents of another party: between the two of them, on a case only for who shares it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

KEPT = """
ALTER TABLE conventions_solicitation ADD CONSTRAINT solicitation_case_in_its_convention
    FOREIGN KEY (case_id, convention_id) REFERENCES cases_case (id, convention_id);

-- A question runs under a convention in force, between two of its parties, about a case of both of them if about one. What
-- was asked stays; it is answered once. What the database says of time prevails.
CREATE FUNCTION conventions_solicited() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    answered text[] := '{answer,sealed_answer,answered_at,answered_by}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.answered_at IS NOT NULL OR to_jsonb(NEW) - answered <> to_jsonb(OLD) - answered THEN
            RAISE EXCEPTION 'what was asked and answered stays' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.answered_at IS NOT NULL THEN
            NEW.answered_at := clock_timestamp();
            NEW.answered_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.answered_by);
        END IF;
        RETURN NEW;
    END IF;
    NEW.asked_at := clock_timestamp();
    NEW.asked_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.asked_by);
    IF NEW.answered_at IS NOT NULL THEN
        RAISE EXCEPTION 'a question is born without an answer' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM convention_parties(ARRAY[NEW.convention_id]) p
                    WHERE p.organisation_id = NEW.called_id AND p.key = NEW.called_key AND p.role <> 'informed')
        OR NOT EXISTS (SELECT 1 FROM conventions_convention c WHERE c.id = NEW.convention_id AND c.in_force @> statement_timestamp())
    THEN
        RAISE EXCEPTION 'no convention in force between these two' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.case_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.convention_id = NEW.convention_id
           AND (c.sender_id, c.caisse_id) IN ((NEW.caller_id, NEW.called_id), (NEW.called_id, NEW.caller_id)))
    THEN
        RAISE EXCEPTION 'not a case of these two' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION conventions_solicited() FROM PUBLIC;
CREATE TRIGGER solicited BEFORE INSERT OR UPDATE ON conventions_solicitation
    FOR EACH ROW EXECUTE FUNCTION conventions_solicited();
"""

RENEWING = """
-- What is sealed with a case's key, locked, before the case gets another; then sealed again, in that same transaction.
CREATE FUNCTION solicitations_to_renew(of_case uuid)
RETURNS TABLE (solicitation_id uuid, sealed_question bytea, sealed_answer bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id, s.sealed_question, s.sealed_answer FROM conventions_solicitation s
     WHERE s.case_id = of_case
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND (mine.until IS NULL OR mine.until > statement_timestamp()))
     ORDER BY s.id FOR UPDATE
$$;
CREATE FUNCTION encrypt_solicitation_again(
    of_solicitation uuid, former_question bytea, former_answer bytea, again_question bytea, again_answer bytea
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE conventions_solicitation s SET sealed_question = again_question, sealed_answer = again_answer
     WHERE s.id = of_solicitation AND s.sealed_question = former_question AND s.sealed_answer IS NOT DISTINCT FROM former_answer
       AND length(again_question) = length(former_question)
       AND length(again_answer) IS NOT DISTINCT FROM length(former_answer)
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = s.case_id
                    AND mine.organisation_id = cases_caller() AND mine.key_made_at = transaction_timestamp());
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION solicitations_to_renew(uuid), encrypt_solicitation_again(uuid, bytea, bytea, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION solicitations_to_renew(uuid), encrypt_solicitation_again(uuid, bytea, bytea, bytea, bytea)
    TO maillage_worker;
"""

UNDO = """
DROP FUNCTION encrypt_solicitation_again(uuid, bytea, bytea, bytea, bytea);
DROP FUNCTION solicitations_to_renew(uuid);
DROP TRIGGER solicited ON conventions_solicitation;
DROP FUNCTION conventions_solicited();
ALTER TABLE conventions_solicitation DROP CONSTRAINT solicitation_case_in_its_convention;
"""


class Migration(migrations.Migration):
    dependencies = [("conventions", "0008_referent_training"), ("cases", "0006_following")]

    operations = [
        migrations.CreateModel(
            name='Solicitation',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(max_length=12, verbose_name='voie')),
                ('article', models.CharField(max_length=40, verbose_name='article')),
                ('called_key', models.CharField(max_length=80, verbose_name='partie sollicitée')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='demandé le')),
                ('asked_by', models.UUIDField(verbose_name='par')),
                ('due_on', models.DateField(verbose_name='réponse attendue le')),
                ('question', models.TextField(blank=True, verbose_name='question')),
                ('answer', models.TextField(blank=True, verbose_name='réponse')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='répondu le')),
                ('answered_by', models.UUIDField(blank=True, null=True)),
                ('sealed_question', models.BinaryField(blank=True, null=True, verbose_name='question chiffrée')),
                ('sealed_answer', models.BinaryField(blank=True, null=True, verbose_name='réponse chiffrée')),
                ('agreed_on', models.DateField(blank=True, null=True, verbose_name='accord donné le')),
                ('agreement_means', models.CharField(blank=True, max_length=10, verbose_name='accord donné')),
                ('agreement_by', models.CharField(blank=True, max_length=200, verbose_name='accord recueilli par')),
                ('called', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('caller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
            ],
            options={
                'verbose_name': 'sollicitation d’un référent',
                'indexes': [models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['called', 'due_on'], name='solicitation_to_answer'), models.Index(fields=['caller', '-asked_at'], name='solicitation_asked'), models.Index(fields=['case'], name='solicitation_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agreed_on__isnull', False), ('agreement_means__in', ['oral', 'written']), ('answer', ''), ('case__isnull', False), ('question', ''), ('sealed_question__isnull', False), ('way', 'progress'), models.Q(('agreement_by', ''), _negated=True)), models.Q(('agreed_on__isnull', True), ('agreement_by', ''), ('agreement_means', ''), ('case__isnull', True), ('sealed_answer__isnull', True), ('sealed_question__isnull', True), ('way__in', ['information', 'routing']), models.Q(('question', ''), _negated=True)), _connector='OR'), name='solicitation_way_holds_its_own', violation_error_message='L’avancement d’une démarche se demande depuis un dossier, avec l’accord de la personne.'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True), ('sealed_answer__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(models.Q(('answer', ''), _negated=True), ('sealed_answer__isnull', False), _connector='OR')), _connector='OR'), name='solicitation_answer_has_its_date'), models.CheckConstraint(condition=models.Q(('caller', models.F('called')), _negated=True), name='solicitation_two_sides')],
            },
        ),
        ProtectTable("conventions_solicitation"),
        JournalTable("conventions_solicitation", "id"),
        migrations.RunSQL(KEPT + RENEWING, UNDO),
    ]
