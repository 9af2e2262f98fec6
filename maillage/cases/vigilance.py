"""Watching over readings: how many persons one may open in a day before it is told, and what was done about it.

Nobody is stopped: a crowded day has its reasons. Somebody looks at it, and says a word.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet

from maillage.audit.actions import record
from maillage.cases.models import Alert, Threshold
from maillage.cases.notifications import tell_watchers
from maillage.cases.rules import alert_reference, threshold_problem, word_problem
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def alerts_visible_to(member: Member) -> QuerySet[Alert]:
    """The alerts of her organisation, the latest first, for whoever reads its journal; none to others."""
    rows = Alert.objects.filter(organisation=member.organisation).order_by("-raised_at", "-id")
    return rows if member.may(Permission.READ_JOURNAL) else rows.none()


def to_look_at(member: Member, *, limit: int) -> list[Alert]:
    """Alerts that nobody has looked at, and that are not about herself."""
    return list(alerts_visible_to(member).filter(seen_at__isnull=True).exclude(user_id=member.user)[:limit])


def threshold_of(member: Member) -> int:
    """How many persons one may open in a day in her organisation before it is told."""
    own = Threshold.objects.filter(organisation=member.organisation).values_list("cases_per_day", flat=True)
    return own.first() or settings.READINGS_A_DAY


@transaction.atomic
def set_threshold(*, cases: int, by: Member, at: datetime) -> None:
    """Change it for one's own organisation. Raises PermissionDenied, or Refused at `cases`."""
    if not by.may(Permission.MANAGE_ORGANISATION):
        raise PermissionDenied("Seule l’administration de l’organisme change ce seuil.")
    problem = threshold_problem(cases)
    if problem:
        raise Refused(problem, "cases")
    before = threshold_of(by)
    Threshold.objects.update_or_create(
        organisation_id=by.organisation, defaults={"cases_per_day": cases, "set_at": at, "set_by": by.user}
    )
    record(
        verb="threshold",
        object_type="journal",
        by=by.user,
        organisation=by.organisation,
        fields=("cases_per_day",),
        reason=f"de {before} à {cases} dossiers par personne et par jour",
    )


@transaction.atomic
def look_at(*, alert: Alert, word: str, by: Member, at: datetime) -> bool:
    """Say what was done about an alert, once; False when somebody did before. Raises PermissionDenied, or Refused at `word`."""
    if not by.may(Permission.READ_JOURNAL) or alert.user_id == by.user:
        raise PermissionDenied("Un signalement s’examine par quelqu’un d’autre que la personne signalée.")
    problem = word_problem(word)
    if problem:
        raise Refused(problem, "word")
    done = (
        alerts_visible_to(by)
        .filter(id=alert.id, seen_at__isnull=True)
        .update(seen_at=max(at, alert.raised_at), seen_by=by.user, word=word.strip())
    )
    if done:
        record(
            verb="look_at",
            object_type="alert",
            object_ref=alert.id,
            by=by.user,
            organisation=by.organisation,
            reason=word.strip(),
        )
    return bool(done)


@transaction.atomic
def raise_alerts(*, at: datetime, back: timedelta) -> int:
    """The worker's: one alert for each person and day above the threshold among readings of late; how many are new.

    Counted from the journal: run twice, it raises nothing more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM raise_reading_alerts(%s, %s, %s)", [at - back, at, settings.READINGS_A_DAY]
        )
        new: list[tuple[UUID, UUID]] = cursor.fetchall()
    for alert, organisation in new:
        with acting(organisation=organisation):
            record(
                verb="alert",
                object_type="alert",
                object_ref=alert,
                by=None,
                organisation=organisation,
                reason=alert_reference(alert),
            )
            tell_watchers(alert, organisation=organisation)
    return len(new)
