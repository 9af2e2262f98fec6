"""A convention of a CCAS in force for long; browsers of its parties' people."""

from tests.conventions.kept import kept
from tests.web.committees.conftest import as_, s3

__all__ = ["as_", "kept", "s3"]  # fixtures
