"""Somebody as a contact of a contract: what is kept of her, why it still serves, what is told of what was erased. Pure (GDPR 17.1 a)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from maillage.conventions.terms.base import Labelled
from maillage.core.refusals import Fault
from maillage.protection.requests.rules import LONGEST


class ContactKind(Labelled):
    """What makes somebody a contact of a contract."""

    REFERENT = "referent", "référent d’une convention"
    ATTENDEE = "attendee", "personne inscrite à des formations"


_SEVERAL: Final = {
    ContactKind.REFERENT: "référents de conventions",
    ContactKind.ATTENDEE: "personnes inscrites à des formations",
}


class Needed(Labelled):
    """Why a contact still serves: it is not erased before (GDPR art. 17.1 a)."""

    POST = "post", "cette fonction est en cours : nommez d’abord qui lui succède, ou terminez-la"
    BOX = "box", "cette adresse sert encore une fonction en cours"
    SESSION = "session", "elle a une place dans une séance à venir : désinscrivez-la d’abord"


@dataclass(frozen=True, slots=True)
class Contact:
    """What one's organisation keeps of somebody as a contact of a contract; `about`, under which convention or for what.

    `needed`: why it still serves; `article`: where the text demands her post.
    """

    id: UUID
    kind: ContactKind
    name: str
    function: str
    mailbox: str
    phone: str
    about: str
    needed: Needed | None = None
    article: str = ""

    @property
    def why_needed(self) -> str:
        """Why it still serves, in words; nothing where it does not."""
        if self.needed is None:
            return ""
        if self.article:
            return f"la convention demande cette fonction ({self.article}), elle est en cours : nommez d’abord qui lui succède"
        return self.needed.label


SHORTEST_SEARCH: Final = 3
"""Characters typed to look for a contact: fewer would list everybody."""


def contact_search_fault(words: str) -> Fault | None:
    """What is missing to look for a contact without listing everybody."""
    if len(words.strip()) >= SHORTEST_SEARCH:
        return None
    return Fault(
        f"Écrivez au moins {SHORTEST_SEARCH} lettres de son nom, de sa fonction ou de son adresse.", "words"
    )


_MORE: Final = " D’autres contacts sont gardés pour les mêmes raisons (RGPD, article 17.1 a)."


def erased_words(gone: Mapping[ContactKind, int], kept: Sequence[Contact]) -> str:
    """What was erased of a contact and what stays, with why; nobody is named: the letter says the same to her."""
    said = [
        f"1 {kind.label}" if gone[kind] == 1 else f"{gone[kind]} {_SEVERAL[kind]}"
        for kind in ContactKind
        if gone.get(kind)
    ]
    found = f"Effacé : {', '.join(said)}."
    stays = list(
        dict.fromkeys(
            f" Gardé, {one.kind.label} ({one.about}) : encore nécessaire (RGPD, article 17.1 a), {one.why_needed}."
            for one in kept
        )
    )
    while stays and len(found) + len(stays[0]) < LONGEST - len(_MORE):
        found += stays.pop(0)
    return found + (_MORE if stays else "")
