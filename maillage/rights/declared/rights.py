"""The declared rights, read once: `RIGHTS` in the order of the file."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from maillage.conventions.terms.duration import PeriodField

FILE: Final = "rights.yaml"
Answers = Mapping[str, bool]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(_Frozen):
    """What a check-list asks, in French; yes or no."""

    text: str


class Form(_Frozen):
    """The form of an application, by the name that its users know; `unverified`: read on no official page."""

    name: str
    label: str
    unverified: bool = False


class Piece(_Frozen):
    """A piece of a file. Any document of `one_of` is enough; needed under all the answers of `when`, or always."""

    key: str
    label: str
    source: str
    one_of: tuple[str, ...] = ()
    when: Mapping[str, bool] = {}
    indispensable: bool = True

    def is_needed(self, answers: Answers) -> bool | None:
        """Whether it is, by what was answered; None while an answer that would decide it is missing."""
        if any(answers.get(key) is (not wanted) for key, wanted in self.when.items()):
            return False
        return True if all(key in answers for key in self.when) else None


PROOF: Final = Piece(
    key="urgency_proof", label="La preuve de l’urgence", source="la convention", indispensable=False
)
"""What an urgent file holds beside the pieces of its right: which one, its convention says (S2 art. 4.1 and 4.2)."""


class Household(_Frozen):
    """The people of whom one file is made beside the applicant: who they may be for her, what to say of it, on which word."""

    who: tuple[str, ...]
    text: str
    source: str


class Right(_Frozen):
    """A right: its article in the model of the PASS (S2), who may apply, its form and pieces, how long it lasts.

    `not_in`: départements where it does not exist. `valid_from`: the fact from which it lasts. `renew_before`: when the renewal is
    asked at the latest. `handed_over`: the answers under which an upload is no deposit, to whom it is then handed in person.
    `household`: who else one file is for. `opens`: the rights to which it may lead, where it is not itself alone.
    `unverified`: what was read on no official page.
    """

    key: str
    label: str
    article: str
    who: str
    source: str
    form: Form
    questions: tuple[str, ...]
    pieces: tuple[Piece, ...]
    not_in: tuple[str, ...] = ()
    valid: PeriodField | None = None
    valid_from: Literal["filing", "decision"] | None = None
    renew_before: PeriodField | None = None
    forwarded_within: PeriodField | None = None
    handed_over: Mapping[str, bool] = {}
    handed_over_to: str = ""
    household: Household | None = None
    opens: Mapping[str, str] = {}
    unverified: str = ""

    @model_validator(mode="after")
    def _names_what_it_asks(self) -> Self:
        read = {key for piece in self.pieces for key in piece.when} | set(self.handed_over)
        if read != set(self.questions):
            raise ValueError(f"questions à poser ou à ôter : {', '.join(sorted(read ^ set(self.questions)))}")
        keys = [piece.key for piece in self.pieces]
        if len(set(keys)) != len(keys):
            raise ValueError("deux pièces du même nom")
        if bool(self.handed_over) != bool(self.handed_over_to):
            raise ValueError("`handed_over` et `handed_over_to` vont ensemble")
        return self

    def taken(self, *, urgent: bool) -> tuple[Piece, ...]:
        """The pieces that a file of this right takes."""
        return (*self.pieces, PROOF) if urgent else self.pieces

    @property
    def may_open(self) -> Mapping[str, str]:
        """What may be opened, with its name: this right itself, or those that its file says."""
        return self.opens or {self.key: self.label}

    def piece(self, key: str) -> Piece:
        """One of its pieces, or the proof of urgency. Raises KeyError."""
        for piece in (*self.pieces, PROOF):
            if piece.key == key:
                return piece
        raise KeyError(key)


class _File(_Frozen):
    questions: Mapping[str, Question]
    rights: tuple[Right, ...]

    @model_validator(mode="after")
    def _questions_are_written(self) -> Self:
        asked = {key for right in self.rights for key in right.questions}
        if asked != self.questions.keys():
            raise ValueError(
                f"questions à écrire ou à ôter : {', '.join(sorted(asked ^ self.questions.keys()))}"
            )
        return self


@cache
def _read() -> _File:
    text = resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    return _File.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def rights() -> Mapping[str, Right]:
    """Every right by its key, in the order of the file."""
    return {right.key: right for right in _read().rights}


def right_label(key: str) -> str:
    """A right, or what it may open, as its file calls it; a key of no file is said as it is."""
    for right in rights().values():
        if key == right.key:
            return right.label
        if key in right.opens:
            return right.opens[key]
    return key


def question(key: str) -> str:
    """A question in French. Raises KeyError."""
    return _read().questions[key].text
