"""How long an organisation keeps the files of closed cases; the end of its part in those whose time has run out, and of nobody else's."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
CREATE TRIGGER recorded BEFORE INSERT ON protection_caseduration FOR EACH ROW EXECUTE FUNCTION conventions_recorded();
CREATE FUNCTION protection_duration_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'a duration that was stated stays: another is stated' USING ERRCODE = 'restrict_violation';
END $$;
REVOKE ALL ON FUNCTION protection_duration_stays() FROM PUBLIC;
CREATE TRIGGER duration_stays BEFORE UPDATE OR DELETE ON protection_caseduration
    FOR EACH ROW EXECUTE FUNCTION protection_duration_stays();
"""
UNDO_GUARDS = """
DROP TRIGGER duration_stays ON protection_caseduration;
DROP FUNCTION protection_duration_stays();
DROP TRIGGER recorded ON protection_caseduration;
"""

_LEDGER = import_module("maillage.vault.migrations.0003_renewing").LEDGER
_KEEP = (
    "CREATE OR REPLACE FUNCTION keep_erasure"
    + _LEDGER.partition("CREATE FUNCTION keep_erasure")[2].partition("END $$;")[0]
    + "END $$;\n"
)
# A line of one organisation's part in a case is kept as the others are.
KEEP = _KEEP.replace("('convention', 'case', 'document')", "('convention', 'case', 'document', 'part')")

ENDING = """
-- The cases of which an organisation ends nothing yet: restricted at the person's request, or about which a request, a rectification
-- to be taken up or a breach is under way. For the functions below alone.
CREATE FUNCTION protection_cases_held(body uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT f.case_id FROM cases_freeze f WHERE f.lifted_at IS NULL
    UNION SELECT unnest(f.cases) FROM protection_requestfile f WHERE f.organisation_id = body AND f.state = 'asked'
    UNION SELECT unnest(p.cases) FROM protection_requestpart p
           WHERE p.organisation_id = body AND p.is_here AND p.answered_at IS NULL
    UNION SELECT d.case_id FROM protection_rectification d WHERE d.addressee_id = body AND d.acknowledged_at IS NULL
    UNION SELECT unnest(r.cases) FROM protection_breachreach r WHERE protection_breach_fact(r.breach_id) IS NULL
$$;

-- What the caller still opens of the cases that were closed: by convention, flow and kind, from which day of closing on, how many.
CREATE FUNCTION protection_closed_cases() RETURNS TABLE (convention uuid, flow varchar, kind varchar, first date, many bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.convention_id, a.flow_key, p.kind, min((p.closed_at AT TIME ZONE c.time_zone)::date), count(*)
      FROM cases_participation p JOIN cases_case k ON k.id = p.case_id JOIN cases_authorisation a ON a.id = k.authorisation_id
      JOIN conventions_convention c ON c.id = p.convention_id
     WHERE p.organisation_id = cases_caller() AND p.closed_at IS NOT NULL AND p.sealed_key <> ''
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
$$;

-- Of those, the ones closed up to a day, by day of closing; `place` is that of the question. What is held back is left out.
CREATE FUNCTION protection_cases_going(conventions uuid[], flows varchar[], kinds varchar[], closed_by date[])
RETURNS TABLE (place bigint, day date, many bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT asked.place, (p.closed_at AT TIME ZONE c.time_zone)::date, count(*)
      FROM unnest(conventions, flows, kinds, closed_by) WITH ORDINALITY asked (convention, flow, kind, last, place)
      JOIN conventions_convention c ON c.id = asked.convention
      JOIN cases_participation p ON p.organisation_id = cases_caller() AND p.convention_id = asked.convention AND p.kind = asked.kind
      JOIN cases_case k ON k.id = p.case_id JOIN cases_authorisation a ON a.id = k.authorisation_id AND a.flow_key = asked.flow
     WHERE p.closed_at IS NOT NULL AND p.sealed_key <> '' AND (p.closed_at AT TIME ZONE c.time_zone)::date <= asked.last
       AND p.case_id NOT IN (SELECT protection_cases_held(cases_caller()))
     GROUP BY 1, 2 ORDER BY 1, 2
$$;

-- The organisations that still open a case that was closed. The job's alone.
CREATE FUNCTION protection_keepers() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT p.organisation_id FROM cases_participation p WHERE p.closed_at IS NOT NULL AND p.sealed_key <> '' ORDER BY 1
$$;

-- Empties the part of one organisation in some cases: its sealed key, its part, its digests, the key of its own file; its documents
-- go to whoever still holds the case, or are erased. Nothing of any other is touched. Which documents were erased: their files are to
-- be removed. For the functions below alone.
CREATE FUNCTION protection_empty_parts(body uuid, batch uuid[]) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    erased uuid[];
BEGIN
    DELETE FROM beneficiaries_waiting w WHERE w.organisation_id = body AND w.case_id = ANY (batch);
    DELETE FROM beneficiaries_blindindex b WHERE b.organisation_id = body AND b.case_id = ANY (batch);
    DELETE FROM referrals_casefile f WHERE f.organisation_id = body AND f.case_id = ANY (batch);
    UPDATE cases_participation p SET sealed_key = '', until = least(coalesce(p.until, statement_timestamp()), statement_timestamp())
     WHERE p.organisation_id = body AND p.case_id = ANY (batch)
       AND (p.sealed_key <> '' OR p.until IS NULL OR p.until > statement_timestamp());
    WITH held AS (
        SELECT a.document_id, a.case_id FROM exchange_attachment a WHERE a.case_id = ANY (batch)
        UNION SELECT r.document_id, r.case_id FROM rights_piece r WHERE r.case_id = ANY (batch)
    ), chosen AS (
        SELECT d.id, d.organisation_id = body AS is_own,
               (SELECT o.organisation_id FROM cases_participation o
                 WHERE o.case_id = h.case_id AND o.organisation_id <> body AND o.sealed_key <> ''
                 ORDER BY o.since, o.organisation_id LIMIT 1) AS keeper
          FROM held h JOIN documents_document d ON d.id = h.document_id
         WHERE d.wrapped_key <> '' AND (d.organisation_id = body OR body = ANY (d.readers))
         ORDER BY d.id FOR UPDATE OF d
    ), noted AS (
        INSERT INTO vault_erasure (id, organisation_id, scope, reference, reason, at)
        SELECT gen_random_uuid(), body, 'document', chosen.id::text, 'durée', clock_timestamp()
          FROM chosen WHERE chosen.keeper IS NULL AND chosen.is_own
        RETURNING 1
    ), changed AS (
        UPDATE documents_document d
           SET wrapped_key = CASE WHEN chosen.keeper IS NULL AND chosen.is_own THEN ''::bytea ELSE d.wrapped_key END,
               name = CASE WHEN chosen.keeper IS NULL AND chosen.is_own THEN ''::bytea ELSE d.name END,
               organisation_id = CASE WHEN chosen.is_own AND chosen.keeper IS NOT NULL THEN chosen.keeper ELSE d.organisation_id END,
               readers = array_remove(array_remove(d.readers, body), chosen.keeper)
          FROM chosen WHERE d.id = chosen.id
        RETURNING d.id, chosen.keeper IS NULL AND chosen.is_own AS is_erased
    )
    SELECT array_agg(changed.id) FILTER (WHERE changed.is_erased) INTO erased FROM changed;
    RETURN coalesce(erased, '{}');
END $$;

-- Ends the caller's part in some of its closed cases of one flow, those closed up to a day: by its own duration, which must be the one
-- that counts and have run with its notice, or by the text's (`under` null). The ledger first. Which; none once nothing is left. Whoever
-- restricts a case takes it FOR UPDATE: one of both waits, and what she restricted meanwhile is left.
CREATE FUNCTION protection_end_cases(of_convention uuid, by_flow varchar, of_kind varchar, closed_by date, under uuid, why text,
                                     on_day date, most integer)
RETURNS TABLE (cases uuid[], erased uuid[]) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    body uuid := cases_caller();
    found uuid[];
    batch uuid[];
BEGIN
    IF under IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM protection_caseduration d
         WHERE d.id = under AND d.organisation_id = body AND d.months IS NOT NULL
           AND (d.convention_id = of_convention OR d.convention_id IS NULL AND d.kind IN ('', of_kind))
           AND protection_day(d.recorded_at) + 30 < on_day AND (closed_by + make_interval(months => d.months))::date < on_day
           AND NOT EXISTS (SELECT 1 FROM protection_caseduration newer
                            WHERE newer.organisation_id = body AND newer.kind = d.kind
                              AND newer.convention_id IS NOT DISTINCT FROM d.convention_id
                              AND (newer.recorded_at, newer.id) > (d.recorded_at, d.id))) THEN
        RAISE EXCEPTION 'no such duration has run' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT array_agg(one.case_id) INTO found FROM (
        SELECT p.case_id FROM cases_participation p JOIN cases_case k ON k.id = p.case_id
          JOIN cases_authorisation a ON a.id = k.authorisation_id AND a.flow_key = by_flow
          JOIN conventions_convention c ON c.id = p.convention_id
         WHERE p.organisation_id = body AND p.convention_id = of_convention AND p.kind = of_kind AND p.sealed_key <> ''
           AND (p.closed_at AT TIME ZONE c.time_zone)::date <= closed_by
           AND p.case_id NOT IN (SELECT protection_cases_held(body))
         ORDER BY p.case_id LIMIT most) one;
    PERFORM 1 FROM cases_case k WHERE k.id = ANY (found) ORDER BY k.id FOR KEY SHARE;
    SELECT array_agg(one.case_id) INTO batch FROM (
        SELECT p.case_id FROM cases_participation p
         WHERE p.organisation_id = body AND p.case_id = ANY (found) AND p.sealed_key <> '' AND p.closed_at IS NOT NULL
           AND p.case_id NOT IN (SELECT protection_cases_held(body))
         ORDER BY p.case_id FOR UPDATE) one;
    IF batch IS NULL THEN
        RETURN QUERY SELECT '{}'::uuid[], '{}'::uuid[];
        RETURN;
    END IF;
    INSERT INTO vault_erasure (id, organisation_id, scope, reference, reason, at)
    SELECT gen_random_uuid(), body, 'part', one::text, why, clock_timestamp() FROM unnest(batch) one;
    RETURN QUERY SELECT batch, protection_empty_parts(body, batch);
END $$;

-- Does again what the ledger says of some parts: after a restore, or where a digest came late. Which; none once nothing is left. The
-- worker does it where the case is closed; the owner, who restores, asks the ledger alone.
CREATE FUNCTION protection_end_again(most integer) RETURNS TABLE (cases uuid[], erased uuid[]) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT left_over.organisation_id AS body, array_agg(left_over.case_id) AS batch FROM (
            SELECT p.organisation_id, p.case_id FROM vault_erasure e
              JOIN cases_participation p ON p.case_id = e.reference::uuid AND p.organisation_id = e.organisation_id
             WHERE e.scope = 'part' AND (session_user NOT IN ('maillage_app', 'maillage_worker') OR p.closed_at IS NOT NULL)
               AND (p.sealed_key <> '' OR p.until IS NULL OR p.until > statement_timestamp()
                    OR EXISTS (SELECT 1 FROM beneficiaries_blindindex b WHERE b.organisation_id = p.organisation_id AND b.case_id = p.case_id)
                    OR EXISTS (SELECT 1 FROM referrals_casefile f WHERE f.organisation_id = p.organisation_id AND f.case_id = p.case_id))
             ORDER BY p.organisation_id, p.case_id LIMIT most) left_over
         GROUP BY 1 ORDER BY 1
    LOOP
        RETURN QUERY SELECT one.batch, protection_empty_parts(one.body, one.batch);
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION protection_cases_held(uuid), protection_closed_cases(),
    protection_cases_going(uuid[], varchar[], varchar[], date[]), protection_keepers(), protection_empty_parts(uuid, uuid[]),
    protection_end_cases(uuid, varchar, varchar, date, uuid, text, date, integer), protection_end_again(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_closed_cases() TO maillage_app, maillage_worker;
GRANT EXECUTE ON FUNCTION protection_cases_going(uuid[], varchar[], varchar[], date[]) TO maillage_app;
GRANT EXECUTE ON FUNCTION protection_keepers(), protection_end_cases(uuid, varchar, varchar, date, uuid, text, date, integer),
    protection_end_again(integer) TO maillage_worker;
"""
UNDO = """
DROP FUNCTION protection_end_again(integer);
DROP FUNCTION protection_end_cases(uuid, varchar, varchar, date, uuid, text, date, integer);
DROP FUNCTION protection_empty_parts(uuid, uuid[]);
DROP FUNCTION protection_keepers();
DROP FUNCTION protection_cases_going(uuid[], varchar[], varchar[], date[]);
DROP FUNCTION protection_closed_cases();
DROP FUNCTION protection_cases_held(uuid);
"""

# What a running objection or restriction keeps is not about to go (`protection_forget_requests` says the same).
_CALENDAR = import_module("maillage.protection.migrations.0013_contacts_of_trainings").CALENDAR
_ASKED = "AND r.received_on + (kept ->> 'request')::interval < horizon\n"
if _CALENDAR.count(_ASKED) != 1:
    raise ValueError("not the calendar that this migration knows")
CALENDAR = _CALENDAR.replace(
    _ASKED,
    _ASKED
    + """           AND NOT EXISTS (SELECT 1 FROM beneficiaries_objection o WHERE o.request_id = r.id AND o.lifted_at IS NULL)
           AND NOT EXISTS (SELECT 1 FROM protection_requestfile f
                             JOIN cases_freeze z ON z.case_id = ANY (f.cases) AND z.organisation_id = f.organisation_id
                            WHERE f.request_id = r.id AND z.lifted_at IS NULL)
""",
)


class Migration(migrations.Migration):

    dependencies = [
        ('beneficiaries', '0008_objection_sealed'),
        ('cases', '0017_freezes'),
        ('conventions', '0017_erased_contacts'),
        ('organisations', '0009_directory'),
        ('protection', '0072_objected_cases'),
        ('vault', '0008_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseDuration',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(blank=True, max_length=20, verbose_name='sorte de dossiers')),
                ('months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='mois')),
                ('reason', models.CharField(max_length=300, verbose_name='d’après quoi')),
                ('recorded_at', models.DateTimeField(verbose_name='fixée le')),
                ('recorded_by', models.UUIDField(verbose_name='par')),
                ('convention', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'durée de conservation des dossiers',
                'indexes': [models.Index(fields=['organisation', 'recorded_at'], name='caseduration_stated')],
                'constraints': [models.CheckConstraint(condition=models.Q(('months__isnull', True), models.Q(('months__gte', 1), ('months__lte', 1200)), _connector='OR'), name='caseduration_in_months', violation_error_message='Écrivez un nombre de mois, de 1 à 1200.'), models.CheckConstraint(condition=models.Q(('kind__in', ['', 'referral', 'application', 'appointment']), models.Q(('kind', ''), ('convention__isnull', True), _connector='OR')), name='caseduration_one_scope', violation_error_message='Choisissez une convention, ou une sorte de dossiers : pas les deux.'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='caseduration_says_why', violation_error_message='Dites d’après quoi : votre référentiel, une décision, un texte.')],
            },
        ),
        ProtectTable("protection_caseduration"),
        JournalTable("protection_caseduration", "id"),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
        migrations.RunSQL(KEEP, _KEEP),
        migrations.RunSQL(ENDING, UNDO),
        migrations.RunSQL(CALENDAR, _CALENDAR),
    ]
