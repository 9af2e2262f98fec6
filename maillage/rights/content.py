"""What a file being prepared holds, step after step, and what it still misses. Pure."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from maillage.beneficiaries.agreement import Agreement, agreement_problems
from maillage.beneficiaries.rules import (
    Identity,
    Told,
    birth_date_problem,
    identity_from_fields,
    identity_problems,
    told_problems,
)
from maillage.rights.declared.rights import Right, rights
from maillage.rights.declared.rules import checklist, is_complete, must_be_handed_over, to_ask
from maillage.rights.rules import WORDS_LONGEST, HandedOver, handed_over_problems

LINKS: Final[dict[str, str]] = {
    "partner": "La personne avec qui elle vit",
    "child": "Un enfant à charge",
    "dependant": "Une autre personne à charge, qui vit avec elle depuis douze mois",
}
"""Who a household may have beside the applicant; each right says which of them (`declared.household`)."""
ONE_ALONE: Final = "dependant"
"""Only one of such persons is covered (CASF L251-1, 2°)."""
MOST_RELATIVES: Final = 20
_TYPED_LONGEST: Final = 10_000


class Step(StrEnum):
    """The steps of a file, in their order."""

    RIGHT = "right"
    QUESTIONS = "questions"
    PERSON = "person"
    PIECES = "pieces"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody of the applicant's household, as the form of the application names her."""

    surname: str
    given_name: str
    birth_date: date
    link: str


@dataclass(frozen=True, slots=True)
class Details:
    """What goes to the caisse sealed beside the identity: answers of the check-list, household, a few words."""

    answers: Mapping[str, bool] = field(default_factory=dict)
    household: tuple[Relative, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """The answers accepted so far; `typed` keeps, as typed, the last answers to a step that were refused.

    `proof`: by what urgency is shown, a key of the convention's own list. `resources`: euros of the last twelve months, for the
    estimate alone: they stay here. `goes_incomplete`: that it is sent although pieces are missing. `origin`: the referral that
    opened this right.
    """

    authorisation: UUID | None = None
    right: str = ""
    urgent: bool = False
    proof: str = ""
    answers: Mapping[str, bool] = field(default_factory=dict)
    resources: int | None = None
    household: tuple[Relative, ...] = ()
    person: Identity | None = None
    handed: HandedOver | None = None
    goes_incomplete: bool = False
    words: str = ""
    told: Told | None = None
    agreement: Agreement | None = None
    origin: UUID | None = None
    typed: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def accepting(self, step: Step, **answers: object) -> "Content":
        """The content with a step's answers accepted, and what was refused before forgotten."""
        typed = {name: values for name, values in self.typed.items() if name != step}
        return replace(self, typed=typed, **answers)  # type: ignore[arg-type]  # the fields of this class

    def keeping(self, step: Step, typed: Mapping[str, list[str]]) -> "Content":
        """The content with a step's refused answers kept as they were typed."""
        kept = {name: [value[:_TYPED_LONGEST] for value in values] for name, values in typed.items()}
        return replace(self, typed={**self.typed, step.value: kept})

    @property
    def declared(self) -> Right | None:
        """The right, as its file declares it; None until one is chosen."""
        return rights().get(self.right)

    @property
    def known(self) -> dict[str, bool]:
        """The answers to what this right asks: those to another right's questions, chosen before, say nothing here."""
        asked = self.declared.questions if self.declared else ()
        return {key: self.answers[key] for key in asked if key in self.answers}

    def relatives_problems(self, *, on: date) -> dict[str, str]:
        """What is wrong with its household; nothing where its right has none."""
        household = self.declared.household if self.declared else None
        return relatives_problems(self.household, on=on, links=household.who) if household else {}

    def details(self) -> Details:
        """What of it goes to the caisse beside the identity."""
        household = self.household if self.declared and self.declared.household else ()
        return Details(self.known, household, self.words.strip())


def relatives_problems(
    household: Collection[Relative], *, on: date, links: Collection[str] = tuple(LINKS)
) -> dict[str, str]:
    """What is wrong with a household, by field and line; `links` are those that its right knows."""
    found = {}
    if len(household) > MOST_RELATIVES:
        found["surname_0"] = f"{MOST_RELATIVES} personnes au plus."
    for line, one in enumerate(household):
        if not one.surname.strip():
            found[f"surname_{line}"] = "Écrivez son nom."
        if not one.given_name.strip():
            found[f"given_name_{line}"] = "Écrivez son prénom."
        if problem := birth_date_problem(one.birth_date, on=on):
            found[f"birth_date_{line}"] = problem
        if one.link not in links:
            found[f"link_{line}"] = "Dites qui elle est pour le demandeur."
        elif one.link == ONE_ALONE and any(other.link == ONE_ALONE for other in list(household)[:line]):
            found[f"link_{line}"] = "Une seule autre personne à charge peut être ajoutée (CASF, art. L251-1)."
    return found


def pieces_problems(content: Content, there: Collection[str], *, on: date) -> dict[str, str]:
    """What is wrong with the step of the pieces, by field: the handing over, and what is missing without having been accepted."""
    declared = content.declared
    found: dict[str, str] = {}
    if declared is None:
        return found
    handed = must_be_handed_over(declared, content.known)
    if handed and content.handed is None:
        found["handed_on"] = (
            f"Cette demande se dépose en main propre ({declared.handed_over_to}) : un envoi seul n’est pas un dépôt. "
            "Dites quand et à qui elle fut remise."
        )
    elif content.handed is not None:
        found |= handed_over_problems(content.handed, on=on)
    if not content.goes_incomplete and not is_complete(checklist(declared, content.known, there)):
        found["goes_incomplete"] = (
            "Il manque des pièces indispensables : ajoutez-les, ou cochez cette case pour envoyer le dossier sans elles."
        )
    if len(content.words) > WORDS_LONGEST:
        found["words"] = f"Écrivez {WORDS_LONGEST} caractères au plus."
    return found


def unfinished(content: Content, there: Collection[str], *, on: date) -> tuple[Step, ...]:
    """The steps that still miss an answer, or whose answer no longer holds on this day; `there`: the keys of the pieces added."""
    declared, person = content.declared, content.person
    birth_date = person.birth_date if person else None
    wrong = {
        Step.RIGHT: content.authorisation is None
        or declared is None
        or (content.urgent and not content.proof),
        Step.QUESTIONS: declared is not None
        and (bool(to_ask(declared, content.known)) or bool(content.relatives_problems(on=on))),
        Step.PERSON: person is None or bool(identity_problems(person, on=on)),
        Step.PIECES: declared is None or bool(pieces_problems(content, there, on=on)),
        Step.INFORMATION: content.told is None
        or bool(told_problems(content.told, on=on, birth_date=birth_date))
        or content.agreement is None
        or bool(agreement_problems(content.agreement, needed=False)),
    }
    return tuple(step for step in Step if wrong[step] or step.value in content.typed)


def content_to_bytes(content: Content) -> bytes:
    """The content as JSON, to be sealed."""
    return json.dumps(asdict(content), default=str).encode()


def content_from_bytes(data: bytes) -> Content:
    """The content that `content_to_bytes` wrote."""
    raw: dict[str, Any] = json.loads(data)
    person, told, handed, agreement = raw["person"], raw["told"], raw["handed"], raw["agreement"]
    return Content(**{
        **raw,
        "authorisation": UUID(raw["authorisation"]) if raw["authorisation"] else None,
        "origin": UUID(raw["origin"]) if raw["origin"] else None,
        "household": _relatives(raw["household"]),
        "person": identity_from_fields(person) if person else None,
        "handed": HandedOver(date.fromisoformat(handed["on"]), handed["to"]) if handed else None,
        "told": Told(**{**told, "given_on": date.fromisoformat(told["given_on"])}) if told else None,
        "agreement": Agreement(**agreement) if agreement else None,
    })  # fmt: skip


def details_to_bytes(details: Details) -> bytes:
    """The details as JSON, to be encrypted."""
    return json.dumps(asdict(details), default=str).encode()


def details_from_bytes(data: bytes) -> Details:
    """The details that `details_to_bytes` wrote."""
    raw: dict[str, Any] = json.loads(data)
    return Details(raw["answers"], _relatives(raw["household"]), raw["words"])


def _relatives(rows: Any) -> tuple[Relative, ...]:
    return tuple(Relative(**{**row, "birth_date": date.fromisoformat(row["birth_date"])}) for row in rows)
