"""The papers of a breach: the notice to the authority, the documents of its file, the register as a table."""

from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse

from maillage.audit.actions import record
from maillage.core.spreadsheets.writing import xlsx
from maillage.documents.actions import describe, open_document
from maillage.documents.actions import visible_to as documents_visible_to
from maillage.documents.serving import headers_for
from maillage.organisations.directory.queries import mailboxes_of
from maillage.organisations.directory.rules import Use
from maillage.organisations.roles import Permission
from maillage.protection.breaches.form import notice_pdf
from maillage.protection.breaches.models import BreachEntry
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.queries import (
    decisions_of,
    entries_of,
    files_of,
    notices_of,
    parties_of,
    visible_to,
)
from maillage.protection.breaches.states import WORDS, State
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import short_instant
from maillage.web.protection.opening import followed
from maillage.web.protection.words import goes_on, how_many, kinds, natures, zone_of
from maillage.web.rules import acting_member, page

_MOST = 5_000
_LABELS = (
    "Référence", "Constatée le", "Signalée le", "Par", "Faits", "Nature", "Données", "Étendue", "Se poursuit", "État", "Enseignements",
)  # fmt: skip


@page(permission=Permission.PROTECT_DATA)
def notice(request: MemberRequest, breach: UUID) -> HttpResponse:
    """The notice to the authority for one's own organisation; 404 for whoever does not answer for the data."""
    row, member = followed(request, breach), acting_member(request)
    parties = parties_of(row.pk)
    mine = next((one for one in parties if one.organisation == member.organisation), None)
    if mine is None or not mine.controls:
        raise Http404
    files, decisions = files_of(row), decisions_of(row)
    drawn = notice_pdf(
        row,
        for_party=mine,
        decision=decisions[0] if decisions else None,
        entries=entries_of(files),
        notices=notices_of(files),
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
    member = acting_member(request)
    kept = documents_visible_to(member).filter(pk=found.document_id).first()
    if kept is None:
        raise Http404
    answer = StreamingHttpResponse(open_document(kept, by=member))
    for name, value in headers_for(describe(kept)).items():
        answer.headers[name] = value
    return answer  # type: ignore[return-value]  # a streaming answer is an answer


@page(permission=Permission.PROTECT_DATA)
def register(request: MemberRequest) -> HttpResponse:
    """The register of breaches (GDPR art. 33.5) as a workbook, every cell a text."""
    member = acting_member(request)
    zone = zone_of(member)
    rows = [
        (
            reference(one.pk), short_instant(one.noticed_at, zone), short_instant(one.recorded_at, zone), one.organisation.name, one.what,
            natures(one), kinds(one), how_many(one), goes_on(one), WORDS[State(one.state)], one.lessons,
        )
        for one in visible_to(member).select_related("organisation")[:_MOST]
    ]  # fmt: skip
    record(
        verb="breach.export", object_type="breach", by=member.user, organisation=member.organisation, reason=f"{len(rows)} lignes"
    )  # fmt: skip
    answer = HttpResponse(
        xlsx("Violations", _LABELS, rows),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = 'attachment; filename="registre-violations.xlsx"'
    return answer
