"""Which settings a command runs under: those named, else production's as soon as a server is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from maillage.cli import audit_verify, manage
from maillage.cli.chosen_settings import DEMONSTRATION, PRODUCTION, VARIABLE, choose_settings

PROJECT = Path(__file__).parents[2]
SERVER = {"DATABASE_URL": "postgresql://maillage_app:secret@db.example.org/maillage"}


@pytest.mark.parametrize(
    ("environ", "chosen", "said"),
    [
        ({}, DEMONSTRATION, "DATABASE_URL n’est pas défini"),
        (SERVER, PRODUCTION, "DATABASE_URL nomme un serveur"),
        ({VARIABLE: "config.settings.test"}, "config.settings.test", ""),
        (SERVER | {VARIABLE: DEMONSTRATION}, DEMONSTRATION, ""),
    ],
)
def test_a_named_server_means_production_and_what_is_chosen_is_said(
    environ: dict[str, str], chosen: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = dict(environ)
    assert choose_settings(environ) == chosen == environ[VARIABLE]
    out, err = capsys.readouterr()
    assert out == ""
    assert (said in err and chosen in err) if said else err == ""
    assert "secret" not in err


@pytest.mark.parametrize("command", [("manage", "diffsettings"), ("audit", "verify")])
def test_a_command_on_a_server_runs_under_production_s_settings(command: tuple[str, ...]) -> None:
    result = _run(*command)
    assert PRODUCTION in result.stderr.splitlines()[0]
    assert (result.returncode == 0) is (command[0] == "manage"), result.stderr


def test_settings_named_on_the_line_are_followed_in_silence() -> None:
    result = _run("manage", "diffsettings", f"--settings={DEMONSTRATION}")
    assert "réglages" not in result.stderr
    assert f"SETTINGS_MODULE = '{DEMONSTRATION}'" in result.stdout


def test_no_command_names_settings_by_itself() -> None:
    for module in (manage, audit_verify):
        assert "config.settings" not in Path(str(module.__file__)).read_text()


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "DJANGO_", "MAILLAGE_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "maillage.cli.main", *words],
        env=kept | SERVER,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
