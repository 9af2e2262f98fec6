"""What is urgent is told at once to whoever replaces an absent follower too: the case is on her desk while she is away."""

from importlib import import_module

from django.db import migrations

_BEGINS = "CREATE FUNCTION referrals_tell_desk("
_FORMER = _BEGINS.replace("CREATE", "CREATE OR REPLACE") + (
    import_module("maillage.referrals.migrations.0015_desk").DESK.partition(_BEGINS)[2].partition("REVOKE ALL")[0]
)
_FOLLOWS = """                       AND f.user_id = m.user_id AND f.until IS NULL)
"""
DESK = _FORMER.replace(
    _FOLLOWS,
    """                       AND f.until IS NULL
                       AND (f.user_id = m.user_id
                            OR EXISTS (SELECT 1 FROM organisations_absence a
                                        WHERE a.user_id = f.user_id AND a.organisation_id = body AND a.replaced_by_id = m.user_id
                                          AND a.cancelled_at IS NULL AND organisations_today(body) BETWEEN a.since AND a.until)))
""",
)
if _FORMER.count(_FOLLOWS) != 1:
    raise ValueError("the function is not the one that this migration knows")


class Migration(migrations.Migration):

    dependencies = [("referrals", "0024_choices")]

    operations = [migrations.RunSQL(DESK, _FORMER)]
