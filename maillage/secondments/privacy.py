"""Personal data of this room: that somebody has an appointment with a caisse's agent, why, and what came of it."""

from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import of_a_professional, of_the_case, who_acted
from maillage.secondments.models import Appointment, Permanence, Secondment

declare(
    Secondment,
    {
        **not_personal(
            "id authorisation convention_id caisse host place article time_zone departement since until set_up_at"
        ),
        "agent_id": of_a_professional("Savoir qui reçoit dans les locaux du partenaire."),
        "set_up_by": who_acted("a mis en place cette présence"),
    },
)
declare(Permanence, not_personal("id secondment weekday starts ends minutes every since until"))
declare(
    Appointment,
    {
        **not_personal("case secondment"),
        "state": of_the_case("Savoir si le rendez-vous est à venir, tenu ou annulé ; compter."),
        "starts_at": of_the_case("Tenir l’agenda."),
        "ends_at": of_the_case("Tenir l’agenda."),
        "service": of_the_case("Préparer le rendez-vous."),
        "papers": of_the_case("Dire à la personne quoi apporter."),
        "follows": of_the_case("Relier les rendez-vous d’une même personne."),
        "booked_at": of_the_case("Savoir quand il a été pris."),
        "moved_at": of_the_case("Savoir quand il a été déplacé."),
        "closed_at": of_the_case("Savoir quand il a pris fin."),
        "outcome": of_the_case("Dire au partenaire la suite donnée ; compter."),
        "cancelled_for": of_the_case("Savoir à la demande de qui il est annulé."),
        "booked_by": who_acted("a pris le rendez-vous"),
        "moved_by": who_acted("l’a déplacé"),
        "closed_by": who_acted("a noté ce qu’il en est"),
    },
)
