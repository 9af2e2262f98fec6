"""Each page declares its rule: who may open it, with which methods. The generated probes read the same declaration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.errors import method_not_allowed
from maillage.web.middleware import MemberRequest

P = ParamSpec("P")
View = Callable[Concatenate[MemberRequest, P], HttpResponse]


@dataclass(frozen=True)
class Rule:
    """Who may open a page: everyone, whoever is signed in, or whoever holds the permission; and the HTTP methods.

    `fresh`: she proved of late that it is still she (always, or where the address' `slug` is one of these).
    `meanwhile`: it opens before a given password is changed and a required second factor is there.
    Both are enforced for every page by `maillage.web.accounts.gate.Gate`.
    """

    permission: Permission | None
    methods: tuple[str, ...]
    anonymous: bool = False
    fresh: bool | tuple[str, ...] = False
    meanwhile: bool = False

    def asks_again(self, arguments: Mapping[str, object]) -> bool:
        """Whether the page with these arguments of its address asks for a recent proof."""
        return self.fresh if isinstance(self.fresh, bool) else arguments.get("slug") in self.fresh


def page(
    *,
    permission: Permission | None = None,
    methods: tuple[str, ...] = ("GET",),
    anonymous: bool = False,
    fresh: bool | tuple[str, ...] = False,
    meanwhile: bool = False,
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Declare a view's rule and enforce it: sign-in first, then 403 without the permission; 404 is the view's own.

    `GET` includes `HEAD`. An htmx fragment asked after the session ended answers `HX-Redirect`, not a page inside a page.
    """
    rule = Rule(permission, methods, anonymous, fresh, meanwhile)

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def enforced(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in (*rule.methods, "HEAD" if "GET" in rule.methods else ""):
                return method_not_allowed(request, rule.methods)
            member: Member | None = getattr(request, "member", None)
            if not rule.anonymous:
                if not request.user.is_authenticated:
                    return _sign_in(request)
                if member is None:
                    raise PermissionDenied("Vous ne travaillez aujourd’hui pour aucun organisme de Maillage.")
                if rule.permission is not None and not member.may(rule.permission):
                    raise PermissionDenied("Votre rôle ne permet pas d’ouvrir cette page.")
            response = view(cast("MemberRequest", request), *args, **kwargs)
            response.setdefault("Cache-Control", "no-store")
            return response

        enforced.rule = rule  # type: ignore[attr-defined]  # read by the probes and by the documents
        return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", enforced)

    return decorate


def rule_of(view: Any) -> Rule | None:
    """The rule that a view declares, or None."""
    found = getattr(view, "rule", None)
    return found if isinstance(found, Rule) else None


def _sign_in(request: HttpRequest) -> HttpResponse:
    return lead(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")


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
