"""People of trainings are kept as the conventions under which they came say; an account without any role ever has its end too."""

from importlib import import_module

from django.db import migrations

_FORMER = import_module("maillage.protection.migrations.0008_retention")


def _function(text: str, name: str) -> str:
    """The statement of 0008 that makes a function."""
    head = f"CREATE FUNCTION {name}("
    begin, end = text.index(head), text.index("$$;\n", text.index(head))
    return text[begin:end] + "$$;\n"


_ACCOUNT = _function(_FORMER.FACTS, "protection_account_fact")
_ATTENDEES = _function(_FORMER.ERASING, "protection_forget_attendees")
_CALENDAR = _function(_FORMER.CALENDAR, "protection_calendar")
_OPEN_CALENDAR = """
REVOKE ALL ON FUNCTION protection_calendar(jsonb, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_calendar(jsonb, date) TO maillage_app;
"""

# Without any role ever: from the day the account was opened, which its id says (RFC 9562, version 7), or of a later act of its own.
ACCOUNT = """
CREATE OR REPLACE FUNCTION protection_account_fact(of_user uuid) RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE
        WHEN count(*) = 0 THEN greatest(
            CASE WHEN substr(of_user::text, 15, 1) = '7' THEN protection_day(to_timestamp(
                ('x' || lpad(substr(replace(of_user::text, '-', ''), 1, 12), 16, '0'))::bit(64)::bigint / 1000.0)) END,
            (SELECT protection_day(max(i.accepted_at)) FROM organisations_invitation i WHERE i.accepted_by = of_user),
            (SELECT protection_day(max(e.at)) FROM audit_entry e WHERE e.user_id = of_user::text AND e.organisation_id IS NULL))
        WHEN bool_and(m.until IS NOT NULL) THEN greatest(max(m.until), protection_day((
            SELECT max(e.at) FROM audit_entry e WHERE e.user_id = of_user::text
               AND (e.organisation_id IS NULL OR e.organisation_id IN (
                    SELECT own.organisation_id FROM organisations_membership own WHERE own.user_id = of_user))))) END
      FROM organisations_membership m WHERE m.user_id = of_user
$$;
"""
ACCOUNT_FORMER = _ACCOUNT.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

ATTENDEES = (
    """
-- The conventions under which somebody followed sessions, or is to: each says how long she is kept.
CREATE FUNCTION protection_attendee_conventions(of_attendee uuid) RETURNS uuid[] LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT ARRAY(
        SELECT r.convention_id FROM training_registration r WHERE r.attendee_id = of_attendee AND r.convention_id IS NOT NULL
        UNION
        SELECT p.convention_id FROM training_presence p WHERE p.attendee_id = of_attendee AND p.convention_id IS NOT NULL
        ORDER BY 1)
$$;

-- Somebody whose sessions are over and who is still named, with the day of the last contact. `after`: where the former page ended.
CREATE FUNCTION protection_old_attendees(on_day date, after_id uuid, most integer)
RETURNS TABLE (attendee uuid, conventions uuid[], body uuid, last date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM (
        SELECT a.id, protection_attendee_conventions(a.id), a.organisation_id, protection_attendee_fact(a.id) AS last
          FROM training_attendee a
         WHERE a.name <> 'Personne effacée' AND (after_id IS NULL OR a.id > after_id) AND protection_day(a.added_at) < on_day
    ) found WHERE found.last < on_day ORDER BY found.id LIMIT most
$$;

DROP FUNCTION protection_forget_attendees(interval, date, integer);
"""
    + _ATTENDEES.replace("(kept interval, on_day date, most integer)", "(chosen_ids uuid[], on_day date)")
    .replace(
        "a.name <> 'Personne effacée' AND protection_day(a.added_at) + kept < on_day\n"
        "           AND protection_attendee_fact(a.id) + kept < on_day\n"
        "         ORDER BY a.id LIMIT most FOR UPDATE OF a SKIP LOCKED",
        "a.id = ANY (chosen_ids) AND a.name <> 'Personne effacée' AND protection_attendee_fact(a.id) < on_day\n"
        "         ORDER BY a.id FOR UPDATE OF a SKIP LOCKED",
    )
    + """
REVOKE ALL ON FUNCTION protection_attendee_conventions(uuid), protection_old_attendees(date, uuid, integer),
    protection_forget_attendees(uuid[], date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_old_attendees(date, uuid, integer), protection_forget_attendees(uuid[], date) TO maillage_worker;
"""
)
ATTENDEES_FORMER = (
    """
DROP FUNCTION protection_forget_attendees(uuid[], date);
DROP FUNCTION protection_old_attendees(date, uuid, integer);
DROP FUNCTION protection_attendee_conventions(uuid);
"""
    + _ATTENDEES
    + """
REVOKE ALL ON FUNCTION protection_forget_attendees(interval, date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_forget_attendees(interval, date, integer) TO maillage_worker;
"""
)

# Of a contact, the day of the last one and the conventions that say how long: several for somebody who came under several.
CALENDAR = (
    "DROP FUNCTION protection_calendar(jsonb, date);\n"
    + _CALENDAR.replace("TABLE (data text, convention uuid, day", "TABLE (data text, conventions uuid[], day")
    .replace("facts (data, convention, day)", "facts (data, conventions, day)")
    .replace("SELECT 'draft', NULL::uuid,", "SELECT 'draft', NULL::uuid[],")
    .replace("SELECT 'attendee', NULL, protection", "SELECT 'attendee', protection_attendee_conventions(a.id), protection")
    .replace(
        "a.name <> 'Personne effacée'\n           AND a.added_at + (kept ->> 'attendee')::interval < horizon",
        "a.name <> 'Personne effacée' AND a.added_at < horizon",
    )
    .replace("SELECT 'referent', r.convention_id,", "SELECT 'referent', ARRAY[r.convention_id],")
    .replace("SELECT f.data, f.convention, counted", "SELECT f.data, f.conventions, counted")
    + _OPEN_CALENDAR
)
CALENDAR_FORMER = "DROP FUNCTION protection_calendar(jsonb, date);\n" + _CALENDAR + _OPEN_CALENDAR


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0009_directory'),
        ('protection', '0012_contacts'),
        ('training', '0005_proofs_known'),
    ]

    operations = [
        migrations.RunSQL(ACCOUNT, ACCOUNT_FORMER),
        migrations.RunSQL(ATTENDEES, ATTENDEES_FORMER),
        migrations.RunSQL(CALENDAR, CALENDAR_FORMER),
    ]
