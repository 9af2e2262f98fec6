"""Personal data of this room: why someone is referred and what came of it."""

from maillage.privacy.registry import Form, Personal, Subject, declare, not_personal
from maillage.privacy.retention import encrypted, of_the_case, who_acted
from maillage.referrals.models import Advice, Draft, Referral

declare(
    Referral,
    {
        **not_personal("case"),
        "narrative": encrypted("Comprendre la situation de la personne."),
        "motives": of_the_case("Savoir ce qui l’empêche de se soigner ; compter les motifs."),
        "state": of_the_case("Savoir ce qui reste à faire."),
        "urgent": of_the_case("Traiter d’abord ce qui presse."),
        "sent_at": of_the_case("Suivre les délais."),
        "acknowledged_at": of_the_case("Suivre les délais."),
        "contacted_on": of_the_case("Suivre les délais."),
        "closed_at": of_the_case("Suivre les délais."),
        "care_outcome": of_the_case("Dire ce qu’il en est des soins ; compter les résultats."),
        "rights_outcome": of_the_case("Dire ce qu’il en est des droits ; compter les résultats."),
        "sent_by": who_acted("a envoyé l’orientation"),
        "acknowledged_by": who_acted("en a accusé réception"),
        "contacted_by": who_acted("a contacté la personne"),
        "closed_by": who_acted("a clôturé l’accompagnement"),
    },
)
declare(
    Draft,
    {
        **not_personal("id organisation updated_at"),
        "author": who_acted("écrit ce brouillon"),
        "sealed": Personal(
            Subject.BENEFICIARY,
            "Reprendre une orientation commencée.",
            "Jusqu’à l’envoi, ou jusqu’à ce que son auteur le supprime.",
            "La ligne est effacée ; elle était scellée à la clé de l’organisme.",
            Form.ENCRYPTED,
        ),
    },
)
declare(
    Advice,
    {
        **not_personal("id organisation convention_id route given_at"),
        "given_by": who_acted("a donné ce conseil"),
    },
)
