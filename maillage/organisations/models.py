"""Django finds here the models of the room and of its sub-rooms."""

from maillage.organisations.base import Attempt, Membership, Organisation, User

__all__ = ["Attempt", "Membership", "Organisation", "User"]
