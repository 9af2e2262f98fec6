"""The committees of a convention: when each is owed, its meetings, what the parties write for the next one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.commitments.rules import Standing
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.steering.committees.models import Meeting, Remark
from maillage.steering.committees.policies import can_steer
from maillage.steering.committees.queries import CommitteeLine, final_due, meetings_of
from maillage.steering.committees.queries import committees as standing
from maillage.steering.committees.remarks import add_remark
from maillage.steering.committees.remarks import withdraw as take_back
from maillage.web.committees.forms import NATURES, RemarkForm
from maillage.web.committees.opening import above, reached, steering
from maillage.web.committees.words import meeting_day, meeting_state
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import article_words, cadence_text
from maillage.web.conventions.writing.refusals import acted
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import link_cell, state_cell
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.one_form import one_form
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

_SHOWN = 200
_TONES = {
    Standing.LATE: Tone.LATE,
    Standing.SOON: Tone.SOON,
    Standing.OWED: Tone.INFO,
    Standing.KEPT: Tone.GOOD,
}


@page(permission=Permission.READ_CONVENTIONS)
def committees(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Each committee of the text and where it stands; its meetings; what was written since."""
    known, member = reached(request, convention), acting_member(request)
    on = day_of(known.row, request.instant)
    meetings = meetings_of(known)
    lines = standing(known, on, meetings)
    final = final_due(known, on, meetings)
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "clauses": _clauses(lines),
        "meetings": _meetings(known, meetings),
        "remarks": _remarks(known, member.organisation),
        "may": can_steer(member, known),
        "has_committees": bool(lines),
        "final": typeset(f"Un bilan final est à tenir avant le terme, le {long_date(final)}.")
        if final
        else "",
    }
    return render(request, "committees/list.html", context)


def _clauses(lines: list[CommitteeLine]) -> Table:
    rows = [
        (
            typeset(one.clause.name),
            cadence_text(one.clause.cadence) or "–",
            state_cell(_standing(one), _tone(one)),
            short_date(one.last_on) if one.last_on else "jamais notée ici",
            article_words(one.clause.article),
        )
        for one in lines
    ]
    head = ["Comité", "Rythme", "Prochaine réunion", "Dernière réunion tenue", "Article"]
    return card_table("comites", counted(len(rows), "comité"), head, rows)


def _tone(one: CommitteeLine) -> Tone:
    """A meeting that is planned worries nobody any more."""
    return Tone.INFO if one.coming is not None else _TONES.get(one.followed.standing, Tone.NEUTRAL)


def _standing(one: CommitteeLine) -> str:
    if one.coming is not None:
        return typeset(f"prévue le {short_date(one.coming.planned_on)}")
    said = {
        Standing.KEPT: "tenue pour cette période",
        Standing.LATE: "en retard",
        Standing.SOON: "à prévoir bientôt",
        Standing.OWED: "à prévoir",
    }.get(one.followed.standing, one.followed.standing.label)
    return typeset(f"{said}, attendue avant le {short_date(one.followed.due)}" if one.followed.due else said)


def _meetings(known: LoadedConvention, meetings: list[Meeting]) -> Table:
    rows = [
        (
            link_cell(typeset(one.name), reverse("committees:meeting", args=[one.pk])),
            meeting_day(known, one),
            meeting_state(one),
            typeset(one.inside) or "–",
        )
        for one in meetings
    ]
    return card_table(
        "reunions", counted(len(rows), "réunion"), ["Réunion", "Jour", "État", "Tenue au sein de"], rows
    )


def _remarks(known: LoadedConvention, organisation: UUID) -> list[dict[str, Any]]:
    """What the parties wrote for the committee, the newest first, with its nature and who wrote it."""
    body = {party.organisation: party.short_name for party in known.signatories}
    words = dict(NATURES)
    rows = Remark.objects.filter(convention=known.row, meeting=None, withdrawn_at=None).order_by(
        "-recorded_at", "-id"
    )
    return [
        {
            "kind": words[one.kind],
            "text": one.text,
            "who": typeset(
                f"{body.get(one.recorded_for_id, '')}, le {long_date(one.recorded_at, known.zone)}"
            ),
            "withdraw": reverse("committees:remark_withdraw", args=[one.pk])
            if one.recorded_for_id == organisation
            else "",
        }
        for one in rows[:_SHOWN]
    ]


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def remark(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Write an alert, a good practice or a path of improvement."""
    known = reached(request, convention)
    steering(request, known)
    form = RemarkForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> object:
        return add_remark(
            convention=known.row, remark_id=form.new_id(), kind=values["kind"], text=values["text"],
            by=acting_member(request), at=request.instant,
        )  # fmt: skip

    if request.method == "POST" and acted(request, form, act, "Noté : le prochain ordre du jour le reprend."):
        return redirect("committees:list", known.id)
    return one_form(
        request, form, title="Écrire au comité", button="Enregistrer", pages=above(known),
        lead="Toutes les parties de la convention le lisent. L’ordre du jour de la prochaine réunion le reprend.",
    )  # fmt: skip


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def withdraw(request: MemberRequest, remark: UUID) -> HttpResponse:
    """Take back what one's organisation wrote."""
    member = acting_member(request)
    row = Remark.objects.filter(pk=remark).first()
    if row is None:
        raise Http404
    try:
        take_back(remark=row.pk, by=member, at=request.instant)
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, "Retiré.")
    if row.meeting_id:
        return redirect("committees:meeting", row.meeting_id)
    return redirect("committees:list", row.convention_id)
