"""The models of the text are built when they first serve, or before anybody asks."""

import subprocess
import sys

SAYS = """
from maillage.conventions.terms import Terms
from maillage.conventions.terms.base import Frozen, build_models

def all_of(base):
    for model in base.__subclasses__():
        yield model
        yield from all_of(model)

def built():
    return [model.__name__ for model in all_of(Frozen) if model.__pydantic_complete__]

before = built()
build_models()
print(len(list(all_of(Frozen))), len(before), len(built()), 'Terms' in before)
"""


def test_nothing_is_built_at_the_start_and_everything_when_it_is_asked_for() -> None:
    """In a process of its own: here they were built before the first test."""
    said = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True).stdout
    models, before, after, terms = said.split()
    assert int(models) == int(after) > 50
    assert int(before) < 5
    assert terms == "False"
