"""Secondments, permanences and appointments in words: hours of the host's own clock, what is in the way, what happened."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage.cases.models import Case
from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.secondments.models import Appointment, Permanence
from maillage.secondments.queries import Known, reasons
from maillage.secondments.rules import CANCELLED_BY, OUTCOMES, PAPERS, WEEKDAYS, Slot
from maillage.secondments.states import WORDS, State
from maillage.web.presentation.components import Event, Fact
from maillage.web.presentation.dates import between, long_instant, weekday_date, zone_place
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import NBSP, typeset

TONES: dict[State, Tone] = {
    State.BOOKED: Tone.INFO,
    State.HELD: Tone.GOOD,
    State.MISSED: Tone.SOON,
    State.CANCELLED: Tone.NEUTRAL,
}


def reasons_in_words(member: Member, found: Known, *, at: datetime) -> dict[str, str]:
    """For what one may come, as it is read."""
    return in_words(reasons(member, found.row, at=at))


def in_words(reasons: Mapping[str, str]) -> dict[str, str]:
    """Labels of a text as they are read."""
    return {key: typeset(label) for key, label in reasons.items()}


def clock(hour: time | datetime) -> str:
    """« 9 h 05 », unbreakable."""
    return f"{hour.hour}{NBSP}h{NBSP}{hour.minute:02d}"


def hours(slot: Slot, zone: ZoneInfo) -> str:
    """« 9 h 00 à 9 h 30 » where the host is."""
    return f"{clock(slot.starts_at.astimezone(zone))} à {clock(slot.ends_at.astimezone(zone))}"


def when(appointment: Appointment, zone: ZoneInfo) -> str:
    """« mardi 2 juin 2026, de 9 h 00 à 9 h 30 » where the host is."""
    slot = Slot(appointment.starts_at, appointment.ends_at)
    return f"{weekday_date(slot.starts_at, zone)}, de {hours(slot, zone)}"


def place_of_hours(found: Known) -> str:
    """Whose clock the hours are read on."""
    return f"Heures de {zone_place(found.row.time_zone)}"


def rhythm(permanence: Permanence) -> str:
    """« Mardi, de 9 h 00 à 12 h 00, toutes les 2 semaines »."""
    every = "" if permanence.every == 1 else f", toutes les {permanence.every}{NBSP}semaines"
    return f"{WEEKDAYS[permanence.weekday]}, de {clock(permanence.starts)} à {clock(permanence.ends)}{every}"


def state_words(state: str) -> str:
    """The state, for either side."""
    return WORDS.get(cast("State", state), "État inconnu")


def tone_of(state: str) -> Tone:
    """The colour of a state."""
    return TONES.get(cast("State", state), Tone.NEUTRAL)


def papers_words(papers: list[str]) -> str:
    """What the person is to bring."""
    return " · ".join(PAPERS.get(paper, paper) for paper in papers) or "Rien de particulier"


def facts(appointment: Appointment, found: Known, reason: str) -> list[Fact]:
    """When, where, with whom, for what."""
    given = [
        Fact("Quand", when(appointment, found.zone), place_of_hours(found)),
        Fact("Où", f"{found.row.place}, {found.row.host.name}"),
        Fact("Avec", f"{found.agent}, {found.row.caisse.name}"),
        Fact("Motif", reason),
        Fact("À apporter", papers_words(appointment.papers)),
    ]
    if appointment.outcome:
        given.append(Fact("Suite donnée", OUTCOMES[appointment.outcome]))
    return given


def secondment_facts(found: Known, convention: str) -> list[Fact]:
    """Who is lent by whom, where, under which article."""
    return [
        Fact("Agent", found.agent, found.row.caisse.name),
        Fact("Accueil", found.row.host.name, found.row.place),
        Fact("Présence", between(found.row.since, found.row.until)),
        Fact(
            "Prévue par", f"l’article {found.row.article}" + (f" de « {convention} »" if convention else "")
        ),
        Fact("Qui prend les rendez-vous", found.row.host.name, "La caisse fixe les permanences."),
    ]


def timeline(appointment: Appointment, case: Case, zone: ZoneInfo) -> list[Event]:
    """What happened, the oldest first, with who did it."""
    acted = (appointment.booked_by, appointment.moved_by, appointment.closed_by)
    ids = {who for who in acted if who is not None}
    names: Mapping[UUID, str] = dict(User.objects.filter(id__in=ids).values_list("id", "full_name"))

    def happened(at: datetime, title: str, by: UUID | None, detail: str = "") -> Event:
        return Event(long_instant(at, zone), title, names.get(by, "") if by else "", detail)

    events = [happened(appointment.booked_at, "Rendez-vous pris", appointment.booked_by, case.sender.name)]
    if appointment.moved_at:
        events.append(happened(appointment.moved_at, "Déplacé", appointment.moved_by))
    if appointment.closed_at:
        detail = OUTCOMES.get(appointment.outcome, "") or CANCELLED_BY.get(appointment.cancelled_for, "")
        events.append(
            happened(appointment.closed_at, state_words(appointment.state), appointment.closed_by, detail)
        )
    return events
