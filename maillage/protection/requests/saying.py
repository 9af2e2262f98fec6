"""What is journalled about a request: who did what to which one, and nothing of who asks."""

from uuid import UUID

from maillage.audit.actions import record
from maillage.organisations.member import Member


def tell_journal(verb: str, request: UUID, by: Member, *, fields: tuple[str, ...] = ()) -> None:
    """One entry."""
    record(
        verb=f"request.{verb}",
        object_type="rights_request",
        object_ref=request,
        by=by.user,
        organisation=by.organisation,
        fields=fields,
    )
