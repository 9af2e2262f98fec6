"""Whom a running objection is about, sealed to the organisation that noted it: its digests are made again when its index has a new key."""

from importlib import import_module

from django.db import migrations, models

_STAYS = import_module("maillage.beneficiaries.migrations.0007_objection").STAYS
_BODY = _STAYS[: _STAYS.index("REVOKE ALL")]
_FORMER = _BODY.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

# An objection is noted whole; it is lifted once, and then says nothing more of whom. While it runs, the worker alone makes its digests
# again under a new key of the index, and seals again whom it is about under a new key pair.
STAYS = """
CREATE OR REPLACE FUNCTION beneficiaries_objection_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lifting text[] := '{digests,sealed,lifted_at,lifted_by,lifted_why}';
    again text[] := '{digests,sealed}';
BEGIN
    IF session_user NOT IN ('maillage_app', 'maillage_worker') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.lifted_at IS NOT NULL OR NEW.sealed IS NULL THEN
            RAISE EXCEPTION 'an objection begins before it is lifted, and says whom it is about' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF session_user = 'maillage_worker' AND OLD.lifted_at IS NULL AND to_jsonb(NEW) - again = to_jsonb(OLD) - again
        AND NEW.sealed IS NOT NULL AND OLD.sealed IS NOT NULL THEN
        RETURN NEW;
    ELSIF to_jsonb(NEW) - lifting <> to_jsonb(OLD) - lifting OR OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL THEN
        RAISE EXCEPTION 'an objection is only lifted, once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

_FORGET = import_module("maillage.vault.migrations.0008_requests").FORGET
_ASKED = "WHERE q.organisation_id = caller AND substring(q.sealed FROM 1 FOR 16) = uuid_send(of_key)) THEN"
# A retired private half stays as long as whom an objection is about is sealed to it.
FORGET = _FORGET.replace(
    _ASKED,
    """WHERE q.organisation_id = caller AND substring(q.sealed FROM 1 FOR 16) = uuid_send(of_key))
        OR EXISTS (SELECT 1 FROM beneficiaries_objection o
                    WHERE o.organisation_id = caller AND substring(o.sealed FROM 1 FOR 16) = uuid_send(of_key)) THEN""",
)
if _FORGET.count(_ASKED) != 1:
    raise ValueError("the function `forget_private_key` is not the one that this migration knows")


class Migration(migrations.Migration):

    dependencies = [
        ('beneficiaries', '0007_objection'),
        ('vault', '0008_requests'),
    ]

    operations = [
        migrations.AddField(
            model_name='objection',
            name='sealed',
            field=models.BinaryField(blank=True, null=True, verbose_name='personne, scellée'),
        ),
        migrations.RemoveConstraint(
            model_name='objection',
            name='objection_lifted_is_forgotten',
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True), ('lifted_why', ''), models.Q(('digests', []), _negated=True)), models.Q(('digests', []), ('lifted_at__isnull', False), ('lifted_by__isnull', False), ('sealed__isnull', True), models.Q(('lifted_why', ''), _negated=True)), _connector='OR'), name='objection_lifted_is_forgotten', violation_error_message='Dites pourquoi l’opposition est levée.'),
        ),
        migrations.RunSQL(STAYS, _FORMER),
        migrations.RunSQL(FORGET, _FORGET),
    ]
