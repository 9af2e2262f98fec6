"""Which organisation stands behind a party: searched in the directory, chosen among those that the text admits."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.drafting import actions
from maillage.conventions.drafting.describing import describe_body
from maillage.conventions.drafting.rules import may_stand_for
from maillage.conventions.drafting.starting import label_of
from maillage.conventions.drafting.writing import Written
from maillage.conventions.terms.parties import Party
from maillage.core.identifiers import compact_number, uuid7
from maillage.core.refusals import Refused
from maillage.core.text import sort_key
from maillage.organisations.kinds import BodyKind
from maillage.organisations.models import Organisation
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.described import DescribedForm
from maillage.web.conventions.writing.drafting import not_writable, tell
from maillage.web.conventions.writing.forms import BodyForm, SearchForm
from maillage.web.conventions.writing.opening import reached
from maillage.web.conventions.writing.refusals import place, sentence
from maillage.web.conventions.writing.stage import Stage, stage_of
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
    describes = request.method == "POST" and "body_id" in request.POST
    described = DescribedForm(
        request.POST if describes else None, party=party, initial={"body_id": uuid7(), "name": sought}
    )
    if describes and described.is_valid() and (left := _described(request, stage, key, described)):
        return left
    form = BodyForm(
        request.POST if request.method == "POST" and not describes else None,
        bodies=[(str(body.id), _label(body)) for body in found[:SHOWN]],
        initial={"organisation": chosen or (str(found[0].id) if len(found) == 1 else "")},
    )
    if form.is_bound and form.is_valid():
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
            return _chosen(request, stage, written)
    context = {
        "convention": known.row,
        "form": form,
        "described": described if described.is_possible else None,
        "search": search,
        "sought": sought,
        "found": len(found),
        "more": len(found) > SHOWN,
        "party_name": label_of(key, known.base),
        "steps": stage.links("parties"),
        "back_url": reverse("conventions:step", args=[convention, "parties"]),
    }
    return render(request, "conventions/writing/body.html", context)


def _described(request: MemberRequest, stage: Stage, key: str, form: DescribedForm) -> HttpResponse | None:
    """Describe the body; None when it is refused, which the form then says."""
    try:
        written = describe_body(
            convention=stage.known.row,
            key=key,
            body=form.body(),
            by=acting_member(request),
            at=request.instant,
        )
    except Refused as refused:
        place(form, refused)
        return None
    return _chosen(request, stage, written)


def _chosen(request: MemberRequest, stage: Stage, written: Written) -> HttpResponse:
    tell(request, stage, written)
    if not written.changed:
        messages.success(request, "Enregistré.")
    return redirect("conventions:step", stage.known.id, "parties")


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
