"""What PostgreSQL holds of sessions by itself: who has a place, who is next, what was signed off, and what it comes to."""

from django.db import migrations

GUARDS = """
-- Whether these two organisations are both parties of a convention signed or in force. For the functions below only.
CREATE FUNCTION training_bound(of_convention uuid, one uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(DISTINCT p.organisation_id) = 2 FROM conventions_party p
     WHERE p.convention_id = of_convention AND p.organisation_id IN (one, other) AND p.role <> 'informed'
       AND p.state IN ('signed', 'in_force')
$$;

-- A module stays its organisation's; once withdrawn it changes no more.
CREATE FUNCTION training_module_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (NEW.organisation_id, NEW.added_at, NEW.added_by) IS DISTINCT FROM (OLD.organisation_id, OLD.added_at, OLD.added_by)
        OR OLD.withdrawn_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a withdrawn module stays as it was' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON training_module FOR EACH ROW EXECUTE FUNCTION training_module_kept();

-- A session is of a module of its organiser's, for everybody or for a convention of its organiser's. What was held or cancelled
-- stays, and the places that are taken are counted by the triggers below alone.
CREATE FUNCTION training_session_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changing text[] := '{starts_at,ends_at,place,link,capacity,trainer,state,closed_at,closed_by,reason,registered}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM training_module m WHERE m.id = NEW.module_id AND m.organisation_id = NEW.organiser_id
                          AND m.withdrawn_at IS NULL)
            OR NEW.dedicated_to_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM conventions_party p WHERE p.convention_id = NEW.dedicated_to_id AND p.role <> 'informed'
                   AND p.organisation_id = NEW.organiser_id AND p.state IN ('signed', 'in_force')) THEN
            RAISE EXCEPTION 'no such module or convention' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.state := 'planned';
        NEW.registered := 0;
        NEW.time_zone := (SELECT o.time_zone FROM organisations_organisation o WHERE o.id = NEW.organiser_id);
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing OR OLD.state <> 'planned' AND NEW IS DISTINCT FROM OLD
        OR NEW.registered <> OLD.registered AND pg_trigger_depth() = 1
        OR NEW.state = 'held' AND NOT EXISTS (SELECT 1 FROM training_signoff f WHERE f.session_id = NEW.id) THEN
        RAISE EXCEPTION 'what was planned for others stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON training_session FOR EACH ROW EXECUTE FUNCTION training_session_kept();

-- Nobody changes organisation: what she followed was followed for the one that sent her.
CREATE FUNCTION training_attendee_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF to_jsonb(NEW) - '{name,sort_name,function,email}'::text[] <> to_jsonb(OLD) - '{name,sort_name,function,email}'::text[] THEN
        RAISE EXCEPTION 'somebody stays of her organisation' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON training_attendee FOR EACH ROW EXECUTE FUNCTION training_attendee_kept();

-- The guards that refuse what a row says come after the policies: before them, they would tell a stranger that it is there.
-- A place while there is one, else a rank in the waiting list. The session is locked, so that of two who want the last place one
-- waits; the organiser's own people have places under no convention.
CREATE FUNCTION training_placed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held training_session;
BEGIN
    SELECT * INTO held FROM training_session s WHERE s.id = NEW.session_id FOR UPDATE;
    IF held.id IS NULL
        OR NOT EXISTS (SELECT 1 FROM training_attendee a WHERE a.id = NEW.attendee_id AND a.organisation_id = NEW.partner_id)
        OR NEW.organiser_id <> held.organiser_id
        OR (CASE WHEN NEW.partner_id = held.organiser_id THEN NEW.convention_id IS NOT NULL
                 ELSE NEW.convention_id IS NULL OR NEW.convention_id <> coalesce(held.dedicated_to_id, NEW.convention_id)
                  OR NOT training_bound(NEW.convention_id, NEW.partner_id, held.organiser_id) END) THEN
        RAISE EXCEPTION 'not a session of this organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.state := CASE WHEN held.registered < held.capacity THEN 'registered' ELSE 'waiting' END;
    NEW.rank := 1 + coalesce((SELECT max(r.rank) FROM training_registration r WHERE r.session_id = held.id), 0);
    NEW.moved_up_at := NULL;
    NEW.withdrawn_at := NULL;
    NEW.withdrawn_by := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER placed BEFORE INSERT ON training_registration FOR EACH ROW EXECUTE FUNCTION training_placed();

CREATE FUNCTION training_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    more integer := (NEW.state = 'registered')::integer;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        more := more - (OLD.state = 'registered')::integer;
    ELSIF EXISTS (SELECT 1 FROM training_session s WHERE s.id = NEW.session_id
                     AND (s.state <> 'planned' OR NEW.asked_at >= s.starts_at)) THEN
        RAISE EXCEPTION 'registrations are closed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF more <> 0 THEN
        UPDATE training_session SET registered = registered + more WHERE id = NEW.session_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER counted AFTER INSERT OR UPDATE ON training_registration FOR EACH ROW EXECUTE FUNCTION training_counted();

-- A place is free: the first who waits has it, and her organisation is told. Counting her in fires this again, for the next place.
CREATE FUNCTION training_move_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    next training_registration;
BEGIN
    SELECT * INTO next FROM training_registration r
     WHERE r.session_id = NEW.id AND r.state = 'waiting' ORDER BY r.rank LIMIT 1;
    IF FOUND THEN
        INSERT INTO notifications_message (id, once, recipient_id, kind, reference, path, attempts)
        VALUES (gen_random_uuid(), 'session_place:' || next.id, next.partner_id, 'session_place',
                'F-' || to_char(NEW.starts_at AT TIME ZONE NEW.time_zone, 'YYYY-MM-DD'),
                '/formations/seances/' || NEW.id || '/', 0)
        ON CONFLICT DO NOTHING;
        UPDATE training_registration SET state = 'registered', moved_up_at = statement_timestamp() WHERE id = next.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER move_up AFTER UPDATE ON training_session FOR EACH ROW
    WHEN (NEW.state = 'planned' AND NEW.registered < NEW.capacity) EXECUTE FUNCTION training_move_up();

-- Giving a place back, by whoever asked for it or by the organiser, until the session starts: the session is locked before the
-- place, as everywhere here. Whether something was given back.
CREATE FUNCTION training_withdraw(wanted uuid, at timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held training_session;
BEGIN
    SELECT s.* INTO held FROM training_registration r JOIN training_session s ON s.id = r.session_id
     WHERE r.id = wanted AND cases_caller() IN (r.partner_id, r.organiser_id) FOR UPDATE OF s;
    IF held.id IS NULL OR held.state <> 'planned' OR at >= held.starts_at THEN
        RETURN false;
    END IF;
    UPDATE training_registration
       SET state = 'withdrawn', withdrawn_at = at, withdrawn_by = nullif(current_setting('maillage.user', true), '')::uuid
     WHERE id = wanted AND state IN ('registered', 'waiting');
    RETURN FOUND;
END $$;

-- Signing off follows the session; each correction has the next number.
CREATE FUNCTION training_signoff_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held training_session;
BEGIN
    SELECT * INTO held FROM training_session s WHERE s.id = NEW.session_id FOR UPDATE;
    IF held.id IS NULL OR held.organiser_id <> NEW.organiser_id THEN
        RAISE EXCEPTION 'not a session of this organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.number := 1 + (SELECT count(*) FROM training_signoff f WHERE f.session_id = held.id);
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT ON training_signoff FOR EACH ROW EXECUTE FUNCTION training_signoff_kept();

CREATE FUNCTION training_signoff_over() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM training_session s WHERE s.id = NEW.session_id
                  AND (s.state = 'cancelled' OR NEW.recorded_at < s.ends_at)) THEN
        RAISE EXCEPTION 'a session is signed off once it is over' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER over AFTER INSERT ON training_signoff FOR EACH ROW EXECUTE FUNCTION training_signoff_over();

-- A line of a sign-off: somebody who had a place, under the convention of her place, or who came without one. No line is added
-- to a sign-off that has all of its own.
CREATE FUNCTION training_presence_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    signed training_signoff;
    held training_session;
    place training_registration;
BEGIN
    SELECT * INTO signed FROM training_signoff f WHERE f.id = NEW.sign_off_id FOR UPDATE;
    SELECT * INTO held FROM training_session s WHERE s.id = signed.session_id;
    IF held.id IS NULL OR NEW.organiser_id <> signed.organiser_id
        OR NOT EXISTS (SELECT 1 FROM training_attendee a WHERE a.id = NEW.attendee_id AND a.organisation_id = NEW.partner_id) THEN
        RAISE EXCEPTION 'not a session of this organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO place FROM training_registration r
     WHERE r.session_id = held.id AND r.attendee_id = NEW.attendee_id AND r.state = 'registered';
    IF place.id IS NOT NULL AND place.convention_id IS DISTINCT FROM NEW.convention_id
        OR place.id IS NULL AND (NEW.outcome <> 'unannounced'
            OR CASE WHEN NEW.partner_id = held.organiser_id THEN NEW.convention_id IS NOT NULL
                    ELSE NEW.convention_id IS NULL OR NEW.convention_id <> coalesce(held.dedicated_to_id, NEW.convention_id)
                      OR NOT training_bound(NEW.convention_id, NEW.partner_id, held.organiser_id) END) THEN
        RAISE EXCEPTION 'not a person of this session' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF place.id IS NOT NULL AND NEW.outcome = 'unannounced' THEN
        NEW.outcome := 'present';  -- she has a place
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT ON training_presence FOR EACH ROW EXECUTE FUNCTION training_presence_kept();

CREATE FUNCTION training_presence_listed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM training_presence p WHERE p.sign_off_id = NEW.sign_off_id)
        > (SELECT f.listed FROM training_signoff f WHERE f.id = NEW.sign_off_id) THEN
        RAISE EXCEPTION 'what was signed off stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER listed AFTER INSERT ON training_presence FOR EACH ROW EXECUTE FUNCTION training_presence_listed();

-- What the trainings of a convention come to from a day to another, that one excluded, by the last sign-off of each session: in
-- all, dedicated or not, by theme, by partner. Counts only, for its parties: each has the exact ones, and reads nobody's name.
CREATE FUNCTION training_counts(of_convention uuid, since date, until date)
RETURNS TABLE (by_dedication boolean, by_theme text, by_partner uuid, persons bigint, attendances bigint, sessions bigint,
               publics bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM conventions_party p WHERE p.convention_id = of_convention AND p.role <> 'informed'
                      AND p.organisation_id = cases_caller()) THEN
        RAISE EXCEPTION 'not a convention of this organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    WITH last AS (
        SELECT DISTINCT ON (s.id) s.id AS session, f.id AS sign_off, s.dedicated_to_id IS NOT NULL AS dedicated, m.theme::text AS theme,
               s.dedicated_to_id AS convention, f.publics::bigint AS publics
          FROM training_session s JOIN training_module m ON m.id = s.module_id JOIN training_signoff f ON f.session_id = s.id
         WHERE s.state = 'held' AND (s.starts_at AT TIME ZONE s.time_zone)::date >= since
           AND (s.starts_at AT TIME ZONE s.time_zone)::date < until
           AND (s.dedicated_to_id = of_convention OR s.id IN (
                SELECT g.session_id FROM training_presence p JOIN training_signoff g ON g.id = p.sign_off_id
                 WHERE p.convention_id = of_convention))
         ORDER BY s.id, f.number DESC
    )
    SELECT last.dedicated, last.theme, p.partner_id, count(DISTINCT p.attendee_id), count(*), count(DISTINCT last.session),
           CASE WHEN grouping(last.dedicated, last.theme, p.partner_id) = 7 THEN
               (SELECT coalesce(sum(l.publics), 0)::bigint FROM last l WHERE l.convention = of_convention) END
      FROM last JOIN training_presence p ON p.sign_off_id = last.sign_off AND p.convention_id = of_convention
       AND p.outcome <> 'absent'
     GROUP BY GROUPING SETS ((), (last.dedicated), (last.theme), (p.partner_id));
END $$;

REVOKE ALL ON FUNCTION training_bound(uuid, uuid, uuid), training_module_kept(), training_session_kept(), training_attendee_kept(),
    training_placed(), training_counted(), training_move_up(), training_withdraw(uuid, timestamptz), training_signoff_kept(),
    training_signoff_over(), training_presence_kept(), training_presence_listed(), training_counts(uuid, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION training_withdraw(uuid, timestamptz), training_counts(uuid, date, date) TO maillage_app, maillage_worker;
"""

UNDO = """
DROP FUNCTION training_counts(uuid, date, date);
DROP TRIGGER listed ON training_presence;
DROP FUNCTION training_presence_listed();
DROP TRIGGER kept ON training_presence;
DROP FUNCTION training_presence_kept();
DROP TRIGGER over ON training_signoff;
DROP FUNCTION training_signoff_over();
DROP TRIGGER kept ON training_signoff;
DROP FUNCTION training_signoff_kept();
DROP FUNCTION training_withdraw(uuid, timestamptz);
DROP TRIGGER move_up ON training_session;
DROP FUNCTION training_move_up();
DROP TRIGGER counted ON training_registration;
DROP FUNCTION training_counted();
DROP TRIGGER placed ON training_registration;
DROP FUNCTION training_placed();
DROP TRIGGER kept ON training_attendee;
DROP FUNCTION training_attendee_kept();
DROP TRIGGER kept ON training_session;
DROP FUNCTION training_session_kept();
DROP TRIGGER kept ON training_module;
DROP FUNCTION training_module_kept();
DROP FUNCTION training_bound(uuid, uuid, uuid);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0001_initial"),
        ("cases", "0002_sharing"),
        ("conventions", "0002_parties"),
        ("notifications", "0005_digest"),
    ]

    operations = [migrations.RunSQL(GUARDS, UNDO)]
