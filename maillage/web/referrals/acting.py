"""What the acts on a case share: reaching it, acting once, saying what happened, and losing nothing that was typed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from maillage.cases.models import Participation
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.referrals import queries
from maillage.referrals.models import Referral
from maillage.referrals.withheld import is_withheld
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.reading import show_case
from maillage.web.rules import acting_member

ALREADY = "C’était déjà fait : votre premier clic a suffi."


SENT_BACK = "L’organisme qui vous l’a adressée est prévenu."
_KEPT_BACK = "L’organisme qui vous l’a adressée n’en sait rien : la personne l’a voulu ainsi."


def told_back(referral: Referral, done: str) -> str:
    """What was done, and whether the sender knows of it: not where the person withholds the progress from it."""
    return f"{done} {_KEPT_BACK if is_withheld(referral.case) else SENT_BACK}"


def act(
    request: MemberRequest,
    referral: Referral,
    action: Callable[[], Any],
    *,
    done: str,
    same: str = ALREADY,
    mine: Callable[[Referral], bool] = lambda _: False,
    form: tuple[str, Form] | None = None,
) -> HttpResponse:
    """Act; when it is too late, one's own second click is answered as the first, another's is told.

    `mine` says whether the referral, as it is now, is as one's own click left it. An action that returns False changed
    nothing: `same` says so.
    `form`, with its name, is valid: what the rules refuse is said at its fields, and what was typed too late is shown again.
    """
    case, member = referral.case_id, acting_member(request)
    try:
        if action() is False:
            messages.info(request, same)
        else:
            messages.success(request, done)
    except TransitionRefused as refused:
        if mine(queries.referral_of(member, case)):
            messages.info(request, ALREADY)
        else:
            messages.warning(request, str(refused))
            if form is not None:
                return show_case(request, case, refused=dict([form]))
    except Refused as refused:
        if form is None:
            messages.warning(request, refused.message)
            return redirect("referrals:case", case)
        for fault in refused.faults:
            form[1].add_error(fault.field, fault.message)
        return show_case(request, case, refused=dict([form]))
    return redirect("referrals:case", case)


def the_referral(request: MemberRequest, case: UUID) -> Referral:
    """The referral to act on; unknown to whoever takes no part in it."""
    try:
        return queries.referral_of(acting_member(request), case)
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown
