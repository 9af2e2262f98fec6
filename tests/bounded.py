"""Code run in a process that has so many seconds of processor: what is quadratic never ends there, on any machine."""

import resource
import subprocess
import sys
from pathlib import Path


def peak(*, anew: bool = False) -> int:
    """Kilobytes that this process has held at most; `anew`: forget what it held until now.

    Not `ru_maxrss`: a process inherits that of whoever started it, and one that begins with the most there was never grows.
    """
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def run_within(seconds: int, code: str) -> str:
    """What the code printed; fails when it needed more processor time, or raised."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr or "the limit of processor time was reached"
    return done.stdout
