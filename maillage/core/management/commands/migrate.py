"""Django's `migrate`, in a quarter of its time.

After each operation Django draws anew every model that leads to the one that it changed: nearly all, since all lead to an organisation.
A constraint or an index changes nothing of other models, and a new model nothing of those that it names: here they are not drawn again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.state import ModelState, ProjectState, StateApps

_DJANGOS: dict[str, Callable[..., None]] = {
    name: getattr(ProjectState, name)
    for name in ("add_model", "add_constraint", "remove_constraint", "add_index", "remove_index")
}


@contextmanager
def _undrawn(state: ProjectState) -> Iterator[StateApps | None]:
    """Until the block ends nothing is drawn, and so nothing is drawn again; what was drawn before, if anything."""
    drawn: StateApps | None = vars(state).pop("apps", None)
    yield drawn
    if drawn is not None:
        vars(state)["apps"] = drawn


def _add_model(state: ProjectState, model: ModelState) -> None:
    with _undrawn(state) as drawn:
        _DJANGOS["add_model"](state, model)
    if drawn is not None:
        drawn.render_multiple([model])


def _with_options(name: str) -> Callable[..., None]:
    """The method of this name, which changes the constraints or the indexes of a model and nothing else."""

    def change(state: ProjectState, app_label: str, model_name: str, *what: Any) -> None:
        with _undrawn(state) as drawn:
            _DJANGOS[name](state, app_label, model_name, *what)
        if drawn is not None:
            options = state.models[app_label, model_name].options
            meta = drawn.get_model(app_label, model_name)._meta
            meta.constraints, meta.indexes = list(options["constraints"]), list(options["indexes"])

    return change


_QUICK = {"add_model": _add_model} | {name: _with_options(name) for name in _DJANGOS if name != "add_model"}


@contextmanager
def quick_states() -> Iterator[None]:
    """Until the block ends, the states of migrations are drawn so."""
    _replace(_QUICK)
    try:
        yield
    finally:
        _replace(_DJANGOS)


def _replace(methods: dict[str, Callable[..., None]]) -> None:
    for name, method in methods.items():
        setattr(ProjectState, name, method)


class Command(migrate.Command):
    """Django's own, but for the drawing."""

    def handle(self, *args: Any, **options: Any) -> None:
        with quick_states():
            super().handle(*args, **options)
