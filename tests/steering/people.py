"""A convention whose text has the axes of S1, signed by three parties."""

from datetime import datetime, timedelta
from uuid import UUID

from maillage.conventions import library
from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.terms import Terms
from maillage.core.identifiers import uuid7
from tests.conventions.people import (
    CARSAT,
    CCAS,
    CPAM,
    S3,
    SIGNERS,
    STRANGER,
    WORKER,
    body,
    member,
    ready_text,
    seen,
    sign_as,
)

__all__ = ["CARSAT", "CCAS", "CPAM", "STRANGER", "WORKER", "member", "seen", "signed_with_axes", "with_axes"]


def with_axes(text: Terms) -> Terms:
    """The text with the axes and the fifteen sheets of S1, whose details it does not give."""
    return text.model_copy(update={"axes": library.load("cnsa_2016_2019").axes})


def signed_with_axes(at: datetime) -> UUID:
    """Signed by all on the day of `at`, drafted ten days before."""
    drafted_at = at - timedelta(days=10)
    text = with_axes(ready_text(S3))
    new = uuid7()
    with member(CPAM, drafted_at) as drafter:
        row = drafting.start_from_terms(new_id=new, terms=text, by=drafter, at=drafted_at)
        for party in text.parties:
            drafting.choose_body(
                convention=row, key=party.key, organisation=body(party.key).id, by=drafter, at=drafted_at
            )
        propose(convention=row, by=drafter, at=drafted_at)
    for party in text.parties:
        sign_as(new, SIGNERS[party.key], at)
    return new
