"""What is due for a member: one line a task, with its date and where to do it. Each room of pages adds its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from maillage.organisations.member import Member
from maillage.web.presentation.components import Explanation, due_badge
from maillage.web.presentation.components import Task as Line


@dataclass(frozen=True)
class Task:
    """One line of « À faire ». `why` is the rule behind it, in a sentence; no name of a person ever stands here.

    `explanation` says the same at length, behind « Pourquoi cette date ? ».
    """

    title: str
    url: str
    due_on: date | None
    why: str
    kind: str
    explanation: Explanation | None = None


def shown(task: Task, *, on: date) -> Line:
    """The line as it is drawn on a given day."""
    due = None if task.due_on is None else due_badge(task.due_on, on, task.explanation)
    return Line(task.title, task.url, task.why, due)


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
