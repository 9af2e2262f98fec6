"""Sign-in rules that differ from allauth's own: nobody signs up here, a second factor follows, each entry is journalled."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from maillage.audit.actions import record
from maillage.core.row_security import acting
from maillage.credentials.sessions import leave, open_session
from maillage.organisations.models import User
from maillage.web.accounts.proofs import FACTOR, PASSWORD, WAY

SECOND_FACTOR_STAGE = "maillage.web.accounts.stages.SecondFactorStage"


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by an organisation's administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_stages(self) -> list[str]:
        """Ours only: allauth's own verify addresses and telephones."""
        return [SECOND_FACTOR_STAGE]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a try beyond the bounds, and one that nobody counted: no other door leads to a password."""
        attempt = getattr(request, "attempt", None)
        if attempt is None or not attempt.may_go_on:
            raise self.validation_error("too_many_login_attempts")

    def pre_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse | None:
        """The first factor was right: its try counts no more."""
        if (attempt := getattr(request, "attempt", None)) is not None:
            attempt.was_right = True  # read by SignInSlowdown
            request.session[WAY] = PASSWORD
        response: HttpResponse | None = super().pre_login(request, user, **rest)
        return response

    def post_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse:
        """Journal the sign-in; no organisation is chosen yet, so it goes to the platform's chain."""
        factor: str = getattr(request, "second_factor", "")  # set by whoever verified it
        if factor:
            request.session[FACTOR] = True
        way = request.session.get(WAY, PASSWORD)
        with acting(organisation=None, user=user.id):
            record(
                verb="signed_in",
                object_type="user",
                object_ref=user.id,
                by=user.id,
                organisation=None,
                reason=f"{way}+{factor}" if factor else way,
            )
            open_session(
                user=user,
                key=str(request.session.session_key),
                address=self.get_client_ip(request),
                agent=request.headers.get("User-Agent", ""),
                at=request.instant,  # type: ignore[attr-defined]  # set by RequestTransaction
            )
        response: HttpResponse = super().post_login(request, user, **rest)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Forget the browser, then allauth's."""
        user = request.user
        if isinstance(user, User):
            leave(user=user, key=str(request.session.session_key))
        super().logout(request)
