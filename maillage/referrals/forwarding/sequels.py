"""To which services the caisse may forward a case that it works: flows of the same convention, of which it is the sender."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from maillage.cases.models import Authorisation, Case
from maillage.conventions.data_roles.unsaid import Unsaid, unsaid_among
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.conventions.terms import Terms
from maillage.organisations.member import Member
from maillage.referrals.content import Content
from maillage.referrals.proposing import Prepared, ready_to_ask
from maillage.referrals.routes import OpenRoute, open_route
from maillage.referrals.routing.router import Question, Route, Routing, sequels_of
from maillage.referrals.routing.situation import Situation


@dataclass(frozen=True, slots=True)
class Sequel:
    """A flow by which a case may be forwarded now: `opened` as the text explains it, `under` which authorisation."""

    under: Authorisation
    opened: OpenRoute
    prepared: Prepared
    party: str

    @property
    def id(self) -> UUID:
        """Its authorisation's id."""
        return self.under.id

    def route(self, content: Content, *, on: date) -> Route:
        """What the text says of it for this situation."""
        (found,) = self.prepared.routing.routes(self._situation(content, on))
        return found

    def questions(self, content: Content, *, on: date) -> list[Question]:
        """What may still decide it; a line of the text under the key of its answer."""
        asked = self.prepared.routing.questions(self._situation(content, on))
        return [one if one.fact else replace(one, id=self.prepared.keys[one.id]) for one in asked]

    def _situation(self, content: Content, on: date) -> Situation:
        answers = self.prepared.answers(content.precisions.answers)
        return content.described(on=on, sender=self.party, answers=answers)


def sequels(case: Case, member: Member, *, at: datetime) -> list[Sequel]:
    """The services to which this case may go on, in the order of the text. Never back to whoever sent it."""
    rows = _onwards(case, member).filter(open_during__contains=Now()).select_related("recipient")
    by_flow = {row.flow_key: row for row in rows}
    if not by_flow:
        return []
    try:
        known = load(visible_to(member).get(id=case.convention_id))
    except Convention.DoesNotExist:
        return []
    if known.mine is None or not known.mine.signs:
        return []
    terms = known.terms(at.astimezone(known.zone).date())
    return [
        Sequel(by_flow[key], open_route(by_flow[key], known, terms), prepared, known.mine.key)
        for key, prepared in _prepared(terms)
        if key in by_flow and known.mine.key in prepared.routing.ready[0].senders
    ]


def closed_sequels(case: Case, member: Member, *, at: datetime) -> list[Unsaid]:
    """Those to which it could go on, were it said who answers for their data."""
    found = unsaid_among(_onwards(case, member).order_by("article", "id"), member, at=at)
    return [one for one in found if one.under.flow_key in dict(_prepared(one.terms))]


def _onwards(case: Case, member: Member) -> QuerySet[Authorisation]:
    return Authorisation.objects.filter(
        convention_id=case.convention_id, sender=member.organisation, rights=[]
    ).exclude(recipient=case.sender_id)


@lru_cache(maxsize=512)
def _prepared(terms: Terms) -> tuple[tuple[str, Prepared], ...]:
    """Each sequel of a text by its flow, ready to be asked for itself alone."""
    return tuple((one.flow.key, ready_to_ask(Routing((one,)))) for one in sequels_of(terms).ready if one.flow)
