"""Who asks, for whom, and what of it goes along when her request is passed on: no more than the other needs. Pure (GDPR 5.1 c, 12.6)."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Final

from maillage.conventions.terms.base import Labelled
from maillage.core.refusals import Fault


class Title(Labelled):
    """Why somebody else may ask for her."""

    PARENT = "parent", "titulaire de l’autorité parentale"
    GUARDIAN = "guardian", "tuteur, curateur ou personne habilitée par un juge"
    LAWYER = "lawyer", "avocat"
    MANDATE = "mandate", "personne à qui elle a donné un mandat écrit"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, as she says it: sealed to the organisation that wrote it down. `asker`, who asks for her, and by which `title`."""

    surname: str
    given_name: str
    birth_date: date | None = None
    address: str = ""
    asker: str = ""
    title: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """What an envelope bears."""
        care = (f"aux soins de {self.asker}",) if self.asker else ()
        return (f"{self.given_name} {self.surname}", *care, *self.address.splitlines())

    @property
    def asked_by(self) -> str:
        """Who asks for her and by which title, in words; nothing where she asks herself."""
        return f"{self.asker}, {Title.of(self.title).label}" if self.asker else ""


def person_faults(person: Person, on: date) -> list[Fault | None]:
    """What is wrong with who asks, at its field."""
    born = person.birth_date
    return [
        None if person.surname.strip() else Fault("Écrivez son nom.", "surname"),
        None if person.given_name.strip() else Fault("Écrivez son prénom.", "given_name"),
        Fault("Cette date de naissance est dans le futur.", "birth_date") if born and born > on else None,
        Fault("Dites à quel titre cette personne demande pour elle.", "title")
        if person.asker and person.title not in set(Title)
        else None,
        Fault("Écrivez qui demande pour elle, ou ne choisissez pas de titre.", "asker")
        if person.title and not person.asker
        else None,
    ]


def person_to_bytes(person: Person) -> bytes:
    """Who asks as JSON, to be sealed."""
    born = person.birth_date.isoformat() if person.birth_date else None
    return json.dumps({**asdict(person), "birth_date": born}).encode()


def person_from_bytes(data: bytes) -> Person:
    """Who asks, from what `person_to_bytes` wrote."""
    raw = json.loads(data)
    return Person(
        **{**raw, "birth_date": date.fromisoformat(raw["birth_date"]) if raw["birth_date"] else None}
    )


class Along(Labelled):
    """What of who asks goes along with a request that is passed on."""

    NAME = "name", "son nom et son prénom"
    BIRTH = "birth_date", "sa date de naissance"
    ADDRESS = "address", "l’adresse pour lui répondre"
    ASKER = "asker", "qui demande pour elle, et à quel titre"


NEED: Final = {
    Along.NAME: "pour la chercher",
    Along.BIRTH: "pour ne pas la confondre avec une autre personne du même nom",
    Along.ADDRESS: "pour lui envoyer sa réponse",
    Along.ASKER: "pour savoir à qui répondre",
}
"""What each is needed for: it goes along for nothing else."""


def known_of(person: Person) -> list[Along]:
    """What may go along: what is known."""
    found = {
        Along.NAME: person.surname,
        Along.BIRTH: person.birth_date,
        Along.ADDRESS: person.address,
        Along.ASKER: person.asker,
    }
    return [one for one, value in found.items() if value]


def only(person: Person, chosen: Collection[str]) -> Person:
    """The same with nothing but what goes along."""
    kept = person if Along.BIRTH in chosen else replace(person, birth_date=None)
    kept = kept if Along.ADDRESS in chosen else replace(kept, address="")
    return kept if Along.ASKER in chosen else replace(kept, asker="", title="")


def along_fault(chosen: Collection[str], known: Iterable[Along]) -> Fault | None:
    """What is wrong with what goes along."""
    if not set(chosen) <= set(known):
        return Fault("Choisissez dans la liste ce qui part avec la demande.", "along")
    if chosen and Along.NAME not in chosen:
        return Fault("Cochez aussi son nom : sans lui, le reste ne dit pas de qui il s’agit.", "along")
    return None
