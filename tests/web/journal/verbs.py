"""Every verb that the code writes in the journal, found by reading it: constants given to `record`, or to a function that hands them on."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[3] / "maillage"


@dataclass(frozen=True)
class Found:
    """A verb, or the beginning of a family of verbs when its end is computed; and where it is written."""

    verb: str
    is_family: bool
    where: str


def verbs(package: Path = PACKAGE) -> Iterator[Found]:
    """All of them. What is computed altogether is an error: nobody could say what the page will show."""
    texts = {path: path.read_text() for path in sorted(package.rglob("*.py"))}
    for path, text in texts.items():
        if "record(" not in text:
            continue
        functions = (node for node in ast.walk(_tree(text)) if isinstance(node, ast.FunctionDef))
        for function in functions:
            arguments = [*function.args.args, *function.args.kwonlyargs]
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                given = _verb_of(call)
                if given is None:
                    continue
                where = f"{path.relative_to(package)}:{call.lineno}"
                parameter = given.id if isinstance(given, ast.Name) else ""
                names = [argument.arg for argument in arguments]
                if parameter in names:
                    yield from _defaults(function, parameter, where)
                    near = [text] if function.name.startswith("_") else texts.values()
                    for one in near:
                        if f"{function.name}(" in one:
                            yield from _handed_to(
                                function.name, parameter, names.index(parameter), _tree(one), where
                            )
                else:
                    yield from _read(given, where)


@cache
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def _defaults(function: ast.FunctionDef, parameter: str, where: str) -> Iterator[Found]:
    named = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    yield from (
        found
        for argument, value in named
        if argument.arg == parameter and value is not None
        for found in _read(value, where)
    )


def _verb_of(call: ast.Call) -> ast.expr | None:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    return (
        next((word.value for word in call.keywords if word.arg == "verb"), None) if name == "record" else None
    )


def _handed_to(function: str, parameter: str, position: int, tree: ast.AST, where: str) -> Iterator[Found]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id == function:
            named = [word.value for word in call.keywords if word.arg == parameter]
            given = named or call.args[position : position + 1]  # else its default
            for value in given:
                yield from _read(value, f"{where} ← {call.lineno}")


def _read(value: ast.expr, where: str) -> Iterator[Found]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield Found(value.value, False, where)
    elif isinstance(value, ast.IfExp):
        yield from _read(value.body, where)
        yield from _read(value.orelse, where)
    elif isinstance(value, ast.JoinedStr) and isinstance(value.values[0], ast.Constant):
        yield Found(str(value.values[0].value), True, where)
    else:
        yield Found("", True, where)
