"""From how many days a referral is late or blocked, and those that went beyond: noted each day, told once (row D10)."""

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

HEEDING = """
ALTER TABLE referrals_crossing ADD CONSTRAINT crossing_case_in_its_convention
    FOREIGN KEY (case_id, convention_id) REFERENCES cases_case (id, convention_id);

CREATE FUNCTION referrals_alert_days_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user IN ('maillage_app', 'maillage_worker') THEN
        NEW.set_at := clock_timestamp();
        NEW.set_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.set_by);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT ON referrals_alertdays FOR EACH ROW EXECUTE FUNCTION referrals_alert_days_kept();

-- The day of the last step that both sides see; of a pause, the day on which the caisse looks again. The caisse's own file is
-- left out: its dates are its own.
CREATE FUNCTION referrals_last_step(of_case uuid, zone text) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT greatest(
        conventions_day(greatest(
            r.sent_at, r.acknowledged_at, r.accepted_at,
            (SELECT max(a.noted_at) FROM referrals_contactattempt a WHERE a.case_id = of_case),
            (SELECT max(greatest(q.asked_at, q.answered_at)) FROM referrals_casequestion q WHERE q.case_id = of_case),
            (SELECT max(greatest(p.began_at, p.resumed_at)) FROM referrals_pause p WHERE p.case_id = of_case),
            (SELECT max(n.settled_at) FROM referrals_renunciation n WHERE n.case_id = of_case),
            (SELECT max(greatest(f.noted_at, f.settled_at)) FROM referrals_rightfollowed f WHERE f.case_id = of_case),
            (SELECT max(t.forwarded_at) FROM referrals_forwarding t WHERE t.case_id = of_case),
            (SELECT max(m.at) FROM exchange_message m WHERE m.case_id = of_case)), zone),
        (SELECT max(p.look_again_on) FROM referrals_pause p WHERE p.case_id = of_case AND p.resumed_at IS NULL))
      FROM referrals_referral r WHERE r.case_id = of_case
$$;

-- For the daily round: the conventions under which a caisse has something to look at.
CREATE FUNCTION referrals_to_heed() RETURNS TABLE (of_convention uuid, caisse uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.convention_id, p.organisation_id FROM cases_participation p JOIN cases_case c ON c.id = p.case_id
     WHERE p.role = 'recipient' AND p.closed_at IS NULL AND c.kind = 'referral'
     UNION SELECT x.convention_id, c.caisse_id FROM referrals_crossing x JOIN cases_case c ON c.id = x.case_id
     WHERE x.ended_on IS NULL
     ORDER BY 1, 2
$$;

-- Notes the referrals of a caisse whose last step is of `oldest` or before, and ends the notes of those that moved; returns the new
-- ones, without the sender from whom the person withholds the progress. One that comes back without a step (the threshold was changed and changed again) goes on with its former note.
CREATE FUNCTION referrals_note_crossings(of_convention uuid, of_caisse uuid, of_kind text, oldest date, on_day date)
RETURNS TABLE (of_case uuid, sender uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    zone text := (SELECT c.time_zone FROM conventions_convention c WHERE c.id = of_convention);
    beyond uuid[];
    steps date[];
BEGIN
    SELECT coalesce(array_agg(w.case_id), '{}'), coalesce(array_agg(w.step), '{}') INTO beyond, steps
      FROM (SELECT p.case_id, CASE WHEN of_kind = 'late' THEN conventions_day(p.since, zone)
                                   ELSE referrals_last_step(p.case_id, zone) END AS step
              FROM cases_participation p JOIN cases_case c ON c.id = p.case_id
             WHERE p.organisation_id = of_caisse AND p.convention_id = of_convention AND p.role = 'recipient'
               AND p.closed_at IS NULL AND c.kind = 'referral' AND (p.state = 'sent') = (of_kind = 'late')) w
     WHERE w.step <= oldest;
    UPDATE referrals_crossing x SET ended_on = greatest(on_day, x.crossed_on) FROM cases_case c
     WHERE c.id = x.case_id AND c.caisse_id = of_caisse AND x.convention_id = of_convention AND x.kind = of_kind
       AND x.ended_on IS NULL
       AND NOT EXISTS (SELECT 1 FROM unnest(beyond, steps) AS b (id, step) WHERE b.id = x.case_id AND b.step = x.step_on);
    UPDATE referrals_crossing x SET ended_on = NULL FROM unnest(beyond, steps) AS b (id, step)
     WHERE x.case_id = b.id AND x.kind = of_kind AND x.step_on = b.step AND x.ended_on IS NOT NULL;
    RETURN QUERY
    WITH new AS (
        INSERT INTO referrals_crossing (id, case_id, convention_id, kind, step_on, crossed_on)
        SELECT gen_random_uuid(), b.id, of_convention, of_kind, b.step, on_day FROM unnest(beyond, steps) AS b (id, step)
        ON CONFLICT DO NOTHING RETURNING case_id
    )
    SELECT c.id, CASE WHEN of_kind = 'late' OR NOT p.withheld THEN c.sender_id END
      FROM new JOIN cases_case c ON c.id = new.case_id JOIN cases_participation p ON p.case_id = c.id AND p.role = 'sender'
     ORDER BY c.id;
END $$;
REVOKE ALL ON FUNCTION referrals_alert_days_kept(), referrals_last_step(uuid, text), referrals_to_heed(),
    referrals_note_crossings(uuid, uuid, text, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION referrals_to_heed(), referrals_note_crossings(uuid, uuid, text, date, date) TO maillage_worker;
"""
UNDO = """
ALTER TABLE referrals_crossing DROP CONSTRAINT crossing_case_in_its_convention;
DROP FUNCTION referrals_note_crossings(uuid, uuid, text, date, date);
DROP FUNCTION referrals_to_heed();
DROP FUNCTION referrals_last_step(uuid, text);
DROP TRIGGER kept ON referrals_alertdays;
DROP FUNCTION referrals_alert_days_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
        ('cases', '0011_withheld'),
        ('conventions', '0010_solicitations'),
        ('exchange', '0001_messages'),
        ('organisations', '0009_directory'),
        ('referrals', '0013_past_a_page'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertDays',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('late_days', models.PositiveSmallIntegerField(verbose_name='jours sans accusé de réception')),
                ('blocked_days', models.PositiveSmallIntegerField(verbose_name='jours sans étape')),
                ('set_at', models.DateTimeField(verbose_name='fixé le')),
                ('set_by', models.UUIDField(verbose_name='par')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'seuils d’une convention',
                'indexes': [models.Index(fields=['convention_id', '-set_at'], name='alertdays_last')],
                'constraints': [models.CheckConstraint(condition=models.Q(('blocked_days__gte', 1), ('blocked_days__lte', 365), ('late_days__gte', 1), ('late_days__lte', 365)), name='alertdays_within_bounds', violation_error_message='Un seuil va de 1 à 365 jours.')],
            },
        ),
        migrations.CreateModel(
            name='Crossing',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('convention_id', models.UUIDField(verbose_name='convention')),
                ('kind', models.CharField(max_length=10, verbose_name='nature')),
                ('step_on', models.DateField(verbose_name='dernière étape le')),
                ('crossed_on', models.DateField(verbose_name='dépassé le')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='reparti le')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='crossings', to='cases.case')),
            ],
            options={
                'verbose_name': 'seuil dépassé',
                'indexes': [models.Index(condition=models.Q(('ended_on__isnull', True)), fields=['convention_id', 'kind'], name='crossing_running')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['late', 'blocked'])), name='crossing_kind_known', violation_error_message='Un dossier est en retard, ou bloqué.'),
                    models.CheckConstraint(condition=models.Q(('crossed_on__gt', models.F('step_on'))), name='crossing_after_the_step', violation_error_message='Un seuil se dépasse après l’étape dont il part.'),
                    models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('crossed_on')), _connector='OR'), name='crossing_dates_ordered', violation_error_message='La fin ne peut pas précéder le début.'),
                    models.UniqueConstraint(fields=('case', 'kind', 'step_on'), name='crossing_once', violation_error_message='Ce dépassement est déjà noté.'),
                ],
            },
        ),
        ProtectTable("referrals_alertdays"),
        ProtectTable("referrals_crossing"),
        JournalTable("referrals_alertdays", "id"),
        migrations.RunSQL(HEEDING, UNDO),
    ]
