"""What is due for a member: one line a task, with its date and where to do it. Each room of pages adds its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from maillage.organisations.member import Member
from maillage.organisations.models import Absence
from maillage.web.presentation.components import Explanation, due_badge
from maillage.web.presentation.components import Task as Line


@dataclass(frozen=True)
class Task:
    """One line of « À faire ». `why` is the rule behind it, in a sentence; no beneficiary's name ever stands here.

    `explanation` says the same at length, behind « Pourquoi cette date ? ». What is urgent comes before everything else.
    """

    title: str
    url: str
    due_on: date | None
    why: str
    kind: str
    explanation: Explanation | None = None
    is_urgent: bool = False


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
    """All tasks of a member: the urgent ones, then the earliest date first, undated ones last."""
    return _sorted([task for source in _SOURCES for task in source(member, on)], on)


def tasks_of(sources: Iterable[Source], member: Member, *, on: date) -> list[Task]:
    """Those of some rooms alone, in the same order."""
    return _sorted([task for source in sources for task in source(member, on)], on)


def tasks_with_replaced(member: Member, absences: Iterable[Absence], *, on: date) -> list[Task]:
    """Hers, and those of whom she replaces, as far as her own roles open them: each says for whom."""
    found = tasks_for(member, on=on)
    known = {(task.title, task.url) for task in found}
    for absence in absences:
        absent = replace(member, user=absence.user_id, user_name=absence.user.full_name)
        found += [
            replace(task, title=f"Pour {absence.user.full_name}, absent·e : {task.title}")
            for task in tasks_for(absent, on=on)
            if (task.title, task.url) not in known
        ]
    return _sorted(found, on)


def _sorted(found: list[Task], on: date) -> list[Task]:
    return sorted(
        found, key=lambda task: (not task.is_urgent, task.due_on is None, task.due_on or on, task.title)
    )
