"""How a page reaches an assessment or what is asked for one: what one's organisation leads or is asked, or 404."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.audit.actions import record
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.queries import load
from maillage.protection.assessments.models import Assessment, AssessmentContribution
from maillage.protection.assessments.notifications import reference
from maillage.protection.assessments.queries import asked_visible_to, visible_to
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.one_form import one_form
from maillage.web.rules import acting_member


def reached(request: MemberRequest, impact: UUID) -> tuple[Assessment, LoadedConvention]:
    """The version that one may read, with its convention; the reading is journalled. Raises Http404."""
    member = acting_member(request)
    row = visible_to(member).filter(pk=impact).first()
    if row is None:
        raise Http404
    record(
        verb="impact.read",
        object_type="impact_assessment",
        object_ref=row.pk,
        by=member.user,
        organisation=member.organisation,
    )
    return row, load(row.convention)


def asked(request: MemberRequest, contribution: UUID) -> AssessmentContribution:
    """What one's organisation asked or is asked. Raises Http404."""
    row = asked_visible_to(acting_member(request)).filter(pk=contribution).first()
    if row is None:
        raise Http404
    return row


def above(row: Assessment | None = None) -> list[tuple[str, str]]:
    """The pages above a page of an assessment."""
    pages = [("Analyses d’impact", reverse("protection:assessments"))]
    if row is not None:
        pages.append((reference(row.pk), reverse("protection:assessment", args=[row.pk])))
    return pages


def show_form(
    request: MemberRequest,
    form: forms.Form,
    row: Assessment,
    *,
    title: str,
    lead: str,
    button: str = "Enregistrer",
) -> HttpResponse:
    """One form for one act, under the pages above it."""
    return one_form(request, form, title=title, lead=lead, button=button, pages=above(row))


def to_assessment(row: Assessment, anchor: str = "") -> HttpResponse:
    """Back to the page of the version."""
    answer = redirect("protection:assessment", row.pk)
    if anchor:
        answer["Location"] += f"#{anchor}"
    return answer
