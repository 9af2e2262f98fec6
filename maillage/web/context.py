"""What every page shows around its content: who acts, for whom, and where she may go."""

from importlib.metadata import version
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from maillage.organisations.member import Member
from maillage.organisations.roles import ROLES, Permission, Role

_PLACES: tuple[tuple[str, str, Permission | None], ...] = (
    ("À faire", "home", None),
    ("Conventions", "conventions:list", Permission.READ_CONVENTIONS),
    ("Orientations", "referrals:list", Permission.READ_REFERRALS),
    ("Calendrier", "conventions:calendar", Permission.READ_CONVENTIONS),
    ("Journal", "journal:journal", Permission.READ_JOURNAL),
)
_VERSION = version("maillage")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; an anonymous page has the sign-in link only."""
    member: Member | None = getattr(request, "member", None)
    everywhere: dict[str, Any] = {
        "version": _VERSION,
        "home_url": reverse("home"),
        "footer_links": [("Confidentialité", reverse("privacy")), ("Glossaire", reverse("glossary"))],
    }
    if member is None:
        return {**everywhere, "login_url": reverse("account_login")}
    return {
        **everywhere,
        "member": {
            "name": member.user_name,
            "role_label": ", ".join(ROLES[Role(role)].label for role in sorted(member.roles)),
            "organisation_label": member.organisation_name,
        },
        "organisations": [(str(e.id), e.name, e.id == member.organisation) for e in member.employers],
        "switch_url": reverse("switch"),
        "password_url": reverse("password"),
        "logout_url": reverse("account_logout"),
        "navigation": list(_navigation(request, member)),
    }


def _navigation(request: HttpRequest, member: Member) -> list[tuple[str, str, bool]]:
    """The places that her role opens; the current one is the closest above the page (the calendar, not the list)."""
    entries = []
    for label, name, permission in _PLACES:
        if permission is not None and not member.may(permission):
            continue
        try:
            entries.append((label, reverse(name)))
        except NoReverseMatch:
            continue
    above = [
        url for _, url in entries if request.path == url or (url != "/" and request.path.startswith(url))
    ]
    closest = max(above, key=len, default="")
    return [(label, url, url == closest) for label, url in entries]
