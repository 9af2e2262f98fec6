"""Authorisations asked before persons' data go to somebody else, what each party answered, what was withdrawn."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
ALTER TABLE protection_transferrequest ADD CONSTRAINT transferrequest_in_its_convention UNIQUE (id, convention_id);
ALTER TABLE protection_transferanswer ADD CONSTRAINT transferanswer_of_its_convention
    FOREIGN KEY (request_id, convention_id) REFERENCES protection_transferrequest (id, convention_id);
ALTER TABLE protection_transferwithdrawal ADD CONSTRAINT transferwithdrawal_of_its_convention
    FOREIGN KEY (request_id, convention_id) REFERENCES protection_transferrequest (id, convention_id);

CREATE TRIGGER recorded BEFORE INSERT ON protection_transferrequest FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON protection_transferanswer FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON protection_transferwithdrawal FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

-- Asked before it begins, of signing parties other than the asker, each once.
CREATE FUNCTION protection_transfer_asked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.starts_on < (SELECT conventions_day(statement_timestamp(), c.time_zone) FROM conventions_convention c WHERE c.id = NEW.convention_id) THEN
        RAISE EXCEPTION 'an authorisation comes first' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (SELECT count(DISTINCT one) FROM unnest(NEW.asked_of) one) <> cardinality(NEW.asked_of) OR EXISTS (
        SELECT 1 FROM unnest(NEW.asked_of) one WHERE one = NEW.organisation_id OR NOT EXISTS (
            SELECT 1 FROM conventions_party p
             WHERE p.convention_id = NEW.convention_id AND p.organisation_id = one AND p.role <> 'informed')) THEN
        RAISE EXCEPTION 'asked of other parties of the convention' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transfer_asked BEFORE INSERT ON protection_transferrequest
    FOR EACH ROW EXECUTE FUNCTION protection_transfer_asked();

-- Who was asked answers, between the asking and today; the asker notes the paper of a party that has nobody here. What was withdrawn
-- is answered no more. The request is locked: of two answers at once, or of an answer and a withdrawal, the second sees the first.
CREATE FUNCTION protection_answers_what_was_asked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    asked protection_transferrequest;
    zone text;
BEGIN
    SELECT * INTO asked FROM protection_transferrequest r WHERE r.id = NEW.request_id AND r.convention_id = NEW.convention_id FOR UPDATE;
    SELECT c.time_zone INTO zone FROM conventions_convention c WHERE c.id = NEW.convention_id;
    IF asked.id IS NULL OR NOT NEW.organisation_id = ANY (asked.asked_of) THEN
        RAISE EXCEPTION 'answered by who was asked' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT 1 FROM protection_transferwithdrawal w WHERE w.request_id = NEW.request_id) THEN
        RAISE EXCEPTION 'answered while it is asked' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.recorded_for_id <> NEW.organisation_id
        AND (NEW.recorded_for_id <> asked.organisation_id OR protection_watched_here(NEW.organisation_id)) THEN
        RAISE EXCEPTION 'this party answers for itself' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.day < conventions_day(asked.recorded_at, zone) OR NEW.day > conventions_day(statement_timestamp(), zone)
        OR NEW.until < asked.starts_on THEN
        RAISE EXCEPTION 'asked, answered, ended in this order' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answers_what_was_asked BEFORE INSERT ON protection_transferanswer
    FOR EACH ROW EXECUTE FUNCTION protection_answers_what_was_asked();

-- Withdrawn by who asked, or by who had granted it.
CREATE FUNCTION protection_withdraws_its_own() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM protection_transferrequest r WHERE r.id = NEW.request_id FOR UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM protection_transferrequest r WHERE r.id = NEW.request_id AND (r.organisation_id = NEW.recorded_for_id
            OR EXISTS (SELECT 1 FROM protection_transferanswer a
                        WHERE a.request_id = r.id AND a.organisation_id = NEW.recorded_for_id AND a.granted))) THEN
        RAISE EXCEPTION 'withdrawn by who asked or granted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER withdraws_its_own BEFORE INSERT ON protection_transferwithdrawal
    FOR EACH ROW EXECUTE FUNCTION protection_withdraws_its_own();

-- What the daily round looks at: authorisations whose last day, or that of their convention, comes by this day; each with its asker.
CREATE FUNCTION protection_transfers_ending(first_day date, last_day date) RETURNS TABLE (transfer uuid, organisation uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.id, r.organisation_id FROM protection_transferrequest r JOIN conventions_convention c ON c.id = r.convention_id
     WHERE c.state IN ('signed', 'in_force')
       AND NOT EXISTS (SELECT 1 FROM protection_transferwithdrawal w WHERE w.request_id = r.id)
       AND (c.ends_on BETWEEN first_day AND last_day OR EXISTS (
            SELECT 1 FROM protection_transferanswer a WHERE a.request_id = r.id AND a.until BETWEEN first_day AND last_day))
     ORDER BY r.id
$$;

-- The signing parties of a convention, and whether somebody watches over data there: others answer on paper. For the parties alone.
CREATE FUNCTION protection_here(under uuid) RETURNS TABLE (body uuid, here boolean) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.organisation_id, protection_watched_here(p.organisation_id) FROM conventions_party p
     WHERE p.convention_id = under AND p.role <> 'informed'
       AND EXISTS (SELECT 1 FROM conventions_party mine
                    WHERE mine.convention_id = under AND mine.organisation_id = cases_caller() AND mine.role <> 'informed')
     ORDER BY p.organisation_id
$$;
REVOKE ALL ON FUNCTION protection_transfer_asked(), protection_answers_what_was_asked(), protection_withdraws_its_own(),
    protection_transfers_ending(date, date), protection_here(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_here(uuid) TO maillage_app, maillage_worker;
GRANT EXECUTE ON FUNCTION protection_transfers_ending(date, date) TO maillage_worker;
"""
UNDO = """
DROP FUNCTION protection_here(uuid);
DROP FUNCTION protection_transfers_ending(date, date);
DROP TRIGGER withdraws_its_own ON protection_transferwithdrawal;
DROP FUNCTION protection_withdraws_its_own();
DROP TRIGGER answers_what_was_asked ON protection_transferanswer;
DROP FUNCTION protection_answers_what_was_asked();
DROP TRIGGER transfer_asked ON protection_transferrequest;
DROP FUNCTION protection_transfer_asked();
DROP TRIGGER recorded ON protection_transferwithdrawal;
DROP TRIGGER recorded ON protection_transferanswer;
DROP TRIGGER recorded ON protection_transferrequest;
ALTER TABLE protection_transferwithdrawal DROP CONSTRAINT transferwithdrawal_of_its_convention;
ALTER TABLE protection_transferanswer DROP CONSTRAINT transferanswer_of_its_convention;
ALTER TABLE protection_transferrequest DROP CONSTRAINT transferrequest_in_its_convention;
"""
TABLES = ("transferrequest", "transferanswer", "transferwithdrawal")


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0015_evidence_known'),
        ('documents', '0004_workbooks'),
        ('organisations', '0009_directory'),
        ('protection', '0006_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='TransferRequest',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('regime_key', models.CharField(max_length=80, verbose_name='portée')),
                ('kind', models.CharField(max_length=14, verbose_name='nature')),
                ('body', models.CharField(max_length=200, verbose_name='organisme destinataire')),
                ('country', models.CharField(max_length=80, verbose_name='pays')),
                ('data', models.CharField(max_length=2000, verbose_name='données')),
                ('purpose', models.CharField(max_length=2000, verbose_name='finalité')),
                ('guarantees', models.CharField(max_length=2000, verbose_name='garanties')),
                ('starts_on', models.DateField(verbose_name='à partir du')),
                ('asked_of', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='qui autorise')),
                ('article', models.CharField(max_length=120, verbose_name='article')),
                ('blank', models.CharField(blank=True, max_length=300, verbose_name='à compléter')),
                ('recorded_at', models.DateTimeField(verbose_name='demandée le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'demande d’autorisation',
            },
        ),
        migrations.CreateModel(
            name='TransferAnswer',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('granted', models.BooleanField(verbose_name='autorisé')),
                ('words', models.CharField(blank=True, max_length=2000, verbose_name='conditions ou motif')),
                ('day', models.DateField(verbose_name='le')),
                ('until', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('to_term', models.BooleanField(default=False, verbose_name='tant que la convention dure')),
                ('recorded_at', models.DateTimeField(verbose_name='noté le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='protection.transferrequest')),
            ],
            options={
                'verbose_name': 'réponse à une demande d’autorisation',
            },
        ),
        migrations.CreateModel(
            name='TransferWithdrawal',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('words', models.CharField(max_length=2000, verbose_name='pourquoi')),
                ('recorded_at', models.DateTimeField(verbose_name='retirée le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='protection.transferrequest')),
            ],
            options={
                'verbose_name': 'retrait d’une autorisation',
            },
        ),
        migrations.AddIndex(
            model_name='transferrequest',
            index=models.Index(fields=['convention', '-recorded_at'], name='transferrequest_recent'),
        ),
        migrations.AddIndex(
            model_name='transferrequest',
            index=models.Index(fields=['organisation', '-recorded_at'], name='transferrequest_asker'),
        ),
        migrations.AddConstraint(
            model_name='transferrequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['sub_processor', 'third_party', 'outside_union'])), name='transferrequest_kind_known', violation_error_message='Choisissez dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='transferrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('body', ''), _negated=True), models.Q(('country', ''), _negated=True), models.Q(('data', ''), _negated=True), models.Q(('purpose', ''), _negated=True), models.Q(('guarantees', ''), _negated=True), models.Q(('regime_key', ''), _negated=True)), name='transferrequest_says_all', violation_error_message='Dites à qui, quelles données, pourquoi et avec quelles garanties.'),
        ),
        migrations.AddConstraint(
            model_name='transferrequest',
            constraint=models.CheckConstraint(condition=models.Q(('asked_of__len__gt', 0)), name='transferrequest_asked_of_somebody'),
        ),
        migrations.AddConstraint(
            model_name='transferanswer',
            constraint=models.UniqueConstraint(fields=('request', 'organisation'), name='transferanswer_once', violation_error_message='Cet organisme a déjà répondu.'),
        ),
        migrations.AddConstraint(
            model_name='transferanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('granted', True), ('to_term', False), ('until__isnull', False)), models.Q(('granted', True), ('to_term', True), ('until__isnull', True)), models.Q(('granted', False), ('to_term', False), ('until__isnull', True)), _connector='OR'), name='transferanswer_granted_for_a_time', violation_error_message='Donnez le dernier jour, ou choisissez « tant que la convention dure ».'),
        ),
        migrations.AddConstraint(
            model_name='transferanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('words', ''), _negated=True), models.Q(('document__isnull', False), ('granted', True)), _connector='OR'), name='transferanswer_written', violation_error_message='Écrivez les conditions ou le motif, ou joignez l’écrit.'),
        ),
        migrations.AddConstraint(
            model_name='transferanswer',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('day')), _connector='OR'), name='transferanswer_ends_after_granted', violation_error_message='Le dernier jour vient après celui de l’accord.'),
        ),
        migrations.AddConstraint(
            model_name='transferanswer',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_for', models.F('organisation')), ('document__isnull', False), _connector='OR'), name='transferanswer_for_another_has_its_document', violation_error_message='La réponse d’une autre partie s’enregistre avec son écrit.'),
        ),
        migrations.AddConstraint(
            model_name='transferwithdrawal',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='transferwithdrawal_says_why', violation_error_message='Dites pourquoi.'),
        ),
        *(ProtectTable(f"protection_{table}") for table in TABLES),
        *(JournalTable(f"protection_{table}", "id") for table in TABLES),
        migrations.RunSQL(GUARDS, UNDO),
    ]
