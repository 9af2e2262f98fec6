"""From what someone types in a form to the value that a blank waits for. Pure.

Each kind of blank has its words: « 15 jours », « 14/11/2024 », one line per element. Several shapes may be right for one
text (a list or a sentence); the first that the Terms accept is taken.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import JsonValue

from maillage.conventions.terms import Blank, Expectation, Terms, TermsError
from maillage.conventions.terms.commitments import Rhythm
from maillage.conventions.terms.editing import value_at
from maillage.conventions.terms.filling import fill
from maillage.conventions.terms.flows import ChannelKind
from maillage.conventions.terms.reading_yaml import read_document
from maillage.core.identifiers import compact_number, is_siren, is_siret
from maillage.core.refusals import Refused
from maillage.core.text import sort_key

RHYTHMS: Final[dict[str, str]] = {
    Rhythm.ONCE: "une fois", Rhythm.CONTINUOUS: "en continu", Rhythm.ON_OPPORTUNITY: "selon les occasions",
    Rhythm.WEEKLY: "chaque semaine", Rhythm.MONTHLY: "chaque mois", Rhythm.QUARTERLY: "chaque trimestre",
    Rhythm.HALF_YEARLY: "chaque semestre", Rhythm.YEARLY: "chaque année",
}  # fmt: skip
CHANNELS: Final[dict[str, str]] = {
    ChannelKind.PLATFORM: "Maillage", ChannelKind.ESPACE_PARTENAIRES: "extranet sécurisé Espace Partenaires",
    ChannelKind.SECURE_SERVER: "serveur sécurisé", ChannelKind.SECURE_EXTRANET: "extranet sécurisé local",
    ChannelKind.AIDANTS_CONNECT: "Aidants Connect", ChannelKind.PAPER: "papier", ChannelKind.POST: "courrier postal",
    ChannelKind.PERSON: "par la personne elle-même", ChannelKind.TO_AGREE: "à convenir",
}  # fmt: skip
_UNITS: Final = {
    "an": "y", "ans": "y", "mois": "m", "semaine": "w", "semaines": "w", "jour": "d", "jours": "d", "heure": "h",
    "heures": "h", "jours ouvres": "wd", "jour ouvre": "wd", "j": "d", "h": "h",
}  # fmt: skip
_HELP: Final[dict[Expectation, str]] = {
    Expectation.NUMBER: "Écrivez un nombre entier.",
    Expectation.DATE: "Écrivez une date, par exemple 14/11/2024.",
    Expectation.DELAY: "Écrivez une durée, par exemple 15 jours, 2 mois ou 24 heures.",
    Expectation.REGISTRATION: "Écrivez un SIRET (14 chiffres) ou un SIREN (9 chiffres) dont la clé est juste.",
    Expectation.CHANNEL: "Choisissez un canal.",
    Expectation.CHOICE: "Choisissez l’une des valeurs proposées.",
    Expectation.ROLES: "Choisissez au moins un responsable du traitement.",
    Expectation.CLAUSE: "Écrivez la clause en YAML, comme dans un fichier de convention.",
}


def choices(blank: Blank) -> tuple[tuple[str, str], ...]:
    """The (value, label) pairs that a form proposes; empty when the answer is free."""
    # The texts give examples of secure channels: this is another.
    if blank.among and blank.expects is Expectation.CHANNEL:
        return tuple((one, one) for one in (CHANNELS[ChannelKind.PLATFORM], *blank.among))
    if blank.among:
        return tuple((one, one) for one in blank.among)
    if blank.expects is Expectation.CHOICE:
        return tuple(RHYTHMS.items())
    if blank.expects is Expectation.CHANNEL:
        return tuple((CHANNELS[kind], CHANNELS[kind]) for kind in CHANNELS)
    return ()


def data_from_text(terms: Terms, path: str, text: str) -> JsonValue:
    """The plain value for the blank at `path` from what was typed. Raises `Refused` at that path, in plain French."""
    blank = _blank(terms, path)
    typed = text.strip()
    if not typed:
        raise Refused(f"À compléter : {blank.asked}.", path, blank.article)
    for candidate in _candidates(blank, typed):
        if _accepted(terms, path, candidate):
            return candidate
    raise Refused(
        _HELP.get(blank.expects, "Cette valeur n’est pas du type attendu ici."), path, blank.article
    )


def roles(*, controllers: list[str], processors: list[str], joint: bool = False) -> JsonValue:
    """The value of a blank that waits for GDPR roles, from the keys of the parties ticked."""
    value: dict[str, Any] = {"controllers": controllers}
    if processors:
        value["processors"] = processors
    return value | ({"joint": True} if joint else {})


def _blank(terms: Terms, path: str) -> Blank:
    try:
        found = value_at(terms, path)
    except TermsError as error:
        raise Refused("Ce champ n’existe pas dans le texte.", path[:400]) from error
    if not isinstance(found, Blank):
        raise Refused("Ce blanc est déjà rempli.", path)
    return found


def _accepted(terms: Terms, path: str, value: JsonValue) -> bool:
    try:
        fill(terms, path, value)
    except TermsError:
        return False
    return True


def _candidates(blank: Blank, typed: str) -> Iterator[JsonValue]:
    match blank.expects:
        case Expectation.NUMBER:
            yield from _whole_number(typed)
        case Expectation.DATE:
            yield from _day(typed)
        case Expectation.DELAY:
            yield from _delay(typed)
            yield from _delays(typed)
        case Expectation.REGISTRATION:
            yield from _registration(typed)
        case Expectation.CHANNEL:
            yield from _channels(typed)
        case Expectation.CLAUSE | Expectation.ROLES:
            yield from _clause(typed)
    yield typed
    yield [line.strip() for line in typed.splitlines() if line.strip()]
    if blank.expects in {Expectation.CONTACT, Expectation.LIST}:
        yield from _clause(typed)


def _whole_number(typed: str) -> Iterator[JsonValue]:
    digits = "".join(typed.split())
    if digits.isascii() and digits.isdigit() and len(digits) <= 9:
        yield int(digits)


def _day(typed: str) -> Iterator[JsonValue]:
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", typed, re.ASCII):
        yield f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"


def _delay(typed: str) -> Iterator[JsonValue]:
    if found := re.fullmatch(r"(\d{1,4})\s*(\D+)", sort_key(typed), re.ASCII):
        unit = _UNITS.get(found[2].strip())
        if unit:
            yield f"{int(found[1])}{unit}"


def _delays(typed: str) -> Iterator[JsonValue]:
    parts = [part.strip() for part in re.split(r"[,;\n]", typed) if part.strip()]
    found = [delay for part in parts for delay in _delay(part)]
    if found and len(found) == len(parts):
        yield found


def _registration(typed: str) -> Iterator[JsonValue]:
    number = compact_number(typed)
    if is_siret(number):
        yield {"scheme": "siret", "number": number}
    elif is_siren(number):
        yield {"scheme": "siren", "number": number}


def _channels(typed: str) -> Iterator[JsonValue]:
    known = {sort_key(label): kind for kind, label in CHANNELS.items()}
    kind = known.get(sort_key(typed), typed)
    yield [{"kind": str(kind)}]
    yield [{"kind": ChannelKind.TO_AGREE.value, "description": typed[:400]}]


def _clause(typed: str) -> Iterator[JsonValue]:
    try:
        data = read_document(f"clause:\n{_indented(typed)}", "clause").data
    except TermsError:
        return
    if isinstance(data, dict):
        yield data.get("clause")


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
