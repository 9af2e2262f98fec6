"""The only ways to become a party, and the promises that the database keeps itself about texts, signatures and flows."""

from django.db import migrations

PARTIES = """
-- The parties of conventions that the caller may read (one function: a policy cannot query its own table).
CREATE FUNCTION convention_parties(conventions uuid[])
RETURNS TABLE (convention_id uuid, organisation_id uuid, organisation_name text, short_name text, kind text, departement text,
               time_zone text, key text, role text, "position" smallint, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.convention_id, p.organisation_id, o.name::text, o.short_name::text, o.kind::text, o.departement::text,
           o.time_zone::text, p.key::text, p.role::text, p.position, p.since
      FROM conventions_party p JOIN organisations_organisation o ON o.id = p.organisation_id
     WHERE p.convention_id = ANY(conventions)
       AND EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = p.convention_id
                   AND mine.organisation_id = nullif(current_setting('maillage.organisation', true), '')::uuid)
     ORDER BY p.convention_id, p.position, p.key
$$;

-- A new draft and its drafter, together.
CREATE FUNCTION open_convention(
    new_id uuid, new_title text, new_sort text, new_level text, new_template text, new_departement text,
    new_partner_kind text, new_partners text, new_hash text, party_id uuid, party_key text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF cases_caller() IS NULL THEN
        RAISE EXCEPTION 'nobody is acting' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO conventions_convention
        (id, title, sort_title, level, template, departement, partner_kind, partners, state, end_kind, content_hash,
         next_due_what, drafted_by_id, chosen, time_zone)
    VALUES (new_id, new_title, new_sort, new_level, new_template, new_departement, new_partner_kind, new_partners, 'draft', '',
            new_hash, '', cases_caller(), jsonb_build_object(party_key, cases_caller()), 'Europe/Paris');
    INSERT INTO conventions_party (id, convention_id, organisation_id, key, role, position, state, sort_title)
    VALUES (party_id, new_id, cases_caller(), party_key, 'drafter', 0, 'draft', new_sort);
END $$;

-- The drafter, and nobody else, names the signatories, and only while nothing is signed by all.
CREATE FUNCTION admit_party(of_convention uuid, party_id uuid, whom uuid, with_key text, at_position smallint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    their conventions_convention;
BEGIN
    SELECT * INTO their FROM conventions_convention WHERE id = of_convention FOR UPDATE;
    IF NOT FOUND OR their.drafted_by_id IS DISTINCT FROM cases_caller() OR their.state NOT IN ('draft', 'proposed', 'partly_signed') THEN
        RAISE EXCEPTION 'not yours to admit' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO conventions_party (id, convention_id, organisation_id, key, role, position, state, next_due_on, sort_title)
    VALUES (party_id, of_convention, whom, with_key, 'signatory', at_position, their.state, their.next_due_on, their.sort_title)
    ON CONFLICT (convention_id, organisation_id) DO UPDATE SET key = excluded.key, position = excluded.position,
        role = CASE WHEN conventions_party.role = 'drafter' THEN 'drafter' ELSE 'signatory' END;
END $$;

-- A draft that only its drafter has ever had goes for good, with what hangs on it; the documents attached to nothing else
-- go too, and their ids are told so that their files can follow.
CREATE FUNCTION discard_draft(of_convention uuid) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    their conventions_convention;
    attached uuid[];
BEGIN
    SELECT * INTO their FROM conventions_convention WHERE id = of_convention FOR UPDATE;
    IF NOT FOUND OR their.drafted_by_id IS DISTINCT FROM cases_caller() OR their.state <> 'draft'
       OR EXISTS (SELECT 1 FROM conventions_party p WHERE p.convention_id = of_convention AND p.organisation_id <> cases_caller())
       OR EXISTS (SELECT 1 FROM conventions_event e WHERE e.convention_id = of_convention AND e.kind = 'proposed') THEN
        RAISE EXCEPTION 'not yours to discard' USING ERRCODE = 'insufficient_privilege';
    END IF;
    attached := ARRAY(
        SELECT e.document_id FROM conventions_event e WHERE e.convention_id = of_convention AND e.document_id IS NOT NULL
        UNION SELECT r.document_id FROM conventions_relation r WHERE r.convention_id = of_convention AND r.document_id IS NOT NULL);
    DELETE FROM conventions_relation WHERE convention_id = of_convention OR target_id = of_convention;
    DELETE FROM conventions_event WHERE convention_id = of_convention;
    DELETE FROM conventions_referent WHERE convention_id = of_convention;
    DELETE FROM conventions_termsversion WHERE convention_id = of_convention;
    DELETE FROM conventions_party WHERE convention_id = of_convention;
    DELETE FROM conventions_convention WHERE id = of_convention;
    RETURN QUERY DELETE FROM documents_document d WHERE d.id = ANY(attached) AND d.organisation_id = cases_caller()
       AND NOT EXISTS (SELECT 1 FROM conventions_event e WHERE e.document_id = d.id)
       AND NOT EXISTS (SELECT 1 FROM conventions_relation r WHERE r.document_id = d.id)
       AND NOT EXISTS (SELECT 1 FROM conventions_obligationmark m WHERE m.document_id = d.id)
       AND NOT EXISTS (SELECT 1 FROM conventions_signature s WHERE d.id IN (s.document_id, s.delegation_document_id))
       RETURNING d.id;
END $$;

-- A signed local convention is brought to the knowledge of the parties of the framework that it implements (S4 art. 7).
-- Only the parties of a framework bring it to the knowledge of the others: one of those who sign must be among them.
CREATE FUNCTION inform_framework(of_convention uuid) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told integer;
BEGIN
    PERFORM 1 FROM conventions_party p JOIN conventions_convention c ON c.id = p.convention_id
      WHERE p.convention_id = of_convention AND p.organisation_id = cases_caller() AND p.role <> 'informed'
        AND c.state IN ('signed', 'in_force');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not yours to tell' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO conventions_party (id, convention_id, organisation_id, key, role, position, state, next_due_on, sort_title)
    SELECT gen_random_uuid(), of_convention, above.organisation_id, 'informed_' || above.key, 'informed', 90, c.state, NULL, c.sort_title
      FROM conventions_relation r
      JOIN conventions_convention c ON c.id = r.convention_id
      JOIN conventions_party above ON above.convention_id = r.target_id AND above.role <> 'informed'
     WHERE r.convention_id = of_convention AND r.kind = 'implements'
       AND EXISTS (SELECT 1 FROM conventions_party signs CROSS JOIN LATERAL organisations_above(signs.organisation_id) up (id)
                     JOIN conventions_party known ON known.organisation_id = up.id AND known.convention_id = r.target_id
                    WHERE signs.convention_id = of_convention AND signs.role <> 'informed')
    ON CONFLICT (convention_id, organisation_id) DO NOTHING;
    GET DIAGNOSTICS told = ROW_COUNT;
    RETURN told;
END $$;

-- Bodies informed because of a tie that a party has taken back are not informed any more.
CREATE FUNCTION leave_framework(of_convention uuid) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone integer;
BEGIN
    PERFORM 1 FROM conventions_party p
      WHERE p.convention_id = of_convention AND p.organisation_id = cases_caller() AND p.role <> 'informed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not yours to tell' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM conventions_party p WHERE p.convention_id = of_convention AND p.role = 'informed'
       AND NOT EXISTS (SELECT 1 FROM conventions_relation r
                         JOIN conventions_party above ON above.convention_id = r.target_id AND above.role <> 'informed'
                        WHERE r.convention_id = of_convention AND r.kind = 'implements'
                          AND above.organisation_id = p.organisation_id);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

-- What the signed texts say of flows and of third parties, place by place: the text, and what signed avenants put there.
CREATE FUNCTION conventions_signed_words(of_convention uuid) RETURNS TABLE (place text, said text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH base AS (
        SELECT v.terms FROM conventions_termsversion v WHERE v.convention_id = of_convention ORDER BY v.number DESC LIMIT 1
    ), change AS (
        SELECT c ->> 'path' AS path, c -> 'value' AS value
          FROM conventions_amendment a CROSS JOIN LATERAL jsonb_array_elements(a.changes) c
         WHERE a.convention_id = of_convention AND a.state = 'signed'
    ), clause AS (
        SELECT list, e AS value FROM base CROSS JOIN (VALUES ('flows'), ('third_parties')) l (list)
          CROSS JOIN LATERAL jsonb_array_elements(base.terms -> list) e
        UNION ALL
        SELECT split_part(path, '[', 1), e FROM change
          CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END) e
         WHERE path ~ '^(flows|third_parties)(\\[[^]]+\\])?$' AND jsonb_typeof(e) = 'object'
    )
    SELECT clause.list || '[' || (clause.value ->> 'key') || '].' || field.key, field.value
      FROM clause CROSS JOIN LATERAL jsonb_each_text(clause.value) field
    UNION ALL
    SELECT path, value #>> '{}' FROM change WHERE path ~ '^(flows|third_parties)\\[[^]]+\\]\\.'
$$;

-- Whether the signed texts hold this flow of persons' data: its sides, its service and its article, each said at its place.
-- A side may be a third party that belongs to the party.
CREATE FUNCTION conventions_holds_flow(of_convention uuid, flow jsonb) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH words AS MATERIALIZED (SELECT * FROM conventions_signed_words(of_convention)),
    at AS (SELECT replace(place, 'flows[' || (flow ->> 'key') || '].', '') AS field, said FROM words
            WHERE starts_with(place, 'flows[' || (flow ->> 'key') || '].'))
    SELECT EXISTS (SELECT 1 FROM at WHERE field = 'service' AND said = flow ->> 'service')
       AND EXISTS (SELECT 1 FROM at WHERE field = 'article' AND left(said, 40) = flow ->> 'article')
       AND EXISTS (SELECT 1 FROM at WHERE field = 'data' AND said = 'nominative')
       AND NOT EXISTS (
           SELECT 1 FROM (VALUES ('sender'), ('recipient')) side (name)
            WHERE NOT EXISTS (
                SELECT 1 FROM at WHERE field = side.name AND (said = flow ->> side.name OR EXISTS (
                    SELECT 1 FROM words WHERE place = 'third_parties[' || at.said || '].of' AND words.said = flow ->> side.name))))
$$;

-- The flows in force, pushed down to where cases are opened: those that the signed texts hold, and no other. Both sides must be parties who signed; the rest is closed.
-- A flow may say its own range (a party that leaves alone closes its flows only).
CREATE FUNCTION publish_authorisations(of_convention uuid, flows jsonb, during tstzrange) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    published integer;
    closed tstzrange := 'empty';
    still tstzrange;
BEGIN
    -- Whatever the caller says, a convention that has ended opens nothing from now on.
    SELECT CASE WHEN c.state = 'ended' THEN tstzrange(NULL, statement_timestamp()) ELSE tstzrange(NULL, NULL) END INTO still
      FROM conventions_party p JOIN conventions_convention c ON c.id = p.convention_id
      WHERE p.convention_id = of_convention AND p.organisation_id = cases_caller() AND p.role <> 'informed'
        AND c.state IN ('signed', 'in_force', 'ended') FOR UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not yours to publish' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT 1 FROM jsonb_array_elements(flows) f WHERE conventions_holds_flow(of_convention, f) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a flow that the signed text does not hold' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE cases_authorisation a SET open_during = closed
     WHERE a.convention_id = of_convention AND a.open_during <> closed
       AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(flows) f
                        JOIN conventions_party s ON s.convention_id = of_convention AND s.key = f ->> 'sender' AND s.role <> 'informed'
                        JOIN conventions_party r ON r.convention_id = of_convention AND r.key = f ->> 'recipient' AND r.role <> 'informed'
                        WHERE f ->> 'key' = a.flow_key AND s.organisation_id = a.sender_id AND r.organisation_id = a.recipient_id);
    INSERT INTO cases_authorisation (id, convention_id, flow_key, sender_id, recipient_id, service, article, open_during)
    SELECT gen_random_uuid(), of_convention, f ->> 'key', s.organisation_id, r.organisation_id, f ->> 'service', f ->> 'article',
           coalesce((f ->> 'during')::tstzrange, during) * still
      FROM jsonb_array_elements(flows) f
      JOIN conventions_party s ON s.convention_id = of_convention AND s.key = f ->> 'sender' AND s.role <> 'informed'
      JOIN conventions_party r ON r.convention_id = of_convention AND r.key = f ->> 'recipient' AND r.role <> 'informed'
    ON CONFLICT (convention_id, flow_key, sender_id, recipient_id)
        DO UPDATE SET open_during = excluded.open_during, service = excluded.service, article = excluded.article
        WHERE (cases_authorisation.open_during, cases_authorisation.service, cases_authorisation.article)
            IS DISTINCT FROM (excluded.open_during, excluded.service, excluded.article);
    GET DIAGNOSTICS published = ROW_COUNT;
    RETURN published;
END $$;

-- Which bodies were warned of a coming day of a convention, when it was written and when it left: evidence of a renewal.
CREATE FUNCTION convention_warnings(of_convention uuid)
RETURNS TABLE (recipient_id uuid, fact text, written_at timestamptz, sent_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.recipient_id, split_part(m.once, ':', 3) || ':' || split_part(m.once, ':', 4), m.created_at, m.sent_at
      FROM notifications_message m
     WHERE m.once >= 'convention_warning:' || of_convention || ':' AND m.once < 'convention_warning:' || of_convention || ';'
       AND EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = of_convention
                   AND mine.organisation_id = nullif(current_setting('maillage.organisation', true), '')::uuid)
     ORDER BY m.created_at, m.recipient_id
$$;

-- Whether somebody active of this body has a role that signs. For the functions below only: it tells of any body.
CREATE FUNCTION organisation_signs_here(whom uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM organisations_membership m
          JOIN organisations_user u ON u.id = m.user_id AND u.is_active
          JOIN organisations_organisation o ON o.id = m.organisation_id
         WHERE m.organisation_id = whom AND m.role IN ('referent', 'national_referent')
           AND (statement_timestamp() AT TIME ZONE o.time_zone)::date BETWEEN m.since AND coalesce(m.until, 'infinity'))
$$;

-- Of each party of a convention, whether it has somebody here who signs: told to the parties, and nothing more than that.
CREATE FUNCTION convention_signs_here(of_convention uuid) RETURNS TABLE (party_key text, signs_here boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.key::text, organisation_signs_here(p.organisation_id)
      FROM conventions_party p
     WHERE p.convention_id = of_convention AND p.role <> 'informed'
       AND EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = of_convention AND mine.role <> 'informed'
                   AND mine.organisation_id = nullif(current_setting('maillage.organisation', true), '')::uuid)
     ORDER BY p.position, p.key
$$;

-- Whoever may sign here signs: another party records a signature only for a body that has nobody here to give it.
CREATE FUNCTION conventions_signed_by_itself() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.recorded_for_id <> NEW.organisation_id AND organisation_signs_here(NEW.organisation_id) THEN
        RAISE EXCEPTION 'this party signs for itself' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signed_by_itself BEFORE INSERT ON conventions_signature FOR EACH ROW EXECUTE FUNCTION conventions_signed_by_itself();

-- One row that cannot be read must not keep the others from their dates.
CREATE FUNCTION conventions_day(instant timestamptz, zone text) RETURNS date LANGUAGE plpgsql STABLE
SET search_path = pg_catalog AS $$
BEGIN
    RETURN (instant AT TIME ZONE zone)::date;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN instant::date;
END $$;
-- What the sweep must look at: ids and days of all, and an organisation in whose name to act; nothing else.
-- A convention is due once a day, its own: that of its caisse's time zone.
CREATE FUNCTION conventions_to_sweep(instant timestamptz) RETURNS TABLE (convention_id uuid, organisation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id, c.drafted_by_id FROM conventions_convention c
     WHERE c.state IN ('signed', 'in_force')
       AND (c.swept_on IS NULL OR c.swept_on < conventions_day(instant, c.time_zone)) ORDER BY c.id
$$;

-- Copies for lists that start from the party.
CREATE FUNCTION conventions_mirror() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE conventions_party SET state = NEW.state, next_due_on = NEW.next_due_on, sort_title = NEW.sort_title
     WHERE convention_id = NEW.id
       AND (state, next_due_on, sort_title) IS DISTINCT FROM (NEW.state, NEW.next_due_on, NEW.sort_title);
    RETURN NULL;
END $$;
CREATE TRIGGER mirror AFTER UPDATE ON conventions_convention FOR EACH ROW EXECUTE FUNCTION conventions_mirror();

-- A text that changes voids the signatures that it had; a text signed by all changes by avenant only.
CREATE FUNCTION conventions_new_text() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    now_in text;
BEGIN
    SELECT state INTO now_in FROM conventions_convention WHERE id = NEW.convention_id FOR UPDATE;
    IF now_in NOT IN ('draft', 'proposed', 'partly_signed') THEN
        RAISE EXCEPTION 'a signed text changes by avenant only' USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE conventions_signature SET voided_at = statement_timestamp()
     WHERE convention_id = NEW.convention_id AND amendment_id IS NULL AND voided_at IS NULL AND content_hash <> NEW.content_hash;
    RETURN NULL;
END $$;
CREATE TRIGGER new_text AFTER INSERT ON conventions_termsversion FOR EACH ROW EXECUTE FUNCTION conventions_new_text();

-- Signed means: every signatory has signed the hash of the newest text.
CREATE FUNCTION conventions_signed_by_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state IN ('signed', 'in_force', 'ended') AND OLD.state NOT IN ('signed', 'in_force', 'ended') AND (
        EXISTS (SELECT 1 FROM conventions_party p
                 WHERE p.convention_id = NEW.id AND p.role <> 'informed'
                   AND NOT EXISTS (SELECT 1 FROM conventions_signature s
                                    WHERE s.convention_id = NEW.id AND s.organisation_id = p.organisation_id
                                      AND s.amendment_id IS NULL AND s.voided_at IS NULL AND s.content_hash = NEW.content_hash))
        OR (SELECT count(*) FROM conventions_party p WHERE p.convention_id = NEW.id AND p.role <> 'informed') < 2
        OR NEW.content_hash IS DISTINCT FROM (SELECT v.content_hash FROM conventions_termsversion v
                                               WHERE v.convention_id = NEW.id ORDER BY v.number DESC LIMIT 1))
    THEN
        RAISE EXCEPTION 'not signed by all' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('signed', 'in_force', 'ended') AND NEW.state NOT IN ('signed', 'in_force', 'ended') THEN
        RAISE EXCEPTION 'what was signed stays signed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('signed', 'in_force', 'ended') AND NEW.content_hash <> OLD.content_hash THEN
        RAISE EXCEPTION 'a signed text changes by avenant only' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.drafted_by_id <> OLD.drafted_by_id THEN
        RAISE EXCEPTION 'the drafter stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signed_by_all BEFORE UPDATE ON conventions_convention FOR EACH ROW EXECUTE FUNCTION conventions_signed_by_all();

-- An avenant is signed when every signatory has signed its hash; then nothing of it changes, and before, a change voids.
CREATE FUNCTION conventions_amendment_signed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'an avenant begins as a draft' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state = 'signed' AND (NEW.state, NEW.content_hash, NEW.changes, NEW.effect_on, NEW.number)
        IS DISTINCT FROM (OLD.state, OLD.content_hash, OLD.changes, OLD.effect_on, OLD.number) THEN
        RAISE EXCEPTION 'a signed avenant stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.convention_id <> OLD.convention_id THEN
        RAISE EXCEPTION 'an avenant stays with its convention' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.content_hash <> OLD.content_hash THEN
        UPDATE conventions_signature SET voided_at = statement_timestamp()
         WHERE amendment_id = NEW.id AND voided_at IS NULL AND content_hash <> NEW.content_hash;
    END IF;
    IF NEW.state = 'signed' AND OLD.state <> 'signed' AND EXISTS (
        SELECT 1 FROM conventions_party p
         WHERE p.convention_id = NEW.convention_id AND p.role <> 'informed'
           AND NOT EXISTS (SELECT 1 FROM conventions_signature s
                            WHERE s.amendment_id = NEW.id AND s.organisation_id = p.organisation_id
                              AND s.voided_at IS NULL AND s.content_hash = NEW.content_hash))
    THEN
        RAISE EXCEPTION 'not signed by all' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER amendment_signed BEFORE INSERT OR UPDATE ON conventions_amendment FOR EACH ROW EXECUTE FUNCTION conventions_amendment_signed();

REVOKE ALL ON FUNCTION conventions_signed_words(uuid), conventions_holds_flow(uuid, jsonb), conventions_day(timestamptz, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION
    convention_parties(uuid[]), open_convention(uuid, text, text, text, text, text, text, text, text, uuid, text),
    admit_party(uuid, uuid, uuid, text, smallint), discard_draft(uuid), inform_framework(uuid), leave_framework(uuid), publish_authorisations(uuid, jsonb, tstzrange),
    conventions_to_sweep(timestamptz), convention_warnings(uuid), conventions_mirror(), conventions_new_text(), conventions_signed_by_all(),
    conventions_amendment_signed(), organisation_signs_here(uuid), convention_signs_here(uuid), conventions_signed_by_itself() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    convention_parties(uuid[]), open_convention(uuid, text, text, text, text, text, text, text, text, uuid, text),
    admit_party(uuid, uuid, uuid, text, smallint), discard_draft(uuid), inform_framework(uuid), leave_framework(uuid), publish_authorisations(uuid, jsonb, tstzrange), convention_warnings(uuid),
    convention_signs_here(uuid) TO maillage_app, maillage_worker;
GRANT EXECUTE ON FUNCTION conventions_to_sweep(timestamptz) TO maillage_worker;
"""

UNDO = """
DROP TRIGGER amendment_signed ON conventions_amendment;
DROP FUNCTION conventions_amendment_signed();
DROP TRIGGER signed_by_all ON conventions_convention;
DROP FUNCTION conventions_signed_by_all();
DROP TRIGGER new_text ON conventions_termsversion;
DROP FUNCTION conventions_new_text();
DROP TRIGGER mirror ON conventions_convention;
DROP FUNCTION conventions_mirror();
DROP FUNCTION conventions_to_sweep(timestamptz);
DROP FUNCTION conventions_day(timestamptz, text);
DROP TRIGGER signed_by_itself ON conventions_signature;
DROP FUNCTION conventions_signed_by_itself();
DROP FUNCTION convention_signs_here(uuid);
DROP FUNCTION organisation_signs_here(uuid);
DROP FUNCTION convention_warnings(uuid);
DROP FUNCTION publish_authorisations(uuid, jsonb, tstzrange);
DROP FUNCTION leave_framework(uuid);
DROP FUNCTION conventions_holds_flow(uuid, jsonb);
DROP FUNCTION conventions_signed_words(uuid);
DROP FUNCTION inform_framework(uuid);
DROP FUNCTION discard_draft(uuid);
DROP FUNCTION admit_party(uuid, uuid, uuid, text, smallint);
DROP FUNCTION open_convention(uuid, text, text, text, text, text, text, text, text, uuid, text);
DROP FUNCTION convention_parties(uuid[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conventions", "0001_initial"),
        ("cases", "0002_sharing"),
        ("notifications", "0002_sending"),
    ]

    operations = [migrations.RunSQL(PARTIES, UNDO)]
