"""A retired private half stays as long as the name of somebody who asked about her data is sealed to it."""

from importlib import import_module

from django.db import migrations

_FORMER = import_module("maillage.vault.migrations.0007_imports").FORGET
_IMPORTED = "WHERE m.organisation_id = caller AND substring(m.sealed FROM 1 FOR 16) = uuid_send(of_key)) THEN"
FORGET = _FORMER.replace(
    _IMPORTED,
    """WHERE m.organisation_id = caller AND substring(m.sealed FROM 1 FOR 16) = uuid_send(of_key))
        OR EXISTS (SELECT 1 FROM protection_requestfile q
                    WHERE q.organisation_id = caller AND substring(q.sealed FROM 1 FOR 16) = uuid_send(of_key)) THEN""",
)
if _FORMER.count(_IMPORTED) != 1:
    raise ValueError("the function `forget_private_key` is not the one that this migration knows")


class Migration(migrations.Migration):

    dependencies = [("protection", "0003_requests"), ("vault", "0007_imports")]

    operations = [migrations.RunSQL(FORGET, _FORMER)]
