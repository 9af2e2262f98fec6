"""Child processes that never outlive whoever started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

STOP_SECONDS = 10.0
PAUSE_SECONDS = 0.05
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(how: signal.Signals, parent: int) -> None:
    """Ask the kernel to send `how` to this process when `parent` dies, even of SIGKILL, which nobody catches.

    Without it a killed supervisor would leave a web server on its port, and the next start would find the
    port taken. A fork loses the request, so each generation makes its own. Linux only; elsewhere a no-op.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:  # it died between the fork and the request
        os.kill(os.getpid(), how)


def tied(how: signal.Signals) -> Callable[[], None]:
    """What a child of this process runs between fork and exec to die with it."""
    parent = os.getpid()
    return lambda: die_with_parent(how, parent)


class Child:
    """One program of the platform, in its own process group so that nothing it started is left behind."""

    def __init__(
        self, name: str, command: Sequence[str], environ: Mapping[str, str], inherited: Sequence[int] = ()
    ) -> None:
        """Start `command`; it inherits the file descriptors `inherited` and no other."""
        self.name = name
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            env=dict(environ),
            pass_fds=inherited,
            start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops its children in order
            preexec_fn=tied(signal.SIGTERM),  # noqa: PLW1509 -- the supervisor has no thread
        )

    def code(self) -> int | None:
        """The exit code; None while it runs."""
        return self._process.poll()

    def stop(self, patience: float = STOP_SECONDS) -> None:
        """Ask the program to end, wait `patience` seconds, then end it and all that it started."""
        if self.code() is None:
            self._process.terminate()
            deadline = time.monotonic() + patience
            while self.code() is None and time.monotonic() < deadline:
                time.sleep(PAUSE_SECONDS)
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            self._process.wait()
