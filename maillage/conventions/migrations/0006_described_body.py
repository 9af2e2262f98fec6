"""A party that no directory knows: its drafter describes it, and records its signature with the document that it signed."""

from django.db import migrations

DESCRIBED = """
-- Only for a draft of one's own; Assurance Maladie's bodies, to which people are referred, are never made up.
CREATE FUNCTION describe_body(
    of_convention uuid, new_id uuid, new_kind text, new_name text, new_short text, new_sort text, new_siret text, new_address text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM conventions_convention c
      WHERE c.id = of_convention AND c.drafted_by_id = cases_caller() AND c.state = 'draft' FOR UPDATE;
    IF NOT FOUND OR new_kind IN ('cnam', 'cpam', 'ccss', 'cgss', 'cssm', 'carsat', 'cramif', 'drsm', 'ces') THEN
        RAISE EXCEPTION 'not yours to describe' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO organisations_organisation
        (id, kind, name, short_name, sort_name, siret, address, departement, time_zone, mailbox, phone)
    VALUES (new_id, new_kind, new_name, new_short, new_sort, new_siret, new_address, '', 'Europe/Paris', '', '');
END $$;
REVOKE ALL ON FUNCTION describe_body(uuid, uuid, text, text, text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION describe_body(uuid, uuid, text, text, text, text, text, text) TO maillage_app, maillage_worker;
"""


UNDO = "DROP FUNCTION describe_body(uuid, uuid, text, text, text, text, text, text)"


class Migration(migrations.Migration):
    dependencies = [
        ("conventions", "0005_taken_back"),
        ("organisations", "0001_initial"),
    ]

    operations = [migrations.RunSQL(DESCRIBED, UNDO)]
