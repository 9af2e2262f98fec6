"""The scripts behind make, on machines that lack something: each machine is a PATH of stand-ins."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SYSTEM = ("sh", "dirname", "mkdir", "touch", "cat", "chmod")
APT_GET = """#!/bin/sh
echo "$@" >>"$MACHINE/asked"
[ "$1" = update ] || { printf '#!/bin/sh\\n' >"$MACHINE/chromium"; chmod +x "$MACHINE/chromium"; }
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with a shell and an ordinary user, and nothing else."""
    directory = tmp_path / "machine"
    directory.mkdir()
    for name in SYSTEM:
        found = shutil.which(name)
        assert found is not None
        (directory / name).symlink_to(found)
    install(directory, "id", "#!/bin/sh\necho 1000\n")
    return directory


def install(machine: Path, name: str, text: str) -> Path:
    path = machine / name
    path.write_text(text)
    path.chmod(0o755)
    return path


def run(machine: Path, script: Path, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [script, *arguments],
        env={"PATH": os.fspath(machine), "MACHINE": os.fspath(machine), "HOME": os.fspath(machine)} | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_the_scripts(directory: Path) -> Path:
    """The scripts in a project of their own, where they may install what they like."""
    shutil.copytree(PROJECT / "scripts", directory / "scripts")
    return directory / "scripts"


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_an_installed_chromium_is_found_under_each_of_its_names(machine: Path, name: str) -> None:
    installed = install(machine, name, "#!/bin/sh\n")
    assert run(machine, PROJECT / "scripts" / "chromium").stdout == f"{installed}\n"


def test_a_chromium_that_is_named_comes_first(machine: Path, tmp_path: Path) -> None:
    install(machine, "chromium", "#!/bin/sh\n")
    named = install(tmp_path, "mine", "#!/bin/sh\n")
    answer = run(machine, PROJECT / "scripts" / "chromium", MAILLAGE_CHROMIUM=os.fspath(named))
    assert answer.stdout == f"{named}\n"


def test_root_installs_a_chromium_through_apt(machine: Path) -> None:
    install(machine, "id", "#!/bin/sh\necho 0\n")
    install(machine, "apt-get", APT_GET)
    assert run(machine, PROJECT / "scripts" / "chromium").stdout == f"{machine / 'chromium'}\n"
    asked = (machine / "asked").read_text().splitlines()
    assert [line.split()[0] for line in asked] == ["update", "install"]


def test_an_ordinary_user_installs_nothing(machine: Path) -> None:
    install(machine, "apt-get", APT_GET)
    answer = run(machine, PROJECT / "scripts" / "chromium")
    assert (answer.returncode, answer.stdout) == (0, "")
    assert not (machine / "asked").exists()


def test_without_chromium_the_tests_run_but_for_the_browser_and_say_so(machine: Path, tmp_path: Path) -> None:
    scripts = copy_of_the_scripts(tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    install(tmp_path / ".venv" / "bin", "python", '#!/bin/sh\necho "$@"\n')
    answer = run(machine, scripts / "test", "not long", "-q")
    assert answer.returncode == 0
    assert answer.stdout.endswith("-m (not long) and not browser -q\n")
    assert answer.stderr.count("*** NO CHROMIUM") == 2


def test_without_chromium_continuous_integration_fails(machine: Path, tmp_path: Path) -> None:
    answer = run(machine, copy_of_the_scripts(tmp_path) / "test", "long", CI="true")
    assert answer.returncode == 1
    assert "FAILURE WHEN CI=true" in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize(
    "python", ["", "#!/bin/sh\nexit 1\n"], ids=["without any Python", "with one that is too old"]
)
def test_setup_names_the_python_that_it_needs(machine: Path, tmp_path: Path, python: str) -> None:
    if python:
        install(machine, "python3", python)
    answer = run(machine, copy_of_the_scripts(tmp_path) / "setup")
    assert answer.returncode == 1
    assert "Python 3.11 or newer was not found" in answer.stderr


def test_setup_says_when_the_venv_module_is_missing(machine: Path, tmp_path: Path) -> None:
    install(machine, "python3", '#!/bin/sh\n[ "$1" != -m ]\n')
    answer = run(machine, copy_of_the_scripts(tmp_path) / "setup")
    assert answer.returncode == 1
    assert "python3-venv" in answer.stderr


def test_make_help_lists_every_target() -> None:
    # Under `make test` the outer make's flags would make this one say where it works.
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    listed = subprocess.run(
        ["make", "help"], cwd=PROJECT, env=alone, capture_output=True, text=True, check=True
    ).stdout
    makefile = (PROJECT / "Makefile").read_text()
    phony = next(line for line in makefile.splitlines() if line.startswith(".PHONY:")).split()[1:]
    assert [line.split()[1] for line in listed.splitlines()] == phony


def test_a_tier_is_passed_to_what_runs_the_tests(machine: Path, tmp_path: Path) -> None:
    scripts = copy_of_the_scripts(tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    install(tmp_path / ".venv" / "bin", "python", '#!/bin/sh\necho "$@"\n')
    install(machine, "chromium", "#!/bin/sh\n")
    assert "-m long tests/cli" in run(machine, scripts / "test", "long", "tests/cli").stdout


def test_continuous_integration_calls_the_commands_of_everybody() -> None:
    lines = (PROJECT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make ")] == ["make check", "make test", "make long"]
    assert "set -euo pipefail" in lines
