"""Where one stands in a draft: its steps, what each still waits for."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.urls import reverse

from maillage.conventions.drafting.proposing import faults_before_proposal
from maillage.conventions.drafting.starting import label_of
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import TermsVersion
from maillage.conventions.terms import Terms, terms_from_data
from maillage.core.refusals import Fault
from maillage.organisations.models import Organisation
from maillage.web.conventions.writing.questions import CHOSEN_BODY, Group, Question, grouped, questions
from maillage.web.conventions.writing.revising import Option, options
from maillage.web.presentation.components import Step

LABELS: Final = {
    "parties": "Parties",
    "options": "Options",
    "blancs": "Blancs",
    "referents": "Référents",
    "relecture": "Relecture",
}
_ORDER: Final = tuple(LABELS)


@dataclass(frozen=True)
class Stage:
    """A draft being written: the text as it is, and the first one, which says what was asked."""

    known: LoadedConvention
    first: Terms

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every blank that the draft was drawn with, and its answer."""
        return questions(self.first, self.known.base)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The blanks of the articles."""
        return grouped(self.questions)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """What the proposal waits for."""
        return faults_before_proposal(self.known)

    @cached_property
    def bodies(self) -> dict[str, Organisation]:
        """The organisation chosen behind each party."""
        chosen = self.known.row.chosen
        found = {str(one.id): one for one in Organisation.objects.filter(id__in=list(chosen.values()))}
        return {key: found[value] for key, value in chosen.items() if value in found}

    @cached_property
    def party_names(self) -> list[tuple[str, str]]:
        """Each party's key, with the body behind it or the words of the text."""
        text = self.known.base
        return [
            (
                party.key,
                self.bodies[party.key].short_name if party.key in self.bodies else label_of(party.key, text),
            )
            for party in text.parties
        ]

    def waiting(self, slug: str) -> list[Fault]:
        """The faults that this step answers."""
        return self._waiting.get(slug, [])

    @cached_property
    def _waiting(self) -> dict[str, list[Fault]]:
        """The faults of each step. Each page shows all the steps: they are shared out once."""
        again = {path for question in self.questions for path, _ in question.also}
        unchosen = tuple(f"parties[{(fault.field or '')[6:]}]" for fault in self.faults if _names_body(fault))
        found: dict[str, list[Fault]] = {}
        for fault in self.faults:
            field = fault.field or ""
            asked_elsewhere = CHOSEN_BODY.fullmatch(field) and field.startswith(unchosen)
            if fault.field not in again and not asked_elsewhere:
                found.setdefault(self.step_of(fault), []).append(fault)
        return found

    def step_of(self, fault: Fault) -> str:
        """The step where a fault is put right."""
        field = fault.field or ""
        if field.startswith(("party_", "parties[")):
            return "parties"
        if field.startswith("referents["):
            return "referents"
        return "options" if field in self._option_paths else "blancs"

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """What the template leaves to the parties."""
        return options(self.first, self.known.base)

    @cached_property
    def _option_paths(self) -> frozenset[str]:
        return frozenset(one.path for one in self.options)

    def url(self, slug: str) -> str:
        """The address of a step."""
        return reverse("conventions:step", args=[self.known.id, slug])

    def links(self, current: str) -> list[Step]:
        """The steps as the page shows them."""
        return [
            Step(label, "current" if slug == current else self._state(slug), self.url(slug))
            for slug, label in LABELS.items()
        ]

    def _state(self, slug: str) -> str:
        return "done" if slug != "relecture" and not self.waiting(slug) else "todo"


def stage_of(known: LoadedConvention) -> Stage:
    """The draft with its first text."""
    version = TermsVersion.objects.get(convention=known.row, number=1)
    return Stage(known, terms_from_data(version.terms, str(known.id)))


def _names_body(fault: Fault) -> bool:
    return bool(fault.field and fault.field.startswith("party_"))


def neighbours(slug: str) -> tuple[str, str]:
    """The steps before and after one; the first and the last have themselves."""
    rank = _ORDER.index(slug)
    return _ORDER[max(0, rank - 1)], _ORDER[min(len(_ORDER) - 1, rank + 1)]
