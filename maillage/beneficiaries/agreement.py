"""What the person agrees to: the request itself, and how much of what follows returns to whoever sent it (D12). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

AGREED: Final = "agreed"
NOT_ASKED: Final = "not_asked"
REFUSED: Final = "refused"
ANSWERS: Final[dict[str, str]] = {
    AGREED: "Oui, elle est d’accord",
    REFUSED: "Non, elle refuse",
    NOT_ASKED: "Son accord n’a pas été recueilli",
}
SENT_WITH: Final = (AGREED, NOT_ASKED)
"""A refusal is never sent: it stays in the draft, with nothing of it elsewhere."""

MANDATE: Final = "mandate"
HOW: Final[dict[str, str]] = {
    "oral": "De vive voix",
    "written": "Par écrit",
    "representative": "Par qui la représente",
    MANDATE: "Par un mandat Aidants Connect",
}
MANDATE_LONGEST: Final = 100
SPOKEN: Final[dict[str, str]] = {key: words for key, words in HOW.items() if key != MANDATE}
"""How she says a choice after the sending: a mandate would be another agreement."""

ALL_STEPS: Final = "all"
RECEIVED_ONLY: Final = "received"
PROGRESS: Final[dict[str, str]] = {
    ALL_STEPS: "Toutes les étapes, et le résultat",
    RECEIVED_ONLY: "Seulement que sa demande est reçue, puis qu’elle est terminée",
}
"""What returns to the sender. S3 art. 4: « avec l’accord de la personne »."""

ASKED_BY: Final = "agrees"
"""The fact of the catalogue by which a text says that the person must agree."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What she answered; how she agreed, with the reference of the mandate when there is one; what she lets return."""

    answer: str
    progress: str
    how: str = ""
    mandate: str = ""


def is_needed(facts: Iterable[str]) -> bool:
    """Whether a route that reads these facts stands on the person's agreement."""
    return ASKED_BY in facts


def agreement_problems(agreement: Agreement, *, needed: bool) -> dict[str, str]:
    """What is wrong, by field; `needed` where the flow asks for her agreement. A refusal stops everything, and says so."""
    found = {}
    if agreement.answer not in ANSWERS:
        found["answer"] = "Choisissez une réponse."
    elif agreement.answer == REFUSED:
        found["answer"] = (
            "Elle refuse : rien ne peut être envoyé, et elle garde tous ses droits. Supprimez le brouillon, ou reprenez-le "
            "si elle change d’avis."
        )
    elif agreement.answer == NOT_ASKED and needed:
        found["answer"] = "La convention demande son accord pour ce service : recueillez-le avant d’envoyer."
    if agreement.answer == AGREED and agreement.how not in HOW:
        found["how"] = "Dites comment elle a donné son accord."
    if agreement.how == MANDATE and not agreement.mandate.strip():
        found["mandate"] = "Écrivez la référence du mandat."
    elif len(agreement.mandate) > MANDATE_LONGEST:
        found["mandate"] = f"Écrivez {MANDATE_LONGEST} caractères au plus."
    if agreement.progress not in PROGRESS:
        found["progress"] = "Demandez-lui ce que vous pourrez savoir de la suite."
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """What she now lets return to the sender: how she said so, and on which day."""

    progress: str
    how: str
    said_on: date


def choice_problems(choice: Choice, *, sent_on: date, on: date) -> dict[str, str]:
    """What is wrong with a choice made after the sending, by field, seen from the day of whoever notes it (S3 art. 4, row D12)."""
    found = {}
    if choice.progress not in PROGRESS:
        found["progress"] = "Demandez-lui ce que l’organisme qui l’oriente pourra savoir de la suite."
    if choice.how not in SPOKEN:
        found["how"] = "Dites comment elle l’a dit."
    if choice.said_on > on:
        found["said_on"] = "Cette date est dans l’avenir : notez le choix une fois qu’elle l’a dit."
    elif choice.said_on < sent_on:
        found["said_on"] = "Cette date précède l’envoi de l’orientation : vérifiez le jour et l’année."
    return found


def settled(agreement: Agreement) -> Agreement:
    """The same without what its answer leaves out: no way of agreeing for who did not, no mandate without its way."""
    how = agreement.how if agreement.answer == AGREED else ""
    return Agreement(
        agreement.answer, agreement.progress, how, agreement.mandate.strip() if how == MANDATE else ""
    )
