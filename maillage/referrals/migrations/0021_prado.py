"""PRADO maternité: the caisse's own enrolments, and the figures of each month that the parties of a convention may read."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

# An enrolment belongs to whoever signs a convention in force whose text, or a signed avenant, names the service. It moves forward
# only, dated by the database; its key is only wrapped again, by the job that renews keys. Figures of a month are decided once, a
# fortnight after it: no count from 1 to 10, three maternities at least, none above 85 %, and nothing of the sort left to whoever takes her own away.
GUARDS = """
CREATE FUNCTION referrals_enrolment_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moving text[] := '{preregistered_on,visited_on,eligible,presented_on,answer,reason,answered_on,has_midwife,wrapped_key,sealed,changed_at,changed_by}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') OR (TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.visited_on IS NOT NULL THEN
            RAISE EXCEPTION 'an enrolment begins before the visit' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.opened_at := clock_timestamp();
        NEW.opened_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.opened_by);
    ELSE
        IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving THEN
            RAISE EXCEPTION 'an enrolment stays where it was opened' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.wrapped_key <> OLD.wrapped_key AND (to_jsonb(NEW) - 'wrapped_key' <> to_jsonb(OLD) - 'wrapped_key'
            OR length(NEW.wrapped_key) <> length(OLD.wrapped_key)) THEN
            RAISE EXCEPTION 'a key is only wrapped again' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.wrapped_key <> OLD.wrapped_key THEN
            RETURN NEW;
        END IF;
        IF (OLD.presented_on IS NOT NULL AND (NEW.presented_on, NEW.visited_on, NEW.eligible) IS DISTINCT FROM
                (OLD.presented_on, OLD.visited_on, OLD.eligible))
            OR (OLD.answer <> '' AND (NEW.answer, NEW.reason, NEW.answered_on) IS DISTINCT FROM (OLD.answer, OLD.reason, OLD.answered_on))
            OR (OLD.has_midwife AND NOT NEW.has_midwife) OR NEW.preregistered_on IS DISTINCT FROM OLD.preregistered_on THEN
            RAISE EXCEPTION 'what was noted stays' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    NEW.changed_at := clock_timestamp();
    NEW.changed_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.changed_by);
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON referrals_enrolment FOR EACH ROW EXECUTE FUNCTION referrals_enrolment_kept();

CREATE FUNCTION referrals_enrolment_of_its_service() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM conventions_party p
         WHERE p.convention_id = NEW.convention_id AND p.organisation_id = NEW.organisation_id AND p.role <> 'informed'
    ) THEN
        RAISE EXCEPTION 'no convention that this organisation signed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM conventions_convention c
         WHERE c.id = NEW.convention_id AND c.state = 'in_force' AND c.in_force @> statement_timestamp()
    ) THEN
        RAISE EXCEPTION 'this convention is not in force' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM conventions_termsversion v CROSS JOIN LATERAL jsonb_array_elements(v.terms -> 'services') one
         WHERE v.convention_id = NEW.convention_id AND one ->> 'key' IN ('prado_maternite', 'prado')
    ) AND NOT EXISTS (
        SELECT 1 FROM conventions_amendment a CROSS JOIN LATERAL jsonb_array_elements(a.changes) c
        CROSS JOIN LATERAL jsonb_array_elements(
            CASE jsonb_typeof(c -> 'value') WHEN 'array' THEN c -> 'value' ELSE jsonb_build_array(c -> 'value') END) one
         WHERE a.convention_id = NEW.convention_id AND a.state = 'signed' AND one ->> 'key' IN ('prado_maternite', 'prado')
    ) THEN
        RAISE EXCEPTION 'no such service in the text' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER of_its_service AFTER INSERT ON referrals_enrolment
    FOR EACH ROW EXECUTE FUNCTION referrals_enrolment_of_its_service();

CREATE FUNCTION referrals_release_adhesions() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    made integer;
BEGIN
    WITH cell AS (
        SELECT e.convention_id, date_trunc('month', e.presented_on)::date AS month, e.organisation_id AS caisse, e.maternity_id AS maternity,
               count(*) AS presented, count(*) FILTER (WHERE e.answer = 'accepted') AS accepted
          FROM referrals_enrolment e WHERE e.presented_on IS NOT NULL GROUP BY 1, 2, 3, 4
    ), month AS (
        SELECT bounds.convention_id, step::date AS month
          FROM (SELECT cell.convention_id, min(cell.month) AS first FROM cell GROUP BY 1) bounds
          CROSS JOIN LATERAL generate_series(bounds.first::timestamp, statement_timestamp() AT TIME ZONE 'Europe/Paris' - interval '1 month 14 days',
                                             interval '1 month') step
    ), told AS (
        SELECT m.convention_id, m.month, sum(c.presented) AS presented, sum(c.accepted) AS accepted
          FROM month m LEFT JOIN cell c USING (convention_id, month) GROUP BY 1, 2
    ), knowing AS (  -- what each maternity, and each caisse, knows by herself
        SELECT convention_id, month, 'maternity' AS who, sum(presented) AS presented, sum(accepted) AS accepted
          FROM cell GROUP BY convention_id, month, maternity
        UNION ALL
        SELECT convention_id, month, 'caisse', sum(presented), sum(accepted) FROM cell GROUP BY convention_id, month, caisse
    ), safe AS (
        SELECT t.convention_id, t.month FROM told t JOIN knowing k USING (convention_id, month)
         GROUP BY t.convention_id, t.month, t.presented, t.accepted
        HAVING t.accepted >= 11 AND t.presented - t.accepted >= 11
           AND count(*) FILTER (WHERE k.who = 'maternity') >= 3
           AND bool_and(k.who <> 'maternity' OR (k.presented * 100 <= t.presented * 85 AND k.accepted * 100 <= t.accepted * 85
                AND (k.presented - k.accepted) * 100 <= (t.presented - t.accepted) * 85))
           AND bool_and(k.presented = t.presented OR (t.accepted - k.accepted >= 11
                AND t.presented - t.accepted - (k.presented - k.accepted) >= 11))
    )
    INSERT INTO referrals_adhesionrelease (id, convention_id, month, presented, accepted, decided_at)
    SELECT gen_random_uuid(), t.convention_id, t.month, CASE WHEN s.month IS NOT NULL THEN t.presented END,
           CASE WHEN s.month IS NOT NULL THEN t.accepted END, statement_timestamp()
      FROM told t LEFT JOIN safe s USING (convention_id, month)
     ON CONFLICT (convention_id, month) DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION referrals_enrolment_kept(), referrals_enrolment_of_its_service(), referrals_release_adhesions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referrals_release_adhesions() TO maillage_worker;
"""
UNGUARD = """
DROP FUNCTION referrals_release_adhesions();
DROP TRIGGER of_its_service ON referrals_enrolment;
DROP TRIGGER kept ON referrals_enrolment;
DROP FUNCTION referrals_enrolment_of_its_service();
DROP FUNCTION referrals_enrolment_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0009_directory'),
        ('referrals', '0020_corrections'),
    ]

    operations = [
        migrations.CreateModel(
            name='AdhesionRelease',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('month', models.DateField(verbose_name='mois')),
                ('presented', models.PositiveIntegerField(blank=True, null=True, verbose_name='présentations')),
                ('accepted', models.PositiveIntegerField(blank=True, null=True, verbose_name='adhésions')),
                ('decided_at', models.DateTimeField(verbose_name='arrêté le')),
            ],
            options={
                'verbose_name': 'taux d’adhésion PRADO',
                'constraints': [models.UniqueConstraint(fields=('convention_id', 'month'), name='adhesion_once_a_month', violation_error_message='Ce mois est déjà arrêté.'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='adhesion_of_a_whole_month'), models.CheckConstraint(condition=models.Q(models.Q(('accepted__isnull', True), ('presented__isnull', True)), models.Q(('accepted__gte', 11), ('accepted__isnull', False), ('presented__gte', django.db.models.expressions.CombinedExpression(models.F('accepted'), '+', models.Value(11))), ('presented__isnull', False)), _connector='OR'), name='adhesion_never_under_the_threshold', violation_error_message='Ni adhésions ni refus ne sont publiés sous onze.')],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('preregistered_on', models.DateField(blank=True, null=True, verbose_name='préinscrite le')),
                ('visited_on', models.DateField(blank=True, null=True, verbose_name='visitée le')),
                ('eligible', models.CharField(blank=True, max_length=8, verbose_name='éligibilité')),
                ('presented_on', models.DateField(blank=True, null=True, verbose_name='offre présentée le')),
                ('answer', models.CharField(blank=True, max_length=8, verbose_name='réponse')),
                ('reason', models.CharField(blank=True, max_length=12, verbose_name='raison du refus')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='répondu le')),
                ('has_midwife', models.BooleanField(default=False, verbose_name='sage-femme choisie')),
                ('wrapped_key', models.BinaryField(verbose_name='clé enveloppée')),
                ('sealed', models.BinaryField(verbose_name='dossier chiffré')),
                ('opened_at', models.DateTimeField(verbose_name='ouverte le')),
                ('opened_by', models.UUIDField(verbose_name='par')),
                ('changed_at', models.DateTimeField(verbose_name='modifiée le')),
                ('changed_by', models.UUIDField(verbose_name='modifiée par')),
                ('maternity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation', verbose_name='maternité')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'inscription PRADO',
                'indexes': [models.Index(fields=['organisation', 'convention_id', '-opened_at'], name='enrolment_list'), models.Index(condition=models.Q(('presented_on__isnull', False)), fields=['organisation', 'convention_id', 'presented_on'], name='enrolment_presented')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('eligible', ''), ('visited_on__isnull', True)), models.Q(('eligible__in', ('met', 'not_met', 'unknown')), ('visited_on__isnull', False)), _connector='OR'), name='enrolment_judged_at_the_visit', violation_error_message='L’éligibilité se note à la visite, et la visite note l’éligibilité.'), models.CheckConstraint(condition=models.Q(('presented_on__isnull', True), models.Q(('eligible', 'met'), ('presented_on__gte', models.F('visited_on')), ('visited_on__isnull', False)), _connector='OR'), name='enrolment_presented_if_eligible', violation_error_message='L’offre se présente à une assurée éligible, après la visite.'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_on__isnull', True)), models.Q(('answer__in', ['accepted', 'refused']), ('answered_on__gte', models.F('presented_on')), ('answered_on__isnull', False), ('presented_on__isnull', False)), _connector='OR'), name='enrolment_answered_once_presented', violation_error_message='Une réponse a son jour ; elle suit la présentation.'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'refused'), ('reason__in', ['followed', 'no_need', 'no_visit', 'moves', 'other'])), models.Q(models.Q(('answer', 'refused'), _negated=True), ('reason', '')), _connector='OR'), name='enrolment_refusal_says_why', violation_error_message='Un refus dit sa raison.'), models.CheckConstraint(condition=models.Q(('has_midwife', False), ('answer', 'accepted'), _connector='OR'), name='enrolment_midwife_of_an_enrolled', violation_error_message='La sage-femme se choisit une fois l’adhésion donnée.'), models.CheckConstraint(condition=models.Q(('preregistered_on__isnull', True), ('visited_on__isnull', True), ('visited_on__gte', models.F('preregistered_on')), _connector='OR'), name='enrolment_visited_after_preregistered', violation_error_message='La visite suit la préinscription.')],
            },
        ),
        ProtectTable("referrals_enrolment"),
        ProtectTable("referrals_adhesionrelease"),
        JournalTable("referrals_enrolment", "id"),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
