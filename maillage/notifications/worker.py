"""Jobs: the tasks of every room are found by name; they carry ids only."""

from procrastinate import App


def on_app_ready(app: App) -> None:
    """Import the tasks of the rooms that have some."""
    app.perform_import_paths()
