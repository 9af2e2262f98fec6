"""Segments of the journal: sealed by anchors kept outside, pruned once their retention has passed, and by no other way."""

from django.db import migrations

SEGMENTS = """
-- An anchor follows the one before it; when it was recorded is the database's to say.
CREATE FUNCTION audit_guard_anchor() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.number <> coalesce((SELECT max(a.number) FROM audit_anchor a), 0) + 1 THEN
        RAISE EXCEPTION 'anchors follow each other' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.recorded_at := transaction_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER anchor_guard BEFORE INSERT ON audit_anchor FOR EACH ROW EXECUTE FUNCTION audit_guard_anchor();

-- A seal is a link as it stands, recorded together with its anchor: a young link never gets the age of an old anchor.
CREATE FUNCTION audit_guard_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_anchor a WHERE a.number = NEW.anchor AND a.recorded_at = transaction_timestamp())
        OR NOT EXISTS (SELECT 1 FROM audit_link l
                        WHERE l.chain = NEW.chain AND l.lane = NEW.lane AND l.number = NEW.number AND l.digest = NEW.digest) THEN
        RAISE EXCEPTION 'a seal is a link as it stands, at its anchor' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seal_guard BEFORE INSERT ON audit_seal FOR EACH ROW EXECUTE FUNCTION audit_guard_seal();

-- A pruning is of a sealed segment whose anchor, and all before it, are past the retention that they had when they sealed.
CREATE FUNCTION audit_guard_pruning() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sealed audit_seal;
BEGIN
    SELECT * INTO sealed FROM audit_seal s WHERE s.chain = NEW.chain AND s.lane = NEW.lane AND s.number = NEW.number;
    IF sealed IS NULL OR sealed.digest <> NEW.digest
        OR EXISTS (SELECT 1 FROM audit_anchor a WHERE a.number <= sealed.anchor
                      AND greatest(a.at, a.recorded_at) + a.retention_days * interval '1 day' > clock_timestamp()) THEN
        RAISE EXCEPTION 'only sealed segments past their retention are pruned' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.pruned_at := clock_timestamp();
    NEW.transaction := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER pruning_guard BEFORE INSERT ON audit_pruning FOR EACH ROW EXECUTE FUNCTION audit_guard_pruning();

-- Rows leave the journal in the transaction that records their pruning, and in no other.
CREATE FUNCTION audit_leave_pruned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    mine bigint := pg_current_xact_id()::text::bigint;
    leaves boolean;
BEGIN
    IF TG_TABLE_NAME = 'audit_link' THEN
        leaves := EXISTS (SELECT 1 FROM audit_pruning p WHERE p.transaction = mine
                             AND p.chain = OLD.chain AND p.lane = OLD.lane AND p.number >= OLD.number);
    ELSE
        leaves := EXISTS (SELECT 1 FROM audit_pruning p JOIN audit_seal s USING (chain, lane, number)
                            JOIN audit_anchor a ON a.number = s.anchor
                           WHERE p.transaction = mine AND OLD.at <= a.recorded_at + interval '1 hour'
                             AND p.chain = coalesce(OLD.organisation_id, '00000000-0000-0000-0000-000000000000'));
    END IF;
    IF NOT leaves THEN
        RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER entries_leave_pruned BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_leave_pruned();
CREATE TRIGGER links_leave_pruned BEFORE DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_leave_pruned();

CREATE TRIGGER anchors_stay BEFORE UPDATE OR DELETE ON audit_anchor FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER anchors_are_kept BEFORE TRUNCATE ON audit_anchor FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER seals_stay BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER seals_are_kept BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER prunings_stay BEFORE UPDATE OR DELETE ON audit_pruning FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER prunings_are_kept BEFORE TRUNCATE ON audit_pruning FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- What the worker needs to seal: the last anchor known, the lanes that moved since, and to say what was sealed.
CREATE FUNCTION audit_last_anchor() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT coalesce(max(number), 0) FROM audit_anchor $$;
CREATE FUNCTION audit_open_ends() RETURNS TABLE (chain uuid, lane smallint, number bigint, digest bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.chain, c.lane, c.number, c.digest FROM audit_chain c
     WHERE c.number > coalesce((SELECT max(s.number) FROM audit_seal s WHERE s.chain = c.chain AND s.lane = c.lane), 0)
     ORDER BY c.chain, c.lane
$$;
CREATE FUNCTION audit_record_anchor(
    anchor bigint, signed_at timestamptz, retention integer, file_digest bytea,
    chains uuid[], lanes smallint[], numbers bigint[], digests bytea[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO audit_anchor (number, at, retention_days, digest) VALUES (anchor, signed_at, retention, file_digest);
    INSERT INTO audit_seal (chain, lane, number, digest, anchor)
    SELECT ended.*, audit_record_anchor.anchor FROM unnest(chains, lanes, numbers, digests) ended;
END $$;
REVOKE ALL ON FUNCTION
    audit_last_anchor(), audit_open_ends(),
    audit_record_anchor(bigint, timestamptz, integer, bytea, uuid[], smallint[], bigint[], bytea[]),
    audit_guard_anchor(), audit_guard_seal(), audit_guard_pruning(), audit_leave_pruned() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    audit_last_anchor(), audit_open_ends(),
    audit_record_anchor(bigint, timestamptz, integer, bytea, uuid[], smallint[], bigint[], bytea[]) TO maillage_worker;

-- Removes every segment sealed by this anchor or one before it; the guards above check seal and age. Each organisation's
-- journal says that it was pruned. The owner alone runs it.
CREATE FUNCTION audit_prune(upto bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    mine bigint := pg_current_xact_id()::text::bigint;
    removed bigint;
BEGIN
    INSERT INTO audit_pruning (chain, lane, number, digest, transaction)
    SELECT s.chain, s.lane, s.number, s.digest, 0
      FROM (SELECT DISTINCT ON (chain, lane) * FROM audit_seal WHERE anchor <= upto ORDER BY chain, lane, number DESC) s
     WHERE NOT EXISTS (SELECT 1 FROM audit_pruning p WHERE p.chain = s.chain AND p.lane = s.lane AND p.number >= s.number);
    WITH gone AS (
        DELETE FROM audit_link l USING audit_pruning p
         WHERE p.transaction = mine AND l.chain = p.chain AND l.lane = p.lane AND l.number <= p.number
        RETURNING l.members
    )
    DELETE FROM audit_entry e USING (SELECT unnest(members) AS id FROM gone) member WHERE e.id = member.id;
    GET DIAGNOSTICS removed = ROW_COUNT;
    INSERT INTO audit_entry (id, organisation_id, user_id, verb, object_type, object_ref, fields, reason)
    SELECT gen_random_uuid(), nullif(p.chain, '00000000-0000-0000-0000-000000000000'), '', 'journal_pruned', 'journal', upto::text, '', ''
      FROM (SELECT DISTINCT chain FROM audit_pruning WHERE transaction = mine) p;
    RETURN removed;
END $$;
REVOKE ALL ON FUNCTION audit_prune(bigint) FROM PUBLIC;
"""

UNDO = """
DROP TRIGGER anchors_stay ON audit_anchor;
DROP TRIGGER anchors_are_kept ON audit_anchor;
DROP TRIGGER seals_stay ON audit_seal;
DROP TRIGGER seals_are_kept ON audit_seal;
DROP TRIGGER prunings_stay ON audit_pruning;
DROP TRIGGER prunings_are_kept ON audit_pruning;
DROP FUNCTION audit_prune(bigint);
DROP FUNCTION audit_record_anchor(bigint, timestamptz, integer, bytea, uuid[], smallint[], bigint[], bytea[]);
DROP FUNCTION audit_open_ends();
DROP FUNCTION audit_last_anchor();
DROP TRIGGER links_leave_pruned ON audit_link;
DROP TRIGGER entries_leave_pruned ON audit_entry;
DROP FUNCTION audit_leave_pruned();
DROP FUNCTION audit_guard_pruning() CASCADE;
DROP FUNCTION audit_guard_seal() CASCADE;
DROP FUNCTION audit_guard_anchor() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]

    operations = [
        migrations.RunSQL(SEGMENTS, UNDO),
    ]
