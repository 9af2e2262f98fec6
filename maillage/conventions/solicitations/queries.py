"""Solicitations as a member reads them: lists hold no word of a case; opening one of a case is journalled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from maillage.audit.actions import record
from maillage.cases.following import with_reason
from maillage.cases.models import Participation
from maillage.cases.queries import reading
from maillage.cases.queries import visible_to as participations_of
from maillage.conventions.solicitations.actions import sealed_place
from maillage.conventions.solicitations.models import Solicitation
from maillage.conventions.solicitations.rules import WayCount, counted_by_way
from maillage.core import crypto
from maillage.organisations.member import Member


class NotFollowed(Exception):
    """The solicitation is about a case that the member may not open."""


@dataclass(frozen=True, slots=True)
class Words:
    """A question and its answer, in clear; None for what is not there, or was destroyed."""

    question: str | None
    answer: str | None


def visible_to(member: Member) -> QuerySet[Solicitation]:
    """What the member's organisation asked or was asked; row security says the same, and follows the case."""
    sides = Q(caller=member.organisation) | Q(called=member.organisation)
    return Solicitation.objects.filter(sides).select_related("convention", "caller", "called")


def to_answer(member: Member) -> QuerySet[Solicitation]:
    """What awaits an answer of the member's organisation, the most pressing first."""
    return (
        visible_to(member)
        .filter(called=member.organisation, answered_at=None, withdrawn_at=None)
        .order_by("due_on", "id")
    )


def asked_open(member: Member) -> QuerySet[Solicitation]:
    """What the member's organisation asked and that has no answer yet."""
    return (
        visible_to(member)
        .filter(caller=member.organisation, answered_at=None, withdrawn_at=None)
        .order_by("due_on", "id")
    )


def answered(member: Member) -> QuerySet[Solicitation]:
    """Those that have an answer, the newest first."""
    return visible_to(member).filter(answered_at__isnull=False).order_by("-answered_at", "id")


def withdrawn(member: Member) -> QuerySet[Solicitation]:
    """Those that whoever asked took back, the newest first."""
    return visible_to(member).filter(withdrawn_at__isnull=False).order_by("-withdrawn_at", "id")


def about(member: Member, case: UUID) -> QuerySet[Solicitation]:
    """Those about one case, the newest first."""
    return visible_to(member).filter(case_id=case).order_by("-asked_at", "id")


def words_of(member: Member, row: Solicitation) -> Words:
    """What was asked and answered. Of a case: only for whoever may open it, and journalled. Raises NotFollowed."""
    if row.case_id is None:
        return Words(row.question, row.answer or None)
    parts = list(with_reason(member, participations_of(member).filter(case_id=row.case_id)))
    if not parts or not parts[0].opened_as:
        raise NotFollowed
    record(
        verb="referent_read", object_type="solicitation", object_ref=row.pk, by=member.user,
        organisation=member.organisation, fields=("question", "answer"), reason=str(row.case_id),
    )  # fmt: skip
    return reading(parts, lambda keys: _opened(keys, parts[0], row.pk))


def words_for_her(member: Member, part: Participation, *, why: str) -> list[tuple[Solicitation, Words]]:
    """What was asked and answered of one case, the oldest first, opened because the person asks what is kept of her: the caller sees to
    it that the member's role allows it. Each reading is journalled with why."""
    rows = list(about(member, part.case_id).order_by("asked_at", "id"))
    for row in rows:
        record(
            verb="referent_read", object_type="solicitation", object_ref=row.pk, by=member.user,
            organisation=member.organisation, fields=("question", "answer"), reason=why,
        )  # fmt: skip
    if not rows:
        return []
    return reading([part], lambda keys: [(row, _opened(keys, part, row.pk)) for row in rows])


def _opened(keys: dict[UUID, bytes], part: Participation, solicitation: UUID) -> Words:
    key = keys.get(part.case_id)
    if key is None:
        return Words(None, None)
    row = Solicitation.objects.get(pk=solicitation)

    def clear(sealed: bytes | memoryview | None, column: str) -> str | None:
        return (
            None
            if sealed is None
            else crypto.decrypt(key, bytes(sealed), at=sealed_place(row.pk, column)).decode()
        )

    return Words(clear(row.sealed_question, "sealed_question"), clear(row.sealed_answer, "sealed_answer"))


def counts(
    member: Member, *, since: datetime, until: datetime, conventions: Iterable[UUID] | None = None
) -> tuple[WayCount, ...]:
    """How often each way was used between two instants, `until` left out, and how soon it was answered; for indicators.

    A question that was taken back was not one.
    """
    rows = visible_to(member).filter(asked_at__gte=since, asked_at__lt=until, withdrawn_at=None)
    if conventions is not None:
        rows = rows.filter(convention__in=list(conventions))
    return counted_by_way(
        list(rows.annotate(taken=F("answered_at") - F("asked_at")).values_list("way", "taken"))
    )
