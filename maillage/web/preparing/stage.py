"""Where one stands in a file being prepared: its content and pieces, what is open to its organisation, the day, the steps."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from maillage.core.calendar import add
from maillage.organisations.member import Member
from maillage.referrals.references import reference
from maillage.referrals.routes import DataRoles
from maillage.rights.clocks.promise import Promise
from maillage.rights.content import Content, Step, unfinished
from maillage.rights.declared.rules import Line, checklist, must_be_handed_over
from maillage.rights.estimating.rules import zone_of
from maillage.rights.models import PreparedPiece
from maillage.web.preparing.openings import Opening, openings_of
from maillage.web.presentation.components import Step as StepLink

PREVIEW: Final = "apercu"
SLUGS: Final[dict[str, Step]] = {
    "droit": Step.RIGHT,
    "questions": Step.QUESTIONS,
    "personne": Step.PERSON,
    "pieces": Step.PIECES,
    "information": Step.INFORMATION,
}
LABELS: Final = {
    "droit": "Droit",
    "questions": "Questions",
    "personne": "Personne",
    "pieces": "Pièces",
    "information": "Information",
}
TO_THE_CAISSE: Final = "caisse"
"""A file that was handed over to the caisse itself has not to be forwarded to it."""


@dataclass(frozen=True)
class Stage:
    """What every step needs to know. `preparation` is None while nothing was kept yet."""

    member: Member
    at: datetime
    content: Content
    preparation: UUID | None = None
    pieces: tuple[PreparedPiece, ...] = ()

    def with_content(self, content: Content) -> "Stage":
        """The same place, once other answers are given."""
        return replace(self, content=content)

    @property
    def today(self) -> date:
        """The day, where the member is."""
        return self.at.astimezone(ZoneInfo(self.member.time_zone)).date()

    @property
    def there(self) -> frozenset[str]:
        """The keys of the pieces added."""
        return frozenset(piece.key for piece in self.pieces)

    @cached_property
    def openings(self) -> list[Opening]:
        """Under what an application may be filed now."""
        return openings_of(self.member, on=self.today)

    @property
    def opening(self) -> Opening | None:
        """The one that was chosen, if it is still open."""
        wanted = self.content.authorisation
        return next((one for one in self.openings if one.row.id == wanted), None)

    @property
    def roles(self) -> DataRoles | None:
        """Who answers for the data of the file; None while nothing is chosen, or what was chosen is closed."""
        return self.opening.roles if self.opening else None

    @property
    def is_closed(self) -> bool:
        """Whether what was chosen is not open to this right, or not any more."""
        if self.content.authorisation is None or not self.content.right:
            return False
        opening = self.opening
        return opening is None or self.content.right not in {one.key for one in opening.rights}

    @property
    def promise(self) -> Promise:
        """What the chosen convention promises for this file."""
        opening = self.opening
        return opening.promise(self.content.right, urgent=self.content.urgent) if opening else Promise()

    @property
    def recipient_name(self) -> str:
        """The caisse that will receive the file."""
        return self.opening.caisse if self.opening else "la caisse de la convention choisie"

    @property
    def zone(self) -> str:
        """Whose ceilings count: those of the caisse's département."""
        opening = self.opening
        return zone_of(opening.row.recipient.departement if opening else self.member.departement)

    @property
    def lines(self) -> list[Line]:
        """The check-list, by what was answered and what is there; the proof of urgency first, where it is urgent."""
        content = self.content
        if content.declared is None:
            return []
        return checklist(content.declared, content.known, self.there, urgent=content.urgent)

    @property
    def heading(self) -> dict[str, object]:
        """What stands above each page of the file."""
        return {
            "breadcrumb": [("Dossiers en préparation", reverse("preparations:list"))],
            "lead": f"Dossier {reference(self.preparation)}{self._opened_by}" if self.preparation else "",
        }

    @property
    def _opened_by(self) -> str:
        origin = self.content.origin
        return f", ouvert par l’orientation {reference(origin)}" if origin else ""

    @property
    def hands_over(self) -> bool | None:
        """Whether the file is handed over in person; None while an answer that decides it is missing."""
        declared = self.content.declared
        return must_be_handed_over(declared, self.content.known) if declared else False

    @property
    def forward_by(self) -> date | None:
        """By when a file that was handed over here must have left for the caisse (CASF D252-2)."""
        declared, handed = self.content.declared, self.content.handed
        if declared is None or handed is None or declared.forwarded_within is None or not self.hands_over:
            return None
        return None if handed.to == TO_THE_CAISSE else add(handed.on, declared.forwarded_within)

    @property
    def asks(self) -> bool:
        """Whether the right has questions, or a household."""
        declared = self.content.declared
        return declared is None or bool(declared.questions or declared.household)

    @property
    def order(self) -> tuple[str, ...]:
        """The steps of this file; no questions where the right asks none."""
        return tuple(slug for slug in (*SLUGS, PREVIEW) if slug != "questions" or self.asks)

    def missing(self) -> list[str]:
        """The slugs of the steps still to complete."""
        found = unfinished(self.content, self.there, on=self.today)
        return [slug for slug, step in SLUGS.items() if step in found]

    def url(self, slug: str) -> str:
        """The address of a step of this file."""
        if self.preparation is None:
            return reverse("preparations:new")
        return reverse("preparations:step", args=[self.preparation, slug])

    def links(self, current: str) -> list[StepLink]:
        """The steps as the page shows them."""
        missing = [*self.missing(), *(() if self.content.declared else ("questions",))]
        return [
            StepLink(
                LABELS.get(slug, "Vérification"),
                "current" if slug == current else "todo" if slug in {*missing, PREVIEW} else "done",
                self.url(slug) if self.preparation else "",
            )
            for slug in self.order
        ]

    def before(self, slug: str) -> str:
        """The step before one; the first has itself before it."""
        return self.order[max(0, self.order.index(slug) - 1)]

    def after(self, slug: str) -> str:
        """The step after one that is asked, or would have been."""
        slugs = (*SLUGS, PREVIEW)
        return next(one for one in slugs[slugs.index(slug) + 1 :] if one in self.order)
