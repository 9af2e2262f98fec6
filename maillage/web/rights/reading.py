"""The page of one application: it starts from the participation of the organisation that acts."""

from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.cases import following
from maillage.cases.models import Participation
from maillage.cases.rules import Reason
from maillage.conventions.lifecycle.queries import text_of
from maillage.conventions.terms.terms import Terms
from maillage.core.states import TOO_LATE
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.retention.keeping import BESIDE
from maillage.referrals.references import reference
from maillage.rights.acting import local
from maillage.rights.also_running import also_running
from maillage.rights.declared.rights import right_label
from maillage.rights.due import course_of, due_of
from maillage.rights.models import Application
from maillage.rights.queries import File, NotFollowed, application_of, file_of
from maillage.web.kept import case_kept
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.agreeing import agreement_facts
from maillage.web.referrals.following import following_urls
from maillage.web.referrals.identity.words import identity_block
from maillage.web.referrals.lineage import opened_by_facts
from maillage.web.referrals.restricted import notices
from maillage.web.referrals.told import told_facts
from maillage.web.referrals.words import person_facts
from maillage.web.rights.acts import Refused, acts_of
from maillage.web.rights.checklist import items_of, rounds_of
from maillage.web.rights.clocks import dials
from maillage.web.rights.letters import links_of, short_of
from maillage.web.rights.words import (
    dates_facts,
    decision_facts,
    details_facts,
    filed_facts,
    forward_facts,
    next_words,
    running_words,
    state_words,
    timeline,
    tone_of,
)
from maillage.web.rules import acting_member, page


def the_application(request: MemberRequest, case: UUID) -> Application:
    """The application to act on; unknown to whoever takes no part in it."""
    try:
        return application_of(acting_member(request), case)
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown


@page(permission=Permission.READ_REFERRALS)
def application(request: MemberRequest, application: UUID) -> HttpResponse:
    """One application on one page: who, which right, its two clocks, its pieces, what happened, what next."""
    return show(request, application)


def show(request: MemberRequest, case: UUID, *, refused: Refused = MappingProxyType({})) -> HttpResponse:
    """The page of an application, with a form that was refused if there is one, by the name of its act."""
    member = acting_member(request)
    try:
        file = file_of(member, case)
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown
    except NotFollowed as closed:
        return _show_closed(request, closed)
    row, part = file.application, file.participation
    on = local(request.instant, row)
    acts = acts_of(file, member, on, refused)
    if acts.is_late:
        messages.warning(request, TOO_LATE)
    text = text_of(part.case.convention_id, organisation=member.organisation, beside=BESIDE)
    terms = text.readable(row.received_on or local(row.sent_at, row))
    context = {
        **_named(part, row),
        "heading": file.identity.full_name if file.identity else right_label(row.right),
        "acts": acts,
        **notices(part, member),
        "running": [running_words(one) for one in also_running(member, file)],
        "person": person_facts(file.identity) if file.identity else None,
        "identity": identity_block(part, member, known=file.identity is not None),
        "filed": filed_facts(row, part, terms)
        + opened_by_facts(file.kin, member)
        + forward_facts(row, sent=local(row.sent_at, row)),
        "details": details_facts(file.details),
        "decision": decision_facts(row, file.words),
        "letters": links_of(file),
        "short": short_of(file),
        "dials": _dials(file, terms, on),
        "pieces": items_of(file, on),
        "rounds": rounds_of(file, on),
        "events": timeline(file),
        "told": _told(file),
        "article": part.case.authorisation.article,
        "follows": file.opened_as is not Reason.CONSULTED,
        **following_urls("rights", case),
        "can_follow": following.can_follow(member, part.case),
        "kept": case_kept(text, part.case, on, closed=part.closed_at),
    }
    return render(request, "rights/application.html", context)


def _dials(file: File, terms: Terms, on: Any) -> Any:
    """Both clocks; none before the file is received."""
    row = file.application
    if row.received_on is None:
        return None
    found = course_of(row.received_on, file.requests, complete=row.complete_on, decided=row.decided_on)
    return dials(due_of(row, found, terms, on=on), row, on=on)


def _told(file: File) -> list[Any]:
    """What the person was told of the use of her data, and what she agreed to."""
    told = told_facts(file.information, _recipient(file)) if file.information else []
    return told + (agreement_facts(file.consent, "") if file.consent else [])


def _recipient(file: File) -> str:
    """Whom she was told of: the caisse that received it, which is at hand, unless it was another."""
    told, caisse = file.information, file.participation.case.caisse
    if told is None or told.recipient_id == caisse.id:
        return caisse.name
    return told.recipient.name


def _named(part: Participation, row: Application) -> dict[str, Any]:
    """What is said of an application to anybody of its two sides: no identity."""
    return {
        "application": part.case_id,
        "part": part,
        "reference": reference(part.case_id),
        "right": right_label(row.right),
        "state_label": state_words(part.role, row.state),
        "tone": tone_of(row.state),
        "urgent": row.urgent and row.closed_at is None,
    }


def _show_closed(request: MemberRequest, closed: NotFollowed) -> HttpResponse:
    """The page of an application that one does not follow: what it is and where it stands, not whom it is about."""
    member: Member = acting_member(request)
    part, row = closed.participation, closed.application
    context = {
        **_named(part, row),
        "followers": [one.name for one in following.followers(member, part.case_id)],
        "can_follow": following.can_follow(member, part.case),
        "follow_url": reverse("rights:follow", args=[part.case_id]),
        "consult_url": reverse("rights:consult", args=[part.case_id]),
        "next": next_words(part.role, row, waits=False),
        "dates": dates_facts(part, row),
    }
    return render(request, "rights/closed.html", context)
