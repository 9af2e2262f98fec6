"""What was noted by error: an attempt is struck and stays to be read, a question is taken back before any answer."""

from importlib import import_module

from django.db import migrations, models

_FORMER = import_module("maillage.referrals.migrations.0018_consent").KEPT
_CONTACT = "AND (NEW.contacted_on, NEW.contacted_by) IS DISTINCT FROM (OLD.contacted_on, OLD.contacted_by)) THEN"
_REMAINING = (
    "(SELECT a.{} FROM referrals_contactattempt a WHERE a.case_id = NEW.case_id AND a.reached AND a.struck_at IS NULL"
    " ORDER BY a.noted_at, a.id LIMIT 1)"
)

# As before, but that the contact goes with the attempt that dated it, and is then dated by the first that remains.
KEPT = _FORMER.replace(
    _CONTACT,
    f"""AND (NEW.contacted_on, NEW.contacted_by) IS DISTINCT FROM (OLD.contacted_on, OLD.contacted_by)
            AND NOT (EXISTS (SELECT 1 FROM referrals_contactattempt a WHERE a.case_id = NEW.case_id AND a.reached
                                AND a.struck_at IS NOT NULL AND (a.day, a.noted_by) = (OLD.contacted_on, OLD.contacted_by))
                     AND NEW.contacted_on IS NOT DISTINCT FROM {_REMAINING.format("day")}
                     AND NEW.contacted_by IS NOT DISTINCT FROM {_REMAINING.format("noted_by")})) THEN""",
)

STRUCK = f"""
CREATE FUNCTION referrals_attempt_struck() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    striking text[] := '{{struck_at,struck_by}}';
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.struck_at IS NOT NULL THEN
            RAISE EXCEPTION 'an attempt is noted before it is struck' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.struck_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) OR to_jsonb(NEW) - striking <> to_jsonb(OLD) - striking THEN
        RAISE EXCEPTION 'an attempt stays as it was noted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.struck_at IS NOT NULL AND OLD.struck_at IS NULL THEN
        NEW.struck_at := clock_timestamp();
        NEW.struck_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.struck_by);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER struck BEFORE INSERT OR UPDATE ON referrals_contactattempt
    FOR EACH ROW EXECUTE FUNCTION referrals_attempt_struck();
DROP TRIGGER in_time ON referrals_contactattempt;
CREATE TRIGGER in_time AFTER INSERT OR UPDATE ON referrals_contactattempt FOR EACH ROW EXECUTE FUNCTION referrals_in_time();

CREATE FUNCTION referrals_contact_again() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.reached AND NEW.struck_at IS NOT NULL AND OLD.struck_at IS NULL THEN
        UPDATE referrals_referral r
           SET contacted_on = {_REMAINING.format("day")}, contacted_by = {_REMAINING.format("noted_by")}
         WHERE r.case_id = NEW.case_id AND (r.contacted_on, r.contacted_by) = (NEW.day, NEW.noted_by);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contact_again AFTER UPDATE ON referrals_contactattempt
    FOR EACH ROW EXECUTE FUNCTION referrals_contact_again();
REVOKE ALL ON FUNCTION referrals_attempt_struck(), referrals_contact_again() FROM PUBLIC;
"""
UNSTRUCK = """
DROP TRIGGER contact_again ON referrals_contactattempt;
DROP FUNCTION referrals_contact_again();
DROP TRIGGER struck ON referrals_contactattempt;
DROP FUNCTION referrals_attempt_struck();
DROP TRIGGER in_time ON referrals_contactattempt;
CREATE TRIGGER in_time AFTER INSERT ON referrals_contactattempt FOR EACH ROW EXECUTE FUNCTION referrals_in_time();
"""

_QUESTION = (
    "CREATE FUNCTION referrals_question_kept()"
    + import_module("maillage.referrals.migrations.0005_working")
    .NOTED.partition("CREATE FUNCTION referrals_question_kept()")[2]
    .partition("CREATE TRIGGER")[0]
).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
QUESTION = _QUESTION.replace(
    "'{sealed_answer,answered_at,answered_by}'",
    "'{sealed_answer,answered_at,answered_by,withdrawn_at,withdrawn_by}'",
)

SIDED = """
CREATE FUNCTION referrals_question_sided() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting text := (SELECT p.role FROM cases_participation p
                     WHERE p.case_id = NEW.case_id AND p.organisation_id = cases_caller());
BEGIN
    IF current_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.withdrawn_at IS NOT NULL THEN
            RAISE EXCEPTION 'a question is asked before it is taken back' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.withdrawn_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'what was taken back stays so' USING ERRCODE = 'restrict_violation';
    END IF;
    IF ((NEW.answered_at, NEW.answered_by, NEW.sealed_answer) IS DISTINCT FROM (OLD.answered_at, OLD.answered_by, OLD.sealed_answer)
            AND acting IS DISTINCT FROM 'sender')
        OR ((NEW.withdrawn_at, NEW.withdrawn_by) IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_by)
            AND acting IS DISTINCT FROM 'recipient') THEN
        RAISE EXCEPTION 'not an act of this side' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL THEN
        NEW.withdrawn_at := clock_timestamp();
        NEW.withdrawn_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.withdrawn_by);
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION referrals_question_sided() FROM PUBLIC;
CREATE TRIGGER sided BEFORE INSERT OR UPDATE ON referrals_casequestion
    FOR EACH ROW EXECUTE FUNCTION referrals_question_sided();
"""
UNSIDED = "DROP TRIGGER sided ON referrals_casequestion; DROP FUNCTION referrals_question_sided();"


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0011_withheld'),
        ('referrals', '0019_withheld'),
    ]

    operations = [
        migrations.AddField(
            model_name='casequestion',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='retirée le'),
        ),
        migrations.AddField(
            model_name='casequestion',
            name='withdrawn_by',
            field=models.UUIDField(blank=True, null=True, verbose_name='retirée par'),
        ),
        migrations.AddField(
            model_name='contactattempt',
            name='struck_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='rayé le'),
        ),
        migrations.AddField(
            model_name='contactattempt',
            name='struck_by',
            field=models.UUIDField(blank=True, null=True, verbose_name='rayé par'),
        ),
        migrations.AddConstraint(
            model_name='casequestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('answered_at__isnull', True), ('withdrawn_at__gte', models.F('asked_at')), ('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='question_withdrawn_by_someone', violation_error_message='Une question retirée dit quand et par qui ; elle n’a pas reçu de réponse.'),
        ),
        migrations.AddConstraint(
            model_name='contactattempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('struck_at__isnull', True), ('struck_by__isnull', True)), models.Q(('struck_at__gte', models.F('noted_at')), ('struck_at__isnull', False), ('struck_by__isnull', False)), _connector='OR'), name='attempt_struck_by_someone', violation_error_message='Un essai rayé dit quand et par qui, après avoir été noté.'),
        ),
        migrations.RunSQL(KEPT, _FORMER),
        migrations.RunSQL(STRUCK, UNSTRUCK),
        migrations.RunSQL(QUESTION, _QUESTION),
        migrations.RunSQL(SIDED, UNSIDED),
    ]
