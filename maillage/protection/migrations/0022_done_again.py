"""What empties and what proves a destruction: only where one runs, or a restore does it again; a digest that came late goes too."""

from importlib import import_module

from django.db import migrations

_FORMER = import_module("maillage.protection.migrations.0002_destruction").DOORS
_STAYS = import_module("maillage.protection.migrations.0020_earliest_day").STAYS
_FREE = import_module("maillage.protection.migrations.0021_restrictions_hold").HOLDS.partition("-- Nobody restricts")[0]


def _former(name: str) -> str:
    again = "CREATE OR REPLACE FUNCTION " + name
    return again + _FORMER.partition("CREATE FUNCTION " + name)[2].partition("END $$;")[0] + "END $$;\n"


MAY = """
-- Whether what hung on an organisation's keys for a convention may be emptied: the ledger says that they are destroyed, and its
-- destruction runs or is done; the owner, who does it again after a restore, asks the ledger alone.
CREATE FUNCTION protection_may_empty(body uuid, of_convention uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT protection_is_erased(body, of_convention)
       AND (session_user NOT IN ('maillage_app', 'maillage_worker')
            OR EXISTS (SELECT 1 FROM protection_destruction d WHERE d.organisation_id = body AND d.convention_id = of_convention
                        AND d.state IN ('running', 'done')))
$$;

-- After a restore: a destruction that the ledger says had begun runs again, so that it is emptied and certified, whatever day it has.
-- Whether the caller may empty what hung on it.
CREATE FUNCTION protection_resume(body uuid, of_convention uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_destruction uuid;
BEGIN
    IF NOT protection_is_erased(body, of_convention) THEN
        RETURN false;
    END IF;
    SELECT d.id INTO of_destruction FROM protection_destruction d
     WHERE d.organisation_id = body AND d.convention_id = of_convention AND d.state IN ('unknown', 'planned') FOR UPDATE;
    IF FOUND AND (session_user NOT IN ('maillage_app', 'maillage_worker') OR NOT protection_held_back(of_convention, body)) THEN
        UPDATE protection_destruction d
           SET state = 'planned', due_on = greatest(d.earliest_on, current_date), reason = 'Commencée avant la restauration de la base.'
         WHERE d.id = of_destruction AND d.state = 'unknown';
        UPDATE protection_destruction d
           SET state = 'running', began_at = clock_timestamp(),
               cases = (SELECT count(*) FROM cases_participation p WHERE p.organisation_id = body AND p.convention_id = of_convention)
         WHERE d.id = of_destruction;
    END IF;
    RETURN protection_may_empty(body, of_convention);
END $$;
REVOKE ALL ON FUNCTION protection_may_empty(uuid, uuid), protection_resume(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_resume(uuid, uuid) TO maillage_worker;
"""
FORMER_MAY = """
DROP FUNCTION protection_resume(uuid, uuid);
DROP FUNCTION protection_may_empty(uuid, uuid);
"""

# A transaction that was open while a case was emptied may still bring digests: the case is emptied again.
EMPTY = """
CREATE OR REPLACE FUNCTION protection_empty(body uuid, of_convention uuid, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    batch uuid[];
BEGIN
    IF NOT protection_may_empty(body, of_convention) THEN
        RAISE EXCEPTION 'nothing of this is erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT array_agg(found.case_id) INTO batch FROM (
        SELECT p.case_id FROM cases_participation p
         WHERE p.organisation_id = body AND p.convention_id = of_convention
           AND (p.sealed_key <> '' OR p.until IS NULL OR p.until > statement_timestamp()
                OR EXISTS (SELECT 1 FROM beneficiaries_blindindex b WHERE b.organisation_id = body AND b.case_id = p.case_id))
         ORDER BY p.case_id LIMIT most FOR UPDATE) found;
    IF batch IS NULL THEN
        RETURN 0;
    END IF;
    DELETE FROM beneficiaries_blindindex b WHERE b.organisation_id = body AND b.case_id = ANY (batch);
    UPDATE cases_participation p SET sealed_key = '', until = least(coalesce(p.until, statement_timestamp()), statement_timestamp())
     WHERE p.organisation_id = body AND p.convention_id = of_convention AND p.case_id = ANY (batch);
    UPDATE protection_destruction d SET emptied = least(d.cases, d.emptied + cardinality(batch))
     WHERE d.organisation_id = body AND d.convention_id = of_convention AND d.state = 'running';
    RETURN cardinality(batch);
END $$;
"""
RELEASE = _former("protection_release").replace("protection_is_erased", "protection_may_empty")

# What is gone is gone: a restriction in a restored database does not keep the owner from doing it again.
FREE = _FREE.replace(
    "AND OLD.state = 'planned' THEN", "AND OLD.state = 'planned' AND session_user IN ('maillage_app', 'maillage_worker') THEN"
)

# A certificate comes once, and changes with its countersignature alone.
STAYS = _STAYS.replace(
    "    RETURN NEW;",
    """    IF NEW.certificate_id IS DISTINCT FROM OLD.certificate_id AND OLD.certificate_id IS NOT NULL
       AND NEW.countersigned_at IS NOT DISTINCT FROM OLD.countersigned_at THEN
        RAISE EXCEPTION 'a certificate stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;""",
)

_KNOWN_BEFORE = "DROP FUNCTION protection_certificate_known(uuid, varchar);"
_KNOWN_AGAIN = "CREATE FUNCTION protection_certificate_known" + _FORMER.partition("CREATE FUNCTION protection_certificate_known")[2].partition("$$;")[0] + "$$;"
KNOWN = f"""
{_KNOWN_BEFORE}
-- Whether a sealed file is a certificate of this destruction: kept here, or ended before the one that is, which a restore had made
-- again; true where the database knows of none.
CREATE FUNCTION protection_certificate_known(of_destruction uuid, body uuid, of_convention uuid, finished timestamptz, digest varchar)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM protection_destruction d WHERE d.id = of_destruction AND d.certificate_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM protection_destruction d
                    WHERE d.id = of_destruction AND d.organisation_id = body AND d.convention_id = of_convention
                      AND (finished < d.finished_at
                           OR EXISTS (SELECT 1 FROM documents_document f
                                       WHERE f.organisation_id = d.organisation_id AND f.sha256 = digest)))
$$;
REVOKE ALL ON FUNCTION protection_certificate_known(uuid, uuid, uuid, timestamptz, varchar) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_certificate_known(uuid, uuid, uuid, timestamptz, varchar) TO maillage_worker;
"""
FORMER_KNOWN = f"""
DROP FUNCTION protection_certificate_known(uuid, uuid, uuid, timestamptz, varchar);
{_KNOWN_AGAIN}
REVOKE ALL ON FUNCTION protection_certificate_known(uuid, varchar) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION protection_certificate_known(uuid, varchar) TO maillage_worker;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('protection', '0021_restrictions_hold'),
    ]

    operations = [
        migrations.RunSQL(MAY + EMPTY + RELEASE, _former("protection_empty") + _former("protection_release") + FORMER_MAY),
        migrations.RunSQL(FREE + STAYS, _FREE + _STAYS),
        migrations.RunSQL(KNOWN, FORMER_KNOWN),
    ]
