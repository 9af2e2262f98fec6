"""What is begun about somebody and not sent, or kept by one organisation alone: how it is named, whether it may be hers, as far as
it is written. Pure (GDPR art. 15)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self
from uuid import UUID

from maillage.beneficiaries.rules import Identity, searched_as
from maillage.conventions.terms.base import Labelled
from maillage.core.spreadsheets.values import NotUnderstood, day_of

LONGEST_KEY: Final = 60


class BegunKind(Labelled):
    """What is begun and not sent; an enrolment, which its organisation alone keeps, is never sent."""

    DRAFT = "draft", "brouillon d’orientation"
    PREPARATION = "file", "dossier de droits en préparation"
    LINE = "line", "ligne d’un tableau de dossiers"
    ENROLMENT = "enrolment", "inscription PRADO"

    @property
    def is_sent(self) -> bool:
        """Whether it is begun in order to be sent."""
        return self is not BegunKind.ENROLMENT

    @property
    def saved(self) -> str:
        """« enregistré », as French agrees it with its label."""
        return "enregistrée" if self in (BegunKind.LINE, BegunKind.ENROLMENT) else "enregistré"


@dataclass(frozen=True, slots=True)
class BegunKey:
    """Which one: its kind, its id, or that of its table with the line; written « draft:0198… », « line:0198…:12 »."""

    kind: BegunKind
    id: UUID
    line: int = 0

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}{f':{self.line}' if self.line else ''}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The key that a form or a row says; None where it says none."""
        kind, _, rest = text.partition(":")
        ref, _, line = rest.partition(":")
        try:
            return cls(BegunKind.of(kind), UUID(ref), int(line or 0))
        except (ValueError, KeyError):
            return None


def keys_in(texts: Iterable[str], kind: BegunKind) -> list[BegunKey]:
    """Those of one kind."""
    return [key for key in map(BegunKey.read, texts) if key is not None and key.kind is kind]


@dataclass(frozen=True, slots=True)
class Written:
    """Whom it is about, as far as it is written."""

    surname: str
    given_name: str = ""
    birth_date: date | None = None
    nir: str = ""


def written_in(person: Identity | None, typed: Mapping[str, Sequence[str]]) -> list[Written]:
    """Whom a draft is about: as it was accepted, and as it was typed and refused."""
    found = [Written(person.surname, person.given_name, person.birth_date, person.nir)] if person else []
    said = {field: " ".join(values).strip() for field, values in typed.items()}
    if said.get("surname") or said.get("nir"):
        found.append(
            Written(
                said.get("surname", ""), said.get("given_name", ""), day_in(said.get("birth_date", "")), said.get("nir", "")
            )
        )  # fmt: skip
    return found


def day_in(text: str) -> date | None:
    """A day as somebody wrote it; None where it says none."""
    try:
        return day_of(text)
    except NotUnderstood:
        return None


def may_be(written: Written, wanted: Sequence[Mapping[str, tuple[str, ...]]]) -> bool:
    """Whether it may be one of those who are looked for, each as `searched_as` says her: the same number, or the same surname and birth
    date; the surname alone where no birth date is written, for whoever looks compares.

    By the same folding as the index of the cases, so that both find her under the same spellings.
    """
    known = searched_as(nir=written.nir, surname=written.surname, birth_date=written.birth_date)
    alone = searched_as(surname=written.surname).get("name") if written.birth_date is None else None
    return any(
        any(known.get(kind) == values for kind, values in one.items())
        or (alone is not None and "name_birth" in one and one["name_birth"][0] == alone[0])
        for one in wanted
    )
