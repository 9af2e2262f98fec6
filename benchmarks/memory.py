"""Proportional memory of the web and worker processes of the demonstration, PostgreSQL aside, before the first PDF."""

import http.cookiejar
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

from benchmarks.measure import Line
from maillage.demo.cast import PASSWORD

PORT = 8765
PAGES = ("/", "/conventions/", "/orientations/", "/conventions/calendrier/")


def _proportional(pid: int) -> int:
    """KiB of a process, shared pages divided among those who share them; 0 once it has gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found.group(1)) if found else 0


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    direct = [int(child) for child in listed.read_text().split()] if listed.exists() else []
    return direct + [grandchild for child in direct for grandchild in _children(child)]


def _browse(root: str) -> None:
    """Sign in and open the pages of every day."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(jar)
    page = opener.open(f"{root}/connexion/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    fields = {
        "login": "conseil@cpam.example.org",  # her role opens every page below
        "password": PASSWORD,
        "csrfmiddlewaretoken": token.group(1),
    }
    opener.open(f"{root}/connexion/", urllib.parse.urlencode(fields).encode()).read()
    for _ in range(5):
        for path in PAGES:
            opener.open(f"{root}{path}").read()


def _names(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")


def lines() -> list[Line]:
    """The demonstration, started as `make run` does, in a directory of its own."""
    with tempfile.TemporaryDirectory() as directory:
        environ = {**os.environ, "MAILLAGE_VAR": directory}
        environ.pop("DJANGO_SETTINGS_MODULE", None)
        command = [sys.executable, "-m", "maillage.cli.serve", "--port", str(PORT)]
        run = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        for line in run.stdout:
            if line.startswith("Prêt"):
                break
        try:
            _browse(f"http://127.0.0.1:{PORT}")
            time.sleep(2)
            ours = [pid for pid in _children(run.pid) if "postgres" not in _names(pid)]
            total = sum(_proportional(pid) for pid in ours) / 1024
        finally:
            run.terminate()
            run.communicate()
    return [Line("mémoire du web et des tâches, Mio", total, 400.0, "below", f"{len(ours)} processus")]
