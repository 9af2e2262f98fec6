"""What is kept no longer goes: the last fact from which each class of data counts, its erasure in batches, how much is about to go."""

from django.db import migrations

FACTS = """
-- The day from which each class counts; null while it still serves. For the functions below alone.
CREATE FUNCTION protection_day(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT (at AT TIME ZONE 'UTC')::date
$$;

-- A request: the last answer, once each organisation that is here gave its own; those elsewhere had until it was due.
CREATE FUNCTION protection_request_fact(of_request uuid) RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN NOT bool_or(p.is_here AND p.answered_at IS NULL)
                THEN greatest(protection_day(max(p.answered_at)),
                              CASE WHEN bool_or(NOT p.is_here) THEN max(r.due_on) END) END
      FROM protection_rightsrequest r JOIN protection_requestpart p ON p.request_id = r.id
     WHERE r.id = of_request
$$;

-- A breach: the day it was closed, or the newest decision where it was ruled out; of one joined to another, that one's.
CREATE FUNCTION protection_breach_fact(of_breach uuid) RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT protection_day(coalesce(b.ended_at, CASE WHEN b.state = 'ruled_out' THEN (
               SELECT max(d.recorded_at) FROM protection_breachdecision d WHERE d.breach_id = b.id) END))
      FROM protection_breach b
     WHERE b.id = (SELECT coalesce(known.joined_to_id, known.id) FROM protection_breach known WHERE known.id = of_breach)
$$;

-- A referent: her last day, that of the convention where nobody ended it; none while the same box serves another tenure of the body.
CREATE FUNCTION protection_referent_fact(of_referent uuid) RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN bool_and(last IS NOT NULL) THEN max(last) END
      FROM (SELECT least(o.until, CASE WHEN c.state = 'ended'
                                       THEN coalesce(protection_day(upper(c.in_force)) - 1, c.ends_on, o.since) END) AS last
              FROM conventions_referent r
              JOIN conventions_referent o
                ON o.organisation_id = r.organisation_id AND (o.id = r.id OR r.mailbox <> '' AND o.mailbox = r.mailbox)
              JOIN conventions_convention c ON c.id = o.convention_id
             WHERE r.id = of_referent) named
$$;

-- Somebody who follows sessions: the end of the last one for which she had a place or came; else the day she was noted.
CREATE FUNCTION protection_attendee_fact(of_attendee uuid) RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT protection_day(greatest(a.added_at,
        (SELECT max(s.ends_at) FROM training_registration r JOIN training_session s ON s.id = r.session_id WHERE r.attendee_id = a.id),
        (SELECT max(s.ends_at) FROM training_presence p JOIN training_signoff f ON f.id = p.sign_off_id
           JOIN training_session s ON s.id = f.session_id WHERE p.attendee_id = a.id)))
      FROM training_attendee a WHERE a.id = of_attendee
$$;

-- An account: the last day of its last role, its last act if the journal knows of a later one; none while a role runs.
CREATE FUNCTION protection_account_fact(of_user uuid) RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN count(*) > 0 AND bool_and(m.until IS NOT NULL) THEN greatest(max(m.until), protection_day((
               SELECT max(e.at) FROM audit_entry e WHERE e.user_id = of_user::text
                  AND (e.organisation_id IS NULL OR e.organisation_id IN (
                       SELECT own.organisation_id FROM organisations_membership own WHERE own.user_id = of_user))))) END
      FROM organisations_membership m WHERE m.user_id = of_user
$$;
"""

ERASING = """
-- Each of these erases some of what is kept no longer on a day, and says how many, by organisation; nothing once none is left.
CREATE FUNCTION protection_forget_requests(kept interval, on_day date, most integer) RETURNS TABLE (body uuid, gone bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    batch uuid[];
BEGIN
    SELECT array_agg(found.id) INTO batch FROM (
        SELECT r.id FROM protection_rightsrequest r
         WHERE r.received_on + kept < on_day AND protection_request_fact(r.id) + kept < on_day
           AND NOT EXISTS (SELECT 1 FROM protection_requestfile f
                             JOIN cases_freeze z ON z.case_id = ANY (f.cases) AND z.organisation_id = f.organisation_id
                            WHERE f.request_id = r.id AND z.lifted_at IS NULL)  -- it is lifted from its request
         ORDER BY r.id LIMIT most FOR UPDATE OF r SKIP LOCKED) found;
    DELETE FROM protection_rectification d WHERE d.request_id = ANY (batch);
    DELETE FROM protection_rightoutcome d USING protection_requestfile f WHERE f.id = d.file_id AND f.request_id = ANY (batch);
    DELETE FROM protection_requestfile d WHERE d.request_id = ANY (batch);
    DELETE FROM protection_requestpart d WHERE d.request_id = ANY (batch);
    RETURN QUERY WITH erased AS (DELETE FROM protection_rightsrequest d WHERE d.id = ANY (batch) RETURNING d.organisation_id)
        SELECT erased.organisation_id, count(*) FROM erased GROUP BY 1 ORDER BY 1;
END $$;

-- The register of breaches stays; which cases and which accounts were looked at goes.
CREATE FUNCTION protection_forget_reaches(kept interval, on_day date, most integer) RETURNS TABLE (body uuid, gone bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH chosen AS (
        SELECT r.id FROM protection_breachreach r
         WHERE (r.person IS NOT NULL OR cardinality(r.cases) > 0 OR cardinality(r.readers) > 0)
           AND protection_day(r.recorded_at) + kept < on_day AND protection_breach_fact(r.breach_id) + kept < on_day
         ORDER BY r.id LIMIT most FOR UPDATE OF r SKIP LOCKED
    ), erased AS (
        UPDATE protection_breachreach d SET person = NULL, cases = '{}', readers = '{}' FROM chosen WHERE d.id = chosen.id
        RETURNING d.organisation_id
    )
    SELECT erased.organisation_id, count(*) FROM erased GROUP BY 1 ORDER BY 1
$$;

-- Somebody on whom nothing hangs is deleted; where a place or a presence does, it stays, of nobody.
CREATE FUNCTION protection_forget_attendees(kept interval, on_day date, most integer) RETURNS TABLE (body uuid, gone bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH chosen AS (
        SELECT a.id, EXISTS (SELECT 1 FROM training_registration r WHERE r.attendee_id = a.id)
                  OR EXISTS (SELECT 1 FROM training_presence p WHERE p.attendee_id = a.id) AS hangs
          FROM training_attendee a
         WHERE a.name <> 'Personne effacée' AND protection_day(a.added_at) + kept < on_day
           AND protection_attendee_fact(a.id) + kept < on_day
         ORDER BY a.id LIMIT most FOR UPDATE OF a SKIP LOCKED
    ), emptied AS (
        UPDATE training_attendee d
           SET name = 'Personne effacée', sort_name = 'personne effacee', function = 'Contact effacé', email = ''
          FROM chosen WHERE d.id = chosen.id AND chosen.hangs RETURNING d.organisation_id
    ), deleted AS (
        DELETE FROM training_attendee d USING chosen WHERE d.id = chosen.id AND NOT chosen.hangs RETURNING d.organisation_id
    )
    SELECT erased.organisation_id, count(*)
      FROM (SELECT * FROM emptied UNION ALL SELECT * FROM deleted) erased GROUP BY 1 ORDER BY 1
$$;

CREATE FUNCTION protection_forget_invitations(kept interval, on_day date, most integer) RETURNS TABLE (body uuid, gone bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH chosen AS (
        SELECT i.id FROM organisations_invitation i
         WHERE protection_day(greatest(i.sent_at, i.expires_at, i.accepted_at, i.revoked_at)) + kept < on_day
         ORDER BY i.id LIMIT most FOR UPDATE SKIP LOCKED
    ), erased AS (DELETE FROM organisations_invitation d USING chosen WHERE d.id = chosen.id RETURNING d.organisation_id)
    SELECT erased.organisation_id, count(*) FROM erased GROUP BY 1 ORDER BY 1
$$;

-- What hung on an account that nobody opens goes with its name; what it did stays, of nobody.
CREATE FUNCTION protection_forget_accounts(kept interval, on_day date, most integer) RETURNS TABLE (body uuid, gone bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    batch uuid[];
BEGIN
    SELECT array_agg(found.id) INTO batch FROM (
        SELECT u.id FROM organisations_user u
         WHERE u.email NOT LIKE '%@efface.invalid'
           AND CASE WHEN EXISTS (SELECT 1 FROM organisations_membership m  -- before anything is worked out: nearly everybody
                                  WHERE m.user_id = u.id AND (m.until IS NULL OR m.until + kept >= on_day)) THEN false
                    ELSE protection_account_fact(u.id) + kept < on_day END
           AND NOT EXISTS (SELECT 1 FROM credentials_opensession s WHERE s.user_id = u.id)
         ORDER BY u.id LIMIT most FOR UPDATE OF u SKIP LOCKED) found;
    DELETE FROM account_emailaddress d WHERE d.user_id = ANY (batch);
    DELETE FROM credentials_factor d WHERE d.user_id = ANY (batch);
    DELETE FROM credentials_identity d WHERE d.user_id = ANY (batch);
    DELETE FROM conventions_calendarfeed d WHERE d.user_id = ANY (batch);
    DELETE FROM referrals_savedview d WHERE d.user_id = ANY (batch);
    DELETE FROM notifications_mailing d WHERE d.user_id = ANY (batch);
    RETURN QUERY WITH erased AS (
        UPDATE organisations_user d
           SET full_name = 'Compte effacé', email = d.id || '@efface.invalid', password = '!', is_active = false, one_time_password = false
         WHERE d.id = ANY (batch) RETURNING d.id)
        SELECT NULL::uuid, count(*) FROM erased HAVING count(*) > 0;
END $$;

-- A draft that nobody touches; the sheet that it keyed in waits again in its queue.
CREATE FUNCTION protection_forget_drafts(kept interval, on_day date, most integer) RETURNS TABLE (body uuid, gone bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH chosen AS (
        SELECT d.id FROM referrals_draft d WHERE protection_day(d.updated_at) + kept < on_day
         ORDER BY d.id LIMIT most FOR UPDATE SKIP LOCKED
    ), freed AS (
        UPDATE referrals_paperform f SET draft = NULL FROM chosen WHERE f.draft = chosen.id AND f.dropped = ''
    ), erased AS (DELETE FROM referrals_draft d USING chosen WHERE d.id = chosen.id RETURNING d.organisation_id)
    SELECT erased.organisation_id, count(*) FROM erased GROUP BY 1 ORDER BY 1
$$;

-- The file of an import that ended, or that nobody confirmed; its report stays.
CREATE FUNCTION protection_forget_files(kept interval, on_day date, most integer) RETURNS TABLE (body uuid, gone bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH chosen AS (
        SELECT i.id FROM organisations_directoryimport i
         WHERE octet_length(i.content) > 0 AND i.state <> 'confirmed'
           AND protection_day(coalesce(i.ended_at, i.uploaded_at)) + kept < on_day
         ORDER BY i.id LIMIT most FOR UPDATE SKIP LOCKED
    ), erased AS (
        UPDATE organisations_directoryimport d
           SET content = '', ended_at = coalesce(d.ended_at, statement_timestamp()),
               state = CASE WHEN d.state IN ('uploaded', 'rehearsed') THEN 'abandoned' ELSE d.state END
          FROM chosen WHERE d.id = chosen.id RETURNING d.organisation_id
    )
    SELECT erased.organisation_id, count(*) FROM erased GROUP BY 1 ORDER BY 1
$$;

-- What the journal made somebody look at, kept as long as the journal itself.
CREATE FUNCTION protection_forget_alerts(kept interval, on_day date, most integer) RETURNS TABLE (body uuid, gone bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH chosen AS (
        SELECT a.id FROM cases_alert a WHERE protection_day(a.raised_at) + kept < on_day ORDER BY a.id LIMIT most FOR UPDATE SKIP LOCKED
    ), erased AS (DELETE FROM cases_alert d USING chosen WHERE d.id = chosen.id RETURNING d.organisation_id)
    SELECT erased.organisation_id, count(*) FROM erased GROUP BY 1 ORDER BY 1
$$;

-- Files in preparation that nobody touches; `rights_discard` removes each with its pieces.
CREATE FUNCTION protection_old_preparations(kept interval, on_day date, most integer) RETURNS TABLE (preparation uuid, body uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.id, r.organisation_id FROM rights_preparation r WHERE protection_day(r.updated_at) + kept < on_day ORDER BY r.id LIMIT most
$$;

-- Tenures that are over and still name somebody, with the day of the last contact: how long they are kept, their convention says.
-- `after`: where the former page ended.
CREATE FUNCTION protection_old_referents(on_day date, after_id uuid, most integer)
RETURNS TABLE (referent uuid, convention uuid, body uuid, last date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM (
        SELECT r.id, r.convention_id, r.organisation_id, protection_referent_fact(r.id) AS last FROM conventions_referent r
         WHERE r.function <> 'Contact effacé' AND (after_id IS NULL OR r.id > after_id)
           AND (r.until < on_day OR EXISTS (SELECT 1 FROM conventions_convention c WHERE c.id = r.convention_id AND c.state = 'ended'))
    ) found WHERE found.last < on_day ORDER BY found.id LIMIT most
$$;

-- A tenure without its contact.
CREATE FUNCTION protection_forget_referents(chosen uuid[], on_day date) RETURNS TABLE (body uuid, gone bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH erased AS (
        UPDATE conventions_referent d SET function = 'Contact effacé', mailbox = '', phone = '—'
         WHERE d.id = ANY (chosen) AND d.function <> 'Contact effacé' AND protection_referent_fact(d.id) < on_day
        RETURNING d.organisation_id
    )
    SELECT erased.organisation_id, count(*) FROM erased GROUP BY 1 ORDER BY 1
$$;
"""

CALENDAR = """
-- How much of the caller's is about to go, by class and by the day on which each is last kept; of a referent, the day of the last
-- contact and the convention that says how long. Counts only. `kept`: the duration of each class. What was made too late to go before
-- `horizon` is left out before its last fact is worked out.
CREATE FUNCTION protection_calendar(kept jsonb, horizon date)
RETURNS TABLE (data text, convention uuid, day date, many bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH mine AS (SELECT cases_caller() AS id), facts (data, convention, day) AS (
        SELECT 'draft', NULL::uuid, protection_day(d.updated_at) FROM referrals_draft d, mine WHERE d.organisation_id = mine.id
        UNION ALL
        SELECT 'preparation', NULL, protection_day(p.updated_at) FROM rights_preparation p, mine WHERE p.organisation_id = mine.id
        UNION ALL
        SELECT 'table', NULL, protection_day(i.uploaded_at) FROM rights_applicationimport i, mine
         WHERE i.organisation_id = mine.id AND i.emptied_at IS NULL
        UNION ALL
        SELECT 'directory', NULL, protection_day(coalesce(i.ended_at, i.uploaded_at)) FROM organisations_directoryimport i, mine
         WHERE i.organisation_id = mine.id AND octet_length(i.content) > 0 AND i.state <> 'confirmed'
        UNION ALL
        SELECT 'request', NULL, protection_request_fact(r.id) FROM protection_rightsrequest r, mine
         WHERE r.organisation_id = mine.id AND r.received_on + (kept ->> 'request')::interval < horizon
        UNION ALL
        SELECT 'reach', NULL, protection_breach_fact(r.breach_id) FROM protection_breachreach r, mine
         WHERE r.organisation_id = mine.id AND (r.person IS NOT NULL OR cardinality(r.cases) > 0 OR cardinality(r.readers) > 0)
           AND r.recorded_at + (kept ->> 'reach')::interval < horizon
        UNION ALL
        SELECT 'attendee', NULL, protection_attendee_fact(a.id) FROM training_attendee a, mine
         WHERE a.organisation_id = mine.id AND a.name <> 'Personne effacée'
           AND a.added_at + (kept ->> 'attendee')::interval < horizon
        UNION ALL
        SELECT 'invitation', NULL, protection_day(greatest(i.sent_at, i.expires_at, i.accepted_at, i.revoked_at))
          FROM organisations_invitation i, mine WHERE i.organisation_id = mine.id
        UNION ALL
        SELECT 'account', NULL, protection_account_fact(u.id) FROM organisations_user u, mine
         WHERE u.email NOT LIKE '%@efface.invalid'
           AND EXISTS (SELECT 1 FROM organisations_membership m WHERE m.user_id = u.id AND m.organisation_id = mine.id)
           AND NOT EXISTS (SELECT 1 FROM organisations_membership m
                            WHERE m.user_id = u.id AND (m.until IS NULL OR m.until + (kept ->> 'account')::interval >= horizon))
        UNION ALL
        SELECT 'alert', NULL, protection_day(a.raised_at) FROM cases_alert a, mine WHERE a.organisation_id = mine.id
        UNION ALL
        SELECT 'referent', r.convention_id, protection_referent_fact(r.id) FROM conventions_referent r, mine
         WHERE r.organisation_id = mine.id AND r.function <> 'Contact effacé'
    )
    SELECT f.data, f.convention, counted.day, count(*)
      FROM facts f, LATERAL (SELECT (f.day + coalesce((kept ->> f.data)::interval, interval '0'))::date AS day) counted
     WHERE f.day IS NOT NULL AND counted.day < horizon
     GROUP BY 1, 2, 3 ORDER BY 1, 3, 2 LIMIT 5000
$$;
REVOKE ALL ON FUNCTION protection_day(timestamptz), protection_request_fact(uuid), protection_breach_fact(uuid),
    protection_referent_fact(uuid), protection_attendee_fact(uuid), protection_account_fact(uuid),
    protection_forget_requests(interval, date, integer), protection_forget_reaches(interval, date, integer),
    protection_forget_attendees(interval, date, integer), protection_forget_invitations(interval, date, integer),
    protection_forget_accounts(interval, date, integer), protection_forget_drafts(interval, date, integer),
    protection_forget_files(interval, date, integer), protection_forget_alerts(interval, date, integer),
    protection_old_preparations(interval, date, integer),
    protection_old_referents(date, uuid, integer), protection_forget_referents(uuid[], date), protection_calendar(jsonb, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_forget_requests(interval, date, integer), protection_forget_reaches(interval, date, integer),
    protection_forget_attendees(interval, date, integer), protection_forget_invitations(interval, date, integer),
    protection_forget_accounts(interval, date, integer), protection_forget_drafts(interval, date, integer),
    protection_forget_files(interval, date, integer), protection_forget_alerts(interval, date, integer),
    protection_old_preparations(interval, date, integer),
    protection_old_referents(date, uuid, integer), protection_forget_referents(uuid[], date) TO maillage_worker;
GRANT EXECUTE ON FUNCTION protection_calendar(jsonb, date) TO maillage_app;
"""

UNDO = """
DROP FUNCTION protection_calendar(jsonb, date);
DROP FUNCTION protection_forget_referents(uuid[], date);
DROP FUNCTION protection_old_referents(date, uuid, integer);
DROP FUNCTION protection_forget_alerts(interval, date, integer);
DROP FUNCTION protection_old_preparations(interval, date, integer);
DROP FUNCTION protection_forget_files(interval, date, integer);
DROP FUNCTION protection_forget_drafts(interval, date, integer);
DROP FUNCTION protection_forget_accounts(interval, date, integer);
DROP FUNCTION protection_forget_invitations(interval, date, integer);
DROP FUNCTION protection_forget_attendees(interval, date, integer);
DROP FUNCTION protection_forget_reaches(interval, date, integer);
DROP FUNCTION protection_forget_requests(interval, date, integer);
DROP FUNCTION protection_account_fact(uuid);
DROP FUNCTION protection_attendee_fact(uuid);
DROP FUNCTION protection_referent_fact(uuid);
DROP FUNCTION protection_breach_fact(uuid);
DROP FUNCTION protection_request_fact(uuid);
DROP FUNCTION protection_day(timestamptz);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0001_initial'),
        ('audit', '0004_inlined'),
        ('cases', '0017_freezes'),
        ('conventions', '0017_erased_contacts'),
        ('credentials', '0001_initial'),
        ('notifications', '0005_digest'),
        ('organisations', '0009_directory'),
        ('protection', '0007_authorisations'),
        ('referrals', '0023_paper_forms'),
        ('rights', '0004_imports'),
        ('training', '0002_guards'),
    ]

    operations = [migrations.RunSQL(FACTS + ERASING + CALENDAR, UNDO)]
