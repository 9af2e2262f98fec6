"""The copies on paper: what each organisation keeps, what came in and went out, when to order again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.catalogue import queries
from maillage.catalogue.models import StockMovement, Support
from maillage.catalogue.rules import MOVEMENTS, Standing
from maillage.catalogue.stock import (
    Held,
    has_stock,
    held_by,
    left_of,
    movements,
    note_movement,
    set_threshold,
    stock_of,
)
from maillage.core.identifiers import bound_id
from maillage.core.refusals import Refused
from maillage.organisations.directory.queries import still_open
from maillage.organisations.models import Organisation
from maillage.organisations.roles import Permission
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.components import Tile
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.refusals import place
from maillage.web.presentation.tables import Column, Row, Table, headings, plain_table
from maillage.web.presentation.tones import Tone
from maillage.web.referrals.tasks import local_day
from maillage.web.rules import acting_member, page
from maillage.web.supports.forms import MovementForm, ThresholdForm
from maillage.web.supports.reading import ABOVE, known_or_404, way_back
from maillage.web.supports.words import alarm, support_standing

_BODIES = 500


@page(permission=Permission.READ_CONVENTIONS)
def stocks(request: MemberRequest) -> HttpResponse:
    """What the member's organisation keeps on paper, by title."""
    member = acting_member(request)
    held = held_by(member)
    shown = queries.described(member, {one.support.id for one in held})
    rows = [
        Row(
            (
                one.support.title,
                one.support.organisation.short_name,
                number(one.left),
                "–" if one.threshold is None else number(one.threshold),
                _state(one, support_standing(shown[one.support.id])),
            ),
            url=reverse("supports:stock", args=[one.support.id]),
        )
        for one in held
    ]
    columns = [
        Column("Support"),
        Column("Proposé par"),
        Column("Reste", is_number=True),
        Column("Prévenir sous", is_number=True),
        Column("État"),
    ]
    empty = "Aucun stock. Ouvrez la page d’un formulaire, d’un dépliant, d’une affiche ou d’un guide papier, puis « Stock »."
    table = Table("stocks", counted(len(rows), "stock"), headings(columns, query={}), rows, empty=empty)
    return render(request, "supports/stocks.html", {"table": table, "breadcrumb": list(ABOVE)})


def _state(held: Held, standing: Standing) -> str:
    if standing is not Standing.CURRENT:
        return state_cell("Plus à jour : ne pas remettre", Tone.LATE)
    return state_cell("À commander", Tone.SOON) if held.is_low else state_cell("Suffisant", Tone.GOOD)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def stock(request: MemberRequest, support: UUID) -> HttpResponse:
    """What is left, what came and went, and one more movement."""
    member = acting_member(request)
    row = _on_paper(request, support)
    today = local_day(request.instant, member)
    form = MovementForm(
        request.POST if request.method == "POST" else None,
        bodies=_bodies(request),
        initial={"day": today},
    )
    if form.is_valid():
        try:
            note_movement(
                new_id=bound_id(form.new_id(), organisation=member.organisation, author=member.user),
                support=row,
                moved=form.moved(),
                recipient=form.sent_to(),
                by=member,
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Mouvement noté.")
            return redirect("supports:stock", support)
    return _page(request, support, form, None)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def threshold(request: MemberRequest, support: UUID) -> HttpResponse:
    """Below how many copies « À faire » says so."""
    row = _on_paper(request, support)
    form = ThresholdForm(request.POST)
    if form.is_valid():
        try:
            set_threshold(support=row, threshold=form.cleaned_data["threshold"], by=acting_member(request))
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Seuil enregistré.")
            return redirect("supports:stock", support)
    return _page(request, support, None, form)


def _on_paper(request: MemberRequest, support: UUID) -> Support:
    row = known_or_404(request, support).support
    if not has_stock(row):
        raise Http404
    return row


def _bodies(request: MemberRequest) -> list[tuple[UUID, str]]:
    member = acting_member(request)
    rows = Organisation.objects.filter(still_open(local_day(request.instant, member))).exclude(
        id=member.organisation
    )
    return list(rows.order_by("sort_name", "id").values_list("id", "name")[:_BODIES])


def _page(
    request: MemberRequest, support: UUID, form: MovementForm | None, bound: ThresholdForm | None
) -> HttpResponse:
    member, shown = acting_member(request), known_or_404(request, support)
    kept = stock_of(member, support)
    moves = movements(kept) if kept else []
    today = local_day(request.instant, member)
    context = {
        "support": shown.support,
        "breadcrumb": way_back(shown.support),
        "alarm": alarm(shown),
        "tiles": [Tile("Reste", number(left_of(kept) if kept else 0), "Après le dernier mouvement noté.")],
        "table": _moves(moves),
        "form": form or MovementForm(bodies=_bodies(request), initial={"day": today}),
        "threshold_form": bound or ThresholdForm(initial={"threshold": kept.threshold if kept else None}),
        "threshold_url": reverse("supports:threshold", args=[support]),
        "url": reverse("supports:stock", args=[support]),
    }
    return render(request, "supports/stock.html", context)


def _moves(moves: list[StockMovement]) -> Table:
    columns = [
        Column("Jour"),
        Column("Mouvement"),
        Column("Nombre", is_number=True),
        Column("Reste", is_number=True),
    ]
    rows = [
        (
            short_date(one.day),
            MOVEMENTS[one.kind] + (f" à {one.recipient.name}" if one.recipient else ""),
            number(one.quantity),
            number(one.balance),
        )
        for one in moves
    ]
    return plain_table(
        "mouvements", counted(len(rows), "mouvement"), columns, rows, empty="Aucun mouvement noté."
    )
