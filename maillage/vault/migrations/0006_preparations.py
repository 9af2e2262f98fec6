"""A retired private half stays as long as a file being prepared is sealed to it."""

from importlib import import_module

from django.db import migrations

_HEAD = "CREATE FUNCTION forget_private_key("
_FORMER = (
    _HEAD
    + import_module("maillage.vault.migrations.0003_renewing").PAIRS.partition(_HEAD)[2].partition("-- The same private half")[0]
).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
_DRAFTS = "WHERE d.organisation_id = caller AND substring(d.sealed FROM 1 FOR 16) = uuid_send(of_key)) THEN"
FORGET = _FORMER.replace(
    _DRAFTS,
    """WHERE d.organisation_id = caller AND substring(d.sealed FROM 1 FOR 16) = uuid_send(of_key))
        OR EXISTS (SELECT 1 FROM rights_preparation r
                    WHERE r.organisation_id = caller AND substring(r.sealed FROM 1 FOR 16) = uuid_send(of_key)) THEN""",
)
if _FORMER.count(_DRAFTS) != 1:
    raise ValueError("the function `forget_private_key` is not the one that this migration knows")


class Migration(migrations.Migration):

    dependencies = [("rights", "0002_guards"), ("vault", "0005_missing_keys")]

    operations = [migrations.RunSQL(FORGET, _FORMER)]
