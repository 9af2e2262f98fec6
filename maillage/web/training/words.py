"""Sessions, places and presences in words: hours of the organiser's own clock."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from django.utils.text import capfirst

from maillage.organisations.member import Member
from maillage.training.models import Module, Session
from maillage.training.queries import zone_of
from maillage.training.rules import Audience, Count, Outcome, theme_words
from maillage.training.states import PLACE_WORDS, WORDS, Place, State
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date, weekday_date, zone_place
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import NBSP

TONES: dict[State, Tone] = {State.PLANNED: Tone.INFO, State.HELD: Tone.GOOD, State.CANCELLED: Tone.NEUTRAL}
PLACE_TONES: dict[Place, Tone] = {
    Place.REGISTERED: Tone.GOOD,
    Place.WAITING: Tone.SOON,
    Place.WITHDRAWN: Tone.NEUTRAL,
}
OUTCOME_TONES: dict[Outcome, Tone] = {
    Outcome.PRESENT: Tone.GOOD,
    Outcome.ABSENT: Tone.NEUTRAL,
    Outcome.UNANNOUNCED: Tone.INFO,
}


def theme(module: Module) -> str:
    """« Parcours de soins »; of another theme, its own words."""
    return capfirst(theme_words(module.theme, module.other_theme))


def audiences(module: Module) -> str:
    """« Salariés, bénévoles »."""
    return capfirst(", ".join(one.label for one in Audience if one.value in module.audiences))


def clock(hour: datetime) -> str:
    """« 9 h 05 », unbreakable."""
    return f"{hour.hour}{NBSP}h{NBSP}{hour.minute:02d}"


def hours(session: Session) -> str:
    """« 9 h 00 à 12 h 00 » where the organiser is."""
    zone = zone_of(session)
    return f"{clock(session.starts_at.astimezone(zone))} à {clock(session.ends_at.astimezone(zone))}"


def when(session: Session) -> str:
    """« jeudi 3 décembre 2026, de 9 h 00 à 12 h 00 » where the organiser is."""
    return f"{weekday_date(session.starts_at, zone_of(session))}, de {hours(session)}"


def where(session: Session) -> str:
    """The room, or that it is held at a distance; both if both."""
    return " · ".join(one for one in (session.place, "à distance" if session.link else "") if one)


def for_whom(session: Session) -> str:
    """« Tous partenaires », or the convention to which it is dedicated."""
    return session.dedicated_to.title if session.dedicated_to is not None else "Tous partenaires"


def state_words(session: Session, at: datetime) -> str:
    """The state; a session that is over says that it waits for its signing off."""
    if session.state == State.PLANNED and session.ends_at <= at:
        return "À signer"
    return WORDS.get(cast("State", session.state), "État inconnu")


def tone_of(session: Session, at: datetime) -> Tone:
    """The colour of that state."""
    if session.state == State.PLANNED and session.ends_at <= at:
        return Tone.SOON
    return TONES.get(cast("State", session.state), Tone.NEUTRAL)


def place_words(state: str) -> str:
    """The state of a place."""
    return PLACE_WORDS.get(cast("Place", state), "État inconnu")


def places_left(session: Session) -> str:
    """« 3 places », « Complet »."""
    left = session.capacity - session.registered
    return counted(left, "place") if left > 0 else "Complet"


def fill(session: Session) -> str:
    """« 5 sur 12 »."""
    return f"{session.registered} sur{NBSP}{session.capacity}"


def own_words(found: dict[str, int]) -> str:
    """How many of one's own people have a place, and how many wait."""
    said = []
    if number := found.get(Place.REGISTERED.value):
        said.append(counted(number, "inscrit·e", "inscrit·es"))
    if number := found.get(Place.WAITING.value):
        said.append(f"{number} en attente")
    return ", ".join(said) or "Personne"


def facts(session: Session, member: Member) -> list[Fact]:
    """What, when, where, for whom, how many."""
    module = session.module
    zone = f"Heures de {zone_place(session.time_zone)}."
    given = [
        Fact("Quand", when(session), zone),
        Fact("Où", where(session)),
        Fact("Pour", for_whom(session), f"Public : {audiences(module).lower()}."),
        Fact("Ce qu’on y apprend", module.teaches, f"Thème : {theme(module).lower()}."),
        Fact("Animée par", session.trainer, session.organiser.name),
    ]
    if session.organiser_id == member.organisation:
        given.append(Fact("Places prises", fill(session)))
    elif session.state == State.PLANNED:
        given.append(Fact("Places libres", places_left(session)))
    if session.reason:
        given.append(Fact("Pourquoi elle est annulée", session.reason))
    return given


def titled(session: Session) -> str:
    """What a session is called on a page of its own."""
    return session.module.title


def dated(session: Session) -> str:
    """« Parcours de soins, 3 décembre 2026 »."""
    return f"{session.module.title}, {long_date(session.starts_at, zone_of(session))}"


def count_words(figure: Count) -> str:
    """« 8 personnes, 12 participations »."""
    return f"{counted(figure.persons, 'personne')}, {counted(figure.attendances, 'participation')}"


def names(rows: Iterable[str]) -> str:
    """Names one after the other."""
    return ", ".join(rows)
