"""Numbers of the environment that are none, or that nobody can mean: refused in words at every start, a demonstration's too."""

from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Critical, Tags, register

_DAYS, _SECONDS = 36_500, 31_536_000  # a century; a year
# The setting that each variable gives, and the least and the most that it may be. What production bounds more: checks.py.
NUMBERS: Final[dict[str, tuple[str, int, int]]] = {
    "MAILLAGE_SESSION_IDLE": ("SESSION_IDLE_SECONDS", 1, _SECONDS),
    "MAILLAGE_SESSION_ABSOLUTE": ("SESSION_ABSOLUTE_SECONDS", 1, _SECONDS),
    "MAILLAGE_FRESH": ("FRESH_SECONDS", 1, _SECONDS),
    "MAILLAGE_DIRECTORY_STALE_DAYS": ("DIRECTORY_STALE_DAYS", 1, _DAYS),
    "MAILLAGE_READINGS_A_DAY": ("READINGS_A_DAY", 1, 100_000),
    "MAILLAGE_REFERRAL_EXPIRES_DAYS": ("REFERRAL_EXPIRES_DAYS", 7, 3_650),
    "MAILLAGE_IMPORT_KEPT_DAYS": ("IMPORT_KEPT_DAYS", 1, 365),
    "MAILLAGE_OUTBOX_DAYS": ("OUTBOX_DAYS", 2, _DAYS),
    "MAILLAGE_JOURNAL_DAYS": ("JOURNAL_RETENTION_DAYS", 1, _DAYS),
    "MAILLAGE_EMAIL_PORT": ("EMAIL_PORT", 1, 65_535),
}


@register(Tags.security)
def numbers_are_numbers(**_: Any) -> list[CheckMessage]:
    """One message for each variable; what is no whole number was read as -1 (config/settings/given.py)."""
    return [
        Critical(
            f"{variable} n’est pas un nombre entier de {least} à {most}.",
            hint="Corrigez-la, ou retirez-la : la valeur habituelle servira.",
            id="maillage.E036",
        )
        for variable, (name, least, most) in NUMBERS.items()
        if not least <= getattr(settings, name) <= most
    ]
