"""Each page declares its rule: who may open it, with which methods. The generated probes read the same declaration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from maillage.cases.freezing import is_frozen
from maillage.organisations.member import Member
from maillage.organisations.models import Membership, Organisation, User
from maillage.organisations.roles import ROLES, Permission, Role
from maillage.web.errors import method_not_allowed, restricted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import PARIS, long_date

RECENTLY: Final = timedelta(days=30)
P = ParamSpec("P")
View = Callable[Concatenate[MemberRequest, P], HttpResponse]


@dataclass(frozen=True)
class Rule:
    """Who may open a page: everyone, whoever works here, or whoever holds the permission; and the HTTP methods.

    `at_the_door`: whoever has signed in, even when nothing lets her act yet (row H4).
    `fresh`: she proved of late that it is still she (always, or where the address' `slug` is one of these).
    `meanwhile`: it opens before a given password is changed and a required second factor is there.
    These two are enforced for every page by `maillage.web.accounts.gate.Gate`.
    `while_frozen`: its form is open while the case is restricted: it says who may read it and changes nothing in it, or puts right what
    is wrong for whoever follows the person's request.
    """

    permission: Permission | None
    methods: tuple[str, ...]
    anonymous: bool = False
    at_the_door: bool = False
    fresh: bool | tuple[str, ...] = False
    meanwhile: bool = False
    while_frozen: bool = False

    def asks_again(self, arguments: Mapping[str, object]) -> bool:
        """Whether the page with these arguments of its address asks for a recent proof."""
        return self.fresh if isinstance(self.fresh, bool) else arguments.get("slug") in self.fresh


def page(
    *,
    permission: Permission | None = None,
    methods: tuple[str, ...] = ("GET",),
    anonymous: bool = False,
    at_the_door: bool = False,
    fresh: bool | tuple[str, ...] = False,
    meanwhile: bool = False,
    while_frozen: bool = False,
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Declare a view's rule and enforce it: sign-in first, then 403 without the permission; 404 is the view's own.

    `GET` includes `HEAD`. An htmx fragment asked after the session ended answers `HX-Redirect`, not a page inside a page.
    """
    rule = Rule(permission, methods, anonymous, at_the_door, fresh, meanwhile, while_frozen)

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def enforced(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in (*rule.methods, "HEAD" if "GET" in rule.methods else ""):
                return method_not_allowed(request, rule.methods)
            if (answer := _stopped(request, rule)) is not None:
                return answer
            if _is_form(request, rule) and _is_of_a_frozen_case(kwargs):
                return restricted(request)
            response = view(cast("MemberRequest", request), *args, **kwargs)
            response.setdefault("Cache-Control", "no-store")
            return response

        enforced.rule = rule  # type: ignore[attr-defined]  # read by the probes and by the documents
        return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", enforced)

    return decorate


_CASES: Final = ("case", "application", "appointment")
"""How the address of a page names the case that it is about."""


def _is_form(request: HttpRequest, rule: Rule) -> bool:
    """Whether a page is opened to be filled and sent: of a case that is restricted, it says so before anything is typed."""
    return request.method != "POST" and "POST" in rule.methods and not rule.while_frozen


def _is_of_a_frozen_case(arguments: Mapping[str, object]) -> bool:
    return any(is_frozen(found) for one in _CASES if isinstance(found := arguments.get(one), UUID))


def _stopped(request: HttpRequest, rule: Rule) -> HttpResponse | None:
    """Where whoever may not open the page is led; None for whoever may. Raises PermissionDenied, with the reason in French."""
    if rule.anonymous:
        return None
    if not request.user.is_authenticated:
        return _sign_in(request)
    if rule.at_the_door:
        return None
    member: Member | None = getattr(request, "member", None)
    if member is None:
        if getattr(request, "employers", ()):
            return _to_the_door(request)
        raise PermissionDenied(
            f"Vous ne travaillez aujourd’hui pour aucun organisme de Maillage. {_ended(request)}".strip()
        )
    if rule.permission is not None and not member.may(rule.permission):
        raise PermissionDenied(f"Votre rôle ne permet pas d’ouvrir cette page. {_ended(request)}".strip())
    return None


def _ended(request: HttpRequest) -> str:
    """What ended of late, a role or a whole organisation: somebody at work when it did is told so, not that she never had it."""
    on = cast("MemberRequest", request).instant.astimezone(PARIS).date()
    rows = Membership.objects.filter(user=cast("User", request.user), until__range=(on - RECENTLY, on))
    found = rows.select_related("organisation__successor").order_by("-until", "role")[:3]
    return " ".join(
        dict.fromkeys(
            _closed(row.organisation, on) or _role_ended(row, row.until)
            for row in found
            if row.until is not None
        )
    )


def _closed(row: Organisation, on: date) -> str:
    """That it closed, and who goes on; empty for one that is open."""
    if row.closed_on is None or row.closed_on > on:
        return ""
    after = (
        f"{row.successor.name} prend sa suite : demandez une invitation à la personne qui l’administre."
        if row.successor
        else "Ce qui était en cours reste chez les autres organismes."
    )
    return f"{row.name} : organisme fermé depuis le {long_date(row.closed_on)}. {after}"


def _role_ended(row: Membership, until: date) -> str:
    return (
        f"Votre rôle « {ROLES[Role(row.role)].label} » ({row.organisation.short_name}) a pris fin : "
        f"son dernier jour est le {long_date(until)}."
    )


def rule_of(view: Any) -> Rule | None:
    """The rule that a view declares, or None."""
    found = getattr(view, "rule", None)
    return found if isinstance(found, Rule) else None


def sign_in_first(request: HttpRequest) -> str:
    """The address of the sign-in page, which comes back here."""
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"


def _sign_in(request: HttpRequest) -> HttpResponse:
    return lead(request, sign_in_first(request))


def _to_the_door(request: HttpRequest) -> HttpResponse:
    """What was sent was not kept: it is said where she arrives."""
    if request.method not in ("GET", "HEAD"):
        messages.warning(request, "Ce que vous veniez d’envoyer n’a pas été enregistré.")
    return lead(request, resolve_url("entry"))


def lead(request: HttpRequest, target: str) -> HttpResponse:
    """Send the whole browser to another address, whether a page or a fragment was asked."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def acting_member(request: MemberRequest) -> Member:
    """The member of a page that is not anonymous (the rule has checked)."""
    if request.member is None:
        raise PermissionDenied
    return request.member
