"""The scripts behind make, on machines that lack something: each machine is a PATH of stand-ins."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SYSTEM = ("sh", "dirname", "mkdir", "touch", "cat", "chmod")
SHELL_ALONE = "chromium-headless-shell"
# It knows the packages that are named in KNOWN.
APT_GET = """#!/bin/sh
echo "$@" >>"$MACHINE/asked"
for package; do
    case "$package" in chromium*)
        case " ${KNOWN:-chromium} " in *" $package "*) ;; *) exit 100 ;; esac
        printf '#!/bin/sh\\n' >"$MACHINE/$package"
        chmod +x "$MACHINE/$package" ;;
    esac
done
"""
APT_CACHE = """#!/bin/sh
case " ${KNOWN:-chromium} " in *" $2 "*) ;; *) exit 100 ;; esac
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


@pytest.mark.parametrize("name", [SHELL_ALONE, "chromium", "chromium-browser", "google-chrome"])
def test_an_installed_chromium_is_found_under_each_of_its_names(machine: Path, name: str) -> None:
    installed = install(machine, name, "#!/bin/sh\n")
    assert run(machine, PROJECT / "scripts" / "chromium").stdout == f"{installed}\n"


def test_a_chromium_that_is_named_comes_first(machine: Path, tmp_path: Path) -> None:
    install(machine, "chromium", "#!/bin/sh\n")
    named = install(tmp_path, "mine", "#!/bin/sh\n")
    answer = run(machine, PROJECT / "scripts" / "chromium", MAILLAGE_CHROMIUM=os.fspath(named))
    assert answer.stdout == f"{named}\n"


@pytest.fixture
def debian(machine: Path) -> Path:
    """The same machine, with apt, for root."""
    install(machine, "id", "#!/bin/sh\necho 0\n")
    install(machine, "apt-get", APT_GET)
    install(machine, "apt-cache", APT_CACHE)
    return machine


@pytest.mark.parametrize(
    ("known", "installed", "asked"),
    [
        ("chromium", "chromium", ["update", "install", "install"]),
        (f"chromium {SHELL_ALONE}", SHELL_ALONE, ["update", "install"]),
    ],
)
def test_root_installs_a_chromium_through_apt(
    debian: Path, known: str, installed: str, asked: list[str]
) -> None:
    answer = run(debian, PROJECT / "scripts" / "chromium", KNOWN=known)
    assert answer.stdout == f"{debian / installed}\n"
    assert [line.split()[0] for line in (debian / "asked").read_text().splitlines()] == asked


def test_root_installs_the_shell_alone_beside_a_whole_chromium_that_stays_as_it_is(debian: Path) -> None:
    whole = install(debian, "chromium", "#!/bin/sh\n")
    assert run(debian, PROJECT / "scripts" / "chromium").stdout == f"{whole}\n"
    assert not (debian / "asked").exists(), "apt's lists do not know it: nothing is fetched"
    answer = run(debian, PROJECT / "scripts" / "chromium", KNOWN=SHELL_ALONE)
    assert answer.stdout == f"{debian / SHELL_ALONE}\n"
    (asked,) = (debian / "asked").read_text().splitlines()
    assert asked.startswith("install ")
    assert {"--no-upgrade", "--no-remove"} <= set(asked.split())


def test_a_shell_alone_that_cannot_be_installed_leaves_the_whole_chromium(debian: Path) -> None:
    whole = install(debian, "chromium", "#!/bin/sh\n")
    install(debian, "apt-get", "#!/bin/sh\nexit 100\n")
    answer = run(debian, PROJECT / "scripts" / "chromium", KNOWN=SHELL_ALONE)
    assert (answer.returncode, answer.stdout) == (0, f"{whole}\n")


def test_a_chromium_that_is_named_is_enough_on_a_debian(debian: Path, tmp_path: Path) -> None:
    named = install(tmp_path, "mine", "#!/bin/sh\n")
    answer = run(
        debian, PROJECT / "scripts" / "chromium", MAILLAGE_CHROMIUM=os.fspath(named), KNOWN=SHELL_ALONE
    )
    assert answer.stdout == f"{named}\n"
    assert not (debian / "asked").exists()


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
