"""The guide to print for a way that the person takes herself: choose her commune, hand out its sheet. Nothing of it is kept, and
her commune is in no address: it travels in the body of a POST, of which nothing is logged."""

from datetime import date
from functools import lru_cache
from typing import Final

from django import forms
from django.http import Http404, HttpResponse

from maillage.conventions.lifecycle.queries import load
from maillage.conventions.terms import Blank, Terms
from maillage.documents.composition import Sheet
from maillage.documents.rendering import render_pdf
from maillage.organisations.directory import queries
from maillage.organisations.directory.models import Offer
from maillage.organisations.directory.rules import Reception
from maillage.organisations.models import Organisation
from maillage.organisations.territories import search, zone_name
from maillage.referrals.advising import Told
from maillage.referrals.enrolling import HOME_HELP
from maillage.referrals.paper.guide import Contact, guide
from maillage.web.presentation.numbers import phone


class CommuneForm(forms.Form):
    """Where the person lives: asked to find a sheet, kept nowhere."""

    q = forms.CharField(
        label="Commune",
        help_text="Son nom ou son code postal. Rien n’est gardé de ce que vous cherchez.",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Écrivez le nom de sa commune, ou son code postal.",
            "max_length": "Écrivez 80 caractères au plus.",
        },
    )


MOST: Final = 4
"""Contacts on one sheet: the nearest ones."""


def guide_for(found: Told, place: str, on: date) -> HttpResponse:
    """The guide of one commune, as a PDF; no journal says for which commune it was printed."""
    zones = queries.zones_for(place.upper())
    if not zones:
        raise Http404
    terms = load(found.convention).readable(on)
    sheet = guide(
        terms, found.route, commune=zone_name(zones[0]), contacts=tuple(contacts_of(found, terms, zones, on))
    )
    answer = HttpResponse(_drawn(sheet), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="guide.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def communes_for(said: str) -> list[tuple[str, str]]:
    """The communes that a word finds, each with its code."""
    found = search(said, most=12) if said else []
    return [(f"{one.name} ({one.departement})", one.parent or one.code) for one in found]


def contacts_of(found: Told, terms: Terms, zones: tuple[str, ...], on: date) -> list[Contact]:
    """Whom the directory gives for the service around a commune, the nearest first; else the bodies that render it there."""
    key = found.route.service.key
    services = HOME_HELP if key in HOME_HELP else {key}
    offers = [one for one in queries.offers_for(zones, on=on) if one.service in services]
    if offers:
        return [_offered(one) for one in offers[:MOST]]
    kinds = _kinds(found, terms)
    bodies = queries.bodies_of_kind(kinds, zones, on=on, most=MOST) if kinds else []
    return [_body(one) for one in bodies]


def _kinds(found: Told, terms: Terms) -> list[str]:
    """The kinds of body that render the service, as the text says them."""
    named: dict[str, object] = {one.key: one.kind for one in terms.parties}
    named |= {one.key: one.kind for one in terms.third_parties}
    kinds = [named.get(key) for key in found.route.service.debtors]
    return [str(kind) for kind in kinds if kind is not None and not isinstance(kind, Blank)]


def _offered(offer: Offer) -> Contact:
    said = (
        offer.place,
        offer.address.replace("\n", ", "),
        phone(offer.phone) if offer.phone else "",
        offer.mailbox,
        Reception(offer.reception).label,
        offer.hours.replace("\n", ", "),
    )
    return Contact(
        offer.organisation.name,
        tuple(line for line in said if line),
        tuple(line for line in offer.bring.splitlines() if line.strip()),
    )


def _body(body: Organisation) -> Contact:
    said = (body.address.replace("\n", ", "), phone(body.phone) if body.phone else "", body.mailbox)
    return Contact(body.name, tuple(line for line in said if line))


@lru_cache(maxsize=64)
def _drawn(sheet: Sheet) -> bytes:
    """The PDF of a sheet that everybody prints alike. Nothing in it names a person."""
    return render_pdf("sheet", sheet.as_data())
