"""The kinds of flow of one's conventions and where their assessments stand; what one's organisation is asked; opening a version."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.french import typeset
from maillage.organisations.roles import Permission
from maillage.protection.assessments.models import AssessmentContribution
from maillage.protection.assessments.queries import (
    KindOfFlow,
    asked_visible_to,
    kind_of_flow,
    kinds_of_flow,
)
from maillage.protection.assessments.rules import STATUS_WORDS, Kind
from maillage.protection.assessments.writing import open_version
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import due_cell, state_cell
from maillage.web.presentation.components import due_badge
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.tables import Column, Row, Table, headings, page_asked, pages
from maillage.web.presentation.tones import Tone
from maillage.web.protection.assessments.forms import OpenForm
from maillage.web.protection.assessments.opening import above
from maillage.web.protection.assessments.words import STATUS_TONES
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

SIZE = 50
_KINDS = [Column("Échanges"), Column("Convention"), Column("Où elle en est"), Column("À revoir")]
_ASKED = [Column("Demande"), Column("De"), Column("Sur"), Column("Attendue")]


@page(permission=Permission.PROTECT_DATA)
def assessments(request: MemberRequest) -> HttpResponse:
    """Each kind of flow of the conventions in force, then what one's organisation is asked."""
    member = acting_member(request)
    on = request.instant.astimezone(zone_of(member)).date()
    found = kinds_of_flow(member, request.instant)
    asked, last = page_asked(request.GET), max(1, -(-len(found) // SIZE))
    first = (min(asked, last) - 1) * SIZE
    table = Table(
        name="analyses",
        caption="Sortes d’échanges de vos conventions en vigueur",
        headings=headings(_KINDS, query={}),
        rows=[_kind(one) for one in found[first : first + SIZE]],
        pages=pages(page=asked, size=SIZE, total=len(found), query=request.GET.dict()) if last > 1 else None,
        empty="Aucune convention en vigueur de votre organisme n’échange de données sur des personnes.",
    )
    mine = (
        asked_visible_to(member).filter(organisation=member.organisation).exclude(leader=member.organisation)
    )
    requests = Table(
        name="demandes",
        caption="Ce que d’autres demandent à votre organisme",
        headings=headings(_ASKED, query={}),
        rows=[
            Row(
                (
                    typeset(Kind.of(one.kind).label),
                    one.leader.short_name,
                    one.subject,
                    _when(one)
                    if one.answered_at or one.withdrawn_at
                    else due_cell(due_badge(one.due_on, on)),
                ),
                url=reverse("protection:assessment_contribution", args=[one.pk]),
            )
            for one in mine.order_by("-recorded_at", "id")[:SIZE]
        ],
        empty="Rien n’est demandé à votre organisme.",
    )
    return render(request, "protection/assessments.html", {"table": table, "requests": requests})


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def open_one(request: MemberRequest, convention: UUID, regime: str) -> HttpResponse:
    """Open the next version for a kind of flow."""
    member = acting_member(request)
    kind = kind_of_flow(member, convention, regime, request.instant)
    if kind is None:
        raise Http404
    pages_above = above()
    context: dict[str, Any] = {
        "title": "Ouvrir une analyse d’impact",
        "button": "Ouvrir",
        "breadcrumb": pages_above,
        "back": pages_above[-1][1],
    }
    if not kind.is_mine:
        named = ", ".join(filter(None, (_name(kind, key) for key in kind.leaders.led_by)))
        context["lead"] = typeset(
            f"Le texte désigne {named} pour mener cette analyse ({kind.leaders.article})."
        )
        return render(request, "one_form.html", context)
    if kind.draft is not None:
        return redirect("protection:assessment", kind.draft.pk)
    form = OpenForm(request.POST if request.method == "POST" else None, is_named=bool(kind.leaders.led_by))
    context["lead"] = typeset(
        f"{kind.known.row.title} : {kind.regime.scope}. "
        + (
            "La nouvelle version reprend la version validée."
            if kind.valid
            else "La description se remplit du texte."
        )
    )
    made: list[UUID] = []

    def act(values: dict[str, Any]) -> None:
        row = open_version(
            assessment_id=form.new_id(),
            kind=kind,
            lead_reason=values.get("lead_reason", ""),
            by=member,
            at=request.instant,
        )
        made.append(row.pk)

    if request.method == "POST" and acted(request, form, act, "Version ouverte."):
        return redirect("protection:assessment", made[0]) if made else redirect("protection:assessments")
    return render(request, "one_form.html", context | {"form": form})


def _kind(one: KindOfFlow) -> Row:
    row = one.newest
    if row is not None:
        url = reverse("protection:assessment", args=[row.pk])
    else:
        url = reverse("protection:assessment_open", args=[one.known.id, one.regime.key])
    leads = row is not None or one.is_mine
    words = STATUS_WORDS[one.status] if leads else "Menée par une autre partie"
    until = long_date(one.valid.review_on) if one.valid and one.valid.review_on else "–"
    if one.has_changed:
        until = "Le texte a changé"
    tone = STATUS_TONES[one.status] if leads else Tone.NEUTRAL
    return Row((one.regime.scope, one.known.row.title, state_cell(words, tone), until), url=url)


def _when(one: AssessmentContribution) -> str:
    if one.answered_at:
        return f"Répondue le {long_instant(one.answered_at)}"
    return "N’est plus attendue"


def _name(kind: KindOfFlow, key: str) -> str:
    party = kind.known.party(key)
    return party.name if party else key
