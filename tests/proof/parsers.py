"""S4's other half at full size: every reader of what comes from outside, fed by coverage, in processes of its own.

A try is one execution of a reader, counted by the process that calls it and by the fuzzer, which must agree. `controls` counts
the inputs that were read to their end: a unit where none was has not reached its reader. A unit goes on from the inputs that the
former ones of its reader kept.
"""

import os
from pathlib import Path

import pytest

from tests.parsers.running import feed
from tests.parsers.table import PARSERS, Parser
from tests.proof.plugin import FOLDER
from tests.proof.recording import Tally

UNITS = [
    (parser, part)
    for part in range(max(one.units for one in PARSERS))
    for parser in PARSERS
    if part < parser.units
]


@pytest.mark.parametrize(("parser", "part"), UNITS, ids=[f"{parser.name}-{part}" for parser, part in UNITS])
def test_a_reader_refuses_or_reads(parser: Parser, part: int, tally: Tally) -> None:
    corpus = Path(os.environ[FOLDER]) / "corpora" / parser.name
    fed = feed(parser, seed=1 + part, corpus=corpus)
    tally.tried, tally.controls, tally.violations = fed.count, fed.accepted, list(fed.violations)
    if not fed.accepted:
        tally.violations.append(f"{parser.name}: nothing was read to its end: the reader was not reached")
