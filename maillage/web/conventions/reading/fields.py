"""French names of the fields of clauses, and of the kinds of clauses, in the order of the schema."""

from typing import Final

SECTIONS: Final[dict[str, tuple[str, str]]] = {
    "relations": ("Liens avec d’autres textes", "Lien"),
    "objectives": ("Objectifs", "Objectif"),
    "public": ("Public concerné", "Public"),
    "parties": ("Parties", "Partie"),
    "third_parties": ("Tiers nommés", "Tiers"),
    "signatures": ("Signatures portées sur le texte", "Signature"),
    "term": ("Prise d’effet et durée", "Durée"),
    "renewal": ("Renouvellement", "Renouvellement"),
    "exits": ("Sorties", "Sortie"),
    "amendment": ("Avenants", "Avenants"),
    "services": ("Services", "Service"),
    "modules": ("Modules", "Module"),
    "commitments": ("Engagements", "Engagement"),
    "flows": ("Échanges", "Échange"),
    "clocks": ("Délais", "Délai"),
    "referents": ("Référents", "Référent"),
    "committees": ("Comités", "Comité"),
    "indicators": ("Indicateurs", "Indicateur"),
    "protection": ("Protection des données", "Régime de protection"),
    "obligations": ("Autres obligations", "Obligation"),
    "axes": ("Axes et fiches actions", "Axe"),
    "annexes": ("Annexes", "Annexe"),
    "narrative": ("Articles qui n’obligent à rien", "Récit"),
}
"""For each list of clauses of the Terms, its heading and the word for one of them."""

SINGLES: Final = {
    "title": "Intitulé",
    "place": "Lieu de signature",
    "originals": "Exemplaires originaux",
    "summary": "En bref",
}

_FIELDS: Final[dict[str, str]] = {
    "all": "Tout", "any": "L’un ou l’autre", "at_most": "Au plus", "criteria": "Critères", "fact": "Fait",
    "none": "Rien de cela", "since": "Depuis le", "until": "Jusqu’au",
    "address": "Adresse", "addressees": "Adressées à", "aim": "But", "amount": "Montant", "answer": "Réponse",
    "approvers": "Qui autorise", "at": "Horodatage", "at_least": "Au moins", "automatic": "Change sans formalité",
    "annexes_included": "Annexes comprises", "before": "Avant", "before_what": "Compté avant",
    "beneficiaries": "Au bénéfice de", "block": "Bloc", "branch": "Branche", "breach": "Violation de données",
    "by": "Par", "by_delegation": "Par délégation", "by_letter": "Un simple courrier suffit pour", "cadence": "Rythme",
    "case_by_case": "Au cas par cas", "change": "Changement", "channel": "Voie", "channels": "Voies", "choices": "Choix",
    "chosen": "Décision des parties", "composition": "Composition", "concerned": "Concernée", "condition": "Posée si",
    "conditional_on": "Sous réserve", "conditions": "Conditions", "contact": "Contact", "content": "Contenu",
    "contractual": "Prévu par la convention", "controllers": "Responsables de traitement", "convened_by": "Convoqué par",
    "counted_from": "Compté depuis", "counting": "Règle de comptage", "cure": "Délai pour se conformer", "data": "Données",
    "data_fields": "Champs transmis", "days": "Jours", "debtors": "À la charge de", "decides": "Qui décide",
    "delay": "Durée", "delegation": "Acte de délégation", "description": "Description", "destruction": "Destruction au terme",
    "documented": "Documentée", "dpos": "Délégués à la protection des données", "due": "Échéance", "duties": "Missions",
    "effect": "Effet", "eligibility": "Qui peut en bénéficier", "ends_on": "Finit le", "ends_with": "Finit avec",
    "envelope": "Enveloppe de signature", "equals": "vaut", "event": "Événement", "evidence": "Preuves admises",
    "exclusions": "Exclusions", "facts": "Faits joints", "flows": "Échanges couverts", "follow_up": "Suites", "form": "Forme",
    "forwards": "Fait suite à", "fully_liable": "Reste responsable", "function": "Fonction", "functions": "Fonctions",
    "gesture": "Nature", "grounds": "Motifs", "helped_by": "Avec l’aide de", "impact_assessment": "Étude d’impact (EIVP)",
    "indemnity": "Indemnité", "indicator": "Indicateur", "indicators": "Indicateurs", "information": "Information des personnes",
    "informed": "À informer", "informed_of": "Informé de", "items": "Items", "joint": "Responsabilité conjointe",
    "kind": "Nature", "label": "Libellé", "lasts": "Durée", "leads": "Pilotes", "led_by": "Menée par",
    "lawful_bases": "Base légale (RGPD, article 6.1)",
    "legal_basis": "Fondements", "level": "Niveau", "limit": "Se lit", "local_adaptation": "Adaptation locale",
    "measure": "Compté comme", "may_initiate": "Peut prendre l’initiative", "may_sit_inside": "Peut se tenir avec", "members": "Membres",
    "milestones": "Jalons", "minimum": "Nombre minimal", "mode": "Mode", "months": "Mois", "motives": "Motifs",
    "mutual": "Réciproque", "name": "Nom", "names_changes": "Nomme ce qui change", "nature": "Nature",
    "nominative_data": "Données nominatives", "notice": "Préavis", "notified": "Qui est prévenu", "notifies": "Qui prévient",
    "number": "Numéro", "objectives": "Objectifs", "on": "Le", "one_per_addressee": "Une lettre par destinataire",
    "open_list": "Liste ouverte (« notamment »)", "optional": "Au choix des parties", "organisation": "Organisation",
    "outlives_term": "Survit à la convention", "outside_union": "Transferts hors de l’Union européenne",
    "where": "Où", "guarantees": "Garanties", "partners": "Partenaires", "parts": "Parties de la réponse", "party": "Partie",
    "period": "Période", "prior": "Au préalable", "prior_authorisation_by": "Autorisation préalable de",
    "processors": "Sous-traitants", "promised": "Délai promis", "proofs": "Preuves d’urgence", "proposed_by": "Proposée par",
    "quote": "Mots cités du texte", "note": "Remarque", "article": "Article", "also": "Autres articles", "key": "Clé",
    "purpose": "Finalité", "ratio": "Rapport", "reason": "Pourquoi", "recipient": "Destinataire",
    "rectification_relayed": "Rectification relayée", "reference": "Référence", "registration": "Identifiant",
    "relayed_to": "Relayées à", "replaces_for": "Remplace Maillage pour", "representative": "Représentant",
    "representatives": "Représentants", "retention": "Conservation", "right": "Droit", "rights": "Droits",
    "rights_requests": "Demandes des personnes", "role": "Rôle", "roles": "Rôles RGPD", "same_obligations": "Mêmes obligations",
    "sample_size": "Taille de l’échantillon", "says": "Dit", "scope": "Portée", "sender": "Émetteur", "service": "Service",
    "services": "Services", "sheets": "Fiches", "short_name": "Nom court", "side": "Côté", "signatory": "Signataire",
    "signed_by": "Signé par", "signs": "Signe", "situations": "Situations", "solicited_for": "Sollicité pour",
    "solicited_by": "Sollicité par",
    "source": "Source", "start": "Compté depuis", "starts": "Prise d’effet", "steps": "Étapes", "structures": "Structures",
    "sub_processing": "Sous-traitance ultérieure", "target": "Texte visé", "tasks": "Missions", "terms_of_use": "Modalités",
    "text": "Texte", "thresholds": "Seuils d’alerte", "times": "Combien de fois", "title": "Titre", "to_dpo": "Au DPO",
    "trained": "Formé", "trunk": "Tronc", "untouchable": "Ne peut toucher à", "urgency": "Urgence", "urgent": "Urgent",
    "variant_of": "Variante urgente de", "what": "Quoi", "when": "Quand", "within": "Dans un délai de", "written": "Par écrit",
    "acts_for": "Agit pour", "numerator": "Numérateur", "denominator": "Dénominateur", "number_": "Numéro", "of": "Relève de",
    "per": "Par", "rhythm": "Rythme", "through": "Par l’intermédiaire de", "preferred": "À privilégier", "words": "Mots à dire",
    "session_themes": "Séances qui le montrent", "support_kinds": "Supports qui le montrent",
    "support_services": "Supports à propos de", "counted_answer": "Compté par Maillage",
    "secondment": "Agent délégué", "delegates": "Délègue un agent", "hosts": "L’accueille", "agenda_by": "Tient l’agenda",
    "flow": "Échange", "scheme": "Registre", "key_holds": "Clé exacte", "cents": "Montant",
}  # fmt: skip

HIDDEN: Final = frozenset({"article", "also", "quote", "note", "key", "readings", "option_group", "optional"})
"""What the heading of a clause already says."""


def field_name(field: str) -> str:
    """The French name of a field; an unknown one comes back as it is written."""
    return _FIELDS.get(field, field)
