"""The papers of an assessment: the whole version, the letter to whoever has nobody here, the documents that came."""

from uuid import UUID

from django.http import Http404, HttpResponse

from maillage.audit.actions import record
from maillage.documents.letters import letter_pdf
from maillage.documents.rendering import render_pdf
from maillage.organisations.roles import Permission
from maillage.protection.assessments.drawing import Printed, assessment_report, question_letter
from maillage.protection.assessments.notifications import reference
from maillage.protection.assessments.queries import contributions_of, description_of, risks_of
from maillage.web.middleware import MemberRequest
from maillage.web.protection.assessments.opening import asked, reached
from maillage.web.protection.serving import serve_document
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page


@page(permission=Permission.PROTECT_DATA)
def printed(request: MemberRequest, impact_assessment: UUID) -> HttpResponse:
    """The whole version, to be read and kept."""
    row, known = reached(request, impact_assessment)
    zone = zone_of(acting_member(request))
    report = assessment_report(
        Printed(
            row=row,
            leader=row.organisation.name,
            sections=description_of(row, known, request.instant),
            risks=risks_of(row),
            contributions=contributions_of(row),
            on=request.instant.astimezone(zone).date(),
            validated_on=row.validated_at.astimezone(zone).date() if row.validated_at else None,
        )
    )
    _note(request, row.pk)
    return _pdf(render_pdf("report", report.as_data()), f"analyse-{reference(row.pk)}")


@page(permission=Permission.PROTECT_DATA)
def letter(request: MemberRequest, assessment_contribution: UUID) -> HttpResponse:
    """What is asked of an organisation that has nobody here, for the leader to send."""
    row, member = asked(request, assessment_contribution), acting_member(request)
    if row.leader_id != member.organisation:
        raise Http404
    on = request.instant.astimezone(zone_of(member)).date()
    _note(request, row.assessment_id)
    return _pdf(
        letter_pdf(question_letter(row, sender=member.organisation_name, on=on)),
        f"lettre-{reference(row.pk)}",
    )


@page(permission=Permission.PROTECT_DATA)
def document(request: MemberRequest, assessment_contribution: UUID) -> HttpResponse:
    """The document of an answer, as a download."""
    return serve_document(request, asked(request, assessment_contribution).document_id)


def _pdf(drawn: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _note(request: MemberRequest, assessment: UUID) -> None:
    member = acting_member(request)
    record(
        verb="impact.print", object_type="impact_assessment", object_ref=assessment, by=member.user, organisation=member.organisation
    )  # fmt: skip
