"""What a session remembers of the proofs that its owner gave: when it opened, when it was last at work, what was proved."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from maillage.core.clock import now
from maillage.credentials.rules import Lifetime, is_fresh, is_over

OPENED, SEEN, PROVED, FACTOR, WAY = "opened", "seen", "proved", "second_factor", "way"
PASSWORD, PROVIDER = "password", "provider"  # the first factor


def _opened(request: HttpRequest, **_: Any) -> None:
    """Signing in is a proof, whatever the door."""
    at = now().timestamp()
    request.session.update({OPENED: at, SEEN: at, PROVED: at})


user_logged_in.connect(_opened, dispatch_uid="maillage.session_opened")


def has_ended(request: HttpRequest, at: float) -> bool:
    """Whether the session lasted too long, or idled; one that nobody stamped was not opened by our door."""
    session = request.session
    if OPENED not in session or SEEN not in session:
        return True
    lifetime = Lifetime(settings.SESSION_IDLE_SECONDS, settings.SESSION_ABSOLUTE_SECONDS)
    return is_over(opened=session[OPENED], seen=session[SEEN], at=at, lifetime=lifetime)


def gave_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor was given in this session."""
    return bool(request.session.get(FACTOR))


def proved_of_late(request: HttpRequest, at: float) -> bool:
    """Whether the last proof opens what is sensitive."""
    return is_fresh(proved=request.session.get(PROVED), at=at, seconds=settings.FRESH_SECONDS)


def remember_proof(request: HttpRequest, at: float, *, second_factor: bool) -> None:
    """A proof was given now."""
    request.session[PROVED] = at
    if second_factor:
        request.session[FACTOR] = True


def held(request: HttpRequest) -> str | None:
    """The name of the page to which someone is held, or None: a given password to change, then a second factor to add."""
    user: Any = request.user
    if user.one_time_password and request.session.get(WAY) != PROVIDER:
        return "password"
    if settings.SECOND_FACTOR_REQUIRED and not gave_second_factor(request):
        return "factors"
    return None
