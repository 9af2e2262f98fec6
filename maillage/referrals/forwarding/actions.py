"""A referral goes on elsewhere: the caisse says where and its sender sends it again, or the caisse forwards it itself."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now

from maillage.audit.actions import record
from maillage.cases.models import Authorisation, Case
from maillage.cases.queries import kin_of
from maillage.core.moves import move
from maillage.core.refusals import Fault, check
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals.acted_on import locked
from maillage.referrals.actions import ConditionsUnmet, FlowClosed, must_be_finished, open_with
from maillage.referrals.content import Content
from maillage.referrals.drafts import begin, refusal_without_keys
from maillage.referrals.forwarded.models import Forwarding
from maillage.referrals.forwarding.carrying import content_of
from maillage.referrals.forwarding.queries import destinations
from maillage.referrals.forwarding.sequels import sequels
from maillage.referrals.leaving import leaving
from maillage.referrals.models import Referral
from maillage.referrals.policies import can_restart
from maillage.referrals.queries import file_of
from maillage.referrals.rules import REDIRECT_REASONS, reason_problem, words_problem
from maillage.referrals.sealed_words import REFUSAL, seal_words
from maillage.referrals.states import RESTARTABLE, TRANSITIONS
from maillage.referrals.withheld import still_withheld
from maillage.referrals.working import after, must_be_worked, must_use, must_work, worked
from maillage.vault.actions import NoKeyPair

_NOBODY_GOES_ON: Final = (
    "La personne ne veut pas que l’organisme qui l’a adressée connaisse la suite : il ne saurait pas qu’il faut repartir. Refusez, "
    "et dites vous-même à la personne à qui s’adresser."
)


@transaction.atomic
def redirect(*, referral: Referral, target: str, reason: str, words: str, by: Member, at: datetime) -> None:
    """The caisse says under which other way of the convention the demand falls, and why; the referral ends there.

    The words to the sender are needed for the other reason. Raises Refused at `target`, `reason` or `words`,
    TransitionRefused when it is too late, or where the person withholds from the sender what would make it go on.
    """
    must_work(referral, by)
    locked(referral)
    if still_withheld(referral.case):
        raise TransitionRefused(_NOBODY_GOES_ON)
    on = at.astimezone(ZoneInfo(by.time_zone)).date()
    known = {one.key for one in destinations(referral, by, on=on)}
    in_list = reason_problem(reason, REDIRECT_REASONS)
    said = words_problem(words, needed=reason == "other")
    check(
        [
            None if target in known else Fault("Choisissez un service dans la liste.", "target"),
            Fault(in_list, "reason") if in_list else None,
            Fault(said, "words") if said else None,
        ]
    )
    move(
        referral,
        TRANSITIONS,
        "redirect",
        closed_at=after(referral, at),
        closed_by=by.user,
        end_reason=reason,
        redirected_to=target,
        refusal_words=seal_words(words, REFUSAL, referral.case_id, case=referral.case_id, by=by),
    )
    worked("redirect", "referral_redirected", referral, by=by, at=at)


@transaction.atomic
def restart(*, referral: Referral, by: Member, at: datetime) -> UUID:
    """Begin a draft with all that a referral which ended elsewhere had sent. Returns the draft, or the sequel under way.

    Twice from the same person is once. Raises TransitionRefused for a referral that did not end so, NotFollowed for whoever
    may not open it, Refused when its data or the sender's keys are gone.
    """
    if not can_restart(by, referral.case):
        raise PermissionDenied("Seul l’organisme qui a envoyé cette orientation peut la faire repartir.")
    if referral.state not in RESTARTABLE:
        raise TransitionRefused
    file = file_of(by, referral.case_id)
    sequels = [one for one in kin_of(file.participation) if one.goes_on]
    under_way = next((one for one in sequels if one.is_open), None)
    if under_way is not None:
        return under_way.case
    content = replace(content_of(file), authorisation=_pointed_to(referral, by))
    latest = sequels[-1].case if sequels else referral.case_id
    draft = begin(token=latest, content=content, by=by, at=at)
    record(
        verb="restart",
        object_type="referral",
        object_ref=referral.case_id,
        by=by.user,
        organisation=by.organisation,
    )
    return draft


@transaction.atomic
def forward(*, referral: Referral, new: UUID, content: Content, by: Member, at: datetime) -> bool:
    """The caisse forwards a case that it works to another service of the convention: a new case, whose sender it is.

    Only what that flow lets out leaves, under a key of its own; the person was told of the new recipient. The former case goes
    on, both its sides see that it was forwarded and where. False when this very form was sent before. Raises Incomplete,
    FlowClosed, ConditionsUnmet, TransitionRefused when nobody works it, or Refused.
    """
    must_use(referral, by)
    locked(referral)
    must_be_worked(referral)
    if Case.objects.filter(id=new).exists():
        return False
    on = at.astimezone(ZoneInfo(by.time_zone)).date()
    found = {one.id: one for one in sequels(referral.case, by, at=at)}
    sequel = found.get(content.authorisation or new)
    if sequel is None:
        raise FlowClosed(None)
    must_be_finished(content, None, on=on)
    route = sequel.route(content, on=on)
    if not route.is_open:
        raise ConditionsUnmet(route.openings())
    must_be_finished(content, route, on=on)
    content = replace(content, origin=referral.case_id)
    try:
        open_with(content, leaving(content, route), draft=new, under=sequel.under, by=by)
    except NoKeyPair as error:
        raise refusal_without_keys(error, by) from error
    known = Forwarding.objects.create(
        case_id=referral.case_id,
        service=sequel.under.service,
        recipient_id=sequel.under.recipient_id,
        article=sequel.under.article,
        forwarded_at=at,
        forwarded_by=by.user,
    )
    # The sender reads this message: it names what the sender knows of, never the new case.
    worked("forward", "referral_forwarded", referral, by=by, at=at, about=known.id)
    return True


def _pointed_to(referral: Referral, by: Member) -> UUID | None:
    """The service that the caisse named, or the same where nobody answered, if it is open today: it is chosen beforehand."""
    case = referral.case
    key = referral.redirected_to.removeprefix("flows.") or case.authorisation.flow_key
    rows = Authorisation.objects.filter(
        convention_id=case.convention_id,
        flow_key=key,
        sender=by.organisation,
        rights=[],
        open_during__contains=Now(),
    )
    return rows.values_list("id", flat=True).first()
