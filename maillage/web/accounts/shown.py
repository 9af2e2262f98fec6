"""How one's second factors and sessions are shown."""

import re
from datetime import datetime
from typing import cast

from maillage.credentials.models import Factor, OpenSession
from maillage.organisations.models import User
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_instant

# In this order: Edge and Opera call themselves Chrome, which calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def signed_in_user(request: MemberRequest) -> User:
    """The person of a page that is not anonymous."""
    return cast("User", request.user)


def browser(agent: str) -> str:
    """« Firefox sous Windows », from what a browser says of itself; nothing of it is trusted."""
    name = next((label for sign, label in _BROWSERS if re.search(sign, agent)), "Navigateur inconnu")
    system = next((label for sign, label in _SYSTEMS if re.search(sign, agent)), "")
    return f"{name} sous {system}" if system else name


def factor_dates(factor: Factor) -> str:
    """When a second factor was added, and last served."""
    return f"Ajoutée le {long_instant(factor.created_at)}. {used(factor.used_at)}"


def used(at: datetime | None) -> str:
    """When it last served."""
    return f"Dernier usage le {long_instant(at)}." if at else "Pas encore utilisée."


def session_words(session: OpenSession) -> str:
    """Since when and from where a session is at work."""
    where = f" depuis {session.address}" if session.address else ""
    return f"Ouverte le {long_instant(session.opened_at)}{where}. Dernière activité le {long_instant(session.seen_at)}."
