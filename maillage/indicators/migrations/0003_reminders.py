"""Reminders of campaigns: at which days before the closing one, which of them left, and whom they reach."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

_KEPT = """
CREATE OR REPLACE FUNCTION indicators_campaign_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changing text[] := '{%s}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            RAISE EXCEPTION 'a campaign is opened first' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing THEN
        RAISE EXCEPTION 'a campaign asks what it asked' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'released' AND session_user IN ('maillage_app', 'maillage_worker') THEN
        RAISE EXCEPTION 'figures are released once they are protected' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
_FORMER = "state,due_on,closed_at,closed_by,released_at,policy,refused,answered"
KEPT, NOT_KEPT = _KEPT % f"{_FORMER},reminders", _KEPT % _FORMER

# A reminder is that of an open campaign. `indicators_unanswered`: the conventions of a campaign whose sheet nobody has handed over, each
# with its parties, whoever holds it first; ids, and nothing of what the sheets say.
REMINDERS = """
ALTER TABLE indicators_campaign ADD CONSTRAINT campaign_reminders_plausible CHECK (1 <= ALL (reminders) AND 365 >= ALL (reminders));

CREATE FUNCTION indicators_reminded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM indicators_campaign c WHERE c.id = NEW.campaign_id AND c.state = 'open' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an open campaign reminds' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reminded BEFORE INSERT ON indicators_campaignreminder FOR EACH ROW EXECUTE FUNCTION indicators_reminded();

CREATE FUNCTION indicators_unanswered(of_campaign uuid) RETURNS TABLE (convention uuid, party uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT v.id, p.organisation_id
      FROM indicators_campaign c
      JOIN indicators_scope(of_campaign) scope ON true
      JOIN conventions_convention v ON v.id = scope.convention
      JOIN conventions_party p ON p.convention_id = v.id AND p.role <> 'informed'
     WHERE c.id = of_campaign AND c.state = 'open'
       AND NOT EXISTS (SELECT 1 FROM indicators_yearsheet s WHERE s.convention_id = v.id AND s.year = c.year AND s.state <> 'filling')
     ORDER BY v.id, p.organisation_id <> v.drafted_by_id, p.position, p.organisation_id
$$;
REVOKE ALL ON FUNCTION indicators_reminded(), indicators_unanswered(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION indicators_unanswered(uuid) TO maillage_worker;
"""
NO_REMINDERS = """
DROP FUNCTION indicators_unanswered(uuid);
DROP TRIGGER reminded ON indicators_campaignreminder;
DROP FUNCTION indicators_reminded();
ALTER TABLE indicators_campaign DROP CONSTRAINT campaign_reminders_plausible;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
        ('conventions', '0014_deployment'),
        ('indicators', '0002_sheets_and_campaigns'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='reminders',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, db_default=[30, 14, 3], size=None, verbose_name='rappels, en jours avant cette date'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('reminders__len__lte', 6)), name='campaign_reminders_few', violation_error_message='Écrivez des nombres de jours, de 1 à 365, séparés par des virgules : 6 au plus.'),
        ),
        migrations.CreateModel(
            name='CampaignReminder',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField(verbose_name='rappel du')),
                ('sent_at', models.DateTimeField(verbose_name='parti le')),
                ('conventions', models.PositiveIntegerField(verbose_name='conventions rappelées')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sent_reminders', to='indicators.campaign')),
            ],
            options={
                'verbose_name': 'rappel d’une campagne',
                'constraints': [models.UniqueConstraint(fields=('campaign', 'on'), name='campaignreminder_once', violation_error_message='Ce rappel est déjà parti.')],
            },
        ),
        ProtectTable('indicators_campaignreminder'),
        JournalTable('indicators_campaignreminder'),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(REMINDERS, NO_REMINDERS),
    ]
