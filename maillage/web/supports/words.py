"""Supports in words: what they are, for whom, where a version stands, what to use instead."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from maillage.catalogue.models import SupportVersion
from maillage.catalogue.queries import Shown
from maillage.catalogue.rights import offered_name
from maillage.catalogue.rules import AUDIENCES, KINDS, LANGUAGES, STANDINGS, Standing
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import between, long_date, short_date
from maillage.web.presentation.numbers import file_size
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import NBSP

TONES: dict[Standing, Tone] = {
    Standing.DRAFT: Tone.INFO,
    Standing.UPCOMING: Tone.INFO,
    Standing.CURRENT: Tone.GOOD,
    Standing.ENDED: Tone.LATE,
    Standing.REPLACED: Tone.NEUTRAL,
    Standing.WITHDRAWN: Tone.LATE,
    Standing.DISCARDED: Tone.NEUTRAL,
}


SUPPORT_WORDS: dict[Standing, str] = {
    **STANDINGS,
    Standing.REPLACED: "Remplacé",
    Standing.WITHDRAWN: "Retiré",
    Standing.DISCARDED: "Abandonné",
}
"""What is said of a version, said of a support."""


def support_standing(shown: Shown) -> Standing:
    """Where a support stands: as its current version, else as the last one that was published, else as a draft."""
    if shown.current is not None:
        return Standing.CURRENT
    latest = shown.latest
    return shown.standing(latest) if latest is not None else Standing.DRAFT


def standing_words(standing: Standing, words: dict[Standing, str] = STANDINGS) -> str:
    """The words of a state, unbreakable in a cell."""
    return words[standing].replace(" ", NBSP)


def listed(keys: Iterable[str], known: dict[str, str]) -> str:
    """Words of several keys, in the order of the list that they are taken from."""
    chosen = set(keys)
    return ", ".join(words for key, words in known.items() if key in chosen)


def facts(shown: Shown) -> list[Fact]:
    """What a support is, whatever its version."""
    row = shown.support
    given = [
        Fact("Nature", KINDS[row.kind]),
        Fact("Proposé par", row.organisation.name),
        Fact("Pour qui", listed(row.audience, AUDIENCES)),
        Fact("Langues", listed(row.languages, LANGUAGES)),
    ]
    if row.services:
        given.append(Fact("Services et droits", ", ".join(offered_name(key) for key in row.services)))
    current = shown.current
    if current is not None:
        given.append(Fact("Version à jour", current.label, _validity(current)))
        if current.changes:
            given.append(Fact("Ce qui change", current.changes))
        given.append(Fact("Contenu", content_words(current)))
    return given


def _validity(version: SupportVersion) -> str:
    days = version.days
    return f"Valable {between(days.first, days.last)}" if days else ""


def content_words(version: SupportVersion) -> str:
    """A link, by its host; or a file, its kind and size."""
    if version.link:
        return f"Lien vers {version.link.removeprefix('https://').partition('/')[0]}"
    return "Fichier" if version.document is None else f"Fichier, {file_size(version.document.size)}"


def alarm(shown: Shown) -> str:
    """Why there is nothing to hand out; empty while a version is current."""
    latest = shown.latest
    if shown.current is not None:
        return ""
    if latest is None:
        return "Aucune version n’est encore publiée : ce support n’est visible que de votre organisme."
    standing = shown.standing(latest)
    if standing is Standing.WITHDRAWN:
        return (
            f"Retiré : ne le remettez plus. {latest.reason.rstrip('.')}."
            if latest.reason
            else "Retiré : ne le remettez plus."
        )
    if standing is Standing.UPCOMING:
        return f"La prochaine version vaut à partir du {_day(latest.valid_from)}."
    return f"Obsolète depuis la fin de sa validité, le {_day(latest.valid_until)} : ne le remettez plus."


def _day(value: date | None) -> str:
    return long_date(value) if value else ""


def days_words(version: SupportVersion, zone: ZoneInfo) -> str:
    """The days of a version, for a table; those of one that was withdrawn or replaced end that day."""
    days = version.days
    if days is None:
        return "–"
    last = version.closed_at.astimezone(zone).date() if version.closed_at else days.last
    return f"{short_date(days.first)} – {short_date(last)}" if last else f"Depuis le {short_date(days.first)}"
