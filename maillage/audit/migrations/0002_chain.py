"""The chain: append-only entries, digests computed at commit, and the trigger that journals changes of rows."""

from django.db import migrations

CHAIN = """
-- One field of a digest: its length before it, and NULL apart from the empty text. Without a SET clause, so that it is inlined;
-- `RETURN` is read when it is created, under no other search path.
CREATE FUNCTION audit_part(value text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN value IS NULL THEN '\\x4e'::bytea
            ELSE '\\x53'::bytea || int4send(octet_length(value)) || convert_to(value, 'UTF8') END;

-- An entry's own digest, and the truth about when and in which transaction it was written: not the caller's to say.
CREATE FUNCTION audit_leaf(e audit_entry) RETURNS bytea LANGUAGE sql STABLE
RETURN sha256(
    audit_part(e.id::text) || int8send((extract(epoch FROM e.at) * 1000000)::bigint)
    || audit_part(e.organisation_id::text) || audit_part(e.user_id) || audit_part(e.verb)
    || audit_part(e.object_type) || audit_part(e.object_ref) || audit_part(e.fields) || audit_part(e.reason));
CREATE FUNCTION audit_seal_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.at := clock_timestamp();
    -- Who is known is who acts; before (signing in, jobs) the caller says.
    IF nullif(current_setting('maillage.user', true), '') IS NOT NULL THEN
        NEW.user_id := current_setting('maillage.user', true);
    END IF;
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.leaf := audit_leaf(NEW);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION audit_seal_entry() FROM PUBLIC;
CREATE TRIGGER seal_entry BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_seal_entry();

-- At commit, once per transaction and chain: take the lock of the connection's lane of the chain, the number, then one digest over all its entries.
CREATE FUNCTION audit_chain_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$ -- planning each time took as long as the rest
DECLARE
    which uuid := coalesce(NEW.organisation_id, '00000000-0000-0000-0000-000000000000');
    track smallint := pg_backend_pid() % 64; -- more lanes than writers at once: neighbours seldom share one
    ending audit_chain;
    linked uuid[];
    batch uuid[];
    leaves bytea;
BEGIN
    -- The first entry of a transaction chains the others with it; they find themselves chained, in what it put at the lane's end.
    SELECT * INTO ending FROM audit_chain c WHERE c.chain = which AND c.lane = track;
    IF ending.transaction = NEW.transaction THEN
        IF EXISTS (SELECT FROM audit_link l WHERE l.chain = which AND l.lane = track AND l.number >= ending.began
                      AND NEW.id = ANY(l.members)) THEN
            RETURN NULL;
        END IF;
        SELECT array_agg(member) INTO linked
          FROM audit_link l, unnest(l.members) member WHERE l.chain = which AND l.lane = track AND l.number >= ending.began;
    ELSIF ending IS NULL THEN
        INSERT INTO audit_chain (chain, lane, number, previous, digest, transaction, began)
        VALUES (which, track, 0, ''::bytea, sha256(convert_to(which::text || ' ' || track, 'UTF8')), 0, 0)
        ON CONFLICT (chain, lane) DO NOTHING;
    END IF;
    -- `at`: a restored database may hold entries of the same transaction number from its former life.
    SELECT array_agg(e.id ORDER BY e.id), string_agg(e.leaf, ''::bytea ORDER BY e.id) INTO batch, leaves
      FROM audit_entry e
     WHERE e.transaction = NEW.transaction AND (e.at >= transaction_timestamp() OR e.id = NEW.id)
       AND e.organisation_id IS NOT DISTINCT FROM NEW.organisation_id AND (linked IS NULL OR e.id <> ALL(linked));
    UPDATE audit_chain c
       SET number = c.number + 1, previous = c.digest, transaction = NEW.transaction,
           began = CASE WHEN c.transaction = NEW.transaction THEN c.began ELSE c.number + 1 END,
           digest = sha256(c.digest || int8send(c.number + 1) || int4send(cardinality(batch)) || leaves)
     WHERE c.chain = which AND c.lane = track RETURNING * INTO ending;
    INSERT INTO audit_link (chain, lane, number, previous, digest, members)
    VALUES (which, track, ending.number, ending.previous, ending.digest, batch);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit_chain_entry() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER chain_at_commit AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain_entry();

-- Nobody rewrites the journal, the owner by mistake included.
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entries_stay BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER entries_are_kept BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER links_stay BEFORE UPDATE ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER links_are_kept BEFORE TRUNCATE ON audit_link FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- Row changes: which fields, never their values. Attached to a table by audit.migration.JournalTable.
CREATE FUNCTION audit_row_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    changed text := '';
    written jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    former jsonb;
    reference text := written ->> TG_ARGV[0];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        former := to_jsonb(OLD);
        SELECT coalesce(string_agg(n.key, ',' ORDER BY n.key), '') INTO changed
          FROM jsonb_each(written) n WHERE n.value IS DISTINCT FROM former -> n.key;
        IF changed = '' THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO audit_entry (id, organisation_id, user_id, verb, object_type, object_ref, fields, reason) VALUES (
        gen_random_uuid(),
        nullif(current_setting('maillage.organisation', true), '')::uuid,
        coalesce(current_setting('maillage.user', true), ''),
        lower(TG_OP), TG_TABLE_NAME, coalesce(reference, ''), changed, '');
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit_row_change() FROM PUBLIC;
"""

UNDO = """
DROP FUNCTION audit_row_change();
DROP TRIGGER links_are_kept ON audit_link;
DROP TRIGGER links_stay ON audit_link;
DROP TRIGGER entries_are_kept ON audit_entry;
DROP TRIGGER entries_stay ON audit_entry;
DROP FUNCTION audit_refuse();
DROP TRIGGER chain_at_commit ON audit_entry;
DROP FUNCTION audit_chain_entry();
DROP TRIGGER seal_entry ON audit_entry;
DROP FUNCTION audit_seal_entry();
DROP FUNCTION audit_leaf(audit_entry);
DROP FUNCTION audit_part(text);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(CHAIN, UNDO)]
