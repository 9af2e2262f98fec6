"""The supervisor's tests share the embedded servers of tests/core/database."""

from tests.core.database.conftest import project

__all__ = ["project"]
