"""Drafts and enrolments in PRADO of a whole organisation, opened because somebody asks what is held about her, whoever wrote them.

For whoever answers her request, who was checked before: nothing else reads a colleague's draft. What matches alone is told, and each
such reading is journalled.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from maillage.audit.actions import record
from maillage.organisations.member import Member
from maillage.referrals.content import Content, content_from_bytes
from maillage.referrals.drafts import draft_place
from maillage.referrals.enrolment_files import Mother, mothers_of
from maillage.referrals.enrolments import corrections_of, visible_to
from maillage.referrals.models import Draft, Enrolment, EnrolmentCorrection
from maillage.vault.actions import vault

MOST: Final = 5_000
"""Drafts opened for one search, and enrolments, the last saved first."""


@dataclass(frozen=True, slots=True)
class BegunDraft:
    """A draft, whose it is, and what it holds."""

    id: UUID
    author: UUID
    updated_at: datetime
    content: Content


@dataclass(frozen=True, slots=True)
class HeldEnrolment:
    """An enrolment, who opened it, what it holds, and what was noted before each correction."""

    row: Enrolment
    mother: Mother
    corrections: Sequence[EnrolmentCorrection] = ()

    @property
    def id(self) -> UUID:
        """Which one."""
        return self.row.pk

    @property
    def author(self) -> UUID:
        """Who opened it."""
        return self.row.opened_by

    @property
    def updated_at(self) -> datetime:
        """When it was last changed."""
        return self.row.changed_at


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


def enrolments_about(
    *, by: Member, is_hers: Callable[[HeldEnrolment], bool], why: str, ids: Collection[UUID] | None = None
) -> tuple[list[HeldEnrolment], int]:
    """Those of the organisation, or of these ids, that are hers, each reading journalled; and how many were opened to find them."""
    rows = visible_to(by).select_related("maternity").order_by("-opened_at", "id")
    found = list((rows if ids is None else rows.filter(pk__in=ids))[:MOST])
    mothers = zip(found, mothers_of(by.organisation, found), strict=True)
    enrolments = [HeldEnrolment(row, mother) for row, mother in mothers if mother is not None]
    hers = [one for one in enrolments if is_hers(one)]
    for one in hers:
        record(
            verb="prado.read", object_type="enrolment", object_ref=one.id, by=by.user, organisation=by.organisation,
            fields=("identity", "situation"), reason=why,
        )  # fmt: skip
    return [replace(one, corrections=corrections_of(one.row)) for one in hers], len(found)
