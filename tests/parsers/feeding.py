"""A process that feeds one target: `python -m tests.parsers.feeding NAME RUNS SEED CORPUS REPORT`, under atheris.

It writes its counts and what it found to REPORT, as JSON; killed by the fuzzer (an endless reading, memory gone), it writes nothing.
"""

import contextlib
import json
import os
import resource
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import atheris
from atheris.import_hook import AtherisMetaPathFinder

from tests.parsers.judging import Judge, Target
from tests.parsers.table import GUIDED, PLANTED, Parser, named

MORE_MEMORY = 512 * 1024 * 1024  # bytes beyond what the process holds before the first execution
ENDLESS = 20  # seconds after which the fuzzer kills the process


class Guide(AtherisMetaPathFinder):  # type: ignore[misc]  # it has no types
    """Instruments, as they are imported, the modules that a target leads through, and no other: Django's would take ten seconds."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        super().__init__({name.partition(".")[0] for name in packages}, set(), True, True)
        self.packages = packages

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        """The module with its steps made visible, or nothing: it is then imported as it is."""
        guided = any(fullname == one or fullname.startswith(f"{one}.") for one in self.packages)
        return super().find_spec(fullname, path, target) if guided else None


def target_of(parser: Parser) -> Target:
    """The target, and its reader instrumented."""
    guide = Guide((*GUIDED[parser.module], f"tests.parsers.{parser.module}"))
    sys.meta_path.insert(0, guide)
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stderr(nowhere):
        if parser.needs_django:
            import django

            os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
            django.setup()
        found: Target = import_module(f"tests.parsers.{parser.module}").TARGETS[parser.name]
    sys.meta_path.remove(guide)
    return found


def bound_memory() -> None:
    """What a reading asks beyond a fixed amount is refused to it: MemoryError, a violation like another."""
    held = next(
        int(line.split()[1]) * 1024
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmData")
    )
    resource.setrlimit(resource.RLIMIT_DATA, (held + MORE_MEMORY, held + MORE_MEMORY))


def main(name: str, runs: str, seed: str, corpus: str, report: str) -> None:
    """Feed, then write."""
    parser = named(name)
    judge = Judge(target_of(parser))
    folder = Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(judge.target.seeds):
        (folder / f"seed-{number:03}").write_bytes(one)
    endless = 1 if parser in PLANTED else ENDLESS
    flags = [
        f"-atheris_runs={runs}", f"-seed={seed}", f"-max_len={parser.longest}", f"-timeout={endless}", "-rss_limit_mb=2048",
        "-print_final_stats=1", "-len_control=20", "-verbosity=1", f"-artifact_prefix={folder.parent}/", str(folder),
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *flags], judge)
    bound_memory()
    began = time.monotonic()
    try:
        atheris.Fuzz()
    finally:
        signal.setitimer(
            signal.ITIMER_REAL, 0
        )  # the fuzzer's own clock would end the process before it has written
        Path(report).write_text(
            json.dumps(
                {
                    "count": judge.count,
                    "accepted": judge.accepted,
                    "refused": judge.refused,
                    "slowest": judge.slowest,
                    "seconds": time.monotonic() - began,
                    "violations": list(judge.violations.values()),
                }
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
