"""What the database does by itself for the directory, and what only its manager may ask of it."""

from django.db import migrations

TRIGGERS = """
-- The words that a search finds, and the territory served: `served` of organisations/directory/rules.py, in SQL.
CREATE FUNCTION organisations_derive() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    told text := NEW.sort_name || ' ' || replace(lower(translate(NEW.short_name,
        'ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸàâäçéèêëîïôöùûüÿ', 'AAACEEEEIIOOUUUYaaaceeeeiioouuuy')), 'œ', 'oe');
BEGIN
    NEW.words := array_to_tsvector(array_remove(string_to_array(
        regexp_replace(told || ' ' || NEW.siret || ' ' || lower(NEW.code) || ' ' || lower(NEW.finess), '[^a-z0-9]+', ' ', 'g'),
        ' '), ''));
    NEW.covers := CASE
        WHEN cardinality(NEW.territory) > 0 THEN NEW.territory
        WHEN NEW.kind IN ('commune', 'ccas') THEN CASE WHEN NEW.commune = '' THEN '{}' ELSE ARRAY[NEW.commune] END
        WHEN NEW.departement <> '' THEN ARRAY[NEW.departement]
        WHEN NEW.kind IN ('cnam', 'cnaf', 'cnav', 'cnsa') THEN '{FR}'
        ELSE '{}' END;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_derive() FROM PUBLIC;
CREATE TRIGGER derived BEFORE INSERT OR UPDATE ON organisations_organisation
    FOR EACH ROW EXECUTE FUNCTION organisations_derive();

-- An offer or a mailbox without a territory of its own has that of its organisation, now and when it changes.
CREATE FUNCTION organisations_placed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.covers := CASE WHEN cardinality(NEW.territory) > 0 THEN NEW.territory
        ELSE (SELECT o.covers FROM public.organisations_organisation o WHERE o.id = NEW.organisation_id) END;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_placed() FROM PUBLIC;
CREATE TRIGGER derived BEFORE INSERT OR UPDATE ON organisations_offer
    FOR EACH ROW EXECUTE FUNCTION organisations_placed();
CREATE TRIGGER derived BEFORE INSERT OR UPDATE ON organisations_mailbox
    FOR EACH ROW EXECUTE FUNCTION organisations_placed();
CREATE FUNCTION organisations_spread() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    UPDATE public.organisations_offer SET covers = NEW.covers
     WHERE organisation_id = NEW.id AND cardinality(territory) = 0;
    UPDATE public.organisations_mailbox SET covers = NEW.covers
     WHERE organisation_id = NEW.id AND cardinality(territory) = 0;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION organisations_spread() FROM PUBLIC;
CREATE TRIGGER spread AFTER UPDATE ON organisations_organisation
    FOR EACH ROW WHEN (OLD.covers IS DISTINCT FROM NEW.covers) EXECUTE FUNCTION organisations_spread();

-- Who an organisation is stays, whatever its own administrator writes: the directory's manager changes it, by a function.
CREATE FUNCTION organisations_identity_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF current_user IN ('maillage_app', 'maillage_worker')
       AND (NEW.kind, NEW.name, NEW.short_name, NEW.sort_name, NEW.siret, NEW.code, NEW.finess, NEW.departement, NEW.closed_on, NEW.successor_id)
           IS DISTINCT FROM
           (OLD.kind, OLD.name, OLD.short_name, OLD.sort_name, OLD.siret, OLD.code, OLD.finess, OLD.departement, OLD.closed_on, OLD.successor_id)
    THEN
        RAISE EXCEPTION 'who an organisation is stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_identity_stays() FROM PUBLIC;
CREATE TRIGGER identity_stays BEFORE UPDATE ON organisations_organisation
    FOR EACH ROW EXECUTE FUNCTION organisations_identity_stays();

-- Nobody is given a place in an organisation past its closing, nor the directory outside the Cnam.
CREATE FUNCTION organisations_place_is_open() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    body record;
BEGIN
    SELECT o.kind, o.closed_on INTO body FROM public.organisations_organisation o WHERE o.id = NEW.organisation_id;
    IF body.closed_on IS NOT NULL AND (NEW.until IS NULL OR NEW.until >= greatest(body.closed_on, NEW.since + 1)) THEN
        RAISE EXCEPTION 'this organisation is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.role = 'directory_manager' AND body.kind <> 'cnam' THEN
        RAISE EXCEPTION 'the directory is kept at the Cnam' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION organisations_place_is_open() FROM PUBLIC;
CREATE TRIGGER place_is_open BEFORE INSERT OR UPDATE ON organisations_membership
    FOR EACH ROW EXECUTE FUNCTION organisations_place_is_open();
"""

UNDO_TRIGGERS = """
DROP TRIGGER place_is_open ON organisations_membership;
DROP FUNCTION organisations_place_is_open();
DROP TRIGGER identity_stays ON organisations_organisation;
DROP FUNCTION organisations_identity_stays();
DROP TRIGGER spread ON organisations_organisation;
DROP FUNCTION organisations_spread();
DROP TRIGGER derived ON organisations_mailbox;
DROP TRIGGER derived ON organisations_offer;
DROP FUNCTION organisations_placed();
DROP TRIGGER derived ON organisations_organisation;
DROP FUNCTION organisations_derive();
"""

FUNCTIONS = """
-- Whether who acts holds one of these roles today where she acts; the operator, who runs as the owner, always does.
CREATE FUNCTION organisations_holds(wanted text[], in_kind text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT session_user = 'maillage_owner' OR EXISTS (
        SELECT 1 FROM organisations_membership m
          JOIN organisations_organisation o ON o.id = m.organisation_id AND (in_kind = '' OR o.kind = in_kind)
          JOIN organisations_user u ON u.id = m.user_id AND u.is_active
         WHERE m.user_id = nullif(current_setting('maillage.user', true), '')::uuid
           AND m.organisation_id = nullif(current_setting('maillage.organisation', true), '')::uuid
           AND m.role = ANY (wanted)
           AND (now() AT TIME ZONE o.time_zone)::date BETWEEN m.since AND coalesce(m.until, 'infinity'::date))
$$;

CREATE FUNCTION organisations_check_manager() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT organisations_holds('{directory_manager}', 'cnam') THEN
        RAISE EXCEPTION 'the directory is not yours to keep' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- New organisations, each a JSON object with every column; how many were entered.
CREATE FUNCTION organisations_enter_bodies(bodies jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    entered integer;
BEGIN
    PERFORM organisations_check_manager();
    INSERT INTO organisations_organisation (id, kind, name, short_name, sort_name, siret, code, finess, address, commune,
        departement, territory, time_zone, parent_id, mailbox, phone)
    SELECT b.id, b.kind, b.name, b.short_name, b.sort_name, b.siret, b.code, b.finess, b.address, b.commune,
        b.departement, b.territory, b.time_zone, b.parent_id, b.mailbox, b.phone
      FROM jsonb_to_recordset(bodies) AS b (id uuid, kind text, name text, short_name text, sort_name text, siret text,
        code text, finess text, address text, commune text, departement text, territory text[], time_zone text,
        parent_id uuid, mailbox text, phone text);
    GET DIAGNOSTICS entered = ROW_COUNT;
    RETURN entered;
END $$;

-- Known organisations as they are from now on, every column but their kind and their days; a closed one stays as it was.
CREATE FUNCTION organisations_amend_bodies(bodies jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    amended integer;
BEGIN
    PERFORM organisations_check_manager();
    UPDATE organisations_organisation o SET name = b.name, short_name = b.short_name, sort_name = b.sort_name,
        siret = b.siret, code = b.code, finess = b.finess, address = b.address, commune = b.commune,
        departement = b.departement, territory = b.territory, parent_id = b.parent_id, mailbox = b.mailbox, phone = b.phone
      FROM jsonb_to_recordset(bodies) AS b (id uuid, name text, short_name text, sort_name text, siret text, code text,
        finess text, address text, commune text, departement text, territory text[], parent_id uuid, mailbox text, phone text)
     WHERE o.id = b.id AND o.closed_on IS NULL;
    GET DIAGNOSTICS amended = ROW_COUNT;
    RETURN amended;
END $$;

-- Close an organisation from a day on: its own administrator, or the directory's manager. Its members' places end the day before;
-- one who began that very day keeps it, places that had not begun go.
CREATE FUNCTION organisations_close(body uuid, on_day date, into_body uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (organisations_holds('{directory_manager}', 'cnam')
            OR (body = nullif(current_setting('maillage.organisation', true), '')::uuid
                AND organisations_holds('{administrator}', ''))) THEN
        RAISE EXCEPTION 'not yours to close' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT 1 FROM organisations_organisation o WHERE o.id = into_body AND o.closed_on IS NOT NULL) THEN
        RAISE EXCEPTION 'the successor is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE organisations_organisation o SET closed_on = on_day, successor_id = into_body
     WHERE o.id = body AND o.closed_on IS NULL AND on_day >= (now() AT TIME ZONE o.time_zone)::date;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM organisations_membership m WHERE m.organisation_id = body AND m.since > on_day;
    UPDATE organisations_membership m SET until = greatest(m.since, on_day - 1)
     WHERE m.organisation_id = body AND (m.until IS NULL OR m.until >= on_day);
    RETURN true;
END $$;

-- Open a closed organisation again, or give up a closing that has not come: its day, or null when it was not closed. Places and flows
-- do not come back by this; an invitation sent before a closing that came is worth nothing any more.
CREATE FUNCTION organisations_reopen(body uuid) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    known record;
BEGIN
    PERFORM organisations_check_manager();
    SELECT o.closed_on AS day, o.closed_on <= (now() AT TIME ZONE o.time_zone)::date AS came INTO known
      FROM organisations_organisation o WHERE o.id = body FOR UPDATE;
    IF known.day IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE organisations_organisation SET closed_on = NULL, successor_id = NULL WHERE id = body;
    IF known.came THEN
        UPDATE organisations_invitation SET revoked_at = statement_timestamp(),
               revoked_by = coalesce(nullif(current_setting('maillage.user', true), '')::uuid, made_by)
         WHERE organisation_id = body AND accepted_at IS NULL AND revoked_at IS NULL;
    END IF;
    RETURN known.day;
END $$;

-- The imports that wait for the background: their ids and in whose name each runs. Nothing of what they hold.
CREATE FUNCTION organisations_imports_waiting() RETURNS TABLE (import uuid, organisation uuid, person uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.id, i.organisation_id, i.by_id FROM organisations_directoryimport i
     WHERE i.state IN ('uploaded', 'confirmed') ORDER BY i.uploaded_at, i.id
$$;

REVOKE ALL ON FUNCTION organisations_holds(text[], text), organisations_check_manager(), organisations_enter_bodies(jsonb),
    organisations_amend_bodies(jsonb), organisations_close(uuid, date, uuid), organisations_reopen(uuid),
    organisations_imports_waiting() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organisations_enter_bodies(jsonb), organisations_amend_bodies(jsonb),
    organisations_close(uuid, date, uuid), organisations_reopen(uuid) TO maillage_app, maillage_worker;
GRANT EXECUTE ON FUNCTION organisations_imports_waiting() TO maillage_worker;
"""

UNDO_FUNCTIONS = """
DROP FUNCTION organisations_imports_waiting();
DROP FUNCTION organisations_reopen(uuid);
DROP FUNCTION organisations_close(uuid, date, uuid);
DROP FUNCTION organisations_amend_bodies(jsonb);
DROP FUNCTION organisations_enter_bodies(jsonb);
DROP FUNCTION organisations_check_manager();
DROP FUNCTION organisations_holds(text[], text);
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0008_cdr")]

    operations = [
        migrations.RunSQL(TRIGGERS, UNDO_TRIGGERS),
        migrations.RunSQL(FUNCTIONS, UNDO_FUNCTIONS),
    ]
