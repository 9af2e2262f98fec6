"""Django finds here the models of the room and of its sub-rooms."""

from maillage.organisations.base import Attempt, Membership, Organisation, User
from maillage.organisations.directory.models import DirectoryImport, ImportPart, Mailbox, Offer

__all__ = [
    "Attempt",
    "DirectoryImport",
    "ImportPart",
    "Mailbox",
    "Membership",
    "Offer",
    "Organisation",
    "User",
]
