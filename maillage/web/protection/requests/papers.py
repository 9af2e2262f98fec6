"""The papers of a request: the letter, what is held, to be read and for machines. Drawn when asked for, kept nowhere."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse

from maillage.core.refusals import Refused
from maillage.documents.letters import letter_pdf
from maillage.documents.rendering import render_pdf
from maillage.organisations.roles import Permission
from maillage.protection.requests.drawing import held_for, letter_for, lifting_letter_for
from maillage.protection.requests.held import machine_file
from maillage.protection.requests.letters import held_report
from maillage.protection.requests.notifications import reference
from maillage.web.middleware import MemberRequest
from maillage.web.protection.requests.opening import followed, to_request, today
from maillage.web.rules import acting_member, page


@page(permission=Permission.PROTECT_DATA, fresh=True)
def letter(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """The letter that the file allows now."""
    file = followed(request, rights_request)
    try:
        written = letter_for(file, by=acting_member(request), at=request.instant)
    except Refused as refused:
        messages.warning(request, str(refused))
        return to_request(file)
    return _pdf(letter_pdf(written), f"lettre-{reference(file.request_id)}")


@page(permission=Permission.PROTECT_DATA, fresh=True)
def lifting(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """The letter that comes before a restriction is lifted."""
    file = followed(request, rights_request)
    try:
        written = lifting_letter_for(file, by=acting_member(request), at=request.instant)
    except Refused as refused:
        messages.warning(request, str(refused))
        return to_request(file)
    return _pdf(letter_pdf(written), f"levee-{reference(file.request_id)}")


@page(permission=Permission.PROTECT_DATA, fresh=True)
def held(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """All that one's organisation holds about her, to be read."""
    file, member = followed(request, rights_request), acting_member(request)
    try:
        found = held_for(file, by=member, at=request.instant)
    except Refused as refused:
        messages.warning(request, str(refused))
        return to_request(file)
    report = held_report(
        found, sender=member.organisation_name, reference=reference(file.request_id), on=today(request)
    )
    return _pdf(render_pdf("report", report.as_data()), f"donnees-{reference(file.request_id)}")


@page(permission=Permission.PROTECT_DATA, fresh=True)
def machine(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """The same, for machines."""
    file, member = followed(request, rights_request), acting_member(request)
    code = reference(file.request_id)
    try:
        found = held_for(file, by=member, at=request.instant)
    except Refused as refused:
        messages.warning(request, str(refused))
        return to_request(file)
    content = machine_file(found, organisation=member.organisation_name, reference=code, on=today(request))
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="donnees-{code}.json"'
    return answer


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
