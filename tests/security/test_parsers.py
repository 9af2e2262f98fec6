"""S4: no reader of what comes from outside breaks. The seeds of each, then a few thousand executions led by coverage.

`make proof ONLY=PARSERS` feeds every one of them for as long as it says (tests/parsers/table.py).
"""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest

from tests.parsers import judging, running
from tests.parsers.judging import Broken, Judge, Target
from tests.parsers.planted import DEEP, deep
from tests.parsers.running import NOT_FUZZED, NotFuzzed, feed, is_available
from tests.parsers.table import GUIDED, PARSERS, PLANTED, Parser, named
from tests.proof.lines import LINES
from tests.security.dependencies import pins
from tests.security.fuzzing import drawing

pytestmark = pytest.mark.security
fuzzed = pytest.mark.skipif(not is_available(), reason=NOT_FUZZED)


def target_of(parser: Parser) -> Target:
    found: Target = import_module(f"tests.parsers.{parser.module}").TARGETS[parser.name]
    return found


@pytest.mark.parametrize("parser", PARSERS, ids=[one.name for one in PARSERS])
def test_a_reader_takes_its_seeds_or_refuses_them(parser: Parser) -> None:
    """Without a database: pytest-django would say so."""
    judge = Judge(target_of(parser))
    for seed in (b"", b"\0", b"\xff" * 50, *judge.target.seeds):
        judge(seed)
    assert not judge.violations
    assert judge.accepted


def test_every_target_is_fed_and_the_line_reaches_its_goal() -> None:
    modules = set(GUIDED) - {"planted"}
    written = {name for module in modules for name in import_module(f"tests.parsers.{module}").TARGETS}
    assert written == {one.name for one in PARSERS}
    (line,) = [one for one in LINES if one.id == "PARSERS"]
    assert sum(one.runs * one.units for one in PARSERS) > line.goal


# Reads text or bytes, in a module that no target leads through: why none does.
NOT_FED = {
    "maillage.cli.anchoring": "a public key that the operator types: its ValueError is told",
    "maillage.cli.backup": "a number of days: argparse tells its ValueError",
    "maillage.cli.keys_rotate": "types of argparse, which tells their ValueError",
    "maillage.cli.clock": "days and a number of the command line: digits counted before, told where wrong",
    "maillage.conventions.amendments.actions": "what `avenant` feeds, from the same two classes",
    "maillage.conventions.deployment.queries": "rows that the database put together, of its own columns",
    "maillage.conventions.deployment.rules": "what signed texts and avenants say, validated as they were written",
    "maillage.conventions.lifecycle.queries": "columns that the rules wrote",
    "maillage.indicators.campaigns.queries": "questions that the rules wrote",
    "maillage.indicators.releasing": "the same, and numbers of the database",
    "maillage.conventions.referents.actions": "a day that the same file wrote in a fact",
    "maillage.core.applied": "a comment that the migrations wrote",
    "maillage.core.checks": "settings, judged at start",
    "maillage.core.database.passwords": "a file that the server wrote for itself",
    "maillage.core.holidays": "a code, compared with a pattern",
    "maillage.core.key_checks": "settings, judged at start",
    "maillage.credentials.actions": "what the session's row holds, sealed",
    "maillage.exchange.queries": "rows that the database put together, of its own columns",
    "maillage.organisations.cdr.rules": "a code, compared with a pattern",
    "maillage.protection.assessments.describing": "what the same file wrote, in a column that never changes afterwards",
    "maillage.protection.breaches.reaching": "ids that the journal holds, found by a pattern",
    "maillage.protection.destruction.certificate": "what the platform sealed and attached itself, read once its seal held",
    "maillage.protection.retention.keeping": "rows that the database put together, of its own columns",
    "maillage.protection.records.bundling": "it writes a bundle and reads none",
    "maillage.protection.records.rules": "a version that the same file wrote, kept as it is by trigger",
    "maillage.protection.requests.people": "who asks, as the same file wrote it, sealed to its organisation",
    "maillage.beneficiaries.correcting": "instants that the database put together, of its own columns",
    "maillage.beneficiaries.stopping": "whom an objection is about, as the same file wrote it, sealed to its organisation",
    "maillage.referrals.heeding.late": "a day that the database put together, of its own columns",
    "maillage.referrals.history": "days that the database put together, of its own columns",
    "maillage.referrals.leaving": "what the sending kept, sealed with the key of its case",
    "maillage.referrals.lists.around": "rows that the database put together, of its own columns",
    "maillage.referrals.enrolment_files": "what `enrolling` wrote, sealed with a key of its own",
    "maillage.referrals.own_file": "what `planning` wrote, sealed with a key of its own",
    "maillage.rights.bulk.keeping": "what the same file wrote, encrypted",
    "maillage.rights.clocks.law": "a file of ours, shipped with the code",
    "maillage.rights.content": "what the same file wrote, sealed",
    "maillage.rights.declared.rights": "a file of ours, shipped with the code",
    "maillage.rights.estimating.figures": "a file of ours, shipped with the code",
    "maillage.rights.letters.appeals": "a file of ours, shipped with the code",
    "maillage.web.accounts.confirming": "as `key_answer` reads JSON",
    "maillage.web.accounts.factors": "as `key_answer` reads JSON",
    "maillage.web.accounts.way_out": "what the session holds, sealed by the sign-in",
    "maillage.web.presentation.rows": "whether a cell is a reference, as the page wrote it",
    "maillage.web.directory.importing": "JSON of a column that the import wrote",
}
READS = re.compile(
    r"json\.loads\(|yaml\.(?:parse|load)|b(?:64|32)decode\(|fromisoformat\(|strptime\(|\.frombuf\(|decompress\(|model_validate|jwt\.decode"
    r"|csv\.reader\(|fromhex\(|\.unsign\(|(?<!def )after_microseconds\(|tarfile\.open|from_dict\(|\.fullmatch\("
    r"|\bint\(text\)|ZipFile\(|load_workbook"
)


def test_what_reads_is_fed_or_says_why_not() -> None:
    fed = tuple(package for packages in GUIDED.values() for package in packages)
    reading = set()
    for path in sorted((running.PROJECT / "maillage").rglob("*.py")):
        module = ".".join(path.relative_to(running.PROJECT).with_suffix("").parts).removesuffix(".__init__")
        known = any(module == one or module.startswith(f"{one}.") for one in fed)
        if READS.search(path.read_text()) and not known and "migrations" not in path.parts:
            reading.add(module)
    assert reading == NOT_FED.keys()


@fuzzed
@pytest.mark.parametrize("name", ["png_inside", "file_received"])
def test_a_reader_is_led_by_coverage(name: str, tmp_path: Path) -> None:
    fed = feed(named(name), seed=1, corpus=tmp_path / name, runs=2_000)
    assert not fed.violations
    assert fed.count == 2_000
    assert fed.accepted
    assert fed.refused


def test_the_fuzzer_is_missing_only_where_nothing_is_pinned() -> None:
    assert is_available() == any(pin.is_for_here for pin in pins()[0]["atheris"]), NOT_FUZZED


def test_without_the_fuzzer_a_unit_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(running, "is_available", lambda: False)
    with pytest.raises(NotFuzzed, match="NOT FUZZED"):
        feed(named("png_inside"), seed=1, corpus=tmp_path / "png_inside")


# The detectors are able to fail.


@fuzzed
def test_coverage_finds_what_no_chance_meets_and_what_never_ends(tmp_path: Path) -> None:
    parser = named("deep")
    with ThreadPoolExecutor(2) as together:
        led, stuck = together.map(lambda one: feed(one, seed=1, corpus=tmp_path / one.name), PLANTED)
    (found,), (killed,) = led.violations, stuck.violations
    assert "KeyError" in found
    assert "killed" in killed
    assert "timeout" in killed
    draw = drawing("chance")
    drawn = [draw.randbytes(draw.randrange(parser.longest + 1)) for _ in range(parser.runs)]
    assert not any(one.startswith(DEEP) for one in drawn)
    with pytest.raises(KeyError):
        deep(DEEP)


def _slow(_data: bytes) -> None:
    until = time.process_time() + 0.02
    while time.process_time() < until:
        pass


def _other(data: bytes) -> None:
    {b"": data}[data]


def _subclass(data: bytes) -> None:
    data.decode()


def _words(data: bytes) -> None:
    int(data)


def _greedy(data: bytes) -> None:
    raise MemoryError(len(data))


def _deep(data: bytes) -> None:
    _deep(data)


def _changed(data: bytes) -> None:
    raise Broken(data.hex())


@pytest.mark.parametrize("read", [_slow, _other, _subclass, _words, _greedy, _deep, _changed])
def test_what_is_no_refusal_of_the_reader_is_seen(read: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another class, a subclass, a message that is not its own, memory, depth, time, a change when written."""
    monkeypatch.setattr(judging, "SLOW", 0.01)
    judge = Judge(Target(read, (ValueError,), says=("une valeur",)))  # type: ignore[arg-type]  # one of those above
    for _ in range(2):
        judge(b"\xff")
    (found,) = judge.violations.values()
    assert "b'\\xff'" in found


def test_a_refusal_of_the_reader_is_none() -> None:
    def refuses(data: bytes) -> None:
        raise ValueError(f"une valeur, pas {data!r}")

    judge = Judge(Target(refuses, (ValueError,), says=("une valeur",)))
    judge(b"x")
    assert (judge.count, judge.refused, judge.accepted, judge.violations) == (1, 1, 0, {})
