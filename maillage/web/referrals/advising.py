"""A way that the person takes herself: what to tell her, what to hand out, and that it was told, counted without her name."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.terms import PERSON
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.referrals.advising import Told, count_advice, told
from maillage.referrals.paper.card import phone_of, spaced
from maillage.referrals.routing.router import Route
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.guiding import CommuneForm, communes_for, guide_for
from maillage.web.referrals.steps import TokenForm
from maillage.web.referrals.tasks import local_day
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_CONVENTIONS, methods=("GET", "POST"))
def advise(request: MemberRequest, convention: UUID, route: str) -> HttpResponse:
    """What to tell for one way of a convention; sent, it counts that it was told. Nothing typed here is kept: there is no field."""
    member, found = acting_member(request), _told(request, convention, route)
    token = TokenForm(request.POST or None)
    if request.method == "POST":
        try:
            counted = count_advice(
                token=token.value(), convention=convention, key=route, by=member, at=request.instant
            )
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            done = "Conseil compté, sans rien de la personne." if counted else "Ce conseil était déjà compté."
            messages.success(request, done)
        return redirect("referrals:advise", convention, route)
    return _show(request, found, token, CommuneForm())


@page(permission=Permission.READ_CONVENTIONS, methods=("POST",))
def guide(request: MemberRequest, convention: UUID, route: str) -> HttpResponse:
    """The guide of the commune chosen, as a PDF; before, the communes that a word finds. Nothing of it is in an address."""
    if "place" in request.POST:
        found = _told(request, convention, route, own=True)
        return guide_for(found, request.POST["place"], local_day(request.instant, acting_member(request)))
    return _show(request, _told(request, convention, route), TokenForm(None), CommuneForm(request.POST))


def _told(request: MemberRequest, convention: UUID, route: str, *, own: bool = False) -> Told:
    try:
        return told(acting_member(request), convention, route, at=request.instant, own=own)
    except Convention.DoesNotExist as unknown:
        raise Http404 from unknown


def _show(request: MemberRequest, found: Told, token: TokenForm, form: CommuneForm) -> HttpResponse:
    said = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    communes = {"communes_form": form, "said": said, "communes": communes_for(said)}
    return render(request, "referrals/advise.html", _context(found, token) | communes)


_WHO_CALLS = {
    "lead": (
        "C’est vous qui appelez : rien n’est envoyé d’ici.",
        "La personne s’y adresse elle-même : rien n’est envoyé d’ici.",
    ),
    "given": ("À garder près du téléphone", "À lui remettre"),
    "counted": ("C’est fait : compter cet appel", "C’est dit : compter ce conseil"),
}
"""What the page says of a line that the text has whoever refers call (« Urgence partenaire »), then of a way that she takes."""


def _context(found: Told, token: TokenForm) -> dict[str, object]:
    route = found.route
    is_hers = route.flow is None or route.flow.sender == PERSON or phone_of(route.flow) is None
    return {
        "title": typeset(route.label),
        "is_hers": is_hers,
        **{name: words[is_hers] for name, words in _WHO_CALLS.items()},
        "facts": _facts(found),
        "conditions": [
            typeset(one.label) for requirement in route.requirements for one in requirement.conditions
        ],
        "card_url": _card(found),
        "guide_url": reverse("referrals:guide", args=[found.convention.id, route.key]),
        "token": token.value(),
        "is_open": found.convention.state == "in_force",
        "convention_url": reverse("conventions:convention", args=[found.convention.id]),
        "convention_title": found.convention.title,
    }


def _facts(found: Told) -> list[Fact]:
    route = found.route
    phone = phone_of(route.flow) if route.flow else None
    said = [
        ("Service", typeset(route.service.label)),
        ("Numéro à appeler", spaced(phone.number) if phone and phone.number else ""),
        ("Mots à dire", typeset(f"« {phone.words} »") if phone and phone.words else ""),
        ("Comment", _how(route)),
        (
            "Prévu par",
            typeset(f"l’article {route.article}" if route.article[:1].isdigit() else route.article),
        ),
    ]
    return [Fact(term, text) for term, text in said if text]


def _how(route: Route) -> str:
    described = [typeset(channel.description) for channel in route.channels if channel.description]
    return " ; ".join(described)


def _card(found: Told) -> str:
    flow = found.route.flow
    if flow is None or phone_of(flow) is None:
        return ""
    return reverse("conventions:paper", args=[found.convention.id, flow.key, "carte"])
