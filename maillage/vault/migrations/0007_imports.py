"""A retired private half stays as long as a table that was brought, or what imports remember, is sealed to it."""

from importlib import import_module

from django.db import migrations

_FORMER = import_module("maillage.vault.migrations.0006_preparations").FORGET
_PREPARED = "WHERE r.organisation_id = caller AND substring(r.sealed FROM 1 FOR 16) = uuid_send(of_key)) THEN"
FORGET = _FORMER.replace(
    _PREPARED,
    """WHERE r.organisation_id = caller AND substring(r.sealed FROM 1 FOR 16) = uuid_send(of_key))
        OR EXISTS (SELECT 1 FROM rights_applicationimport i
                    WHERE i.organisation_id = caller AND substring(i.sealed FROM 1 FOR 16) = uuid_send(of_key))
        OR EXISTS (SELECT 1 FROM rights_importmemory m
                    WHERE m.organisation_id = caller AND substring(m.sealed FROM 1 FOR 16) = uuid_send(of_key)) THEN""",
)
if _FORMER.count(_PREPARED) != 1:
    raise ValueError("the function `forget_private_key` is not the one that this migration knows")


class Migration(migrations.Migration):

    dependencies = [("rights", "0004_imports"), ("vault", "0006_preparations")]

    operations = [migrations.RunSQL(FORGET, _FORMER)]
