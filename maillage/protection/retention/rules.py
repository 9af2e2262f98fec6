"""How long each class of data is kept, from which fact, and who says so: the convention, else the law, else the platform. Pure.

Of the files of cases that no convention ends, the organisation itself says how long (`durations.py`): before that, nothing does.

Sources: GDPR art. 5.1.e (no longer than needed) and 33.5 (the register of breaches); Code civil art. 2224 (five years to act); CNIL,
recommendation on journals (six to twelve months); S2 and S4 annexe 1-7 (destruction at the term); S4 « mention » (contacts: « 5 ans
après notre dernier contact »).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from maillage.conventions.terms import Terms
from maillage.conventions.terms.base import Labelled
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.protection import Destruction, ProtectionRegime, Retention
from maillage.core.calendar import Period, add
from maillage.core.holidays import add_working_days

YEARS: Final = Period(months=60)
DRAFT_MONTHS: Final = Period(months=6)
"""A draft that nobody touched for six months is abandoned: a first application for rights is to be made within its year."""
NOTHING: Final[Mapping["DataClass", Period]] = MappingProxyType({})


class DataClass(Labelled):
    """A class of data that has one rule."""

    CASE = "case", "Dossiers des personnes accompagnées"
    DRAFT = "draft", "Brouillons d’orientation"
    PREPARATION = "preparation", "Dossiers de droits en préparation"
    TABLE = "table", "Tableaux de demandes importés"
    DIRECTORY = "directory", "Fichiers importés dans l’annuaire"
    REQUEST = "request", "Demandes de personnes sur leurs données"
    BREACH = "breach", "Registre des violations"
    REACH = "reach", "Étendue d’une violation : dossiers et comptes"
    REFERENT = "referent", "Référents des conventions"
    ATTENDEE = "attendee", "Personnes inscrites à des formations"
    INVITATION = "invitation", "Personnes invitées à ouvrir un compte"
    ACCOUNT = "account", "Comptes des personnes parties"
    SESSION = "session", "Sessions de connexion"
    ALERT = "alert", "Signalements du journal"
    JOURNAL = "journal", "Journal des accès"
    OUTBOX = "outbox", "Messages envoyés, ou abandonnés"


class Source(Labelled):
    """Who says how long."""

    TERMS = "terms", "la convention"
    LAW = "law", "la loi"
    OWN = "own", "votre organisme"
    DEFAULT = "default", "repère de la plateforme"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long data are kept: `duration` after `start`; without one, as `start` says in words of its own.

    `reference`: the article of the text or of the law, or why the platform or the organisation chose this. `blank`: what the text was
    asked and leaves open. `not_before`: the last day of a notice, before which nothing goes.
    """

    duration: Period | None
    start: str
    source: Source
    reference: str
    blank: str = ""
    not_before: date | None = None

    def until(self, fact: date | None, departement: str = "") -> date | None:
        """The last day, counted from the fact; None where no fact is known or no duration is given."""
        if fact is None or self.duration is None:
            return None
        last = (
            add_working_days(fact, self.duration.working_days, departement)
            if self.duration.working_days
            else add(fact, self.duration)
        )
        return max(last, self.not_before) if self.not_before else last


FIVE: Final = "durée de la mention d’information du cadre national avec la Croix-Rouge, reprise pour tous"
DEFAULTS: Final[Mapping[DataClass, Rule]] = MappingProxyType(
    {
        DataClass.CASE: Rule(
            None,
            "pour la durée que fixe votre organisme : tant qu’il n’en fixe pas, rien ne s’efface",
            Source.DEFAULT,
            "RGPD, article 5.1.e",
        ),
        DataClass.DRAFT: Rule(DRAFT_MONTHS, "la dernière écriture", Source.DEFAULT, "rien n’a été envoyé"),
        DataClass.PREPARATION: Rule(
            DRAFT_MONTHS, "la dernière écriture", Source.DEFAULT, "rien n’a été envoyé"
        ),
        DataClass.TABLE: Rule(Period(days=30), "le dépôt", Source.DEFAULT, "le temps de corriger les lignes"),
        DataClass.DIRECTORY: Rule(
            Period(days=30), "la fin de l’import", Source.DEFAULT, "le temps de vérifier le compte rendu"
        ),
        DataClass.REQUEST: Rule(YEARS, "la dernière réponse", Source.LAW, "Code civil, article 2224"),
        DataClass.BREACH: Rule(
            None, "tant que la plateforme sert : le registre reste", Source.LAW, "RGPD, article 33.5"
        ),
        DataClass.REACH: Rule(YEARS, "la clôture de la violation", Source.LAW, "Code civil, article 2224"),
        DataClass.REFERENT: Rule(YEARS, "le dernier contact", Source.DEFAULT, FIVE),
        DataClass.ATTENDEE: Rule(YEARS, "la dernière séance", Source.DEFAULT, FIVE),
        DataClass.INVITATION: Rule(YEARS, "le dernier contact", Source.DEFAULT, FIVE),
        DataClass.ACCOUNT: Rule(
            YEARS, "la fin du dernier rôle, le dernier acte, ou l’ouverture d’un compte sans aucun rôle", Source.DEFAULT, FIVE
        ),
        DataClass.SESSION: Rule(Period(days=1), "la fin de la session", Source.DEFAULT, "reconnaître une session"),
        DataClass.ALERT: Rule(
            Period(months=12),
            "le signalement",
            Source.LAW,
            "recommandation de la CNIL sur la journalisation : six à douze mois",
        ),
        DataClass.JOURNAL: Rule(
            Period(months=12),
            "l’acte",
            Source.LAW,
            "recommandation de la CNIL sur la journalisation : six à douze mois",
        ),
        DataClass.OUTBOX: Rule(
            Period(days=90), "l’envoi, ou le dernier essai", Source.DEFAULT, "savoir si un message est parti"
        ),
    }
)  # fmt: skip
OF_THE_TEXT: Final = frozenset({DataClass.CASE, DataClass.REFERENT, DataClass.ATTENDEE})
"""The classes of which a convention may speak; the others are the platform's own, whatever the conventions say."""


def rule_for(
    data: DataClass,
    terms: Terms | None = None,
    *,
    party: str = "",
    flow: str = "",
    own: Mapping[DataClass, Period] = NOTHING,
) -> Rule:
    """The rule of a class of data: of the text as it reads that day, else of the law or the platform, with what the text leaves blank.

    `party` is the one that holds the data, `flow` the one by which they came; `own`: durations set by the operator. Where several
    regimes speak of the same data, the longest counts: nothing goes before all of them let it.
    """
    regimes = regimes_of(terms, data, flow) if terms is not None and data in OF_THE_TEXT else ()
    said = [one.retention for one in regimes if isinstance(one.retention, Retention)]
    if said:
        longest = max(said, key=lambda one: _length(one.delay))
        return Rule(longest.delay, _fact(longest.start), Source.TERMS, longest.article)
    ends = [
        one.destruction
        for one in regimes
        if isinstance(one.destruction, Destruction) and party in one.destruction.by
    ]
    if ends and data is DataClass.CASE:
        return Rule(None, "jusqu’à la fin de la convention", Source.TERMS, ends[0].article)
    blank = next(
        (found.asked for one in regimes for found in (one.retention, one.destruction) if isinstance(found, Blank)),
        "",
    )  # fmt: skip
    usual = DEFAULTS[data]
    return replace(usual, duration=own.get(data, usual.duration), blank=blank)


def regimes_of(terms: Terms, data: DataClass, flow: str = "") -> tuple[ProtectionRegime, ...]:
    """The regimes of a text that protect a class of data: of contacts, or of the people of a flow."""
    contacts = data is not DataClass.CASE
    found = tuple(one for one in terms.protection if one.scope.casefold().startswith("contacts") is contacts)
    named = tuple(one for one in found if flow and flow in one.flows)
    return named or tuple(one for one in found if not flow or not one.flows)


def _length(period: Period) -> tuple[int, int]:
    """How long, in days or so, to compare; a working day is a little more than a day."""
    return (period.months * 31 + period.days + period.working_days * 2, period.hours)


def _fact(start: str) -> str:
    """« dernier contact », as a text writes it, after « après »."""
    lowered = (start[:1].lower() + start[1:]).removeprefix("après ")
    return f"le {lowered}" if lowered.startswith("dernier ") else lowered
