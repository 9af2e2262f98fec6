"""docs/operations/, followed line by line on a bare server: its script, its parameters, its commands, in other processes."""

import os
import re
import secrets
import shlex
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from maillage.cli import account_open, organisation_open
from maillage.cli.main import main
from maillage.core.database.binaries import binaries
from maillage.core.database.configuration import SERVING, SILENT_LOG
from maillage.core.database.roles import ROLES
from maillage.core.database.server import SUPERUSER, Server
from maillage.core.database.settings import VARIABLES, embedded_layout, socket_url
from tests.embedded import environ_for, remove

PROJECT = Path(__file__).parents[2]
OPERATIONS = PROJECT / "docs" / "operations"
MAILLAGE = Path(sys.executable).with_name("maillage")


def block(page: str, holding: str) -> str:
    """The fenced block of a page that holds these words."""
    found: list[str] = [
        text
        for text in re.findall(r"```\w*\n(.*?)```", (OPERATIONS / page).read_text(), re.DOTALL)
        if holding in text
    ]
    assert len(found) == 1, f"{page}: {len(found)} blocks hold {holding!r}"
    return found[0]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that only initdb has prepared."""
    environ = environ_for(tmp_path_factory.mktemp("bare"))
    server = Server(embedded_layout(environ), SERVING, environ)
    server.acquire()
    yield server
    server.release()
    remove(server)


@pytest.fixture(scope="module")
def environment(bare: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the guide asks for, once its script has run in psql."""
    text = block("postgresql.md", "CREATE ROLE")
    text = re.sub(r"\\password (\w+)", r"ALTER ROLE \1 PASSWORD 'secret of \1';", text)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "DJANGO_", "MAILLAGE_"))
    }
    superuser = socket_url(SUPERUSER, bare.passwords().superuser, bare.place.socket, "postgres")
    psql = binaries(os.environ, bare.place) / "psql"
    command = [str(psql), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", superuser]
    done = subprocess.run(command, input=text, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    place = tmp_path_factory.mktemp("stores")
    (place / "keys").mkdir(mode=0o700)
    (place / "documents").mkdir(mode=0o700)
    (place / "anchors").mkdir(mode=0o700)
    short = {role.removeprefix("maillage_"): role for role in ROLES}
    addresses = {
        VARIABLES[name]: socket_url(role, f"secret of {role}", bare.place.socket, "maillage")
        for name, role in short.items()
        if name in {"app", "worker", "owner"}
    }
    return (
        kept
        | addresses
        | {
            "MAILLAGE_SECRET_KEY": secrets.token_urlsafe(64),
            "MAILLAGE_MASTER_KEY": b64encode(secrets.token_bytes(32)).decode(),
            "MAILLAGE_KEY_STORE": str(place / "keys"),
            "MAILLAGE_DOCUMENT_STORE": str(place / "documents"),
            "MAILLAGE_ANCHORS": str(place / "anchors"),
            "MAILLAGE_ANCHOR_KEY": str(place / "anchor_key"),
            "MAILLAGE_SEAL": str(place / "seal.pem"),
            "MAILLAGE_FROM": "rappels@maillage.example.org",
            "MAILLAGE_HOSTS": "maillage.example.org",
            "MAILLAGE_URL": "https://maillage.example.org",
            "MAILLAGE_VAR": str(place / "var"),
        }
    )


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)


def lines(page: str, holding: str) -> list[str]:
    """The commands of a block, as a shell would run them from the project."""
    text = block(page, holding)
    return [line for line in text.splitlines() if line.startswith(".venv/bin/maillage")]


@pytest.mark.django_db(databases=["default", "owner"])
def test_each_command_of_the_guide_does_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (migrate,) = lines("production.md", "migrate")
    _, manage, *words = shlex.split(migrate)
    assert manage == "manage"
    call_command(*words, "--check")  # these very words leave nothing to migrate
    for module in (organisation_open, account_open):
        monkeypatch.setattr(module, "connect_as_owner", lambda: None)
    for line in lines("production.md", "organisation open"):
        assert main(shlex.split(line)[1:]) == 0, line
    said = capsys.readouterr().out
    assert "avec ses clés" in said
    assert "Mot de passe, affiché cette seule fois : " in said


@pytest.mark.long
def test_a_newcomer_follows_the_guide_until_production_starts(environment: dict[str, str]) -> None:
    """Each command on a bare server, in a process of its own.

    In one process: test_each_command_of_the_guide_does_what_it_says, on roles as the guide's script makes them; then
    test_a_safe_production_starts.
    """
    said = ""
    for line in (*lines("production.md", "migrate"), *lines("production.md", "organisation open")):
        done = run(environment, "sh", "-c", line.replace(".venv/bin/maillage", str(MAILLAGE)))
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        assert "config.settings.prod" in done.stderr.splitlines()[0]
        said += done.stdout
    assert "avec ses clés" in said
    assert "Mot de passe, affiché cette seule fois : " in said
    assert run(environment, str(MAILLAGE), "audit", "verify").returncode == 0
    running = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}
    checked = run(running, str(MAILLAGE), "manage", "check", "--deploy", "--fail-level=WARNING")
    assert checked.returncode == 0, checked.stderr
    started = run(running, sys.executable, "-c", "import config.wsgi")
    assert started.returncode == 0, started.stderr
    worked = run(running, str(MAILLAGE), "manage", "run_worker", "--once")
    assert worked.returncode == 0, worked.stderr
    with psycopg.connect(environment["DATABASE_URL"]) as app:
        row = app.execute("SELECT count(*) FROM vault_publickey").fetchone()
    assert row == (1,)
    with psycopg.connect(environment["DATABASE_OWNER_URL"]) as owner:  # as if its store were not mounted
        owner.execute("INSERT INTO vault_usedstore (identity, single) VALUES (gen_random_uuid(), true)")
    for words in (
        (sys.executable, "-c", "import config.wsgi"),
        (str(MAILLAGE), "manage", "run_worker", "--once"),
    ):
        refused = run(running, *words)
        assert (refused.returncode == 0, "maillage.E035" in refused.stderr) == (False, True), refused.stderr


def test_the_parameters_of_the_guide_are_those_of_our_own_server() -> None:
    said = dict(
        line.split("#")[0].strip().split(" = ")
        for line in block("postgresql.md", "log_statement").splitlines()
    )
    durable = dict.fromkeys(("fsync", "full_page_writes", "synchronous_commit"), "on")
    assert said == SILENT_LOG | durable


def test_production_names_every_variable_that_the_settings_read() -> None:
    told = (PROJECT / "docs" / "security.md").read_text() + (OPERATIONS / "production.md").read_text()
    told = re.sub(r"`…(_\w+)`", r"MAILLAGE_EMAIL\1", told)
    read = set()
    for settings in ("base.py", "prod.py"):
        read |= set(re.findall(r'"(MAILLAGE_\w+)"', (PROJECT / "config" / "settings" / settings).read_text()))
    assert sorted(read - set(re.findall(r"MAILLAGE_\w+", told))) == [
        "MAILLAGE_DEBUG",
        "MAILLAGE_EMAIL_BACKEND",
        "MAILLAGE_VAR",
    ]
