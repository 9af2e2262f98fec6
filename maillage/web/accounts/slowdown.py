"""The sign-in page slows down whoever guesses, before anything else of the request and in a transaction of its own."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from maillage.audit.actions import record
from maillage.core.row_security import acting
from maillage.organisations.attempts import Door

IPV6_NETWORK = 64  # what one subscriber is given


@dataclass
class Attempt:
    """One try of the sign-in page, as the adapter finds it on the request."""

    may_go_on: bool
    was_right: bool = False


class SignInSlowdown:
    """Outside the request's transaction: an answer that rolls back (an error, a JSON refusal) leaves the try counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or request.path != reverse("account_login"):
            return self.get_response(request)
        door = Door(account=request.POST.get("login", "").strip().lower(), source=source(request))
        attempt = Attempt(door.tried())
        request.attempt = attempt  # type: ignore[attr-defined]  # read by the adapter
        response = self.get_response(request)
        if attempt.was_right:
            door.opened()
        elif attempt.may_go_on:
            journal_failure("password")
        return response


def journal_failure(what: str) -> None:
    """A first factor was wrong: neither the address that was typed nor whether somebody has it is kept."""
    with transaction.atomic(), acting(organisation=None):
        record(verb="sign_in_failed", object_type="user", by=None, organisation=None, reason=what)


def source(request: HttpRequest) -> str:
    """The address that tries, as the trusted proxy tells it; a whole network where one subscriber has many addresses."""
    address = str(get_adapter().get_client_ip(request))
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((found, IPV6_NETWORK), strict=False))
    return address
