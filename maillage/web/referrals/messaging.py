"""Writing to the other side of a case, saying that one has read, and what « À faire » says of it: never a word of a message."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.cases.following import with_reason
from maillage.core.identifiers import bound_id
from maillage.documents.actions import too_large
from maillage.documents.uploading import CUT
from maillage.exchange.actions import Writing, mark_read
from maillage.exchange.models import Attachment, Message
from maillage.exchange.queries import awaiting, document_of
from maillage.exchange.rules import LARGEST_FILE
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals import exchanging
from maillage.referrals.queries import visible_to
from maillage.referrals.references import reference
from maillage.web.home.tasks import Task
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import distance
from maillage.web.presentation.numbers import counted
from maillage.web.referrals.acting import act, the_referral
from maillage.web.referrals.naming import service_of
from maillage.web.referrals.reading import show_case
from maillage.web.referrals.tasks import SHOWN, local_day
from maillage.web.referrals.thread import MessageForm
from maillage.web.rules import acting_member, page
from maillage.web.serving import download


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def message(request: MemberRequest, case: UUID) -> HttpResponse:
    """Write to the other side."""
    member, referral = acting_member(request), the_referral(request, case)
    form = MessageForm(request.POST, request.FILES)
    if request.META.get(CUT):
        form.add_error("file", too_large(LARGEST_FILE))
    if not form.is_valid():
        return show_case(request, case, refused={"message": form})
    own = bound_id(form.cleaned_data["token"], organisation=member.organisation, author=member.user)
    writing = Writing(own, form.cleaned_data["text"], form.cleaned_data["file"])
    return act(
        request,
        referral,
        lambda: exchanging.write(referral=referral, writing=writing, by=member, at=request.instant),
        done="Message envoyé. L’autre organisme est prévenu, sans rien de son contenu.",
        form=("message", form),
    )


@page(permission=Permission.READ_REFERRALS)
def attachment(request: MemberRequest, case: UUID, attachment: UUID) -> HttpResponse:
    """A file of a case, as a download, for whoever may open the case; the others get its closed page."""
    member = acting_member(request)
    part = with_reason(member, visible_to(member).filter(case_id=case)).first()
    try:
        document = document_of(member, case, attachment)
    except Attachment.DoesNotExist as unknown:
        raise Http404 from unknown
    if part is None or not part.opened_as:
        return show_case(request, case)
    return download(document, by=member)


class ReadForm(forms.Form):
    """Up to which message one has read."""

    upto = forms.UUIDField()


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def messages_read(request: MemberRequest, case: UUID) -> HttpResponse:
    """Say that one has read what the page showed: « À faire » tells of it no more."""
    member = acting_member(request)
    the_referral(request, case)
    form = ReadForm(request.POST)
    if form.is_valid():
        try:
            mark_read(case=case, upto=form.cleaned_data["upto"], by=member)
        except Message.DoesNotExist as unknown:
            raise Http404 from unknown
        messages.success(request, "Messages lus : ils quittent votre liste « À faire ».")
    return redirect("referrals:case", case)


def messages_due(member: Member, on: date) -> list[Task]:
    """One line for each case that she follows where the other side wrote since she read: due the day it was written."""
    if not member.may(Permission.READ_REFERRALS):
        return []
    tasks = []
    for one in awaiting(member, limit=SHOWN):
        case = one.case
        other = case.caisse if case.sender_id == member.organisation else case.sender
        day = local_day(one.since, member)
        tasks.append(
            Task(
                title=f"Lire {counted(one.messages, 'message')} : {service_of(case)}, {reference(case.id)}",
                url=reverse("referrals:case", args=[case.id]) + "#echanges",
                due_on=day,
                why=f"{other.short_name} vous a écrit {distance(day, on)}.",
                kind="referral_message",
            )
        )
    return tasks
