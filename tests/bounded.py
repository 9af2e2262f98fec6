"""Code run in a process that has so many seconds of processor: what is quadratic never ends there, on any machine."""

import resource
import subprocess
import sys


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
