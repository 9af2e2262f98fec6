"""A session ends by itself: after a time without a request, and at the end of the day."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase

from maillage.credentials.sessions import leave, see
from maillage.organisations.models import User
from maillage.web.accounts.proofs import SEEN, has_ended
from maillage.web.middleware import MemberRequest

GRAIN = 60  # seconds: one write a minute, not one a request


class SessionLifetime:
    """Before anybody acts: whoever's session has ended is nobody, whether a page or a fragment was asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/static/") and request.user.is_authenticated:
            user, instant = request.user, cast("MemberRequest", request).instant
            assert isinstance(user, User)  # noqa: S101 - tells the type checker what AUTH_USER_MODEL says
            key = str(request.session.session_key)
            if has_ended(request, instant.timestamp()):
                leave(user=user, key=key)
                logout(request)
            elif instant.timestamp() - request.session[SEEN] >= GRAIN:
                request.session[SEEN] = instant.timestamp()
                see(user=user, key=key, at=instant)
        return self.get_response(request)
