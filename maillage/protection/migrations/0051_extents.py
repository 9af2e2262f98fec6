"""How far a breach reaches: its dated updates, of which none is changed, and who read which case; the breaches of a network, each once."""

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
CREATE TRIGGER recorded BEFORE INSERT ON protection_breachextent FOR EACH ROW EXECUTE FUNCTION conventions_recorded();

-- An update is of a file that is neither closed nor joined to another, and what it speaks of began before it was noticed.
CREATE FUNCTION protection_extent_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM protection_breach b WHERE b.id = NEW.breach_id AND b.state <> 'closed' AND b.joined_to_id IS NULL
           AND (NEW.began_at IS NULL OR NEW.began_at <= b.noticed_at)) THEN
        RAISE EXCEPTION 'an update is of a file that runs' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER extent_follows BEFORE INSERT ON protection_breachextent
    FOR EACH ROW EXECUTE FUNCTION protection_extent_follows();
REVOKE ALL ON FUNCTION protection_extent_follows() FROM PUBLIC;
"""
UNDO = """
DROP TRIGGER extent_follows ON protection_breachextent;
DROP FUNCTION protection_extent_follows();
DROP TRIGGER recorded ON protection_breachextent;
"""

NETWORK = """
-- What the bodies below the caller have under way on a day, each once: a breach that several of them share is one, so is a person's
-- request that one passed on to another.
CREATE FUNCTION protection_network_once(on_day date) RETURNS TABLE (breaches bigint, requests bigint, late_requests bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE below (id) AS (
        SELECT o.id FROM organisations_organisation o WHERE o.parent_id = cases_caller()
        UNION SELECT o.id FROM organisations_organisation o JOIN below ON o.parent_id = below.id)
    SELECT (SELECT count(DISTINCT b.id) FROM below JOIN protection_breachparty p ON p.organisation_id = below.id
              JOIN protection_breach b ON b.id = p.breach_id
             WHERE b.state IN ('suspected', 'confirmed') AND b.joined_to_id IS NULL),
           asked.number, asked.late
      FROM (SELECT count(DISTINCT r.id) AS number, count(DISTINCT r.id) FILTER (WHERE r.due_on < on_day) AS late
              FROM below JOIN protection_requestfile f ON f.organisation_id = below.id
              JOIN protection_rightsrequest r ON r.id = f.request_id
             WHERE f.state = 'asked') asked
$$;
REVOKE ALL ON FUNCTION protection_network_once(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_network_once(date) TO maillage_app;
"""
_ERASING = import_module("maillage.protection.migrations.0008_retention").ERASING
_HEAD, _END = "FUNCTION protection_forget_reaches(", "GROUP BY 1 ORDER BY 1\n$$;\n"
FORMER = "CREATE OR REPLACE " + _HEAD + _ERASING.partition("CREATE " + _HEAD)[2].partition(_END)[0] + _END
# Who read which case goes with the cases and the accounts.
FORGET = FORMER.replace("readers = '{}' FROM", "readers = '{}', readings = '{}' FROM")


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0009_directory'),
        ('protection', '0050_check_passed_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='BreachExtent',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('natures', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='nature')),
                ('data', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='données touchées')),
                ('people', models.PositiveIntegerField(blank=True, null=True, verbose_name='personnes, environ')),
                ('records', models.PositiveIntegerField(blank=True, null=True, verbose_name='enregistrements, environ')),
                ('goes_on', models.BooleanField(blank=True, null=True, verbose_name='se poursuit')),
                ('began_at', models.DateTimeField(blank=True, null=True, verbose_name='commencée le')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='terminée le')),
                ('why', models.CharField(max_length=2000, verbose_name='ce que l’on sait de plus')),
                ('recorded_at', models.DateTimeField(verbose_name='mise à jour le')),
                ('recorded_by', models.UUIDField()),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extents', to='protection.breach')),
                ('recorded_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'mise à jour de l’étendue d’une violation',
            },
        ),
        migrations.AddConstraint(
            model_name='breachextent',
            constraint=models.UniqueConstraint(fields=('breach', 'number'), name='breachextent_number_once', violation_error_message='L’étendue vient d’être mise à jour : relisez-la.'),
        ),
        migrations.AddConstraint(
            model_name='breachextent',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='breachextent_numbered_from_one'),
        ),
        migrations.AddConstraint(
            model_name='breachextent',
            constraint=models.CheckConstraint(condition=models.Q(('natures__contained_by', ['confidentiality', 'integrity', 'availability']), ('natures__len__gt', 0)), name='breachextent_natures_known', violation_error_message='Cochez au moins une réponse.'),
        ),
        migrations.AddConstraint(
            model_name='breachextent',
            constraint=models.CheckConstraint(condition=models.Q(('data__contained_by', ['identity', 'number', 'contact', 'situation', 'rights', 'health', 'resources', 'documents', 'other']), ('data__len__gt', 0)), name='breachextent_kinds_known', violation_error_message='Cochez au moins une sorte de données.'),
        ),
        migrations.AddConstraint(
            model_name='breachextent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('people__isnull', True), ('people__lte', 10000000), _connector='OR'), models.Q(('records__isnull', True), ('records__lte', 10000000), _connector='OR')), name='breachextent_numbers_bounded', violation_error_message='Donnez une estimation entre 0 et 10 000 000, ou laissez vide.'),
        ),
        migrations.AddConstraint(
            model_name='breachextent',
            constraint=models.CheckConstraint(condition=models.Q(('stopped_at__isnull', True), models.Q(('goes_on', False), ('goes_on__isnull', False)), _connector='OR'), name='breachextent_stopped_is_over', violation_error_message='Une violation qui a pris fin ne continue plus.'),
        ),
        migrations.AddConstraint(
            model_name='breachextent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('began_at__isnull', True), ('began_at__lte', models.F('recorded_at')), _connector='OR'), models.Q(('stopped_at__isnull', True), ('stopped_at__lte', models.F('recorded_at')), _connector='OR'), models.Q(('began_at__isnull', True), ('stopped_at__isnull', True), ('began_at__lte', models.F('stopped_at')), _connector='OR')), name='breachextent_in_order', violation_error_message='La fin vient après le début, et rien n’est dans le futur.'),
        ),
        migrations.AddConstraint(
            model_name='breachextent',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='breachextent_says_something', violation_error_message='Écrivez quelques mots.'),
        ),
        migrations.AddField(
            model_name='breachreach',
            name='readings',
            field=models.JSONField(default=dict, verbose_name='lectures'),
        ),
        ProtectTable("protection_breachextent"),
        JournalTable("protection_breachextent", "id"),
        migrations.RunSQL(GUARDS, UNDO),
        migrations.RunSQL(FORGET, FORMER),
        migrations.RunSQL(NETWORK, "DROP FUNCTION protection_network_once(date);"),
    ]
