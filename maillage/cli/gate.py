"""Where a program that loads its code early waits for the others."""

import os
from collections.abc import Mapping


class Gate:
    """A pipe: who waits at its end goes on when this process opens it or dies."""

    VARIABLE = "MAILLAGE_GATE"

    def __init__(self) -> None:
        self.end, self._held = os.pipe()
        self.opened = False

    def open(self) -> None:
        """Let everybody through, now and later."""
        os.close(self._held)
        self.opened = True

    @classmethod
    def wait(cls, environ: Mapping[str, str]) -> None:
        """Wait at the gate named by the environment, if any."""
        if cls.VARIABLE in environ:
            os.read(int(environ[cls.VARIABLE]), 1)
