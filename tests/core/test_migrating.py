"""What `migrate` draws step by step is what Django would draw at once."""

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState, StateApps

from maillage.core.management.commands.migrate import quick_states


def said(apps: StateApps) -> dict[str, str]:
    """By model, all that a migration may ask of it: fields, what leads to it, constraints, indexes."""
    return {
        model._meta.label: repr(
            [
                [(field.name, field.deconstruct()) for field in model._meta.local_fields],
                sorted((one.name, one.related_model._meta.label) for one in model._meta.related_objects),
                [one.deconstruct() for one in model._meta.constraints],
                [one.deconstruct() for one in model._meta.indexes],
            ]
        )
        for model in apps.get_models(include_auto_created=True)
    }


def test_the_models_of_migrations_are_those_that_django_draws() -> None:
    graph = MigrationLoader(None).graph
    plan = dict.fromkeys(node for leaf in graph.leaf_nodes() for node in graph.forwards_plan(leaf))
    state = ProjectState()
    assert said(state.apps) == {}  # drawn from here on
    with quick_states():
        for node in plan:
            graph.nodes[node].mutate_state(state, preserve=False)
    drawn = said(state.apps)
    assert len(drawn) > 100
    assert drawn == said(ProjectState(state.models).apps)
