"""Browsers of the parties of a convention with axes."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from maillage.core.clock import now
from tests.conventions.kept import kept
from tests.days import PARIS
from tests.steering.people import signed_with_axes
from tests.web.conventions.writing.conftest import as_

__all__ = ["as_", "kept"]


@pytest.fixture(scope="module")
def convention(kept: Path) -> UUID:
    """Signed half a year ago."""
    return signed_with_axes(now().astimezone(PARIS) - timedelta(days=180))
