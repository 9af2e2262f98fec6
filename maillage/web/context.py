"""What every page shows around its content: who acts, for whom, and where she may go."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from maillage.organisations.cdr.rules import has_register
from maillage.organisations.member import Member
from maillage.organisations.roles import ROLES, Permission, Role
from maillage.web.accounts.oidc import provider

_PLACES: tuple[tuple[str, str, Permission | None], ...] = (
    ("À faire", "home", None),
    ("Conventions", "conventions:list", Permission.READ_CONVENTIONS),
    ("Orientations", "referrals:list", Permission.READ_REFERRALS),
    ("Dossiers de droits", "rights:list", Permission.READ_REFERRALS),
    ("Agents délégués", "secondments:list", Permission.READ_CONVENTIONS),
    ("Supports", "supports:list", Permission.READ_CONVENTIONS),
    ("Formations", "training:list", Permission.READ_CONVENTIONS),
    ("Annuaire", "directory:list", None),
    ("Calendrier", "conventions:calendar", Permission.READ_CONVENTIONS),
    ("Journal", "journal:journal", Permission.READ_JOURNAL),
    ("Protection des données", "protection:desk", Permission.PROTECT_DATA),
    ("Membres", "people:members", Permission.MANAGE_ORGANISATION),
)
_ACCOUNT = (
    ("Changer mon mot de passe", "password"),
    ("Second facteur", "factors"),
    ("Sessions ouvertes", "sessions"),
)
_VERSION = version("maillage")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; an anonymous page has the sign-in link only."""
    member: Member | None = getattr(request, "member", None)
    everywhere: dict[str, Any] = {
        "version": _VERSION,
        "home_url": reverse("home"),
        "footer_links": [
            ("Confidentialité", reverse("privacy")),
            ("Glossaire", reverse("glossary")),
            ("Qui peut quoi", reverse("roles")),
        ],
    }
    if member is None and getattr(request, "employers", None):  # signed in, and waiting at the door
        name = getattr(request.user, "full_name", "")
        return {**everywhere, **_account(), "member": {"name": name}}
    if member is None:
        return {**everywhere, **_door(request)}
    return {
        **everywhere,
        "footer_links": [
            ("Signaler une violation de données", reverse("protection:breach_new")),
            ("Noter la demande d’une personne", reverse("protection:request_new")),
            *everywhere["footer_links"],
        ],
        "member": {
            "name": member.user_name,
            "role_label": ", ".join(ROLES[Role(role)].label for role in sorted(member.roles)),
            "organisation_label": member.organisation_name,
        },
        "organisations": [(str(e.id), e.name, e.id == member.organisation) for e in member.employers],
        "switch_url": reverse("switch"),
        **_account(),
        "own_links": list(_own_links(member)),
        "navigation": list(_navigation(request, member)),
    }


def _account() -> dict[str, Any]:
    """What is hers wherever she works, and before she may act anywhere."""
    return {
        "account_links": [(label, reverse(name)) for label, name in _ACCOUNT],
        "logout_url": reverse("account_logout"),
    }


def _own_links(member: Member) -> Iterator[tuple[str, str]]:
    """What the menu of her name leads to for the organisation for which she acts."""
    yield "Mes e-mails", reverse("emails")
    yield "Mon absence", reverse("my_absence")
    if has_register(member.organisation_kind):
        yield "Inscrire une consultation CDR", reverse("people:cdr_consult")
        if member.may(Permission.READ_JOURNAL):
            yield "Registre CDR", reverse("people:cdr")


def _door(request: HttpRequest) -> dict[str, Any]:
    """How one signs in; whoever is in and works nowhere today may leave."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return {"logout_url": reverse("account_logout")}
    known = provider()
    door: dict[str, Any] = {"login_url": reverse("account_login")}
    return {**door, "provider": known.label, "provider_url": reverse("provider")} if known else door


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
