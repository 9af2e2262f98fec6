"""What PostgreSQL holds of secondments by itself: who sets one up, which slot is free, who follows, who is away."""

from django.db import migrations

GUARDS = """
ALTER TABLE secondments_secondment ADD CONSTRAINT secondment_authorisation_in_its_convention
    FOREIGN KEY (authorisation_id, convention_id) REFERENCES cases_authorisation (id, convention_id);

-- Whether somebody has a place in an organisation today, as the database counts days there. For the functions below only.
CREATE FUNCTION secondments_works_at(person uuid, body uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM organisations_membership m JOIN organisations_user u ON u.id = m.user_id AND u.is_active
                    WHERE m.user_id = person AND m.organisation_id = body
                      AND organisations_today(body) BETWEEN m.since AND coalesce(m.until, 'infinity'))
$$;

-- A secondment stands on an authorisation open now, from its host to its caisse; afterwards its agent, its place and its
-- last day change, nothing else.
CREATE FUNCTION secondments_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    allowed cases_authorisation;
    changing text[] := '{agent_id,place,until}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO allowed FROM cases_authorisation a WHERE a.id = NEW.authorisation_id FOR SHARE;
        IF NOT FOUND OR NEW.caisse_id <> cases_caller()
            OR (NEW.caisse_id, NEW.host_id, NEW.convention_id)
                IS DISTINCT FROM (allowed.recipient_id, allowed.sender_id, allowed.convention_id) THEN
            RAISE EXCEPTION 'no such authorisation' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NOT allowed.open_during @> statement_timestamp() THEN
            RAISE EXCEPTION 'authorisation closed' USING ERRCODE = 'invalid_authorization_specification';
        END IF;
        NEW.article := allowed.article;
        SELECT o.time_zone, o.departement INTO NEW.time_zone, NEW.departement
          FROM organisations_organisation o WHERE o.id = NEW.host_id;
    ELSIF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing THEN
        RAISE EXCEPTION 'what a secondment stands on stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (TG_OP = 'INSERT' OR NEW.agent_id <> OLD.agent_id) AND NOT secondments_works_at(NEW.agent_id, NEW.caisse_id) THEN
        RAISE EXCEPTION 'the agent works for the caisse' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON secondments_secondment FOR EACH ROW EXECUTE FUNCTION secondments_kept();

-- Hours are never rewritten under appointments already made: another permanence begins where one ends.
CREATE FUNCTION secondments_permanence_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF to_jsonb(NEW) - 'until' <> to_jsonb(OLD) - 'until' THEN
        RAISE EXCEPTION 'a permanence only ends' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON secondments_permanence FOR EACH ROW EXECUTE FUNCTION secondments_permanence_kept();

-- An appointment belongs to a case opened under the secondment's own authorisation. Its hours lie within the secondment and
-- within what the convention opens, and no other one has them: the secondment's row is locked, so that of two who book, one waits.
CREATE FUNCTION secondments_appointment_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_case cases_case;
    held secondments_secondment;
    during tstzrange;
    day date;
    working text[] := '{state,starts_at,ends_at,moved_at,moved_by,closed_at,closed_by,outcome,cancelled_for}';
BEGIN
    SELECT * INTO of_case FROM cases_case c WHERE c.id = NEW.case_id;
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO held FROM secondments_secondment s WHERE s.id = NEW.secondment_id FOR UPDATE;
        IF of_case.id IS NULL OR held.id IS NULL OR of_case.kind <> 'appointment'
            OR of_case.authorisation_id <> held.authorisation_id OR of_case.sender_id <> cases_caller()
            OR (NEW.follows_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM secondments_appointment a WHERE a.case_id = NEW.follows_id AND a.secondment_id = held.id)) THEN
            RAISE EXCEPTION 'no such secondment' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.state <> 'booked' THEN
            RAISE EXCEPTION 'an appointment begins when it is booked' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.booked_at := of_case.opened_at;
        NEW.booked_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.booked_by);
    ELSE
        IF to_jsonb(NEW) - working <> to_jsonb(OLD) - working THEN
            RAISE EXCEPTION 'what was booked stays' USING ERRCODE = 'restrict_violation';
        END IF;
        IF OLD.state <> 'booked' AND NEW IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'what was noted stays' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.state IN ('held', 'missed') AND of_case.caisse_id <> cases_caller() THEN
            RAISE EXCEPTION 'the caisse says whether it was held' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF (NEW.starts_at, NEW.ends_at) IS NOT DISTINCT FROM (OLD.starts_at, OLD.ends_at) THEN
            RETURN NEW;
        END IF;
        SELECT * INTO held FROM secondments_secondment s WHERE s.id = NEW.secondment_id FOR UPDATE;
    END IF;
    SELECT a.open_during INTO during FROM cases_authorisation a WHERE a.id = held.authorisation_id;
    day := (NEW.starts_at AT TIME ZONE held.time_zone)::date;
    IF NOT during @> NEW.starts_at OR day < held.since OR day > held.until THEN
        RAISE EXCEPTION 'outside the convention or the secondment' USING ERRCODE = 'invalid_authorization_specification';
    END IF;
    IF EXISTS (SELECT 1 FROM secondments_appointment a
                WHERE a.secondment_id = held.id AND a.case_id <> NEW.case_id AND a.state <> 'cancelled'
                  AND a.starts_at < NEW.ends_at AND a.ends_at > NEW.starts_at) THEN
        RAISE EXCEPTION 'this slot is taken' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON secondments_appointment
    FOR EACH ROW EXECUTE FUNCTION secondments_appointment_kept();

-- State and closing, on both participations of the case.
CREATE FUNCTION secondments_mirror_state() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE cases_participation SET state = NEW.state, closed_at = NEW.closed_at
     WHERE case_id = NEW.case_id AND (state, closed_at) IS DISTINCT FROM (NEW.state, NEW.closed_at);
    RETURN NULL;
END $$;
CREATE TRIGGER mirror_state AFTER INSERT OR UPDATE ON secondments_appointment
    FOR EACH ROW EXECUTE FUNCTION secondments_mirror_state();

-- The agent follows by right whom she is to see: the host, which books, could not write it for the caisse.
CREATE FUNCTION secondments_follow(of_case uuid, body uuid, person uuid) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO cases_following (id, organisation_id, case_id, user_id, reason, since)
    SELECT gen_random_uuid(), body, of_case, person, 'seconded', statement_timestamp()
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION secondments_agent_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM secondments_follow(NEW.case_id, s.caisse_id, s.agent_id)
       FROM secondments_secondment s WHERE s.id = NEW.secondment_id AND secondments_works_at(s.agent_id, s.caisse_id);
    RETURN NULL;
END $$;
CREATE TRIGGER agent_follows AFTER INSERT ON secondments_appointment
    FOR EACH ROW EXECUTE FUNCTION secondments_agent_follows();

-- Another agent: she follows what is still to come, the former one follows it no more.
CREATE FUNCTION secondments_agent_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE cases_following f SET until = greatest(f.since, statement_timestamp())
      FROM secondments_appointment a
     WHERE a.secondment_id = NEW.id AND a.state = 'booked' AND f.case_id = a.case_id AND f.organisation_id = NEW.caisse_id
       AND f.user_id = OLD.agent_id AND f.reason = 'seconded' AND f.until IS NULL;
    PERFORM secondments_follow(a.case_id, NEW.caisse_id, NEW.agent_id)
       FROM secondments_appointment a WHERE a.secondment_id = NEW.id AND a.state = 'booked';
    RETURN NULL;
END $$;
CREATE TRIGGER agent_follows AFTER UPDATE ON secondments_secondment FOR EACH ROW
    WHEN (OLD.agent_id IS DISTINCT FROM NEW.agent_id) EXECUTE FUNCTION secondments_agent_changes();

-- When the agents of the caller's secondments are away, and from which day each works no more for her caisse: days, no
-- reason. The host reads neither absences nor roles of the caisse, and books in vain without these.
CREATE FUNCTION secondment_presence(wanted uuid[], first date, last date)
RETURNS TABLE (secondment uuid, gone_from date, away_since date[], away_until date[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id,
           CASE WHEN NOT u.is_active THEN organisations_today(s.caisse_id)
                ELSE nullif((SELECT max(coalesce(m.until, '9999-12-30')) FROM organisations_membership m
                              WHERE m.user_id = s.agent_id AND m.organisation_id = s.caisse_id) + 1, '9999-12-31') END,
           ARRAY(SELECT a.since FROM organisations_absence a
                  WHERE a.user_id = s.agent_id AND a.organisation_id = s.caisse_id AND a.cancelled_at IS NULL
                    AND a.since <= last AND a.until >= first ORDER BY a.since, a.id),
           ARRAY(SELECT a.until FROM organisations_absence a
                  WHERE a.user_id = s.agent_id AND a.organisation_id = s.caisse_id AND a.cancelled_at IS NULL
                    AND a.since <= last AND a.until >= first ORDER BY a.since, a.id)
      FROM secondments_secondment s JOIN organisations_user u ON u.id = s.agent_id
     WHERE s.id = ANY(wanted) AND cases_caller() IN (s.caisse_id, s.host_id)
$$;

-- For jobs: secondments whose agent works no more for the caisse.
CREATE FUNCTION secondments_unattended() RETURNS TABLE (secondment uuid, agent uuid, caisse uuid, host uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id, s.agent_id, s.caisse_id, s.host_id FROM secondments_secondment s
     WHERE (s.until IS NULL OR s.until >= organisations_today(s.host_id))
       AND NOT secondments_works_at(s.agent_id, s.caisse_id)
     ORDER BY s.id
$$;

REVOKE ALL ON FUNCTION secondments_works_at(uuid, uuid), secondments_kept(), secondments_permanence_kept(),
    secondments_appointment_kept(), secondments_mirror_state(), secondments_follow(uuid, uuid, uuid), secondments_agent_follows(),
    secondments_agent_changes(), secondment_presence(uuid[], date, date), secondments_unattended() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION secondment_presence(uuid[], date, date) TO maillage_app, maillage_worker;
GRANT EXECUTE ON FUNCTION secondments_unattended() TO maillage_worker;
"""

UNDO = """
DROP FUNCTION secondments_unattended();
DROP FUNCTION secondment_presence(uuid[], date, date);
DROP TRIGGER agent_follows ON secondments_secondment;
DROP FUNCTION secondments_agent_changes();
DROP TRIGGER agent_follows ON secondments_appointment;
DROP FUNCTION secondments_agent_follows();
DROP FUNCTION secondments_follow(uuid, uuid, uuid);
DROP TRIGGER mirror_state ON secondments_appointment;
DROP FUNCTION secondments_mirror_state();
DROP TRIGGER kept ON secondments_appointment;
DROP FUNCTION secondments_appointment_kept();
DROP TRIGGER kept ON secondments_permanence;
DROP FUNCTION secondments_permanence_kept();
DROP TRIGGER kept ON secondments_secondment;
DROP FUNCTION secondments_kept();
DROP FUNCTION secondments_works_at(uuid, uuid);
ALTER TABLE secondments_secondment DROP CONSTRAINT secondment_authorisation_in_its_convention;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("secondments", "0001_initial"),
        ("cases", "0006_following"),
        ("organisations", "0009_directory"),
    ]

    operations = [migrations.RunSQL(GUARDS, UNDO)]
