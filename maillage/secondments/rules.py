"""Permanences, their slots, and what is in the way of an appointment: hours of the host's own zone. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from maillage.core.calendar import DAY
from maillage.core.holidays import public_holidays

SHORTEST, LONGEST = 10, 120
"""Minutes of one appointment."""
MOST_WEEKS: Final = 4
FURTHEST: Final = timedelta(days=92)
"""How long ahead slots are offered: three months."""
LONGEST_PLACE: Final = 200

WEEKDAYS: dict[int, str] = {
    0: "Lundi", 1: "Mardi", 2: "Mercredi", 3: "Jeudi", 4: "Vendredi", 5: "Samedi", 6: "Dimanche",
}  # fmt: skip

PAPERS: dict[str, str] = {
    "identity": "Pièce d’identité",
    "vitale": "Carte Vitale ou attestation de droits",
    "residence": "Justificatif de présence en France ou de domicile",
    "resources": "Justificatifs de ressources",
    "tax_notice": "Dernier avis d’imposition",
    "bank": "Relevé d’identité bancaire",
    "civil_status": "Acte de naissance ou livret de famille",
    "letters": "Courriers reçus de la caisse",
}

OUTCOMES: dict[str, str] = {
    "informed": "Renseignements donnés",
    "lodged": "Dossier déposé",
    "opened": "Droits ouverts",
    "redirected": "Adressée à un autre service",
    "papers_missing": "Pièces manquantes : à revoir",
    "see_again": "À revoir",
}
SEEN_AGAIN: Final = frozenset({"papers_missing", "see_again"})
"""Outcomes after which the host books another appointment."""

CANCELLED_BY: dict[str, str] = {
    "person": "À la demande de la personne",
    "host": "Par la structure d’accueil",
    "caisse": "Par la caisse",
}


@dataclass(frozen=True, slots=True)
class Weekly:
    """A permanence: a day of the week, hours of the host's zone, every so many weeks, from a first day to a last one."""

    weekday: int
    starts: time
    ends: time
    minutes: int
    since: date
    until: date | None = None
    every: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A span of time that one appointment may take; both instants in UTC."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: "Slot") -> bool:
        """Whether both have an instant in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Worry(StrEnum):
    """Why a permanence or an appointment may not be held. The first that applies is the gravest."""

    WAY_CLOSED = "way_closed"
    CONVENTION_ENDED = "convention_ended"
    SECONDMENT_ENDED = "secondment_ended"
    AGENT_GONE = "agent_gone"
    AGENT_ABSENT = "agent_absent"
    HOLIDAY = "holiday"
    NO_SUCH_HOUR = "no_such_hour"


WORRIES: dict[Worry, str] = {
    Worry.WAY_CLOSED: "Cette voie est fermée pour l’instant : les rendez-vous déjà pris tiennent, aucun autre ne se prend",
    Worry.CONVENTION_ENDED: "La convention aura pris fin : ce rendez-vous tombe",
    Worry.SECONDMENT_ENDED: "La mise à disposition aura pris fin : ce rendez-vous est à annuler ou à déplacer",
    Worry.AGENT_GONE: "L’agent n’est plus à la caisse : ce rendez-vous est à confier à quelqu’un d’autre",
    Worry.AGENT_ABSENT: "L’agent est absent·e ce jour-là",
    Worry.HOLIDAY: "Jour férié",
    Worry.NO_SUCH_HOUR: "Cette heure n’existe pas ce jour-là (passage à l’heure d’été)",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included; without a last one it goes on."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Presence:
    """What is known of the seconded agent: days when she is away, and from when she works no more for her caisse."""

    away: tuple[Span, ...] = ()
    gone_from: date | None = None


def weekly_problems(weekly: Weekly) -> dict[str, str]:
    """What is wrong with a permanence, by field; empty when all is well."""
    length = (_minutes(weekly.ends) - _minutes(weekly.starts)) if weekly.ends > weekly.starts else 0
    found = {
        "weekday": "" if weekly.weekday in WEEKDAYS else "Choisissez un jour.",
        "ends": "" if length else "La fin ne peut pas précéder le début.",
        "minutes": ""
        if SHORTEST <= weekly.minutes <= LONGEST
        else f"Choisissez de {SHORTEST} à {LONGEST} minutes.",
        "every": "" if 1 <= weekly.every <= MOST_WEEKS else f"Choisissez de 1 à {MOST_WEEKS} semaines.",
        "until": "Le dernier jour ne peut pas précéder le premier."
        if weekly.until is not None and weekly.until < weekly.since
        else "",
    }
    if length and not found["minutes"] and length < weekly.minutes:
        found["minutes"] = "La permanence est plus courte qu’un rendez-vous."
    return {field: message for field, message in found.items() if message}


def _minutes(hour: time) -> int:
    return 60 * hour.hour + hour.minute


def first_day(weekly: Weekly) -> date:
    """The first day on which a permanence is held: the first such weekday from its first day on."""
    return weekly.since + DAY * ((weekly.weekday - weekly.since.weekday()) % 7)


def falls_on(weekly: Weekly, day: date) -> bool:
    """Whether the permanence is held on a day of the host's calendar, holidays and absences apart."""
    ahead = (day - first_day(weekly)).days
    return ahead >= 0 and ahead % (7 * weekly.every) == 0 and Span(weekly.since, weekly.until).holds(day)


def meet(one: Weekly, other: Weekly) -> bool:
    """Whether two permanences are ever held at the same time. Pure arithmetic: no day is looked through."""
    if one.weekday != other.weekday or not (one.starts < other.ends and other.starts < one.ends):
        return False
    first = max(first_day(one), first_day(other))
    lasts = [weekly.until for weekly in (one, other) if weekly.until is not None]
    for ahead in range(one.every * other.every):  # both rhythms come round together within so many weeks
        day = first + 7 * DAY * ahead
        if lasts and day > min(lasts):
            return False
        if falls_on(one, day) and falls_on(other, day):
            return True
    return False


def instant(day: date, hour: time, zone: ZoneInfo) -> datetime | None:
    """The instant (UTC) of an hour of the clock; None where the clock jumps over it. Of an hour that comes twice, the first."""
    local = datetime.combine(day, hour, zone).replace(fold=0)
    found = local.astimezone(UTC)
    return found if found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def slots(weekly: Weekly, day: date, zone: ZoneInfo) -> tuple[Slot, ...]:
    """The slots of a permanence on a day when it is held, the first one first; each lasts its minutes, clock changes included.

    An hour that the clock jumps over gives none; one that comes twice gives those of its first time.
    """
    if not falls_on(weekly, day):
        return ()
    length, found = timedelta(minutes=weekly.minutes), list[Slot]()
    start, end = datetime.combine(day, weekly.starts), datetime.combine(day, weekly.ends)
    while start + length <= end:
        at = instant(day, start.time(), zone)
        if at is not None and (not found or at >= found[-1].ends_at):
            slot = Slot(at, at + length)
            if slot.ends_at.astimezone(zone).replace(tzinfo=None) <= end:
                found.append(slot)
        start += length
    return tuple(found)


def is_holiday(day: date, departement: str) -> bool:
    """Whether a day is a public holiday where the host is; a body without a département has the national ones."""
    return day in public_holidays(departement or "75", day.year)


def day_worry(
    day: date,
    *,
    zone: ZoneInfo,
    departement: str,
    presence: Presence,
    secondment: Span,
    convention_ends: datetime | None,
    is_closed: bool = False,
) -> Worry | None:
    """Why nothing is held that day, the gravest reason first; `convention_ends` is the first instant no longer in force.

    `is_closed`: the convention runs and its parties opened this way, then closed it: what was booked is held.
    """
    if is_closed:
        return Worry.WAY_CLOSED
    if convention_ends is not None and datetime.combine(day, time(), zone) >= convention_ends:
        return Worry.CONVENTION_ENDED
    if not secondment.holds(day):
        return Worry.SECONDMENT_ENDED
    if presence.gone_from is not None and day >= presence.gone_from:
        return Worry.AGENT_GONE
    if any(span.holds(day) for span in presence.away):
        return Worry.AGENT_ABSENT
    return Worry.HOLIDAY if is_holiday(day, departement) else None


@dataclass(frozen=True, slots=True)
class HeldDay:
    """A day on which permanences fall: its slots, and why none of them is offered, if so."""

    day: date
    slots: tuple[Slot, ...]
    worry: Worry | None


@dataclass(frozen=True, slots=True)
class Setting:
    """All that says when an agent is seen: permanences, zone, holidays, presence, the days of the secondment and of the convention.

    `is_closed`: nothing more is booked, although the convention runs.
    """

    permanences: tuple[Weekly, ...]
    zone: ZoneInfo
    departement: str
    presence: Presence
    secondment: Span
    convention_ends: datetime | None
    is_closed: bool = False

    def worry_on(self, day: date) -> Worry | None:
        """Why nothing is held on a day."""
        return day_worry(
            day,
            zone=self.zone,
            departement=self.departement,
            presence=self.presence,
            secondment=self.secondment,
            convention_ends=self.convention_ends,
            is_closed=self.is_closed,
        )

    def days(self, first: date, last: date) -> Iterator[HeldDay]:
        """The days from a first to a last on which a permanence falls, with their slots."""
        day = first
        while day <= last:
            held = [weekly for weekly in self.permanences if falls_on(weekly, day)]
            if held:
                found = sorted(slot for weekly in held for slot in slots(weekly, day, self.zone))
                worry = self.worry_on(day) or (None if found else Worry.NO_SUCH_HOUR)
                yield HeldDay(day, tuple(found), worry)
            day += DAY

    def free(self, first: date, last: date, *, taken: Iterable[Slot], after: datetime) -> list[Slot]:
        """The slots still free that begin after an instant, on days when nothing is in the way."""
        known = sorted(taken)
        return [
            slot for held in self.days(first, last) for slot in self.offered(held, taken=known, after=after)
        ]

    def offered(self, held: HeldDay, *, taken: Iterable[Slot], after: datetime) -> list[Slot]:
        """The same, on one day; the convention may end in the middle of it, since its days are those of the caisse."""
        known = list(taken)
        return [
            slot
            for slot in held.slots
            if held.worry is None
            and slot.starts_at > after
            and (self.convention_ends is None or slot.starts_at < self.convention_ends)
            and not any(slot.meets(other) for other in known)
        ]
