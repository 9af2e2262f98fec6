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


_OF_TEXTS: Final = {
    "acces_droits": "Dispositifs d’accès aux droits",
    "action_sociale": "Action sanitaire et sociale",
    "agent_delegue": "Agent délégué de la caisse",
    "aide_domicile": "Aide à domicile",
    "bilan_sante": "Bilan de santé",
    "consultation_droits": "Consultation des droits",
    "initiatives_locales": "Initiatives locales d’accès aux droits et aux soins",
    "parcours_soins": "Parcours de soins",
    "prado_maternite": "PRADO maternité",
    "premiers_jours": "1000 premiers jours",
    "prevention": "Prévention",
    "services_croix_rouge": "Services de la Croix-Rouge française",
    "services_en_ligne": "Services en ligne",
    "urgence_partenaire": "Ligne « Urgence partenaire »",
}
"""The services that the reference texts define under keys of their own, said where no text is at hand: a list, a message."""


_SENT: Final = ("acces_droits", "bilan_sante")
"""Those of them to which a reference text lets a referral be sent."""


def services_to_filter() -> list[tuple[str, str]]:
    """The services by which a list of referrals is filtered: key and name."""
    return [*((key, one.name) for key, one in SERVICES.items()), *((key, _OF_TEXTS[key]) for key in _SENT)]


def service_name(key: str) -> str:
    """The full name of a service; a service that only one convention knows keeps its key as its name."""
    found = SERVICES.get(key)
    return found.name if found else _OF_TEXTS.get(key) or key.replace("_", " ").capitalize()
