"""Where one stands in a referral being written: the draft's content, what the conventions say of it, the day, the steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final
from uuid import UUID

from django.urls import reverse

from maillage.catalogue.facts import FACTS
from maillage.organisations.kinds import with_article
from maillage.referrals.content import Content, Step, unfinished
from maillage.referrals.leaving import needs_agreement
from maillage.referrals.proposing import Conventions, Proposal
from maillage.referrals.routes import OpenRoute
from maillage.referrals.routing.router import Question
from maillage.web.presentation.components import Step as StepLink

PREVIEW = "verification"
SLUGS: dict[str, Step] = {
    "situation": Step.SITUATION,
    "precisions": Step.PRECISIONS,
    "service": Step.SERVICE,
    "personne": Step.PERSON,
    "information": Step.INFORMATION,
}
LABELS = {
    "situation": "Situation",
    "precisions": "Précisions",
    "service": "Service",
    "personne": "Personne",
    "information": "Information",
}
_ASKED_ELSEWHERE: Final = frozenset({"motives", "birth_date"})
_PROOF: Final = "urgency_proof"


@dataclass(frozen=True)
class Stage:
    """What every step needs to know. `draft` is None while nothing was kept yet."""

    content: Content
    conventions: Conventions
    draft: UUID | None = None

    @property
    def today(self) -> date:
        """The day, where the member is."""
        return self.conventions.on

    def with_content(self, content: Content) -> "Stage":
        """The same place, once other answers are given."""
        return replace(self, content=content)

    @cached_property
    def proposals(self) -> list[Proposal]:
        """Every route of this situation."""
        return self.conventions.proposals(self.content)

    @cached_property
    def routes(self) -> Sequence[OpenRoute]:
        """The services to which it may be sent now."""
        return self.conventions.sendable(self.proposals)

    @property
    def route(self) -> OpenRoute | None:
        """The chosen service, if it is still open."""
        chosen = self.content.authorisation
        return next((route for route in self.routes if route.authorisation == chosen), None)

    @property
    def proposal(self) -> Proposal | None:
        """The route of the chosen service, with its conditions."""
        return next((one for one in self.proposals if one.opened and one.opened == self.route), None)

    @property
    def needs_agreement(self) -> bool:
        """Whether the text gives the chosen service only with the person's agreement."""
        found = self.proposal
        return found is not None and found.route is not None and needs_agreement(found.route)

    @cached_property
    def _asked(self) -> list[Question]:
        return self.conventions.questions(self.content)

    @cached_property
    def questions(self) -> list[Question]:
        """What the precisions ask: what may still decide a route, and what was answered there already, to change it."""
        content = self.content
        facts, answers = content.precisions.facts, content.precisions.answers
        found = {one.id: one for one in self._asked}
        before = content.situation.facts if content.situation else {}
        answered = {key for key in facts if key not in before}
        if content.person is not None:
            answered.discard("age")  # her birth date says it
        if before.get("care_compromised") or facts.get("care_compromised"):
            answered.add(_PROOF)
        found |= {key: Question(key, FACTS[key].question, FACTS[key]) for key in answered}
        words = self.conventions.words()
        found |= {key: Question(key, words[key]) for key in answers if key in words}
        order = list(FACTS)
        return [
            *(found[key] for key in order if key in found and key not in _ASKED_ELSEWHERE),
            *(one for one in found.values() if one.fact is None),
        ]

    @property
    def still_asked(self) -> bool:
        """Whether an answer is still missing that may decide a route."""
        return any(one.id not in _ASKED_ELSEWHERE for one in self._asked)

    @property
    def order(self) -> tuple[str, ...]:
        """The steps of this draft; there are no precisions when nothing is to be asked."""
        return tuple(slug for slug in (*SLUGS, PREVIEW) if slug != "precisions" or self.questions)

    @property
    def recipient_name(self) -> str:
        """The caisse that will receive the data."""
        if self.route is None:
            return "la caisse du service choisi"
        return with_article(self.route.recipient_name, self.route.recipient_kind)

    def missing(self) -> list[str]:
        """The slugs of the steps still to complete."""
        found = unfinished(self.content, on=self.today, needs_agreement=self.needs_agreement)
        return [slug for slug, step in SLUGS.items() if step in found]

    def url(self, slug: str) -> str:
        """The address of a step of this draft."""
        return reverse("referrals:step", args=[self.draft, slug]) if self.draft else reverse("referrals:new")

    def links(self, current: str) -> list[StepLink]:
        """The steps as the page shows them."""
        missing = self.missing()
        left_blank = self._left_blank(current)
        drawn = []
        for slug in self.order:
            done = slug != PREVIEW and slug not in missing and not (slug == "precisions" and not left_blank)
            state = "current" if slug == current else "done" if done else "todo"
            drawn.append(
                StepLink(LABELS.get(slug, "Vérification"), state, self.url(slug) if self.draft else "")
            )
        return drawn

    def _left_blank(self, current: str) -> bool:
        """Whether what the precisions still ask may stay so: they were passed, or the chosen service does not need it."""
        if not self.still_asked or self.route is not None:
            return True
        chosen = self.content.authorisation is not None
        return not chosen and self.order.index(current) > self.order.index("precisions")

    def before(self, slug: str) -> str:
        """The step before one; the first has itself before it."""
        position = self.order.index(slug)
        return self.order[max(0, position - 1)]

    def after(self, slug: str) -> str:
        """The step after one; the precisions when they appear only now."""
        slugs = (*SLUGS, PREVIEW)
        return next(one for one in slugs[slugs.index(slug) + 1 :] if one in self.order)
