"""Where one stands in a referral being written: the draft's content, the open services, the day, the steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from maillage.organisations.kinds import with_article
from maillage.referrals.content import Content, Step, unfinished
from maillage.referrals.routes import OpenRoute
from maillage.web.presentation.components import Step as StepLink

PREVIEW = "verification"
SLUGS: dict[str, Step] = {
    "service": Step.SERVICE,
    "personne": Step.PERSON,
    "situation": Step.SITUATION,
    "information": Step.INFORMATION,
}
LABELS = {
    "service": "Service",
    "personne": "Personne",
    "situation": "Situation",
    "information": "Information",
}


_ORDER = (*SLUGS, PREVIEW)


@dataclass(frozen=True, slots=True)
class Stage:
    """What every step needs to know. `draft` is None while nothing was kept yet."""

    content: Content
    routes: Sequence[OpenRoute]
    today: date
    draft: UUID | None = None

    @property
    def route(self) -> OpenRoute | None:
        """The chosen service, if it is still open."""
        chosen = self.content.authorisation
        return next((route for route in self.routes if route.authorisation == chosen), None)

    @property
    def recipient_name(self) -> str:
        """The caisse that will receive the data."""
        if self.route is None:
            return "la caisse du service choisi"
        return with_article(self.route.recipient_name, self.route.recipient_kind)

    def missing(self) -> list[str]:
        """The slugs of the steps still to complete."""
        found = unfinished(self.content, on=self.today)
        return [slug for slug, step in SLUGS.items() if step in found]

    def url(self, slug: str) -> str:
        """The address of a step of this draft."""
        return reverse("referrals:step", args=[self.draft, slug]) if self.draft else reverse("referrals:new")

    def links(self, current: str) -> list[StepLink]:
        """The steps as the page shows them."""
        missing = self.missing()
        drawn = []
        for slug in _ORDER:
            done = slug != PREVIEW and slug not in missing
            state = "current" if slug == current else "done" if done else "todo"
            drawn.append(
                StepLink(LABELS.get(slug, "Vérification"), state, self.url(slug) if self.draft else "")
            )
        return drawn


def neighbours(slug: str) -> tuple[str, str]:
    """The steps before and after one; the first has itself before it."""
    position = _ORDER.index(slug)
    return _ORDER[max(0, position - 1)], _ORDER[min(len(_ORDER) - 1, position + 1)]
