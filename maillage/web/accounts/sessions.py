"""One's open sessions, and closing them."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from maillage.credentials.sessions import close, digest, sessions_of
from maillage.web.accounts.shown import browser, session_words, signed_in_user
from maillage.web.middleware import MemberRequest
from maillage.web.rules import page


@page(at_the_door=True, methods=("GET", "POST"), fresh=True)
def sessions(request: MemberRequest) -> HttpResponse:
    """Which browsers are signed in; posted: close one, or all but this one."""
    user, key = signed_in_user(request), str(request.session.session_key)
    if request.method == "POST":
        closed = close(user=user, session=_wanted(request), except_key=key)
        said = {0: "Cette session était déjà fermée.", 1: "Session fermée."}
        messages.success(request, said.get(closed, f"{closed} sessions fermées."))
        return redirect("sessions")
    since = request.instant - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    mine = digest(key)
    lines = [
        (browser(row.agent), session_words(row), row.key == mine, str(row.id))
        for row in sessions_of(user)
        if row.seen_at > since or row.key == mine
    ]
    return render(request, "account/sessions.html", {"lines": lines, "has_others": len(lines) > 1})


def _wanted(request: MemberRequest) -> UUID | None:
    if "toutes" in request.POST:
        return None
    try:
        return UUID(request.POST.get("session", ""))
    except ValueError:
        return UUID(int=0)  # nobody's
