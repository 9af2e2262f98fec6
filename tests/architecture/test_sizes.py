"""Small files, small functions, nothing left for later."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.layers import PROJECT

LONGEST_FILE, LONGEST_TEST, LONGEST_FUNCTION = 400, 500, 50
ROOTS = ("maillage", "config", "tests", "benchmarks", "scripts")
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def sources() -> Iterator[Path]:
    """Our own Python, without migrations and vendored files."""
    for root in ROOTS:
        for path in sorted((PROJECT / root).rglob("*.py")):
            if "migrations" not in path.parts and "vendor" not in path.parts:
                yield path


def too_long(source: str, *, longest: int, longest_function: int | None = None) -> list[str]:
    """What exceeds its bound in a source: the file, and each function that does."""
    found = []
    lines = len(source.splitlines())
    if lines > longest:
        found.append(f"{lines} lines, {longest} allowed: split it by aggregate")
    if longest_function is None or lines <= longest_function:
        return found  # nothing to read: half of our files
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > longest_function:
                found.append(
                    f"{node.name} has {length} lines, {longest_function} allowed: give its steps names"
                )
    return found


def excess(path: Path) -> list[str]:
    """The same for one of our files: a test may be longer, and state a whole page of data in one function."""
    if path.relative_to(PROJECT).parts[0] == "tests":
        return too_long(path.read_text(), longest=LONGEST_TEST)
    return too_long(path.read_text(), longest=LONGEST_FILE, longest_function=LONGEST_FUNCTION)


def test_files_and_functions_are_short() -> None:
    found = [f"{path.relative_to(PROJECT)}: {what}" for path in sources() for what in excess(path)]
    assert not found, "\n".join(found)


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in sources()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LATER.search(line)
    ]
    assert not found, f"Do it now, or file an issue: {found}"


def test_no_room_is_a_drawer() -> None:
    found = [
        str(path.relative_to(PROJECT))
        for path in (PROJECT / "maillage").rglob("*")
        if path.stem in {"utils", "util", "common", "helpers", "misc"} and "vendor" not in path.parts
    ]
    assert not found, f"Name these by what they hold: {found}"


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\n" * (LONGEST_FILE + 1),
        "def long():\n" + "    x = 1\n" * LONGEST_FUNCTION,
        "class A:\n    async def long(self):\n" + "        x = 1\n" * LONGEST_FUNCTION,
    ],
)
def test_what_is_too_long_is_found(source: str) -> None:
    assert too_long(source, longest=LONGEST_FILE, longest_function=LONGEST_FUNCTION)
    assert not too_long("def short():\n    return 1\n", longest=LONGEST_FILE)


@pytest.mark.parametrize("line", ["# TODO: later", "x = 1  # FIXME", "XXX"])
def test_what_is_left_for_later_is_found(line: str) -> None:
    assert LATER.search(line)
    assert not LATER.search("# « À faire » is a page")
