"""The minutes of a meeting, written and validated."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render

from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.steering.committees.agenda import Point
from maillage.steering.committees.minutes import GENERAL, Overtaken, newest_minutes, write_minutes
from maillage.steering.committees.minutes import validate as agree
from maillage.steering.committees.models import Minutes
from maillage.steering.committees.policies import can_validate
from maillage.steering.committees.states import State
from maillage.web.committees.forms import MinutesForm
from maillage.web.committees.opening import above, reached_meeting, steering, to_meeting
from maillage.web.conventions.writing.refusals import place
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def minutes(request: MemberRequest, meeting: UUID) -> HttpResponse:
    """Write the minutes, point by point. Of two who write, the second is told, and keeps what she typed."""
    known, row = reached_meeting(request, meeting)
    steering(request, known)
    if row.state not in (State.HELD, State.CLOSED):
        messages.info(request, "Le compte rendu s’écrit une fois la réunion tenue.")
        return to_meeting(row)
    points = [Point.from_data(one) for one in row.agenda]
    newest = newest_minutes(row)
    base = newest.number if newest else 0
    given = {**(newest.body if newest else {}), "base": base}
    form = MinutesForm(request.POST if request.method == "POST" else None, points=points, initial=given)
    theirs: Minutes | None = None
    if request.method == "POST" and form.is_valid():
        try:
            write_minutes(
                meeting=row.pk, body=form.body(), base=form.cleaned_data["base"], by=acting_member(request), at=request.instant
            )  # fmt: skip
        except Overtaken as overtaken:
            theirs = overtaken.theirs
            form = _again(request, points, overtaken)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(
                request, "Compte rendu enregistré : chaque partie membre est appelée à le valider."
            )
            return to_meeting(row, "compte-rendu")
    context = {
        "form": form,
        "breadcrumb": above(known, row),
        "back": above(known, row)[-1][1],
        "validated": row.state == State.CLOSED or bool(newest and newest.validations.exists()),
        "theirs": _texts(theirs, points) if theirs else [],
        "their_number": theirs.number if theirs else 0,
    }
    return render(request, "committees/minutes.html", context)


def _again(request: MemberRequest, points: list[Point], overtaken: Overtaken) -> MinutesForm:
    """The same texts over the version that the writer now sees."""
    data = request.POST.copy()
    data["base"] = str(overtaken.theirs.number)
    form = MinutesForm(data, points=points, initial={})
    place(form, overtaken)
    return form


def _texts(row: Minutes, points: list[Point]) -> list[tuple[str, str]]:
    """What a version says, point by point, in the order of the agenda."""
    titles = [*((point.key, point.title) for point in points), (GENERAL, "En général")]
    return [(typeset(title), row.body[key]) for key, title in titles if row.body.get(key)]


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def validate(request: MemberRequest, meeting: UUID) -> HttpResponse:
    """Validate the version that one has read, for one's organisation."""
    known, row = reached_meeting(request, meeting)
    if not can_validate(acting_member(request), known, row):
        raise PermissionDenied("Seules les parties membres de ce comité valident son compte rendu.")
    asked: Any = request.POST.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    try:
        agree(meeting=row.pk, number=number, by=acting_member(request), at=request.instant)
    except Refused as refused:
        messages.warning(request, refused.message)
    except TransitionRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Compte rendu validé pour votre organisme.")
    return to_meeting(row, "compte-rendu")
