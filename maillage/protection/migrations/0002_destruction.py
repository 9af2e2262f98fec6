"""What becomes of each party's data once a convention ended; the destruction of keys, and what is emptied with them."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
-- Whoever watches over her organisation's data sets a day that the text leaves open, and countersigns once; the rest is the job's.
CREATE FUNCTION protection_destruction_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    changes text[] := CASE WHEN current_user <> 'maillage_app' THEN NULL
                           WHEN OLD.state IN ('unknown', 'planned') THEN '{state,due_on,why,set_at,set_by}'::text[]
                           WHEN OLD.state = 'done' AND OLD.countersigned_at IS NULL
                           THEN '{countersigned_at,countersigned_by,certificate_id}'::text[]
                           ELSE '{}'::text[] END;
BEGIN
    IF changes IS NOT NULL AND (to_jsonb(NEW) - changes <> to_jsonb(OLD) - changes
        OR OLD.state IN ('unknown', 'planned') AND (NEW.state <> 'planned' OR NEW.set_at IS NULL)) THEN
        RAISE EXCEPTION 'what becomes of these data stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER destruction_stays BEFORE UPDATE ON protection_destruction
    FOR EACH ROW EXECUTE FUNCTION protection_destruction_stays();
"""

DOORS = """
-- Conventions that ended and of which a signing party's fate is not written down yet, each with whoever drafted it.
CREATE FUNCTION protection_to_plan() RETURNS TABLE (convention uuid, drafted_by uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id, c.drafted_by_id FROM conventions_convention c
     WHERE c.state = 'ended'
       AND EXISTS (SELECT 1 FROM conventions_party p
                    WHERE p.convention_id = c.id AND p.role <> 'informed'
                      AND NOT EXISTS (SELECT 1 FROM protection_destruction d
                                       WHERE d.convention_id = c.id AND d.organisation_id = p.organisation_id))
     ORDER BY c.id
$$;

-- Writes down the fate of one party's data. The caller is a party of that convention, which has ended.
CREATE FUNCTION protection_plan(new_id uuid, of_convention uuid, body uuid, as_state varchar, by_article varchar, of_what varchar,
                                because varchar, since date, on_day date)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM conventions_convention c
       JOIN conventions_party mine ON mine.convention_id = c.id AND mine.organisation_id = cases_caller() AND mine.role <> 'informed'
       JOIN conventions_party told ON told.convention_id = c.id AND told.organisation_id = body AND told.role <> 'informed'
      WHERE c.id = of_convention AND c.state = 'ended' AND as_state IN ('kept', 'unknown', 'planned');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such party of a convention that ended' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO protection_destruction (id, convention_id, organisation_id, state, article, what, why, ended_on, due_on, planned_at,
                                        emptied, documents)
    VALUES (new_id, of_convention, body, as_state, by_article, of_what, because, since, on_day, statement_timestamp(), 0, 0)
    ON CONFLICT (convention_id, organisation_id) DO NOTHING;
    RETURN FOUND;
END $$;

-- What is to be destroyed at this instant, begun first, each on the day of its caisse. A convention that ended never runs again.
CREATE FUNCTION protection_destructions_due(instant timestamptz) RETURNS TABLE (destruction uuid, body uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT d.id, d.organisation_id FROM protection_destruction d JOIN conventions_convention c ON c.id = d.convention_id
     WHERE d.state = 'running'
        OR d.state = 'planned' AND d.due_on <= (instant AT TIME ZONE c.time_zone)::date
     ORDER BY d.state <> 'running', d.due_on, d.id
$$;

-- Begins: from here on the ledger says that these keys are destroyed, and every restore does it again.
CREATE FUNCTION protection_begin(of_destruction uuid) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    row protection_destruction;
    held integer;
BEGIN
    SELECT * INTO row FROM protection_destruction d
     WHERE d.id = of_destruction AND d.organisation_id = cases_caller() AND d.state IN ('planned', 'running') FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such destruction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO vault_erasure (id, organisation_id, scope, reference, reason, at)
    SELECT gen_random_uuid(), row.organisation_id, 'convention', row.convention_id::text, 'destruction ' || row.id, clock_timestamp()
     WHERE NOT EXISTS (SELECT 1 FROM vault_erasure e WHERE e.scope = 'convention' AND e.reference = row.convention_id::text
                        AND e.organisation_id = row.organisation_id);
    SELECT count(*) INTO held FROM cases_participation p
     WHERE p.organisation_id = row.organisation_id AND p.convention_id = row.convention_id;
    UPDATE protection_destruction SET state = 'running', began_at = coalesce(began_at, clock_timestamp()), cases = held
     WHERE id = row.id;
    RETURN held;
END $$;

-- Whether the ledger says that an organisation's keys for a convention are destroyed. For the functions below.
CREATE FUNCTION protection_is_erased(body uuid, of_convention uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM vault_erasure e WHERE e.scope = 'convention' AND e.reference = of_convention::text
                    AND e.organisation_id = body)
$$;

-- Empties some cases of an organisation under a convention that the ledger says is erased: its sealed keys, its parts, its digests.
-- How many; 0 once none is left. Nothing of any other organisation is touched.
CREATE FUNCTION protection_empty(body uuid, of_convention uuid, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    batch uuid[];
BEGIN
    IF NOT protection_is_erased(body, of_convention) THEN
        RAISE EXCEPTION 'nothing of this is erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT array_agg(found.case_id) INTO batch FROM (
        SELECT p.case_id FROM cases_participation p
         WHERE p.organisation_id = body AND p.convention_id = of_convention
           AND (p.sealed_key <> '' OR p.until IS NULL OR p.until > statement_timestamp())
         ORDER BY p.case_id LIMIT most FOR UPDATE) found;
    IF batch IS NULL THEN
        RETURN 0;
    END IF;
    DELETE FROM beneficiaries_blindindex b WHERE b.organisation_id = body AND b.case_id = ANY (batch);
    UPDATE cases_participation p SET sealed_key = '', until = least(coalesce(p.until, statement_timestamp()), statement_timestamp())
     WHERE p.organisation_id = body AND p.convention_id = of_convention AND p.case_id = ANY (batch);
    UPDATE protection_destruction d SET emptied = d.emptied + cardinality(batch)
     WHERE d.organisation_id = body AND d.convention_id = of_convention AND d.state = 'running';
    RETURN cardinality(batch);
END $$;

-- Takes the documents of those cases out of the organisation's hands: the other side keeps what it still holds the case of; what
-- nobody else holds is erased, and its file is to be removed. Which of both, document by document; nothing once none is left.
CREATE FUNCTION protection_release(body uuid, of_convention uuid, most integer)
RETURNS TABLE (document uuid, is_erased boolean) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT protection_is_erased(body, of_convention) THEN
        RAISE EXCEPTION 'nothing of this is erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    WITH held AS (
        SELECT a.document_id, a.case_id FROM exchange_attachment a
         JOIN cases_participation p ON p.case_id = a.case_id
        WHERE p.organisation_id = body AND p.convention_id = of_convention
        UNION
        SELECT r.document_id, r.case_id FROM rights_piece r
         JOIN cases_participation p ON p.case_id = r.case_id
        WHERE p.organisation_id = body AND p.convention_id = of_convention
    ), chosen AS (
        SELECT d.id, h.case_id, d.organisation_id,
               (SELECT o.organisation_id FROM cases_participation o
                 WHERE o.case_id = h.case_id AND o.organisation_id <> body AND o.sealed_key <> ''
                 ORDER BY o.since, o.organisation_id LIMIT 1) AS keeper
          FROM held h JOIN documents_document d ON d.id = h.document_id
         WHERE d.wrapped_key <> '' AND (d.organisation_id = body OR body = ANY (d.readers))
         ORDER BY d.id LIMIT most FOR UPDATE OF d
    ), noted AS (
        INSERT INTO vault_erasure (id, organisation_id, scope, reference, reason, at)
        SELECT gen_random_uuid(), body, 'document', chosen.id::text, 'destruction', clock_timestamp()
          FROM chosen WHERE chosen.keeper IS NULL AND chosen.organisation_id = body
        RETURNING 1
    ), counted AS (
        UPDATE protection_destruction n SET documents = n.documents + (SELECT count(*) FROM chosen)
         WHERE n.organisation_id = body AND n.convention_id = of_convention AND n.state = 'running' AND EXISTS (SELECT 1 FROM chosen)
        RETURNING 1
    )
    UPDATE documents_document d
       SET wrapped_key = CASE WHEN chosen.keeper IS NULL AND chosen.organisation_id = body THEN ''::bytea ELSE d.wrapped_key END,
           name = CASE WHEN chosen.keeper IS NULL AND chosen.organisation_id = body THEN ''::bytea ELSE d.name END,
           organisation_id = CASE WHEN d.organisation_id = body AND chosen.keeper IS NOT NULL THEN chosen.keeper ELSE d.organisation_id END,
           readers = array_remove(array_remove(d.readers, body), chosen.keeper)
      FROM chosen WHERE d.id = chosen.id
    RETURNING d.id, chosen.keeper IS NULL AND chosen.organisation_id = body;
END $$;

-- Ends a destruction with its certificate, which the parties of the convention read.
CREATE FUNCTION protection_finish(of_destruction uuid, proof uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE protection_destruction d
       SET state = 'done', finished_at = clock_timestamp(), certificate_id = proof, emptied = d.cases
     WHERE d.id = of_destruction AND d.organisation_id = cases_caller() AND d.state = 'running'
       AND EXISTS (SELECT 1 FROM documents_document f WHERE f.id = proof AND f.organisation_id = d.organisation_id);
    RETURN FOUND;
END $$;

-- What is left, in the clear or openable, of an organisation's under a convention: for the certificate and for whoever verifies it.
CREATE FUNCTION protection_left(body uuid, of_convention uuid)
RETURNS TABLE (keys bigint, parts bigint, digests bigint, documents bigint, lines bigint, cases bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH own AS (SELECT * FROM cases_participation p WHERE p.organisation_id = body AND p.convention_id = of_convention)
    SELECT (SELECT count(*) FROM own WHERE own.sealed_key <> ''),
           (SELECT count(*) FROM own WHERE own.until IS NULL OR own.until > statement_timestamp()),
           (SELECT count(*) FROM own JOIN beneficiaries_blindindex b ON b.case_id = own.case_id AND b.organisation_id = body),
           (SELECT count(*) FROM documents_document d
             WHERE d.wrapped_key <> '' AND (d.organisation_id = body OR body = ANY (d.readers))
               AND (EXISTS (SELECT 1 FROM own JOIN exchange_attachment a ON a.case_id = own.case_id WHERE a.document_id = d.id)
                    OR EXISTS (SELECT 1 FROM own JOIN rights_piece r ON r.case_id = own.case_id WHERE r.document_id = d.id))),
           (SELECT count(*) FROM vault_erasure e WHERE e.scope = 'convention' AND e.reference = of_convention::text
                                                   AND e.organisation_id = body),
           (SELECT count(*) FROM own)
$$;

-- Whether a file is a certificate kept for a destruction; true where the database knows of no certificate of it.
CREATE FUNCTION protection_certificate_known(of_destruction uuid, digest varchar) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM protection_destruction d WHERE d.id = of_destruction AND d.certificate_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM protection_destruction d JOIN documents_document f ON f.organisation_id = d.organisation_id
                    WHERE d.id = of_destruction AND f.sha256 = digest)
$$;
REVOKE ALL ON FUNCTION protection_destruction_stays(), protection_to_plan(),
    protection_plan(uuid, uuid, uuid, varchar, varchar, varchar, varchar, date, date), protection_destructions_due(timestamptz),
    protection_begin(uuid), protection_is_erased(uuid, uuid), protection_empty(uuid, uuid, integer),
    protection_release(uuid, uuid, integer), protection_finish(uuid, uuid), protection_left(uuid, uuid),
    protection_certificate_known(uuid, varchar) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_to_plan(),
    protection_plan(uuid, uuid, uuid, varchar, varchar, varchar, varchar, date, date), protection_destructions_due(timestamptz),
    protection_begin(uuid), protection_empty(uuid, uuid, integer), protection_release(uuid, uuid, integer),
    protection_finish(uuid, uuid), protection_left(uuid, uuid),
    protection_certificate_known(uuid, varchar) TO maillage_worker;
"""

UNDO = """
DROP FUNCTION protection_certificate_known(uuid, varchar);
DROP FUNCTION protection_left(uuid, uuid);
DROP FUNCTION protection_finish(uuid, uuid);
DROP FUNCTION protection_release(uuid, uuid, integer);
DROP FUNCTION protection_empty(uuid, uuid, integer);
DROP FUNCTION protection_is_erased(uuid, uuid);
DROP FUNCTION protection_begin(uuid);
DROP FUNCTION protection_destructions_due(timestamptz);
DROP FUNCTION protection_plan(uuid, uuid, uuid, varchar, varchar, varchar, varchar, date, date);
DROP FUNCTION protection_to_plan();
DROP TRIGGER destruction_stays ON protection_destruction;
DROP FUNCTION protection_destruction_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('beneficiaries', '0001_initial'),
        ('exchange', '0003_attachments'),
        ('rights', '0001_initial'),
        ('vault', '0003_renewing'),
        ('conventions', '0015_evidence_known'),
        ('documents', '0004_workbooks'),
        ('organisations', '0009_directory'),
        ('protection', '0001_breaches'),
    ]

    operations = [
        migrations.CreateModel(
            name='Destruction',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=12, verbose_name='état')),
                ('article', models.CharField(blank=True, max_length=80, verbose_name='article')),
                ('what', models.CharField(blank=True, max_length=300, verbose_name='quoi')),
                ('why', models.CharField(max_length=300, verbose_name='pourquoi')),
                ('ended_on', models.DateField(verbose_name='finie le')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='à détruire le')),
                ('planned_at', models.DateTimeField(verbose_name='prévue le')),
                ('set_at', models.DateTimeField(blank=True, null=True, verbose_name='fixée le')),
                ('set_by', models.UUIDField(blank=True, null=True)),
                ('began_at', models.DateTimeField(blank=True, null=True, verbose_name='commencée le')),
                ('cases', models.PositiveIntegerField(blank=True, null=True, verbose_name='dossiers')),
                ('emptied', models.PositiveIntegerField(default=0, verbose_name='dossiers traités')),
                ('documents', models.PositiveIntegerField(default=0, verbose_name='documents')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='détruites le')),
                ('countersigned_at', models.DateTimeField(blank=True, null=True, verbose_name='contresigné le')),
                ('countersigned_by', models.UUIDField(blank=True, null=True)),
                ('certificate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'destruction au terme',
                'indexes': [models.Index(condition=models.Q(('state__in', ['kept', 'done']), _negated=True), fields=['organisation', 'due_on'], name='destruction_to_come'), models.Index(condition=models.Q(('state__in', ['planned', 'running'])), fields=['due_on'], name='destruction_due')],
                'constraints': [models.UniqueConstraint(fields=('convention', 'organisation'), name='destruction_once', violation_error_message='Le sort de ces données est déjà noté.'), models.CheckConstraint(condition=models.Q(('state__in', ['kept', 'unknown', 'planned', 'running', 'done'])), name='destruction_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', True), ('state__in', ['kept', 'unknown'])), models.Q(('due_on__isnull', False), ('state__in', ['planned', 'running', 'done'])), _connector='OR'), name='destruction_has_its_day', violation_error_message='Une destruction a son jour.'), models.CheckConstraint(condition=models.Q(('due_on__isnull', True), ('due_on__gte', models.F('ended_on')), _connector='OR'), name='destruction_after_the_end', violation_error_message='Rien n’est détruit avant la fin de la convention.'), models.CheckConstraint(condition=models.Q(models.Q(('began_at__isnull', True), ('state__in', ['kept', 'unknown', 'planned'])), models.Q(('began_at__isnull', False), ('cases__isnull', False), ('state__in', ['running', 'done'])), _connector='OR'), name='destruction_began'), models.CheckConstraint(condition=models.Q(models.Q(('certificate__isnull', False), ('finished_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('certificate__isnull', True), ('finished_at__isnull', True)), _connector='OR'), name='destruction_done_has_its_certificate'), models.CheckConstraint(condition=models.Q(models.Q(('countersigned_at__isnull', True), ('countersigned_by__isnull', True)), models.Q(('countersigned_at__isnull', False), ('countersigned_by__isnull', False), ('state', 'done')), _connector='OR'), name='destruction_countersigned_once_done'), models.CheckConstraint(condition=models.Q(models.Q(('set_at__isnull', True), ('set_by__isnull', True)), models.Q(('set_at__isnull', False), ('set_by__isnull', False)), _connector='OR'), name='destruction_set_by_someone')],
            },
        ),
        ProtectTable("protection_destruction"),
        JournalTable("protection_destruction", "id"),
        migrations.RunSQL(GUARDS + DOORS, UNDO),
    ]
