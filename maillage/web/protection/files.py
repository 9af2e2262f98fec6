"""The papers of a breach: the notice to the authority, the documents of its file, the register as a table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse

from maillage.audit.actions import record
from maillage.core.spreadsheets.writing import workbook
from maillage.organisations.directory.queries import mailboxes_of
from maillage.organisations.directory.rules import Use
from maillage.organisations.roles import Permission
from maillage.protection.breaches.extent_models import BreachExtent
from maillage.protection.breaches.extent_rules import changed
from maillage.protection.breaches.form import notice_pdf
from maillage.protection.breaches.models import Breach, BreachDecision, BreachEntry
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.queries import (
    decisions_of,
    entries_of,
    entries_with_joined,
    extents_of,
    files_of,
    first_said,
    known_now,
    newest_decisions,
    newest_extents,
    notices_of,
    parties_of,
    visible_to,
    waiting_for,
)
from maillage.protection.breaches.rules import EntryKind
from maillage.protection.breaches.states import WORDS, State
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import short_instant
from maillage.web.protection.opening import followed
from maillage.web.protection.serving import serve_document
from maillage.web.protection.words import goes_on, how_many, kinds, natures, whole, zone_of
from maillage.web.rules import acting_member, page

_AT_ONCE = 500
"""Breaches read at once for the register, which holds them all."""
_WIDTH = 28
"""Characters of a column: facts and reasons are read as they are, on several lines."""
_LABELS = (
    "Référence", "Constatée le", "Signalée le", "Par", "Faits", "Nature", "Données", "Étendue", "Se poursuit", "Commencée le",
    "Terminée le", "D’abord signalé", "État", "Effets", "Mesures",
    "Décision", "Notifiée à la CNIL", "Personnes informées", "Enseignements",
)  # fmt: skip


@page(permission=Permission.PROTECT_DATA)
def notice(request: MemberRequest, breach: UUID) -> HttpResponse:
    """The notice to the authority for one's own organisation; 404 for whoever does not answer for the data."""
    row, member = followed(request, breach), acting_member(request)
    common = row.joined_to or row  # where all is decided
    parties = parties_of(common.pk)
    mine = next((one for one in parties if one.organisation == member.organisation), None)
    if mine is None or not mine.controls:
        raise Http404
    files, decisions = files_of(common), decisions_of(common)[:1]
    drawn = notice_pdf(
        row,
        for_party=mine,
        decision=decisions[0] if decisions else None,
        waiting=waiting_for(decisions)[decisions[0].pk] if decisions else (),
        entries=entries_of(files),
        notices=notices_of(files),
        extents=extents_of(row),
        officer=", ".join(one.address for one in mailboxes_of(member.organisation) if one.use == Use.DPO),
        parties=parties,
        zone=zone_of(member),
        at=request.instant,
    )
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="notification-{reference(row.pk)}.pdf"'
    return answer


@page(permission=Permission.PROTECT_DATA)
def document(request: MemberRequest, breach_entry: UUID) -> HttpResponse:
    """A document of the file, as a download."""
    found = BreachEntry.objects.filter(pk=breach_entry).first()
    if found is None or found.document_id is None:
        raise Http404
    followed(request, found.breach_id)
    return serve_document(request, found.document_id)


@page(permission=Permission.PROTECT_DATA)
def register(request: MemberRequest) -> HttpResponse:
    """The register of breaches (GDPR art. 33.5), whole, as a workbook, every cell a text."""
    member = acting_member(request)
    zone, files = zone_of(member), list(visible_to(member).values_list("pk", flat=True))
    record(
        verb="breach.export", object_type="breach", by=member.user, organisation=member.organisation, reason=f"{len(files)} lignes"
    )  # fmt: skip
    rows = chain.from_iterable(
        _lines(files[first : first + _AT_ONCE], zone) for first in range(0, len(files), _AT_ONCE)
    )
    answer = HttpResponse(
        workbook([("Violations", _LABELS, rows)], width=_WIDTH),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = 'attachment; filename="registre-violations.xlsx"'
    return answer


def _lines(files: Sequence[UUID], zone: ZoneInfo) -> list[tuple[str, ...]]:
    """These breaches as lines, the latest first; as many questions for many."""
    rows = Breach.objects.filter(pk__in=files).select_related("organisation")
    found = list(rows.order_by("-recorded_at", "-id"))
    decisions, entries = newest_decisions(files), defaultdict[UUID, list[BreachEntry]](list)
    for entry in entries_with_joined(files):
        entries[entry.breach.joined_to_id or entry.breach_id].append(entry)
    extents = newest_extents(found)
    doubtful = {
        one.pk: decisions[one.pk]
        for one in found
        if one.pk in decisions and _in_doubt(one, decisions[one.pk])
    }
    waiting = waiting_for(list(doubtful.values()))
    open_ones = {breach for breach, one in doubtful.items() if waiting[one.pk]}
    return [
        (
            reference(one.pk), short_instant(one.noticed_at, zone), short_instant(one.recorded_at, zone), one.organisation.name, one.what,
            *_extent(one, extents, zone),
            f"Jointe à {reference(one.joined_to_id)}" if one.joined_to_id else WORDS[State(one.state)],
            *_followed_by(one, decisions.get(one.pk), entries[one.pk], zone, is_open=one.pk in open_ones), one.lessons,
        )
        for one in found
    ]  # fmt: skip


def _extent(row: Breach, extents: Mapping[UUID, BreachExtent], zone: ZoneInfo) -> tuple[str, ...]:
    """How far it reaches as it is known now; then what was first said of it, where that is something else."""
    now, was = known_now(row, extents), first_said(row)
    return (
        natures(now), kinds(now), how_many(now), goes_on(now),
        *(short_instant(one, zone) if one else "" for one in (now.began_at, now.stopped_at)),
        whole(was, zone) if changed(was, now) else "",
    )  # fmt: skip


def _followed_by(
    row: Breach,
    decision: BreachDecision | None,
    entries: Sequence[BreachEntry],
    zone: ZoneInfo,
    *,
    is_open: bool,
) -> tuple[str, ...]:
    """Its effects, the measures taken, what was decided and why, who filed on which day, how persons were informed (GDPR art. 33.5)."""

    def texts_of(kind: EntryKind) -> list[str]:
        return [
            f"{short_instant(one.happened_at, zone)}, {one.recorded_for.short_name} : {one.text}"
            for one in entries
            if one.kind == kind
        ]

    planned = decision.measures if decision else ""
    return (
        decision.consequences if decision else "",
        "\n".join(filter(None, (planned, *texts_of(EntryKind.MEASURE)))),
        _decided(row, decision, is_open=is_open) if decision else "",
        "\n".join(texts_of(EntryKind.FILED)),
        "\n".join(texts_of(EntryKind.PERSONS_TOLD)),
    )


def _decided(row: Breach, decision: BreachDecision, *, is_open: bool) -> str:
    """What was decided, or is only proposed, and its reasons."""
    if decision.is_breach:
        authority = (
            "à notifier à la CNIL"
            if decision.tells_authority
            else f"pas de notification à la CNIL : {decision.authority_reason}"
        )
        persons = (
            "personnes à informer"
            if decision.tells_persons
            else f"personnes non informées : {decision.persons_reason}"
        )
        said = f"violation avérée ; {authority} ; {persons}"
    else:
        said = f"suspicion écartée : {decision.reason}"
    proposed = is_open or row.state == State.SUSPECTED
    return f"Proposée, pas encore acceptée par tous : {said}" if proposed else said


def _in_doubt(row: Breach, decision: BreachDecision) -> bool:
    """Whether the state does not say if all agreed: a second decision that was proposed after a first one held."""
    return decision.number > 1 and row.state not in {State.SUSPECTED, State.CLOSED}
