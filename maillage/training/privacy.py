"""Personal data of this room: professionals who follow or organise sessions. Nothing of a beneficiary."""

from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import of_a_professional, who_acted
from maillage.training.models import Attendee, Module, Presence, Registration, Session, SignOff

declare(
    Module,
    {
        **not_personal(
            "id organisation theme other_theme title teaches audiences e_learning added_at withdrawn_at"
        ),
        "added_by": who_acted("a ajouté le module"),
        "withdrawn_by": who_acted("a retiré le module"),
    },
)
declare(
    Session,
    {
        **not_personal(
            "id module organiser dedicated_to state starts_at ends_at time_zone place link capacity registered trainer planned_at"
            " closed_at reason"
        ),
        "planned_by": who_acted("a prévu la séance"),
        "closed_by": who_acted("a annulé la séance ou signé la feuille"),
    },
)
declare(
    Attendee,
    {
        **not_personal("id organisation added_for added_at"),
        "name": of_a_professional("Inscrire aux séances, établir la feuille d’émargement et l’attestation."),
        "sort_name": of_a_professional("Classer les personnes par leur nom."),
        "function": of_a_professional("Savoir à quel titre la personne suit une séance."),
        "email": of_a_professional("Joindre la personne au sujet de la séance."),
        "added_by": who_acted("a noté la personne"),
    },
)
declare(
    Registration,
    {
        **not_personal(
            "id session partner organiser convention state rank asked_at moved_up_at withdrawn_at"
        ),
        "attendee": of_a_professional("Savoir qui a une place."),
        "asked_by": who_acted("a demandé la place"),
        "withdrawn_by": who_acted("a rendu la place"),
    },
)
declare(
    SignOff,
    {
        **not_personal("id session organiser number listed publics reason document recorded_at"),
        "recorded_by": who_acted("a signé la feuille"),
    },
)
declare(
    Presence,
    {
        **not_personal("id sign_off partner organiser convention"),
        "attendee": of_a_professional("Attester que la personne a suivi la séance ; compter."),
        "outcome": of_a_professional("Attester que la personne a suivi la séance ; compter."),
    },
)
