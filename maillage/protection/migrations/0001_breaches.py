"""Suspected breaches: who takes part in the file of one, whom it is told, what is decided together."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
CREATE TRIGGER recorded BEFORE INSERT ON protection_breach FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON protection_breachdecision FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON protection_breachentry FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE TRIGGER recorded BEFORE INSERT ON protection_breachreach FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

-- Whoever reports takes part in the file, and knows since it noticed.
CREATE FUNCTION protection_reporter_takes_part() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO protection_breachparty (id, breach_id, organisation_id, controls, decides, since, aware_at, aware_why)
    VALUES (gen_random_uuid(), NEW.id, NEW.organisation_id, false, false, NEW.recorded_at, NEW.noticed_at, '');
    RETURN NULL;
END $$;
CREATE TRIGGER reporter_takes_part AFTER INSERT ON protection_breach
    FOR EACH ROW EXECUTE FUNCTION protection_reporter_takes_part();

-- Who decides: those that the conventions name; whoever reported where they name nobody.
CREATE FUNCTION protection_deciders(of_breach uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.organisation_id FROM protection_breachparty p WHERE p.breach_id = of_breach AND p.decides
    UNION ALL
    SELECT b.organisation_id FROM protection_breach b
     WHERE b.id = of_breach
       AND NOT EXISTS (SELECT 1 FROM protection_breachparty p WHERE p.breach_id = of_breach AND p.decides)
$$;

-- What was reported stays as it was said; breaches are joined by a function of their own.
CREATE FUNCTION protection_breach_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    changes text[] := CASE WHEN current_user IN ('maillage_app', 'maillage_worker') THEN '{state,lessons,ended_at,ended_by}'::text[]
                           ELSE '{joined_to_id}'::text[] END;
BEGIN
    IF to_jsonb(NEW) - changes <> to_jsonb(OLD) - changes OR OLD.state = 'closed' OR OLD.joined_to_id IS NOT NULL THEN
        RAISE EXCEPTION 'what was reported stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER breach_stays BEFORE UPDATE ON protection_breach FOR EACH ROW EXECUTE FUNCTION protection_breach_stays();

-- Its state follows the newest decision, once all who decide agreed to it; one of them closes it.
CREATE FUNCTION protection_breach_decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    newest protection_breachdecision;
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF NOT cases_caller() IN (SELECT protection_deciders(NEW.id)) THEN
        RAISE EXCEPTION 'decided by those who answer for the data' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO newest FROM protection_breachdecision d WHERE d.breach_id = NEW.id ORDER BY d.number DESC LIMIT 1;
    IF newest.id IS NULL OR newest.is_breach <> (NEW.state <> 'ruled_out')
        OR EXISTS (SELECT 1 FROM protection_deciders(NEW.id) one WHERE NOT EXISTS (
            SELECT 1 FROM protection_breachentry e
             WHERE e.decision_id = newest.id AND e.kind = 'agreed' AND e.recorded_for_id = one)) THEN
        RAISE EXCEPTION 'not all agreed to this decision' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER breach_decided BEFORE UPDATE ON protection_breach FOR EACH ROW EXECUTE FUNCTION protection_breach_decided();

-- Only when a controller knew is put right by itself, and never into the future.
CREATE FUNCTION protection_party_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF current_user IN ('maillage_app', 'maillage_worker') AND (
        to_jsonb(NEW) - '{aware_at,aware_why}'::text[] <> to_jsonb(OLD) - '{aware_at,aware_why}'::text[]
        OR NEW.aware_at IS NULL OR NEW.aware_at > clock_timestamp() OR NEW.aware_why = '') THEN
        RAISE EXCEPTION 'who takes part in a breach stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER party_stays BEFORE UPDATE ON protection_breachparty FOR EACH ROW EXECUTE FUNCTION protection_party_stays();

-- The debtor says once how it told, the addressee acknowledges once; the rest of a notice stays.
CREATE FUNCTION protection_notice_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changes text[] := CASE WHEN cases_caller() = OLD.debtor_id AND OLD.told_at IS NULL THEN '{told_at,means,told_by}'::text[]
                           WHEN cases_caller() = OLD.addressee_id AND OLD.acknowledged_at IS NULL
                           THEN '{acknowledged_at,acknowledged_by}'::text[]
                           ELSE '{}'::text[] END;
BEGIN
    IF to_jsonb(NEW) - changes <> to_jsonb(OLD) - changes OR NEW.means = 'platform' AND OLD.means = '' THEN
        RAISE EXCEPTION 'what was told stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notice_stays BEFORE UPDATE ON protection_breachnotice FOR EACH ROW EXECUTE FUNCTION protection_notice_stays();

-- A decision is proposed by an organisation that decides, while the breach is not closed nor joined to another.
CREATE FUNCTION protection_of_a_decider() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT NEW.recorded_for_id IN (SELECT protection_deciders(NEW.breach_id)) OR NOT EXISTS (
        SELECT 1 FROM protection_breach b WHERE b.id = NEW.breach_id AND b.state <> 'closed' AND b.joined_to_id IS NULL) THEN
        RAISE EXCEPTION 'decided by those who answer for the data' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER of_a_decider BEFORE INSERT ON protection_breachdecision
    FOR EACH ROW EXECUTE FUNCTION protection_of_a_decider();

-- One agrees to the newest decision of that breach, and only where one decides.
CREATE FUNCTION protection_agrees_to_its_own() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.kind = 'agreed' AND (
        NOT NEW.recorded_for_id IN (SELECT protection_deciders(NEW.breach_id))
        OR NEW.decision_id IS DISTINCT FROM (
            SELECT d.id FROM protection_breachdecision d WHERE d.breach_id = NEW.breach_id ORDER BY d.number DESC LIMIT 1)) THEN
        RAISE EXCEPTION 'one agrees to the newest decision' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agrees_to_its_own BEFORE INSERT ON protection_breachentry
    FOR EACH ROW EXECUTE FUNCTION protection_agrees_to_its_own();
"""

DOORS = """
-- Whether an organisation has somebody here who watches over its data today.
CREATE FUNCTION protection_watched_here(whom uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM organisations_membership m
          JOIN organisations_user u ON u.id = m.user_id AND u.is_active
          JOIN organisations_organisation o ON o.id = m.organisation_id
         WHERE m.organisation_id = whom AND m.role IN ('dpo', 'administrator')
           AND (statement_timestamp() AT TIME ZONE o.time_zone)::date BETWEEN m.since AND coalesce(m.until, 'infinity'))
$$;

-- Brings a signing party of a convention into the file of a breach, or adds what it is there. The caller takes part in the file,
-- and is a signing party of that convention itself.
CREATE FUNCTION protection_part(of_breach uuid, under uuid, body uuid, as_controller boolean, as_decider boolean)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM protection_breach b
       JOIN protection_breachparty mine ON mine.breach_id = b.id AND mine.organisation_id = cases_caller()
       JOIN conventions_party own ON own.convention_id = under AND own.organisation_id = cases_caller() AND own.role <> 'informed'
       JOIN conventions_party told ON told.convention_id = under AND told.organisation_id = body AND told.role <> 'informed'
      WHERE b.id = of_breach AND b.state <> 'closed' AND b.joined_to_id IS NULL
        FOR UPDATE OF b;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such breach or convention' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO protection_breachparty AS known (id, breach_id, organisation_id, controls, decides, since, aware_at, aware_why)
    VALUES (gen_random_uuid(), of_breach, body, as_controller, as_decider, statement_timestamp(),
            CASE WHEN protection_watched_here(body) THEN statement_timestamp() END, '')
    ON CONFLICT (breach_id, organisation_id) DO UPDATE
       SET controls = known.controls OR excluded.controls, decides = known.decides OR excluded.decides
     WHERE (known.controls, known.decides) <> (known.controls OR excluded.controls, known.decides OR excluded.decides);
    RETURN true;
END $$;

-- Writes down that the caller tells another party under a convention: at once where somebody watches there, else it is still to be told.
CREATE FUNCTION protection_tell(
    notice uuid, of_breach uuid, under uuid, told uuid, by_article varchar, in_time varchar, from_fact varchar, in_scope varchar,
    dpo boolean, from_instant timestamptz, due timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here boolean := protection_watched_here(told);
BEGIN
    PERFORM protection_part(of_breach, under, told, false, false);
    INSERT INTO protection_breachnotice (id, breach_id, convention_id, debtor_id, addressee_id, article, within, start, scope, to_dpo,
        counted_from, due_at, written_at, told_at, means, told_by)
    VALUES (notice, of_breach, under, cases_caller(), told, by_article, in_time, from_fact, in_scope, dpo, from_instant, due,
        statement_timestamp(), CASE WHEN here THEN statement_timestamp() END, CASE WHEN here THEN 'platform' ELSE '' END,
        CASE WHEN here THEN nullif(current_setting('maillage.user', true), '')::uuid END)
    ON CONFLICT (breach_id, convention_id, debtor_id, addressee_id) DO NOTHING;
    RETURN here;
END $$;

-- Everyone in the file of a breach, for each of them: who reported, who answers for the data, who decides.
CREATE FUNCTION protection_breach_parties(of_breach uuid)
RETURNS TABLE (organisation uuid, name text, reports boolean, controls boolean, decides boolean, aware_at timestamptz, here boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.organisation_id, o.name::text, p.organisation_id = b.organisation_id, p.controls,
           p.organisation_id IN (SELECT protection_deciders(b.id)), p.aware_at, protection_watched_here(p.organisation_id)
      FROM protection_breach b
      JOIN protection_breachparty p ON p.breach_id = b.id
      JOIN organisations_organisation o ON o.id = p.organisation_id
     WHERE b.id = of_breach
       AND EXISTS (SELECT 1 FROM protection_breachparty mine WHERE mine.breach_id = b.id AND mine.organisation_id = cases_caller())
     ORDER BY p.since, o.sort_name, p.organisation_id
$$;

-- Two reports of the same facts become one file: each party of one takes part in the other, the clocks of both stay.
CREATE FUNCTION protection_join(one uuid, into_breach uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM protection_breach b WHERE b.id IN (one, into_breach) AND b.state IN ('suspected', 'confirmed')
        AND b.joined_to_id IS NULL
        AND EXISTS (SELECT 1 FROM protection_breachparty mine WHERE mine.breach_id = b.id AND mine.organisation_id = cases_caller())
      ORDER BY b.id FOR UPDATE;
    IF one = into_breach OR (SELECT count(*) FROM protection_breach b
        WHERE b.id IN (one, into_breach) AND b.state IN ('suspected', 'confirmed') AND b.joined_to_id IS NULL
          AND EXISTS (SELECT 1 FROM protection_breachparty mine
                       WHERE mine.breach_id = b.id AND mine.organisation_id = cases_caller())) < 2
        OR EXISTS (SELECT 1 FROM protection_breach b WHERE b.joined_to_id = one)
        OR EXISTS (SELECT 1 FROM protection_breachdecision d WHERE d.breach_id = one) THEN
        RAISE EXCEPTION 'these two are not joined' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO protection_breachparty AS known (id, breach_id, organisation_id, controls, decides, since, aware_at, aware_why)
    SELECT gen_random_uuid(), CASE p.breach_id WHEN one THEN into_breach ELSE one END, p.organisation_id, p.controls, p.decides,
           statement_timestamp(), p.aware_at, p.aware_why
      FROM protection_breachparty p WHERE p.breach_id IN (one, into_breach)
     ORDER BY p.breach_id, p.organisation_id
    ON CONFLICT (breach_id, organisation_id) DO UPDATE
       SET controls = known.controls OR excluded.controls, decides = known.decides OR excluded.decides,
           aware_at = least(known.aware_at, excluded.aware_at);
    UPDATE protection_breach SET joined_to_id = into_breach WHERE id = one;
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION protection_reporter_takes_part(), protection_deciders(uuid), protection_breach_stays(), protection_breach_decided(),
    protection_party_stays(),
    protection_notice_stays(), protection_of_a_decider(), protection_agrees_to_its_own(), protection_watched_here(uuid),
    protection_part(uuid, uuid, uuid, boolean, boolean),
    protection_tell(uuid, uuid, uuid, uuid, varchar, varchar, varchar, varchar, boolean, timestamptz, timestamptz),
    protection_breach_parties(uuid), protection_join(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_part(uuid, uuid, uuid, boolean, boolean),
    protection_tell(uuid, uuid, uuid, uuid, varchar, varchar, varchar, varchar, boolean, timestamptz, timestamptz),
    protection_breach_parties(uuid), protection_join(uuid, uuid) TO maillage_app, maillage_worker;
"""

UNDO_GUARDS = """
DROP TRIGGER agrees_to_its_own ON protection_breachentry;
DROP FUNCTION protection_agrees_to_its_own();
DROP TRIGGER of_a_decider ON protection_breachdecision;
DROP FUNCTION protection_of_a_decider();
DROP TRIGGER notice_stays ON protection_breachnotice;
DROP FUNCTION protection_notice_stays();
DROP TRIGGER party_stays ON protection_breachparty;
DROP FUNCTION protection_party_stays();
DROP TRIGGER breach_decided ON protection_breach;
DROP FUNCTION protection_breach_decided();
DROP TRIGGER breach_stays ON protection_breach;
DROP FUNCTION protection_breach_stays();
DROP FUNCTION protection_deciders(uuid);
DROP TRIGGER reporter_takes_part ON protection_breach;
DROP FUNCTION protection_reporter_takes_part();
DROP TRIGGER recorded ON protection_breachreach;
DROP TRIGGER recorded ON protection_breachentry;
DROP TRIGGER recorded ON protection_breachdecision;
DROP TRIGGER recorded ON protection_breach;
"""
UNDO_DOORS = """
DROP FUNCTION protection_join(uuid, uuid);
DROP FUNCTION protection_breach_parties(uuid);
DROP FUNCTION protection_tell(uuid, uuid, uuid, uuid, varchar, varchar, varchar, varchar, boolean, timestamptz, timestamptz);
DROP FUNCTION protection_part(uuid, uuid, uuid, boolean, boolean);
DROP FUNCTION protection_watched_here(uuid);
"""
TABLES = ("breach", "breachparty", "breachnotice", "breachdecision", "breachentry", "breachreach")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0002_chain'),
        ('cases', '0002_sharing'),
        ('conventions', '0015_evidence_known'),
        ('documents', '0004_workbooks'),
        ('organisations', '0009_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default='suspected', max_length=12, verbose_name='état')),
                ('what', models.CharField(max_length=2000, verbose_name='ce qui s’est passé')),
                ('noticed_at', models.DateTimeField(verbose_name='constatée le')),
                ('natures', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='nature')),
                ('data', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='données touchées')),
                ('people', models.PositiveIntegerField(blank=True, null=True, verbose_name='personnes, environ')),
                ('records', models.PositiveIntegerField(blank=True, null=True, verbose_name='enregistrements, environ')),
                ('goes_on', models.BooleanField(blank=True, null=True, verbose_name='se poursuit')),
                ('recorded_at', models.DateTimeField(verbose_name='signalée le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('lessons', models.CharField(blank=True, max_length=2000, verbose_name='enseignements')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='close le')),
                ('ended_by', models.UUIDField(blank=True, null=True)),
                ('joined_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='protection.breach')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'violation de données',
            },
        ),
        migrations.CreateModel(
            name='BreachDecision',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('is_breach', models.BooleanField(verbose_name='violation avérée')),
                ('reason', models.CharField(blank=True, max_length=2000, verbose_name='pourquoi ce n’en est pas une')),
                ('consequences', models.CharField(blank=True, max_length=2000, verbose_name='conséquences probables')),
                ('measures', models.CharField(blank=True, max_length=2000, verbose_name='mesures')),
                ('tells_authority', models.BooleanField(default=False, verbose_name='notifier à la CNIL')),
                ('authority_reason', models.CharField(blank=True, max_length=2000, verbose_name='pourquoi ne pas notifier')),
                ('tells_persons', models.BooleanField(default=False, verbose_name='informer les personnes')),
                ('persons_reason', models.CharField(blank=True, max_length=2000, verbose_name='pourquoi ne pas informer')),
                ('recorded_at', models.DateTimeField(verbose_name='proposée le')),
                ('recorded_by', models.UUIDField()),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='protection.breach')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'décision sur une violation',
            },
        ),
        migrations.CreateModel(
            name='BreachEntry',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12, verbose_name='nature')),
                ('happened_at', models.DateTimeField(verbose_name='le')),
                ('text', models.CharField(blank=True, max_length=2000, verbose_name='texte')),
                ('late_reason', models.CharField(blank=True, max_length=2000, verbose_name='motif du retard')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='protection.breach')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='protection.breachdecision')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'pièce d’une violation',
            },
        ),
        migrations.CreateModel(
            name='BreachNotice',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('article', models.CharField(max_length=80, verbose_name='article')),
                ('within', models.CharField(blank=True, max_length=12, verbose_name='délai')),
                ('start', models.CharField(max_length=12, verbose_name='compté')),
                ('scope', models.CharField(blank=True, max_length=300, verbose_name='portée')),
                ('to_dpo', models.BooleanField(default=False, verbose_name='au délégué')),
                ('counted_from', models.DateTimeField(verbose_name='compté du')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='à faire avant')),
                ('written_at', models.DateTimeField(verbose_name='écrit le')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='prévenu le')),
                ('means', models.CharField(blank=True, max_length=10, verbose_name='par')),
                ('told_by', models.UUIDField(blank=True, null=True)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='accusé de réception le')),
                ('acknowledged_by', models.UUIDField(blank=True, null=True)),
                ('addressee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='protection.breach')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('debtor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'avis d’une violation',
            },
        ),
        migrations.CreateModel(
            name='BreachParty',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('controls', models.BooleanField(default=False, verbose_name='responsable de traitement')),
                ('decides', models.BooleanField(default=False, verbose_name='décide')),
                ('since', models.DateTimeField(verbose_name='depuis le')),
                ('aware_at', models.DateTimeField(blank=True, null=True, verbose_name='connue le')),
                ('aware_why', models.CharField(blank=True, max_length=300, verbose_name='pourquoi ce moment')),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='protection.breach')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'partie à une violation',
            },
        ),
        migrations.CreateModel(
            name='BreachReach',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateTimeField(verbose_name='depuis')),
                ('before', models.DateTimeField(verbose_name='jusqu’à')),
                ('person', models.UUIDField(blank=True, null=True, verbose_name='compte')),
                ('cases', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='dossiers')),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='comptes')),
                ('conventions', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='conventions')),
                ('is_whole', models.BooleanField(default=True, verbose_name='complète')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='protection.breach')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'étendue d’une violation',
            },
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['suspected', 'confirmed', 'ruled_out', 'closed'])), name='breach_state_known'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('what', ''), _negated=True), ('data__len__gt', 0), ('natures__len__gt', 0)), name='breach_says_something', violation_error_message='Dites ce qui s’est passé et quelles données sont touchées.'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(('natures__contained_by', ['confidentiality', 'integrity', 'availability']), ('data__contained_by', ['identity', 'number', 'contact', 'situation', 'rights', 'health', 'resources', 'documents', 'other'])), name='breach_kinds_known', violation_error_message='Choisissez dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(('noticed_at__lte', models.F('recorded_at'))), name='breach_noticed_before_told', violation_error_message='Ce moment est dans le futur : dites quand vous l’avez constaté.'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('people__isnull', True), ('people__lte', 10000000), _connector='OR'), models.Q(('records__isnull', True), ('records__lte', 10000000), _connector='OR')), name='breach_numbers_bounded', violation_error_message='Donnez une estimation entre 0 et 10 000 000, ou laissez vide.'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('state', 'closed'), models.Q(('lessons', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('ended_at__isnull', True), ('ended_by__isnull', True), ('lessons', '')), _connector='OR'), name='breach_closed_with_lessons', violation_error_message='Dites ce que cette violation apprend.'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(('joined_to__isnull', True), models.Q(('joined_to', models.F('id')), _negated=True), _connector='OR'), name='breach_joined_to_another'),
        ),
        migrations.AddConstraint(
            model_name='breachdecision',
            constraint=models.UniqueConstraint(fields=('breach', 'number'), name='breachdecision_number_once', violation_error_message='Une autre décision vient d’être proposée : relisez-la.'),
        ),
        migrations.AddConstraint(
            model_name='breachdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_breach', False), ('tells_authority', False), ('tells_persons', False), models.Q(('reason', ''), _negated=True)), models.Q(('is_breach', True), models.Q(('consequences', ''), _negated=True), models.Q(('measures', ''), _negated=True)), _connector='OR'), name='breachdecision_says_why', violation_error_message='Dites pourquoi ce n’est pas une violation, ou ses conséquences et les mesures.'),
        ),
        migrations.AddConstraint(
            model_name='breachdecision',
            constraint=models.CheckConstraint(condition=models.Q(('is_breach', False), models.Q(models.Q(('tells_authority', True), models.Q(('authority_reason', ''), _negated=True), _connector='OR'), models.Q(('tells_persons', True), models.Q(('persons_reason', ''), _negated=True), _connector='OR')), _connector='OR'), name='breachdecision_silence_has_a_reason', violation_error_message='Dites pourquoi l’autorité ou les personnes ne sont pas prévenues.'),
        ),
        migrations.AddIndex(
            model_name='breachentry',
            index=models.Index(fields=['breach', 'happened_at'], name='breachentry_in_order'),
        ),
        migrations.AddConstraint(
            model_name='breachentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['note', 'measure', 'told', 'filed', 'persons_told', 'agreed'])), name='breachentry_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='breachentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision__isnull', False), ('kind', 'agreed')), models.Q(models.Q(('kind', 'agreed'), _negated=True), ('decision__isnull', True)), _connector='OR'), name='breachentry_agrees_to_something'),
        ),
        migrations.AddConstraint(
            model_name='breachentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'agreed'), models.Q(('text', ''), _negated=True), _connector='OR'), name='breachentry_says_something', violation_error_message='Écrivez quelques mots.'),
        ),
        migrations.AddConstraint(
            model_name='breachentry',
            constraint=models.CheckConstraint(condition=models.Q(('happened_at__lte', models.F('recorded_at'))), name='breachentry_happened_before_said', violation_error_message='Ce moment est dans le futur.'),
        ),
        migrations.AddConstraint(
            model_name='breachentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'agreed')), fields=('decision', 'recorded_for'), name='breachentry_agreed_once', violation_error_message='Votre organisme a déjà donné son accord.'),
        ),
        migrations.AddIndex(
            model_name='breachnotice',
            index=models.Index(condition=models.Q(('acknowledged_at__isnull', True)), fields=['addressee'], name='breachnotice_to_acknowledge'),
        ),
        migrations.AddIndex(
            model_name='breachnotice',
            index=models.Index(condition=models.Q(('told_at__isnull', True)), fields=['debtor'], name='breachnotice_to_tell'),
        ),
        migrations.AddConstraint(
            model_name='breachnotice',
            constraint=models.UniqueConstraint(fields=('breach', 'convention', 'debtor', 'addressee'), name='breachnotice_once', violation_error_message='Cette partie est déjà prévenue au titre de cette convention.'),
        ),
        migrations.AddConstraint(
            model_name='breachnotice',
            constraint=models.CheckConstraint(condition=models.Q(('debtor', models.F('addressee')), _negated=True), name='breachnotice_to_another'),
        ),
        migrations.AddConstraint(
            model_name='breachnotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('means', ''), ('told_at__isnull', True), ('told_by__isnull', True)), models.Q(('means', 'platform'), ('told_at__isnull', False)), models.Q(('means__in', ['phone', 'post', 'hand']), ('told_at__isnull', False), ('told_by__isnull', False)), _connector='OR'), name='breachnotice_told_somehow', violation_error_message='Dites quand et comment cette partie a été prévenue.'),
        ),
        migrations.AddConstraint(
            model_name='breachnotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', True), ('acknowledged_by__isnull', True)), models.Q(('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False), ('told_at__isnull', False)), _connector='OR'), name='breachnotice_acknowledged_once_told'),
        ),
        migrations.AddIndex(
            model_name='breachparty',
            index=models.Index(fields=['organisation', '-since'], name='breachparty_recent'),
        ),
        migrations.AddConstraint(
            model_name='breachparty',
            constraint=models.UniqueConstraint(fields=('breach', 'organisation'), name='breachparty_once', violation_error_message='Cet organisme est déjà prévenu.'),
        ),
        migrations.AddIndex(
            model_name='breachreach',
            index=models.Index(fields=['breach', 'organisation'], name='breachreach_of_breach'),
        ),
        migrations.AddConstraint(
            model_name='breachreach',
            constraint=models.CheckConstraint(condition=models.Q(('since__lt', models.F('before'))), name='breachreach_from_to', violation_error_message='La fin vient après le début.'),
        ),
        *(ProtectTable(f"protection_{table}") for table in TABLES),
        *(JournalTable(f"protection_{table}", "id") for table in TABLES),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
        migrations.RunSQL(DOORS, UNDO_DOORS),
    ]
