"""The summary of the day: one e-mail a person, with the number of cases that wait for her. For the worker's role."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db import connection, transaction

from maillage.core.holidays import is_working_day
from maillage.core.row_security import acting
from maillage.notifications.mailing import FROM_HOUR, begin_day, remind
from maillage.organisations.member import enter
from maillage.organisations.people.leaving import replaced_by
from maillage.referrals.desk import cases_on_desk

logger = logging.getLogger(__name__)
_USUAL = "75"  # whose holidays count where an organisation has no département


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody works today."""

    user: UUID
    organisation: UUID
    day: date
    departement: str


def summarise(*, at: datetime) -> int:
    """Write the summaries of those whose working day has come; how many. A second run of the day writes none.

    One transaction a person: what fails or is stopped is done by the next run, and nobody is written to twice.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referrals_people_to_tell(%s, %s)", [at, FROM_HOUR])
        places = [_Place(*row) for row in cursor.fetchall()]
    told = 0
    for user, found in groupby(places, key=lambda one: one.user):
        try:
            with transaction.atomic():
                told += _summarise(user, list(found))
        except Exception as error:  # noqa: BLE001 - one person must not keep the others from their summary
            logger.error("Summary of %s: %s", user, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
    return told


def _summarise(user: UUID, places: Sequence[_Place]) -> bool:
    """One person's day; the first of her organisations says which day it is, and whether it is worked."""
    day, departement = places[0].day, places[0].departement or _USUAL
    if not is_working_day(day, departement):
        return False
    with acting(organisation=None, user=user):
        if not begin_day(user=user, on=day):
            return False
    cases = {case for place in places for case in _waiting(place)}
    if not cases:
        return False
    with acting(organisation=None, user=user):
        remind(user=user, on=day, cases=len(cases))
    return True


def _waiting(place: _Place) -> set[UUID]:
    """What waits there for her, and for whom she replaces today, as far as her own roles act there."""
    with acting(organisation=None, user=place.user):
        member = enter(user=place.user, user_name="", wanted=place.organisation, on=place.day)
        if member is None or member.organisation != place.organisation:
            return set()
        absent = replaced_by(member, on=place.day).values_list("user_id", flat=True)
        desks = [member, *(replace(member, user=user) for user in absent)]
        return {case for one in desks for case in cases_on_desk(one, on=place.day)}
