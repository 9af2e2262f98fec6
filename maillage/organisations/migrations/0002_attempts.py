"""Tries of a password, counted where every web process counts them."""

from django.db import migrations

COUNTING = """
-- One more try of a door; whether it is still within its bound. The bound starts again `seconds` after the first try.
CREATE FUNCTION organisations_try(of_key uuid, most integer, seconds integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    instant timestamptz := clock_timestamp();
    counted integer;
BEGIN
    -- A few old rows at each try: nothing else has to remember to do it, and nobody waits for anybody.
    DELETE FROM organisations_attempt WHERE key IN (
        SELECT key FROM organisations_attempt WHERE until <= instant AND key <> of_key ORDER BY until LIMIT 20 FOR UPDATE SKIP LOCKED);
    INSERT INTO organisations_attempt AS a (key, tries, until) VALUES (of_key, 1, instant + make_interval(secs => seconds))
    ON CONFLICT (key) DO UPDATE SET
        tries = CASE WHEN a.until <= instant THEN 1 ELSE least(a.tries + 1, 1000000) END,
        until = CASE WHEN a.until <= instant THEN excluded.until ELSE a.until END
    RETURNING a.tries INTO counted;
    RETURN counted <= most;
END $$;

-- The try that succeeded counts no more; the others do.
CREATE FUNCTION organisations_forgive(of_key uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE organisations_attempt SET tries = tries - 1 WHERE key = of_key AND tries > 0
$$;

REVOKE ALL ON FUNCTION organisations_try(uuid, integer, integer), organisations_forgive(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organisations_try(uuid, integer, integer), organisations_forgive(uuid) TO maillage_app;
"""

UNDO = """
DROP FUNCTION organisations_forgive(uuid);
DROP FUNCTION organisations_try(uuid, integer, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [
        migrations.RunSQL(COUNTING, UNDO),
    ]
