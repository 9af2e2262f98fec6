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

# Of each person of trainings `a`: the conventions under which she came or is to, and the day of her last contact, as
# `protection_attendee_fact` says it; written out, since thousands are looked at for one page.
_CAME = """LATERAL (
               SELECT coalesce(array_agg(DISTINCT came.convention_id) FILTER (WHERE came.convention_id IS NOT NULL), '{}') AS conventions,
                      (greatest(a.added_at, max(came.ends_at)) AT TIME ZONE 'UTC')::date AS last
                 FROM (SELECT r.convention_id, s.ends_at FROM training_registration r JOIN training_session s ON s.id = r.session_id
                        WHERE r.attendee_id = a.id
                       UNION ALL
                       SELECT p.convention_id, s.ends_at FROM training_presence p JOIN training_signoff f ON f.id = p.sign_off_id
                         JOIN training_session s ON s.id = f.session_id WHERE p.attendee_id = a.id) came) told"""

ATTENDEES = (
    f"""
-- Somebody whose sessions are over and who is still named, with the day of the last contact and the conventions that say how long she
-- is kept. `after`: where the former page ended.
CREATE FUNCTION protection_old_attendees(on_day date, after_id uuid, most integer)
RETURNS TABLE (attendee uuid, conventions uuid[], body uuid, last date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.id, told.conventions, a.organisation_id, told.last
      FROM training_attendee a, {_CAME}
     WHERE a.name <> 'Personne effacée' AND (after_id IS NULL OR a.id > after_id) AND told.last < on_day
     ORDER BY a.id LIMIT most
$$;

"""
    """
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
REVOKE ALL ON FUNCTION protection_old_attendees(date, uuid, integer),
    protection_forget_attendees(uuid[], date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_old_attendees(date, uuid, integer), protection_forget_attendees(uuid[], date) TO maillage_worker;
"""
)
ATTENDEES_FORMER = (
    """
DROP FUNCTION protection_forget_attendees(uuid[], date);
DROP FUNCTION protection_old_attendees(date, uuid, integer);
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
    .replace("SELECT 'attendee', NULL, protection_attendee_fact(a.id) FROM training_attendee a, mine", f"SELECT 'attendee', told.conventions, told.last FROM training_attendee a, mine, {_CAME}")
    .replace(
        "a.name <> 'Personne effacée'\n           AND a.added_at + (kept ->> 'attendee')::interval < horizon",
        "a.name <> 'Personne effacée'",
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
