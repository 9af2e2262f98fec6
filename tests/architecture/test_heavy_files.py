"""No package, archive or heavy file slips into the history, where it would stay for good."""

import subprocess
from pathlib import Path

from tests.architecture.layers import PROJECT

HEAVIEST = 512 * 1024
"""Bytes. The largest file that is kept is the list of the communes, compressed (under 480 KiB)."""
PACKAGES = frozenset({".deb", ".rpm", ".whl", ".apk", ".dump", ".sqlite3", ".tar", ".zip"})


def too_heavy(names: list[str], root: Path) -> list[str]:
    """Which of these files, named from the root, are packages or over the bound."""
    found = []
    for name in names:
        path = root / name
        if path.suffix in PACKAGES:
            found.append(f"{name}: a package or an archive")
        elif path.is_file() and path.stat().st_size > HEAVIEST:
            found.append(f"{name}: {path.stat().st_size} bytes, {HEAVIEST} allowed")
    return found


def test_nothing_heavy_is_kept() -> None:
    listed = subprocess.run(
        ["git", "-C", str(PROJECT), "ls-files", "-z"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert not (found := too_heavy([name for name in listed.split("\0") if name], PROJECT)), "\n".join(found)


def test_a_package_and_a_heavy_file_are_seen(tmp_path: Path) -> None:
    (tmp_path / "browser.deb").write_bytes(b"small")
    (tmp_path / "dump.bin").write_bytes(bytes(HEAVIEST + 1))
    (tmp_path / "page.html").write_bytes(bytes(HEAVIEST))
    found = too_heavy(["browser.deb", "dump.bin", "page.html", "gone.txt"], tmp_path)
    assert [line.split(":")[0] for line in found] == ["browser.deb", "dump.bin"]
