"""A request in words: its clock and why, what is asked, what the texts say of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.beneficiaries.models import Correction
from maillage.beneficiaries.rules import fields_words
from maillage.conventions.terms.base import article_named
from maillage.conventions.terms.protection import DataRight, RightsChannel
from maillage.organisations.member import Member
from maillage.protection.requests.begun import Begun
from maillage.protection.requests.models import RequestFile, RightsRequest
from maillage.protection.requests.queries import departement_of
from maillage.protection.requests.relaying import Target
from maillage.protection.requests.states import WORDS, State
from maillage.web.presentation.components import DueBadge, Explanation, due_badge
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset

TONES: Final[Mapping[str, Tone]] = {
    State.ASKED: Tone.SOON,
    State.ANSWERED: Tone.GOOD,
    State.NOTHING: Tone.GOOD,
    State.REFUSED: Tone.NEUTRAL,
}


def state_words(file: RequestFile, *, follows: bool) -> tuple[str, Tone]:
    """Where it stands, for whoever answers; for whoever wrote it down, that it is noted: « rien trouvé » says that nobody knows her."""
    return (WORDS[State(file.state)], TONES[file.state]) if follows else ("Notée", Tone.NEUTRAL)


def rights_words(request: RightsRequest) -> str:
    """What is asked, in a few words."""
    return ", ".join(DataRight.of(one).label for one in request.rights)


def corrected_words(row: Correction, zone: ZoneInfo) -> str:
    """« Identité corrigée le 3 mars 2026 par CPAM 42 (nom, date de naissance). »"""
    day = long_date(row.corrected_at.astimezone(zone).date())
    return f"Identité corrigée le {day} par {row.organisation.name} ({fields_words(row.fields)})."


def why(request: RightsRequest, member: Member) -> Explanation:
    """Why it is to be answered by then."""
    rule = "Un mois à compter de la réception : le même jour du mois suivant, ou son dernier jour."
    if request.extended_on is not None:
        rule = f"Un mois, prolongé de deux le {long_date(request.extended_on)} : la raison est au dossier."
    return Explanation(
        fact=f"Demande reçue le {long_date(request.received_on)}.",
        rule=rule,
        article="RGPD, article 12.3",
        calendar="Si ce jour est un samedi, un dimanche ou un jour férié du département "
        f"{departement_of(member)}, le délai va jusqu’au premier jour ouvré (règlement n°\u00a01182/71).",
    )


def badge(request: RightsRequest, member: Member, on: date) -> DueBadge:
    """By when, seen on a day, and why."""
    return due_badge(request.due_on, on, why(request, member))


def target_words(one: Target) -> SafeString:
    """A party that may be asked: whom, by which article; below, why, how one writes there, what the text leaves blank."""
    way = one.way
    who = f"{one.name}, délégué à la protection des données" if way.to_dpo else one.name
    place = article_named(way.article)
    why = "Le texte y envoie les demandes." if one.must else "Répond de son côté, si la personne le souhaite."
    said = [why, f"{one.title}."]
    if way.channel is not RightsChannel.NOT_STATED:
        said.append(f"Il s’y écrit {way.channel.label}.")
    if way.contact:
        said.append(f"Adresse : {way.contact.rstrip('.')}.")
    said += [f"À compléter : {asked.rstrip('.')}." for asked in way.asked]
    return format_html(
        '{}<br><span class="small soft">{}</span>',
        typeset(f"{who} ({place})" if place else who),
        typeset(" ".join(said)),
    )


def blanks(found: Sequence[Target]) -> list[str]:
    """What the texts leave to fill, once each."""
    return list(dict.fromkeys(asked for one in found for asked in one.way.asked))


def begun_words(one: Begun, zone: ZoneInfo) -> str:
    """What is begun and not sent, whom it is about as far as it is written, who began it."""
    written = one.written
    who = f"{written.surname.upper()} {written.given_name}".strip() or "nom pas encore écrit"
    born = f", né·e le {short_date(written.birth_date)}" if written.birth_date else ", sans date de naissance"
    label = one.key.kind.label
    day = short_date(one.saved_at.astimezone(zone).date())
    line = f" {one.key.line}" if one.key.line else ""
    return typeset(
        f"{label[0].upper()}{label[1:]}{line}, de {one.author}, {one.key.kind.saved} le {day} : {who}{born}"
    )
