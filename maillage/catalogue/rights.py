"""Rights that one asks for at a counter, beside the services of `services.py`: what an offer of the directory may be about."""

from typing import Final

from maillage.catalogue.services import SERVICES, Service

RIGHTS: dict[str, Service] = {
    right.key: right
    for right in (
        Service(
            "ame",
            "AME",
            "Aide médicale de l’État (AME)",
            "Déposer une demande d’AME ; la première est remise en main propre.",
        ),
        Service("c2s", "C2S", "Complémentaire santé solidaire (C2S)", "Demander une couverture complémentaire gratuite ou à petit prix."),
        Service("puma", "PUMa", "Ouverture de droits (PUMa)", "Faire ouvrir ses droits à l’assurance maladie."),
        Service("carte_vitale", "Carte Vitale", "Carte Vitale", "Demander, mettre à jour ou remplacer sa carte."),
        Service("pass", "PASS", "Permanence d’accès aux soins de santé (PASS)", "Être soigné à l’hôpital sans couverture."),
        Service("domiciliation", "Domiciliation", "Domiciliation", "Avoir une adresse où recevoir son courrier."),
    )
}  # fmt: skip
APPLIED_FOR: Final = {
    "puma": "PUMa",
    "c2s": "C2S",
    "ame": "AME",
    "carte_vitale": "carte Vitale",
    "medecin_traitant": "médecin traitant",
}
"""The rights of which a flow may carry the applications, each as a text calls it."""
OFFERED: dict[str, Service] = {**SERVICES, **RIGHTS}


def offered_name(key: str) -> str:
    """The full name of what an offer is about; its key when no catalogue knows it."""
    found = OFFERED.get(key)
    return found.name if found else key.replace("_", " ")
