"""The pages of the states are what the tables of transitions say."""

from dataclasses import replace
from enum import StrEnum

import pytest

from maillage.cli import docs_states
from maillage.cli.docs_states import DIRECTORY, Machine, machines, page
from maillage.core.states import transition


@pytest.mark.parametrize("machine", machines(), ids=lambda machine: machine.name)
def test_each_page_says_what_its_table_says(machine: Machine) -> None:
    written = (DIRECTORY / f"{machine.name}.md").read_text(encoding="utf-8")
    assert written == page(machine), "run: python -m maillage.cli.docs_states"


def test_no_page_is_left_from_a_life_cycle_that_is_gone() -> None:
    pages = {path.stem for path in DIRECTORY.glob("*.md")} - {"README"}
    assert pages == {machine.name for machine in machines()}


def test_a_new_arrow_changes_the_page() -> None:
    machine = machines()[-1]
    states: list[StrEnum] = list(machine.states)
    more = replace(
        machine,
        transitions=(*machine.transitions, transition("reopen", [states[-1]], states[0], "personne")),
    )
    assert page(more) != page(machine)
    assert f"{states[-1].value} --> {states[0].value}: reopen" in page(more)


def test_writing_the_pages_gives_the_pages(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs_states, "DIRECTORY", tmp_path)
    assert docs_states.main([]) == 0
    for machine in machines():
        assert (docs_states.DIRECTORY / f"{machine.name}.md").read_text(encoding="utf-8") == page(machine)
