"""A breach in words: its clocks, and why each date is what it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage.conventions.terms.protection import BreachStart
from maillage.core.calendar import Period
from maillage.core.french import typeset
from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.protection.breaches.extent_rules import Extent, changed
from maillage.protection.breaches.following import MEANS
from maillage.protection.breaches.models import BreachNotice
from maillage.protection.breaches.queries import FileParty
from maillage.protection.breaches.reporting import Shortest
from maillage.protection.breaches.rules import DataKind, Nature, authority_due
from maillage.protection.breaches.states import State
from maillage.web.presentation.components import DueBadge, Explanation
from maillage.web.presentation.dates import long_instant, short_instant
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.tones import Tone

TONES: Final[Mapping[str, Tone]] = {
    State.SUSPECTED: Tone.SOON,
    State.CONFIRMED: Tone.LATE,
    State.RULED_OUT: Tone.GOOD,
    State.CLOSED: Tone.NEUTRAL,
}
_RUNS: Final = "Les heures courent la nuit, les jours fériés et aux changements d’heure."


def _runs(start: datetime, due: datetime | None, zone: ZoneInfo) -> str:
    """How hours are counted, and that the clock on the wall moved between two instants, if it does."""
    if due is None or start.astimezone(zone).utcoffset() == due.astimezone(zone).utcoffset():
        return _RUNS
    return f"{_RUNS} L’heure change entre les deux : lue sur une horloge, cette échéance paraît décalée d’une heure, le compte est juste."


def zone_of(member: Member) -> ZoneInfo:
    """The clock of the organisation for which one acts."""
    return ZoneInfo(member.time_zone)


def hours_badge(due: datetime, at: datetime, zone: ZoneInfo, why: Explanation | None = None) -> DueBadge:
    """A due instant in words, by the hour: « dans 5 heures », « en retard de 2 jours »."""
    left = due - at
    late = left < timedelta(0)
    hours = int(abs(left) / timedelta(hours=1))
    days = counted(hours // 24, "jour")
    length = days if hours >= 48 else counted(hours, "heure") if hours else "moins d’une heure"
    text = f"en retard de {length}" if late else f"dans {length}"
    tone = Tone.LATE if late else Tone.SOON if left < timedelta(hours=24) else Tone.NEUTRAL
    return DueBadge(text, tone, short_instant(due, zone), why)


def notice_why(one: BreachNotice, zone: ZoneInfo) -> Explanation:
    """Why a party is to be told by then."""
    start = BreachStart.of(one.start).label
    fact = f"Constatée le {long_instant(one.counted_from, zone)}."
    if not one.within:
        return Explanation(fact, "Le texte ne donne pas de délai : dans les meilleurs délais.", one.article)
    rule = f"{Period.parse(one.within).label()}, {start}."
    warning = (
        ""
        if one.start != BreachStart.NOT_STATED
        else "Le texte ne dit pas depuis quand : le plus tôt est retenu."
    )
    runs = _runs(one.counted_from, one.due_at, zone)
    return Explanation(fact, rule, one.article, calendar=runs, warning=warning)


def shortest_why(one: Shortest, noticed: datetime, zone: ZoneInfo) -> Explanation:
    """Why the conventions are to be said by then: the shortest delay that any of them gives."""
    within = one.duty.within.label() if one.duty.within else ""
    return Explanation(
        fact=f"Constatée le {long_instant(noticed, zone)}.",
        rule=f"{within}, {one.duty.start.label} : le délai le plus court de vos conventions, compté dès la suspicion.",
        article=typeset(f"« {one.convention.row.title} », {one.duty.article}"),
        calendar=_runs(noticed, one.due_at, zone),
    )


def authority_badge(party: FileParty, at: datetime, zone: ZoneInfo) -> DueBadge | None:
    """The 72 hours of a controller; None for whoever does not know yet."""
    if party.aware_at is None:
        return None
    why = Explanation(
        fact=f"{party.name} en a connaissance depuis le {long_instant(party.aware_at, zone)}.",
        rule="72 heures pour notifier à la CNIL, sauf si la violation ne fait pas courir de risque aux personnes. Ce qui manque se "
        "complète ensuite.",
        article="RGPD, article 33.1",
        calendar=_runs(party.aware_at, authority_due(party.aware_at), zone),
    )
    return hours_badge(authority_due(party.aware_at), at, zone, why)


def told_badge(one: BreachNotice, at: datetime, zone: ZoneInfo) -> DueBadge | None:
    """Whether the delay of a notice runs, was kept or has passed; None where there is none."""
    if one.due_at is None:
        return None
    why = notice_why(one, zone)
    if one.told_at is None:
        return hours_badge(one.due_at, at, zone, why)
    kept = one.told_at <= one.due_at
    words, tone = ("délai tenu", Tone.GOOD) if kept else ("prévenu après le délai", Tone.LATE)
    return DueBadge(words, tone, short_instant(one.due_at, zone), why)


def means_words(one: BreachNotice) -> str:
    """How a party was told."""
    return "par Maillage" if one.means == "platform" else MEANS.get(one.means, "")


def how_many(one: Extent) -> str:
    """About how many persons and records."""
    people = "nombre de personnes inconnu" if one.people is None else counted(one.people, "personne")
    if one.people and one.people > 1:
        people = f"environ {people}"
    records = (
        "" if one.records is None else f", {counted(one.records, 'document ou ligne', 'documents ou lignes')}"
    )
    return people + records


def goes_on(one: Extent) -> str:
    """Whether it goes on."""
    return {True: "Oui", False: "Non", None: "On ne sait pas"}[one.goes_on]


def moment(instant: datetime | None, zone: ZoneInfo) -> str:
    """An instant that may not be known."""
    return long_instant(instant, zone) if instant else ""


def first(said: str, now: str) -> str:
    """What was said of it at first, where it is not what is known now."""
    return "" if said == now else f"D’abord signalé : {said}."


def whole(one: Extent, zone: ZoneInfo) -> str:
    """All that is known of how far a breach reaches, on one line."""
    spans = [
        f"{word} le {short_instant(instant, zone)}"
        for word, instant in (("commencée", one.began_at), ("terminée", one.stopped_at))
        if instant
    ]
    goes = f"se poursuit : {goes_on(one).lower()}"
    return " ; ".join([how_many(one), kinds(one), natures(one), goes, *spans])


def differs(former: Extent, new: Extent, zone: ZoneInfo) -> str:
    """What an update changes, on one line."""
    said = {
        "natures": f"nature : {natures(new)}",
        "data": f"données : {kinds(new)}",
        "people": how_many(replace(new, records=None)),
        "records": "documents ou lignes : " + ("inconnu" if new.records is None else number(new.records)),
        "goes_on": f"se poursuit : {goes_on(new).lower()}",
        "began_at": f"commencée le {moment(new.began_at, zone)}" if new.began_at else "début inconnu",
        "stopped_at": f"terminée le {moment(new.stopped_at, zone)}" if new.stopped_at else "fin inconnue",
    }
    return " ; ".join(said[name] for name in changed(former, new))


def natures(one: Extent) -> str:
    """What happened to the data."""
    return " ; ".join(nature.label for nature in Nature if nature.value in one.natures)


def kinds(one: Extent) -> str:
    """Which data."""
    return ", ".join(kind.label for kind in DataKind if kind.value in one.data)


def names(*users: UUID | None) -> dict[UUID, str]:
    """The names of colleagues, by account."""
    wanted = {user for user in users if user is not None}
    return dict(User.objects.filter(id__in=wanted).values_list("id", "full_name"))
