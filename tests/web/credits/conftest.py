"""Browsers of the parties of a convention with axes."""

from tests.conventions.kept import kept
from tests.web.sheets.conftest import as_, convention

__all__ = ["as_", "convention", "kept"]
