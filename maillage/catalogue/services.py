"""Services that a flow may lead to (rows C1-C11), as conventions name them; labels are what people read on screen."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Service:
    """A service of Assurance Maladie or of a partner: its key in convention files, its names, what it does in one sentence."""

    key: str
    short: str
    name: str
    purpose: str


SERVICES: dict[str, Service] = {
    service.key: service
    for service in (
        Service(
            "misas",
            "MisAS",
            "Mission accompagnement santé",
            "Aide à ouvrir des droits, à trouver un rendez-vous, à payer ses soins.",
        ),
        Service(
            "ssam",
            "SSAM",
            "Service social de l’Assurance Maladie",
            "Accompagne quand la maladie bouleverse la vie sociale, familiale ou professionnelle.",
        ),
        Service(
            "eps", "EPS", "Examen de prévention en santé", "Un bilan de santé gratuit, à partir de 16 ans."
        ),
        Service(
            "urgent_line",
            "Urgence partenaire",
            "Ligne « Urgence partenaire »",
            "Pour des soins imminents compromis par un problème de droits.",
        ),
        Service(
            "prado",
            "PRADO",
            "Retour à domicile après maternité",
            "Organise le suivi à la maison par une sage-femme.",
        ),
        Service(
            "home_help",
            "Aide à domicile",
            "Aide à domicile de la CAF",
            "Une aide temporaire à la maison, demandée par la famille à sa CAF.",
        ),
        Service(
            "social_action",
            "ASS",
            "Action sanitaire et sociale",
            "Aides financières ponctuelles de la caisse.",
        ),
        Service("rights", "Accès aux droits", "Accès aux droits", "Ouverture de droits : PUMa, C2S, AME."),
        Service(
            "mon_soutien_psy",
            "Mon soutien psy",
            "Mon soutien psy",
            "Des séances remboursées chez un psychologue.",
        ),
        Service(
            "digital",
            "Ateliers numériques",
            "Ateliers d’inclusion numérique",
            "Apprendre à se servir de son compte ameli et de Mon espace santé.",
        ),
    )
}

ENROLLED: Final = frozenset({"prado_maternite", "prado"})
"""Keys by which texts name PRADO maternité: whoever renders it keeps a file of the persons here, although nothing is sent to anybody."""


def service_name(key: str, label: str = "") -> str:
    """The name of a service: what its text calls it (`label`), else the catalogue's; one that nobody names has its key for a name."""
    found = SERVICES.get(key)
    return label or (found.name if found else key.replace("_", " ").capitalize())
