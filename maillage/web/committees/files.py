"""The papers of a meeting: its convocation to print, its file frozen and served with its digest."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse

from maillage.conventions.lifecycle.recording import day_of
from maillage.documents.actions import visible_to as documents_visible_to
from maillage.organisations.roles import Permission
from maillage.steering.committees.agenda import agenda
from maillage.steering.committees.convocation import convocation_pdf
from maillage.steering.committees.models import Pack
from maillage.steering.committees.opening import clause_of
from maillage.steering.committees.packing import make_pack
from maillage.steering.committees.queries import members_of
from maillage.steering.committees.states import State
from maillage.web.committees.opening import reached_meeting, steering, to_meeting
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page
from maillage.web.serving import download


@page(permission=Permission.READ_CONVENTIONS)
def convocation(request: MemberRequest, meeting: UUID) -> HttpResponse:
    """The convocation as a letter to print; 404 before the meeting is convened."""
    known, row = reached_meeting(request, meeting)
    if row.state in (State.PLANNED, State.CANCELLED):
        raise Http404
    on = day_of(known.row, request.instant)
    clause = clause_of(known, row.committee_key, on)
    drawn = convocation_pdf(
        known,
        row,
        members=members_of(known, row, on),
        composition=clause.composition if clause else (),
        points=agenda(known, row, acting_member(request), on=on),
        on=on,
    )
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="convocation-{row.planned_on.isoformat()}.pdf"'
    return answer


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def freeze(request: MemberRequest, meeting: UUID) -> HttpResponse:
    """Freeze the file of the meeting as it is now: one more version."""
    known, row = reached_meeting(request, meeting)
    steering(request, known)
    make_pack(meeting=row.pk, by=acting_member(request), at=request.instant)
    messages.success(request, "Dossier figé : les versions précédentes restent.")
    return to_meeting(row, "dossier")


@page(permission=Permission.READ_CONVENTIONS)
def file(request: MemberRequest, pack: UUID, kind: str) -> HttpResponse:
    """The PDF or the workbook of a frozen file, as a download."""
    row = Pack.objects.filter(pk=pack).first()
    if row is None or kind not in ("pdf", "xlsx"):
        raise Http404
    reached_meeting(request, row.meeting_id)
    member = acting_member(request)
    wanted = row.pdf_id if kind == "pdf" else row.workbook_id
    document = documents_visible_to(member).filter(pk=wanted).first()
    if document is None:
        raise Http404
    return download(document, by=member)
