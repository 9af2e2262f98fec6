"""Who authorises that data go to somebody else, in which state an authorisation is, and which data it covers. Pure.

Sources: S2 and S4 annexe 1-4 (« sous-traitance ultérieure » with the prior authorisation of the caisse; data not sold, passed on, rented,
copied nor transferred without prior express agreement), GDPR art. 28.2 and 28.4 (sub-processors), 44 to 49 (outside the Union).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from maillage.conventions.terms import Terms
from maillage.conventions.terms.base import Labelled, article_named
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.flows import Roles
from maillage.conventions.terms.protection import ProtectionRegime, SubProcessing
from maillage.core.calendar import DAY
from maillage.core.refusals import Fault
from maillage.core.text import sort_key

LONGEST: Final = 2_000
"""Characters of each text about an authorisation."""
LONGEST_NAME: Final = 200
"""Characters of the name of a body."""
LONGEST_COUNTRY: Final = 80
"""Characters of the name of a country."""
REMINDED: Final = 30
"""Days before its last one on which the end of an authorisation is told."""
NOT_PASSED_ON: Final = "pas_de_cession"
"""The key by which the texts name the duty of passing nothing on."""
LAW: Final = "RGPD, article 28.2"
_EUROPE: Final = (
    "Allemagne", "Autriche", "Belgique", "Bulgarie", "Chypre", "Croatie", "Danemark", "Espagne", "Estonie", "Finlande", "France", "Grèce",
    "Hongrie", "Irlande", "Islande", "Italie", "Lettonie", "Liechtenstein", "Lituanie", "Luxembourg", "Malte", "Norvège", "Pays-Bas",
    "Pologne", "Portugal", "République tchèque", "Tchéquie", "Roumanie", "Slovaquie", "Slovénie", "Suède",
)  # fmt: skip
_EUROPEAN: Final = frozenset(sort_key(name) for name in _EUROPE)
"""The countries of the European Economic Area, where the regulation applies itself."""


class Kind(Labelled):
    """What is asked: who would receive the data, and where."""

    SUB_PROCESSOR = "sub_processor", "sous-traitant (il travaille pour votre organisme, sur ses instructions)"
    THIRD_PARTY = "third_party", "transfert à un tiers (il s’en sert pour lui-même)"
    OUTSIDE_UNION = "outside_union", "transfert hors de l’Union européenne"


class State(Labelled):
    """Where an authorisation stands on a day; only one that is granted lets data leave."""

    ASKED = "asked", "Demandée"
    GRANTED = "granted", "En vigueur"
    REFUSED = "refused", "Refusée"
    WITHDRAWN = "withdrawn", "Retirée"
    EXPIRED = "expired", "Échue"


@dataclass(frozen=True, slots=True)
class Authority:
    """Which parties authorise, by key, under which article; `asked`: what the text leaves blank, `why`: how they were found."""

    keys: tuple[str, ...]
    article: str
    why: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one party answered: `until` is the last day that it gives, None for as long as the convention lasts."""

    granted: bool
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an authorisation on a day, and the last day on which it holds; None where nothing ends it yet."""

    state: State
    last_day: date | None


def regimes(terms: Terms) -> tuple[ProtectionRegime, ...]:
    """Those under which persons' data may circulate at all: where none may, none is passed on either."""
    return tuple(one for one in terms.protection if one.nominative_data is not False)


def touched(terms: Terms, flows: Collection[str] = ()) -> tuple[str, ...]:
    """The regimes whose data an export takes along: those of these flows, or all where the text or the export names none."""
    found = regimes(terms)
    named = [one.key for one in found if set(one.flows) & set(flows)]
    return tuple(named or [one.key for one in found])


def authority(terms: Terms, regime: ProtectionRegime, asker: str, kind: Kind) -> Authority:
    """Who authorises this party: those that the text names, never itself; where it names nobody, every other party of the flow.

    Nobody at all where there is no other party.
    """
    parties = [one.key for one in terms.parties]
    clause = regime.sub_processing
    article = _article(regime, asker, kind)
    if isinstance(clause, SubProcessing):
        named = tuple(key for key in clause.prior_authorisation_by if key != asker and key in parties)
        if named:
            return Authority(named, article or article_named(clause.article), "le texte le dit")
    others = _others(terms, regime, parties, asker)
    if isinstance(clause, Blank):
        return Authority(
            others,
            article or article_named(clause.article or regime.article),
            "le texte est à compléter",
            clause.asked,
        )
    if isinstance(clause, SubProcessing):
        return Authority(others, article or article_named(clause.article), "nul ne s’autorise soi-même")
    return Authority(others, article or LAW, "le texte n’en dit rien")


def _article(regime: ProtectionRegime, asker: str, kind: Kind) -> str:
    """A transfer is under the duty of passing nothing on, where the text lays it on the asker."""
    if kind is Kind.SUB_PROCESSOR:
        return ""
    duty = next((one for one in regime.duties if one.key == NOT_PASSED_ON and asker in one.debtors), None)
    return article_named(duty.article) if duty else ""


def _others(terms: Terms, regime: ProtectionRegime, parties: list[str], asker: str) -> tuple[str, ...]:
    """The other parties of a regime, at an end of its flows or answering for its data; of the whole text where it names no other one."""
    concerned = {
        key for flow in terms.flows if flow.key in regime.flows for key in (flow.sender, flow.recipient)
    }
    if isinstance(regime.roles, Roles):
        concerned |= {*regime.roles.controllers, *regime.roles.processors}
    others = [key for key in parties if key != asker]
    return tuple(key for key in others if key in concerned) or tuple(others)


def standing(
    *,
    asked_of: Collection[UUID],
    answers: Mapping[UUID, Answered],
    withdrawn: bool,
    ended: bool,
    term: date | None,
    on: date,
) -> Standing:
    """Where it stands on a day. One refusal refuses; it holds once all have granted, until the first of their last days, and never
    after the `term` of the convention, nor once that has `ended`.
    """
    days = [one.until for one in answers.values() if one.granted and one.until is not None]
    last = min([*days, *([term] if term is not None else [])], default=None)
    if withdrawn:
        return Standing(State.WITHDRAWN, last)
    if any(not one.granted for one in answers.values()):
        return Standing(State.REFUSED, last)
    if ended or (last is not None and on > last):
        return Standing(State.EXPIRED, last)
    if set(asked_of) <= set(answers):
        return Standing(State.GRANTED, last)
    return Standing(State.ASKED, last)


def covers(found: Standing, starts_on: date, on: date) -> bool:
    """Whether data may leave on that day: granted, and begun."""
    return found.state is State.GRANTED and starts_on <= on


def reminded_on(last: date) -> date:
    """From which day on the coming end is told."""
    return last - REMINDED * DAY


def body_key(name: str, country: str) -> str:
    """What makes two authorisations be for the same body: its name and country, whatever their accents and capitals."""
    return f"{sort_key(name)}|{sort_key(country)}"


def is_european(country: str) -> bool:
    """Whether a country is of the European Economic Area, by its French name."""
    return sort_key(country) in _EUROPEAN


def country_fault(kind: str, country: str) -> Fault | None:
    """What is wrong with a country: it says whether the data leave the Union, and so must the kind."""
    if not country.strip():
        return Fault("Écrivez le pays.", "country")
    if kind == Kind.OUTSIDE_UNION and is_european(country):
        return Fault(
            "Ce pays est de l’Espace économique européen : choisissez l’une des deux premières réponses.",
            "kind",
        )
    if kind in (Kind.SUB_PROCESSOR, Kind.THIRD_PARTY) and not is_european(country):
        said = "Ce pays n’est pas de l’Espace économique européen : choisissez « transfert hors de l’Union européenne », ou corrigez-le."
        return Fault(said, "country")
    return None


def starts_fault(starts_on: date | None, on: date) -> Fault | None:
    """What is wrong with the day from which it is asked: an authorisation comes first."""
    if starts_on is None:
        return Fault("Donnez un jour.", "starts_on")
    if starts_on < on:
        return Fault("L’autorisation est préalable : donnez aujourd’hui ou un jour à venir.", "starts_on")
    if (starts_on - on).days > 3660:
        return Fault("Donnez un jour dans les dix ans.", "starts_on")
    return None


def answer_faults(
    *,
    granted: bool,
    words: str,
    has_document: bool,
    until: date | None,
    to_term: bool,
    day: date | None,
    asked_on: date,
    starts_on: date,
    on: date,
) -> list[Fault | None]:
    """What is wrong with an answer: when it was given, how long it holds, what is written of it."""
    found: list[Fault | None] = []
    if day is None or not asked_on <= day <= on:
        found.append(Fault("Donnez un jour entre la demande et aujourd’hui.", "day"))
    if not granted:
        return [*found, None if words.strip() else Fault("Dites pourquoi c’est refusé.", "words")]
    if not words.strip() and not has_document:
        found.append(Fault("Une autorisation est écrite : joignez-la, ou écrivez ses conditions.", "words"))
    if until is None and not to_term:
        found.append(Fault("Donnez le dernier jour, ou choisissez « tant que la convention dure ».", "until"))
    if until is not None and to_term:
        found.append(Fault("Choisissez : un dernier jour, ou tant que la convention dure.", "until"))
    if until is not None and (until < (day or on) or until < starts_on):
        found.append(
            Fault("Le dernier jour vient après celui de l’accord et après le début demandé.", "until")
        )
    return found


def common(covered: Iterable[Mapping[str, UUID]]) -> dict[str, tuple[UUID, ...]]:
    """The bodies that are authorised in each of these places, with what authorises them there; nobody where there is no place."""
    places = list(covered)
    if not places:
        return {}
    keys = set(places[0]).intersection(*places[1:])
    return {key: tuple(dict.fromkeys(place[key] for place in places)) for key in sorted(keys)}
