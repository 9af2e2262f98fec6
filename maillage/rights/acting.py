"""What every step of an application shares: the row as it is now, its days, its two clocks counted again, who is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied

from maillage.audit.actions import record
from maillage.beneficiaries.stopping import must_not_be_stopped
from maillage.cases.following import begin_following
from maillage.cases.models import Case
from maillage.cases.rules import Reason
from maillage.organisations.member import Member
from maillage.rights.due import Due, course_of, due_of, terms_for
from maillage.rights.models import Application, ApplicationEvent, PieceRequest


@dataclass(frozen=True, slots=True)
class Now:
    """An application locked until the transaction ends: its requests for pieces, and the caisse's own day."""

    application: Application
    requests: list[PieceRequest]
    today: date

    @property
    def sent_on(self) -> date:
        """The day of the sending, at the caisse."""
        return local(self.application.sent_at, self.application)

    @property
    def waiting(self) -> PieceRequest | None:
        """The request whose pieces have not come."""
        return next((row for row in self.requests if row.answered_on is None), None)


def local(instant: datetime, application: Application) -> date:
    """The day of an instant by the caisse's own calendar."""
    return instant.astimezone(ZoneInfo(application.case.caisse.time_zone)).date()


def locked(application: Application, *, at: datetime) -> Now:
    """The application as it is, taken until the transaction ends; the instance given is brought up to date."""
    case = application.case
    row = Application.objects.select_for_update().get(case_id=application.case_id)
    vars(application).update(vars(row))
    application.case = case
    requests = list(PieceRequest.objects.filter(case_id=case.id).order_by("number"))
    return Now(application, requests, local(at, application))


def counted(
    now: Now, by: Member, *, received: date, complete: date | None, decided: date | None = None
) -> Due:
    """Both clocks of the application with these days, by the text that held when it was received."""
    found = course_of(received, now.requests, complete=complete, decided=decided)
    return due_of(now.application, found, terms_for(by, now.application, on=received), on=now.today)


def happened(
    kind: str, application: Application, *, on: date, by: Member, at: datetime, about: UUID | None = None
) -> None:
    """Add an event, signed by whoever acts, who follows the case from then on."""
    ApplicationEvent.objects.create(
        case_id=application.case_id,
        organisation_id=by.organisation,
        kind=kind,
        day=on,
        about=about,
        noted_at=at,
        noted_by=by.user,
    )
    mine = Reason.WORKED if application.case.caisse_id == by.organisation else Reason.SENT
    begin_following(case=application.case_id, reason=mine, by=by, at=at)


def noted(verb: str, application: Application, *, by: Member) -> None:
    """Say it to the journal."""
    record(
        verb=verb,
        object_type="application",
        object_ref=application.case_id,
        by=by.user,
        organisation=by.organisation,
    )


def must_use(
    allowed: Callable[[Member, Case], bool], application: Application, by: Member, message: str
) -> None:
    """As `must`, for what uses her data rather than ends the file. Raises Refused too, where she objected to its flow."""
    must(allowed, application, by, message)
    must_not_be_stopped(case=application.case_id, kind="application", by=by)


def must(allowed: Callable[[Member, Case], bool], application: Application, by: Member, message: str) -> None:
    """Raise PermissionDenied, in French, unless the policy allows it."""
    if not allowed(by, application.case):
        raise PermissionDenied(message)
