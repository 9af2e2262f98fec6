"""Django finds here the models of the sub-rooms."""

from maillage.steering.committees.models import Decision, Meeting, Minutes, Pack, Remark, Validation
from maillage.steering.local_actions.models import LocalAction

__all__ = ["Decision", "LocalAction", "Meeting", "Minutes", "Pack", "Remark", "Validation"]
