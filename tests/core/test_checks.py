"""Production refuses to start when something is unsafe: one fault at a time, then the whole start in another process."""

import json
import os
import secrets
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, registry, run_checks
from django.db import connections

from config.settings.given import given_number
from maillage.core import checks
from maillage.core.database.embedded import ensure_running
from maillage.core.database.server import Server
from maillage.core.database.settings import embedded_urls
from maillage.core.database.testing import TestCluster
from tests.embedded import environ_for, laid, remove

pytestmark = pytest.mark.security
PROJECT = Path(__file__).resolve().parents[2]
Check = Callable[[], list[Any]]


@pytest.fixture
def safe(settings: Any, tmp_path: Path) -> Any:
    """Settings without a fault; each test then spoils one."""
    settings.DEBUG = False
    settings.SECRET_KEY = secrets.token_urlsafe(64)
    settings.ALLOWED_HOSTS = ["maillage.example.org"]
    settings.MASTER_KEY = b64encode(secrets.token_bytes(32)).decode()
    settings.SITE_URL = "https://maillage.example.org"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 3600
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.VAR = tmp_path / "var"
    settings.KEY_STORE = tmp_path / "keys"
    settings.KEY_STORE.mkdir(mode=0o700)
    settings.DOCUMENT_STORE = tmp_path / "documents"
    settings.DOCUMENT_STORE.mkdir(mode=0o700)
    settings.ANCHORS = tmp_path / "anchors"
    settings.ANCHORS.mkdir(mode=0o700)
    settings.ANCHOR_KEY = tmp_path / "anchor_key"
    settings.SEAL = tmp_path / "seal.pem"
    settings.JOURNAL_RETENTION_DAYS = 365
    settings.DEFAULT_FROM_EMAIL = "rappels@maillage.example.org"
    settings.SECOND_FACTOR_REQUIRED, settings.FRESH_SECONDS = True, 300
    settings.TRAINING_VALID_MONTHS = None
    return settings


FAULTS: list[tuple[Check, str, object]] = [
    (checks.debug_is_off, "DEBUG", True),
    (checks.secret_key_is_secret, "SECRET_KEY", ""),
    (checks.secret_key_is_secret, "SECRET_KEY", "short"),
    (checks.secret_key_is_secret, "SECRET_KEY", "a" * 80),
    (checks.secret_key_is_secret, "SECRET_KEY", "django-insecure-" + "abcdefgh" * 8),
    (checks.secret_key_is_secret, "SECRET_KEY", next(iter(checks.PUBLIC_SECRETS))),
    (checks.hosts_are_named, "ALLOWED_HOSTS", ["maillage.example.org", "*"]),
    (checks.hosts_are_named, "ALLOWED_HOSTS", [""]),
    (checks.master_key_is_usable, "MASTER_KEY", ""),
    (checks.master_key_is_usable, "MASTER_KEY", "not base64 at all"),
    (checks.master_key_is_usable, "MASTER_KEY", b64encode(b"sixteen bytes...").decode()),
    (checks.master_key_is_not_the_demonstrations, "MASTER_KEY", next(iter(checks.PUBLIC_MASTER_KEYS))),
    (checks.cookies_are_closed, "SESSION_COOKIE_SECURE", False),
    (checks.cookies_are_closed, "CSRF_COOKIE_SECURE", False),
    (checks.cookies_are_closed, "SESSION_COOKIE_HTTPONLY", False),
    (checks.cookies_are_closed, "SESSION_COOKIE_SAMESITE", None),
    (checks.https_is_required, "SECURE_SSL_REDIRECT", False),
    (checks.https_is_required, "SECURE_HSTS_SECONDS", 0),
    (checks.https_is_required, "SITE_URL", "http://maillage.example.org"),
    (checks.documents_have_their_place, "DOCUMENT_STORE", Path()),
    (checks.documents_have_their_place, "DOCUMENT_STORE", Path("var/documents")),
    (checks.documents_have_their_place, "DOCUMENT_STORE", Path("/nowhere/documents")),
    (checks.anchors_are_kept_apart, "ANCHORS", Path()),
    (checks.anchors_are_kept_apart, "ANCHORS", Path("var/anchors")),
    (checks.anchors_are_kept_apart, "ANCHORS", Path("/nowhere/anchors")),
    (checks.anchors_are_kept_apart, "ANCHOR_KEY", Path()),
    (checks.anchors_are_kept_apart, "JOURNAL_RETENTION_DAYS", 179),
    (checks.reminders_have_a_sender, "DEFAULT_FROM_EMAIL", ""),
    (checks.reminders_have_a_sender, "DEFAULT_FROM_EMAIL", "rappels@"),
    (checks.second_factor_is_required, "SECOND_FACTOR_REQUIRED", False),
    (checks.sessions_end, "SESSION_IDLE_SECONDS", 7201),
    (checks.sessions_end, "SESSION_ABSOLUTE_SECONDS", 86400),
    (checks.sessions_end, "FRESH_SECONDS", 3600),
    (checks.trainings_last_some_months, "TRAINING_VALID_MONTHS", 0),
    (checks.trainings_last_some_months, "TRAINING_VALID_MONTHS", -1),
    (checks.trainings_last_some_months, "TRAINING_VALID_MONTHS", 121),
    (checks.provider_is_whole, "OIDC_CLIENT_ID", "maillage"),
    (checks.provider_is_whole, "OIDC_ISSUER", "https://connexion.example.org"),
    (checks.emails_leave, "EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"),
    (checks.emails_leave, "EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"),
]


@pytest.mark.parametrize(("check", "name", "value"), FAULTS)
def test_a_fault_of_the_settings_is_named(safe: Any, check: Check, name: str, value: object) -> None:
    assert check() == []
    setattr(safe, name, value)
    assert len(check()) == 1


@pytest.mark.parametrize(
    ("given", "is_refused"),
    [
        (None, False), ("", False), ("1", False), (" 36 ", False), ("120", False), ("0", True), ("-36", True), ("121", True),
        ("36.5", True), ("1e2", True), ("3_6", True), ("٣٦", True), ("trois ans", True), ("9" * 30, True),
    ],
)  # fmt: skip
def test_trainings_last_from_one_month_to_ten_years(safe: Any, given: str | None, is_refused: bool) -> None:
    environ = {} if given is None else {"MONTHS": given}
    safe.TRAINING_VALID_MONTHS = given_number("MONTHS", environ)
    assert bool(checks.trainings_last_some_months()) is is_refused


def test_a_provider_over_http_is_refused(safe: Any) -> None:
    safe.OIDC_ISSUER, safe.OIDC_CLIENT_ID, safe.OIDC_CLIENT_SECRET = "https://x.example.org", "id", "secret"
    assert checks.provider_is_whole() == []
    safe.OIDC_ISSUER = "http://x.example.org"
    assert len(checks.provider_is_whole()) == 1


@pytest.mark.parametrize(
    ("check", "setting", "name"),
    [
        (checks.secret_key_is_secret, "SECRET_KEY", "secret_key"),
        (checks.master_key_is_not_the_demonstrations, "MASTER_KEY", "master_key"),
    ],
)
def test_a_key_kept_by_a_demonstration_is_refused(safe: Any, check: Check, setting: str, name: str) -> None:
    kept = safe.VAR / "secrets" / name
    kept.parent.mkdir(parents=True)
    kept.write_text(getattr(safe, setting))
    assert len(check()) == 1


def test_keys_inside_the_database_s_directory_are_refused(safe: Any, tmp_path: Path) -> None:
    assert checks.key_store_is_outside_the_database() == []
    (tmp_path / "PG_VERSION").write_text("18\n")
    assert len(checks.key_store_is_outside_the_database()) == 1


@pytest.mark.parametrize("mode", [0o755, 0o710, 0o701])
def test_keys_that_others_may_list_are_refused(safe: Any, mode: int) -> None:
    assert checks.key_store_is_closed() == []
    safe.KEY_STORE.chmod(mode)
    assert len(checks.key_store_is_closed()) == 1


@pytest.mark.parametrize("mode", [0o755, 0o710, 0o701])
def test_documents_that_others_may_list_are_refused(safe: Any, mode: int) -> None:
    assert checks.documents_have_their_place() == []
    safe.DOCUMENT_STORE.chmod(mode)
    assert len(checks.documents_have_their_place()) == 1


def test_anchors_inside_the_database_s_directory_are_refused(safe: Any, tmp_path: Path) -> None:
    assert checks.anchors_are_kept_apart() == []
    (tmp_path / "PG_VERSION").write_text("18\n")
    assert len(checks.anchors_are_kept_apart()) == 1


def test_a_signing_key_that_others_read_or_that_lies_with_the_anchors_is_refused(safe: Any) -> None:
    safe.ANCHOR_KEY.write_text("key")
    safe.ANCHOR_KEY.chmod(0o600)
    assert checks.anchors_are_kept_apart() == []
    safe.ANCHOR_KEY.chmod(0o644)
    assert len(checks.anchors_are_kept_apart()) == 1
    safe.ANCHOR_KEY = safe.ANCHORS / "key"
    assert len(checks.anchors_are_kept_apart()) == 1


def test_a_process_that_knows_the_owner_s_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(checks.owner_stays_away()) == 1  # the tests know it
    monkeypatch.setattr(checks, "_aliases", lambda: ("default", "worker"))
    assert checks.owner_stays_away() == []


def test_a_missing_key_store_is_refused(safe: Any) -> None:
    safe.KEY_STORE.rmdir()
    assert len(checks.key_store_is_closed()) == 1


@pytest.mark.django_db(databases=["default", "worker", "statistics"])
def test_the_roles_of_the_application_pass(safe: Any) -> None:
    assert checks.roles_obey_row_security() == []


ROLE_FAULTS = {
    "a superuser": "CREATE ROLE {role} SUPERUSER LOGIN PASSWORD 'x'",
    "one that row security does not bind": "CREATE ROLE {role} BYPASSRLS LOGIN PASSWORD 'x'",
    "one that makes roles": "CREATE ROLE {role} CREATEROLE LOGIN PASSWORD 'x'",
    "one that may become the owner": "CREATE ROLE {role} LOGIN PASSWORD 'x' IN ROLE maillage_owner",
}


@pytest.mark.parametrize("fault", ROLE_FAULTS)
def test_a_role_with_too_much_right_is_refused(
    safe: Any, fresh_database: Any, cluster: TestCluster, fault: str
) -> None:
    role = f"too_strong_{os.getpid()}"
    with cluster.server.connect() as superuser:
        superuser.execute(ROLE_FAULTS[fault].format(role=role).encode())
        try:
            superuser.execute(f'GRANT CONNECT ON DATABASE "{_database()}" TO {role}'.encode())
            _connect_as(role, "x")
            assert len(checks.roles_obey_row_security()) == 1
        finally:
            connections["default"].close()
            superuser.execute(f'REVOKE ALL ON DATABASE "{_database()}" FROM {role}'.encode())
            superuser.execute(f"DROP ROLE {role}".encode())


def test_the_owner_s_own_role_is_refused(safe: Any, fresh_database: Any) -> None:
    owner = connections["owner"].settings_dict
    _connect_as(owner["USER"], owner["PASSWORD"])
    found = checks.roles_obey_row_security()
    assert len(found) == 1
    assert "possède des tables" in found[0].msg


@pytest.mark.django_db
def test_a_server_that_may_lose_what_it_confirmed_is_refused(safe: Any) -> None:
    """The server of the tests is such a one."""
    assert len(checks.commits_reach_the_disk()) == 1
    assert len(checks.pages_are_whole()) == 1


@pytest.mark.django_db
def test_a_log_that_repeats_what_is_typed_is_refused(safe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.server_log_is_silent() == []
    shown = checks._shown
    for name in checks.SILENT_LOG:
        monkeypatch.setattr(checks, "_shown", lambda one, loud=name: "error" if one == loud else shown(one))
        (found,) = checks.server_log_is_silent()
        assert found.msg.endswith(f": {name}."), found.msg


def test_every_check_of_ours_runs_at_the_start_and_is_tested_here() -> None:
    ours = {
        str(getattr(check, "__name__", ""))
        for check in registry.registry.deployment_checks
        if check.__module__ == checks.__name__ and Tags.security in check.tags
    }
    text = Path(__file__).read_text()
    assert len(ours) == 21
    untested = sorted(name for name in ours if f"checks.{name}" not in text)
    assert not untested, f"Add a fault for {untested} to {Path(__file__).name}."


def test_other_settings_than_production_s_start_anyway(safe: Any) -> None:
    safe.DEBUG = True
    checks.refuse_unsafe_start()


def _database() -> str:
    return str(connections["default"].settings_dict["NAME"])


def _connect_as(role: str, password: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict.update({"USER": role, "PASSWORD": password})


@pytest.fixture(scope="module")
def production(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a safe production process, on a durable server of its own."""
    place = laid(project, tmp_path_factory.mktemp("production"))
    running = ensure_running(environ_for(place))
    assert isinstance(running, Server)
    (place / "keys").mkdir(mode=0o700)
    (place / "documents").mkdir(mode=0o700)
    (place / "anchors").mkdir(mode=0o700)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "MAILLAGE_", "DJANGO_"))
    }
    yield kept | {
        "DATABASE_URL": embedded_urls(running.place, "maillage").app,
        "MAILLAGE_SECRET_KEY": secrets.token_urlsafe(64),
        "MAILLAGE_MASTER_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "MAILLAGE_HOSTS": "maillage.example.org",
        "MAILLAGE_URL": "https://maillage.example.org",
        "MAILLAGE_KEY_STORE": str(place / "keys"),
        "MAILLAGE_DOCUMENT_STORE": str(place / "documents"),
        "MAILLAGE_ANCHORS": str(place / "anchors"),
        "MAILLAGE_ANCHOR_KEY": str(place / "anchor_key"),
        "MAILLAGE_SEAL": str(place / "seal.pem"),
        "MAILLAGE_FROM": "rappels@maillage.example.org",
        "MAILLAGE_VAR": str(place),
        "OWNER_URL_FOR_THE_TEST": embedded_urls(running.place, "maillage").owner,
    }
    running.release()
    remove(running)


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Import the WSGI application as the web server does."""
    return subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_safe_production_starts(production: dict[str, str]) -> None:
    result = start(production)
    assert result.returncode == 0, result.stderr


def test_an_unsafe_production_does_not_start(production: dict[str, str]) -> None:
    result = start(production | {"MAILLAGE_HOSTS": "*", "MAILLAGE_MASTER_KEY": ""})
    assert result.returncode != 0
    assert "Maillage ne démarre pas en production" in result.stderr
    assert "maillage.E007" in result.stderr


UNSAFE = {
    "maillage.E001": {"MAILLAGE_DEBUG": "1"},
    "maillage.E002": {"MAILLAGE_SECRET_KEY": ""},
    "maillage.E007": {"MAILLAGE_HOSTS": "*", "MAILLAGE_MASTER_KEY": ""},
    "maillage.E014": {"DATABASE_OWNER_URL": "OWNER"},
    "maillage.E021": {"MAILLAGE_TRAINING_VALID_MONTHS": "trois ans"},
    "maillage.E036": {"MAILLAGE_SESSION_IDLE": "une heure"},
    "maillage.E016": {"MAILLAGE_DOCUMENT_STORE": ""},
    "maillage.E040": {"MAILLAGE_ANCHORS": ""},
    "maillage.E017": {"MAILLAGE_FROM": ""},
    "maillage.E018": {"MAILLAGE_SECOND_FACTOR": "0"},
    "maillage.E004": {"DATABASE_URL": "OWNER"},
}


def test_each_unsafe_environment_is_refused_for_what_it_is(production: dict[str, str]) -> None:
    """One process that reads each environment again, as a start does; the one above proves that a refusal stops a start."""
    owner = production["OWNER_URL_FOR_THE_TEST"]
    changes = [
        {name: owner if value == "OWNER" else value for name, value in change.items()}
        for change in ({}, *UNSAFE.values(), {})
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.starts", json.dumps(changes)],
        env=production,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, *refused, last = json.loads(done.stdout)
    assert (first, last) == ("", "")  # safe before, and again after: each environment is read for itself
    for identifier, said in zip(UNSAFE, refused, strict=True):
        assert said.startswith("Maillage ne démarre pas en production"), identifier
        assert identifier in said


def test_checks_are_part_of_the_deployment_checks() -> None:
    """`maillage manage check --deploy` shows them too."""
    names = {message.id for message in run_checks(tags=[Tags.models]) if message.id}
    assert not any(name.startswith("maillage.E") for name in names)
