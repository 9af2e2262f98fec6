"""The worker finds here the jobs of the sub-rooms."""

from maillage.conventions.lifecycle.tasks import sweep_conventions

__all__ = ["sweep_conventions"]
