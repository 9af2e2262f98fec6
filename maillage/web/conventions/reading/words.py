"""French words of the values that clauses hold; the schema's own words carry their label."""

from enum import StrEnum
from typing import Final

from maillage.catalogue.rights import APPLIED_FOR

_LITERALS: Final = {
    "last_signature": "la dernière signature",
    "first_signature": "la première signature",
    "not_stated": "le texte ne le dit pas",
    "indefinite": "durée indéterminée",
    "unlimited": "à chaque terme",
    "sending": "l’envoi",
    "first_presentation": "la première présentation",
    "receipt": "la réception",
    "all_parties": "toutes les parties",
    "qualified_representatives": "les représentants dûment habilités",
    "convention_ends": "la convention prend fin",
    "party_leaves": "la partie s’en va, les autres continuent",
    "anniversary": "la date anniversaire",
    "term": "le terme",
    "window": "pendant cette période",
    "at_latest": "au plus tard au début de cette période",
    "denunciation": "dénonciation à tout moment",
    "anniversary_denunciation": "dénonciation autour de la date anniversaire",
    "formal_notice": "résiliation après mise en demeure",
    "immediate": "résiliation immédiate",
    "grounds": "résiliation pour motif",
    "shared_evaluation": "évaluation partagée",
    "premiere_part": "d’une part",
    "autre_part": "d’autre part",
    "assurance_maladie": "Assurance Maladie",
    "etablissement": "établissement",
    "objectives": "les objectifs",
    "referents": "les référents",
}
_MODES: Final = {"none": "aucun", "tacit": "tacite reconduction", "express": "décision des parties"}


def word(value: StrEnum) -> str:
    """The French word of a value of the schema."""
    return str(getattr(value, "label", value.value))


def word_of(kind: type[StrEnum], value: str) -> str:
    """The French word of a value stored as text; an unknown one comes back as it is written."""
    return next((word(one) for one in kind if one.value == value), value)


def literal(value: str, field: str = "") -> str:
    """The French words of a value that the text's schema writes as a constant; another text comes back as it is."""
    if field == "mode":
        return _MODES.get(value, value)
    if field == "rights":
        return APPLIED_FOR.get(value, value)
    return _LITERALS.get(value, value)
