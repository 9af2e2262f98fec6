"""The page of one referral: it starts from the participation of the organisation that acts."""

from datetime import date
from types import MappingProxyType
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.cases.following import can_follow
from maillage.cases.models import Participation
from maillage.cases.queries import kin_of
from maillage.cases.rules import Reason
from maillage.conventions.solicitations.queries import about
from maillage.core.states import TOO_LATE
from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.organisations.roles import Permission
from maillage.referrals import queries
from maillage.referrals.forwarding.queries import destination_in
from maillage.referrals.policies import can_work
from maillage.referrals.references import reference
from maillage.referrals.states import State
from maillage.referrals.withheld import is_withheld
from maillage.web.conventions.soliciting.words import line
from maillage.web.kept import case_kept, case_text
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.acts import Refused, acts_of
from maillage.web.referrals.following import closed_context, following_urls
from maillage.web.referrals.identity.words import identity_block
from maillage.web.referrals.life import (
    HOW_IT_COUNTS,
    dates_facts,
    is_over,
    outcome_facts,
    part_words,
    side_of,
    timeline,
    tone_of,
)
from maillage.web.referrals.lineage import lineage_facts
from maillage.web.referrals.naming import service_of
from maillage.web.referrals.own_block import own_block
from maillage.web.referrals.restricted import notices
from maillage.web.referrals.tasks import local_day
from maillage.web.referrals.thread import BEFORE, messages_of
from maillage.web.referrals.told import information_facts
from maillage.web.referrals.words import described_facts, person_facts
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_REFERRALS)
def case(request: MemberRequest, case: UUID) -> HttpResponse:
    """One referral on one page: who, what next, what happened."""
    return show_case(request, case)


def show_case(request: MemberRequest, case: UUID, *, refused: Refused = MappingProxyType({})) -> HttpResponse:
    """The page of a referral, with a form that was refused if there is one, by the name of its act."""
    member = acting_member(request)
    try:
        file = queries.file_of(member, case, messages_before=_before(request))
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown
    except queries.NotFollowed as closed:
        return _show_closed(request, closed)
    referral, part = file.referral, file.participation
    on = local_day(request.instant, member)
    kin = kin_of(part)
    text = case_text(part.case, member)
    where = destination_in(text, referral, on=on)
    acts = acts_of(file, member, on, _beside_messages(refused), kin=kin, where=where)
    if acts.is_late:
        messages.warning(request, TOO_LATE)
    people = _people(file)
    context = {
        "reference": reference(case),
        "service": service_of(part.case),
        "heading": file.identity.full_name if file.identity else service_of(part.case),
        "case": case,
        "part": part,
        "state": referral.state,
        "state_label": part_words(part, side_of(part.role, member)),
        "tone": tone_of(referral.state),
        "withheld_from": _withheld_from(part),
        "has_ended": is_over(referral),
        "other_closed": _other_closed(part, on),
        "acts": acts,
        **notices(part, member),
        "lineage": lineage_facts(file, member, kin, where),
        **_person(file, member),
        "situation": described_facts(file),
        "outcomes": outcome_facts(referral, file.history),
        "how_it_counts": HOW_IT_COUNTS,
        "told": information_facts(file, member),
        "article": part.case.authorisation.article,
        "own": own_block(file, member, on, people, refused),
        "events": timeline(file, people, member),
        "exchanged": messages_of(file, people, member, refused.get("message")),
        "follows": file.opened_as is not Reason.CONSULTED,
        **following_urls("referrals", case),
        "can_follow": can_follow(member, part.case),
        "solicit_url": _solicit_url(part),
        "solicitations": [line(row, member, on) for row in about(member, case)],
        "kept": case_kept(text, part.case, on, closed=part.closed_at),
    }
    return render(request, "referrals/case.html", context)


def _person(file: queries.File, member: Member) -> dict[str, object]:
    """Who she is, and what was corrected of that."""
    known = file.identity
    return {
        "person": person_facts(known) if known else None,
        "identity": identity_block(file.participation, member, known=known is not None),
    }


def _solicit_url(part: Participation) -> str:
    """Where whoever sent it asks a referent about it; nowhere while it is restricted."""
    asks = part.role == "sender" and part.frozen_since is None
    return reverse("referrals:solicit", args=[part.case_id]) if asks else ""


def _beside_messages(refused: Refused) -> Refused:
    """Those of the panel of acts: the form of a message stands elsewhere."""
    return {name: form for name, form in refused.items() if name != "message"}


def _withheld_from(part: Participation) -> str:
    """Who must not learn more than that the request was received, and when it is over; said to whoever works it."""
    return part.case.sender.name if part.role == "recipient" and is_withheld(part.case) else ""


def _other_closed(part: Participation, on: date) -> str:
    """That the organisation on the other side has closed, since when, and who took it over; empty while it is open."""
    other = part.case.sender if part.role == "recipient" else part.case.caisse
    if other.closed_on is None or other.closed_on > on:
        return ""
    after = f" ; {other.successor.name} lui succède" if other.successor else ", sans successeur connu"
    return typeset(
        f"{other.name} a fermé le {long_date(other.closed_on)}{after}. Voyez l’annuaire pour savoir à qui écrire."
    )


def _before(request: MemberRequest) -> UUID | None:
    """The message that the address names, to show those before it; a broken one shows the last ones."""
    try:
        return UUID(request.GET.get(BEFORE, ""))
    except ValueError:
        return None


def _show_closed(request: MemberRequest, closed: queries.NotFollowed) -> HttpResponse:
    """The page of a referral that one does not follow: what it is and where it stands, not whom it is about."""
    member = acting_member(request)
    part, referral = closed.participation, closed.referral
    context = {
        **closed_context(member, closed),
        "service": service_of(part.case),
        "part": part,
        "state_label": part_words(part, side_of(part.role, member)),
        "tone": tone_of(referral.state),
        "dates": dates_facts(part, referral, member),
        **notices(part, member),
        "acknowledges": can_work(member, part.case)
        and referral.state == State.SENT
        and part.frozen_since is None,
    }
    return render(request, "referrals/closed_case.html", context)


def _people(file: queries.File) -> dict[UUID, str]:
    """The names of those who acted: they work here, the directory is open to all."""
    referral = file.referral
    acted = (referral.sent_by, referral.acknowledged_by, referral.accepted_by, referral.closed_by)
    acted_here = file.history.people() | file.own.people() | file.thread.authors()
    ids = acted_here | {who for who in acted if who is not None}
    return dict(User.objects.filter(id__in=ids).values_list("id", "full_name"))
