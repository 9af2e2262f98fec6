"""Planning, convening, cancelling and holding a meeting; adding a point to its agenda."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from maillage.conventions.commitments.queries import register
from maillage.conventions.commitments.rules import PRESSING, Standing
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.referents.queries import on_duty
from maillage.conventions.terms.commitments import CommitmentKind
from maillage.organisations.roles import Permission
from maillage.steering.committees import actions
from maillage.steering.committees.actions import Convened, Planned
from maillage.steering.committees.models import Meeting
from maillage.steering.committees.opening import clause_of
from maillage.steering.committees.policies import can_convene
from maillage.steering.committees.queries import expected_on
from maillage.steering.committees.remarks import add_item
from maillage.steering.committees.states import State
from maillage.web.committees.forms import ConveneForm, HoldForm, ItemForm, PlanForm, ReasonForm
from maillage.web.committees.opening import (
    above,
    reached,
    reached_meeting,
    steering,
    to_meeting,
)
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.one_form import one_form
from maillage.web.rules import acting_member, page

_CHARGED = "Le texte confie la convocation à une autre partie."


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def plan(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Plan a meeting of a committee of the text."""
    known = reached(request, convention)
    steering(request, known)
    on = day_of(known.row, request.instant)
    clauses = known.readable(on).committees
    asked = request.GET.get("comite", "") or (clauses[0].key if clauses else "")
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        committees=[(one.key, one.name) for one in clauses],
        parties=[(party.key, party.name) for party in known.signatories],
        initial={
            "committee": asked,
            "kind": "final" if request.GET.get("nature") == "final" else "regular",
            "planned_on": expected_on(known, asked, on),
            "inside": next((one.may_sit_inside for one in clauses if one.key == asked), "") or "",
        },
    )
    made: list[Meeting] = []

    def act(values: dict[str, Any]) -> None:
        said = Planned(
            form.new_id(), values["committee"], values["planned_on"], values["kind"], values["inside"], tuple(values["needed"])
        )  # fmt: skip
        made.append(
            actions.plan(convention=known.row, said=said, by=acting_member(request), at=request.instant)
        )

    if request.method == "POST" and acted(
        request, form, act, "Réunion prévue : les autres parties sont prévenues."
    ):
        return to_meeting(made[0])
    return one_form(
        request, form, title="Prévoir une réunion", button="Prévoir la réunion", pages=above(known),
        lead="Vous la convoquerez ensuite, avec son heure et son lieu. Son ordre du jour se remplit de lui-même.",
    )  # fmt: skip


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def convene(request: MemberRequest, meeting: UUID) -> HttpResponse:
    """Convene the members, or again for another day or place."""
    known, row = _convened(request, meeting)
    starts = row.starts_at.astimezone(known.zone) if row.starts_at else None
    given = {
        "day": starts.date() if starts else row.planned_on,
        "hour": starts.time() if starts else None,
        "place": row.place,
        "link": row.link,
        "inside": row.inside,
    }
    form = ConveneForm(request.POST if request.method == "POST" else None, zone=known.zone, initial=given)

    def act(values: dict[str, Any]) -> None:
        said = Convened(
            form.starts_at(), values["place"], values["link"], values["inside"], values["with_pack"]
        )
        actions.convene(meeting=row.pk, said=said, by=acting_member(request), at=request.instant)

    done = "Convocation envoyée : les autres membres reçoivent un lien, sans rien de son contenu."
    if request.method == "POST" and acted(request, form, act, done):
        return to_meeting(row)
    return one_form(
        request, form, title="Convoquer la réunion", button="Convoquer", pages=above(known, row),
        lead="Chaque partie membre est prévenue, et ses référents. La convocation s’imprime depuis la page de la réunion.",
    )  # fmt: skip


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def cancel(request: MemberRequest, meeting: UUID) -> HttpResponse:
    """Cancel a meeting, and say why."""
    known, row = _convened(request, meeting)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        actions.cancel(meeting=row.pk, reason=values["reason"], by=acting_member(request), at=request.instant)

    if request.method == "POST" and acted(
        request, form, act, "Réunion annulée : les autres membres sont prévenus."
    ):
        return to_meeting(row)
    return one_form(
        request, form, title="Annuler la réunion", button="Annuler la réunion", pages=above(known, row),
        lead="Les autres membres sont prévenus. La raison reste lisible sur sa page.",
    )  # fmt: skip


def _convened(request: MemberRequest, meeting: UUID) -> tuple[LoadedConvention, Meeting]:
    """A meeting that one may convene. Raises Http404, PermissionDenied."""
    known, row = reached_meeting(request, meeting)
    steering(request, known)
    clause = clause_of(known, row.committee_key, day_of(known.row, request.instant))
    if not can_convene(acting_member(request), known, clause):
        raise PermissionDenied(_CHARGED)
    return known, row


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def item(request: MemberRequest, meeting: UUID) -> HttpResponse:
    """Add a point to the agenda of a meeting to come."""
    known, row = reached_meeting(request, meeting)
    steering(request, known)
    form = ItemForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        add_item(
            meeting=row.pk, remark_id=form.new_id(), text=values["text"], by=acting_member(request), at=request.instant
        )  # fmt: skip

    if request.method == "POST" and acted(request, form, act, "Point ajouté à l’ordre du jour."):
        return to_meeting(row, "ordre-du-jour")
    return one_form(
        request, form, title="Ajouter un point", button="Ajouter", pages=above(known, row),
        lead="Il s’ajoute à la suite de ce que l’ordre du jour reprend de lui-même.",
    )  # fmt: skip


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def hold(request: MemberRequest, meeting: UUID) -> HttpResponse:
    """Note that the meeting was held, and who was represented."""
    known, row = reached_meeting(request, meeting)
    steering(request, known)
    form = HoldForm(
        request.POST if request.method == "POST" else None,
        parties=_parties(known, row, request),
        owed=_owed(known, request),
    )

    def act(values: dict[str, Any]) -> None:
        actions.hold(
            meeting=row.pk, presence=form.present(), shows=tuple(values.get("shows", ())), with_pack=values["with_pack"],
            by=acting_member(request), at=request.instant,
        )  # fmt: skip

    if request.method == "POST" and acted(request, form, act, "Réunion notée comme tenue."):
        return to_meeting(row)
    needed = [known.party(key) for key in row.needed]
    names = ", ".join(party.short_name for party in needed if party)
    return one_form(
        request, form, title="Noter que la réunion s’est tenue", button="Enregistrer", pages=above(known, row),
        lead=f"L’ordre du jour est figé. Quorum : {names}. Sans quorum, les décisions sont à confirmer à la réunion suivante.",
    )  # fmt: skip


def _parties(known: LoadedConvention, row: Meeting, request: MemberRequest) -> list[tuple[str, str, str]]:
    """Each member party, with the functions of its referents on duty."""
    duty = on_duty(known, day_of(known.row, request.instant)) if row.state == State.CONVENED else ()
    return [
        (party.key, party.name, ", ".join(one.function for one in duty if one.party_key == party.key)[:200])
        for party in known.signatories
        if party.key in row.members
    ]


def _owed(known: LoadedConvention, request: MemberRequest) -> list[tuple[str, str]]:
    """What one's organisation owes of the follow-up of the convention, and nothing shows yet."""
    mine, wanted = known.mine.key if known.mine else "", {*PRESSING, Standing.OWED}
    return [
        (one.clause.key, one.clause.what)
        for one in register(known, day_of(known.row, request.instant))
        if mine in one.clause.debtors
        and one.clause.kind is CommitmentKind.MONITORING
        and one.followed.standing in wanted
    ]
