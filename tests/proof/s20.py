"""S20: what is installed is what is pinned, and no advisory speaks of it; each installed file is compared with its wheel's record.

A try is one installed distribution, one of its files, or one copied asset, compared with what is recorded of it; then each
distribution among the advisories. Without advisories the line is red: what was not audited is not promised.
"""

import base64
import hashlib
from importlib.metadata import distributions
from pathlib import Path

from tests.days import today
from tests.proof.recording import Tally
from tests.security.dependencies import (
    advisories,
    asset_faults,
    assets,
    faults,
    installed,
    known,
    pins,
    stale,
)


def test_what_is_installed_is_what_is_pinned_by_its_digest(tally: Tally) -> None:
    pinned, wrong = pins()
    here = installed()
    tally.tried = len(here) + len(assets())
    tally.controls = len(pinned)
    tally.violations += [*wrong, *faults(here, pinned), *asset_faults()]


def test_no_installed_file_was_changed_since(tally: Tally) -> None:
    """Files as their wheels list them: what was edited in place, or replaced, differs."""
    for distribution in distributions():
        for file in distribution.files or ():
            if file.hash is None or file.hash.mode != "sha256":
                continue
            path = Path(str(file.locate()))
            content = path.read_bytes() if path.is_file() else b""
            tally.tried += 1
            tally.controls += _recorded(content + b"x") != file.hash.value  # one byte more would be seen
            if _recorded(content) != file.hash.value:
                tally.violations.append(f"{distribution.metadata['Name']}: {file} is not as it was published")


def _recorded(content: bytes) -> str:
    """A digest as wheels write it."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def test_no_vulnerability_is_known(tally: Tally) -> None:
    said = advisories()
    here = installed()
    tally.tried, tally.controls = len(here), len(said)
    tally.violations += [*stale(said, today()), *known(here, said), *known(assets(), said, "npm")]
