"""The platform says how long part of the journal has been past its retention: its operator alone prunes it."""

from django.db import migrations

from maillage.core.row_security.access import ORGANISATION

PRUNABLE = f"""
-- From when the oldest segment that is left may be removed, of the caller's own chain, or of all for whoever acts for nobody. Null where
-- nothing is sealed. The anchors leave in order: one that is kept longer holds back those after it.
CREATE FUNCTION audit_prunable_from() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.at + make_interval(days => a.retention_days)
      FROM audit_anchor a JOIN audit_seal s ON s.anchor = a.number
     WHERE ({ORGANISATION} IS NULL OR s.chain = {ORGANISATION})
       AND NOT EXISTS (SELECT 1 FROM audit_pruning p WHERE p.chain = s.chain AND p.lane = s.lane AND p.number >= s.number)
     ORDER BY a.number LIMIT 1
$$;
REVOKE ALL ON FUNCTION audit_prunable_from() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_prunable_from() TO maillage_app, maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_inlined")]

    operations = [migrations.RunSQL(PRUNABLE, "DROP FUNCTION audit_prunable_from();")]
