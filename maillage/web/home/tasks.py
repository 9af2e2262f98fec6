"""What is due for a member: one line a task, with its date and where to do it. Each room of pages adds its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from maillage.organisations.member import Member


@dataclass(frozen=True)
class Task:
    """One line of « À faire ». `why` is the rule behind the date; no name of a person ever stands here."""

    title: str
    url: str
    due_on: date | None
    why: str
    kind: str


Source = Callable[[Member, date], list[Task]]
_SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Add a room's tasks to « À faire » (called once, in the room's urls)."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def tasks_for(member: Member, *, on: date) -> list[Task]:
    """All tasks of a member, the earliest date first, undated ones last."""
    found = [task for source in _SOURCES for task in source(member, on)]
    return sorted(found, key=lambda task: (task.due_on is None, task.due_on or on, task.title))
