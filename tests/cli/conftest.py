"""The supervisor's tests share the embedded servers of tests/core/database."""

from tests.core.database.conftest import seed

__all__ = ["seed"]
