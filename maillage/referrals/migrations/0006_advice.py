"""Ways told to a person, counted: by an organisation that is a party, of a way that the text gives."""

import django.db.models.deletion
import maillage.core.identifiers
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

GUARDS = """
-- Nothing but a way that the signed text, or a signed avenant, names: no word about anybody passes for one. By the database's clock.
CREATE FUNCTION referrals_advice_of_a_party() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    list text := split_part(NEW.route, '.', 1);
    named text := split_part(NEW.route, '.', 2);
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM conventions_party p
         WHERE p.convention_id = NEW.convention_id AND p.organisation_id = NEW.organisation_id AND p.role IN ('drafter', 'signatory')
    ) THEN
        RAISE EXCEPTION 'no convention of which this organisation is a party' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM conventions_termsversion v CROSS JOIN LATERAL jsonb_array_elements(v.terms -> list) one
         WHERE v.convention_id = NEW.convention_id AND one ->> 'key' = named
    ) AND NOT EXISTS (
        SELECT 1 FROM conventions_amendment a CROSS JOIN LATERAL jsonb_array_elements(a.changes) c
        CROSS JOIN LATERAL jsonb_array_elements(
            CASE jsonb_typeof(c -> 'value') WHEN 'array' THEN c -> 'value' ELSE jsonb_build_array(c -> 'value') END) one
         WHERE a.convention_id = NEW.convention_id AND a.state = 'signed' AND one ->> 'key' = named
    ) THEN
        RAISE EXCEPTION 'no such way in the text' USING ERRCODE = 'check_violation';
    END IF;
    NEW.given_at := statement_timestamp();
    NEW.given_by := coalesce(nullif(current_setting('maillage.user', true), '')::uuid, NEW.given_by);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION referrals_advice_of_a_party() FROM PUBLIC;
CREATE TRIGGER of_a_party BEFORE INSERT ON referrals_advice FOR EACH ROW EXECUTE FUNCTION referrals_advice_of_a_party();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0005_working"),
        ("conventions", "0002_parties"),
        ("organisations", "0001_initial"),
        ("audit", "0002_chain"),
    ]

    operations = [
        migrations.CreateModel(
            name="Advice",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("convention_id", models.UUIDField(verbose_name="convention")),
                ("route", models.CharField(max_length=90, verbose_name="voie")),
                ("given_at", models.DateTimeField(verbose_name="donné le")),
                ("given_by", models.UUIDField(verbose_name="par")),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"),
                ),
            ],
            options={"verbose_name": "conseil donné"},
        ),
        migrations.AddIndex(
            model_name="advice",
            index=models.Index(fields=["organisation", "convention_id", "route"], name="advice_counts"),
        ),
        migrations.AddConstraint(
            model_name="advice",
            constraint=models.CheckConstraint(
                condition=models.Q(route__regex=r"^(flows|services)\.[a-z][a-z0-9_]{0,79}$"),
                name="advice_route_is_a_key",
                violation_error_message="Un conseil nomme une voie de la convention, et rien d’autre.",
            ),
        ),
        ProtectTable("referrals_advice"),
        JournalTable("referrals_advice", "id"),
        migrations.RunSQL(GUARDS, "DROP TRIGGER of_a_party ON referrals_advice; DROP FUNCTION referrals_advice_of_a_party();"),
    ]
