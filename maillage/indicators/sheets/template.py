"""The yearly sheet as a table to fill elsewhere and bring back: for the networks that do not use Maillage. Pure.

Each line bears the year and the code of its convention: a table of last year, or of another convention, is refused as a whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from maillage.conventions.terms.steering import AnswerKind, Indicator, Part
from maillage.core.spreadsheets.tables import Table, Unreadable, Value
from maillage.core.spreadsheets.values import NotUnderstood, amount_of, yes_no_of
from maillage.core.text import sort_key
from maillage.indicators.figures import Place
from maillage.indicators.sheets.rules import Said, faults_of

COLUMNS: Final = (
    "Modèle", "Clé", "Bloc", "Question", "Réponse attendue", "Réponse", "Numérateur", "Dénominateur", "Commentaire",
    "Pourquoi c’est juste",
)  # fmt: skip
MOST: Final = 2_000
"""Lines of a sheet brought back."""
_NOT_OURS: Final = "Ce tableau n’est pas un modèle de fiche : ses titres sont « {} »."
_EXPECTED: Final = {
    AnswerKind.YES_NO: "oui ou non",
    AnswerKind.NUMBER: "un nombre entier",
    AnswerKind.PERCENT: "un pourcentage, ou ses deux termes",
    AnswerKind.OPEN: "un texte, sans parler d’aucune personne",
    AnswerKind.DURATION: "un nombre de jours",
}


@dataclass(frozen=True, slots=True)
class Brought:
    """One line brought back: where, what it says; or, with its number in the file, what is wrong with it."""

    line: int
    place: Place
    said: Said
    faults: tuple[str, ...] = ()


def code_of(year: int, reference: str) -> str:
    """What stands on each line of a sheet: its year and the code of its convention."""
    return f"{year} {reference}"


def lines(asked: Iterable[Indicator], code: str, said: Mapping[Place, Said]) -> Iterator[tuple[str, ...]]:
    """The lines to fill, under `COLUMNS`, with what was answered so far."""
    for one in asked:
        for part in one.parts or (None,):
            place = (one.key, part.key if part else "")
            yield (
                code,
                ".".join(filter(None, place)),
                one.block or "",
                f"{one.label} : {part.label}" if part else one.label,
                _expected(one),
                *_shown(one, said.get(place, Said())),
            )


def _expected(one: Indicator) -> str:
    if one.answer is AnswerKind.CHOICE:
        return " / ".join(choice.label for choice in one.choices)
    return _EXPECTED[one.answer]


def _shown(one: Indicator, said: Said) -> tuple[str, ...]:
    if one.answer is AnswerKind.YES_NO:
        value = {1: "oui", 0: "non"}.get(int(said.number), "") if said.number is not None else ""
    elif one.answer is AnswerKind.CHOICE:
        value = next((choice.label for choice in one.choices if choice.key == said.words), "")
    elif one.answer is AnswerKind.OPEN:
        value = said.words
    else:
        value = "" if said.number is None else f"{said.number.normalize():f}".replace(".", ",")
    terms = ("" if term is None else str(term) for term in (said.count, said.over))
    return (value, *terms, said.comment, said.why)


def brought(table: Table, asked: Iterable[Indicator], code: str) -> list[Brought]:
    """Each line of a table brought back. Raises Unreadable for what is no sheet, or the sheet of another year or convention."""
    places = _columns(table)
    known = {
        ".".join(filter(None, (one.key, part.key if part else ""))): (one, part)
        for one in asked
        for part in (one.parts or (None,))
    }
    found: list[Brought] = []
    for row in table.rows():
        cells = {name: row.cells[place] for name, place in places.items()}
        if not any(cells.values()):
            continue
        if (given := str(cells["Modèle"]).strip()) != code:
            raise Unreadable(_other(given, code))
        key = str(cells["Clé"]).strip()
        if key not in known:
            found.append(Brought(row.line, (key, ""), Said(), ("Cette question n’est pas dans la fiche.",)))
        else:
            found.append(_line(row.line, *known[key], cells))
    return found


def _columns(table: Table) -> dict[str, int]:
    titles = {sort_key(title): place for place, title in enumerate(table.header)}
    missing = [title for title in COLUMNS if sort_key(title) not in titles]
    if missing:
        raise Unreadable(_NOT_OURS.format(" », « ".join(COLUMNS)))
    return {title: titles[sort_key(title)] for title in COLUMNS}


def _other(given: str, code: str) -> str:
    wanted, _, _ = code.partition(" ")
    year, _, _ = given.partition(" ")
    if year != wanted and year.isdigit():
        return f"Ce modèle est celui de {year} : téléchargez celui de {wanted}."
    return "Ce modèle est celui d’une autre convention : téléchargez celui de cette fiche."


def _line(line: int, one: Indicator, part: Part | None, cells: Mapping[str, Value]) -> Brought:
    place = (one.key, part.key if part else "")
    try:
        said = _said(one, cells)
    except NotUnderstood as error:
        return Brought(line, place, Said(), (str(error),))
    return Brought(line, place, said, tuple(fault.message for fault in faults_of(one, said)))


def _said(one: Indicator, cells: Mapping[str, Value]) -> Said:
    value = cells["Réponse"]
    count, over = (_whole(cells[name]) for name in ("Numérateur", "Dénominateur"))
    comment, why = (str(cells[name]).strip() for name in ("Commentaire", "Pourquoi c’est juste"))
    if one.answer is AnswerKind.OPEN:
        return Said(None, str(value).strip(), count, over, comment, why)
    if one.answer is AnswerKind.CHOICE:
        return Said(None, _choice(one, str(value)), count, over, comment, why)
    if value == "":
        return Said(None, "", count, over, comment, why)
    number = Decimal(int(yes_no_of(value))) if one.answer is AnswerKind.YES_NO else _number(one.answer, value)
    return Said(number, "", count, over, comment, why)


def _choice(one: Indicator, text: str) -> str:
    """The key of a choice, by its words; what is none of them is kept as it is, and refused by the rules."""
    wanted = sort_key(text)
    return next((choice.key for choice in one.choices if sort_key(choice.label) == wanted), text.strip())


def _number(kind: AnswerKind, value: Value) -> Decimal:
    """A number; a percentage that a spreadsheet holds as a part of one (62,5 % is 0,625 there) is asked again."""
    found = _amount(value.strip().removesuffix("%").strip() if isinstance(value, str) else value)
    if kind is AnswerKind.PERCENT and isinstance(value, Decimal) and 0 < found < 1:
        raise NotUnderstood("Écrivez le pourcentage comme 62,5 et non comme 0,625, ou ses deux termes.")
    return found


def _amount(value: Value) -> Decimal:
    try:
        return amount_of(value)
    except NotUnderstood as error:
        raise NotUnderstood("Écrivez un nombre, comme 1 234 ou 12,5.") from error


def _whole(value: Value) -> int | None:
    if value == "":
        return None
    found = _amount(value)
    if found != int(found):
        raise NotUnderstood("Le numérateur et le dénominateur sont des nombres entiers.")
    return int(found)
