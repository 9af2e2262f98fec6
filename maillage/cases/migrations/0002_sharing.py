"""The only ways into a case: definer functions that check the caller and the authorisation, and the mirror of the state."""

from django.db import migrations

SHARING = """
CREATE FUNCTION cases_caller() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT nullif(current_setting('maillage.organisation', true), '')::uuid
$$;

-- Opens a case and its two participations together. The caller must be the sender of an authorisation open now,
-- by the database's clock: a convention that has ended closes its flows at that instant, for open sessions too.
CREATE FUNCTION open_case(
    new_case uuid, under uuid, case_kind text, is_urgent boolean,
    sender_part uuid, sender_key bytea, recipient_part uuid, recipient_key bytea
) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    allowed cases_authorisation;
    instant timestamptz := statement_timestamp();
    first_state text := CASE case_kind WHEN 'referral' THEN 'sent' WHEN 'appointment' THEN 'booked' END;
BEGIN
    IF first_state IS NULL THEN
        RAISE EXCEPTION 'no such kind of case' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO allowed FROM cases_authorisation WHERE id = under FOR SHARE;
    IF NOT FOUND OR allowed.sender_id IS DISTINCT FROM cases_caller() THEN
        RAISE EXCEPTION 'no such authorisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT allowed.open_during @> instant THEN
        RAISE EXCEPTION 'authorisation closed' USING ERRCODE = 'invalid_authorization_specification';
    END IF;
    IF length(sender_key) < 64 OR length(recipient_key) < 64 THEN
        RAISE EXCEPTION 'a participation without its key' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO cases_case (id, authorisation_id, convention_id, kind, service, sender_id, caisse_id, opened_at)
    VALUES (new_case, under, allowed.convention_id, case_kind, allowed.service, allowed.sender_id, allowed.recipient_id, instant);
    INSERT INTO cases_participation (id, organisation_id, case_id, convention_id, role, since, state, urgent, sealed_key)
    VALUES
        (sender_part, allowed.sender_id, new_case, allowed.convention_id, 'sender', instant, first_state, is_urgent, sender_key),
        (recipient_part, allowed.recipient_id, new_case, allowed.convention_id, 'recipient', instant, first_state, is_urgent, recipient_key);
    RETURN instant;
END $$;

-- Ends one organisation's own part; nobody ends another's.
CREATE FUNCTION withdraw(from_case uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM cases_case WHERE id = from_case FOR UPDATE;
    UPDATE cases_participation SET until = statement_timestamp()
     WHERE case_id = from_case AND organisation_id = cases_caller() AND (until IS NULL OR until > statement_timestamp());
    RETURN FOUND;
END $$;

-- The recipient's own due date; each side keeps its own.
CREATE FUNCTION set_due_on(of_case uuid, day date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE cases_participation SET due_on = day
     WHERE case_id = of_case AND organisation_id = cases_caller() AND (until IS NULL OR until > statement_timestamp());
    RETURN FOUND;
END $$;

-- Attached to every table that is one-to-one with a case: its state and urgency, on all participations, in one place.
CREATE FUNCTION cases_mirror_state() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE cases_participation SET state = NEW.state, urgent = NEW.urgent, closed_at = NEW.closed_at
     WHERE case_id = NEW.case_id AND (state, urgent, closed_at) IS DISTINCT FROM (NEW.state, NEW.urgent, NEW.closed_at);
    RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION
    cases_caller(), open_case(uuid, uuid, text, boolean, uuid, bytea, uuid, bytea),
    withdraw(uuid), set_due_on(uuid, date), cases_mirror_state() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    cases_caller(), open_case(uuid, uuid, text, boolean, uuid, bytea, uuid, bytea), withdraw(uuid), set_due_on(uuid, date)
    TO maillage_app, maillage_worker;
"""

UNDO = """
DROP FUNCTION cases_mirror_state();
DROP FUNCTION set_due_on(uuid, date);
DROP FUNCTION withdraw(uuid);
DROP FUNCTION open_case(uuid, uuid, text, boolean, uuid, bytea, uuid, bytea);
DROP FUNCTION cases_caller();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunSQL(SHARING, UNDO)]
