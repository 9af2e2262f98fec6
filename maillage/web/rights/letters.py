"""The letters of an application, as PDF: for whoever opens it, and for nobody's cache. Each printing is journalled."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.cases.models import Participation
from maillage.core.refusals import Refused
from maillage.documents.letters import letter_pdf
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.rights.letters.appeals import appeal_for
from maillage.rights.letters.composing import LABELS, SLUGS, Kind, allowed, compose
from maillage.rights.letters.writing import short_text
from maillage.rights.queries import File, NotFollowed, file_of
from maillage.rights.states import State
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page


@dataclass(frozen=True, slots=True)
class Link:
    """A letter that may be printed now, and what to know before it leaves."""

    label: str
    url: str
    note: str = ""


def links_of(file: File) -> list[Link]:
    """The letters that an application allows as it stands."""
    application = file.application
    slugs = {kind: slug for slug, kind in SLUGS.items()}
    return [
        Link(
            LABELS[kind], reverse("rights:letter", args=[application.case_id, slugs[kind]]), _note(file, kind)
        )
        for kind in allowed(file)
    ]


def _note(file: File, kind: Kind) -> str:
    """What is not verified in a letter: it is to be read again before it is sent."""
    application = file.application
    if kind is not Kind.DECISION or application.state != State.REFUSED:
        return ""
    doubtful = appeal_for(application.right).unverified
    return (
        f"À relire avant l’envoi : aucune source officielle n’a été lue qui dise {doubtful}."
        if doubtful
        else ""
    )


def short_of(file: File) -> str:
    """What an SMS or an e-mail may say of a decision; empty before there is one."""
    application = file.application
    if application.decided_on is None:
        return ""
    return short_text(application.case.caisse.short_name, reference(application.case_id))


@page(permission=Permission.READ_REFERRALS)
def letter(request: MemberRequest, application: UUID, slug: str) -> HttpResponse:
    """One letter; whoever does not follow the application is led to its page."""
    member = acting_member(request)
    if slug not in SLUGS:
        raise Http404
    try:
        file = file_of(member, application)
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown
    except NotFollowed:
        return redirect("rights:application", application)
    try:
        written = compose(file, SLUGS[slug], by=member, at=request.instant)
    except Refused as refused:
        raise Http404 from refused
    answer = HttpResponse(letter_pdf(written), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{slug}-{reference(application)}.pdf"'
    return answer
