"""What a draft holds, step after step, and whether it may be sent. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from maillage.beneficiaries.agreement import Agreement, agreement_problems
from maillage.beneficiaries.rules import (
    Identity,
    Told,
    counted_years,
    identity_from_fields,
    identity_problems,
    minor_warning,
    told_problems,
)
from maillage.catalogue.facts import CARE, FACTS, RENUNCIATION_REASONS, Kind
from maillage.conventions.terms.criteria import Value
from maillage.core.calendar import full_years
from maillage.referrals.routing.situation import MOST_RENUNCIATIONS, Renunciation, situation_of
from maillage.referrals.routing.situation import Situation as Described
from maillage.referrals.rules import MOTIVES, NARRATIVE_LONGEST

DESCRIBED = frozenset(
    {"care_compromised", "care_imminent", "rights_to_open", "first_level_given", "request_expressed"}
)
"""The facts of the catalogue that the step of the situation asks; the precisions ask the others."""
_TYPED_LONGEST = 10_000  # characters kept of one refused answer: more than any field accepts


class Step(StrEnum):
    """The steps of a referral, in their order."""

    SITUATION = "situation"
    PRECISIONS = "precisions"
    SERVICE = "service"
    PERSON = "person"
    INFORMATION = "information"


def is_urgent(facts: Mapping[str, Value]) -> bool:
    """Whether one of the two facts of urgency is known to be true."""
    return facts.get("care_compromised") is True or facts.get("care_imminent") is True


@dataclass(frozen=True, slots=True)
class Situation:
    """Why this person: the texts' own motives (S2 annex 2), a short account, care she goes without, and what else is known.

    `facts` are those of the catalogue that this step asks: rights, urgency (two facts and their proof), first help, request.
    """

    motives: tuple[str, ...]
    narrative: str = ""
    renunciations: tuple[Renunciation, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)

    @property
    def urgent(self) -> bool:
        """Care is compromised, now or later, or imminent and threatened: two facts, one place in the lists."""
        return is_urgent(self.facts)


@dataclass(frozen=True, slots=True)
class Precisions:
    """What else the conventions ask: facts of the catalogue, and answers to lines of their texts, by `answer_key`."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    answers: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """The answers accepted so far; `typed` keeps, as typed, the last answers to a step that were refused.

    `origin` is the case from which this one follows, when it does.
    """

    authorisation: UUID | None = None
    person: Identity | None = None
    situation: Situation | None = None
    told: Told | None = None
    typed: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    precisions: Precisions = Precisions()
    origin: UUID | None = None
    agreement: Agreement | None = None

    def accepting(self, step: Step, **answers: object) -> "Content":
        """The content with a step's answers accepted, and what was refused before forgotten."""
        typed = {name: values for name, values in self.typed.items() if name != step}
        return replace(self, typed=typed, **answers)  # type: ignore[arg-type]  # the fields of this class

    def keeping(self, step: Step, typed: dict[str, list[str]]) -> "Content":
        """The content with a step's refused answers kept as they were typed."""
        kept = {name: [value[:_TYPED_LONGEST] for value in values] for name, values in typed.items()}
        return replace(self, typed={**self.typed, step.value: kept})

    def facts(self) -> dict[str, Value]:
        """All that is known: each fact once, her birth date before an age that was given for want of it."""
        found = dict(self.precisions.facts)
        if self.situation is not None:
            found |= self.situation.facts
            found["motives"] = frozenset(self.situation.motives)
        if found.get("care_compromised") is not True:
            found.pop("urgency_proof", None)  # a proof of nothing: the answer that called for it was changed
        if self.person is not None:
            found.pop("age", None)
            found["birth_date"] = self.person.birth_date
        return found

    @property
    def urgent(self) -> bool:
        """Urgency, at whichever step it was answered: the precisions ask what the situation left unsaid."""
        return is_urgent(self.facts())

    def described(
        self, *, on: date, sender: str = "", answers: Mapping[str, bool] | None = None
    ) -> Described:
        """The situation as the router reads it on a day; care that nobody listed is unknown, not absent."""
        renunciations = self.situation.renunciations if self.situation else ()
        return situation_of(
            self.facts(), on=on, renunciations=renunciations or None, answers=answers, sender=sender
        )


def situation_problems(situation: Situation) -> dict[str, str]:
    """What is wrong, by field."""
    found = {}
    if not situation.motives or not set(situation.motives) <= set(MOTIVES):
        found["motives"] = "Choisissez au moins un motif."
    if len(situation.narrative) > NARRATIVE_LONGEST:
        found["narrative"] = f"Écrivez {NARRATIVE_LONGEST} caractères au plus : l’essentiel suffit."
    if len(situation.renunciations) > MOST_RENUNCIATIONS:
        found["care_0"] = f"{MOST_RENUNCIATIONS} soins au plus."
    return found


def precisions_problems(precisions: Precisions, *, on: date) -> dict[str, str]:
    """What cannot be on this day, by fact."""
    return {
        key: "Cette date est dans l’avenir : vérifiez le jour et l’année."
        for key, value in precisions.facts.items()
        if FACTS[key].kind is Kind.DAY and isinstance(value, date) and value > on
    }


def person_problems(content: Content, person: Identity, *, on: date) -> dict[str, str]:
    """What is wrong with her identity, by field, or contradicts what was said before."""
    found = identity_problems(person, on=on)
    said, age = content.precisions.facts.get("age"), full_years(person.birth_date, on)
    if "birth_date" not in found and isinstance(said, int) and said != age:
        found["birth_date"] = (
            f"Cette date lui donne {counted_years(age)} ; aux précisions, vous avez répondu {counted_years(said)}. "
            "Corrigez l’une ou l’autre."
        )
    return found


def person_warning(content: Content, person: Identity, *, on: date) -> str:
    """What to think of before going on, that blocks nothing: a minor whose representative is not named."""
    if content.precisions.facts.get("emancipated_or_apprentice") is True:
        return ""
    return minor_warning(person, on=on)


def unfinished(content: Content, *, on: date, needs_agreement: bool = False) -> tuple[Step, ...]:
    """The steps that still miss an answer, or whose answer no longer holds on this day.

    No precision is compulsory in itself: a route that needs one stays closed until it is given. `needs_agreement`: the chosen
    route stands on the person's agreement.
    """
    birth_date = content.person.birth_date if content.person else None
    wrong = {
        Step.SITUATION: content.situation is None or bool(situation_problems(content.situation)),
        Step.PRECISIONS: bool(precisions_problems(content.precisions, on=on)),
        Step.SERVICE: content.authorisation is None,
        Step.PERSON: content.person is None or bool(person_problems(content, content.person, on=on)),
        Step.INFORMATION: content.told is None
        or bool(told_problems(content.told, on=on, birth_date=birth_date))
        or content.agreement is None
        or bool(agreement_problems(content.agreement, needed=needs_agreement)),
    }
    return tuple(step for step in Step if wrong[step] or step.value in content.typed)


def facts_to_data(facts: Mapping[str, Value]) -> dict[str, Any]:
    """Facts as JSON says them: days in ISO form, several choices as a sorted list."""
    return {
        key: sorted(value)
        if isinstance(value, frozenset)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for key, value in facts.items()
    }


def facts_from_data(data: Mapping[str, Any]) -> dict[str, Value]:
    """The facts that `facts_to_data` wrote; one that the catalogue no longer knows is left out."""
    found = {key: _value(key, written) for key, written in data.items() if key in FACTS}
    return {key: value for key, value in found.items() if value is not None}


def _value(key: str, written: Any) -> Value | None:
    fact = FACTS[key]
    choices = dict(fact.choices)
    if fact.kind is Kind.DAY:
        return date.fromisoformat(written)
    if fact.kind is Kind.SEVERAL:
        known = frozenset(choice for choice in written if choice in choices)
        return known if known or not written else None
    if fact.kind is Kind.CHOICE:
        return str(written) if written in choices else None
    return bool(written) if fact.kind is Kind.YES_NO else int(written)


def renunciations_from(rows: Any) -> tuple[Renunciation, ...]:
    """Care renounced, from pairs of codes; a code that the catalogue no longer knows is left out."""
    return tuple(
        Renunciation(care=care, reason=reason)
        for care, reason in rows
        if care in CARE and reason in RENUNCIATION_REASONS
    )


def content_to_bytes(content: Content) -> bytes:
    """The content as JSON, to be sealed."""
    situation, precisions = content.situation, content.precisions
    return json.dumps(
        {
            "authorisation": content.authorisation,
            "person": asdict(content.person) if content.person else None,
            "situation": situation
            and {
                "motives": situation.motives,
                "narrative": situation.narrative,
                "renunciations": [(one.care, one.reason) for one in situation.renunciations],
                "facts": facts_to_data(situation.facts),
            },
            "precisions": {"facts": facts_to_data(precisions.facts), "answers": dict(precisions.answers)},
            "told": asdict(content.told) if content.told else None,
            "typed": content.typed,
            "origin": content.origin,
            "agreement": asdict(content.agreement) if content.agreement else None,
        },
        default=str,
    ).encode()


def content_from_bytes(data: bytes) -> Content:
    """The content that `content_to_bytes` wrote, now or before the situation had its facts."""
    raw: dict[str, Any] = json.loads(data)
    person, situation, told = raw["person"], raw["situation"], raw["told"]
    precisions = raw.get("precisions") or {"facts": {}, "answers": {}}
    return Content(
        authorisation=UUID(raw["authorisation"]) if raw["authorisation"] else None,
        person=identity_from_fields(person) if person else None,
        situation=_situation_from(situation) if situation else None,
        told=Told(**{**told, "given_on": date.fromisoformat(told["given_on"])}) if told else None,
        typed=raw["typed"],
        precisions=Precisions(facts_from_data(precisions["facts"]), precisions["answers"]),
        origin=UUID(raw["origin"]) if raw.get("origin") else None,
        agreement=Agreement(**raw["agreement"]) if raw.get("agreement") else None,
    )


def _situation_from(raw: Mapping[str, Any]) -> Situation:
    facts = facts_from_data(raw.get("facts", {}))
    if raw.get("urgent"):  # one box, before urgency was two facts
        facts["care_compromised"] = True
    return Situation(
        tuple(raw["motives"]), raw["narrative"], renunciations_from(raw.get("renunciations", ())), facts
    )
