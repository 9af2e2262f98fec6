"""What was planned ends with its case: stopped, refused, redirected or expired, it says so of itself; closing asks an answer still."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import F, Q

_KEPT = import_module("maillage.referrals.migrations.0012_own_file")
_SQL = next(text for name, text in vars(_KEPT).items() if isinstance(text, str) and "FUNCTION referrals_action_kept()" in text)


def _of(function: str) -> str:
    begins = f"CREATE FUNCTION {function}()"
    return begins.replace("CREATE", "CREATE OR REPLACE") + _SQL.partition(begins)[2].partition("CREATE TRIGGER")[0]


def _with(former: str, place: str, more: str) -> str:
    if former.count(place) != 1:
        raise ValueError("the guard is not the one that this migration knows")
    return former.replace(place, more)


_ACTION_KEPT, _OWN_WORK = _of("referrals_action_kept"), _of("referrals_own_work")
ACTION_KEPT = _with(
    _ACTION_KEPT,
    "    IF OLD.state <> 'planned' OR",
    """    IF NEW.state = 'cancelled' AND OLD.state = 'planned' THEN
        RAISE EXCEPTION 'its case alone cancels an action' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'planned' OR""",
)
OWN_WORK = _with(
    _OWN_WORK,
    "IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN",
    "IF TG_OP = 'UPDATE' AND (NEW IS NOT DISTINCT FROM OLD OR to_jsonb(NEW) ->> 'state' = 'cancelled') THEN",
)

# Whoever ended the case ended what was planned: of another organisation, or nobody, where time did.
ENDS = """
CREATE FUNCTION referrals_plan_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.closed_at IS NOT NULL AND OLD.closed_at IS NULL AND NEW.state <> 'closed' THEN
        UPDATE referrals_plannedaction a
           SET state = 'cancelled', reason = NEW.state, ended_at = greatest(NEW.closed_at, a.planned_at), ended_by = NEW.closed_by
         WHERE a.case_id = NEW.case_id AND a.state = 'planned';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION referrals_plan_ends() FROM PUBLIC;
CREATE TRIGGER plan_ends AFTER UPDATE ON referrals_referral FOR EACH ROW EXECUTE FUNCTION referrals_plan_ends();

UPDATE referrals_plannedaction a
   SET state = 'cancelled', reason = r.state, ended_at = greatest(r.closed_at, a.planned_at), ended_by = r.closed_by
  FROM referrals_referral r
 WHERE r.case_id = a.case_id AND a.state = 'planned' AND r.closed_at IS NOT NULL AND r.state <> 'closed';
"""
DOES_NOT = """
DROP TRIGGER plan_ends ON referrals_referral;
DROP FUNCTION referrals_plan_ends();
UPDATE referrals_plannedaction SET state = 'planned', reason = '', ended_at = NULL, ended_by = NULL WHERE state = 'cancelled';
"""
_GIVEN_UP = ["person_refuses", "unreachable", "no_longer_needed", "not_possible", "other"]
_OVERTAKEN = ["withdrawn", "cancelled", "refused", "redirected", "expired"]


def _changed(name: str, condition: Q, message: str) -> list[migrations.operations.base.Operation]:
    constraint = models.CheckConstraint(condition=condition, name=name, violation_error_message=message)
    return [
        migrations.RemoveConstraint("plannedaction", name),
        migrations.AddConstraint("plannedaction", constraint),
    ]


class Migration(migrations.Migration):

    dependencies = [("referrals", "0027_enrolment_corrections")]

    operations = [
        *_changed(
            "action_state_known",
            Q(state__in=["planned", "done", "given_up", "cancelled"]),
            "Une action est prévue, faite, abandonnée, ou annulée avec son dossier.",
        ),
        *_changed(
            "action_given_up_says_why",
            Q(reason__in=_GIVEN_UP, state="given_up")
            | Q(reason__in=_OVERTAKEN, state="cancelled")
            | ~Q(state__in=["given_up", "cancelled"]) & Q(reason=""),
            "Une action abandonnée ou annulée dit pourquoi.",
        ),
        *_changed(
            "action_ended_by_someone",
            Q(ended_at__isnull=True, ended_by__isnull=True, state="planned")
            | Q(ended_at__gte=F("planned_at"), ended_at__isnull=False, state="cancelled")
            | ~Q(state__in=["planned", "cancelled"])
            & Q(ended_at__gte=F("planned_at"), ended_at__isnull=False, ended_by__isnull=False),
            "La fin d’une action dit quand et par qui ; elle suit le jour où elle fut prévue.",
        ),
        migrations.RunSQL(ACTION_KEPT, _ACTION_KEPT),
        migrations.RunSQL(OWN_WORK, _OWN_WORK),
        migrations.RunSQL(ENDS, DOES_NOT),
    ]
