"""What one execution may do: accept, or refuse with the reader's own error. Anything else is kept, in words. Needs no fuzzer."""

import contextlib
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_KEPT = 10
SLOW = 1.0  # seconds of processor for one small input


class Broken(Exception):
    """A target saw for itself that something does not hold: read, written and read again is not the same."""


@dataclass(frozen=True)
class Target:
    """A reader: what it is called with, the errors that are its own, and what those say where the class is a wide one."""

    read: Callable[[bytes], Any]
    refuses: tuple[type[Exception], ...] = ()
    seeds: tuple[bytes, ...] = ()
    says: tuple[str, ...] = ()  # how a message of its own begins, where others raise the same class

    def owns(self, error: Exception) -> bool:
        """Whether this error is a refusal of the reader: of its very class, and in its words."""
        return type(error) in self.refuses and (not self.says or str(error).startswith(self.says))


@dataclass
class Judge:
    """Called with each input; counts, and keeps one violation for each place where something broke."""

    target: Target
    count: int = 0
    accepted: int = 0
    refused: int = 0
    slowest: float = 0.0
    violations: dict[str, str] = field(default_factory=dict)

    def __call__(self, data: bytes) -> None:
        """One execution."""
        self.count += 1
        began = time.perf_counter()
        try:
            self.target.read(data)
        except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
            if self.target.owns(error):
                self.refused += 1
            else:
                self.keep(_where(error), error, data)
        else:
            self.accepted += 1
        taken = time.perf_counter() - began
        if taken > self.slowest:
            self.slowest = taken
            if taken > SLOW:
                self._again(data)

    def keep(self, where: str, error: object, data: bytes) -> None:
        """Note what broke, once for each place."""
        if where not in self.violations and len(self.violations) < MOST_KEPT:
            self.violations[where] = f"{type(error).__name__}: {error!s:.200} at {where}, of {data[:300]!r}"

    def _again(self, data: bytes) -> None:
        """The machine may have been busy elsewhere: the processor's time of a second reading is what counts."""
        began = time.process_time()
        with contextlib.suppress(Exception):  # judged the first time
            self.target.read(data)
        if time.process_time() - began > SLOW:
            self.keep("slow", TimeoutError(f"{time.process_time() - began:.1f} s"), data)


def _where(error: Exception) -> str:
    """The innermost line, in this project if there is one: two causes of one class stay apart."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/site-packages/" not in frame.filename] or list(frames)
    place = own[-1]
    return f"{type(error).__name__} {'/'.join(place.filename.split('/')[-3:])}:{place.lineno}"
