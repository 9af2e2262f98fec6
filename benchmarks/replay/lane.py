"""One process of a replay: every n-th referral of the year, from where it stands. Started by `running`, told by its standard input.

It ends with whoever started it: at the end of its input it stops at once, in the middle of whatever it does.
"""

import gc
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.db import connections

from benchmarks.replay.steps import Cast
from benchmarks.replay.year import Seen, Story, Verb, Year
from maillage.core.database.settings import DatabaseUrls, django_databases

_BATCH: Final = 100
_TOLD_EVERY: Final = 0.5  # seconds


@dataclass
class Done:
    """What a process did since it started: referrals brought to their end, those closed among them, and each step's seconds."""

    referrals: int = 0
    closed: int = 0
    steps: dict[str, list[float]] = field(default_factory=dict)

    def add(self, verb: Verb, seconds: float) -> None:
        """One step more."""
        known = self.steps.setdefault(verb.value, [0, 0.0])
        known[0] += 1
        known[1] += seconds


def play(cast: Cast, year: Year, *, lane: int = 0, lanes: int = 1) -> Iterator[Done]:
    """Bring each referral of this lane to its end, from where it stands; yields after each what was done since the start."""
    done, numbers = Done(), range(lane, year.referrals, lanes)
    for first in range(0, len(numbers), _BATCH):
        stories = [year.story(number) for number in numbers[first : first + _BATCH]]
        known = cast.seen(stories)
        for story in stories:
            seen = known.get(story.number)
            if steps := story.remaining(Seen(*seen) if seen else None):
                _bring(cast, story, steps, done)
                yield done


def _bring(cast: Cast, story: Story, steps: tuple[Verb, ...], done: Done) -> None:
    for verb in steps:
        began = time.perf_counter()
        cast.do(verb, story)
        done.add(verb, time.perf_counter() - began)
    done.referrals += 1
    done.closed += Verb.CLOSE in steps


def _end_with_the_input() -> None:
    sys.stdin.read()
    os._exit(1)


def _tell(**said: Any) -> None:
    print(json.dumps(said), flush=True)


def _telling(played: Iterator[Done], tell: Callable[..., None]) -> None:
    told, done = time.monotonic(), Done()
    for done in played:
        if time.monotonic() - told > _TOLD_EVERY:
            tell(**done.__dict__)
            told = time.monotonic()
    tell(**done.__dict__)


def main() -> None:
    """The first line of the input says which lane of which year, in which database and with which key store."""
    told = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_input, daemon=True).start()
    settings.KEY_STORE = Path(told["keys"])
    for alias, described in django_databases(DatabaseUrls(**told["urls"])).items():
        connections[alias].settings_dict.update({**described, "CONN_MAX_AGE": None})
    cast, year = Cast(), Year(told["referrals"])
    gc.freeze()
    _tell(ready=True)
    _telling(play(cast, year, lane=told["lane"], lanes=told["lanes"]), _tell)
    os._exit(0)  # the thread that waits for the end of the input would keep the process


if __name__ == "__main__":
    main()
