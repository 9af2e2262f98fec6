"""What renewing keys needs: a lock between writers and rotations, writes for the worker alone; and the store that is remembered."""

from django.db import migrations

SEALING = """
-- The public keys in use, under a lock shared by those who seal: a rotation that has just changed a key waits for them,
-- so that whoever read the former one has committed when it looks for what is left. Two statements, hence two snapshots:
-- the keys are read once the lock is held.
CREATE FUNCTION sealing_keys(bodies uuid[]) RETURNS SETOF vault_publickey LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7203, hashtext(body::text)) FROM unnest(bodies) body;
    RETURN QUERY SELECT * FROM vault_publickey k WHERE k.organisation_id = ANY(bodies) AND k.retired_at IS NULL;
END $$;
REVOKE ALL ON FUNCTION sealing_keys(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sealing_keys(uuid[]) TO maillage_app, maillage_worker;

-- Returns once every transaction that was sealing for the caller's organisation has ended.
CREATE FUNCTION await_sealers() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7203, hashtext(nullif(current_setting('maillage.organisation', true), '')));
END $$;
REVOKE ALL ON FUNCTION await_sealers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION await_sealers() TO maillage_worker;
"""

# Below, the caller is the organisation in context, and the role the worker's or the owner's: the web renews nothing.
PAIRS = """
-- A new pair in use, the former one retired; false while another one is being retired.
CREATE FUNCTION renew_key_pair(new_key uuid, new_public bytea, new_wrapped bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    caller uuid := nullif(current_setting('maillage.organisation', true), '')::uuid;
BEGIN
    IF length(new_public) <> 32 OR length(new_wrapped) < 60 THEN
        RAISE EXCEPTION 'not a key pair' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM vault_privatekey h JOIN vault_publickey k ON k.id = h.key_id
                WHERE k.organisation_id = caller AND k.retired_at IS NOT NULL) THEN
        RETURN false;
    END IF;
    UPDATE vault_publickey SET retired_at = clock_timestamp() WHERE organisation_id = caller AND retired_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO vault_publickey (id, organisation_id, public) VALUES (new_key, caller, new_public);
    INSERT INTO vault_privatekey (key_id, organisation_id, wrapped) VALUES (new_key, caller, new_wrapped);
    RETURN true;
END $$;

-- Removes a retired private half that nothing needs any more; false otherwise.
CREATE FUNCTION forget_private_key(of_key uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    caller uuid := nullif(current_setting('maillage.organisation', true), '')::uuid;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM vault_publickey k WHERE k.id = of_key AND k.organisation_id = caller AND k.retired_at IS NOT NULL)
        OR EXISTS (SELECT 1 FROM cases_participation p
                    WHERE p.organisation_id = caller AND substring(p.sealed_key FROM 1 FOR 16) = uuid_send(of_key))
        OR EXISTS (SELECT 1 FROM referrals_draft d
                    WHERE d.organisation_id = caller AND substring(d.sealed FROM 1 FOR 16) = uuid_send(of_key)) THEN
        RETURN false;
    END IF;
    DELETE FROM vault_privatekey WHERE key_id = of_key AND organisation_id = caller;
    RETURN FOUND;
END $$;

-- The same private half under another master key, if it is still what the caller read.
CREATE FUNCTION rewrap_private_key(of_key uuid, former bytea, again bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE vault_privatekey SET wrapped = again
     WHERE key_id = of_key AND wrapped = former AND length(again) = length(former)
       AND organisation_id = nullif(current_setting('maillage.organisation', true), '')::uuid;
    RETURN FOUND;
END $$;

-- The key of the caller's blind index: made once (without a former one), then only wrapped again.
CREATE FUNCTION keep_index_key(former bytea, again bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    caller uuid := nullif(current_setting('maillage.organisation', true), '')::uuid;
BEGIN
    IF former IS NULL THEN
        INSERT INTO vault_indexkey (organisation_id, wrapped) SELECT caller, again WHERE caller IS NOT NULL
        ON CONFLICT DO NOTHING;
    ELSE
        UPDATE vault_indexkey SET wrapped = again WHERE organisation_id = caller AND wrapped = former;
    END IF;
    RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION renew_key_pair(uuid, bytea, bytea), forget_private_key(uuid), rewrap_private_key(uuid, bytea, bytea),
    keep_index_key(bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION renew_key_pair(uuid, bytea, bytea), forget_private_key(uuid), rewrap_private_key(uuid, bytea, bytea),
    keep_index_key(bytea, bytea) TO maillage_worker;
"""

STORE = """
-- The store that this database is used with: the first one that is seen, and never another.
CREATE FUNCTION vault_remember_store(seen uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO vault_usedstore (identity, single) SELECT seen, true WHERE NOT EXISTS (SELECT 1 FROM vault_usedstore)
    ON CONFLICT DO NOTHING;
    RETURN (SELECT identity FROM vault_usedstore); -- another statement: it sees what another has just committed
END $$;
REVOKE ALL ON FUNCTION vault_remember_store(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault_remember_store(uuid) TO maillage_app, maillage_worker;
"""

LEDGER = """
-- The whole ledger: references and days, for the key store and its backups.
CREATE FUNCTION erasure_ledger() RETURNS TABLE (body uuid, what text, of_reference text, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT organisation_id, scope, reference, reason FROM vault_erasure
$$;

-- A line that a backup of the store knows and that a restored database forgot.
CREATE FUNCTION keep_erasure(body uuid, what text, of_reference text, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF what NOT IN ('convention', 'case', 'document') THEN
        RAISE EXCEPTION 'no such scope' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO vault_erasure (id, organisation_id, scope, reference, reason, at)
    SELECT gen_random_uuid(), body, what, of_reference, why, clock_timestamp()
     WHERE NOT EXISTS (SELECT 1 FROM vault_erasure e WHERE e.scope = what AND e.reference = of_reference
                        AND e.organisation_id IS NOT DISTINCT FROM body);
    RETURN FOUND;
END $$;

-- Does again, in the database, what the ledger says was done: a restored dump forgot it. Done twice, it does nothing.
CREATE FUNCTION replay_erasures() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    done integer := 0;
    more integer;
BEGIN
    UPDATE cases_participation p SET sealed_key = ''
      FROM vault_erasure e WHERE e.scope = 'case' AND e.reference = p.case_id::text AND p.sealed_key <> '';
    GET DIAGNOSTICS more = ROW_COUNT;
    done := done + more;
    UPDATE documents_document d SET wrapped_key = ''
      FROM vault_erasure e WHERE e.scope = 'document' AND e.reference = d.id::text AND d.wrapped_key <> '';
    GET DIAGNOSTICS more = ROW_COUNT;
    done := done + more;
    DELETE FROM beneficiaries_blindindex b USING cases_participation p, vault_erasure e
     WHERE p.case_id = b.case_id AND p.organisation_id = b.organisation_id
       AND (e.scope = 'case' AND e.reference = b.case_id::text
            OR e.scope = 'convention' AND e.reference = p.convention_id::text AND e.organisation_id = b.organisation_id);
    GET DIAGNOSTICS more = ROW_COUNT;
    RETURN done + more;
END $$;

REVOKE ALL ON FUNCTION erasure_ledger(), keep_erasure(uuid, text, text, text), replay_erasures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erasure_ledger(), keep_erasure(uuid, text, text, text), replay_erasures() TO maillage_worker;
"""

UNDO = """
DROP FUNCTION vault_remember_store(uuid);
DROP FUNCTION replay_erasures();
DROP FUNCTION keep_erasure(uuid, text, text, text);
DROP FUNCTION erasure_ledger();
DROP FUNCTION keep_index_key(bytea, bytea);
DROP FUNCTION rewrap_private_key(uuid, bytea, bytea);
DROP FUNCTION forget_private_key(uuid);
DROP FUNCTION renew_key_pair(uuid, bytea, bytea);
DROP FUNCTION await_sealers();
DROP FUNCTION sealing_keys(uuid[]);
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0002_erasure"), ("organisations", "0001_initial"), ("audit", "0002_chain")]

    operations = [
        migrations.RunSQL(SEALING + PAIRS + STORE + LEDGER, UNDO),
    ]
