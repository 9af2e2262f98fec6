"""What a person wrote in a cell, as a day, an amount, a yes or a no. Nothing is guessed between two meanings: it is asked again."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from maillage.core.calendar import french
from maillage.core.french import MONTHS
from maillage.core.spreadsheets.tables import Value
from maillage.core.spreadsheets.xlsx import day_of_serial
from maillage.core.text import sort_key, words_key

FIRST: Final = date(1900, 1, 1)
LAST: Final = date(2199, 12, 31)
LARGEST: Final = Decimal(1_000_000_000)
_CENT: Final = Decimal("0.01")
_HOUR: Final = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?Z?)?"
_FRENCH: Final = re.compile(rf"(\d{{1,2}})([/.\- ])(\d{{1,2}})\2(\d{{4}}){_HOUR}", re.ASCII)
_ISO: Final = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_HOUR}", re.ASCII)
_WORDS: Final = re.compile(
    r"(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})", re.ASCII
)
_SHORT: Final = re.compile(r"\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{2}", re.ASCII)
_SERIAL: Final = re.compile(r"\d{4,6}", re.ASCII)
_MONTHS: Final = {
    **{sort_key(month): number for number, month in enumerate(MONTHS, 1)},
    "janv": 1,
    "fevr": 2,
    "fev": 2,
    "avr": 4,
    "juil": 7,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_GROUPED: Final = r"(?:\d{1,3}(?: \d{3})+|\d+)"
_AMOUNTS: Final = (
    re.compile(rf"([+-]?)({_GROUPED})(?:[.,](\d{{1,2}}))?", re.ASCII),  # 1 234,50, 1234.5
    re.compile(r"([+-]?)(\d{1,3}(?:\.\d{3})+),(\d{1,2})", re.ASCII),  # 1.234,50
    re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+)\.(\d{1,2})", re.ASCII),  # 1,234.50
)
_YES: Final = frozenset({"oui", "o", "x", "vrai", "1", "yes", "y", "true"})
_NO: Final = frozenset({"non", "n", "faux", "0", "no", "false"})


class NotUnderstood(ValueError):
    """A cell that is none of what was asked; `args[0]` says in French what to write."""


def day_of(value: Value, *, since_1904: bool = False) -> date:
    """The day of a cell: a real date, « 14/11/2024 », « 2024-11-14 », « 14 novembre 2024 », or a day counted by a spreadsheet.

    Raises NotUnderstood, for a day out of 1900-2199 too.
    """
    found = value if isinstance(value, date) else _day(value, since_1904=since_1904)
    if not FIRST <= found <= LAST:
        raise NotUnderstood(f"Cette date n’est pas entre {FIRST.year} et {LAST.year}.")
    return found


def _day(value: str | Decimal | bool, *, since_1904: bool) -> date:
    said = "" if isinstance(value, bool) else " ".join(str(value).split())
    try:
        if _SERIAL.fullmatch(said):
            return day_of_serial(int(said), since_1904=since_1904)
        if found := _FRENCH.fullmatch(said):
            return date(int(found[4]), int(found[3]), int(found[1]))
        if found := _ISO.fullmatch(said):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _WORDS.fullmatch(sort_key(said).replace(".", "")):
            return date(int(found[3]), _MONTHS[found[2]], int(found[1]))
    except (ValueError, KeyError, OverflowError) as error:
        raise NotUnderstood(f"« {said[:40]} » n’est pas une date : écrivez-la comme 14/11/2024.") from error
    if _SHORT.fullmatch(said):
        raise NotUnderstood("Écrivez l’année avec ses quatre chiffres, comme 14/11/2024.")
    raise NotUnderstood("Écrivez une date comme 14/11/2024.")


def amount_of(value: Value, *, largest: Decimal = LARGEST) -> Decimal:
    """An amount in euros, to the cent: a number, or « 1 234,50 € » with any space.

    « 1.234 » and « 1,234 », which some read as a thousand and others as one, are refused, and `largest` and more. Raises NotUnderstood.
    """
    found = _amount(value)
    if abs(found) >= largest:
        raise NotUnderstood("Ce montant est trop grand : vérifiez-le.")
    return found.quantize(_CENT, ROUND_HALF_UP)


def _amount(value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        raise NotUnderstood(_NO_AMOUNT)
    said = " ".join(value.replace("−", "-").split())
    said = re.sub(r" ?(?:€|eur|euros?)$", "", said, flags=re.IGNORECASE)
    for written in _AMOUNTS:
        if found := written.fullmatch(said):
            return Decimal(f"{found[1]}{re.sub('[ .,]', '', found[2])}.{found[3] or 0}")
    raise NotUnderstood(_NO_AMOUNT)


_NO_AMOUNT: Final = "Écrivez un montant en euros comme 1 234,50."


def yes_no_of(value: Value) -> bool:
    """« oui », « non », or what a spreadsheet holds for them. Raises NotUnderstood."""
    said = words_key(text_of(value))
    if said in _YES or said in _NO:
        return said in _YES
    raise NotUnderstood("Écrivez oui ou non.")


def text_of(value: Value) -> str:
    """The cell as a person reads it, its spaces in order; a number without the comma that it does not need."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return french(value)
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    return " ".join(value.split())
