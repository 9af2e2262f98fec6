"""What a draft holds, step after step, and whether it may be sent. Pure."""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from maillage.beneficiaries.rules import (
    Identity,
    Told,
    identity_from_fields,
    identity_problems,
    told_problems,
)
from maillage.referrals.rules import MOTIVES, NARRATIVE_LONGEST

_TYPED_LONGEST = 10_000  # characters kept of one refused answer: more than any field accepts


class Step(StrEnum):
    """The steps of a referral, in their order."""

    SERVICE = "service"
    PERSON = "person"
    SITUATION = "situation"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Situation:
    """Why this person, in the texts' own motives (S2 annex 2), with a short account and whether it is urgent."""

    motives: tuple[str, ...]
    narrative: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """The answers accepted so far; `typed` keeps, as typed, the last answers to a step that were refused."""

    authorisation: UUID | None = None
    person: Identity | None = None
    situation: Situation | None = None
    told: Told | None = None
    typed: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def accepting(self, step: Step, **answers: object) -> "Content":
        """The content with a step's answers accepted, and what was refused before forgotten."""
        typed = {name: values for name, values in self.typed.items() if name != step}
        return replace(self, typed=typed, **answers)  # type: ignore[arg-type]  # the fields of this class

    def keeping(self, step: Step, typed: dict[str, list[str]]) -> "Content":
        """The content with a step's refused answers kept as they were typed."""
        kept = {name: [value[:_TYPED_LONGEST] for value in values] for name, values in typed.items()}
        return replace(self, typed={**self.typed, step.value: kept})


def situation_problems(situation: Situation) -> dict[str, str]:
    """What is wrong, by field."""
    found = {}
    if not situation.motives or not set(situation.motives) <= set(MOTIVES):
        found["motives"] = "Choisissez au moins un motif."
    if len(situation.narrative) > NARRATIVE_LONGEST:
        found["narrative"] = f"Écrivez {NARRATIVE_LONGEST} caractères au plus : l’essentiel suffit."
    return found


def unfinished(content: Content, *, on: date) -> tuple[Step, ...]:
    """The steps that still miss an answer, or whose answer no longer holds on this day."""
    birth_date = content.person.birth_date if content.person else None
    wrong = {
        Step.SERVICE: content.authorisation is None,
        Step.PERSON: content.person is None or bool(identity_problems(content.person, on=on)),
        Step.SITUATION: content.situation is None or bool(situation_problems(content.situation)),
        Step.INFORMATION: content.told is None
        or bool(told_problems(content.told, on=on, birth_date=birth_date)),
    }
    return tuple(step for step in Step if wrong[step] or step.value in content.typed)


def content_to_bytes(content: Content) -> bytes:
    """The content as JSON, to be sealed."""
    return json.dumps(asdict(content), default=str).encode()


def content_from_bytes(data: bytes) -> Content:
    """The content that `content_to_bytes` wrote."""
    raw: dict[str, Any] = json.loads(data)
    person, situation, told = raw["person"], raw["situation"], raw["told"]
    return Content(
        authorisation=UUID(raw["authorisation"]) if raw["authorisation"] else None,
        person=identity_from_fields(person) if person else None,
        situation=Situation(**{**situation, "motives": tuple(situation["motives"])}) if situation else None,
        told=Told(**{**told, "given_on": date.fromisoformat(told["given_on"])}) if told else None,
        typed=raw["typed"],
    )
