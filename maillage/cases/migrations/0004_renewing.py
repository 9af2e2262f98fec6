"""Since when a case has its key, and what renewing keys needs: to find sealed keys, to seal them again, to change a case's key."""

from django.db import migrations

# The caller is the organisation in context, and the role the worker's or the owner's: the web renews nothing. Parts that
# have ended are among them, or they would stay under a key that is about to go.
RENEWING = """
CREATE FUNCTION sealed_parts(last_seen uuid, most integer, of_pairs uuid[], of_convention uuid)
RETURNS TABLE (part uuid, of_case uuid, convention uuid, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.id, p.case_id, p.convention_id, p.sealed_key FROM cases_participation p
     WHERE p.organisation_id = cases_caller() AND p.sealed_key <> '' AND (last_seen IS NULL OR p.id > last_seen)
       AND (of_pairs IS NULL OR substring(p.sealed_key FROM 1 FOR 16) = ANY(SELECT uuid_send(pair) FROM unnest(of_pairs) pair))
       AND (of_convention IS NULL OR p.convention_id = of_convention)
     ORDER BY p.id LIMIT most
$$;

-- Each sealed key as it was read, and the same one sealed again; those that changed meanwhile are left alone. An empty one
-- takes the place of what no key opens any more, since its own in the store was destroyed.
CREATE FUNCTION reseal_parts(parts uuid[], formers bytea[], keys bytea[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    done integer;
BEGIN
    UPDATE cases_participation p SET sealed_key = again.key
      FROM unnest(parts, formers, keys) AS again (part, former, key)
     WHERE p.id = again.part AND p.sealed_key = again.former AND p.organisation_id = cases_caller() AND (again.key = '' OR length(again.key) >= 64);
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;

-- The caller's running cases whose key was made before an instant.
CREATE FUNCTION cases_to_renew(before timestamptz, last_seen uuid, most integer)
RETURNS TABLE (of_case uuid, convention uuid, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.case_id, p.convention_id, p.sealed_key FROM cases_participation p
     WHERE p.organisation_id = cases_caller() AND p.sealed_key <> '' AND p.key_made_at < before
       AND (p.until IS NULL OR p.until > statement_timestamp()) AND (last_seen IS NULL OR p.case_id > last_seen)
     ORDER BY p.case_id LIMIT most
$$;

-- Everybody's running part in a case of the caller's: to whom its new key is sealed.
CREATE FUNCTION case_parts(in_case uuid) RETURNS TABLE (part uuid, body uuid, convention uuid, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.id, p.organisation_id, p.convention_id, p.sealed_key FROM cases_participation p
     WHERE p.case_id = in_case AND p.sealed_key <> '' AND (p.until IS NULL OR p.until > statement_timestamp())
       AND EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = in_case AND mine.organisation_id = cases_caller()
                    AND (mine.until IS NULL OR mine.until > statement_timestamp()))
$$;

-- A new key for a case, sealed for those who take part in it: the caller among them. False when another key was sealed
-- meanwhile. What the case holds is encrypted again in the same transaction, which `key_made_at` tells to the guards.
CREATE FUNCTION renew_case_key(in_case uuid, parts uuid[], formers bytea[], keys bytea[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM cases_case WHERE id = in_case FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM cases_participation p WHERE p.case_id = in_case AND p.id = ANY(parts)
                    AND p.organisation_id = cases_caller() AND (p.until IS NULL OR p.until > statement_timestamp())) THEN
        RAISE EXCEPTION 'no part in this case' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM cases_participation p WHERE p.case_id = in_case ORDER BY p.id FOR UPDATE;
    IF (SELECT count(*) FROM unnest(parts, formers) AS seen (part, former)
          JOIN cases_participation p ON p.id = seen.part AND p.case_id = in_case AND p.sealed_key = seen.former) <> cardinality(parts)
    THEN
        RETURN false;
    END IF;
    UPDATE cases_participation p SET sealed_key = again.key, key_made_at = transaction_timestamp()
      FROM unnest(parts, keys) AS again (part, key) WHERE p.id = again.part;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION sealed_parts(uuid, integer, uuid[], uuid), reseal_parts(uuid[], bytea[], bytea[]),
    cases_to_renew(timestamptz, uuid, integer), case_parts(uuid), renew_case_key(uuid, uuid[], bytea[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sealed_parts(uuid, integer, uuid[], uuid), reseal_parts(uuid[], bytea[], bytea[]),
    cases_to_renew(timestamptz, uuid, integer), case_parts(uuid), renew_case_key(uuid, uuid[], bytea[], bytea[]) TO maillage_worker;
"""

UNDO = """
DROP FUNCTION renew_case_key(uuid, uuid[], bytea[], bytea[]);
DROP FUNCTION case_parts(uuid);
DROP FUNCTION cases_to_renew(timestamptz, uuid, integer);
DROP FUNCTION reseal_parts(uuid[], bytea[], bytea[]);
DROP FUNCTION sealed_parts(uuid, integer, uuid[], uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_guards"), ("vault", "0003_renewing")]

    operations = [
        migrations.RunSQL(RENEWING, UNDO),
    ]
