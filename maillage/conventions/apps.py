"""Conventions."""

from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    """The convention is the configuration."""

    name = "maillage.conventions"
    label = "conventions"

    def ready(self) -> None:
        """Have notices about a convention reach its referents too."""
        from maillage.conventions.lifecycle.notifications import reach_also  # noqa: PLC0415 - once models are loaded
        from maillage.conventions.referents.duty import on_duty_of  # noqa: PLC0415

        reach_also(on_duty_of)
