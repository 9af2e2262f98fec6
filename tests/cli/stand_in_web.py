"""The web application of the stand-ins: nothing but who answers, and nothing to load."""

import os
import signal
from collections.abc import Callable, Iterable
from typing import Any

from maillage.cli.children import die_with_parent
from maillage.cli.gate import Gate


def application() -> Callable[..., Iterable[bytes]]:
    """Tied to granian as the real one is."""
    die_with_parent(signal.SIGKILL, os.getppid())
    Gate.wait(os.environ)

    def answer(environ: dict[str, Any], start: Callable[..., None]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [str(os.getpid()).encode()]

    return answer
