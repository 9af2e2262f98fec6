"""The steps of a referral, each by its action, in a transaction of its own, as who asks it of a page: nothing is written otherwise."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from benchmarks.replay.year import FOLLOWED, Story, Verb
from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Told
from maillage.cases.models import Authorisation
from maillage.conventions.terms.criteria import Value
from maillage.core.calendar import Period, add
from maillage.core.clock import now
from maillage.core.identifiers import bound_id
from maillage.organisations.member import Member, enter
from maillage.organisations.models import User
from maillage.referrals import outcomes, working
from maillage.referrals.actions import send
from maillage.referrals.content import Content, Precisions, Situation
from maillage.referrals.drafts import begin
from maillage.referrals.ending.rules import UNDER_WAY
from maillage.referrals.models import RightFollowed
from maillage.referrals.queries import referral_of, visible_to
from maillage.referrals.routing.situation import Renunciation
from tests.days import today

WORKER, ADVISER = "social@ccas.example.org", "conseil@cpam.example.org"
_AGREED: Final = Agreement("agreed", "all", "oral")
_RECEIVED: Final = Precisions({"received_here": True})
_NARRATIVE: Final = "Situation d’exemple : a remis ses soins à plus tard, et ne sait pas par où commencer."


@dataclass(frozen=True, slots=True)
class Someone:
    """Who acts: the one of the demonstration who has this address."""

    id: UUID
    name: str

    @contextmanager
    def acting(self, on: date) -> Iterator[Member]:
        """A request of hers: her rights are read anew, what she did is committed at the end."""
        with transaction.atomic():
            member = enter(user=self.id, user_name=self.name, wanted=None, on=on)
            assert member is not None
            yield member


def someone(address: str) -> Someone:
    """The one of this address. As the web's own role."""
    user = User.objects.get(email=address)
    return Someone(user.id, user.full_name)


class Cast:
    """The two who do everything: a worker who sends, an adviser of the caisse who works."""

    def __init__(self) -> None:
        self.worker, self.adviser, self.day = someone(WORKER), someone(ADVISER), today()
        with self.worker.acting(self.day) as member:
            self._sender = member.organisation
            self._way = Authorisation.objects.get(sender=member.organisation)

    @property
    def convention(self) -> UUID:
        """The convention under which all are sent."""
        return self._way.convention_id

    def case_of(self, story: Story) -> UUID:
        """The id of its draft, then of its case: always the same, so that nothing is sent twice."""
        return bound_id(story.token, organisation=self._sender, author=self.worker.id)

    def seen(self, stories: Iterable[Story]) -> dict[int, Any]:
        """The rows of those that were sent already, by their number: state, day of contact, whether something was noted."""
        cases = {self.case_of(story): story.number for story in stories}
        noted = RightFollowed.objects.filter(case_id=OuterRef("case_id"))
        with self.adviser.acting(self.day) as adviser:
            rows = visible_to(adviser).filter(case_id__in=cases).annotate(noted=Exists(noted))
            found = rows.values_list("case_id", "state", "case__referral__contacted_on", "noted")
            return {cases[case]: (state, day is not None, has) for case, state, day, has in found}

    def do(self, verb: Verb, story: Story) -> None:
        """One step of one referral."""
        if verb in {Verb.WRITE, Verb.SEND}:
            with self.worker.acting(self.day) as worker:
                self._by_the_sender(verb, story, worker)
        else:
            with self.adviser.acting(self.day) as adviser:
                self._by_the_caisse(verb, story, adviser)

    def _by_the_sender(self, verb: Verb, story: Story, worker: Member) -> None:
        if verb is Verb.SEND:
            send(draft=self.case_of(story), by=worker, at=now())
        else:
            begin(token=story.token, content=self._content(story), by=worker, at=now())

    def _content(self, story: Story) -> Content:
        written = story.renunciations[: len(story.renunciations) - story.found]
        renounced = tuple(Renunciation(care=care, reason=reason) for care, reason in written)
        facts: dict[str, Value] = {"care_imminent": True} if story.urgent else {}
        if not renounced:
            facts["rights_to_open"] = frozenset({FOLLOWED})  # else nothing is asked of the caisse
        return Content(
            self._way.id,
            story.person(),
            Situation(story.motives, _NARRATIVE, renounced, facts),
            Told(self.day, "oral", recipient_named=True),
            precisions=_RECEIVED,
            agreement=_AGREED,
        )

    def _by_the_caisse(self, verb: Verb, story: Story, adviser: Member) -> None:
        referral, at = referral_of(adviser, self.case_of(story)), now()
        known: dict[str, Any] = {"referral": referral, "by": adviser, "at": at}
        match verb:
            case Verb.ACKNOWLEDGE:
                working.acknowledge(**known)
            case Verb.ACCEPT:
                working.accept(**known)
            case Verb.CONTACT:
                working.contact(tried=working.Tried(story.attempt, self.day, "call", reached=True), **known)
            case Verb.NOTE:
                outcomes.note(noted=_noted(story, referral.case_id), **known)
            case Verb.PAUSE:
                again = add(self.day, Period(months=1))
                working.pause(reason="awaiting_papers", look_again_on=again, **known)
            case Verb.CLOSE:
                outcomes.close(noted=_settled(story, referral.case_id), **known)


def _noted(story: Story, case: UUID) -> outcomes.Noted:
    """What is known first: the right is under way, and what came of one care where it ends."""
    care = dict(list(_answered(story, case).items())[:1])
    return outcomes.Noted(care=care, rights={FOLLOWED: UNDER_WAY})


def _settled(story: Story, case: UUID) -> outcomes.Noted:
    """All of it; with what the caisse found itself."""
    own = zip(story.renunciations, story.answers, strict=True)
    found = [outcomes.Found(care, reason, answer) for (care, reason), answer in own]
    return outcomes.Noted(
        care=_answered(story, case),
        rights={FOLLOWED: story.right},
        found=found[len(found) - story.found :],
    )


def _answered(story: Story, case: UUID) -> dict[UUID, str]:
    """The answer to each care that the case has, in the order of the year."""
    rows = {(row.care, row.reason): row.id for row in outcomes.renunciations(case)}
    if not story.answers:
        return {}
    answers = zip(story.renunciations, story.answers, strict=True)
    return {rows[care]: answer for care, answer in answers if care in rows}
