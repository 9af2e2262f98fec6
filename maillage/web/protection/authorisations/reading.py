"""The authorisations of one's conventions: all of them, those of one convention by where they stand, one with its answers, its papers."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.terms.protection import ProtectionRegime, SubProcessing
from maillage.organisations.roles import Permission
from maillage.protection.authorisations.answering import answerers, may_withdraw
from maillage.protection.authorisations.models import TransferAnswer
from maillage.protection.authorisations.notifications import reference
from maillage.protection.authorisations.queries import Transfer, transfers, visible_to
from maillage.protection.authorisations.rules import Kind, State
from maillage.protection.policies import can_follow
from maillage.web.conventions.reading.opening import opened
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.tables import Row, Table, headings, page_asked, pages
from maillage.web.protection.authorisations.opening import above, reached
from maillage.web.protection.authorisations.words import (
    COLUMNS,
    KINDS,
    TONES,
    last_day,
    listed,
    row,
    state_words,
)
from maillage.web.protection.serving import serve_document
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

SIZE = 50
_TITLES = {
    State.GRANTED: "En vigueur",
    State.ASKED: "Demandées",
    State.REFUSED: "Refusées",
    State.WITHDRAWN: "Retirées",
    State.EXPIRED: "Échues",
}
_EMPTY = {
    State.GRANTED: "Aucune autorisation en vigueur.",
    State.ASKED: "Aucune demande n’attend de réponse.",
}
"""Said even where there is none; the other tables are drawn only where they hold something."""


@page(permission=Permission.READ_CONVENTIONS)
def listing(request: MemberRequest) -> HttpResponse:
    """Those of all the conventions that one's organisation signed, the latest first."""
    member = acting_member(request)
    rows, asked = visible_to(member), page_asked(request.GET)
    total = rows.count()
    shown = pages(page=asked, size=SIZE, total=total, query=request.GET.dict()) if total > SIZE else None
    first = (min(asked, max(1, -(-total // SIZE))) - 1) * SIZE
    found = transfers(rows[first : first + SIZE], request.instant)
    table = _table(
        "autorisations", "Autorisations demandées", [row(one) for one in found], empty="Aucune demande."
    )
    context = {"tables": [replace(table, pages=shown)], "follows": can_follow(member)}
    return render(request, "protection/transfers.html", context)


@page(permission=Permission.READ_CONVENTIONS)
def of_convention(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Those of one convention, by where they stand; for its parties."""
    member = acting_member(request)
    known = opened(convention, member, verb="convention_read")
    if known.mine is None or not known.mine.signs:
        raise Http404
    found = transfers(visible_to(member).filter(convention=convention), request.instant)
    rows = {state: [row(one) for one in found if one.standing.state is state] for state in _TITLES}
    tables = [
        _table(state.value, title, rows[state], empty=_EMPTY.get(state, ""))
        for state, title in _TITLES.items()
        if rows[state] or state in _EMPTY
    ]
    context = {
        "tables": tables,
        "follows": can_follow(member),
        "convention": known.row,
        "breadcrumb": [(known.row.title, reverse("conventions:convention", args=[convention]))],
    }
    return render(request, "protection/transfers.html", context)


def _table(name: str, caption: str, rows: list[Row], *, empty: str) -> Table:
    return Table(name=name, caption=caption, headings=headings(COLUMNS, query={}), rows=rows, empty=empty)


@page(permission=Permission.READ_CONVENTIONS)
def one(request: MemberRequest, transfer: UUID) -> HttpResponse:
    """One request, what each party answered, and what comes next."""
    found, member = reached(request, transfer), acting_member(request)
    known, zone = load(found.row.convention), zone_of(member)
    names = {party.organisation: party.name for party in known.parties}
    follows = can_follow(member)
    answers = follows and bool(answerers(found, member))
    context = {
        "row": found.row,
        "title": f"Autorisation {reference(transfer)}",
        "breadcrumb": above(),
        "state": state_words(found),
        "tone": TONES[found.standing.state],
        "next": _next(found, names),
        "facts": _facts(found, known, names, zone),
        "answers": [_answer(one, zone) for one in found.answers],
        "withdrawal": _withdrawal(found, zone),
        "may_answer": answers,
        "for_another": answers and member.organisation not in found.waits_for,
        "may_withdraw": follows and may_withdraw(found, member),
    }
    return render(request, "protection/transfer.html", context)


def _next(found: Transfer, names: dict[UUID, str]) -> str:
    state = found.standing.state
    if state is State.ASKED:
        return f"En attente de : {listed(found.waits_for, names)}. Rien ne part avant."
    if state is State.GRANTED and found.covers:
        return f"{found.row.organisation.name} peut transmettre ces données à {found.row.body}. Dernier jour : {last_day(found)}."
    if state is State.GRANTED:
        return f"Autorisée à partir du {long_date(found.row.starts_on)}. Rien ne part avant."
    return "Rien ne part à ce titre. Une nouvelle demande peut être faite."


def _facts(found: Transfer, known: LoadedConvention, names: dict[UUID, str], zone: ZoneInfo) -> list[Fact]:
    asked = found.row
    regime = next((one for one in known.readable(found.on).protection if one.key == asked.regime_key), None)
    who = listed(asked.asked_of, names)
    said = (
        f"Le texte laisse à compléter : {asked.blank}. Les autres parties répondent." if asked.blank else ""
    )
    return [
        Fact("Convention", asked.convention.title, regime.scope if regime else ""),
        Fact("Demandée par", asked.organisation.name, long_instant(asked.recorded_at, zone)),
        Fact("Nature", KINDS[asked.kind]),
        Fact("Pour", f"{asked.body} ({asked.country})"),
        Fact("Données", asked.data),
        Fact("Pour quoi faire", asked.purpose),
        Fact("Garanties", asked.guarantees),
        Fact("À partir du", long_date(asked.starts_on)),
        Fact("Qui autorise", who, f"{asked.article}. {said}".strip()),
        *(_undertaken(regime, found, known) if regime else ()),
    ]


def _undertaken(regime: ProtectionRegime, found: Transfer, known: LoadedConvention) -> list[Fact]:
    """What the text lays on whoever receives the data, and on who hands them on (S2, S4 annexe 1-4)."""
    clause = regime.sub_processing
    if not isinstance(clause, SubProcessing) or found.row.kind == Kind.THIRD_PARTY:
        return []
    said = ["mêmes obligations que l’organisme qui le demande"] if clause.same_obligations else []
    liable = [party.name for key in clause.fully_liable if (party := known.party(key)) is not None]
    said += [f"{', '.join(liable)} en répond entièrement"] if liable else []
    return [Fact("Ce que le texte impose", " ; ".join(said))] if said else []


def _answer(given: TransferAnswer, zone: ZoneInfo) -> dict[str, object]:
    until = (
        "tant que la convention dure"
        if given.to_term
        else f"jusqu’au {long_date(given.until)}"
        if given.until
        else ""
    )
    noted = f"Noté par {given.recorded_for.name}, avec son écrit, le {long_instant(given.recorded_at, zone)}."
    return {
        "who": given.organisation.name,
        "said": f"Autorisé {until}" if given.granted else "Refusé",
        "day": f"Réponse du {long_date(given.day)}.",
        "words": given.words,
        "noted": noted if given.recorded_for_id != given.organisation_id else "",
        "url": reverse("protection:transfer_answer_document", args=[given.pk]) if given.document_id else "",
    }


def _withdrawal(found: Transfer, zone: ZoneInfo) -> str:
    gone = found.withdrawal
    return (
        f"{gone.recorded_for.name}, le {long_instant(gone.recorded_at, zone)} : {gone.words}" if gone else ""
    )


@page(permission=Permission.READ_CONVENTIONS)
def document(request: MemberRequest, transfer: UUID) -> HttpResponse:
    """The contract that came with a request, as a download."""
    return serve_document(request, reached(request, transfer).row.document_id)


@page(permission=Permission.READ_CONVENTIONS)
def answer_document(request: MemberRequest, transfer_answer: UUID) -> HttpResponse:
    """The paper of an answer, as a download."""
    given = TransferAnswer.objects.filter(pk=transfer_answer).first()
    if given is None:
        raise Http404
    reached(request, given.request_id)
    return serve_document(request, given.document_id)
