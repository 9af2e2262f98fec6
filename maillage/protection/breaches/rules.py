"""Whom a suspected breach is told, within how long, who decides, and what must be there before it is closed. Pure.

Sources: S2 and S4 annexe 1-8 (48 hours, to the data protection officer of the caisse), S3 art. 6 (24 hours, the parties tell each other),
GDPR art. 33 (72 hours to the authority; a processor tells the controller without undue delay) and 34 (the persons).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from maillage.conventions.terms import Terms
from maillage.conventions.terms.base import Labelled, article_named
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.flows import Roles
from maillage.conventions.terms.protection import Breach, BreachStart, ProtectionRegime
from maillage.core.calendar import DAY, Period, add, add_hours
from maillage.core.holidays import add_working_days
from maillage.core.refusals import Fault

T = TypeVar("T")
AUTHORITY_DELAY: Final = Period(hours=72)
"""From the instant when the controller knows (GDPR art. 33.1)."""
LONGEST: Final = 2_000
"""Characters of each text about a breach."""
MOST: Final = 10_000_000
"""Persons or records: a larger number is a slip of the keyboard."""
_UNDUE_DELAY: Final = "RGPD, article 33.2"


class Nature(Labelled):
    """What happened to the data (GDPR art. 4.12)."""

    CONFIDENTIALITY = "confidentiality", "des données ont été vues ou transmises à qui n’y a pas droit"
    INTEGRITY = "integrity", "des données ont été modifiées à tort"
    AVAILABILITY = "availability", "des données sont perdues ou inaccessibles"


class DataKind(Labelled):
    """Kinds of data of the persons."""

    IDENTITY = "identity", "identité (nom, date de naissance)"
    NUMBER = "number", "numéro de sécurité sociale"
    CONTACT = "contact", "coordonnées (adresse, téléphone, courriel)"
    SITUATION = "situation", "situation sociale ou familiale"
    RIGHTS = "rights", "droits à l’assurance maladie"
    HEALTH = "health", "santé"
    RESOURCES = "resources", "ressources"
    DOCUMENTS = "documents", "documents (pièces, courriers)"
    OTHER = "other", "autres données"


class EntryKind(StrEnum):
    """What is added to the file of a breach, and stays."""

    NOTE = "note"
    MEASURE = "measure"
    TOLD = "told"
    FILED = "filed"
    PERSONS_TOLD = "persons_told"
    AGREED = "agreed"


ENTRY_WORDS: Final[dict[EntryKind, str]] = {
    EntryKind.NOTE: "Précision",
    EntryKind.MEASURE: "Mesure prise",
    EntryKind.TOLD: "Partie prévenue autrement",
    EntryKind.FILED: "Notification à la CNIL",
    EntryKind.PERSONS_TOLD: "Personnes informées",
    EntryKind.AGREED: "Accord sur la décision",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """What a text, or the law where the text is silent, asks of a party that suspects a breach: to tell another one.

    `within` is None where no delay is given: « dans les meilleurs délais ». `asked`: what the text leaves blank.
    """

    addressee: str
    article: str
    within: Period | None
    start: BreachStart
    scope: str
    to_dpo: bool = False
    mutual: bool = False
    asked: str = ""


def duties(
    terms: Terms, debtor: str, *, noticed: datetime, zone: ZoneInfo, departement: str
) -> tuple[Duty, ...]:
    """Whom a party tells what it noticed then: one duty for each other party, the one that ends first where several regimes name it.

    A regime whose breach clause is blank asks nothing by itself; a processor then tells the controllers (GDPR art. 33.2).
    """

    def ends(duty: Duty) -> tuple[bool, datetime]:
        due = due_at(noticed, duty.within, zone=zone, departement=departement)
        return due is None, due or noticed

    found: dict[str, Duty] = {}
    for regime in terms.protection:
        for duty in _of_regime(regime, debtor):
            known = found.get(duty.addressee)
            if known is None or ends(duty) < ends(known):
                found[duty.addressee] = duty if known is None else _kept(duty, known)
    return tuple(found[key] for key in sorted(found))


def _of_regime(regime: ProtectionRegime, debtor: str) -> Iterator[Duty]:
    breach = regime.breach
    if isinstance(breach, Breach):
        if debtor in breach.notifies:
            within = None if isinstance(breach.within, Blank) else breach.within
            known = Duty(
                addressee="",
                article=article_named(breach.article),
                within=within,
                start=breach.start,
                scope=regime.scope,
                to_dpo=breach.to_dpo,
                mutual=breach.mutual,
                asked=breach.within.asked if isinstance(breach.within, Blank) else "",
            )
            yield from (replace(known, addressee=one) for one in breach.notified if one != debtor)
        return
    roles = regime.roles
    if isinstance(roles, Roles) and debtor in roles.processors:
        asked = breach.asked if isinstance(breach, Blank) else ""
        for one in roles.controllers:
            yield Duty(one, _UNDUE_DELAY, None, BreachStart.SUSPICION, regime.scope, asked=asked)


def _kept(shorter: Duty, longer: Duty) -> Duty:
    return replace(shorter, to_dpo=shorter.to_dpo or longer.to_dpo)


def controllers(terms: Terms) -> frozenset[str]:
    """The parties that answer for the data of a text: those that its regimes name as controllers."""
    roles = (regime.roles for regime in terms.protection)
    return frozenset(key for one in roles if isinstance(one, Roles) for key in one.controllers)


def joint_controllers(terms: Terms) -> tuple[frozenset[str], ...]:
    """Those that answer together under a text, and nowhere in it apart: one notice to the authority is of them all (GDPR art. 26)."""
    roles = [regime.roles for regime in terms.protection if isinstance(regime.roles, Roles)]
    apart = {key for one in roles if not one.joint for key in one.controllers}
    return tuple(frozenset(one.controllers) - apart for one in roles if one.joint)


def unfiled(
    controllers: Iterable[T], filed: Collection[T], together: Iterable[Collection[T]]
) -> tuple[T, ...]:
    """The controllers for whom no notice to the authority is noted: neither their own, nor one of those with whom they answer."""
    groups = [frozenset(one) for one in together if frozenset(one) & frozenset(filed)]
    covered = frozenset(filed).union(*groups)
    return tuple(one for one in controllers if one not in covered)


def deciders(terms: Terms) -> frozenset[str]:
    """Who decides what follows: those that a breach clause names, else the controllers; empty where the text knows neither."""
    named: set[str] = set()
    for regime in terms.protection:
        if isinstance(regime.breach, Breach) and isinstance(regime.breach.decides, tuple):
            named |= set(regime.breach.decides)
    return frozenset(named) or controllers(terms)


def due_at(noticed: datetime, within: Period | None, *, zone: ZoneInfo, departement: str) -> datetime | None:
    """The instant at which a delay ends, in UTC; None where there is no delay.

    Hours run through nights, holidays and clock changes; days end at midnight where the caisse is.
    """
    if within is None:
        return None
    if within.hours:
        return add_hours(noticed, within)
    day = noticed.astimezone(zone).date()
    last = (
        add_working_days(day, within.working_days, departement) if within.working_days else add(day, within)
    )
    return datetime.combine(last + DAY, time.min, zone).astimezone(UTC)


def authority_due(aware: datetime) -> datetime:
    """When the 72 hours of the controller end, from the instant when it knew (GDPR art. 33.1)."""
    return add_hours(aware, AUTHORITY_DELAY)


def instant_of(day: date, hour: time, zone: ZoneInfo) -> datetime | None:
    """The instant of a day and hour as a clock on the wall shows them, in UTC; None for an hour that the clock change skips.

    An hour that the clock shows twice is the first: delays end the sooner.
    """
    found = datetime.combine(day, hour, zone).astimezone(UTC)
    return found if found.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, hour) else None


NOTICED: Final = "dites quand vous l’avez constaté"
FILED: Final = "dites quand la notification a été déposée auprès de la CNIL"
HAPPENED: Final = "dites quand cela a eu lieu"


def noticed_fault(
    noticed: datetime | None, at: datetime, field: str = "noticed_on", say: str = NOTICED
) -> Fault | None:
    """What is wrong with the instant at which a breach was noticed, or at which something was done of it; `say`, what is asked then."""
    if noticed is None:
        return Fault(
            "Écrivez le jour et l’heure ; celle que saute le passage à l’heure d’été n’a pas existé.", field
        )
    if noticed > at:
        return Fault(f"Ce moment est dans le futur : {say}.", field)
    if noticed < at - timedelta(days=20 * 366):
        return Fault("Ce moment est trop ancien : vérifiez l’année.", field)
    return None


def number_fault(number: int | None, field: str) -> Fault | None:
    """What is wrong with an estimate of persons or records."""
    if number is not None and not 0 <= number <= MOST:
        return Fault("Donnez une estimation entre 0 et 10 000 000, ou laissez vide.", field)
    return None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the controllers decide: whether it is a breach, whether the authority and the persons are told."""

    is_breach: bool
    tells_authority: bool
    tells_persons: bool


def decision_faults(said: Decision, texts: dict[str, str]) -> list[Fault | None]:
    """What is missing: a reason where nobody is told; consequences and measures where it is a breach (GDPR art. 33.3, 33.5)."""
    needed = ["reason"] if not said.is_breach else ["consequences", "measures"]
    if said.is_breach and not said.tells_authority:
        needed.append("authority_reason")
    if said.is_breach and not said.tells_persons:
        needed.append("persons_reason")
    found: list[Fault | None] = [
        None if texts.get(field, "").strip() else Fault("Écrivez quelques mots.", field) for field in needed
    ]
    if not said.is_breach and (said.tells_authority or said.tells_persons):
        found.append(Fault("Ce qui n’est pas une violation ne se notifie à personne.", "is_breach"))
    return found


def missing(
    said: Decision, done: Iterable[str], unfiled: Sequence[str] = (), *, goes_on: bool | None = None
) -> tuple[str, ...]:
    """What was decided and is not noted as done yet, and that a breach is over: each keeps the file open.

    `unfiled`: the controllers whose notice is not noted; `goes_on`: what is known last of it.
    """
    kinds = frozenset(done)
    words = []
    if said.tells_authority and unfiled:
        words.append(f"la notification à la CNIL par {', par '.join(unfiled)}")
    elif said.tells_authority and EntryKind.FILED not in kinds:
        words.append("la notification à la CNIL")
    if said.tells_persons and EntryKind.PERSONS_TOLD not in kinds:
        words.append("l’information des personnes")
    if said.is_breach and goes_on:
        words.append("la fin de la violation, qui se poursuit d’après son étendue")
    return tuple(words)


def is_late(filed: datetime, aware: datetime) -> bool:
    """Whether a notice to the authority came after its 72 hours: it must then say why (GDPR art. 33.1)."""
    return filed > authority_due(aware)
