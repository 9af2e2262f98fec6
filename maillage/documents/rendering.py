"""PDF from plain data, by a compiler in a process of its own: nothing of it stays in the memory of a server.

Templates are ours (`typst/*.typ`); data reach them as JSON text and are never compiled. The child has no environment, a
bounded time and no right to write a file; its root is the folder of the templates.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from maillage.documents.plain_text import printable_data

Template = Literal["convention", "letter", "report", "sheet"]
TEMPLATES: Final = Path(__file__).resolve().parent / "typst"
_COMPILER: Final = Path(__file__).resolve().parent / "typesetter.py"
_LARGEST_DATA: Final = 4_000_000
_SECONDS: Final = 30


class RenderingFailed(Exception):
    """The document could not be drawn; the message never holds the data."""


def render_pdf(template: Template, data: Mapping[str, Any]) -> bytes:
    """A tagged PDF (PDF/UA-1, in French), drawn from plain data: mappings, lists, texts, whole numbers, booleans.

    Texts are texts, whatever they hold. Raises RenderingFailed when the data are over 4 MB once written as JSON, or after
    30 seconds; ValueError for what is no plain data.
    """
    request = json.dumps(printable_data(data), ensure_ascii=False).encode()
    if len(request) > _LARGEST_DATA:
        raise RenderingFailed(f"{template}: {len(request)} bytes of data, more than {_LARGEST_DATA}")
    # -I: nothing of the environment nor of the current folder reaches the child.
    command = [sys.executable, "-I", str(_COMPILER), str(TEMPLATES / f"{template}.typ"), str(TEMPLATES)]
    try:
        done = subprocess.run(
            command, input=request, capture_output=True, timeout=_SECONDS, env={}, cwd=TEMPLATES, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RenderingFailed(f"{template}: over {_SECONDS} seconds") from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise RenderingFailed(f"{template}: the compiler stopped with code {done.returncode}")
    return done.stdout
