"""Which keys of the store the database counts on, so that one file missing among others is no first key; and losses accepted."""

import django.db.models.deletion
import maillage.core.identifiers
from django.conf import settings
from django.db import migrations, models

from maillage.audit.migration import JournalTable
from maillage.core.row_security import ProtectTable

KEYS = """
-- What the database knows of the key of an organisation for a convention: `sealed`, something is under it; `destroyed`, no other
-- may take its place; or nothing. A loss that was accepted covers what was sealed before it. For who holds it, and for the other
-- side of an authorisation, which seals to it.
CREATE FUNCTION vault_key_known(body uuid, of_convention uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    caller uuid := nullif(current_setting('maillage.organisation', true), '')::uuid;
BEGIN
    IF caller IS NULL OR caller <> body AND NOT EXISTS (
        SELECT 1 FROM cases_authorisation a WHERE a.convention_id = of_convention
           AND caller IN (a.sender_id, a.recipient_id) AND body IN (a.sender_id, a.recipient_id))
    THEN
        RAISE EXCEPTION 'not yours to seal to' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT 1 FROM vault_erasure e
                WHERE e.scope = 'convention' AND e.reference = of_convention::text AND e.organisation_id = body) THEN
        RETURN 'destroyed';
    END IF;
    RETURN CASE WHEN EXISTS (
        SELECT 1 FROM cases_participation p
         WHERE p.organisation_id = body AND p.convention_id = of_convention AND p.sealed_key <> ''
           AND NOT EXISTS (SELECT 1 FROM vault_acceptedloss l WHERE l.organisation_id = body
                            AND l.convention_id = of_convention AND l.at >= p.key_made_at)
    ) THEN 'sealed' ELSE '' END;
END $$;
REVOKE ALL ON FUNCTION vault_key_known(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault_key_known(uuid, uuid) TO maillage_app, maillage_worker;

-- Everybody's keys that something is under, for the operator's commands: ids only.
CREATE FUNCTION vault_keys_counted_on() RETURNS TABLE (body uuid, of_convention uuid) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT p.organisation_id, p.convention_id FROM cases_participation p
     WHERE p.sealed_key <> ''
       AND NOT EXISTS (SELECT 1 FROM vault_acceptedloss l WHERE l.organisation_id = p.organisation_id
                        AND l.convention_id = p.convention_id AND l.at >= p.key_made_at)
       AND NOT EXISTS (SELECT 1 FROM vault_erasure e WHERE e.scope = 'convention'
                        AND e.reference = p.convention_id::text AND e.organisation_id = p.organisation_id)
$$;
REVOKE ALL ON FUNCTION vault_keys_counted_on() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault_keys_counted_on() TO maillage_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0004_first_key_pairs"),
        ("cases", "0004_renewing"),
        ("audit", "0002_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AcceptedLoss",
            fields=[
                ("id", models.UUIDField(default=maillage.core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ("convention_id", models.UUIDField(verbose_name="convention")),
                ("at", models.DateTimeField(verbose_name="acceptée le")),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation")),
            ],
            options={
                "verbose_name": "perte de clé acceptée",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "convention_id"),
                        name="acceptedloss_once",
                        violation_error_message="Cette perte est déjà acceptée.",
                    )
                ],
            },
        ),
        ProtectTable("vault_acceptedloss"),
        JournalTable("vault_acceptedloss", "id"),
        migrations.RunSQL(KEYS, "DROP FUNCTION vault_keys_counted_on(); DROP FUNCTION vault_key_known(uuid, uuid);"),
    ]
