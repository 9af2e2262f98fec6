"""Who follows a case inside one organisation, what is told to those who watch over its journal, and from how many cases."""

import django.db.models.deletion
import maillage.core.identifiers
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
-- A following is only ever ended: who, what, why and since when stay, and a consultation does not last longer.
CREATE FUNCTION cases_following_ends_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF to_jsonb(NEW) - 'until' <> to_jsonb(OLD) - 'until'
        OR (OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until)) THEN
        RAISE EXCEPTION 'a following only ends' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cases_following_ends_only() FROM PUBLIC;
CREATE TRIGGER following_ends_only BEFORE UPDATE ON cases_following FOR EACH ROW EXECUTE FUNCTION cases_following_ends_only();

-- An alert says what happened for good, and is looked at once.
CREATE FUNCTION cases_alert_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    looked text[] := '{seen_at,seen_by,word}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.seen_at IS NOT NULL THEN
            RAISE EXCEPTION 'an alert is raised before it is looked at' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF to_jsonb(NEW) - looked <> to_jsonb(OLD) - looked OR (OLD.seen_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'what was told stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cases_alert_stays() FROM PUBLIC;
CREATE TRIGGER alert_stays BEFORE INSERT OR UPDATE ON cases_alert FOR EACH ROW EXECUTE FUNCTION cases_alert_stays();

-- From the journal: whoever opened something since then, how many distinct persons she opened in that day of her
-- organisation's own calendar; one alert for each day above the threshold, however often this runs.
CREATE FUNCTION raise_reading_alerts(opened_since timestamptz, instant timestamptz, usual integer)
RETURNS TABLE (alert uuid, organisation uuid) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH lately AS (
        SELECT DISTINCT e.organisation_id, e.user_id, (e.at AT TIME ZONE o.time_zone)::date AS day, o.time_zone
          FROM audit_entry e JOIN organisations_organisation o ON o.id = e.organisation_id
         WHERE e.at >= opened_since AND e.object_type = 'referral' AND (e.fields LIKE 'identity%' OR e.verb = 'search')
           AND e.user_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    ), counted AS (
        SELECT l.organisation_id, l.user_id::uuid AS person, l.day, count(DISTINCT opened.reference) AS cases,
               coalesce(t.cases_per_day, usual) AS most
          FROM lately l LEFT JOIN cases_threshold t ON t.organisation_id = l.organisation_id
          JOIN audit_entry e ON e.organisation_id = l.organisation_id AND e.user_id = l.user_id
               AND e.at >= l.day::timestamp AT TIME ZONE l.time_zone AND e.at < (l.day + 1)::timestamp AT TIME ZONE l.time_zone
               AND e.object_type = 'referral' AND (e.fields LIKE 'identity%' OR e.verb = 'search')
         CROSS JOIN LATERAL unnest(string_to_array(e.object_ref, ',')) AS opened (reference)
         GROUP BY l.organisation_id, l.user_id, l.day, t.cases_per_day
    )
    INSERT INTO cases_alert (id, organisation_id, kind, user_id, day, cases, threshold, raised_at, word)
    SELECT gen_random_uuid(), c.organisation_id, 'volume', c.person, c.day, c.cases, c.most, instant, ''
      FROM counted c WHERE c.cases > c.most
    ON CONFLICT DO NOTHING RETURNING id, organisation_id
$$;
REVOKE ALL ON FUNCTION raise_reading_alerts(timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION raise_reading_alerts(timestamptz, timestamptz, integer) TO maillage_worker;
"""
UNDO = """
DROP FUNCTION raise_reading_alerts(timestamptz, timestamptz, integer);
DROP TRIGGER alert_stays ON cases_alert;
DROP FUNCTION cases_alert_stays();
DROP TRIGGER following_ends_only ON cases_following;
DROP FUNCTION cases_following_ends_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_closed_bodies'),
        ('organisations', '0005_network'),
    ]

    operations = [
        migrations.CreateModel(
            name='Threshold',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='organisations.organisation')),
                ('cases_per_day', models.PositiveIntegerField(verbose_name='dossiers par personne et par jour')),
                ('set_at', models.DateTimeField(verbose_name='fixé le')),
                ('set_by', models.UUIDField(verbose_name='par')),
            ],
            options={
                'verbose_name': 'seuil d’alerte',
                'constraints': [models.CheckConstraint(condition=models.Q(('cases_per_day__gte', 5), ('cases_per_day__lte', 1000)), name='threshold_within_bounds', violation_error_message='Le seuil va de 5 à 1000 dossiers par jour.')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12, verbose_name='nature')),
                ('user_id', models.UUIDField(verbose_name='personne')),
                ('day', models.DateField(verbose_name='jour')),
                ('cases', models.PositiveIntegerField(blank=True, null=True, verbose_name='dossiers ouverts')),
                ('threshold', models.PositiveIntegerField(blank=True, null=True, verbose_name='seuil du jour')),
                ('raised_at', models.DateTimeField(verbose_name='signalé le')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='examiné le')),
                ('seen_by', models.UUIDField(blank=True, null=True, verbose_name='par')),
                ('word', models.CharField(blank=True, max_length=300, verbose_name='suite donnée')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'signalement',
                'indexes': [models.Index(fields=['organisation', '-raised_at'], name='alert_recent'), models.Index(condition=models.Q(('seen_at__isnull', True)), fields=['organisation'], name='alert_to_see')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', True), ('cases__isnull', False), ('kind', 'volume'), ('threshold__isnull', False)), models.Q(('case__isnull', False), ('cases__isnull', True), ('kind', 'consultation'), ('threshold__isnull', True)), _connector='OR'), name='alert_says_what'), models.CheckConstraint(condition=models.Q(models.Q(('seen_at__isnull', True), ('seen_by__isnull', True), ('word', '')), models.Q(('seen_at__isnull', False), ('seen_by__isnull', False), models.Q(('word', ''), _negated=True)), _connector='OR'), name='alert_seen_with_a_word', violation_error_message='Dites en un mot la suite donnée.'), models.CheckConstraint(condition=models.Q(('seen_by__isnull', True), models.Q(('seen_by', models.F('user_id')), _negated=True), _connector='OR'), name='alert_seen_by_another', violation_error_message='Un signalement s’examine par quelqu’un d’autre que la personne signalée.'), models.UniqueConstraint(condition=models.Q(('kind', 'volume')), fields=('organisation', 'user_id', 'day'), name='alert_volume_once', violation_error_message='Ce dépassement est déjà signalé.'), models.UniqueConstraint(condition=models.Q(('kind', 'consultation')), fields=('organisation', 'user_id', 'case', 'day'), name='alert_consultation_once', violation_error_message='Cette consultation est déjà signalée.')],
            },
        ),
        migrations.CreateModel(
            name='Following',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField(verbose_name='personne')),
                ('reason', models.CharField(max_length=10, verbose_name='à quel titre')),
                ('since', models.DateTimeField(verbose_name='depuis')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='jusqu’à')),
                ('given_by', models.UUIDField(blank=True, null=True, verbose_name='confié par')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'suivi d’un dossier',
                'indexes': [models.Index(fields=['organisation', 'user_id', 'case'], name='following_person'), models.Index(fields=['case', 'organisation'], name='following_case')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('case', 'organisation', 'user_id'), name='following_once', violation_error_message='Ce dossier est déjà suivi par cette personne.'), models.CheckConstraint(condition=models.Q(('reason__in', ['sent', 'worked', 'taken', 'handed', 'consulted'])), name='following_reason_known'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='following_dates_ordered', violation_error_message='La fin d’un suivi ne précède pas son début.'), models.CheckConstraint(condition=models.Q(models.Q(('reason', 'consulted'), _negated=True), ('until__isnull', False), _connector='OR'), name='following_consulted_ends', violation_error_message='Une consultation sans suivi s’arrête à la fin de la journée.'), models.CheckConstraint(condition=models.Q(models.Q(('given_by__isnull', False), ('reason', 'handed')), models.Q(models.Q(('reason', 'handed'), _negated=True), ('given_by__isnull', True)), _connector='OR'), name='following_handed_by_someone', violation_error_message='Un dossier confié l’est par quelqu’un.')],
            },
        ),
        ProtectTable("cases_following"),
        ProtectTable("cases_threshold"),
        ProtectTable("cases_alert"),
        JournalTable("cases_following", "id"),
        JournalTable("cases_threshold", "organisation_id"),
        JournalTable("cases_alert", "id"),
        migrations.RunSQL(GUARDS, UNDO),
    ]
