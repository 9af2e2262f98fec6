"""A referral is accepted, paused, refused, withdrawn or cancelled; attempts to reach the person, pauses and questions."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

_FORMER_GUARDS = import_module("maillage.referrals.migrations.0003_guards").GUARDS

# What was worked before this step existed was accepted when it was received.
FORMER = """
ALTER TABLE referrals_referral DISABLE TRIGGER USER;
UPDATE referrals_referral
   SET accepted_at = acknowledged_at, accepted_by = acknowledged_by,
       state = CASE state WHEN 'contacted' THEN 'accepted' ELSE state END
 WHERE state IN ('contacted', 'closed');
ALTER TABLE referrals_referral ENABLE TRIGGER USER;
"""

# Whoever was reached before attempts were noted: the day and the person are known, the means is not.
FORMER_CONTACTS = """
INSERT INTO referrals_contactattempt (id, case_id, day, way, reached, noted_at, noted_by)
SELECT gen_random_uuid(), r.case_id, r.contacted_on, 'other', true, r.contacted_on, r.contacted_by
  FROM referrals_referral r WHERE r.contacted_on IS NOT NULL;
"""

# What is sealed with the key of its case may be encrypted again, with the key that the case got in the same transaction:
# `key_made_at` is written by `renew_case_key` alone, for jobs; the lengths say that nothing was added.
KEPT = """
CREATE OR REPLACE FUNCTION referrals_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sealed text[] := '{narrative,situation,refusal_words}';
    worked text[] := '{state,acknowledged_at,acknowledged_by,accepted_at,accepted_by,contacted_on,contacted_by,closed_at,closed_by,end_reason,refusal_words,care_outcome,rights_outcome}';
    stopped text[] := '{state,closed_at,closed_by,end_reason}';
    former jsonb := to_jsonb(OLD);
    again jsonb := to_jsonb(NEW);
    acting text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'sent' THEN
            RAISE EXCEPTION 'a referral begins when it is sent' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.sent_at := coalesce((SELECT c.opened_at FROM cases_case c WHERE c.id = NEW.case_id), NEW.sent_at);
        NEW.sent_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.sent_by);
        RETURN NEW;
    END IF;
    IF again = former THEN
        RETURN NEW;
    END IF;
    IF again - sealed = former - sealed
        AND NOT EXISTS (SELECT 1 FROM unnest(sealed) AS one (name)
                         WHERE length(again ->> one.name) IS DISTINCT FROM length(former ->> one.name))
        AND EXISTS (SELECT 1 FROM cases_participation p
                     WHERE p.case_id = NEW.case_id AND p.key_made_at = transaction_timestamp()) THEN
        RETURN NEW;
    END IF;
    IF again - worked <> former - worked THEN
        RAISE EXCEPTION 'what was sent stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('closed', 'refused', 'withdrawn', 'cancelled')
        OR (OLD.acknowledged_at IS NOT NULL
            AND (NEW.acknowledged_at, NEW.acknowledged_by) IS DISTINCT FROM (OLD.acknowledged_at, OLD.acknowledged_by))
        OR (OLD.accepted_at IS NOT NULL
            AND (NEW.accepted_at, NEW.accepted_by) IS DISTINCT FROM (OLD.accepted_at, OLD.accepted_by))
        OR (OLD.contacted_on IS NOT NULL
            AND (NEW.contacted_on, NEW.contacted_by) IS DISTINCT FROM (OLD.contacted_on, OLD.contacted_by)) THEN
        RAISE EXCEPTION 'what was done stays' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT p.role INTO acting FROM cases_participation p
     WHERE p.case_id = NEW.case_id AND p.organisation_id = cases_caller();
    IF (acting = 'sender' AND (NEW.state NOT IN ('withdrawn', 'cancelled') OR again - stopped <> former - stopped))
        OR (acting = 'recipient' AND NEW.state IN ('withdrawn', 'cancelled')) THEN
        RAISE EXCEPTION 'not a step of this side' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""

# An attempt, a pause and a question are dated by the database and signed by whoever acts; a pause ends once, a question is
# answered once. The case they speak of is looked at after row security has had its say.
NOTED = """
CREATE FUNCTION referrals_attempt_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user IN ('maillage_app', 'maillage_worker') THEN
        NEW.noted_at := clock_timestamp();
        NEW.noted_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.noted_by);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT ON referrals_contactattempt FOR EACH ROW EXECUTE FUNCTION referrals_attempt_kept();

CREATE FUNCTION referrals_pause_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    resuming text[] := '{resumed_at,resumed_by}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.resumed_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) OR to_jsonb(NEW) - resuming <> to_jsonb(OLD) - resuming THEN
            RAISE EXCEPTION 'a pause stays as it was' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.resumed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a pause begins before it ends' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.began_at := clock_timestamp();
    NEW.began_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.began_by);
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON referrals_pause FOR EACH ROW EXECUTE FUNCTION referrals_pause_kept();

CREATE FUNCTION referrals_question_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    answering text[] := '{sealed_answer,answered_at,answered_by}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.answered_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) OR to_jsonb(NEW) - answering <> to_jsonb(OLD) - answering THEN
            RAISE EXCEPTION 'what was asked and answered stays' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.answered_at IS NOT NULL THEN
            NEW.answered_at := clock_timestamp();
            NEW.answered_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.answered_by);
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.answered_at IS NOT NULL THEN
        RAISE EXCEPTION 'a question is born without an answer' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.asked_at := clock_timestamp();
    NEW.asked_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.asked_by);
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON referrals_casequestion
    FOR EACH ROW EXECUTE FUNCTION referrals_question_kept();

CREATE FUNCTION referrals_in_time() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user IN ('maillage_app', 'maillage_worker')
        AND NOT EXISTS (SELECT 1 FROM referrals_referral r
                         WHERE r.case_id = NEW.case_id AND r.state IN ('acknowledged', 'accepted', 'paused')) THEN
        RAISE EXCEPTION 'nobody works this referral now' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER in_time AFTER INSERT ON referrals_contactattempt FOR EACH ROW EXECUTE FUNCTION referrals_in_time();
CREATE TRIGGER in_time AFTER INSERT OR UPDATE ON referrals_casequestion FOR EACH ROW EXECUTE FUNCTION referrals_in_time();
REVOKE ALL ON FUNCTION referrals_attempt_kept(), referrals_pause_kept(), referrals_question_kept(), referrals_in_time() FROM PUBLIC;
"""

UNNOTED = """
DROP TRIGGER in_time ON referrals_casequestion;
DROP TRIGGER in_time ON referrals_contactattempt;
DROP TRIGGER kept ON referrals_casequestion;
DROP TRIGGER kept ON referrals_pause;
DROP TRIGGER kept ON referrals_contactattempt;
DROP FUNCTION referrals_in_time();
DROP FUNCTION referrals_question_kept();
DROP FUNCTION referrals_pause_kept();
DROP FUNCTION referrals_attempt_kept();
"""

# What a case holds sealed besides its account, locked, before the case gets another key; then sealed again with it, in that
# same transaction. `what` is the column; a question and its answer are told apart by it.
RENEWING = """
CREATE FUNCTION words_to_renew(of_case uuid) RETURNS TABLE (what text, which uuid, sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND (mine.until IS NULL OR mine.until > statement_timestamp())) THEN
        RETURN;
    END IF;
    PERFORM 1 FROM referrals_casequestion q WHERE q.case_id = of_case ORDER BY q.id FOR UPDATE;
    RETURN QUERY
        SELECT 'refusal_words', r.case_id, r.refusal_words FROM referrals_referral r
         WHERE r.case_id = of_case AND r.refusal_words IS NOT NULL
        UNION ALL
        SELECT 'sealed_question', q.id, q.sealed_question FROM referrals_casequestion q WHERE q.case_id = of_case
        UNION ALL
        SELECT 'sealed_answer', q.id, q.sealed_answer FROM referrals_casequestion q
         WHERE q.case_id = of_case AND q.sealed_answer IS NOT NULL;
END $$;

CREATE FUNCTION encrypt_words_again(of_case uuid, what text, which uuid, former bytea, again bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF length(again) <> length(former)
        OR NOT EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                        AND mine.organisation_id = cases_caller() AND mine.key_made_at = transaction_timestamp()) THEN
        RETURN false;
    END IF;
    IF what = 'refusal_words' THEN
        UPDATE referrals_referral r SET refusal_words = again WHERE r.case_id = of_case AND r.refusal_words = former;
    ELSIF what = 'sealed_question' THEN
        UPDATE referrals_casequestion q SET sealed_question = again
         WHERE q.id = which AND q.case_id = of_case AND q.sealed_question = former;
    ELSIF what = 'sealed_answer' THEN
        UPDATE referrals_casequestion q SET sealed_answer = again
         WHERE q.id = which AND q.case_id = of_case AND q.sealed_answer = former;
    ELSE
        RETURN false;
    END IF;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION words_to_renew(uuid), encrypt_words_again(uuid, text, uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION words_to_renew(uuid), encrypt_words_again(uuid, text, uuid, bytea, bytea) TO maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_working'),
        ('referrals', '0004_renewing'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseQuestion',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField(verbose_name='posée le')),
                ('asked_by', models.UUIDField(verbose_name='par')),
                ('sealed_question', models.BinaryField(verbose_name='question chiffrée')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='répondue le')),
                ('answered_by', models.UUIDField(blank=True, null=True)),
                ('sealed_answer', models.BinaryField(blank=True, null=True, verbose_name='réponse chiffrée')),
            ],
            options={
                'verbose_name': 'question sur un dossier',
            },
        ),
        migrations.CreateModel(
            name='ContactAttempt',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField(verbose_name='jour')),
                ('way', models.CharField(max_length=10, verbose_name='moyen')),
                ('reached', models.BooleanField(verbose_name='jointe')),
                ('noted_at', models.DateTimeField(verbose_name='noté le')),
                ('noted_by', models.UUIDField(verbose_name='par')),
            ],
            options={
                'verbose_name': 'tentative de contact',
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=20, verbose_name='raison')),
                ('look_again_on', models.DateField(verbose_name='à revoir le')),
                ('began_on', models.DateField(verbose_name='jour de la pause')),
                ('began_at', models.DateTimeField(verbose_name='en pause depuis')),
                ('began_by', models.UUIDField(verbose_name='par')),
                ('resumed_at', models.DateTimeField(blank=True, null=True, verbose_name='reprise le')),
                ('resumed_by', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'pause',
            },
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_acknowledged_has_its_date',
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_contacted_has_its_date',
        ),
        migrations.RemoveConstraint(
            model_name='referral',
            name='referral_closed_has_its_outcome',
        ),
        migrations.AddField(
            model_name='referral',
            name='accepted_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='acceptée le'),
        ),
        migrations.AddField(
            model_name='referral',
            name='accepted_by',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='referral',
            name='end_reason',
            field=models.CharField(blank=True, max_length=30, verbose_name='raison de la fin'),
        ),
        migrations.AddField(
            model_name='referral',
            name='refusal_words',
            field=models.BinaryField(blank=True, null=True, verbose_name='mots du refus, chiffrés'),
        ),
        migrations.RunSQL(FORMER, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='referral',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='terminée le'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'acknowledged', 'accepted', 'paused', 'closed', 'refused', 'withdrawn', 'cancelled'])), name='referral_state_known'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', True), ('state', 'sent')), ('state__in', ['withdrawn', 'cancelled']), models.Q(models.Q(('state__in', ['sent', 'withdrawn', 'cancelled']), _negated=True), ('acknowledged_at__isnull', False)), _connector='OR'), name='referral_acknowledged_has_its_date'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', False), ('state__in', ['accepted', 'paused', 'closed'])), ('state', 'withdrawn'), models.Q(models.Q(('state__in', ['accepted', 'paused', 'closed', 'withdrawn']), _negated=True), ('accepted_at__isnull', True)), _connector='OR'), name='referral_accepted_has_its_date', violation_error_message='Une orientation s’accepte avant d’être mise en pause ou clôturée.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False), ('acknowledged_at__isnull', False)), _connector='OR'), name='referral_accepted_by_someone', violation_error_message='Une orientation est acceptée par quelqu’un, après l’accusé de réception.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state__in', ['cancelled', 'closed', 'refused', 'withdrawn'])), models.Q(models.Q(('state__in', ['cancelled', 'closed', 'refused', 'withdrawn']), _negated=True), ('closed_at__isnull', True), ('closed_by__isnull', True)), _connector='OR'), name='referral_ended_has_its_date', violation_error_message='Une orientation terminée dit quand et par qui.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('care_outcome__in', ['done', 'not_relevant', 'refused', 'unreachable', 'none_needed']), ('rights_outcome__in', ['opened', 'refused', 'none']), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('care_outcome', ''), ('rights_outcome', '')), _connector='OR'), name='referral_closed_has_its_outcome', violation_error_message='Une orientation clôturée dit ce qu’il en est des soins et des droits.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason__in', ['not_eligible', 'already_followed', 'other_service', 'incomplete', 'other']), ('state', 'refused')), models.Q(('end_reason__in', ['person_refuses', 'no_longer_needed', 'moved', 'deceased', 'other']), ('state', 'withdrawn')), models.Q(('end_reason__in', ['wrong_person', 'duplicate', 'wrong_service', 'other']), ('state', 'cancelled')), models.Q(models.Q(('state__in', ['refused', 'withdrawn', 'cancelled']), _negated=True), ('end_reason', '')), _connector='OR'), name='referral_end_has_its_reason', violation_error_message='Un refus, un arrêt ou une annulation dit sa raison.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refusal_words__isnull', True), models.Q(('end_reason', 'other'), ('state', 'refused'), _negated=True)), models.Q(('refusal_words__isnull', False), ('state', 'refused')), _connector='OR'), name='referral_refusal_says_the_other_reason', violation_error_message='Un refus pour une autre raison la dit en quelques mots ; rien d’autre n’en porte.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('accepted_at__gte', models.F('acknowledged_at')), _connector='OR'), name='referral_accepted_after_acknowledged', violation_error_message='Une orientation s’accepte après l’accusé de réception.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('sent_at')), _connector='OR'), name='referral_ended_after_sent', violation_error_message='La fin d’une orientation ne précède pas son envoi.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('accepted_at')), _connector='OR'), name='referral_closed_after_accepted', violation_error_message='La fin d’une orientation ne précède pas son acceptation.'),
        ),
        migrations.AddField(
            model_name='casequestion',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='cases.case'),
        ),
        migrations.AddField(
            model_name='contactattempt',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AddField(
            model_name='pause',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AddIndex(
            model_name='casequestion',
            index=models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['case'], name='question_unanswered'),
        ),
        migrations.AddConstraint(
            model_name='casequestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('sealed_answer__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('sealed_answer__isnull', False)), _connector='OR'), name='question_answer_has_its_date', violation_error_message='Une réponse dit quand et par qui.'),
        ),
        migrations.AddConstraint(
            model_name='casequestion',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), ('answered_at__gte', models.F('asked_at')), _connector='OR'), name='question_answered_after_asked', violation_error_message='Une réponse suit sa question.'),
        ),
        migrations.AddConstraint(
            model_name='contactattempt',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['call', 'sms', 'letter', 'visit', 'other'])), name='attempt_way_known', violation_error_message='Dites comment la caisse a tenté de joindre la personne.'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['person_asks', 'unreachable', 'awaiting_papers', 'awaiting_decision', 'unavailable', 'other'])), name='pause_reason_known', violation_error_message='Une pause dit sa raison.'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('look_again_on__gt', models.F('began_on'))), name='pause_looked_at_later', violation_error_message='Une pause se revoit un jour à venir.'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resumed_at__isnull', True), ('resumed_by__isnull', True)), models.Q(('resumed_at__gte', models.F('began_at')), ('resumed_at__isnull', False), ('resumed_by__isnull', False)), _connector='OR'), name='pause_resumed_by_someone', violation_error_message='Une reprise dit quand et par qui ; elle suit le début de la pause.'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.UniqueConstraint(condition=models.Q(('resumed_at__isnull', True)), fields=('case',), name='pause_one_at_a_time', violation_error_message='Ce dossier est déjà en pause.'),
        ),
        ProtectTable("referrals_contactattempt"),
        ProtectTable("referrals_pause"),
        ProtectTable("referrals_casequestion"),
        JournalTable("referrals_contactattempt", "id"),
        JournalTable("referrals_pause", "id"),
        JournalTable("referrals_casequestion", "id"),
        migrations.RunSQL(
            KEPT,
            _FORMER_GUARDS.partition("REVOKE ALL")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
        ),
        migrations.RunSQL(NOTED, UNNOTED),
        migrations.RunSQL(
            RENEWING,
            "DROP FUNCTION encrypt_words_again(uuid, text, uuid, bytea, bytea); DROP FUNCTION words_to_renew(uuid);",
        ),
        migrations.RunSQL(FORMER_CONTACTS, migrations.RunSQL.noop),
    ]
