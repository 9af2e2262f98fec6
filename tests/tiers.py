"""Which cases of a test are for `make test`, and which for `make long` (ADR 22). Continuous integration passes all."""

from collections.abc import Iterable
from typing import Any

import pytest


def at_length(*values: Any) -> Any:
    """A case that repeats at length what the others of its test prove."""
    return pytest.param(*values, marks=pytest.mark.long)


def spread(cases: Iterable[Any], one_in: int) -> list[Any]:
    """Cases of one kind: the first and one in so many after it for `make test`, the others at length."""
    return [
        case if not number % one_in else at_length(*(case if isinstance(case, tuple) else (case,)))
        for number, case in enumerate(cases)
    ]
