"""Each right asked has its answer; restrictions are told as rectifications are; a restricted case holds back a destruction at term."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import maillage.core.identifiers
from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

_RECTIFY = import_module("maillage.protection.migrations.0004_rectifications").GUARDS

GUARDS = """
-- An answer is given while the file is open, to a right that was asked, by whoever keeps the file; it stays.
CREATE FUNCTION protection_outcome_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'what was answered stays' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM 1 FROM protection_requestfile f JOIN protection_rightsrequest r ON r.id = f.request_id
      WHERE f.id = NEW.file_id AND f.organisation_id = NEW.organisation_id AND f.state = 'asked' AND NEW."right" = ANY (r.rights)
        FOR UPDATE OF f;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'of a right that was asked, while it is open' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outcome_stays BEFORE INSERT OR UPDATE ON protection_rightoutcome
    FOR EACH ROW EXECUTE FUNCTION protection_outcome_stays();

-- A file ends once each right that was asked has its answer.
CREATE FUNCTION protection_each_answered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state = 'asked' AND NEW.state <> 'asked' AND EXISTS (
        SELECT 1 FROM protection_rightsrequest r, unnest(r.rights) one WHERE r.id = NEW.request_id AND NOT EXISTS (
            SELECT 1 FROM protection_rightoutcome o WHERE o.file_id = NEW.id AND o."right" = one)) THEN
        RAISE EXCEPTION 'a right has no answer' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER each_answered BEFORE UPDATE ON protection_requestfile FOR EACH ROW EXECUTE FUNCTION protection_each_answered();
REVOKE ALL ON FUNCTION protection_outcome_stays(), protection_each_answered() FROM PUBLIC;
"""
UNDO_GUARDS = """
DROP TRIGGER each_answered ON protection_requestfile;
DROP FUNCTION protection_each_answered();
DROP TRIGGER outcome_stays ON protection_rightoutcome;
DROP FUNCTION protection_outcome_stays();
"""

# Also of what restricts a case, what lifts that, and what ends it (GDPR art. 19): each is told with its receipt.
_RECTIFY_FORMER = "CREATE FUNCTION protection_rectify" + _RECTIFY.partition("CREATE FUNCTION protection_rectify")[2]
TELLING = "DROP FUNCTION protection_rectify(uuid, uuid, varchar, uuid);" + (
    _RECTIFY_FORMER.replace("what varchar, by_user uuid)", "what varchar, by_user uuid, as_kind varchar DEFAULT 'rectification')")
    .replace("case_id, what, told_at", "case_id, kind, what, told_at")
    .replace("of_case, what, statement_timestamp()", "of_case, as_kind, what, statement_timestamp()")
    .replace("protection_rectification_stays(), protection_rectify(", "protection_rectify(")
    .replace("(uuid, uuid, varchar, uuid)", "(uuid, uuid, varchar, uuid, varchar)")
)
TELLING_FORMER = "DROP FUNCTION protection_rectify(uuid, uuid, varchar, uuid, varchar);" + _RECTIFY_FORMER

# The person may need what is restricted for a legal claim (GDPR art. 18.1 c): whoever restricted it keeps it until that is lifted.
HELD = """
CREATE FUNCTION protection_held_back(of_convention uuid, body uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cases_freeze f JOIN cases_case c ON c.id = f.case_id
                    WHERE c.convention_id = of_convention AND f.organisation_id = body AND f.lifted_at IS NULL)
$$;
REVOKE ALL ON FUNCTION protection_held_back(uuid, uuid) FROM PUBLIC;
CREATE FUNCTION protection_begins_free() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state = 'running' AND OLD.state = 'planned' AND protection_held_back(NEW.convention_id, NEW.organisation_id) THEN
        RAISE EXCEPTION 'restricted cases hold it back' USING ERRCODE = 'MF018';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION protection_begins_free() FROM PUBLIC;
CREATE TRIGGER begins_free BEFORE UPDATE ON protection_destruction FOR EACH ROW EXECUTE FUNCTION protection_begins_free();

CREATE OR REPLACE FUNCTION protection_destructions_due(instant timestamptz) RETURNS TABLE (destruction uuid, body uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT d.id, d.organisation_id FROM protection_destruction d JOIN conventions_convention c ON c.id = d.convention_id
     WHERE d.state = 'running'
        OR d.state = 'planned' AND d.due_on <= (instant AT TIME ZONE c.time_zone)::date
           AND NOT protection_held_back(d.convention_id, d.organisation_id)
     ORDER BY d.state <> 'running', d.due_on, d.id
$$;
"""
NOT_HELD = """
CREATE OR REPLACE FUNCTION protection_destructions_due(instant timestamptz) RETURNS TABLE (destruction uuid, body uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT d.id, d.organisation_id FROM protection_destruction d JOIN conventions_convention c ON c.id = d.convention_id
     WHERE d.state = 'running'
        OR d.state = 'planned' AND d.due_on <= (instant AT TIME ZONE c.time_zone)::date
     ORDER BY d.state <> 'running', d.due_on, d.id
$$;
DROP TRIGGER begins_free ON protection_destruction;
DROP FUNCTION protection_begins_free();
DROP FUNCTION protection_held_back(uuid, uuid);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0017_freezes'),
        ('organisations', '0009_directory'),
        ('protection', '0004_rectifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='RightOutcome',
            fields=[
                ('id', models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('right', models.CharField(max_length=20, verbose_name='droit')),
                ('outcome', models.CharField(max_length=10, verbose_name='réponse')),
                ('ground', models.CharField(blank=True, max_length=12, verbose_name='motif du refus')),
                ('words', models.CharField(blank=True, max_length=2000, verbose_name='précisions')),
                ('decided_at', models.DateTimeField(verbose_name='décidée le')),
                ('decided_by', models.UUIDField(verbose_name='par')),
            ],
            options={
                'verbose_name': 'réponse à un droit demandé',
            },
        ),
        migrations.AddField(
            model_name='rectification',
            name='kind',
            field=models.CharField(db_default='rectification', default='rectification', max_length=13, verbose_name='nature'),
        ),
        migrations.AddConstraint(
            model_name='rectification',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['rectification', 'restriction', 'lifting', 'objection'])), name='rectification_kind_known'),
        ),
        migrations.AddField(
            model_name='rightoutcome',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='protection.requestfile'),
        ),
        migrations.AddField(
            model_name='rightoutcome',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddConstraint(
            model_name='rightoutcome',
            constraint=models.UniqueConstraint(fields=('file', 'right'), name='rightoutcome_once', violation_error_message='La réponse à ce droit est déjà notée.'),
        ),
        migrations.AddConstraint(
            model_name='rightoutcome',
            constraint=models.CheckConstraint(condition=models.Q(('right__in', ['access', 'rectification', 'erasure', 'restriction', 'objection', 'portability']), ('outcome__in', ['granted', 'nothing', 'refused']), ('ground__in', ['', 'identity', 'excessive', 'others', 'legal', 'public_task', 'compelling', 'not_held'])), name='rightoutcome_kinds_known', violation_error_message='Choisissez dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='rightoutcome',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'refused'), models.Q(('ground', ''), _negated=True), models.Q(('words', ''), _negated=True)), models.Q(models.Q(('outcome', 'refused'), _negated=True), ('ground', '')), _connector='OR'), name='rightoutcome_refused_with_a_ground', violation_error_message='Dites le motif du refus, et pourquoi.'),
        ),
        migrations.RemoveConstraint(
            model_name='requestfile',
            name='requestfile_kinds_known',
        ),
        migrations.AddConstraint(
            model_name='requestfile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'answered', 'nothing', 'refused']), ('check_made__in', ['known', 'seen', 'details', 'pending']), ('ground__in', ['', 'identity', 'excessive', 'others', 'legal', 'public_task', 'compelling', 'not_held'])), name='requestfile_kinds_known', violation_error_message='Choisissez dans la liste.'),
        ),
        ProtectTable("protection_rightoutcome"),
        JournalTable("protection_rightoutcome", "id"),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
        migrations.RunSQL(TELLING, TELLING_FORMER),
        migrations.RunSQL(HELD, NOT_HELD),
    ]
