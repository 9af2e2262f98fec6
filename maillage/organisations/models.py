"""Django finds here the models of the room and of its sub-rooms."""

from maillage.organisations.base import Attempt, Membership, Organisation, User
from maillage.organisations.people.models import Invitation, Training, Undertaking

__all__ = ["Attempt", "Invitation", "Membership", "Organisation", "Training", "Undertaking", "User"]
