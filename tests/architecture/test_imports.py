"""`.importlinter` holds, covers everything, and is proved able to fail."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.layers import PROJECT, contract

PACKAGE = PROJECT / "maillage"
# Rooms whose job is HTTP, commands or data of the demonstration.
TOP = ("web", "api", "cli", "demo")
HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls")
WITH_DJANGO = {
    "models",
    "actions",
    "queries",
    "policies",
    "notifications",
    "privacy",
    "tasks",
    "admin",
    "apps",
}


def lint(directory: Path) -> subprocess.CompletedProcess[str]:
    """Run the linter on a copy of the project or on the project itself."""
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [linter, "--no-cache"],
        cwd=directory,
        env={"PYTHONPATH": str(directory), "PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_import_points_downwards() -> None:
    result = lint(PROJECT)
    assert result.returncode == 0, result.stdout[-4000:]


ROOMS = "Rooms depend one way"
# File, line added to it, contract that it breaks, and what the linter says of it.
SPOILED = (
    ("core/text.py", "import maillage.organisations.kinds", ROOMS, "maillage.core.text -> maillage.organisations.kinds"),
    ("cases/models.py", "import maillage.documents.models", ROOMS, "maillage.cases.models -> maillage.documents.models"),
    ("web/context.py", "import maillage.demo.directory", ROOMS, "maillage.web.context -> maillage.demo.directory"),
    ("sideboard/__init__.py", "", ROOMS, "maillage.sideboard"),
    ("conventions/terms/base.py", "import maillage.conventions.library", "Sub-rooms of conventions depend one way",
     "maillage.conventions.terms.base -> maillage.conventions.library"),
    ("referrals/models.py", "import maillage.referrals.apps", "Inside a room, files depend one way",
     "maillage.referrals.models -> maillage.referrals.apps"),
    ("referrals/rules.py", "from django.utils import timezone", "Rules and states never import Django",
     "maillage.referrals.rules -> django"),
    ("conventions/terms/base.py", "import django", "What only computes needs no Django",
     "maillage.conventions.terms.base -> django"),
    ("core/database/errors.py", "import maillage.core.database.server", "No cycle between siblings",
     ".errors -> .server"),
)  # fmt: skip


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the linter says of a copy of the sources with every wrong line in it, by contract that it finds broken."""
    place = tmp_path_factory.mktemp("copy")
    shutil.copy(PROJECT / ".importlinter", place)
    shutil.copytree(
        PACKAGE, place / "maillage", ignore=shutil.ignore_patterns("__pycache__", "static", "templates")
    )
    for path, line, _, _ in SPOILED:
        spoiled = place / "maillage" / path
        spoiled.parent.mkdir(exist_ok=True)
        with spoiled.open("a") as file:
            file.write(f"\n{line}\n")
    result = lint(place)
    assert result.returncode != 0
    _, *parts = re.split(r"\n(.+)\n-{3,}\n", result.stdout.partition("Broken contracts")[2])
    return {
        name: " ".join(text.split())
        for name, text in zip(parts[::2], parts[1::2], strict=True)
        if f"{name} BROKEN" in result.stdout
    }


@pytest.mark.parametrize(("path", "line", "broken", "named"), SPOILED)
def test_the_linter_sees_an_import_that_points_upwards(
    said: dict[str, str], path: str, line: str, broken: str, named: str
) -> None:
    assert named in said[broken]


def rooms_with_files() -> Iterator[str]:
    """Every room and sub-room that has one of the files whose order is fixed."""
    named = {"states", "rules", "models", "actions", "queries", "policies", "tasks"}
    for directory in sorted(path.parent for path in PACKAGE.rglob("__init__.py")):
        if any((directory / f"{name}.py").exists() for name in named):
            yield ".".join(directory.relative_to(PROJECT).parts)


def test_every_room_keeps_the_order_of_files() -> None:
    covered = set(contract("files")["containers"])
    exempt = {
        "maillage.conventions",
        "maillage.core",
    }  # one gathers its sub-rooms' models; the other is no domain
    missing = [
        room for room in rooms_with_files() if room not in covered | exempt and room.split(".")[1] not in TOP
    ]
    assert not missing, f"Add {missing} to the containers of the contract « files » in .importlinter."


def test_every_rule_and_state_is_kept_from_django() -> None:
    covered = set(contract("rules")["source_modules"]) | set(contract("pure")["source_modules"])
    found = {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for name in ("rules.py", "states.py")
        for path in PACKAGE.rglob(name)
        if path.relative_to(PACKAGE).parts[0] not in TOP
    }
    missing = sorted(found - covered)
    assert not missing, f"Add {missing} to the contract « rules » in .importlinter."


def test_the_pure_files_of_the_lifecycle_are_kept_from_django() -> None:
    covered = set(contract("rules")["source_modules"]) | set(contract("pure")["source_modules"])
    found = {path.stem for path in (PACKAGE / "conventions" / "lifecycle").glob("*.py")}
    missing = sorted(
        name
        for name in found - WITH_DJANGO - {"__init__"}
        if f"maillage.conventions.lifecycle.{name}" not in covered and not imports_django(name)
    )
    assert not missing, (
        f"Add maillage.conventions.lifecycle.{missing} to the contract « pure » in .importlinter."
    )


def imports_django(name: str) -> bool:
    """Whether a file of the lifecycle says openly that it works on rows."""
    path = PACKAGE / "conventions" / "lifecycle" / f"{name}.py"
    modules = [module.split(".") for module, _ in imported_by(path.read_text())]
    return any(parts[0] == "django" or WITH_DJANGO.intersection(parts) for parts in modules)


def imported_by(source: str) -> Iterator[tuple[str, int]]:
    """Modules that a source imports, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def http_in(source: str) -> list[int]:
    """Lines that bring HTTP into a domain."""
    return sorted(
        {line for module, line in imported_by(source) if module in HTTP or module.startswith(f"{HTTP[0]}.")}
    )


def test_domains_know_nothing_of_http() -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{line}"
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in TOP
        for line in http_in(path.read_text())
    ]
    assert not found, f"Requests and responses belong to maillage/web: move {found} there."


@pytest.mark.parametrize(
    "line",
    [
        "from django.http import HttpRequest",
        "from django import http",
        "import django.http",
        "def late():\n    from django.shortcuts import render",
    ],
)
def test_the_search_for_http_finds_it(line: str) -> None:
    assert http_in(line)
