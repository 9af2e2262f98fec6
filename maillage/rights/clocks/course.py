"""The course of an application: the facts that its clocks count from, each on its day at the caisse."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LONGEST_GRANTED: Final = 366
"""Days: no caisse leaves more than a year to send a piece."""


class WrongCourse(ValueError):
    """Facts that cannot follow each other; `args[0]` says it in French, `field` names the fact that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Request:
    """The missing pieces that the caisse asks for, all at once (CRPA L114-5), and the day when they had all come.

    `granted`: days left to send them, if the caisse said so. `indispensable`: without these pieces the file cannot be judged
    (CRPA L114-5-1); a request for others suspends nothing.
    """

    asked: date
    granted: int | None = None
    answered: date | None = None
    indispensable: bool = True

    @property
    def until(self) -> date | None:
        """The day on which what it suspends starts again: that of the answer, or that of the delay if it comes first."""
        limit = self.asked + timedelta(days=self.granted) if self.granted is not None else None
        return min((day for day in (self.answered, limit) if day), default=None)


@dataclass(frozen=True, slots=True)
class Course:
    """What happened to one application. `complete` is the day on which the file was complete, if it is."""

    received: date
    complete: date | None
    requests: tuple[Request, ...] = ()
    decided: date | None = None

    @property
    def complete_at_reception(self) -> bool:
        """Whether nothing was missing when it came."""
        return self.complete == self.received


def course(
    *,
    received: date,
    complete: date | None = None,
    requests: tuple[Request, ...] = (),
    decided: date | None = None,
) -> Course:
    """A course whose facts follow each other.

    Where `complete` is left out, a file of which no indispensable piece was asked is complete at its reception, and another when
    the last of these pieces came. Raises WrongCourse.
    """
    _follows("complete", complete, received, "Le dossier ne peut pas être complet avant sa réception")
    previous = received
    for request in requests:
        _follows("asked", request.asked, previous, _ASKED)
        _follows(
            "answered",
            request.answered,
            request.asked,
            "Les pièces ne peuvent pas arriver avant d’être demandées",
        )
        if request.granted is not None and not 0 < request.granted <= LONGEST_GRANTED:
            raise WrongCourse("granted", f"Le délai accordé va de 1 à {LONGEST_GRANTED} jours")
        previous = request.asked
    _follows("decided", decided, received, "La décision ne peut pas précéder la réception")
    return Course(received, complete or _completed(received, requests), requests, decided)


_ASKED: Final = "Les pièces ne peuvent pas être demandées avant la réception ni avant la demande précédente"


def _follows(field: str, later: date | None, earlier: date, message: str) -> None:
    if later is not None and later < earlier:
        raise WrongCourse(field, message)


def _completed(received: date, requests: tuple[Request, ...]) -> date | None:
    awaited = [request.answered for request in requests if request.indispensable]
    come = [day for day in awaited if day]
    return max(come, default=received) if len(come) == len(awaited) else None
