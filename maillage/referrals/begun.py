"""Drafts of a whole organisation, opened because somebody asks what is held about her, whoever wrote them.

For whoever answers her request, who was checked before: nothing else reads a colleague's draft. What matches alone is told, and each
such reading is journalled.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from maillage.audit.actions import record
from maillage.organisations.member import Member
from maillage.referrals.content import Content, content_from_bytes
from maillage.referrals.drafts import draft_place
from maillage.referrals.models import Draft
from maillage.vault.actions import vault

MOST: Final = 5_000
"""Drafts opened for one search, the last saved first."""


@dataclass(frozen=True, slots=True)
class BegunDraft:
    """A draft, whose it is, and what it holds."""

    id: UUID
    author: UUID
    updated_at: datetime
    content: Content


def drafts_about(
    *, by: Member, is_hers: Callable[[BegunDraft], bool], why: str, ids: Collection[UUID] | None = None
) -> tuple[list[BegunDraft], int]:
    """Those of the organisation, or of these ids, that are hers, each reading journalled; and how many were opened to find them."""
    rows = Draft.objects.filter(organisation=by.organisation).order_by("-updated_at", "id")
    found = list((rows if ids is None else rows.filter(pk__in=ids))[:MOST])
    opened = vault().open_many_for_self([(bytes(row.sealed), draft_place(row.pk)) for row in found])
    drafts = [
        BegunDraft(row.pk, row.author, row.updated_at, content_from_bytes(held))
        for row, held in zip(found, opened, strict=True)
        if held is not None
    ]
    hers = [one for one in drafts if is_hers(one)]
    for one in hers:
        record(
            verb="read", object_type="referral_draft", object_ref=one.id, by=by.user, organisation=by.organisation,
            fields=("identity", "narrative", "situation"), reason=why,
        )  # fmt: skip
    return hers, len(found)
