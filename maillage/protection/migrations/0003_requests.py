"""Requests of persons about their data: who received one, who else is asked, what each organisation answers of what it holds."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
CREATE TRIGGER recorded BEFORE INSERT ON protection_rightsrequest FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

-- Whoever receives a request answers for what it holds itself.
CREATE FUNCTION protection_receiver_answers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO protection_requestpart (id, request_id, receiver_id, organisation_id, article, cases, asked_at, is_here)
    VALUES (gen_random_uuid(), NEW.id, NEW.organisation_id, NEW.organisation_id, '', '{}', NEW.recorded_at, true);
    RETURN NULL;
END $$;
CREATE TRIGGER receiver_answers AFTER INSERT ON protection_rightsrequest
    FOR EACH ROW EXECUTE FUNCTION protection_receiver_answers();

-- What was asked stays; its delay is extended once, within the first one.
CREATE FUNCTION protection_request_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    changes text[] := '{due_on,extended_on,extended_by,extension_reason}'::text[];
BEGIN
    IF to_jsonb(NEW) - changes <> to_jsonb(OLD) - changes OR OLD.extended_on IS NOT NULL
        OR NEW.extended_on IS NULL OR NEW.extended_on > OLD.due_on OR NEW.due_on <= OLD.due_on THEN
        RAISE EXCEPTION 'what was asked stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_stays BEFORE UPDATE ON protection_rightsrequest FOR EACH ROW EXECUTE FUNCTION protection_request_stays();

-- The file of an organisation that answers: of its own cases only; what it answered stays, the sealed name may be sealed again.
CREATE FUNCTION protection_file_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changes text[] := CASE WHEN TG_OP = 'INSERT' OR OLD.state = 'asked'
                           THEN '{state,sealed,check_made,cases,searched_at,ground,words,ended_at,ended_by}'::text[]
                           ELSE '{sealed}'::text[] END;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - changes <> to_jsonb(OLD) - changes THEN
        RAISE EXCEPTION 'what was answered stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM protection_requestpart p
                    WHERE p.request_id = NEW.request_id AND p.organisation_id = NEW.organisation_id)
        OR (TG_OP = 'INSERT' OR NEW.cases <> OLD.cases) AND EXISTS (
            SELECT 1 FROM unnest(NEW.cases) one WHERE NOT EXISTS (
                SELECT 1 FROM cases_participation mine WHERE mine.case_id = one AND mine.organisation_id = NEW.organisation_id
                   AND (mine.until IS NULL OR mine.until > now()))) THEN
        RAISE EXCEPTION 'of a request and of cases of its own' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER file_stays BEFORE INSERT OR UPDATE ON protection_requestfile
    FOR EACH ROW EXECUTE FUNCTION protection_file_stays();

-- Both sides read that an organisation answered, and when; not what, nor whether it found anything.
CREATE FUNCTION protection_part_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE protection_requestpart p SET answered_at = NEW.ended_at
     WHERE p.request_id = NEW.request_id AND p.organisation_id = NEW.organisation_id
       AND p.answered_at IS DISTINCT FROM NEW.ended_at;
    RETURN NULL;
END $$;
CREATE TRIGGER part_follows AFTER UPDATE ON protection_requestfile FOR EACH ROW EXECUTE FUNCTION protection_part_follows();
"""

DOORS = """
-- Asks another signing party of a convention to answer for what it holds. It is told of the cases in which both take part, and of no
-- others; asked again, of those found since. True where somebody there watches over its data.
CREATE FUNCTION protection_ask(part uuid, file uuid, of_request uuid, under uuid, body uuid, by_article varchar) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here boolean := protection_watched_here(body);
    common uuid[];
BEGIN
    PERFORM 1 FROM protection_rightsrequest r
       JOIN conventions_party own ON own.convention_id = under AND own.organisation_id = cases_caller() AND own.role <> 'informed'
       JOIN conventions_party told ON told.convention_id = under AND told.organisation_id = body AND told.role <> 'informed'
      WHERE r.id = of_request AND r.organisation_id = cases_caller() AND body <> cases_caller()
        FOR UPDATE OF r;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such request or convention' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT coalesce(array_agg(one ORDER BY one), '{}') INTO common
      FROM protection_requestfile f, unnest(f.cases) one
     WHERE f.request_id = of_request AND f.organisation_id = cases_caller()
       AND EXISTS (SELECT 1 FROM cases_participation theirs WHERE theirs.case_id = one AND theirs.organisation_id = body
                      AND (theirs.until IS NULL OR theirs.until > now()));
    INSERT INTO protection_requestpart AS known
        (id, request_id, receiver_id, organisation_id, convention_id, article, cases, asked_at, is_here)
    VALUES (part, of_request, cases_caller(), body, under, by_article, common, statement_timestamp(), here)
    ON CONFLICT (request_id, organisation_id) DO UPDATE SET cases = excluded.cases WHERE known.cases <> excluded.cases;
    INSERT INTO protection_requestfile AS known (id, request_id, organisation_id, state, check_made, cases, ground, words)
    VALUES (file, of_request, body, 'asked', 'pending', common, '', '')
    ON CONFLICT (request_id, organisation_id) DO UPDATE
       SET cases = ARRAY(SELECT DISTINCT one FROM unnest(known.cases || excluded.cases) one ORDER BY one)
     WHERE known.state = 'asked' AND NOT excluded.cases <@ known.cases;
    RETURN here;
END $$;
REVOKE ALL ON FUNCTION protection_receiver_answers(), protection_request_stays(), protection_file_stays(), protection_part_follows(),
    protection_ask(uuid, uuid, uuid, uuid, uuid, varchar) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_ask(uuid, uuid, uuid, uuid, uuid, varchar) TO maillage_app, maillage_worker;
"""

UNDO_GUARDS = """
DROP TRIGGER part_follows ON protection_requestfile;
DROP FUNCTION protection_part_follows();
DROP TRIGGER file_stays ON protection_requestfile;
DROP FUNCTION protection_file_stays();
DROP TRIGGER request_stays ON protection_rightsrequest;
DROP FUNCTION protection_request_stays();
DROP TRIGGER receiver_answers ON protection_rightsrequest;
DROP FUNCTION protection_receiver_answers();
DROP TRIGGER recorded ON protection_rightsrequest;
"""
UNDO_DOORS = "DROP FUNCTION protection_ask(uuid, uuid, uuid, uuid, uuid, varchar);"
TABLES = ("rightsrequest", "requestpart", "requestfile")


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
        ('cases', '0002_sharing'),
        ('conventions', '0015_evidence_known'),
        ('organisations', '0009_directory'),
        ('protection', '0002_destruction'),
    ]

    operations = [
        migrations.CreateModel(
            name='RightsRequest',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('received_on', models.DateField(verbose_name='reçue le')),
                ('channel', models.CharField(max_length=10, verbose_name='comment')),
                ('subject', models.CharField(max_length=10, verbose_name='au sujet de')),
                ('rights', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='droits')),
                ('due_on', models.DateField(verbose_name='à répondre avant la fin du')),
                ('recorded_at', models.DateTimeField(verbose_name='notée le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('extended_on', models.DateField(blank=True, null=True, verbose_name='prolongée le')),
                ('extended_by', models.UUIDField(blank=True, null=True)),
                ('extension_reason', models.CharField(blank=True, max_length=2000, verbose_name='pourquoi')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'demande d’une personne',
            },
        ),
        migrations.CreateModel(
            name='RequestPart',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('article', models.CharField(blank=True, max_length=80, verbose_name='article')),
                ('cases', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='dossiers communs')),
                ('asked_at', models.DateTimeField(verbose_name='demandé le')),
                ('is_here', models.BooleanField(default=True, verbose_name='prévenue par Maillage')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='répondu le')),
                ('convention', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='protection.rightsrequest')),
            ],
            options={
                'verbose_name': 'part d’une demande',
            },
        ),
        migrations.CreateModel(
            name='RequestFile',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default='asked', max_length=10, verbose_name='état')),
                ('sealed', models.BinaryField(blank=True, null=True, verbose_name='personne, scellée')),
                ('check_made', models.CharField(default='pending', max_length=10, verbose_name='identité')),
                ('cases', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='dossiers')),
                ('searched_at', models.DateTimeField(blank=True, null=True, verbose_name='recherchée le')),
                ('ground', models.CharField(blank=True, max_length=12, verbose_name='motif du refus')),
                ('words', models.CharField(blank=True, max_length=2000, verbose_name='précisions')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='répondue le')),
                ('ended_by', models.UUIDField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='protection.rightsrequest')),
            ],
            options={
                'verbose_name': 'dossier d’une demande',
            },
        ),
        migrations.AddConstraint(
            model_name='rightsrequest',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['letter', 'counter', 'phone', 'e_mail', 'worker']), ('subject__in', ['person', 'contact']), ('rights__contained_by', ['access', 'rectification', 'erasure', 'restriction', 'objection', 'portability']), ('rights__len__gt', 0)), name='rightsrequest_kinds_known', violation_error_message='Choisissez dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='rightsrequest',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('received_on'))), name='rightsrequest_due_after_received', violation_error_message='On répond après avoir reçu.'),
        ),
        migrations.AddConstraint(
            model_name='rightsrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('extended_by__isnull', True), ('extended_on__isnull', True), ('extension_reason', '')), models.Q(('extended_by__isnull', False), ('extended_on__isnull', False), models.Q(('extension_reason', ''), _negated=True)), _connector='OR'), name='rightsrequest_extended_with_a_reason', violation_error_message='Dites pourquoi le délai est prolongé.'),
        ),
        migrations.AddIndex(
            model_name='requestpart',
            index=models.Index(fields=['organisation', '-asked_at'], name='requestpart_recent'),
        ),
        migrations.AddConstraint(
            model_name='requestpart',
            constraint=models.UniqueConstraint(fields=('request', 'organisation'), name='requestpart_once', violation_error_message='Cet organisme est déjà saisi de cette demande.'),
        ),
        migrations.AddConstraint(
            model_name='requestpart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('convention__isnull', True), ('organisation', models.F('receiver'))), models.Q(('convention__isnull', False), models.Q(('organisation', models.F('receiver')), _negated=True)), _connector='OR'), name='requestpart_asked_under_a_text'),
        ),
        migrations.AddIndex(
            model_name='requestfile',
            index=models.Index(fields=['organisation', 'state'], name='requestfile_state'),
        ),
        migrations.AddIndex(
            model_name='requestfile',
            index=models.Index(fields=['request'], name='requestfile_request'),
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.UniqueConstraint(fields=('request', 'organisation'), name='requestfile_once'),
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'answered', 'nothing', 'refused']), ('check_made__in', ['known', 'seen', 'details', 'pending']), ('ground__in', ['', 'identity', 'excessive', 'others', 'legal', 'public_task', 'not_held'])), name='requestfile_kinds_known', violation_error_message='Choisissez dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='requestfile_ended_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), models.Q(('ground', ''), _negated=True), models.Q(('words', ''), _negated=True)), models.Q(models.Q(('state', 'refused'), _negated=True), ('ground', '')), _connector='OR'), name='requestfile_refused_with_a_ground', violation_error_message='Dites le motif du refus, et pourquoi.'),
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['answered', 'nothing']), _negated=True), ('searched_at__isnull', False), _connector='OR'), name='requestfile_searched_before_answered', violation_error_message='Cherchez d’abord la personne dans vos dossiers.'),
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), models.Q(('check_made', 'pending'), _negated=True), _connector='OR'), name='requestfile_known_before_answered', violation_error_message='Dites d’abord comment l’identité a été vérifiée.'),
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'refused']), models.Q(('cases__len', 0), ('state', 'nothing')), ('state', 'answered'), _connector='OR'), name='requestfile_nothing_is_no_case'),
        ),
        *(ProtectTable(f"protection_{table}") for table in TABLES),
        *(JournalTable(f"protection_{table}", "id") for table in TABLES),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
        migrations.RunSQL(DOORS, UNDO_DOORS),
    ]
