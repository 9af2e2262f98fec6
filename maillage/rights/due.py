"""The two clocks of an application as it stands: what its convention promises and what the law says, from its events alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.conventions.lifecycle.queries import text_of
from maillage.conventions.terms.terms import Terms
from maillage.organisations.member import Member
from maillage.rights.alerts import AlertDay, alert_days, next_day, thresholds_of
from maillage.rights.clocks.course import Course, Request, course
from maillage.rights.clocks.explaining import Step, steps
from maillage.rights.clocks.law import Legal, Rule, legal, rule_for
from maillage.rights.clocks.promise import Promise, Promised, promise_of, promised
from maillage.rights.models import Application, PieceRequest

DEFAULT_DEPARTEMENT: Final = "75"
"""Whose public holidays count where a caisse has no département: a national one."""


@dataclass(frozen=True, slots=True)
class Due:
    """Both clocks of a course on a day, with all that explains them."""

    course: Course
    promise: Promise
    owed: Promised
    rule: Rule
    law: Legal
    alerts: tuple[AlertDay, ...]
    on: date

    def steps(self) -> list[Step]:
        """Each fact and each date, in the order of days."""
        return steps(self.course, self.promise, self.owed, self.rule, self.law)

    def stored(self) -> dict[str, date | str | None]:
        """What of it lists and sweeps find, by column of `Application`."""
        return {
            "promised_on": self.owed.due,
            "legal_on": self.law.due,
            "silence": self.law.silence.value if self.law.silence and self.law.due else "",
            "alert_on": next_day(self.alerts, self.on),
        }


def course_of(
    received: date, requests: Iterable[PieceRequest], *, complete: date | None, decided: date | None = None
) -> Course:
    """The course of an application; raises WrongCourse where its days cannot follow each other.

    A file of which nothing indispensable was asked is held complete since it came, until the caisse says otherwise.
    """
    asked = tuple(
        Request(row.asked_on, row.granted_days, row.answered_on, row.indispensable)
        for row in sorted(requests, key=lambda row: row.number)
    )
    return course(received=received, complete=complete, requests=asked, decided=decided)


def due_of(application: Application, found: Course, terms: Terms, *, on: date) -> Due:
    """Both clocks of a course of an application, by the terms of its convention, as they stand on a day."""
    departement = application.case.caisse.departement or DEFAULT_DEPARTEMENT
    promise = promise_of(terms, application.right, urgent=application.urgent)
    owed = promised(promise, found, on=on, departement=departement)
    rule = rule_for(application.right, found.received)
    law = legal(rule, found, departement=departement)
    alerts = alert_days(
        found.received,
        thresholds=thresholds_of(terms, application.right, urgent=application.urgent),
        promised=owed.due,
        legal=law.due,
        departement=departement,
    )
    return Due(found, promise, owed, rule, law, tuple(alerts), on)


def alert_days_of(application: Application, terms: Terms) -> list[AlertDay]:
    """The days on which somebody is told of an application that waits, by the days that it keeps."""
    if application.received_on is None:
        return []
    return alert_days(
        application.received_on,
        thresholds=thresholds_of(terms, application.right, urgent=application.urgent),
        promised=application.promised_on,
        legal=application.legal_on,
        departement=application.case.caisse.departement or DEFAULT_DEPARTEMENT,
    )


def terms_for(member: Member, application: Application, *, on: date) -> Terms:
    """The consolidated text of its convention on a day: that on which it was received holds for all its life."""
    convention = application.case.convention_id
    return text_of(convention, organisation=member.organisation).readable(on)
