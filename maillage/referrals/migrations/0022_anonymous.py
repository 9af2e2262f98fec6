"""Where a text lets no person's data flow (S0 art. 5, the CAF), PostgreSQL opens no case either, whatever its list of flows says."""

from django.db import migrations

# Regimes of the newest text; one that names no flow covers them all. A signed avenant to the protection is left to whoever publishes.
ANONYMOUS = """
CREATE FUNCTION cases_authorisation_anonymous() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT isempty(NEW.open_during) AND EXISTS (
        SELECT 1 FROM (SELECT v.terms FROM conventions_termsversion v WHERE v.convention_id = NEW.convention_id
                        ORDER BY v.number DESC LIMIT 1) newest
         CROSS JOIN LATERAL jsonb_array_elements(
            CASE jsonb_typeof(newest.terms -> 'protection') WHEN 'array' THEN newest.terms -> 'protection' ELSE '[]' END) regime
         WHERE regime -> 'nominative_data' = 'false'
           AND (regime -> 'flows' ? NEW.flow_key OR coalesce(regime -> 'flows', '[]') = '[]')
    ) AND NOT EXISTS (
        SELECT 1 FROM conventions_amendment a CROSS JOIN LATERAL jsonb_array_elements(a.changes) c
         WHERE a.convention_id = NEW.convention_id AND a.state = 'signed' AND starts_with(c ->> 'path', 'protection')
    ) THEN
        RAISE EXCEPTION 'the signed text lets no person''s data flow there' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cases_authorisation_anonymous() FROM PUBLIC;
CREATE TRIGGER anonymous BEFORE INSERT OR UPDATE ON cases_authorisation
    FOR EACH ROW EXECUTE FUNCTION cases_authorisation_anonymous();
"""
NAMED = "DROP TRIGGER anonymous ON cases_authorisation; DROP FUNCTION cases_authorisation_anonymous();"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0021_prado"), ("cases", "0009_expired"), ("conventions", "0002_parties")]

    operations = [migrations.RunSQL(ANONYMOUS, NAMED)]
