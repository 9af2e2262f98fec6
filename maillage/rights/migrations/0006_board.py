"""The board of applications between two committees, and the random sample: counted, and drawn once, by the database itself (row E7)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# What a sample is made of holds together, whoever writes it; nobody who works changes one or takes it away.
SAMPLE = """
ALTER TABLE rights_sample
    ADD CONSTRAINT sample_seed_whole CHECK (octet_length(seed) = 32),
    ADD CONSTRAINT sample_of_its_population CHECK (drawn <@ population),
    ADD CONSTRAINT sample_as_large_as_agreed CHECK (
        cardinality(population) > 0 AND cardinality(drawn) = least(size, cardinality(population))
        AND cardinality(days) = cardinality(drawn));

CREATE FUNCTION rights_sample_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user IN ('maillage_app', 'maillage_worker') THEN
        RAISE EXCEPTION 'a sample is drawn once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON rights_sample FOR EACH ROW EXECUTE FUNCTION rights_sample_kept();
REVOKE ALL ON FUNCTION rights_sample_kept() FROM PUBLIC;
"""

# Draws the sample of a caisse's applications decided from a day to the day before another: the seed is made here, so that nobody
# chooses one, and the first `wanted` are taken in the order of HMAC-SHA256(seed, id) (RFC 2104: the key is shorter than a block).
# « again »: a sample covers part of that period already. « none »: nothing was decided then. The convention is locked meanwhile, so
# that of two people who draw one does.
DRAW = """
CREATE FUNCTION rights_draw(new_id uuid, of_convention uuid, from_day date, to_day date, wanted integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    me uuid := cases_caller();
    acting uuid := nullif(current_setting('maillage.user', true), '')::uuid;
    drawing bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
    inner_key bytea := decode(repeat('36', 64), 'hex');
    outer_key bytea := decode(repeat('5c', 64), 'hex');
BEGIN
    PERFORM 1 FROM conventions_convention c JOIN conventions_party mine ON mine.convention_id = c.id
     WHERE c.id = of_convention AND mine.organisation_id = me AND mine.role <> 'informed'
       AND EXISTS (SELECT 1 FROM cases_authorisation a WHERE a.convention_id = of_convention AND a.recipient_id = me AND a.rights <> '{}')
       FOR UPDATE OF c;
    IF NOT FOUND OR acting IS NULL THEN
        RAISE EXCEPTION 'no such convention' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF from_day >= to_day OR to_day > organisations_today(me) THEN
        RAISE EXCEPTION 'a sample is of a period that is over' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM rights_sample s WHERE s.convention_id = of_convention AND s.organisation_id = me
                AND s.since < to_day AND from_day < s.until) THEN
        RETURN 'again';
    END IF;
    FOR place IN 0..31 LOOP
        inner_key := set_byte(inner_key, place, get_byte(inner_key, place) # get_byte(drawing, place));
        outer_key := set_byte(outer_key, place, get_byte(outer_key, place) # get_byte(drawing, place));
    END LOOP;
    INSERT INTO rights_sample (id, convention_id, organisation_id, readers, since, until, size, seed, population, total_days, drawn, days,
        drawn_at, drawn_by)
    SELECT new_id, of_convention, me, CASE WHEN cardinality(whole.senders) = 1 AND NOT whole.withheld THEN whole.senders ELSE '{}' END,
           from_day, to_day, wanted, drawing, whole.ids, whole.total, whole.ordered[1:wanted], whole.delays[1:wanted], clock_timestamp(),
           acting
      FROM (SELECT array_agg(one.case_id ORDER BY one.case_id) AS ids, sum(one.days) AS total,
                   array_agg(one.case_id ORDER BY one.place) AS ordered, array_agg(one.days ORDER BY one.place) AS delays,
                   array_agg(DISTINCT one.sender_id) AS senders, bool_or(one.withheld) AS withheld
              FROM (SELECT a.case_id, a.decided_on - a.received_on AS days, c.sender_id,
                           sha256(outer_key || sha256(inner_key || uuid_send(a.case_id))) AS place,
                           EXISTS (SELECT 1 FROM cases_participation theirs WHERE theirs.case_id = a.case_id
                                    AND theirs.organisation_id = c.sender_id AND theirs.withheld) AS withheld
                      FROM cases_participation p
                      JOIN cases_case c ON c.id = p.case_id
                      JOIN rights_application a ON a.case_id = p.case_id
                     WHERE p.organisation_id = me AND p.convention_id = of_convention AND p.role = 'recipient' AND p.kind = 'application'
                       AND (p.until IS NULL OR p.until > now()) AND a.decided_on >= from_day AND a.decided_on < to_day) one) whole
     WHERE whole.ids IS NOT NULL;
    RETURN CASE WHEN FOUND THEN 'drawn' ELSE 'none' END;
END $$;
REVOKE ALL ON FUNCTION rights_draw(uuid, uuid, date, date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rights_draw(uuid, uuid, date, date, integer) TO maillage_app;
"""

# What an organisation counts of its own applications under a convention, from its participations: each figure in one pass over them,
# which a policy that looks up the participation of every row would not be. Of what the person withholds from whom sent her, the
# sender counts that it was sent, and nothing more (D12).
COUNTS = """
CREATE FUNCTION rights_board_sent(of_convention uuid, as_role text, from_at timestamptz, to_at timestamptz)
RETURNS TABLE (of_right text, is_urgent boolean, stands text, files bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    me uuid := cases_caller();
BEGIN
    RETURN QUERY
    SELECT a."right"::text, a.urgent, CASE WHEN p.withheld THEN 'withheld' ELSE a.state::text END, count(*)
      FROM cases_participation p JOIN rights_application a ON a.case_id = p.case_id
     WHERE p.organisation_id = me AND p.convention_id = of_convention AND p.role = as_role AND p.kind = 'application'
       AND p.since >= from_at AND p.since < to_at AND (p.until IS NULL OR p.until > now())
     GROUP BY 1, 2, 3;
END $$;

CREATE FUNCTION rights_board_decided(of_convention uuid, as_role text, from_day date, to_day date)
RETURNS TABLE (measure text, of_right text, is_urgent boolean, days integer, promise boolean, law boolean, silent boolean, files bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    me uuid := cases_caller();
BEGIN
    RETURN QUERY
    SELECT CASE 0 WHEN grouping(one.total) THEN 'total' WHEN grouping(one.completing) THEN 'completing'
                  WHEN grouping(one.deciding) THEN 'deciding' ELSE 'telling' END,
           one.of_right, one.urgent, coalesce(one.total, one.completing, one.deciding, one.telling), one.promise, one.law, one.silent,
           count(*)
      FROM (SELECT a."right"::text AS of_right, a.urgent, a.decided_on - a.received_on AS total,
                   a.complete_on - a.received_on AS completing, a.decided_on - a.complete_on AS deciding,
                   a.notified_on - a.decided_on AS telling, a.decided_on <= a.promised_on AS promise, a.decided_on <= a.legal_on AS law,
                   a.by_silence AS silent
              FROM cases_participation p JOIN rights_application a ON a.case_id = p.case_id
             WHERE p.organisation_id = me AND p.convention_id = of_convention AND p.role = as_role AND p.kind = 'application'
               AND (p.until IS NULL OR p.until > now()) AND NOT p.withheld AND a.decided_on >= from_day AND a.decided_on < to_day) one
     GROUP BY GROUPING SETS ((one.of_right, one.urgent, one.total, one.promise, one.law, one.silent), (one.urgent, one.completing),
                             (one.urgent, one.deciding), (one.urgent, one.telling))
    HAVING coalesce(one.total, one.completing, one.deciding, one.telling) IS NOT NULL;
END $$;

CREATE FUNCTION rights_board_beside(of_convention uuid, as_role text, from_day date, to_day date)
RETURNS TABLE (what text, files bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    me uuid := cases_caller();
BEGIN
    RETURN QUERY
    SELECT r.again::text, count(*)
      FROM rights_piecerequest r JOIN cases_participation p ON p.case_id = r.case_id AND p.organisation_id = me
     WHERE p.convention_id = of_convention AND p.role = as_role AND (p.until IS NULL OR p.until > now()) AND NOT p.withheld
       AND r.number > 1 AND r.asked_on >= from_day AND r.asked_on < to_day
     GROUP BY 1
    UNION ALL
    SELECT 'rejection', count(*)
      FROM rights_application a JOIN cases_participation p ON p.case_id = a.case_id AND p.organisation_id = me
     WHERE p.convention_id = of_convention AND p.role = as_role AND (p.until IS NULL OR p.until > now()) AND NOT p.withheld
       AND a.silence = 'rejection' AND a.lapsed_on >= from_day AND a.lapsed_on < to_day
    UNION ALL
    SELECT 'open', count(*)
      FROM cases_participation p
     WHERE p.organisation_id = me AND p.convention_id = of_convention AND p.role = as_role AND p.kind = 'application'
       AND p.closed_at IS NULL AND (p.until IS NULL OR p.until > now());
END $$;
REVOKE ALL ON FUNCTION rights_board_sent(uuid, text, timestamptz, timestamptz), rights_board_decided(uuid, text, date, date),
    rights_board_beside(uuid, text, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rights_board_sent(uuid, text, timestamptz, timestamptz), rights_board_decided(uuid, text, date, date),
    rights_board_beside(uuid, text, date, date) TO maillage_app, maillage_worker;
"""

UNDO = """
DROP FUNCTION rights_board_beside(uuid, text, date, date);
DROP FUNCTION rights_board_decided(uuid, text, date, date);
DROP FUNCTION rights_board_sent(uuid, text, timestamptz, timestamptz);
DROP FUNCTION rights_draw(uuid, uuid, date, date, integer);
DROP TRIGGER kept ON rights_sample;
DROP FUNCTION rights_sample_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
        ('cases', '0014_applications'),
        ('conventions', '0011_rights'),
        ('organisations', '0009_directory'),
        ('rights', '0005_listed_by_right'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='partenaire')),
                ('since', models.DateField(verbose_name='depuis le COPIL du')),
                ('until', models.DateField(verbose_name='jusqu’au COPIL du')),
                ('size', models.PositiveSmallIntegerField(verbose_name='taille convenue')),
                ('seed', models.BinaryField(verbose_name='graine')),
                ('population', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='dossiers décidés')),
                ('total_days', models.BigIntegerField(verbose_name='somme de leurs délais')),
                ('drawn', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='dossiers tirés')),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None, verbose_name='délais des dossiers tirés')),
                ('drawn_at', models.DateTimeField(verbose_name='tiré le')),
                ('drawn_by', models.UUIDField(verbose_name='par')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.convention')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'échantillon de dossiers de droits',
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='sample_period_ordered', violation_error_message='Le second COPIL vient après le premier.'), models.CheckConstraint(condition=models.Q(('size__gte', 2), ('size__lte', 500)), name='sample_size_bounded', violation_error_message='Un échantillon compte de 2 à 500 dossiers.'), models.UniqueConstraint(fields=('convention', 'organisation', 'since'), name='sample_once', violation_error_message='Un échantillon est déjà tiré sur cette période.')],
            },
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('lapsed_on__isnull', False)), fields=['lapsed_on', 'case'], name='application_lapsed'),
        ),
        migrations.AddIndex(
            model_name='piecerequest',
            index=models.Index(condition=models.Q(('number__gt', 1)), fields=['asked_on', 'case'], name='piecerequest_again'),
        ),
        ProtectTable('rights_sample'),
        JournalTable('rights_sample'),
        migrations.RunSQL(SAMPLE + DRAW + COUNTS, UNDO),
    ]
