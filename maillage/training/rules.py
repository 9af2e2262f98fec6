"""What a session must be, who looks like somebody known, and how attendance is counted. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import SequenceMatcher
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage.conventions.terms.base import Labelled
from maillage.conventions.terms.commitments import TrainingTheme
from maillage.core.text import words_key


class Theme(Labelled):
    """What a module is about: one of the seven that the framework names (`TrainingTheme`), or another, in the organiser's words."""

    RIGHTS = TrainingTheme.RIGHTS.value, TrainingTheme.RIGHTS.label
    CARE_PATHWAY = TrainingTheme.CARE_PATHWAY.value, TrainingTheme.CARE_PATHWAY.label
    RENUNCIATION = TrainingTheme.RENUNCIATION.value, TrainingTheme.RENUNCIATION.label
    PREVENTION = TrainingTheme.PREVENTION.value, TrainingTheme.PREVENTION.label
    SOCIAL_SERVICE = TrainingTheme.SOCIAL_SERVICE.value, TrainingTheme.SOCIAL_SERVICE.label
    SOCIAL_ACTION = TrainingTheme.SOCIAL_ACTION.value, TrainingTheme.SOCIAL_ACTION.label
    ONLINE_SERVICES = TrainingTheme.ONLINE_SERVICES.value, TrainingTheme.ONLINE_SERVICES.label
    OTHER = "other", "autre thème"


THEMES: Final = {one.value: one for one in Theme}
"""Each theme by its value, as rows hold it."""
LONGEST_THEME: Final = 80
LONGEST_TITLE: Final = 160
LONGEST_TEXT: Final = 1000
LONGEST_PLACE: Final = 200
LONGEST_NAME: Final = 120
MOST_PLACES: Final = 1000
ALIKE: Final = 0.9
"""From which likeness of two names somebody may be somebody else already known."""

COUNTING: Final = (
    "Les personnes sont comptées une fois, quel que soit le nombre de séances suivies ; les participations, une fois par séance : "
    "une personne présente à trois séances compte pour une personne et trois participations. Les agents de l’organisateur ne "
    "sont pas comptés, ni les personnes inscrites qui ne sont pas venues. Une participation à une séance « tous partenaires » "
    "compte pour la convention de son organisme avec l’organisateur."
)
"""The rule of counting, printed with the figures (S4 art. 4: « 1 personne participant à 3 modules est comptabilisée 3 fois »)."""


class Audience(Labelled):
    """For whom a module is meant (S4 art. 1)."""

    STAFF = "staff", "salariés"
    VOLUNTEERS = "volunteers", "bénévoles"
    CIVIC_SERVICE = "civic_service", "services civiques"
    PUBLIC = "public", "publics accompagnés"


class Outcome(Labelled):
    """What the attendance sheet says of somebody."""

    PRESENT = "present", "présent·e"
    ABSENT = "absent", "absent·e"
    UNANNOUNCED = "unannounced", "venu·e sans place"


OUTCOMES: Final = {one.value: one for one in Outcome}
"""Each outcome by its value, as rows hold it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A session as it is planned: a day and hours of the organiser's own clock."""

    day: date
    starts: time
    ends: time
    capacity: int
    trainer: str
    place: str = ""
    link: str = ""


def instant(day: date, hour: time, zone: ZoneInfo) -> datetime | None:
    """The instant (UTC) of an hour of the clock; None where the clock jumps over it. Of an hour that comes twice, the first."""
    local = datetime.combine(day, hour, zone).replace(fold=0)
    found = local.astimezone(UTC)
    return found if found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def plan_problems(plan: Plan, *, zone: ZoneInfo, at: datetime, registered: int = 0) -> dict[str, str]:
    """What is wrong with a plan, by field; empty when all is well. `registered`: how many hold a place already."""
    starts, ends = instant(plan.day, plan.starts, zone), instant(plan.day, plan.ends, zone)
    found = {
        "day": "",
        "starts": "Cette heure n’existe pas ce jour-là (passage à l’heure d’été)." if starts is None else "",
        "ends": "",
        "capacity": _capacity_problem(plan.capacity, registered),
        "place": "" if plan.place or plan.link else "Dites où la séance se tient, ou donnez son lien.",
        "link": "" if not plan.link or plan.link.startswith("https://") else "Un lien commence par https://.",
        "trainer": "" if plan.trainer else "Dites qui anime : une fonction, pas un nom.",
    }
    if ends is None:
        found["ends"] = "Cette heure n’existe pas ce jour-là (passage à l’heure d’été)."
    elif starts is not None and ends <= starts:
        found["ends"] = "La fin ne peut pas précéder le début."
    if starts is not None and starts <= at:
        past_day = plan.day < at.astimezone(zone).date()
        found["day" if past_day else "starts"] = "Une séance se prévoit à l’avance : cet instant est passé."
    return {field: message for field, message in found.items() if message}


def _capacity_problem(capacity: int, registered: int) -> str:
    if not 1 <= capacity <= MOST_PLACES:
        return f"Choisissez de 1 à {MOST_PLACES} places."
    if capacity < registered:
        return f"{registered} personnes ont déjà une place : gardez-en au moins autant."
    return ""


def other_theme_problem(theme: str, other: str) -> str:
    """What is wrong with the words of a theme that is none of the seven; empty when all is well."""
    if theme == Theme.OTHER and not other:
        return "Dites quel est cet autre thème."
    if theme != Theme.OTHER and other:
        return "Choisissez « Autre thème », ou laissez ces mots vides."
    return "" if len(other) <= LONGEST_THEME else f"Écrivez {LONGEST_THEME} caractères au plus."


def theme_words(theme: str, other: str = "") -> str:
    """« parcours de soins »; of another theme, its own words."""
    return other or THEMES[theme].label


def alike(name: str, known: Iterable[str]) -> list[str]:
    """Of names already known, those that may be the same person's: the same words in any order, or nearly the same letters."""
    wanted = _folded(name)
    return [one for one in known if SequenceMatcher(None, wanted, _folded(one)).ratio() >= ALIKE]


def _folded(name: str) -> str:
    return " ".join(sorted(words_key(name).split()))


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody present at a session: who, of which body, on what, and whether the session was dedicated to the convention."""

    attendee: UUID
    partner: UUID
    session: UUID
    theme: Theme
    is_dedicated: bool


@dataclass(frozen=True, slots=True)
class Count:
    """Persons, each once; attendances, once a session; and over how many sessions."""

    persons: int = 0
    attendances: int = 0
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class TrainingCounts:
    """What a convention's trainings come to over a period; `partners` by their ids. `publics`: members of the public, as noted.

    Of parts that share persons the sum is not the total: persons of `dedicated` and of `open_to_all` may be the same ones.
    """

    total: Count
    dedicated: Count
    open_to_all: Count
    themes: tuple[tuple[Theme, Count], ...]
    partners: tuple[tuple[UUID, Count], ...]
    publics: int = 0
    counting: str = COUNTING


def count(attended: Iterable[Attended]) -> Count:
    """How many persons, attendances and sessions these are."""
    rows = list(attended)
    return Count(len({one.attendee for one in rows}), len(rows), len({one.session for one in rows}))


def count_all(attended: Iterable[Attended], publics: int = 0) -> TrainingCounts:
    """The whole table of counts, every theme in it, partners in the order of their ids."""
    rows = list(attended)
    return TrainingCounts(
        total=count(rows),
        dedicated=count(one for one in rows if one.is_dedicated),
        open_to_all=count(one for one in rows if not one.is_dedicated),
        themes=tuple((theme, count(one for one in rows if one.theme is theme)) for theme in Theme),
        partners=tuple(
            (partner, count(one for one in rows if one.partner == partner))
            for partner in sorted({one.partner for one in rows})
        ),
        publics=publics,
    )
