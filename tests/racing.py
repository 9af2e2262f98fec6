"""Races: several act at the same instant, each in a transaction of her own, on a thread and a connection of its own."""

from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from threading import Barrier, Thread
from types import TracebackType
from typing import Any, Self

from django.db import DatabaseError, connection, connections

from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from tests.referrals.world import member

Gate = Callable[[], None]
Racer = Callable[[Gate], object]
"""Who races: she enters and looks, waits at the gate for the others to have looked, then acts."""
_LONGEST = 30  # seconds at the gate


def nothing(_someone: Member) -> None:
    """What somebody looks at who looks at nothing."""


def racer(
    address: str,
    act: Callable[[Member, Any], object],
    *,
    look: Callable[[Member], object] = nothing,
    held: float = 0.0,
) -> Racer:
    """Somebody of this address: `act` is handed what she saw. `held`: seconds after it in which she has not committed yet."""

    def run(gate: Gate) -> object:
        with member(address) as someone:
            seen = look(someone)
            gate()
            given = act(someone, seen)
            if held:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(%s)", [held])
        return given

    return run


class Ring:
    """So many threads that race as often as wanted; their connections last as long as they do."""

    def __init__(self, size: int) -> None:
        self._gate = Barrier(size)
        self._asked = [SimpleQueue[Racer | None]() for _ in range(size)]
        self._answers = SimpleQueue[tuple[int, object]]()
        self._threads = [Thread(target=self._work, args=[place], daemon=True) for place in range(size)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, where: TracebackType | None
    ) -> None:
        for asked in self._asked:
            asked.put(None)
        for thread in self._threads:
            thread.join(timeout=_LONGEST)

    def race(self, *racers: Racer) -> list[object]:
        """What each gave back or raised, in their order."""
        for asked, one in zip(self._asked, racers, strict=True):
            asked.put(one)
        answers = dict(self._answers.get(timeout=4 * _LONGEST) for _ in racers)
        self._gate.reset()
        return [answers[place] for place in range(len(racers))]

    def _work(self, place: int) -> None:
        try:
            while one := self._asked[place].get():
                self._answers.put((place, self._run(one)))
        finally:
            connections.close_all()

    def _run(self, one: Racer) -> object:
        came = False

        def gate() -> None:
            nonlocal came
            came = True
            self._gate.wait(timeout=_LONGEST)

        try:
            return one(gate)
        except Exception as error:  # noqa: BLE001 - what was raised is what a race looks at
            return error
        finally:
            if not came:
                self._gate.abort()  # the others do not wait for her


def race(*racers: Racer) -> list[object]:
    """One race; what each gave back or raised."""
    with Ring(len(racers)) as ring:
        return ring.race(*racers)


def together(*acts: Callable[[], object]) -> list[object]:
    """Acts that enter by themselves, at the same instant; what each gave back or raised."""
    return race(*(partial(_when_open, act) for act in acts))


def _when_open(act: Callable[[], object], gate: Gate) -> object:
    gate()
    return act()


def told(results: list[object]) -> list[str]:
    """What each was told, sorted: « done », or the words of what refused her. Raises what is no refusal."""
    return sorted(map(_word, results))


def _word(result: object) -> str:
    if isinstance(result, Refused | TransitionRefused | DatabaseError):
        return str(result).splitlines()[0]
    if isinstance(result, Exception):
        raise result
    return "done"


def without(function: str, line: str, instead: str) -> None:
    """Change one line of a function of the database, in this test's own."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regprocedure)", [function])
        source = cursor.fetchone()[0]
        assert line in source
        cursor.execute(source.replace(line, instead))
    connections["owner"].close()
