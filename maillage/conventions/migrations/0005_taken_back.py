"""A proposal taken back is taken back from everybody: a draft is read by its drafter alone, whatever made it one again."""

from django.db import migrations

TAKEN_BACK = """
CREATE FUNCTION conventions_taken_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM conventions_party WHERE convention_id = NEW.id AND role <> 'drafter';
    RETURN NULL;
END $$;
CREATE TRIGGER taken_back AFTER UPDATE OF state ON conventions_convention
    FOR EACH ROW WHEN (NEW.state = 'draft' AND OLD.state <> 'draft') EXECUTE FUNCTION conventions_taken_back();
REVOKE ALL ON FUNCTION conventions_taken_back() FROM PUBLIC;
"""

UNDO = """
DROP TRIGGER taken_back ON conventions_convention;
DROP FUNCTION conventions_taken_back();
"""


class Migration(migrations.Migration):
    dependencies = [("conventions", "0004_guards")]

    operations = [migrations.RunSQL(TAKEN_BACK, UNDO)]
