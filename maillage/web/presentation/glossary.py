"""Acronyms that the screens show, and what they stand for, said on hover and to screen readers."""

import re
from html import escape

ACRONYMS = {
    "ALD": "Affection de longue durée",
    "AME": "Aide médicale de l’État",
    "ARS": "Agence régionale de santé",
    "C2S": "Complémentaire santé solidaire",
    "C2SP": "Complémentaire santé solidaire avec participation",
    "CAF": "Caisse d’allocations familiales",
    "CAM": "Conseiller de l’Assurance Maladie",
    "CARSAT": "Caisse d’assurance retraite et de la santé au travail",
    "CCAS": "Centre communal d’action sociale",
    "CCSS": "Caisse commune de sécurité sociale",
    "CDR": "Consultation des droits",
    "CDRi": "Consultation des droits par internet",
    "CES": "Centre d’examens de santé",
    "CGSS": "Caisse générale de sécurité sociale",
    "CIAS": "Centre intercommunal d’action sociale",
    "CNIL": "Commission nationale de l’informatique et des libertés",
    "CNSA": "Caisse nationale de solidarité pour l’autonomie",
    "COG": "Convention d’objectifs et de gestion",
    "COPIL": "Comité de pilotage",
    "CPAM": "Caisse primaire d’assurance maladie",
    "CRAMIF": "Caisse régionale d’assurance maladie d’Île-de-France",
    "Cnaf": "Caisse nationale des allocations familiales",
    "Cnam": "Caisse nationale de l’Assurance Maladie",
    "DMP": "Dossier médical partagé",
    "DPO": "Délégué à la protection des données",
    "EIVP": "Étude d’impact sur la vie privée",
    "EPS": "Examen de prévention en santé",
    "LRAR": "Lettre recommandée avec demande d’avis de réception",
    "MDPH": "Maison départementale des personnes handicapées",
    "MisAS": "Mission accompagnement santé",
    "NIR": "Numéro d’inscription au répertoire (numéro de sécurité sociale)",
    "PASS": "Permanence d’accès aux soins de santé",
    "PRADO": "Service de retour à domicile de l’Assurance Maladie",
    "PUMa": "Protection universelle maladie",
    "QPV": "Quartier prioritaire de la politique de la ville",
    "RGPD": "Règlement général sur la protection des données",
    "RNE": "Numéro d’établissement au répertoire national",
    "RQTH": "Reconnaissance de la qualité de travailleur handicapé",
    "SIRET": "Numéro d’identité d’un établissement (14 chiffres)",
    "SSAM": "Service social de l’Assurance Maladie",
    "TISF": "Technicien de l’intervention sociale et familiale",
}

_LONGEST_FIRST = "|".join(sorted(map(re.escape, ACRONYMS), key=len, reverse=True))
_WORD = re.compile(rf"(?<![\w-])({_LONGEST_FIRST})(?!\w)")


def acronym(word: str) -> str:
    """Return the word as escaped markup, inside `<abbr>` when the glossary knows it."""
    meaning = ACRONYMS.get(word)
    text = escape(word)
    return text if meaning is None else f'<abbr title="{escape(meaning)}">{text}</abbr>'


def explained(text: str) -> str:
    """Return the text as escaped markup, the first occurrence of each known acronym explained."""
    seen: set[str] = set()

    def once(match: re.Match[str]) -> str:
        word = match.group(1)
        if word in seen:
            return word
        seen.add(word)
        return acronym(word)

    # Acronyms are letters and digits only, so escaping first neither hides nor makes one.
    return _WORD.sub(once, escape(text))
