"""Starts the process that feeds a target, and reads what became of it. Says aloud where the fuzzer is not installed."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.parsers.table import Parser

PROJECT = Path(__file__).resolve().parents[2]
NOT_FUZZED = "PARSERS ARE NOT FUZZED HERE: atheris has wheels for Linux on x86-64 and Python 3.11 to 3.14 alone (requirements/dev.in)"
LONGEST = 600  # seconds of one process
_DONE = re.compile(r"^Done (\d+) in", re.MULTILINE)
_LAST = re.compile(r"^#(\d+)\t", re.MULTILINE)


class NotFuzzed(Exception):
    """The fuzzer is not installed."""


@dataclass(frozen=True)
class Fed:
    """What one process did."""

    count: int
    accepted: int
    refused: int
    seconds: float
    slowest: float
    violations: tuple[str, ...]


def is_available() -> bool:
    """Whether the fuzzer is installed."""
    return find_spec("atheris") is not None


def feed(parser: Parser, *, seed: int, corpus: Path, runs: int | None = None) -> Fed:
    """So many executions of a target. Raises NotFuzzed without the fuzzer."""
    if not is_available():
        raise NotFuzzed(NOT_FUZZED)
    wanted = runs or parser.runs
    corpus.mkdir(parents=True, exist_ok=True)
    report = corpus.parent / f"{corpus.name}-{seed}-{os.getpid()}.json"
    command = [sys.executable, "-m", "tests.parsers.feeding", parser.name, str(wanted), str(seed), str(corpus), str(report)]  # fmt: skip
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")}
    try:
        ended = subprocess.run(
            command, cwd=PROJECT, env=environ, capture_output=True, text=True, errors="replace", timeout=LONGEST, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Fed(0, 0, 0, LONGEST, 0, (f"{parser.name}: not over after {LONGEST} s",))
    if not report.exists():
        last = max(map(int, _LAST.findall(ended.stderr)), default=0)
        return Fed(last, 0, 0, 0, 0, (f"{parser.name}: killed, {_why(ended.stderr)}",))
    found = json.loads(report.read_text())
    report.unlink()
    violations = [f"{parser.name}: {one}" for one in found.pop("violations")]
    counted = _DONE.search(ended.stderr)
    if ended.returncode or counted is None or int(counted[1]) != found["count"]:
        violations.append(
            f"{parser.name}: code {ended.returncode}, {counted and counted[0]}: {_why(ended.stderr)}"
        )
    return Fed(**found, violations=tuple(violations))


def _why(told: str) -> str:
    """The last words of the fuzzer, on one line."""
    lines = told.splitlines()
    said = [line for line in lines if "ERROR" in line or "SUMMARY" in line or "Error" in line]
    return " | ".join((said or lines)[-3:])
