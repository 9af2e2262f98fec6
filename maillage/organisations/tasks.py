"""The worker finds here the jobs of the sub-rooms."""

from maillage.organisations.directory.tasks import work_on_imports

__all__ = ["work_on_imports"]
