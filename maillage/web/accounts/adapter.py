"""Sign-in rules that differ from allauth's own: nobody signs up here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from maillage.audit.actions import record
from maillage.organisations.models import User


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by an organisation's administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def post_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse:
        """Journal the sign-in; no organisation is chosen yet, so it goes to the platform's chain."""
        record(verb="signed_in", object_type="user", object_ref=user.id, by=user.id, organisation=None)
        response: HttpResponse = super().post_login(request, user, **rest)
        return response
