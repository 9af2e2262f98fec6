"""What the acts on an application share: acting once, saying what happened, and losing nothing that was typed."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect

from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.rights.models import Application, ApplicationEvent
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.refusals import place
from maillage.web.referrals.acting import ALREADY
from maillage.web.rights.reading import show
from maillage.web.rules import acting_member

TOLD = "L’autre organisme est prévenu."


def act(
    request: MemberRequest,
    application: Application,
    action: Callable[[], Any],
    *,
    done: str,
    kinds: Collection[str] = (),
    form: tuple[str, Form] | None = None,
) -> HttpResponse:
    """Act; when it is too late, one's own second click is answered as the first, another's is told.

    `kinds`: the events by one of which one's own click would have left it. An action that returns False changed nothing.
    `form`, with its name, is valid: what the rules refuse is said at its fields, and what was typed too late is shown again.
    """
    case, member = application.case_id, acting_member(request)
    try:
        if action() is False:
            messages.info(request, ALREADY)
        else:
            messages.success(request, done)
    except TransitionRefused as refused:
        if _is_mine(case, kinds, member):
            messages.info(request, ALREADY)
        else:
            messages.warning(request, str(refused))
            if form is not None:
                return show(request, case, refused=dict([form]))
    except Refused as refused:
        if form is None:
            raise
        place(form[1], refused)
        return show(request, case, refused=dict([form]))
    return redirect("rights:application", case)


def _is_mine(case: UUID, kinds: Collection[str], member: Member) -> bool:
    """Whether the last thing that happened is what this click asked for, by the same person."""
    last = ApplicationEvent.objects.filter(case_id=case).order_by("-noted_at", "-id").first()
    return last is not None and last.kind in kinds and last.noted_by == member.user
