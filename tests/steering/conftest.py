"""What the tests of steering start from, made once for a module."""

from pathlib import Path
from uuid import UUID

import pytest

from tests.conventions.kept import kept, signed_s3
from tests.conventions.people import SIGNED
from tests.steering.people import signed_with_axes

__all__ = ["kept", "signed_s3"]


@pytest.fixture(scope="module")
def convention(kept: Path) -> UUID:
    """Signed on 14/11/2024, with axes."""
    return signed_with_axes(SIGNED)
