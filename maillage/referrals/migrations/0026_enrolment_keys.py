"""An enrolment is under its caisse's key for the convention too: the commands count on that key, and no other takes its place."""

from importlib import import_module

from django.db import migrations

_KEYS = import_module("maillage.vault.migrations.0005_missing_keys").KEYS


def _of(function: str) -> str:
    """A function as the room of keys made it."""
    begins = f"CREATE FUNCTION {function}("
    return "CREATE OR REPLACE FUNCTION " + function + "(" + _KEYS.partition(begins)[2].partition("REVOKE ALL")[0]


def _with(former: str, end: str, more: str) -> str:
    if former.count(end) != 1:
        raise ValueError("the function is not the one that this migration knows")
    return former.replace(end, more)


_KNOWN, _COUNTED = _of("vault_key_known"), _of("vault_keys_counted_on")
KNOWN = _with(
    _KNOWN,
    "    ) THEN 'sealed'",
    """    ) OR EXISTS (
        SELECT 1 FROM referrals_enrolment e
         WHERE e.organisation_id = body AND e.convention_id = of_convention
           AND NOT EXISTS (SELECT 1 FROM vault_acceptedloss l WHERE l.organisation_id = body
                            AND l.convention_id = of_convention AND l.at >= e.opened_at)
    ) THEN 'sealed'""",
)
COUNTED = _with(
    _COUNTED,
    "AND e.organisation_id = p.organisation_id)\n",
    """AND e.organisation_id = p.organisation_id)
    UNION SELECT m.organisation_id, m.convention_id FROM referrals_enrolment m
     WHERE NOT EXISTS (SELECT 1 FROM vault_acceptedloss l WHERE l.organisation_id = m.organisation_id
                        AND l.convention_id = m.convention_id AND l.at >= m.opened_at)
       AND NOT EXISTS (SELECT 1 FROM vault_erasure e WHERE e.scope = 'convention'
                        AND e.reference = m.convention_id::text AND e.organisation_id = m.organisation_id)
""",
)


class Migration(migrations.Migration):

    dependencies = [
        ("vault", "0005_missing_keys"),
        ("referrals", "0025_replacements"),
    ]

    operations = [
        migrations.RunSQL(KNOWN, _KNOWN),
        migrations.RunSQL(COUNTED, _COUNTED),
    ]
