"""One line of a partner's table as an application, or everything that is wrong with it, by field and in French."""

from collections import abc
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final

from maillage.beneficiaries.rules import LANGUAGES, Identity, identity_problems
from maillage.core.calendar import full_years
from maillage.core.spreadsheets.tables import Row, Value
from maillage.core.spreadsheets.values import NotUnderstood, amount_of, day_of, text_of, yes_no_of
from maillage.core.text import words_key
from maillage.rights.declared.rights import Right, rights
from maillage.rights.declared.rules import must_be_handed_over
from maillage.rights.importing.columns import DERIVED, LABELS, Mapping
from maillage.rights.rules import FURTHEST_BACK

WHOLE: Final = ""
"""The field of what is wrong with the line as a whole."""
_OF_AGE: Final = 18
_SHORT_NUMBER: Final = 9
_LONGEST: Final = {"email": 254, "phone": 30, "nir": 30, "reference": 60, "other_way": 200}
_ALSO: Final = {
    "css": "c2s",
    "protection universelle maladie": "puma",
    "vitale": "carte_vitale",
    "mt": "medecin_traitant",
}


@dataclass(frozen=True, slots=True)
class Under:
    """What a table is read under. French by key: whom a file is handed to, and the proofs of urgency of each right that has some.

    `on`: the day of the caisse, whose département is `departement`; `rights`: those that the convention lets the partner send;
    `right`: the one that a line asks for which names none.
    """

    on: date
    departement: str
    rights: abc.Collection[str]
    handed_to: abc.Mapping[str, str]
    proofs: abc.Mapping[str, abc.Mapping[str, str]]
    since_1904: bool = False
    right: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An application as a line says it. `handed_on`: the day on which the person left it; `reference`: the partner's own.

    `resources`: whole euros of the last twelve months, for the estimate; None where the table does not say.
    """

    line: int
    right: str
    person: Identity
    handed_on: date
    handed_to: str
    answers: abc.Mapping[str, bool]
    urgent: bool
    proof: str
    reference: str
    resources: int | None = None


def read_line(row: Row, mapping: Mapping, under: Under) -> tuple[Line | None, dict[str, str]]:
    """The application of a line, or None with what is wrong with it."""
    if row.fault:
        return None, {WHOLE: row.fault}
    reading = _Reading(row, mapping, under)
    right = reading.right()
    handed_on = reading.handed_on()
    person = reading.person()
    answers = reading.answers(right, person)
    handed_to = reading.handed_to(right, answers)
    urgent, proof = reading.urgency(right)
    reference, resources = reading.text("reference"), reading.resources()
    if right is None or person is None or handed_on is None or reading.faults:
        return None, reading.faults
    return Line(
        row.line, right.key, person, handed_on, handed_to, answers, urgent, proof, reference, resources
    ), {}


def told(faults: abc.Mapping[str, str]) -> list[str]:
    """What is wrong with a line, in words and in the order of the columns: « date de dépôt : … »."""
    order = [WHOLE, *LABELS]
    return [
        f"{LABELS[field]} : {faults[field]}" if field in LABELS else faults[field]
        for field in sorted(faults, key=order.index)
    ]


class _Reading:
    """The cells of one line, understood one after the other."""

    def __init__(self, row: Row, mapping: Mapping, under: Under) -> None:
        self._row, self._places, self._under = row, mapping.places, under
        self.faults: dict[str, str] = {
            field: f"{said[:1].upper()}{said[1:]}."
            for field, place in self._places.items()
            if (said := row.faults.get(place, ""))
        }

    def _refuse(self, field: str, said: str) -> None:
        self.faults.setdefault(field, said)

    def _cell(self, field: str) -> Value:
        place = self._places.get(field)
        return self._row.cells[place] if place is not None and place < len(self._row.cells) else ""

    def text(self, field: str) -> str:
        found = text_of(self._cell(field))
        longest = _LONGEST.get(field, 100)
        if len(found) > longest:
            self._refuse(field, f"{longest} caractères au plus.")
        return found[:longest]

    def _day(self, field: str) -> date | None:
        try:
            return day_of(self._cell(field), since_1904=self._under.since_1904)
        except NotUnderstood as error:
            self._refuse(field, str(error))
            return None

    def _yes_no(self, field: str) -> bool | None:
        """The answer of a cell; None where it is empty, or says neither."""
        if not self.text(field):
            return None
        try:
            return yes_no_of(self._cell(field))
        except NotUnderstood as error:
            self._refuse(field, str(error))
            return None

    def right(self) -> Right | None:
        said = self.text("right")
        found = rights().get(_rights_named().get(words_key(said), "") if said else self._under.right)
        if found is None:
            known = ", ".join(one.label for one in rights().values())
            self._refuse(
                "right",
                f"« {said} » n’est pas un droit connu : {known}." if said else "Écrivez le droit demandé.",
            )
        elif self._under.departement in found.not_in:
            self._refuse("right", "Ce droit n’existe pas dans ce département.")
        elif found.key not in self._under.rights:
            self._refuse("right", "La convention ne permet pas d’envoyer cette demande.")
        return found

    def handed_on(self) -> date | None:
        found = self._day("handed_on")
        if found is not None and found > self._under.on:
            self._refuse("handed_on", "Cette date est dans l’avenir : un dossier s’envoie une fois déposé.")
        elif found is not None and found < self._under.on - FURTHEST_BACK:
            self._refuse("handed_on", "Cette date a plus d’un an : vérifiez l’année.")
        return found

    def person(self) -> Identity | None:
        born = self._day("birth_date")
        found = Identity(
            surname=self.text("surname"),
            given_name=self.text("given_name"),
            birth_date=born or self._under.on,
            phone=_telephone(self.text("phone")),
            email=self.text("email"),
            other_way=self.text("other_way"),
            nir=self.text("nir"),
            language=self._language(),
        )
        for field, said in identity_problems(found, on=self._under.on).items():
            self._refuse(field, said)
        return found if born else None

    def _language(self) -> str:
        said = self.text("language")
        found = _chosen(said, LANGUAGES)
        if said and not found:
            self._refuse(
                "language", "Cette langue n’est pas dans la liste : écrivez-en le nom en français, ou rien."
            )
        return found

    def answers(self, right: Right | None, person: Identity | None) -> dict[str, bool]:
        asked = right.questions if right else ()
        found = {key: said for key in asked if key not in DERIVED and (said := self._yes_no(key)) is not None}
        if "minor" in asked and person is not None:
            found["minor"] = full_years(person.birth_date, self._under.on) < _OF_AGE
        return found

    def resources(self) -> int | None:
        """Whole euros, half a euro rounded up, as the form of the questions keeps them."""
        if not self.text("amount"):
            return None
        try:
            amount = amount_of(self._cell("amount"))
        except NotUnderstood as error:
            self._refuse("amount", str(error))
            return None
        if amount < 0:
            self._refuse("amount", "Écrivez un montant en euros comme 1 234,50.")
        return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def handed_to(self, right: Right | None, answers: abc.Mapping[str, bool]) -> str:
        said = self.text("handed_to")
        found = _chosen(said, self._under.handed_to)
        one_of = " ; ".join(self._under.handed_to.values())
        if said and not found:
            self._refuse("handed_to", f"Écrivez à qui le dossier fut remis : {one_of}.")
        if right is None:
            return found
        needed = must_be_handed_over(right, answers)
        if needed is None:
            for key in right.handed_over:
                self._refuse(key, "Répondez oui ou non : de là dépend une remise en main propre.")
        elif needed and not found:
            self._refuse(
                "handed_to", f"Ce dossier se remet en main propre ; écrivez à qui il le fut : {one_of}."
            )
        return found

    def urgency(self, right: Right | None) -> tuple[bool, str]:
        urgent, said = self._yes_no("urgent"), self.text("proof")
        proofs = self._under.proofs.get(right.key, {}) if right else {}
        if urgent is None and said:
            self._refuse("urgent", "Une preuve d’urgence est donnée : écrivez oui ou non.")
        if not urgent or right is None:
            return False, ""
        found = _chosen(said, proofs)
        if not proofs:
            self._refuse("urgent", "La convention ne prévoit pas d’urgence pour ce droit.")
        elif not found:
            self._refuse("proof", f"Écrivez ce qui prouve l’urgence : {' ; '.join(proofs.values())}.")
        return True, found


@cache
def _rights_named() -> abc.Mapping[str, str]:
    """The key of each right by the words that mean it: its key, its name, the short one between brackets, and a few others."""
    found = dict(_ALSO)
    for right in rights().values():
        name, _, short = right.label.partition(" (")
        found |= {words_key(said): right.key for said in (right.key, right.label, name, short) if said}
    return found


def _chosen(said: str, choices: abc.Mapping[str, str]) -> str:
    """The key of a choice said by its key, by its words, or by some of them that no other choice has; else empty."""
    key = words_key(said)
    if not key:
        return ""
    for one, words in choices.items():
        if key in {words_key(one), words_key(words)}:
            return one
    found = [one for one, words in choices.items() if f" {key} " in f" {words_key(words)} "]
    return found[0] if len(found) == 1 else ""


def _telephone(text: str) -> str:
    """A number that a spreadsheet took for an amount has lost its first zero; in a text too, once it was saved as CSV."""
    return f"0{text}" if len(text) == _SHORT_NUMBER and text.isdecimal() and text[0] != "0" else text
