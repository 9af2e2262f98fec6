"""Django finds here the models of the room and of its sub-rooms."""

from maillage.organisations.base import Attempt, Membership, Organisation, User
from maillage.organisations.cdr.models import CdrAccess, CdrConsultation
from maillage.organisations.directory.models import DirectoryImport, ImportPart, Mailbox, Offer
from maillage.organisations.people.models import Absence, Invitation, Training, Undertaking

__all__ = [
    "Absence",
    "Attempt",
    "CdrAccess",
    "CdrConsultation",
    "DirectoryImport",
    "ImportPart",
    "Invitation",
    "Mailbox",
    "Membership",
    "Offer",
    "Organisation",
    "Training",
    "Undertaking",
    "User",
]
