"""The queue of forms filled by hand: put in once by the reference on the sheet, keyed in as a draft, gone when its case is sent."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from maillage.audit.actions import record
from maillage.cases.models import Participation
from maillage.core.refusals import Fault, Refused, check
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals import drafts
from maillage.referrals.content import Content
from maillage.referrals.models import Draft, PaperForm
from maillage.referrals.policies import can_send
from maillage.referrals.rekeying.rules import DROPPED, form_problems, read_reference


def waiting(member: Member, *, limit: int = 200) -> list[PaperForm]:
    """The forms of the member's organisation that nobody has sent yet, the oldest first."""
    return list(_waiting(member).order_by("received_on", "id")[:limit])


def _waiting(member: Member) -> QuerySet[PaperForm]:
    sent = Participation.objects.filter(case_id=OuterRef("draft"), organisation=member.organisation)
    rows = PaperForm.objects.filter(organisation=member.organisation, dropped="")
    return rows.filter(~Exists(sent))


@transaction.atomic
def receive(*, paper_id: UUID, typed: str, received_on: date, by: Member, at: datetime) -> bool:
    """Put a form in the queue by the reference that is printed on it. False when this form of the page was sent already.

    Raises Refused at `reference` or `received_on`; a sheet that was put in once is not taken again, whatever came of it.
    """
    _must_send(by)
    reference = read_reference(typed)
    on = at.astimezone(ZoneInfo(by.time_zone)).date()
    problems = form_problems(reference, received_on, on=on)
    check(Fault(problem, field) for field, problem in problems.items())
    if PaperForm.objects.filter(id=paper_id).exists():
        return False
    row = PaperForm(
        id=paper_id,
        organisation_id=by.organisation,
        reference=reference,
        received_on=received_on,
        noted_at=at,
        noted_by=by.user,
    )
    PaperForm.objects.bulk_create([row], ignore_conflicts=True)
    if not PaperForm.objects.filter(id=paper_id).exists():
        raise Refused("Cette feuille est déjà notée : elle se saisit une fois.", "reference")
    _told("paper.receive", paper_id, by)
    return True


@transaction.atomic
def key_in(*, paper: UUID, by: Member, at: datetime) -> UUID:
    """The draft by which a form is keyed in, begun if there was none; its id.

    Raises PaperForm.DoesNotExist, Refused when a colleague is keying it in, TransitionRefused once it was sent or removed.
    """
    _must_send(by)
    row = PaperForm.objects.select_for_update().get(id=paper, organisation=by.organisation)
    if not _waiting(by).filter(id=paper).exists():
        raise TransitionRefused
    begun = Draft.objects.filter(id=row.draft).first() if row.draft else None
    if begun is not None:
        if not drafts.drafts_within_reach(by).filter(id=begun.id).exists():
            raise Refused("Une ou un collègue saisit déjà cette feuille.")
        return begun.id
    row.draft = drafts.begin(token=paper, content=Content(), by=by, at=at)
    row.save(update_fields=["draft"])
    _told("paper.key_in", paper, by)
    return row.draft


@transaction.atomic
def drop(*, paper: UUID, why: str, by: Member, at: datetime) -> None:
    """Remove a form from the queue without keying it in: one of DROPPED.

    Raises PaperForm.DoesNotExist, Refused at `why`, TransitionRefused once it was sent or removed.
    """
    _must_send(by)
    row = PaperForm.objects.select_for_update().get(id=paper, organisation=by.organisation)
    if why not in DROPPED:
        raise Refused("Dites pourquoi elle n’est pas saisie.", "why")
    if not _waiting(by).filter(id=paper).exists():
        raise TransitionRefused
    row.dropped, row.dropped_at, row.dropped_by = why, max(at, row.noted_at), by.user
    row.save(update_fields=["dropped", "dropped_at", "dropped_by"])
    _told("paper.drop", paper, by)


def _must_send(by: Member) -> None:
    if not can_send(by):
        raise PermissionDenied("Votre rôle ne permet pas d’envoyer une orientation.")


def _told(verb: str, paper: UUID, by: Member) -> None:
    record(verb=verb, object_type="paper_form", object_ref=paper, by=by.user, organisation=by.organisation)
