"""The check-list of a file on paper, for the person to take home: it names nobody."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from maillage.documents.rendering import render_pdf
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.rights.models import Preparation
from maillage.rights.paper import paper_list
from maillage.rights.preparing import open_preparation
from maillage.web.middleware import MemberRequest
from maillage.web.preparing.stage import Stage
from maillage.web.rules import acting_member, page


@page(permission=Permission.SEND_REFERRALS)
def paper(request: MemberRequest, preparation: UUID) -> HttpResponse:
    """The sheet, as a PDF; while no right is chosen there is nothing to list."""
    member = acting_member(request)
    try:
        opened = open_preparation(member, preparation)
    except Preparation.DoesNotExist as unknown:
        raise Http404 from unknown
    content = opened.content
    if content.declared is None:
        return redirect("preparations:step", preparation, "droit")
    stage = Stage(member, request.instant, content, preparation, opened.pieces)
    named = reference(preparation)
    sheet = paper_list(
        content.declared,
        content.known,
        opened.there,
        reference=named,
        helper=member.organisation_name,
        bring_by=stage.forward_by,
    )
    answer = HttpResponse(render_pdf("sheet", sheet.as_data()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="papiers-{named}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
