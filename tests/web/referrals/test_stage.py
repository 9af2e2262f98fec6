"""Which steps of a draft are drawn as done."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from maillage.referrals.content import Content
from maillage.referrals.routing.router import Question
from maillage.web.referrals.stage import PREVIEW, Stage
from tests.days import today

SERVICE = uuid4()
ROUTE: Any = SimpleNamespace(authorisation=SERVICE)


def state_of_precisions(current: str, content: Content, *routes: Any, asks: bool = True) -> str:
    """How the step is drawn where the conventions still ask something."""
    conventions: Any = SimpleNamespace(
        on=today(),
        proposals=lambda _content: [],
        sendable=lambda _proposals: list(routes),
        questions=lambda _content: (
            [Question("precarious", "Est-elle en situation de précarité ?")] if asks else []
        ),
        words=dict,
    )
    links = Stage(content, conventions, uuid4()).links(current)
    return next(one.state for one in links if one.label == "Précisions")


@pytest.mark.parametrize(
    ("current", "content", "routes", "state"),
    [
        ("situation", Content(), (), "todo"),
        ("precisions", Content(), (), "current"),
        ("service", Content(), (ROUTE,), "done"),
        ("situation", Content(authorisation=SERVICE), (ROUTE,), "done"),
        (PREVIEW, Content(authorisation=SERVICE), (ROUTE,), "done"),
        (PREVIEW, Content(authorisation=SERVICE), (), "todo"),
    ],
    ids=[
        "not reached",
        "at it",
        "passed",
        "not needed by the service",
        "left blank",
        "needed by the service",
    ],
)
def test_a_precision_that_nothing_needs_may_stay_blank(
    current: str, content: Content, routes: tuple[Any, ...], state: str
) -> None:
    assert state_of_precisions(current, content, *routes) == state
