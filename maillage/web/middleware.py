"""One request, one transaction; and who is acting in it.

Not ATOMIC_REQUESTS: Django renders a template response after that block has ended, when the context is gone, and a
refusal would roll back the journal of its own denial.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from maillage.audit.actions import record
from maillage.cases.freezing import is_refusal
from maillage.core.clock import now, today
from maillage.core.row_security.context import Context, acting, remember
from maillage.organisations.member import Employer, Member, arrive
from maillage.organisations.models import User
from maillage.protection.requests.objecting import is_refusal as is_objected
from maillage.vault.store import WrongStore
from maillage.web.errors import keys_unavailable, objected, restricted

GetResponse = Callable[[HttpRequest], HttpResponseBase]
CURRENT = "organisation"  # key of the session: the organisation chosen in the switcher
PARIS = ZoneInfo("Europe/Paris")
_DENIALS, _UNAVAILABLE = (403, 404), 503
_logger = logging.getLogger(__name__)


class MemberRequest(HttpRequest):
    """What views receive: the instant of the request, who acts (None for anonymous people), and what must last.

    `lasting` is done again, apart, when the answer rolls the request back: a try that was counted, a code that served.
    """

    instant: datetime
    member: Member | None
    employers: tuple[Employer, ...]  # where she has a role today, whether or not it lets her act
    lasting: list[Callable[[], object]]


class RequestTransaction:
    """Runs the view and its rendering in one transaction; an error status rolls back, and a refusal is journalled apart."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with transaction.atomic():
            request.instant = now()  # type: ignore[attr-defined]  # the clock is read once per request
            request.lasting = []  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        remember(Context())
        if response.status_code >= 400:
            for act in request.lasting:  # type: ignore[attr-defined]
                with transaction.atomic():
                    act()
        response.headers.setdefault(
            "Cache-Control", "no-store"
        )  # refusals and redirections too: they say who asked
        member = cast("Member | None", getattr(request, "member", None))
        if response.status_code in (*_DENIALS, _UNAVAILABLE) and member is not None:
            _journal_apart(request, member, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What PostgreSQL refuses because a case is restricted, or the person objected to it, is said as that, whichever page asked.

        A key store that was lost while people work closes what needs it, and says so; the operator is told which.
        """
        if is_refusal(exception) or is_objected(exception):
            transaction.set_rollback(True)
            return restricted(request) if is_refusal(exception) else objected(request)
        if not isinstance(exception, WrongStore):
            return None
        page = request.resolver_match.view_name if request.resolver_match else ""
        _logger.error("key store: %s (%s), page %s", type(exception).__name__, exception, page)
        return keys_unavailable(request)


def _journal_apart(request: HttpRequest, member: Member, status: int) -> None:
    match = request.resolver_match
    with transaction.atomic(), acting(organisation=member.organisation, user=member.user):
        record(
            verb="denied" if status in _DENIALS else "keys_unavailable",
            object_type=match.view_name if match else "",
            object_ref=_first_id(match.kwargs.values() if match else ()),
            by=member.user,
            organisation=member.organisation,
            reason=f"{request.method} {status}",
        )


def _first_id(values: Iterable[object]) -> str:
    return next((str(value) for value in values if isinstance(value, UUID)), "")


class CurrentMember:
    """Sets the context of the transaction for the signed-in person and the organisation that she chose."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.member = None  # type: ignore[attr-defined]
        request.employers = ()  # type: ignore[attr-defined]
        if request.path.startswith("/static/"):
            return self.get_response(request)
        user = request.user
        if isinstance(user, AnonymousUser):
            return self.get_response(request)
        assert isinstance(user, User)  # noqa: S101 - tells the type checker what AUTH_USER_MODEL says
        wanted = request.session.get(CURRENT)
        arrival = arrive(
            user=user.id,
            user_name=user.full_name,
            wanted=UUID(wanted) if wanted else None,
            on=today(PARIS),
        )
        request.member, request.employers = arrival.member, arrival.employers  # type: ignore[attr-defined]
        return self.get_response(request)
