"""Which organisation stands behind a party: searched in the directory, chosen among those that the text admits."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.drafting import actions
from maillage.conventions.drafting.rules import may_stand_for
from maillage.conventions.drafting.starting import label_of
from maillage.conventions.terms.parties import Party
from maillage.core.identifiers import compact_number
from maillage.core.refusals import Refused
from maillage.core.text import sort_key
from maillage.organisations.kinds import BodyKind
from maillage.organisations.models import Organisation
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.drafting import not_writable, tell
from maillage.web.conventions.writing.forms import BodyForm, SearchForm
from maillage.web.conventions.writing.opening import reached
from maillage.web.conventions.writing.refusals import sentence
from maillage.web.conventions.writing.stage import stage_of
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.numbers import siret
from maillage.web.rules import acting_member, page

SHOWN = 20


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def choose(request: MemberRequest, convention: UUID, key: str) -> HttpResponse:
    """Choose the body behind one party; the search stands in the address, the choice is posted."""
    known = reached(request, convention)
    if (elsewhere := not_writable(request, known)) is not None:
        return elsewhere
    party = next((one for one in known.base.parties if one.key == key), None)
    if party is None:
        raise Http404
    stage = stage_of(known)
    search = SearchForm(request.GET)
    sought = search.cleaned_data["q"] if search.is_valid() else ""
    found = _found(party, sought)
    chosen = known.row.chosen.get(key, "")
    form = BodyForm(
        request.POST if request.method == "POST" else None,
        bodies=[(str(body.id), _label(body)) for body in found[:SHOWN]],
        initial={"organisation": chosen or (str(found[0].id) if len(found) == 1 else "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            written = actions.choose_body(
                convention=known.row,
                key=key,
                organisation=UUID(form.cleaned_data["organisation"]),
                by=acting_member(request),
                at=request.instant,
            )
        except Refused as refused:
            form.add_error("organisation", sentence(refused.faults[0]))
        else:
            tell(request, stage, written)
            if not written.changed:
                messages.success(request, "Enregistré.")
            return redirect("conventions:step", convention, "parties")
    context = {
        "convention": known.row,
        "form": form,
        "search": search,
        "sought": sought,
        "found": len(found),
        "more": len(found) > SHOWN,
        "party_name": label_of(key, known.base),
        "steps": stage.links("parties"),
        "back_url": reverse("conventions:step", args=[convention, "parties"]),
    }
    return render(request, "conventions/writing/body.html", context)


def _found(party: Party, sought: str) -> list[Organisation]:
    """The bodies that may stand for the party, those sought first by name; one more than shown says that there are others."""
    kinds = [kind.value for kind in BodyKind if may_stand_for(party, kind.value)]
    rows = Organisation.objects.filter(kind__in=kinds)
    number = compact_number(sought)
    for word in sort_key(sought).split()[:6]:
        rows = rows.filter(
            Q(sort_name__contains=word) | Q(short_name__icontains=word) | Q(siret=number or "-")
        )
    return list(rows.order_by("sort_name", "id")[: SHOWN + 1])


def _label(body: Organisation) -> str:
    parts = [body.name, BodyKind(body.kind).label]
    parts += [f"département {body.departement}"] if body.departement else []
    parts += [f"SIRET {siret(body.siret)}"] if body.siret else []
    return ", ".join(parts)
