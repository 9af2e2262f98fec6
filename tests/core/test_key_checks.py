"""The master key by a file, and a former one beside it: each fault alone stops production."""

import secrets
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, run_checks

from config.settings.given import given_secret
from maillage.core import key_checks as checks

pytestmark = [pytest.mark.security, pytest.mark.django_db(databases="__all__")]
FILE, FORMER = "MAILLAGE_MASTER_KEY_FILE", "MAILLAGE_MASTER_KEY_FORMER"


def new() -> str:
    return b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key well given by a file, without a fault."""
    for name in checks.NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    path = tmp_path / "secrets" / "master"
    path.parent.mkdir()
    path.write_text(new())
    path.chmod(0o400)
    monkeypatch.setenv(FILE, str(path))
    settings.MASTER_KEY, settings.MASTER_KEY_FORMER = path.read_text(), ""
    settings.KEY_STORE, settings.DOCUMENT_STORE = tmp_path / "keys", tmp_path / "documents"
    return path


def found() -> list[str]:
    """The faults of the master key that a start would name."""
    messages = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return [message.id for message in messages if message.id and "E030" <= message.id[-4:] <= "E039"]


def test_a_key_well_given_by_a_file_has_no_fault(file: Path) -> None:
    assert found() == []


def test_a_key_given_twice_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_MASTER_KEY", new())
    assert found() == ["maillage.E030"]


def test_a_file_that_is_not_there_is_refused(file: Path) -> None:
    file.unlink()
    assert found() == ["maillage.E031"]


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644])
def test_a_file_that_others_may_read_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert found() == ["maillage.E032"]


@pytest.mark.parametrize("store", ["KEY_STORE", "DOCUMENT_STORE"])
def test_a_file_kept_with_what_it_protects_is_refused(file: Path, settings: Any, store: str) -> None:
    setattr(settings, store, file.parent.parent)
    assert found() == ["maillage.E033"]


@pytest.mark.parametrize("former", ["", "not base64", b64encode(b"sixteen bytes...").decode(), "the same"])
def test_a_former_key_that_opens_nothing_is_refused(
    file: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, former: str
) -> None:
    monkeypatch.setenv(FORMER, former or " ")
    settings.MASTER_KEY_FORMER = settings.MASTER_KEY if former == "the same" else former
    assert found() == ["maillage.E034"]
    settings.MASTER_KEY_FORMER = new()
    assert found() == []


def test_a_secret_comes_from_its_variable_or_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("  by the file\n")
    assert given_secret("NAME", {}) == ""
    assert given_secret("NAME", {"NAME": "by the variable "}) == "by the variable"
    assert given_secret("NAME", {"NAME_FILE": str(path)}) == "by the file"
    assert given_secret("NAME", {"NAME": "by the variable", "NAME_FILE": str(path)}) == "by the variable"
    assert given_secret("NAME", {"NAME_FILE": str(tmp_path / "absent")}) == ""
    path.write_bytes(b"\xff\xfe")
    assert given_secret("NAME", {"NAME_FILE": str(path)}) == ""
