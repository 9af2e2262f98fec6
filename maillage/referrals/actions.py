"""Sending a referral; what its two sides do next is in `working`. Policy, change, journal, outbox."""

from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from maillage.audit.actions import record
from maillage.beneficiaries.actions import record_consent, record_information, register_person
from maillage.beneficiaries.stopping import must_not_object
from maillage.cases.actions import (
    AuthorisationClosed,
    CaseExists,
    NoSequel,
    NotAuthorised,
    OpenedCase,
    forward_case,
    open_case,
)
from maillage.cases.following import begin_following
from maillage.cases.models import Authorisation
from maillage.cases.queries import visible_to
from maillage.cases.rules import Reason
from maillage.conventions.terms.base import article_named
from maillage.core import crypto
from maillage.core.refusals import Refused
from maillage.core.statements import insert, kept
from maillage.organisations.member import Member
from maillage.referrals.content import Content, Step, unfinished
from maillage.referrals.drafts import discard_sent, open_draft, refusal_without_keys
from maillage.referrals.leaving import Leaving, kept_to_bytes, leaving, needs_agreement
from maillage.referrals.models import Draft, Referral, Renunciation
from maillage.referrals.notifications import tell
from maillage.referrals.policies import can_send
from maillage.referrals.proposing import route_under
from maillage.referrals.routing.router import Opening, Route
from maillage.vault.actions import NoKeyPair

ALREADY_FOLLOWED: Final = (
    "La demande d’origine a déjà une suite en cours, ou n’en permet plus : ouvrez-la avant d’aller plus loin. "
    "Rien n’a été envoyé."
)


class Incomplete(Exception):
    """Steps miss an answer, or an answer no longer holds. `steps` names them in order."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        super().__init__("Il manque des réponses avant d’envoyer.")
        self.steps = steps


class FlowClosed(Exception):
    """The convention no longer allows this sending; nothing was sent and the draft stays. `authorisation` is the closed one."""

    def __init__(self, authorisation: Authorisation | None) -> None:
        super().__init__(
            "La convention ne permet pas, ou ne permet plus, cet envoi. Votre brouillon est gardé."
        )
        self.authorisation = authorisation


class ConditionsUnmet(Exception):
    """The text asks for something that this situation does not show; nothing was sent. `openings`, and `asked` in words, would open it."""

    def __init__(self, openings: tuple[Opening, ...]) -> None:
        self.asked = " ; ".join(
            f"{one.text.removesuffix('.')} ({article_named(one.article)})" for one in openings
        )
        super().__init__(
            f"La convention ne permet pas encore cet envoi. Il faudrait : {self.asked}. Votre brouillon est gardé."
        )
        self.openings = openings


@transaction.atomic
def send(*, draft: UUID, by: Member, at: datetime) -> UUID:
    """Turn a draft into a case shared with the recipient, all at once or not at all. Returns the case's id, the draft's.

    The database's own clock decides whether the convention allows it, its text whether this situation may take the way.
    Sent twice, the second finds the case. Raises Incomplete, FlowClosed, ConditionsUnmet or, when a side has no keys or the
    case from which it follows has a sequel already, or she objected, Refused (the draft stays); or Draft.DoesNotExist.
    """
    if not can_send(by):
        raise PermissionDenied("Votre rôle ne permet pas d’envoyer une orientation.")
    try:
        content = open_draft(by, draft, for_update=True).content
    except Draft.DoesNotExist:
        if visible_to(by).filter(case_id=draft, role="sender").exists():
            return draft
        raise
    on = at.astimezone(ZoneInfo(by.time_zone)).date()
    must_be_finished(content, None, on=on)
    allowed = next(iter(_authorised(content.authorisation or draft, by.organisation)), None)
    if allowed is None:
        raise FlowClosed(None)
    route = _route(by, allowed, content, at)
    must_be_finished(content, route, on=on)
    try:
        open_with(content, leaving(content, route), draft=draft, under=allowed, by=by)
    except NoKeyPair as error:
        raise refusal_without_keys(error, by) from error
    return draft


def open_with(content: Content, sent: Leaving, *, draft: UUID, under: Authorisation, by: Member) -> None:
    """Open the case and all that hangs on it; `draft` becomes its id. Nothing where it is open already.

    Raises Incomplete, FlowClosed, NoKeyPair, or Refused when the case from which it follows has a sequel already, or she objected.
    """
    person, situation, told, agreement = content.person, content.situation, content.told, content.agreement
    if not (person and situation and told and agreement):  # `unfinished` found nothing missing
        raise Incomplete(tuple(Step))
    must_not_object(person=person, counterpart=under.recipient_id, service=under.service, by=by)
    urgent = content.urgent
    try:
        opened = _open(content.origin, case=draft, under=under, urgent=urgent)
    except (AuthorisationClosed, NotAuthorised) as error:
        raise FlowClosed(under) from error
    except NoSequel as error:
        raise Refused(ALREADY_FOLLOWED) from error
    except CaseExists:
        discard_sent(draft=draft, by=by)
        return
    row = Referral(
        case_id=opened.id,
        urgent=urgent,
        motives=list(situation.motives),
        narrative=_narrative(opened, sent.narrative),
        situation=crypto.encrypt(opened.key, kept_to_bytes(sent.kept), at=situation_place(opened.id)),
        sent_at=opened.opened_at,
        sent_by=by.user,
    )
    insert(row)
    for one in dict.fromkeys(sent.renunciations):
        insert(Renunciation(case_id=opened.id, care=one.care, reason=one.reason))
    register_person(case=opened.id, key=opened.key, identity=person)
    record_information(case=opened.id, told=told, recipient=under.recipient_id, by=by)
    record_consent(case=opened.id, key=opened.key, agreement=agreement, by=by, at=opened.opened_at)
    discard_sent(draft=draft, by=by)
    begin_following(case=opened.id, reason=Reason.SENT, by=by, at=opened.opened_at)
    _record("send", opened.id, by)
    tell("referral_sent", case=opened.id, to=under.recipient_id, urgent=urgent)


def must_be_finished(content: Content, route: Route | None, *, on: date) -> None:
    """Raise Incomplete where a step misses an answer, her agreement included where the route stands on it."""
    steps = unfinished(content, on=on, needs_agreement=route is not None and needs_agreement(route))
    if steps:
        raise Incomplete(steps)


def _open(origin: UUID | None, *, case: UUID, under: Authorisation, urgent: bool) -> OpenedCase:
    if origin is None:
        return open_case(case=case, under=under, kind="referral", urgent=urgent)
    return forward_case(former=origin, case=case, under=under, kind="referral", urgent=urgent)


def _route(by: Member, allowed: Authorisation, content: Content, at: datetime) -> Route:
    """The route of an authorisation, all its conditions met now. Raises FlowClosed, ConditionsUnmet."""
    route = route_under(by, allowed, content, at=at)
    if route is None:
        raise FlowClosed(allowed)
    if not route.is_open:
        raise ConditionsUnmet(route.openings())
    return route


@kept
def _authorised(authorisation: UUID, sender: UUID) -> QuerySet[Authorisation]:
    return Authorisation.objects.filter(id=authorisation, sender=sender)


def _narrative(opened: OpenedCase, text: str) -> bytes | None:
    return crypto.encrypt(opened.key, text.encode(), at=narrative_place(opened.id)) if text else None


def situation_place(case: UUID) -> bytes:
    """Where an encrypted situation belongs."""
    return crypto.place("referrals_referral", "situation", case)


def narrative_place(case: UUID) -> bytes:
    """Where an encrypted account belongs."""
    return crypto.place("referrals_referral", "narrative", case)


def _record(verb: str, case: UUID, by: Member) -> None:
    record(verb=verb, object_type="referral", object_ref=case, by=by.user, organisation=by.organisation)
