"""What the person was told is dated before her data left, and names the one who received them."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION beneficiaries_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW."by" := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW."by");
    -- One day of difference between time zones; a year is as long as the application lets an information stand.
    IF NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.caisse_id = NEW.recipient_id
                    AND NEW.given_on BETWEEN (c.opened_at - interval '1 year')::date - 1 AND c.opened_at::date + 1) THEN
        RAISE EXCEPTION 'not what was told before this sending' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION beneficiaries_told() FROM PUBLIC;
CREATE TRIGGER told BEFORE INSERT ON beneficiaries_information FOR EACH ROW EXECUTE FUNCTION beneficiaries_told();
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0001_initial")]

    operations = [
        migrations.RunSQL(GUARDS, "DROP TRIGGER told ON beneficiaries_information; DROP FUNCTION beneficiaries_told();"),
    ]
