"""A request that the rules refuse: said in French, at the field where it can be put right, with the article when there is one."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right: its message, the form's field (None: the whole form), the article that says so."""

    message: str
    field: str | None = None
    article: str | None = None


class Refused(Exception):
    """What was asked cannot be done. Nothing was written.

    `message`, `field` and `article` are those of the first fault; `faults` holds all of them, so that a page shows
    each at its field. Raised by every action of the rooms.
    """

    def __init__(self, message: str, field: str | None = None, article: str | None = None) -> None:
        super().__init__(message)
        self.faults: tuple[Fault, ...] = (Fault(message, field, article),)

    @classmethod
    def because(cls, faults: Iterable[Fault]) -> "Refused":
        """One refusal for several faults, in their order; at least one is needed."""
        known = tuple(faults)
        refusal = cls(known[0].message, known[0].field, known[0].article)
        refusal.faults = known
        return refusal

    @property
    def message(self) -> str:
        """What to say, in French."""
        return self.faults[0].message

    @property
    def field(self) -> str | None:
        """The form's field, or None for the whole form."""
        return self.faults[0].field

    @property
    def article(self) -> str | None:
        """The article that refuses, when one does."""
        return self.faults[0].article


def check(faults: Iterable[Fault | None]) -> None:
    """Raise `Refused` with the faults found, if any: all of them at once, so that nobody corrects twice."""
    found = [fault for fault in faults if fault is not None]
    if found:
        raise Refused.because(found)
