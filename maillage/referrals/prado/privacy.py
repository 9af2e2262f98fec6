"""Personal data of this sub-room: that a mother was proposed to go home with a midwife's help, and what she answered."""

from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import encrypted, of_the_case, who_acted
from maillage.referrals.prado.models import AdhesionRelease, Enrolment, EnrolmentCorrection

declare(
    Enrolment,
    {
        **not_personal("id organisation convention_id wrapped_key opened_at changed_at"),
        "maternity": of_the_case("Savoir où la visiter ; compter par maternité."),
        "preregistered_on": of_the_case("Savoir qu’elle attend la visite."),
        "visited_on": of_the_case("Savoir ce qui reste à faire."),
        "eligible": of_the_case("Ne présenter l’offre qu’à qui elle convient."),
        "presented_on": of_the_case("Compter les présentations, par mois."),
        "answer": of_the_case("Savoir ce qui reste à faire ; compter les adhésions."),
        "reason": of_the_case("Compter les raisons de refus."),
        "answered_on": of_the_case("Suivre les délais."),
        "has_midwife": of_the_case("Savoir ce qui reste à faire."),
        "sealed": encrypted("La visiter, juger son éligibilité, prévenir la sage-femme de son choix."),
        "opened_by": who_acted("a ouvert l’inscription"),
        "changed_by": who_acted("l’a modifiée"),
    },
)
declare(
    EnrolmentCorrection,
    {
        **not_personal("id organisation enrolment corrected_at"),
        "presented_on": of_the_case("Savoir ce qui était noté avant une correction."),
        "answer": of_the_case("Savoir ce qui était noté avant une correction."),
        "reason": of_the_case("Savoir ce qui était noté avant une correction."),
        "answered_on": of_the_case("Savoir ce qui était noté avant une correction."),
        "corrected_by": who_acted("l’a corrigé"),
    },
)
declare(AdhesionRelease, not_personal("id convention_id month presented accepted decided_at"))
