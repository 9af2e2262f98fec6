"""S20: what is installed is what is pinned by its digest; and an advisory about it is seen. Nothing here needs a network."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.security.dependencies import (
    VENDOR,
    NoSource,
    Pin,
    advisories,
    asset_faults,
    assets,
    faults,
    installed,
    known,
    pins,
    stale,
)

pytestmark = pytest.mark.security


def test_everything_is_pinned_by_its_digest() -> None:
    found, wrong = pins()
    assert len(found) > 50
    assert not wrong


def test_what_is_installed_is_what_is_pinned() -> None:
    assert not list(faults(installed(), pins()[0]))


def test_what_was_copied_is_what_was_published() -> None:
    assert assets()
    assert not list(asset_faults())


# Each detector is able to fail.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("django>=5\n", "is no pin"),
        ("django==5.2.1\n", "has no digest"),
        ("--index-url https://ailleurs.example.org\n", "is no pin"),
        ("https://ailleurs.example.org/django.whl\n", "is no pin"),
        ("-e git+https://ailleurs.example.org/x\n", "is no pin"),
        (f"django==5.2.1 \\\n    --hash=md5:{'0' * 64}\n", "is no pin"),
    ],
)
def test_a_loose_pin_is_seen(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "base.txt").write_text(text)
    assert any(said in fault for fault in pins(tmp_path)[1])


def test_an_installation_that_differs_is_seen() -> None:
    pinned = {
        "django": [Pin("5.2.1")],
        "gone": [Pin("1.0")],
        "elsewhere": [Pin("1.0", "sys_platform == 'win32'")],
        "by version": [Pin("1.0", "python_version < '3'"), Pin("2.0", "python_version >= '3'")],
        "twice": [Pin("1.0"), Pin("2.0", "python_version >= '3'")],
    }
    here = {"django": "5.2.2", "brought": "1.0", "maillage": "1", "by version": "1.0", "twice": "1.0"}
    assert list(faults(here, pinned)) == [
        "brought 1.0 is installed, nothing is pinned",
        "by version 1.0 is installed, ['2.0'] is pinned",
        "django 5.2.2 is installed, ['5.2.1'] is pinned",
        "gone is pinned and not installed",
        "twice is pinned in several versions",
    ]


def test_an_asset_that_was_changed_is_seen(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text((VENDOR / "README.md").read_text())
    (tmp_path / "bootstrap-5.3.9").mkdir()
    (tmp_path / "bootstrap-5.3.9" / "bootstrap.min.css").write_text("changed")
    found = list(asset_faults(tmp_path))
    assert "bootstrap-5.3.9/bootstrap.min.css is not what its README says" in found
    assert "bootstrap-5.3.9 has no licence" in found
    assert any("is told and absent" in fault for fault in found)


def advisory(**affected: Any) -> dict[str, Any]:
    return {"id": "X-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "Some_Thing"}, **affected}]}


def events(*pairs: dict[str, str]) -> dict[str, Any]:
    return {"ranges": [{"type": "ECOSYSTEM", "events": list(pairs)}]}


@pytest.mark.parametrize(
    ("version", "affected", "is_known"),
    [
        ("1.5", {"versions": ["1.4", "1.5"]}, True),
        ("1.6", {"versions": ["1.4", "1.5"]}, False),
        ("1.5", events({"introduced": "0"}, {"fixed": "1.6"}), True),
        ("1.6", events({"introduced": "0"}, {"fixed": "1.6"}), False),
        ("1.10", events({"introduced": "1.9"}), True),
        ("1.8", events({"introduced": "1.9"}), False),
        ("2.1", events({"introduced": "1"}, {"fixed": "2"}, {"introduced": "2.1"}, {"last_affected": "2.1"}), True),
        ("2.0", events({"introduced": "1"}, {"fixed": "2"}, {"introduced": "2.1"}, {"last_affected": "2.1"}), False),
        ("2.2", events({"introduced": "2.1"}, {"last_affected": "2.1"}), False),
        ("1", events({"introduced": "what is this"}), True),
    ],
)  # fmt: skip
def test_an_advisory_is_read(version: str, affected: dict[str, Any], is_known: bool) -> None:
    assert list(known({"some-thing": version}, [advisory(**affected)])) == (
        [f"some-thing {version}: X-1"] if is_known else []
    )
    assert not list(known({"some-thing": version}, [advisory(**affected) | {"withdrawn": "2026-01-01"}]))
    assert not list(known({"other": version}, [advisory(**affected)]))


def test_advisories_come_from_an_archive_or_a_folder_or_are_missing_aloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILLAGE_ADVISORIES", raising=False)
    with pytest.raises(NoSource, match="not audited"):
        advisories()
    with pytest.raises(NoSource):
        advisories(str(tmp_path / "absent.zip"))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("X-1.json", json.dumps(advisory()))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "X-2.json").write_text(json.dumps(advisory()))
    assert len(advisories(f"{tmp_path / 'all.zip'}:{tmp_path / 'folder'}")) == 2


def test_advisories_of_one_registry_or_of_long_ago_are_no_audit() -> None:
    python = advisory() | {"modified": "2026-06-30T10:00:00Z"}
    script = {
        "modified": "2026-01-02T10:00:00Z",
        "affected": [{"package": {"ecosystem": "npm", "name": "x"}}],
    }
    assert list(stale([python, script | {"modified": "2026-06-02T00:00:00Z"}], date(2026, 7, 3))) == []
    assert list(stale([python, script], date(2026, 7, 3))) == [
        "not audited: the newest advisory of npm is of 2026-01-02"
    ]
    assert list(stale([python], date(2026, 8, 3))) == [
        "not audited: the newest advisory of PyPI is of 2026-06-30",
        "not audited: the newest advisory of npm is of never",
    ]
