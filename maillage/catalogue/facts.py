"""What can be known of a situation: the words in which conventions say whom they concern, and in which a form asks.

A convention that its authors never saw compares these facts (`when`); a condition that they do not cover is asked as a question.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What an answer looks like."""

    YES_NO = "yes_no"
    CHOICE = "choice"  # one of the choices
    SEVERAL = "several"  # any of the choices; an empty list says « none of them »
    NUMBER = "number"  # a whole number
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that may be known of a situation: its question in French, its choices, why it may be asked.

    `sensitive` facts say something of health or of social life: they are asked only when a route needs them.
    `most` bounds a number. `derived_from` names the fact from which it is computed when it is not given itself.
    """

    key: str
    kind: Kind
    question: str
    choices: tuple[tuple[str, str], ...] = ()
    sensitive: bool = False
    most: int = 0
    derived_from: str = ""


_EIGHT_MOTIVES: Final = (
    ("unknown_steps", "Ne sait pas quelles démarches faire, ni à qui s’adresser"),
    ("complementary_cover", "Pas de complémentaire santé, ou une complémentaire qui ne convient pas"),
    ("no_appointment", "Du mal à obtenir un rendez-vous"),
    ("cost", "Doit avancer ou payer trop"),
    ("isolated", "Isolée ou du mal à se déplacer"),
    ("online", "Perdue dans les démarches en ligne"),
    ("distance_time_disability", "Éloignement, manque de temps, handicap"),
    ("rights_not_open", "Droits non ouverts"),
)

FACTS: Final[dict[str, Fact]] = {
    fact.key: fact
    for fact in (
        Fact("birth_date", Kind.DAY, "Quelle est sa date de naissance ?"),
        Fact("age", Kind.NUMBER, "Quel âge a-t-elle ?", most=150, derived_from="birth_date"),
        Fact("emancipated_or_apprentice", Kind.YES_NO, "Est-elle mineure émancipée, ou en apprentissage ?"),
        Fact("received_here", Kind.YES_NO, "Est-elle accueillie ou suivie par votre structure ?"),
        Fact(
            "scheme",
            Kind.CHOICE,
            "De quel régime relève-t-elle ?",
            (
                ("general", "Régime général"),
                ("agricultural", "Régime agricole (MSA)"),
                ("other_scheme", "Un autre régime"),
                ("ame", "Aide médicale de l’État (AME)"),
                ("no_cover", "Aucune couverture pour le moment"),
            ),
        ),
        Fact("motives", Kind.SEVERAL, "Qu’est-ce qui est difficile ?", _EIGHT_MOTIVES),
        Fact(
            "renounced_care",
            Kind.YES_NO,
            "A-t-elle renoncé à des soins, ou en repousse-t-elle ?",
            sensitive=True,
            derived_from="renunciations",
        ),
        Fact(
            "rights_to_open",
            Kind.SEVERAL,
            "Quels droits faut-il ouvrir ou renouveler ?",
            (
                ("puma", "Prise en charge des frais de santé (PUMa)"),
                ("c2s", "Complémentaire santé solidaire"),
                ("ame", "Aide médicale de l’État (AME)"),
                ("carte_vitale", "Carte Vitale"),
                ("medecin_traitant", "Médecin traitant"),
            ),
        ),
        Fact(
            "precarious",
            Kind.YES_NO,
            "Est-elle en situation de fragilité sociale ?",
            sensitive=True,
        ),
        Fact(
            "care_compromised",
            Kind.YES_NO,
            "Des soins immédiats ou futurs sont-ils compromis ?",
            sensitive=True,
        ),
        Fact(
            "urgency_proof",
            Kind.SEVERAL,
            "Quelle pièce le montre ?",
            (
                ("medical_certificate", "Certificat médical"),
                ("hospital_report", "Bulletin d’hospitalisation"),
                ("prescription", "Prescription"),
                ("care_needs_statement", "Attestation de besoins de soins"),
            ),
            sensitive=True,
        ),
        Fact(
            "care_imminent",
            Kind.YES_NO,
            "Des soins sont-ils imminents, et menacés par un problème de droits ?",
            sensitive=True,
        ),
        Fact(
            "health_impact",
            Kind.YES_NO,
            "Son état de santé bouleverse-t-il sa vie personnelle, familiale, sociale ou professionnelle ?",
            sensitive=True,
        ),
        Fact("request_expressed", Kind.YES_NO, "A-t-elle elle-même exprimé une demande ?"),
        Fact("agrees", Kind.YES_NO, "Souhaite-t-elle cette démarche ?"),
        Fact(
            "first_level_given",
            Kind.YES_NO,
            "Avez-vous déjà apporté une première aide (information, démarches simples) ?",
        ),
        Fact(
            "social_needs",
            Kind.SEVERAL,
            "Qu’est-ce qui la fragilise ?",
            (
                ("isolated", "Elle est isolée, sans aide de l’entourage en cas de besoin"),
                ("daily_life", "La vie quotidienne est difficile du fait de sa santé"),
                ("health_worries", "Elle s’inquiète pour sa santé"),
                ("income_at_risk", "Les revenus du foyer sont menacés par la maladie"),
                ("dependants", "Des personnes sont à sa charge"),
                (
                    "complex_obstacles",
                    "Des freins sociaux, culturels ou psychiques empêchent des soins nécessaires",
                ),
                ("work_at_risk", "Elle risque de perdre son travail pour des raisons de santé"),
                ("serious_illness", "Une maladie lourde ou chronique pèse fortement sur sa vie sociale"),
            ),
            sensitive=True,
        ),
        Fact(
            "followed_by",
            Kind.SEVERAL,
            "Est-elle déjà suivie ailleurs ?",
            (
                ("mdph_or_departement", "Par la MDPH ou le conseil départemental (APA, RSA…)"),
                ("psychiatric_sector", "Par le secteur psychiatrique"),
            ),
            sensitive=True,
        ),
        Fact("helped_by_association", Kind.YES_NO, "Une association l’aide-t-elle déjà ?"),
        Fact("only_administrative", Kind.YES_NO, "La difficulté est-elle seulement administrative ?"),
        Fact("children_born", Kind.NUMBER, "Combien d’enfants sont nés ?", sensitive=True, most=9),
        Fact(
            "delivery",
            Kind.CHOICE,
            "Comment a eu lieu l’accouchement ?",
            (("vaginal", "Par voie basse"), ("caesarean", "Par césarienne")),
            sensitive=True,
        ),
        Fact("delivered_on", Kind.DAY, "Quand a eu lieu l’accouchement ?", sensitive=True),
        Fact(
            "delivery_complication",
            Kind.YES_NO,
            "Y a-t-il eu une complication ?",
            sensitive=True,
        ),
        Fact(
            "discharge_agreed",
            Kind.YES_NO,
            "L’équipe médicale a-t-elle donné son accord pour la sortie ?",
            sensitive=True,
        ),
        Fact(
            "family_event",
            Kind.YES_NO,
            "Un événement rend-il le parent moins disponible pour ses enfants, pour un temps ?",
            sensitive=True,
        ),
        Fact("priority_district", Kind.YES_NO, "Habite-t-elle un quartier prioritaire (QPV) ?"),
    )
}

CARE: Final[dict[str, str]] = {
    "dental_prosthetic": "Prothèse dentaire",
    "dental_conservative": "Soins dentaires courants",
    "optics": "Lunettes, lentilles",
    "ophthalmology": "Ophtalmologie",
    "gynaecology": "Gynécologie",
    "general_practice": "Médecine générale",
    "other_specialists": "Autre spécialiste",
    "other": "Autres soins",
}
"""Care that a person may renounce (S2 annex 2, S4 annex 2)."""

RENUNCIATION_REASONS: Final[dict[str, str]] = {
    "cost": "Raison financière",
    "distance": "Raison géographique",
    "time": "Raison de temps ou de délai",
    "disability": "Handicap",
    "rights": "Droits non ouverts",
    "complexity": "Démarches trop compliquées",
    "other": "Autre raison",
}
"""Why she renounces: the reasons of S4 annex 2, with those that S2 annex 2 adds."""
