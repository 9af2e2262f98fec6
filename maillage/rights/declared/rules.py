"""The check-list of a file: what is needed by what is known, what is there, what is missing; and where the file must be handed over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from maillage.core.calendar import last_day, subtract
from maillage.rights.declared.rights import PROOF, Answers, Piece, Right


class Standing(StrEnum):
    """Where a piece is: there; needed and missing; perhaps needed, an answer is missing; not needed."""

    THERE = "there"
    MISSING = "missing"
    UNKNOWN = "unknown"
    SPARED = "spared"


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of a check-list."""

    piece: Piece
    standing: Standing


def checklist(right: Right, answers: Answers, there: Collection[str], *, urgent: bool = False) -> list[Line]:
    """Each piece of a right, in its order, by what was answered and which pieces are there (by key).

    The proof of urgency comes first in an urgent file: it takes part in no judgement of the right.
    """
    pieces = (PROOF, *right.pieces) if urgent else right.pieces
    return [Line(piece, _standing(piece, answers, there)) for piece in pieces]


def _standing(piece: Piece, answers: Answers, there: Collection[str]) -> Standing:
    needed = piece.is_needed(answers)
    if piece.key in there:
        return Standing.THERE
    if needed is None:
        return Standing.UNKNOWN
    return Standing.MISSING if needed else Standing.SPARED


def is_complete(lines: Collection[Line]) -> bool:
    """Whether nothing indispensable is missing, nor may be."""
    return not any(
        line.piece.indispensable and line.standing in {Standing.MISSING, Standing.UNKNOWN} for line in lines
    )


def to_ask(right: Right, answers: Answers) -> list[str]:
    """The questions of a right that are not answered and still decide something, in their order."""
    open_pieces = [piece for piece in right.pieces if piece.is_needed(answers) is None]
    deciding = {key for piece in open_pieces for key in piece.when}
    if must_be_handed_over(right, answers) is None:
        deciding |= set(right.handed_over)
    return [key for key in right.questions if key in deciding and key not in answers]


def must_be_handed_over(right: Right, answers: Answers) -> bool | None:
    """Whether the file is handed over in person, an upload alone being no deposit (CASF D252-2); None while unknown."""
    if not right.handed_over:
        return False
    if any(answers.get(key) is (not wanted) for key, wanted in right.handed_over.items()):
        return False
    return True if all(key in answers for key in right.handed_over) else None


def ends_on(right: Right, *, filed: date, decided: date) -> date | None:
    """The last day of a right that was opened; None where no text says how long it lasts (CASF L252-3, CSS L861-5)."""
    if right.valid is None:
        return None
    start = filed if right.valid_from == "filing" else decided
    return last_day(start, right.valid)


def renewal_due(right: Right, ends: date) -> date | None:
    """The day by which a renewal is asked; None where no text says so."""
    return subtract(ends, right.renew_before) if right.renew_before else None
