"""What is journalled about an authorisation: who did what to which one, and nothing of its words."""

from uuid import UUID

from maillage.audit.actions import record
from maillage.organisations.member import Member


def tell_journal(verb: str, transfer: UUID, by: Member) -> None:
    """One entry."""
    record(
        verb=f"transfer.{verb}",
        object_type="transfer_request",
        object_ref=transfer,
        by=by.user,
        organisation=by.organisation,
    )
