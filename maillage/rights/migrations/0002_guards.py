"""What PostgreSQL holds of applications by itself: whose step each is, what stays as it was, when silence speaks."""

from django.db import migrations

# What was filed stays; each side takes its own steps; an application that has ended is only notified, once. Silence is the jobs’
# alone, and never before the day after the law’s delay, by the caisse’s own calendar.
APPLICATION = """
CREATE FUNCTION rights_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_case cases_case;
    sealed text[] := '{details,sealed_words}';
    examining text[] := '{state,received_on,complete_on,promised_on,legal_on,silence,alert_on,decided_on,opened,opens_on,ends_on,covers_on,end_reason,sealed_words,closed_at,closed_by}';
    answering text[] := '{state,promised_on,legal_on,silence,alert_on}';
    stopping text[] := '{state,closed_at,closed_by,end_reason}';
    lapsing text[] := '{state,lapsed_on,by_silence,decided_on,opened,opens_on,ends_on,closed_at}';
    telling text[] := '{notified_on,notified_how}';
    former jsonb := to_jsonb(OLD);
    again jsonb := to_jsonb(NEW);
BEGIN
    IF session_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    SELECT * INTO of_case FROM cases_case c WHERE c.id = NEW.case_id;
    IF TG_OP = 'INSERT' THEN
        IF of_case.id IS NULL OR of_case.kind <> 'application' OR of_case.sender_id IS DISTINCT FROM cases_caller()
            OR NOT EXISTS (SELECT 1 FROM cases_authorisation a
                            WHERE a.id = of_case.authorisation_id AND NEW."right" = ANY (a.rights)) THEN
            RAISE EXCEPTION 'no such authorisation' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.state <> 'sent' OR NEW.lapsed_on IS NOT NULL OR NEW.promised_on IS NOT NULL OR NEW.legal_on IS NOT NULL THEN
            RAISE EXCEPTION 'an application begins when it is sent' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.sent_at := of_case.opened_at;
        NEW.sent_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.sent_by);
        RETURN NEW;
    END IF;
    IF again = former THEN
        RETURN NEW;
    END IF;
    IF again - sealed = former - sealed
        AND NOT EXISTS (SELECT 1 FROM unnest(sealed) AS one (name)
                         WHERE length(again ->> one.name) IS DISTINCT FROM length(former ->> one.name))
        AND EXISTS (SELECT 1 FROM cases_participation p
                     WHERE p.case_id = NEW.case_id AND p.key_made_at = transaction_timestamp()) THEN
        RETURN NEW;
    END IF;
    IF OLD.closed_at IS NOT NULL THEN
        IF again - telling <> former - telling OR OLD.notified_on IS NOT NULL OR of_case.caisse_id IS DISTINCT FROM cases_caller() THEN
            RAISE EXCEPTION 'what was decided stays' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.lapsed_on IS DISTINCT FROM OLD.lapsed_on OR NEW.by_silence THEN
        IF session_user = 'maillage_app' OR OLD.lapsed_on IS NOT NULL OR again - lapsing <> former - lapsing
            OR OLD.legal_on IS NULL OR NOT OLD.legal_on < organisations_today(of_case.caisse_id)
            OR NEW.lapsed_on > organisations_today(of_case.caisse_id)
            OR (OLD.silence = 'rejection' AND NEW.state <> OLD.state)
            OR (OLD.silence = 'acceptance' AND NOT (NEW.state = 'granted' AND NEW.by_silence)) THEN
            RAISE EXCEPTION 'silence does not speak now' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    -- The sweep has told somebody: the next day comes.
    IF again - 'alert_on' = former - 'alert_on' AND session_user = 'maillage_worker' THEN
        RETURN NEW;
    END IF;
    IF OLD.received_on IS NOT NULL AND NEW.received_on IS DISTINCT FROM OLD.received_on THEN
        RAISE EXCEPTION 'what was received stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT coalesce(
        CASE cases_caller()
            WHEN of_case.caisse_id THEN again - examining = former - examining AND NEW.state NOT IN ('withdrawn', 'cancelled')
            WHEN of_case.sender_id THEN
                NEW.state IN ('withdrawn', 'cancelled') AND again - stopping = former - stopping
                OR OLD.state = 'incomplete' AND NEW.state = 'received' AND again - answering = former - answering
        END, false) THEN
        RAISE EXCEPTION 'not a step of this side' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON rights_application FOR EACH ROW EXECUTE FUNCTION rights_kept();

-- State, urgency and closing, on both participations; the caisse's due day is the first of the two last days, the partner's that on
-- which the pieces asked of it are due.
CREATE FUNCTION rights_mirror_state() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pieces_due date := (SELECT r.asked_on + r.granted_days FROM rights_piecerequest r
                         WHERE r.case_id = NEW.case_id AND r.answered_on IS NULL);
BEGIN
    UPDATE cases_participation p
       SET state = NEW.state, urgent = NEW.urgent, closed_at = NEW.closed_at,
           due_on = CASE WHEN NEW.closed_at IS NOT NULL THEN NULL
                         WHEN p.role = 'recipient' THEN least(NEW.promised_on, NEW.legal_on) ELSE pieces_due END
     WHERE p.case_id = NEW.case_id;
    RETURN NULL;
END $$;
CREATE TRIGGER mirror_state AFTER INSERT OR UPDATE ON rights_application FOR EACH ROW EXECUTE FUNCTION rights_mirror_state();
"""

# An event is dated by the database and signed by whoever acts, on her own side; silence is the jobs’ alone.
EVENT = """
CREATE FUNCTION rights_event_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_case cases_case;
    acting uuid := nullif(current_setting('maillage.user', true), '')::uuid;
BEGIN
    IF session_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    SELECT * INTO of_case FROM cases_case c WHERE c.id = NEW.case_id;
    IF NEW.noted_by IS NULL THEN
        IF session_user = 'maillage_app' THEN
            RAISE EXCEPTION 'an event is noted by someone' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.organisation_id := NULL;
    ELSE
        IF NOT coalesce(
            CASE cases_caller()
                WHEN of_case.caisse_id THEN NEW.kind IN ('received', 'completed', 'asked', 'answered', 'granted', 'refused', 'notified')
                WHEN of_case.sender_id THEN NEW.kind IN ('sent', 'handed_over', 'answered', 'withdrawn', 'cancelled')
            END, false) THEN
            RAISE EXCEPTION 'not a step of this side' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.organisation_id := cases_caller();
        NEW.noted_by := coalesce(acting, NEW.noted_by);
    END IF;
    IF NEW.day > organisations_today(of_case.caisse_id) AND NEW.day > organisations_today(of_case.sender_id) THEN
        RAISE EXCEPTION 'an event of a day to come' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.noted_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT ON rights_applicationevent FOR EACH ROW EXECUTE FUNCTION rights_event_kept();
"""

# A request is signed by the caisse and answered once; a piece is added by either side to an application that has not ended, and is a
# document of whoever adds it, which both sides read.
PIECES = """
CREATE FUNCTION rights_request_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sealed text[] := '{sealed_words}';
    answering text[] := '{answered_on,answered_at,answered_by}';
    acting uuid := nullif(current_setting('maillage.user', true), '')::uuid;
    former jsonb := to_jsonb(OLD);
    again jsonb := to_jsonb(NEW);
BEGIN
    IF session_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF again - sealed = former - sealed AND length(NEW.sealed_words) IS NOT DISTINCT FROM length(OLD.sealed_words)
            AND EXISTS (SELECT 1 FROM cases_participation p
                         WHERE p.case_id = NEW.case_id AND p.key_made_at = transaction_timestamp()) THEN
            RETURN NEW;
        END IF;
        IF (OLD.answered_on IS NOT NULL AND again <> former) OR again - answering <> former - answering THEN
            RAISE EXCEPTION 'what was asked stays' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.answered_on IS NOT NULL THEN
            NEW.answered_at := clock_timestamp();
            NEW.answered_by := coalesce(acting, NEW.answered_by);
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.answered_on IS NOT NULL THEN
        RAISE EXCEPTION 'pieces are asked before they come' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.asked_at := clock_timestamp();
    NEW.asked_by := coalesce(acting, NEW.asked_by);
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON rights_piecerequest FOR EACH ROW EXECUTE FUNCTION rights_request_kept();

CREATE FUNCTION rights_request_in_time() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user IN ('maillage_app', 'maillage_worker') AND NOT EXISTS (
        SELECT 1 FROM rights_application a
         WHERE a.case_id = NEW.case_id AND a.state IN ('received', 'incomplete', 'complete') AND NEW.asked_on >= a.received_on) THEN
        RAISE EXCEPTION 'nobody examines this application now' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER in_time AFTER INSERT ON rights_piecerequest FOR EACH ROW EXECUTE FUNCTION rights_request_in_time();

CREATE FUNCTION rights_piece_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user IN ('maillage_app', 'maillage_worker') THEN
        IF NOT EXISTS (SELECT 1 FROM documents_document d WHERE d.id = NEW.document_id AND d.organisation_id = cases_caller()) THEN
            RAISE EXCEPTION 'no such document' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.organisation_id := cases_caller();
        NEW.added_at := clock_timestamp();
        NEW.added_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.added_by);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT ON rights_piece FOR EACH ROW EXECUTE FUNCTION rights_piece_kept();
CREATE TRIGGER kept BEFORE INSERT ON rights_preparedpiece FOR EACH ROW EXECUTE FUNCTION rights_piece_kept();

CREATE FUNCTION rights_piece_in_time() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user IN ('maillage_app', 'maillage_worker')
        AND NOT EXISTS (SELECT 1 FROM rights_application a WHERE a.case_id = NEW.case_id AND a.closed_at IS NULL) THEN
        RAISE EXCEPTION 'this application has ended' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER in_time AFTER INSERT ON rights_piece FOR EACH ROW EXECUTE FUNCTION rights_piece_in_time();
REVOKE ALL ON FUNCTION rights_kept(), rights_mirror_state(), rights_event_kept(), rights_request_kept(), rights_request_in_time(), rights_piece_kept(),
    rights_piece_in_time() FROM PUBLIC;
"""

# What is being prepared goes away whole: thrown away with its documents, or filed, its documents kept by the case of the same id.
PREPARED = """
CREATE FUNCTION rights_discard_piece(unwanted uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone uuid;
BEGIN
    DELETE FROM rights_preparedpiece p WHERE p.id = unwanted AND p.organisation_id = cases_caller() RETURNING p.document_id INTO gone;
    DELETE FROM documents_document d WHERE d.id = gone;
    RETURN gone;
END $$;

CREATE FUNCTION rights_discard(unwanted uuid) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone uuid[];
BEGIN
    PERFORM 1 FROM rights_preparation r WHERE r.id = unwanted AND r.organisation_id = cases_caller() FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    WITH pieces AS (DELETE FROM rights_preparedpiece p WHERE p.preparation_id = unwanted RETURNING p.document_id)
        SELECT coalesce(array_agg(document_id), '{}') INTO gone FROM pieces;
    DELETE FROM documents_document d WHERE d.id = ANY (gone);
    DELETE FROM rights_preparation r WHERE r.id = unwanted;
    RETURN gone;
END $$;

CREATE FUNCTION rights_filed(preparation uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM rights_application a JOIN cases_case c ON c.id = a.case_id
                    WHERE a.case_id = preparation AND c.sender_id = cases_caller()) THEN
        RETURN false;
    END IF;
    DELETE FROM rights_preparedpiece p WHERE p.preparation_id = preparation AND p.organisation_id = cases_caller();
    DELETE FROM rights_preparation r WHERE r.id = preparation AND r.organisation_id = cases_caller();
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION rights_discard_piece(uuid), rights_discard(uuid), rights_filed(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rights_discard_piece(uuid), rights_discard(uuid), rights_filed(uuid) TO maillage_app, maillage_worker;
"""

# What a case holds sealed here, locked, before it gets another key; then sealed again with it, in that same transaction.
RENEWING = """
CREATE FUNCTION application_to_renew(of_case uuid) RETURNS TABLE (what text, which uuid, sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                    AND mine.organisation_id = cases_caller() AND (mine.until IS NULL OR mine.until > statement_timestamp())) THEN
        RETURN;
    END IF;
    PERFORM 1 FROM rights_application a WHERE a.case_id = of_case FOR UPDATE;
    PERFORM 1 FROM rights_piecerequest r WHERE r.case_id = of_case ORDER BY r.id FOR UPDATE;
    RETURN QUERY
        SELECT 'details', a.case_id, a.details FROM rights_application a WHERE a.case_id = of_case AND a.details IS NOT NULL
        UNION ALL
        SELECT 'decision', a.case_id, a.sealed_words FROM rights_application a
         WHERE a.case_id = of_case AND a.sealed_words IS NOT NULL
        UNION ALL
        SELECT 'request', r.id, r.sealed_words FROM rights_piecerequest r
         WHERE r.case_id = of_case AND r.sealed_words IS NOT NULL;
END $$;

CREATE FUNCTION encrypt_application_again(of_case uuid, what text, which uuid, former bytea, renewed bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF length(renewed) <> length(former)
        OR NOT EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = of_case
                        AND mine.organisation_id = cases_caller() AND mine.key_made_at = transaction_timestamp()) THEN
        RETURN false;
    END IF;
    CASE what
        WHEN 'details' THEN
            UPDATE rights_application a SET details = renewed WHERE a.case_id = of_case AND a.details = former;
        WHEN 'decision' THEN
            UPDATE rights_application a SET sealed_words = renewed WHERE a.case_id = of_case AND a.sealed_words = former;
        ELSE
            UPDATE rights_piecerequest r SET sealed_words = renewed
             WHERE r.case_id = of_case AND r.id = which AND r.sealed_words = former;
    END CASE;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION application_to_renew(uuid), encrypt_application_again(uuid, text, uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION application_to_renew(uuid), encrypt_application_again(uuid, text, uuid, bytea, bytea) TO maillage_worker;
"""

# For jobs: applications whose delay of the law has passed without a decision, the oldest first; and those that a promise or the law
# leaves late on a day. One index each.
SWEEPING = """
CREATE FUNCTION applications_lapsed(before date, after_day date, after_case uuid, at_most integer)
RETURNS TABLE (of_case uuid, caisse uuid, sender uuid, day date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.case_id, c.caisse_id, c.sender_id, a.legal_on FROM rights_application a JOIN cases_case c ON c.id = a.case_id
     WHERE a.closed_at IS NULL AND a.lapsed_on IS NULL AND a.legal_on < before
       AND (after_day IS NULL OR (a.legal_on, a.case_id) > (after_day, after_case))
     ORDER BY a.legal_on, a.case_id LIMIT at_most
$$;

CREATE FUNCTION applications_to_alert(on_day date, after_day date, after_case uuid, at_most integer)
RETURNS TABLE (of_case uuid, of_convention uuid, caisse uuid, sender uuid, day date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.case_id, c.convention_id, c.caisse_id, c.sender_id, a.alert_on
      FROM rights_application a JOIN cases_case c ON c.id = a.case_id
     WHERE a.closed_at IS NULL AND a.alert_on <= on_day
       AND (after_day IS NULL OR (a.alert_on, a.case_id) > (after_day, after_case))
     ORDER BY a.alert_on, a.case_id LIMIT at_most
$$;
REVOKE ALL ON FUNCTION applications_lapsed(date, date, uuid, integer), applications_to_alert(date, date, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION applications_lapsed(date, date, uuid, integer), applications_to_alert(date, date, uuid, integer)
    TO maillage_worker;
"""

UNDO = """
DROP FUNCTION applications_to_alert(date, date, uuid, integer);
DROP FUNCTION applications_lapsed(date, date, uuid, integer);
DROP FUNCTION encrypt_application_again(uuid, text, uuid, bytea, bytea);
DROP FUNCTION application_to_renew(uuid);
DROP FUNCTION rights_filed(uuid);
DROP FUNCTION rights_discard(uuid);
DROP FUNCTION rights_discard_piece(uuid);
DROP TRIGGER in_time ON rights_piece;
DROP FUNCTION rights_piece_in_time();
DROP TRIGGER kept ON rights_preparedpiece;
DROP TRIGGER kept ON rights_piece;
DROP FUNCTION rights_piece_kept();
DROP TRIGGER in_time ON rights_piecerequest;
DROP FUNCTION rights_request_in_time();
DROP TRIGGER kept ON rights_piecerequest;
DROP FUNCTION rights_request_kept();
DROP TRIGGER kept ON rights_applicationevent;
DROP FUNCTION rights_event_kept();
DROP TRIGGER mirror_state ON rights_application;
DROP FUNCTION rights_mirror_state();
DROP TRIGGER kept ON rights_application;
DROP FUNCTION rights_kept();
"""


class Migration(migrations.Migration):

    dependencies = [("rights", "0001_initial")]

    operations = [migrations.RunSQL(APPLICATION + EVENT + PIECES + PREPARED + RENEWING + SWEEPING, UNDO)]
