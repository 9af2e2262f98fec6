"""Referrals as a member reads them. Each question starts from her organisation's participations; reading is journalled."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from maillage.audit.actions import record
from maillage.beneficiaries.correcting import with_corrections
from maillage.beneficiaries.models import Information
from maillage.beneficiaries.queries import identities, information_of, mandate_of
from maillage.beneficiaries.rules import Identity
from maillage.beneficiaries.stopping import with_stopped
from maillage.cases.following import with_reason
from maillage.cases.freezing import restrained
from maillage.cases.models import Authorisation, Lineage, Participation
from maillage.cases.queries import reading, with_kin
from maillage.cases.queries import visible_to as participations_visible_to
from maillage.cases.rules import REASONS, Reason
from maillage.core import crypto
from maillage.exchange.queries import Thread, thread_from, written_about
from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.member import Member
from maillage.referrals.acted_on import acted_on
from maillage.referrals.actions import narrative_place, situation_place
from maillage.referrals.heeding.late import delay_under
from maillage.referrals.history import History, history_of, with_history
from maillage.referrals.leaving import Kept, kept_from_bytes
from maillage.referrals.models import CaseQuestion, ContactAttempt, Referral
from maillage.referrals.own_file import OwnFile, own_file_of, with_own_file
from maillage.referrals.states import ENDS, WORKED, State
from maillage.referrals.withheld import as_sent, with_what_hangs


@dataclass(frozen=True, slots=True)
class File:
    """All that a member may read of one referral. `may_forward`: its convention lets her organisation send something on;
    `may_apply`: one of its conventions lets it apply for rights.
    """

    participation: Participation
    referral: Referral
    identity: Identity | None
    narrative: str
    information: Information | None
    opened_as: Reason
    history: History
    kept: Kept
    own: OwnFile
    may_forward: bool
    may_apply: bool = False
    thread: Thread = field(default_factory=Thread)
    mandate: str = ""

    @property
    def renunciations(self) -> tuple[tuple[str, str], ...]:
        """The care renounced, each with its reason."""
        return tuple((row.care, row.reason) for row in self.history.renunciations)


class NotFollowed(Exception):
    """The member's organisation takes part in the case; she neither follows it nor gave a reason for consulting it today."""

    def __init__(self, participation: Participation, referral: Referral) -> None:
        super().__init__("Vous ne suivez pas ce dossier.")
        self.participation = participation
        self.referral = referral


@dataclass(frozen=True, slots=True)
class ReferralCounts:
    """Counts of one organisation's own referrals under a convention.

    `sent`: all but those entered by error; `acknowledged`: those whose reception was acknowledged, whatever followed;
    `contacted`: person reached, and nothing ended yet; `closed`: closed with their outcomes.
    """

    sent: int
    acknowledged: int
    contacted: int
    closed: int


def visible_to(member: Member) -> QuerySet[Participation]:
    """The member's referrals, as her organisation's participations in cases of that kind."""
    return participations_visible_to(member).filter(kind="referral")


def file_of(member: Member, case: UUID, *, messages_before: UUID | None = None) -> File:
    """One referral, opened, with its last messages or those before one; the reading is journalled with its reason.

    Raises Participation.DoesNotExist for whoever takes no part in it, NotFollowed for a colleague who may not open it.
    """
    rows = visible_to(member).select_related(
        "case__sender", "case__caisse", "case__authorisation", "case__consent"
    )
    part = _with_ways(
        with_corrections(with_stopped(with_kin(with_reason(member, rows)), member)), member
    ).get(case_id=case)
    if not part.opened_as:
        _journal("read", case, (), member, reason="sans ouvrir l’identité")
        raise NotFollowed(part, _referral_with(part))
    file = _opened(part, member, messages_before)
    own = ("own_file",) if file.own.assessment or file.own.plan else ()
    _journal(
        "read", case, ("identity", "narrative", "situation", *own), member, reason=REASONS[file.opened_as]
    )
    return file


def file_for_her(member: Member, case: UUID, *, messages_before: UUID | None = None, why: str) -> File:
    """One referral, opened because the person asks what is kept of her: the caller sees to it that her role allows it.

    Without following it nor consulting it; the reading is journalled with why. Raises Participation.DoesNotExist.
    """
    rows = visible_to(member).select_related(
        "case__sender", "case__caisse", "case__authorisation", "case__consent"
    )
    part = _with_ways(with_kin(rows), member).get(case_id=case)
    part.opened_as = Reason.CONSULTED
    file = _opened(part, member, messages_before)
    _journal("read", case, ("identity", "narrative", "situation", "own_file"), member, reason=why)
    return file


def _opened(part: Any, member: Member, messages_before: UUID | None) -> File:
    """All of one referral, read with the key of its case."""
    case = part.case_id

    def read(keys: dict[UUID, bytes]) -> File:
        referral, key = _with_all_noted(part, member, messages_before), keys.get(case)
        referral.case = part.case
        narrative = (
            crypto.decrypt(key, bytes(referral.narrative), at=narrative_place(case)).decode()
            if key and referral.narrative
            else ""
        )
        kept = (
            kept_from_bytes(crypto.decrypt(key, bytes(referral.situation), at=situation_place(case)))
            if key and referral.situation
            else Kept()
        )
        known = identities(keys).get(case)
        history = history_of(referral, key)
        may_forward = part.may_forward and part.role == "recipient"
        told = information_of(case)
        own = own_file_of(referral)
        thread = thread_from(referral.written, member, key, before=messages_before)
        return File(
            part, referral, known, narrative, told, Reason(part.opened_as), history, kept, own, may_forward=may_forward,
            may_apply=part.may_apply, thread=thread, mandate=mandate_of(part.case, key),
        )  # fmt: skip

    return reading([part], read)


def _with_ways(rows: QuerySet[Participation], member: Member) -> QuerySet[Any]:
    """Whether the convention of each lets the organisation send it on, and any of its conventions, apply for rights."""
    mine = Authorisation.objects.filter(sender=member.organisation, open_during__contains=Now())
    onwards = mine.filter(convention_id=OuterRef("convention_id"), rights=[])
    return rows.annotate(may_forward=Exists(onwards), may_apply=Exists(mine.filter(rights__len__gt=0)))


def _with_all_noted(part: Participation, member: Member, before: UUID | None) -> Any:
    """The referral with all that hangs on it, or its sender's own part where the person withholds the rest."""
    rows: QuerySet[Any] = (
        Participation.objects.filter(id=part.id) if part.withheld else Referral.objects.all()
    )
    rows = with_own_file(with_history(rows), member).annotate(written=written_about(member, before=before))
    return with_what_hangs(part.case_id, rows) if part.withheld else rows.get(case_id=part.case_id)


def _referral_with(part: Participation) -> Referral:
    referral = as_sent(part.case_id) if part.withheld else Referral.objects.get(case_id=part.case_id)
    referral.case = part.case
    return referral


def referral_of(member: Member, case: UUID) -> Referral:
    """The referral to act on, with its case, nothing decrypted; raises Participation.DoesNotExist."""
    return acted_on(case, by=member)


def question_of(member: Member, question: UUID) -> CaseQuestion:
    """A question about a referral of the member's organisation, nothing decrypted; raises CaseQuestion.DoesNotExist."""
    return CaseQuestion.objects.get(id=question, case_id__in=visible_to(member).values("case_id"))


def attempt_of(member: Member, attempt: UUID) -> ContactAttempt:
    """An attempt noted for a referral of the member's organisation; raises ContactAttempt.DoesNotExist."""
    return ContactAttempt.objects.get(id=attempt, case_id__in=visible_to(member).values("case_id"))


def waiting(member: Member, *, on: date, limit: int) -> list[Participation]:
    """Open referrals that wait for an act of the recipient, the urgent first, then those due first."""
    rows = (
        waiting_rows(member, on=on)
        .select_related("case__sender", "case__authorisation")
        .order_by("turn", "id")[:limit]
    )
    return list(rows.annotate(delay=delay_under("convention_id")))  # type: ignore[no-redef]  # declared there for whoever reads them


def waiting_rows(member: Member, *, on: date) -> QuerySet[Participation]:
    """Those that wait for an act of the recipient: a first answer, a call, a pause to look at by now.

    Those about which the sender owes an answer wait for the sender, unless they are still to be acknowledged; those forwarded to
    another service wait for it, until that case ends or the day of a pause comes.
    """
    unanswered = CaseQuestion.objects.filter(case_id=OuterRef("case_id"), answered_at=None, withdrawn_at=None)
    elsewhere = forwarded_from(OuterRef("case_id"), member)
    return (
        visible_to(member)
        .filter(
            Q(state__in=[State.SENT, State.ACKNOWLEDGED])
            | Q(state=State.PAUSED, due_on__lte=on)
            | Q(state=State.ACCEPTED, case__referral__contacted_on=None),
            closed_at__isnull=True,
            role="recipient",
        )
        .exclude(restrained())
        .exclude(Exists(unanswered) | Exists(elsewhere), state__in=[State.ACKNOWLEDGED, State.ACCEPTED])
    )


def forwarded_from(case: Any, member: Member) -> QuerySet[Lineage]:
    """That her organisation sent a case on to another service, which has not ended it; `case` may be an outer reference."""
    return Lineage.objects.filter(
        former=case,
        kind="forwarded",
        following__participations__organisation=member.organisation,
        following__participations__closed_at=None,
    )


def asked_of(member: Member, *, limit: int) -> list[CaseQuestion]:
    """Questions of a caisse that the member's organisation has not answered, of referrals still under way, the oldest first."""
    mine = visible_to(member).filter(role="sender", closed_at__isnull=True)
    return list(
        CaseQuestion.objects.filter(answered_at=None, withdrawn_at=None, case_id__in=mine.values("case_id"))
        .exclude(restrained())
        .select_related("case__caisse", "case__authorisation")
        .order_by("asked_at", "id")[:limit]
    )


def counted_role(member: Member) -> str:
    """The part by which an organisation counts a referral once, whichever side it is on."""
    return "recipient" if is_health_insurance(member.organisation_kind) else "sender"


def counted(convention: UUID | None, member: Member) -> QuerySet[Participation]:
    """The parts under a convention (None: under all) by which an organisation counts its referrals: what a caisse forwards is
    its addressee's."""
    rows = participations_visible_to(member).filter(role=counted_role(member))
    return rows if convention is None else rows.filter(convention_id=convention)


def referral_counts(convention: UUID, member: Member) -> ReferralCounts:
    """The exact counts of the member's own organisation under a convention, in one query.

    The states come from one index; only what is under way, or was withdrawn, is looked at row by row. What a caisse forwarded
    is counted by whoever received it.
    """
    rows = counted(convention, member).filter(kind="referral")
    further = (
        rows.filter(
            Q(state__in=list(WORKED), case__referral__contacted_on__isnull=False)
            | Q(state=State.WITHDRAWN, case__referral__acknowledged_at__isnull=False),
            state=OuterRef("state"),
        )
        .order_by()
        .values("state")
        .annotate(rows=Count("id"))
        .values("rows")
    )
    by_state = {
        state: (number, more or 0)
        for state, number, more in rows.exclude(state=State.CANCELLED)
        .values_list("state")
        .annotate(rows=Count("id"), further=Subquery(further))
        .order_by("state")
    }
    sent = sum(number for number, _ in by_state.values())
    withdrawn, acknowledged = by_state.get(State.WITHDRAWN, (0, 0))
    return ReferralCounts(
        sent=sent,
        acknowledged=sent
        - by_state.get(State.SENT, (0, 0))[0]
        - by_state.get(State.EXPIRED, (0, 0))[0]
        - (withdrawn - acknowledged),
        contacted=sum(more for state, (_, more) in by_state.items() if state not in ENDS),
        closed=by_state.get(State.CLOSED, (0, 0))[0],
    )


def _journal(verb: str, reference: object, fields: tuple[str, ...], member: Member, *, reason: str) -> None:
    record(
        verb=verb,
        object_type="referral",
        object_ref=reference,
        by=member.user,
        organisation=member.organisation,
        fields=fields,
        reason=reason,
    )
