"""What is printed for a flow: the information to hand out, the form to fill by hand, the card of a telephone route. They name nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.flows import ChannelKind, DataNature, Flow
from maillage.documents.composition import Sheet
from maillage.documents.rendering import render_pdf
from maillage.organisations.kinds import with_article
from maillage.organisations.roles import Permission
from maillage.referrals.paper.card import phone_card, phone_of
from maillage.referrals.paper.form import blank_form
from maillage.referrals.paper.naming import names_of
from maillage.referrals.paper.notice import easy_notice, notice
from maillage.referrals.rekeying.rules import new_reference
from maillage.web.conventions.reading.opening import day_of, opened
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of sheet: its word in the address, and on screen."""

    slug: str
    label: str
    draw: Callable[[Terms, Flow], Sheet]


def _notice(terms: Terms, flow: Flow) -> Sheet:
    return notice(terms, flow, sender=_name(terms, flow.sender), recipient=_the(terms, flow.recipient))


def _easy(terms: Terms, flow: Flow) -> Sheet:
    return easy_notice(terms, flow, sender=_name(terms, flow.sender), recipient=_the(terms, flow.recipient))


def _form(terms: Terms, flow: Flow) -> Sheet:
    """Its square code leads to a new referral: whoever scans it still has to sign in, and to choose."""
    address = f"{settings.SITE_URL.rstrip('/')}{reverse('referrals:new')}"
    rows = segno.make(address, error="m").matrix
    return blank_form(
        terms,
        flow,
        sender=_name(terms, flow.sender),
        recipient=_the(terms, flow.recipient),
        code=tuple("".join("1" if dark else "0" for dark in row) for row in rows),
        code_label=urlsplit(address).netloc,
        copy=new_reference(),
    )


PAPERS: Final = {
    paper.slug: paper
    for paper in (
        Paper("information", "Information à remettre", _notice),
        Paper("facile", "Information facile à lire", _easy),
        Paper("formulaire", "Formulaire à remplir à la main", _form),
        Paper("carte", "Carte : qui appeler, quoi dire", phone_card),
    )
}


def papers_of(flow: Flow) -> list[Paper]:
    """What can be printed for a flow: nothing where it tells nothing of a person and no telephone carries it."""
    kinds = set() if isinstance(flow.channels, Blank) else {channel.kind for channel in flow.channels}
    found = []
    if flow.service is not None and flow.data is DataNature.NOMINATIVE and flow.forwards is None:
        found = ["information", "facile"]
        if kinds & {ChannelKind.PLATFORM, ChannelKind.PAPER}:
            found.append("formulaire")
    if phone_of(flow) is not None:
        found.append("carte")
    return [PAPERS[slug] for slug in found]


@page(permission=Permission.READ_CONVENTIONS)
def paper(request: MemberRequest, convention: UUID, flow: str, kind: str) -> HttpResponse:
    """One sheet of one flow, from the text as it stands today."""
    member = acting_member(request)
    known = opened(convention, member, verb="convention_read")
    terms = known.terms(day_of(request, member))
    chosen = next((one for one in terms.flows if one.key == flow), None)
    wanted = next((one for one in papers_of(chosen) if one.slug == kind), None) if chosen else None
    if chosen is None or wanted is None:
        raise Http404
    sheet = wanted.draw(terms, chosen)
    drawn = _drawn.__wrapped__ if kind == "formulaire" else _drawn  # each copy of the form is its own
    answer = HttpResponse(drawn(sheet), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{kind}.pdf") or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@lru_cache(maxsize=64)
def _drawn(sheet: Sheet) -> bytes:
    """The PDF of a sheet: half a second of a compiler, for pages that everybody prints alike. Nothing in them names a person."""
    return render_pdf("sheet", sheet.as_data())


def _name(terms: Terms, key: str) -> str:
    return names_of(terms).get(key, key)


def _the(terms: Terms, key: str) -> str:
    """« la CPAM de la Loire »: a caisse has its article, other bodies their bare name."""
    kind = next((party.kind for party in terms.parties if party.key == key), None)
    return with_article(_name(terms, key), "" if kind is None or isinstance(kind, Blank) else kind.value)
