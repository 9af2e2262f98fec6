"""Django finds here the models of the room and of its sub-rooms."""

from maillage.organisations.base import Attempt, Membership, Organisation, User
from maillage.organisations.cdr.models import CdrAccess, CdrConsultation
from maillage.organisations.people.models import Absence, Invitation, Training, Undertaking

__all__ = [
    "Absence",
    "Attempt",
    "CdrAccess",
    "CdrConsultation",
    "Invitation",
    "Membership",
    "Organisation",
    "Training",
    "Undertaking",
    "User",
]
