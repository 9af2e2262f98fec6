"""The design's worked deadlines of rights, read where they stand (see `tests/rights/conftest.py`): on the clocks and on the command."""

import json
from datetime import date
from typing import Any

import pytest

from maillage.cli.main import main
from maillage.core.holidays import roll_forward
from tests.conventions.conftest import SHARED_VECTORS

RULES = {"C2S 31 j": ("c2s",), "AME 30 j": ("ame",), "AME urgente": ("ame", "--urgent")}
VECTORS: list[dict[str, Any]] = json.loads(SHARED_VECTORS.read_text("utf-8"))
PROMISED = [(words, one) for one in VECTORS for rule, words in RULES.items() if one["rule"].startswith(rule)]
LEGAL = [one for one in VECTORS if one["rule"].startswith("C2S légal")]


def asked(capsys: pytest.CaptureFixture[str], vector: dict[str, Any], *words: str) -> Any:
    where = ("--received", vector["start"], "--departement", vector["dept"], "--json")
    assert main(["clock", *words, *where]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_vector_of_rights_is_tried() -> None:
    assert (len(PROMISED), len(LEGAL)) == (13, 1)


@pytest.mark.parametrize(("words", "vector"), PROMISED, ids=lambda found: str(found)[:60])
def test_a_promise(
    words: tuple[str, ...], vector: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    found = asked(capsys, vector, *words)
    assert found["commitment"]["due"] == vector["due_strict"]
    rolled = roll_forward(date.fromisoformat(vector["due_strict"]), vector["dept"])
    assert rolled.isoformat() == vector["due_rolled"]


@pytest.mark.parametrize("vector", LEGAL, ids=lambda vector: vector["start"])
def test_the_law(vector: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, vector, "c2s")["legal"]
    assert (found["due"], found["silence"]) == (vector["due_rolled"], "acceptance")
