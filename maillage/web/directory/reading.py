"""Reading the directory: the list, an organisation's sheet, and who does what in a commune."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.catalogue.rights import OFFERED, offered_name
from maillage.organisations.directory import queries
from maillage.organisations.directory.models import Mailbox, Offer
from maillage.organisations.directory.policies import can_keep_sheet, can_manage_directory
from maillage.organisations.directory.rules import Level, Reception, Use
from maillage.organisations.kinds import BodyKind
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation
from maillage.organisations.territories import SOURCE, Commune, commune, departement_named, search, zone_name
from maillage.web.directory.words import (
    closed_in_words,
    commune_said,
    freshness,
    served_in_words,
    stale,
    territory_in_words,
)
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import zone_place
from maillage.web.presentation.numbers import counted, number, phone, siret
from maillage.web.presentation.tables import (
    Column,
    PageLink,
    Pages,
    Row,
    Table,
    headings,
    page_asked,
    query_with,
)
from maillage.web.presentation.tones import Tone
from maillage.web.rules import acting_member, page

KINDS: Final = {kind.value: kind.label for kind in BodyKind}
CAISSES: Final = ("cpam", "cgss", "ccss", "cssm", "caf", "msa", "mdph")
_COMMUNES_SHOWN: Final = 20
_NIL: Final = str(UUID(int=0))
_COLUMNS: Final = (
    Column("Organisme"),
    Column("Nature"),
    Column("Département"),
    Column("Commune"),
    Column("Contact"),
    Column("Fiche"),
)


class SearchForm(forms.Form):
    """What the list is limited to; nothing personal is asked for."""

    texte = forms.CharField(label="Nom, SIRET ou code", required=False, max_length=100)
    nature = forms.ChoiceField(label="Nature", required=False, choices=[("", "Toutes"), *KINDS.items()])
    departement = forms.CharField(
        label="Département", required=False, max_length=40, help_text="42, 2A, 974 ou Loire."
    )
    commune = forms.CharField(label="Sert la commune", required=False, max_length=80)
    service = forms.ChoiceField(
        label="Service ou droit",
        required=False,
        choices=[("", "Tous"), *((one.key, one.name) for one in OFFERED.values())],
    )
    fermes = forms.BooleanField(label="Montrer aussi les organismes fermés", required=False)

    def clean_departement(self) -> str:
        """The code of a département, from its code or its name."""
        said = str(self.cleaned_data["departement"])
        found = departement_named(said) if said else ""
        if said and not found:
            raise forms.ValidationError("Écrivez un département : 42, 2A, 974 ou Loire.")
        return found

    def clean_commune(self) -> str:
        """The code of a commune, from its code or its name."""
        code, wrong = commune_said(str(self.cleaned_data["commune"]))
        if wrong:
            raise forms.ValidationError(wrong)
        return code

    def search(self) -> queries.Search:
        """The filters that were understood; one that was not limits nothing and says so at its field."""
        self.is_valid()
        known = self.cleaned_data
        return queries.Search(
            text=known.get("texte", ""),
            kind=known.get("nature", ""),
            departement=known.get("departement", ""),
            commune=known.get("commune", ""),
            service=known.get("service", ""),
            closed=known.get("fermes", False),
        )


def day_of(request: MemberRequest) -> date:
    """The day that it is where the member works."""
    return request.instant.astimezone(ZoneInfo(acting_member(request).time_zone)).date()


@page()
def organisations(request: MemberRequest) -> HttpResponse:
    """Every organisation, fifty a page, by name."""
    member = acting_member(request)
    on = day_of(request)
    form = SearchForm(request.GET)
    found = queries.search(member, form.search(), page_asked(request.GET), on=on)
    context = {
        "form": form,
        "table": _table(found, request.GET.dict(), on),
        "url": reverse("directory:list"),
        "manages": can_manage_directory(member),
        "source": SOURCE,
    }
    return render(request, "directory/list.html", context)


def _table(found: queries.Found, query: Mapping[str, str], on: date) -> Table:
    address = reverse("directory:organisation", args=[_NIL])
    limited = any(query.get(name, "").strip() for name in SearchForm.base_fields)
    return Table(
        name="organismes",
        caption=(
            counted(len(found.rows), "organisme")
            if found.number == 1 and not found.has_next
            else f"Organismes, page {number(found.number)}"
        ),
        headings=headings(_COLUMNS, query=query),
        rows=[_row(row, on, address) for row in found.rows],
        pages=_pages(found, query),
        empty=(
            "Aucun organisme ne répond à cette recherche. « Tout afficher » enlève les filtres."
            if limited
            else "L’annuaire est vide."
        ),
    )


def _row(row: Organisation, on: date, address: str) -> Row:
    town = commune(row.commune) if row.commune else None
    if row.closed_on is not None and row.closed_on <= on:
        state = state_cell("Fermé", Tone.LATE)
    elif stale(row, on):
        state = state_cell("À\u00a0vérifier", Tone.SOON)
    else:
        state = state_cell("À\u00a0jour", Tone.GOOD)
    return Row(
        (
            row.name,
            KINDS.get(row.kind, row.kind),
            row.departement or "–",
            town.name if town else "–",
            phone(row.phone) if row.phone else row.mailbox or "–",
            state,
        ),
        url=address.replace(_NIL, str(row.id)),
    )


def _pages(found: queries.Found, query: Mapping[str, str]) -> Pages | None:
    """Neighbours only: counting fifty thousand organisations would cost more than the page."""
    if found.number == 1 and not found.has_next:
        return None
    first = (found.number - 1) * queries.PAGE_SIZE + 1

    def url(target: int) -> str:
        return query_with(query, page=str(target) if target > 1 else None)

    return Pages(
        links=(PageLink(found.number),),
        previous_url=url(found.number - 1 if found.rows else 1) if found.number > 1 else "",
        next_url=url(found.number + 1) if found.has_next else "",
        shown=f"{number(first)} à {number(first + len(found.rows) - 1)}" if found.rows else "",
    )


@page()
def communes(request: MemberRequest) -> HttpResponse:
    """Communes by the start of their name or by postal code; one alone is opened at once. A fragment for htmx."""
    said = request.GET.get("q", "").strip()[:80]
    found = search(said, most=_COMMUNES_SHOWN + 1) if said else []
    context = {
        "found": [
            (_label(one), reverse("directory:place", args=[one.code])) for one in found[:_COMMUNES_SHOWN]
        ],
        "more": len(found) > _COMMUNES_SHOWN,
        "said": said,
        "source": SOURCE,
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "directory/communes_found.html", context)
    if len(found) == 1:
        return redirect("directory:place", found[0].code)
    return render(request, "directory/communes.html", context)


def _label(one: Commune) -> str:
    label = f"{one.name} ({one.departement})"
    parent = commune(one.parent) if one.parent else None
    return f"{label}, dans {parent.name}" if parent and parent.name != one.name else label


@dataclass(frozen=True, slots=True)
class Counter:
    """One offer as the page of a commune shows it."""

    offer: Offer
    organisation: str
    url: str
    reception: str
    town: str
    territory: str
    freshness: str
    is_stale: bool


@page()
def place(request: MemberRequest, place: str) -> HttpResponse:
    """Who does what in a commune or a département: each service and right, where, how, with what; to whom one writes."""
    code = place.upper()
    zones = queries.zones_for(code)
    if not zones:
        raise Http404
    on = day_of(request)
    services: dict[str, list[Counter]] = {key: [] for key in OFFERED}
    for offer in queries.offers_for(zones, on=on):
        services.setdefault(offer.service, []).append(_counter(offer, on))
    boxes = queries.cascade(Use.PRADO, zones, on=on)
    context = {
        "title": zone_name(code),
        "zones": [zone_name(zone) for zone in zones[1:]],
        "offered": [(offered_name(key), OFFERED.get(key), found) for key, found in services.items() if found],
        "missing": [offered_name(key) for key, found in services.items() if not found],
        "caisses": [
            (
                one.name,
                reverse("directory:organisation", args=[one.pk]),
                phone(one.phone) if one.phone else one.mailbox,
            )
            for one in queries.bodies_of_kind(CAISSES, zones, on=on)
        ],
        "prado": [_box(one, on) for one in boxes],
        "source": SOURCE,
        "on": on,
        "breadcrumb": [("Annuaire", reverse("directory:list")), ("Communes", reverse("directory:communes"))],
    }
    return render(request, "directory/place.html", context)


def _counter(offer: Offer, on: date) -> Counter:
    town = commune(offer.commune) if offer.commune else None
    return Counter(
        offer,
        offer.organisation.name,
        reverse("directory:organisation", args=[offer.organisation_id]),
        Reception(offer.reception).label,
        f"{town.name} ({town.departement})" if town else "",
        territory_in_words(offer.covers),
        freshness(offer, on),
        stale(offer, on),
    )


def _box(box: Mailbox, on: date) -> dict[str, Any]:
    return {
        "row": box,
        "level": Level(box.level).label,
        "use": Use(box.use).label,
        "organisation": box.organisation.name if "organisation" in box._state.fields_cache else "",
        "territory": territory_in_words(box.covers),
        "freshness": freshness(box, on),
        "is_stale": stale(box, on),
    }


@page()
def organisation(request: MemberRequest, organisation: UUID) -> HttpResponse:
    """An organisation's sheet: who it is, whom it serves, what it offers, where one writes, what stands above and beneath."""
    member = acting_member(request)
    row = opened(member, organisation)
    on = day_of(request)
    own = can_keep_sheet(member, row.pk)
    context = {
        "row": row,
        "kind": KINDS.get(row.kind, row.kind),
        "facts": _facts(row),
        "closed": closed_in_words(row, on),
        "freshness": freshness(row, on),
        "is_stale": stale(row, on),
        "above": [(one.name, reverse("directory:organisation", args=[one.pk])) for one in queries.above(row)],
        "units": [
            (
                one.name,
                KINDS.get(one.kind, one.kind),
                one.departement,
                reverse("directory:organisation", args=[one.pk]),
            )
            for one in queries.units_of(row, on=on)
        ],
        "offers": [
            (offered_name(one.service), _counter_of(row, one, on)) for one in queries.offers_of(row.pk)
        ],
        "boxes": [_box(one, on) for one in queries.mailboxes_of(row.pk)],
        "keeps": own and (row.closed_on is None or row.closed_on > on),
        "closes": own and row.closed_on is None,
        "manages": can_manage_directory(member),
        "breadcrumb": [("Annuaire", reverse("directory:list"))],
    }
    return render(request, "directory/organisation.html", context)


def opened(member: Member, organisation: UUID) -> Organisation:
    """An organisation of the directory, or 404."""
    row = queries.visible_to(member).select_related("successor", "assured_by").filter(pk=organisation).first()
    if row is None:
        raise Http404
    return row


def _counter_of(row: Organisation, offer: Offer, on: date) -> Counter:
    offer.organisation = row
    return _counter(offer, on)


def _facts(row: Organisation) -> list[Fact]:
    served, why = served_in_words(row)
    town = commune(row.commune) if row.commune else None
    known = (
        ("Adresse", row.address.replace("\n", ", ")),
        ("Commune", f"{town.name} ({town.departement})" if town else ""),
        ("Téléphone", phone(row.phone)),
        ("Boîte générique", row.mailbox),
        ("SIRET", siret(row.siret)),
        ("Code", row.code),
        ("FINESS", row.finess),
        ("Heure locale", f"celle de {zone_place(row.time_zone)}"),
    )
    return [Fact("Territoire servi", served, why), *(Fact(term, text) for term, text in known if text)]
