"""By when a request is answered, which rights a text names, to whom it says that requests go, what a request must say. Pure.

Sources: GDPR art. 12.3 (one month, two more if told within the first), 12.6 (identity), 15 to 22 (the rights); Regulation 1182/71 art. 3
(how a month is counted); S2 annexe 1-5, S3 art. 6, S4 annexe 1-5 and « mention » (whom one writes to).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.cases.rules import RESTRICTIONS
from maillage.conventions.terms import Terms
from maillage.conventions.terms.base import Labelled
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.flows import Roles
from maillage.conventions.terms.protection import (
    DataRight,
    LawfulBasis,
    ProtectionRegime,
    RightsChannel,
    RightsRequests,
)
from maillage.core.calendar import DAY, Period, add
from maillage.core.holidays import roll_forward
from maillage.core.refusals import Fault

MONTH: Final = Period(months=1)
"""From the day received (GDPR art. 12.3)."""
EXTENSION: Final = Period(months=2)
LONGEST: Final = 2_000
"""Characters of each text about a request."""
OLDEST: Final = 2 * 366 * DAY
"""A request received longer ago is a slip of the keyboard."""


class Channel(Labelled):
    """How a request came; of an e-mail nothing is kept here."""

    LETTER = "letter", "par courrier"
    COUNTER = "counter", "à l’accueil, de vive voix"
    PHONE = "phone", "par téléphone"
    E_MAIL = "e_mail", "par courrier électronique"
    WORKER = "worker", "par une personne qui l’accompagne"


class Check(Labelled):
    """How one made sure that the person is who she says, in proportion (GDPR art. 12.6): no copy is kept."""

    KNOWN = "known", "connue de qui l’accompagne"
    SEEN = "seen", "un document d’identité vu, dont aucune copie n’est gardée"
    DETAILS = "details", "elle a dit ce qu’elle seule pouvait savoir"
    RELAYED = "relayed", "contrôlée par l’organisme qui a transmis la demande, ce qui nous suffit"
    PENDING = "pending", "pas encore vérifiée"


class Subject(Labelled):
    """Whose data they are: somebody who is helped, or who works under a contract."""

    PERSON = "person", "une personne accompagnée"
    CONTACT = "contact", "un contact de contrat, chez un partenaire"


class Ground(Labelled):
    """Why a request is refused, whole or in part."""

    IDENTITY = "identity", "l’identité n’a pas pu être vérifiée (RGPD, article 12.6)"
    EXCESSIVE = "excessive", "la demande est manifestement infondée ou excessive (RGPD, article 12.5)"
    OTHERS = "others", "elle porterait atteinte aux droits d’autres personnes (RGPD, article 15.4)"
    LEGAL = "legal", "le traitement répond à une obligation légale (RGPD, articles 17.3 et 21)"
    PUBLIC_TASK = "public_task", "le traitement est nécessaire à une mission d’intérêt public (RGPD, articles 17.3 et 20.3)"  # fmt: skip
    COMPELLING = (
        "compelling",
        "des motifs impérieux, ou un droit à défendre en justice, l’emportent (RGPD, article 21.1)",
    )
    NOT_HELD = "not_held", "ce droit n’est pas ouvert pour ces données"
    BASIS = "basis", "ces données ne servent ni une mission d’intérêt public ni un intérêt légitime (RGPD, article 21.1)"  # fmt: skip


def right_to_object(bases: Collection[LawfulBasis] | None) -> str:
    """Whether she may object where a clause rests on these bases (GDPR art. 21.1), in a sentence; None where that is still asked."""
    if bases is None:
        return "base légale à préciser : dites-la avant de répondre, le droit d’opposition en dépend (RGPD, article 21.1)"
    if {LawfulBasis.PUBLIC_TASK, LawfulBasis.LEGITIMATE_INTERESTS} & set(bases):
        return "le droit d’opposition est ouvert (RGPD, article 21.1)"
    if LawfulBasis.CONSENT in bases:
        return "pas de droit d’opposition : elle peut retirer son accord à tout moment (RGPD, article 7.3), faites-le sur ses dossiers"
    return "pas de droit d’opposition (RGPD, article 21.1)"


class Outcome(Labelled):
    """What an organisation answers to one right that was asked."""

    GRANTED = "granted", "accordé"
    NOTHING = "nothing", "rien trouvé"
    REFUSED = "refused", "refusé"


class Told(Labelled):
    """What is told to whoever else received the data, each with its receipt (GDPR art. 19)."""

    RECTIFICATION = "rectification", "une rectification"
    RESTRICTION = "restriction", "une limitation"
    LIFTING = "lifting", "une limitation levée"
    OBJECTION = "objection", "une opposition"


RIGHT_WORDS: Final[dict[DataRight, str]] = {
    DataRight.ACCESS: "Savoir ce qui est gardé sur elle (accès, article 15)",
    DataRight.RECTIFICATION: "Faire corriger ce qui est faux (rectification, article 16)",
    DataRight.ERASURE: "Faire effacer (effacement, article 17)",
    DataRight.RESTRICTION: "Faire suspendre l’usage (limitation, article 18)",
    DataRight.PORTABILITY: "Récupérer ses données (portabilité, article 20)",
    DataRight.OBJECTION: "S’opposer (opposition, article 21)",
}
ALWAYS: Final = (DataRight.ACCESS, DataRight.RECTIFICATION, DataRight.RESTRICTION, DataRight.OBJECTION)
"""What the law gives whatever a text says; erasure and portability only where a text gives them."""


def due_on(received: date, departement: str) -> date:
    """The last day to answer: one month, rolled over Saturdays, Sundays and holidays (Regulation 1182/71 art. 3.4)."""
    return roll_forward(add(received, MONTH), departement)


def extended_due_on(received: date, departement: str) -> date:
    """The last day once extended: three months in all from the day received (GDPR art. 12.3)."""
    return roll_forward(add(received, MONTH.plus(EXTENSION)), departement)


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered to one right: granted, nothing found, or refused on a ground, with why it applies; `done`, what granting did."""

    right: DataRight
    outcome: Outcome
    ground: str = ""
    words: str = ""
    done: str = ""


def ended_as(said: Iterable[Said]) -> str:
    """The verb that ends a file once each right has its answer: refused or nothing only where all are."""
    found = {one.outcome for one in said}
    if found == {Outcome.REFUSED}:
        return "refuse"
    return "find_nothing" if found == {Outcome.NOTHING} else "answer"


_CASES_STAY: Final = (
    "Ce qui s’efface, ce sont ses contacts : cochez-les d’abord. Les dossiers ne s’effacent pas à la demande : s’il n’y a rien d’autre,"
    " refusez : ce droit n’est pas ouvert, ou le traitement répond à une obligation légale."
)


def grounds(right: DataRight | None = None) -> list[Ground]:
    """On what a right may be refused: an objection for the basis of the processing, not for a task of public interest (21.1)."""
    without = Ground.PUBLIC_TASK if right is DataRight.OBJECTION else Ground.BASIS
    found = [one for one in Ground if one is not without]
    return sorted(found, key=lambda one: one is not Ground.NOT_HELD) if right in _NOT_OPEN else found


_NOT_OPEN: Final = {DataRight.ERASURE: "17.3", DataRight.PORTABILITY: "20.1"}
"""Of a right that the law opens in some cases alone, the article that says when it is not open."""


def ground_words(ground: str, right: DataRight | None) -> str:
    """A ground of refusal as it is told, with its article; « pas ouvert » has that of the right that was asked."""
    label = Ground.of(ground).label
    article = _NOT_OPEN.get(right) if right is not None and ground == Ground.NOT_HELD else None
    return f"{label} (RGPD, article {article})" if article else label


def outcome_faults(
    *,
    right: DataRight,
    outcome: str,
    ground: str,
    restriction: str,
    has_cases: bool,
    has_contacts: bool = False,
    has_flows: bool = False,
) -> list[Fault | None]:
    """What is wrong with an answer to one right, at its field."""
    granted, held = outcome == Outcome.GRANTED, has_cases or has_contacts
    nothing, refused = outcome == Outcome.NOTHING, outcome == Outcome.REFUSED
    freezes = right is DataRight.RESTRICTION and granted
    closes = right is DataRight.OBJECTION and granted
    return [
        None if outcome in set(Outcome) else Fault("Choisissez une réponse.", "outcome"),
        Fault("Choisissez un motif.", "ground") if refused and ground not in set(grounds(right)) else None,
        Fault("Des dossiers ou des contacts sont les siens : accordez, ou refusez avec un motif.", "outcome") if nothing and held else None,
        Fault(_CASES_STAY, "outcome") if right is DataRight.ERASURE and granted and not has_contacts else None,
        Fault("Cochez d’abord ses contacts : c’est ce qu’elle a donné qui lui est remis.", "outcome")
        if right is DataRight.PORTABILITY and granted and not held
        else None,
        Fault("Cochez d’abord ses dossiers : c’est eux que la réponse touche.", "outcome")
        if freezes and not has_cases
        else None,
        Fault("Cochez d’abord ses dossiers, ou dites ici à quels envois elle s’oppose : c’est ce que la réponse touche.", "outcome")
        if closes and not (has_cases or has_flows)
        else None,
        Fault("Dites pour quel motif de l’article 18.", "restriction") if freezes and restriction not in RESTRICTIONS else None,
    ]  # fmt: skip


def uncorrected_fault(cases: Sequence[str], words: str) -> Fault | None:
    """Why a rectification is not granted: in these cases, named to people, nothing is corrected, and nobody says why (GDPR art. 16)."""
    if not cases or words.strip():
        return None
    return Fault(
        f"L’identité n’est pas corrigée dans : {', '.join(cases)}. Corrigez-la depuis la page de la demande, ou dites ici pourquoi il n’y"
        " avait rien à y corriger : la lettre le dira.",
        "words",
        "RGPD, article 16",
    )


def extension_fault(*, on: date, first_due: date, extended: bool) -> Fault | None:
    """Why the delay is not extended: once only, and told within the first month."""
    if extended:
        return Fault("Le délai a déjà été prolongé : il ne l’est qu’une fois (RGPD, article 12.3).")
    if on > first_due:
        return Fault(
            "Le premier mois est passé : la prolongation devait être dite avant (RGPD, article 12.3)."
        )
    return None


@dataclass(frozen=True, slots=True)
class Way:
    """What one regime of a text says of requests, for one of its parties.

    `addressees` answer; `relays`: whom this party passes a request on to, itself left out; `besides`: those that answer for themselves
    too, each on its own. `asked`: what the text leaves blank. `rectified`: how fast a rectification goes round.
    """

    scope: str
    article: str
    rights: tuple[DataRight, ...]
    addressees: tuple[str, ...]
    relays: tuple[str, ...]
    besides: tuple[str, ...] = ()
    to_dpo: bool = False
    contact: str = ""
    channel: RightsChannel = RightsChannel.NOT_STATED
    rectified: str = ""
    asked: tuple[str, ...] = ()

    @property
    def of_contacts(self) -> bool:
        """Whether it protects the contacts of a contract rather than the persons who are helped (S4 « mention »)."""
        return self.scope.casefold().startswith("contacts")


def ways(terms: Terms, mine: str) -> tuple[Way, ...]:
    """Where requests go under each regime of a text, for one of its parties; where it is blank, the controllers answer (GDPR 12)."""
    return tuple(_way(regime, mine) for regime in terms.protection)


def _way(regime: ProtectionRegime, mine: str) -> Way:
    said = regime.rights_requests
    if isinstance(said, RightsRequests):
        own = mine in said.addressees
        relays = said.relayed_to if own else said.addressees
        contact = said.contact
        return Way(
            scope=regime.scope,
            article=said.article,
            rights=said.rights,
            addressees=said.addressees,
            relays=_others(relays, mine),
            besides=_others(said.addressees, mine) if own else (),
            to_dpo=said.to_dpo,
            contact=contact if isinstance(contact, str) else "",
            channel=said.channel,
            rectified=said.rectification_relayed or "",
            asked=(contact.asked,) if isinstance(contact, Blank) else (),
        )
    controllers = regime.roles.controllers if isinstance(regime.roles, Roles) else ()
    own = mine in controllers
    asked = (said.asked, *((regime.roles.asked,) if isinstance(regime.roles, Blank) else ()))
    return Way(
        scope=regime.scope,
        article=said.article or "",
        rights=(),
        addressees=controllers,
        relays=() if own else _others(controllers, mine),
        besides=_others(controllers, mine) if own else (),
        asked=asked,
    )


def _others(keys: Iterable[str], mine: str) -> tuple[str, ...]:
    return tuple(key for key in dict.fromkeys(keys) if key != mine)


def open_rights(found: Iterable[Way], subject: str) -> tuple[DataRight, ...]:
    """The rights that somebody may claim: those of the law, and those that a text adds for people like her."""
    contacts = subject == Subject.CONTACT
    named = {right for way in found if way.of_contacts is contacts for right in way.rights} | set(ALWAYS)
    return tuple(right for right in RIGHT_WORDS if right in named)


def received_fault(received: date | None, on: date) -> Fault | None:
    """What is wrong with the day on which a request came."""
    if received is None:
        return Fault("Écrivez le jour où la demande est arrivée.", "received_on")
    if received > on:
        return Fault("Ce jour est dans le futur : dites quand la demande est arrivée.", "received_on")
    if received < on - OLDEST:
        return Fault("Ce jour est trop ancien : vérifiez l’année.", "received_on")
    return None


def rights_fault(wanted: Iterable[str]) -> Fault | None:
    """What is wrong with the rights that were ticked: any may be, since refusing one too is answered by a letter (12.4)."""
    asked = set(wanted)
    if not asked:
        return Fault("Cochez au moins un droit.", "rights")
    return (
        None
        if asked <= {right.value for right in RIGHT_WORDS}
        else Fault("Choisissez dans la liste.", "rights")
    )


def search_fault(*, nir: str, surname: str, born: date | None) -> Fault | None:
    """What is missing to look for somebody without finding her namesakes."""
    if nir or (surname.strip() and born):
        return None
    return Fault(
        "Cherchez par le nom et la date de naissance, ou par le numéro de sécurité sociale.", "surname"
    )
