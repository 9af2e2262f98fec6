"""What is known of a situation, in words: a short term for each fact of the catalogue, and its answer."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from maillage.catalogue.facts import CARE, FACTS, RENUNCIATION_REASONS, Kind
from maillage.conventions.terms.criteria import Value
from maillage.referrals.leaving import Kept
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset

TERMS: Final[dict[str, str]] = {
    "birth_date": "Date de naissance",
    "age": "Âge",
    "emancipated_or_apprentice": "Mineure émancipée ou en apprentissage",
    "received_here": "Accueillie ou suivie par l’organisme qui oriente",
    "scheme": "Régime",
    "motives": "Motifs",
    "renounced_care": "Renonce à des soins, ou en repousse",
    "rights_to_open": "Droits à ouvrir ou à renouveler",
    "precarious": "Situation de fragilité sociale",
    "care_compromised": "Soins immédiats ou futurs compromis",
    "urgency_proof": "Pièce qui le montre",
    "care_imminent": "Soins imminents, menacés par un problème de droits",
    "health_impact": "Sa santé bouleverse sa vie personnelle, familiale, sociale ou professionnelle",
    "request_expressed": "A elle-même exprimé une demande",
    "agrees": "Souhaite cette démarche",
    "first_level_given": "Première aide déjà apportée",
    "social_needs": "Ce qui la fragilise",
    "followed_by": "Déjà suivie ailleurs",
    "helped_by_association": "Déjà aidée par une association",
    "only_administrative": "Difficulté seulement administrative",
    "children_born": "Enfants nés",
    "delivery": "Accouchement",
    "delivered_on": "Date de l’accouchement",
    "delivery_complication": "Complication",
    "discharge_agreed": "Accord de l’équipe médicale pour la sortie",
    "family_event": "Événement qui rend le parent moins disponible pour un temps",
    "priority_district": "Habite un quartier prioritaire (QPV)",
}
_URGENCY: Final = ("care_compromised", "urgency_proof", "care_imminent")


def answer_words(key: str, value: Value) -> str:
    """An answer as one reads it."""
    fact = FACTS[key]
    choices = dict(fact.choices)
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, frozenset):
        said = [choices[choice] for choice in choices if choice in value]
        return " · ".join(said) or "Rien de tout cela"
    if isinstance(value, date):
        return long_date(value)
    return choices.get(str(value), str(value)) if fact.kind is Kind.CHOICE else str(value)


def known_facts(
    facts: Mapping[str, Value], *, apart: Iterable[str] = (), details: Mapping[str, str] | None = None
) -> list[Fact]:
    """Facts in the order of the catalogue, without those that are said apart; `details` says something of some."""
    left = set(apart)
    return [
        Fact(TERMS[key], answer_words(key, facts[key]), (details or {}).get(key, ""))
        for key in FACTS
        if key in facts and key not in left
    ]


def urgency_of(facts: Mapping[str, Value]) -> dict[str, Value]:
    """The facts that `urgency_words` says, among others."""
    return {key: facts[key] for key in _URGENCY if key in facts}


def urgency_words(facts: Mapping[str, Value], *, urgent: bool) -> str:
    """Urgency: which of the two facts, and its proof; a referral older than the two facts says only that it is urgent."""
    found = []
    if facts.get("care_compromised") is True:
        proof = facts.get("urgency_proof")
        shown = f" ({answer_words('urgency_proof', proof).lower()})" if proof else ""
        found.append(f"des soins immédiats ou futurs sont compromis{shown}")
    if facts.get("care_imminent") is True:
        found.append("des soins sont imminents, et un problème de droits les menace")
    if found:
        return f"Oui : {' ; '.join(found)}"
    return "Oui : des soins proches sont compromis" if urgent else "Non signalée"


def renounced_words(renunciations: Iterable[tuple[str, str]]) -> SafeString:
    """Care that she goes without, one a line, each with why."""
    return lines_of(
        f"{CARE.get(care, care)} : {RENUNCIATION_REASONS.get(reason, reason).lower()}"
        for care, reason in renunciations
    )


def lines_of(lines: Iterable[str]) -> SafeString:
    """Lines of text, one under the other."""
    return format_html_join(mark_safe("<br>"), "{}", ((typeset(line),) for line in lines))


def kept_facts(kept: Kept) -> list[Fact]:
    """What came with a referral beside its motives and its account."""
    found = known_facts(kept.facts, apart=_URGENCY)
    if kept.confirmed:
        found.append(Fact("Confirmé par l’organisme qui oriente", lines_of(kept.confirmed)))
    return found
