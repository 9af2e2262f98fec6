"""Sign-in rules that differ from allauth's own: nobody signs up here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from maillage.audit.actions import record
from maillage.core.row_security import acting
from maillage.organisations.models import User


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by an organisation's administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a try beyond the bounds, and one that nobody counted: no other door leads to a password."""
        attempt = getattr(request, "attempt", None)
        if attempt is None or not attempt.may_go_on:
            raise self.validation_error("too_many_login_attempts")

    def post_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse:
        """Journal the sign-in; no organisation is chosen yet, so it goes to the platform's chain."""
        with acting(organisation=None, user=user.id):
            record(verb="signed_in", object_type="user", object_ref=user.id, by=user.id, organisation=None)
        request.attempt.signed_in = True  # type: ignore[attr-defined]  # set by SignInSlowdown
        response: HttpResponse = super().post_login(request, user, **rest)
        return response
