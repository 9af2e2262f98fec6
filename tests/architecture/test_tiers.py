"""The long tier holds only what repeats at length a test that `make test` passes, named in its docstring (ADR 22)."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.layers import PROJECT

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
