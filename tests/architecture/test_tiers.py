"""The long tier holds only what repeats at length a test that `make test` passes, named in its docstring (ADR 22)."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.layers import PROJECT
from tests.security.extent import EXTENTS
from tests.tiers import at_length, spread

NAMED = re.compile(r"\btest_\w+")
SAMPLE = '''
def test_short(): ...

@pytest.mark.long
@pytest.mark.parametrize("x", [1, 2])
def test_names_its_sibling(x):
    """At length what test_short proves."""

@pytest.mark.long
def test_names_a_long_one():
    """At length what test_names_its_sibling proves."""

@pytest.mark.long
def test_names_nobody(): ...
'''


def read_tests(source: str) -> Iterator[tuple[str, bool, str]]:
    """Each test of a file: its name, whether it is marked `long`, its docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            marks = {ast.unparse(one) for one in node.decorator_list}
            yield node.name, "pytest.mark.long" in marks, ast.get_docstring(node) or ""


def alone(tests: list[tuple[str, bool, str]]) -> list[str]:
    """The long tests that name no shorter one."""
    short = {name for name, is_long, _ in tests if not is_long}
    return [name for name, is_long, said in tests if is_long and not short & set(NAMED.findall(said))]


def test_each_long_test_names_the_shorter_one() -> None:
    sources = [path.read_text() for path in sorted((PROJECT / "tests").rglob("test_*.py"))]
    assert alone([one for source in sources if "def test_" in source for one in read_tests(source)]) == []
    assert not [
        source for source in sources if re.search(r"^pytestmark = .*mark\.long", source, re.MULTILINE)
    ]


def test_one_that_names_none_is_seen() -> None:
    assert alone(list(read_tests(SAMPLE))) == ["test_names_a_long_one", "test_names_nobody"]


def is_long(case: object) -> bool:
    """Whether a case of a parametrised test waits for `make long`."""
    return pytest.mark.long in getattr(case, "marks", ())


def test_spread_cases_are_all_there_and_the_first_is_for_make_test() -> None:
    cases = spread("abcdefg", 3)
    assert [case.values[0] if is_long(case) else case for case in cases] == list("abcdefg")
    assert [is_long(case) for case in cases] == [False, True, True, False, True, True, False]
    assert spread([(1, 2), (3, 4)], 2) == [(1, 2), at_length(3, 4)]
    assert is_long(at_length(1))
    assert [is_long(case) for case in EXTENTS.mark.args[1]] == [False, True]


def without_a_shorter_one(source: str) -> list[str]:
    """Lists of cases that all wait for `make long`."""
    called = "at_length("
    lists = [node.elts for node in ast.walk(ast.parse(source)) if isinstance(node, ast.List)]
    return [
        ast.unparse(cases[0])
        for cases in lists
        if cases and all(ast.unparse(case).startswith(called) for case in cases)
    ]


def test_each_test_of_cases_leaves_one_to_make_test() -> None:
    sources = {
        path.relative_to(PROJECT).as_posix(): path.read_text() for path in (PROJECT / "tests").rglob("*.py")
    }
    assert [name for name, source in sources.items() if without_a_shorter_one(source)] == []
    marking = [name for name, source in sources.items() if re.search(r"\bmarks=.*mark\.long", source)]
    assert marking == ["tests/tiers.py"], "A case is marked by tests/tiers.py alone."
    assert without_a_shorter_one("CASES = [at_length(1), at_length(2)]") == ["at_length(1)"]
    assert not without_a_shorter_one("CASES = [1, at_length(2)]")
