"""Personal data of this room: why someone is referred and what came of it. Its sub-rooms declare their own."""

from maillage.privacy.registry import Form, Personal, Subject, declare, not_personal
from maillage.privacy.retention import encrypted, of_the_case, who_acted
from maillage.referrals.forwarded import privacy as _forwarded  # noqa: F401 - declares
from maillage.referrals.handed import privacy as _handed  # noqa: F401 - declares
from maillage.referrals.heeding import privacy as _heeding  # noqa: F401 - declares
from maillage.referrals.models import (
    Advice,
    Assessment,
    CaseFile,
    CaseQuestion,
    ContactAttempt,
    Draft,
    Pause,
    PlannedAction,
    Referral,
    Renunciation,
    RightFollowed,
)
from maillage.referrals.prado import privacy as _prado  # noqa: F401 - declares
from maillage.referrals.rekeying import privacy as _rekeying  # noqa: F401 - declares
from maillage.referrals.saved import privacy as _saved  # noqa: F401 - declares

declare(
    Referral,
    {
        **not_personal("case"),
        "narrative": encrypted("Comprendre la situation de la personne."),
        "situation": encrypted(
            "Juger si le service peut l’aider : ce que les conditions de la convention demandent, l’urgence, ce qui fut fait."
        ),
        "motives": of_the_case("Savoir ce qui l’empêche de se soigner ; compter les motifs."),
        "state": of_the_case("Savoir ce qui reste à faire."),
        "urgent": of_the_case("Traiter d’abord ce qui presse."),
        "sent_at": of_the_case("Suivre les délais."),
        "acknowledged_at": of_the_case("Suivre les délais."),
        "accepted_at": of_the_case("Suivre les délais."),
        "contacted_on": of_the_case("Suivre les délais."),
        "closed_at": of_the_case("Suivre les délais."),
        "end_reason": of_the_case("Savoir pourquoi la demande n’a pas eu de suite ; compter les raisons."),
        "refusal_words": encrypted("Dire à l’organisme qui a orienté pourquoi la caisse refuse ou redirige."),
        "redirected_to": of_the_case("Savoir vers quel service la demande doit repartir."),
        "care_outcome": of_the_case("Dire ce qu’il en est des soins ; compter les résultats."),
        "rights_outcome": of_the_case("Dire ce qu’il en est des droits ; compter les résultats."),
        "sent_by": who_acted("a envoyé l’orientation"),
        "acknowledged_by": who_acted("en a accusé réception"),
        "accepted_by": who_acted("l’a acceptée"),
        "contacted_by": who_acted("a contacté la personne"),
        "closed_by": who_acted("y a mis fin"),
    },
)
declare(
    ContactAttempt,
    {
        **not_personal("id case noted_at struck_at"),
        "struck_by": who_acted("a rayé cet essai"),
        "day": of_the_case("Suivre les délais."),
        "way": of_the_case("Savoir comment la joindre."),
        "reached": of_the_case("Savoir si elle a été jointe."),
        "noted_by": who_acted("a tenté de joindre la personne"),
    },
)
declare(
    Pause,
    {
        **not_personal("id case"),
        "reason": of_the_case("Savoir ce que l’on attend."),
        "look_again_on": of_the_case("Revoir le dossier à temps."),
        "began_on": of_the_case("Suivre les délais."),
        "began_at": of_the_case("Suivre les délais."),
        "resumed_at": of_the_case("Suivre les délais."),
        "began_by": who_acted("l’a mis en pause"),
        "resumed_by": who_acted("l’a repris"),
    },
)
declare(
    CaseQuestion,
    {
        **not_personal("id case withdrawn_at"),
        "withdrawn_by": who_acted("a retiré la question"),
        "asked_at": of_the_case("Suivre les délais."),
        "answered_at": of_the_case("Suivre les délais."),
        "sealed_question": encrypted("Demander ce qui manque pour aider la personne."),
        "sealed_answer": encrypted("Savoir ce qui manquait pour aider la personne."),
        "asked_by": who_acted("a posé la question"),
        "answered_by": who_acted("y a répondu"),
    },
)
declare(
    Renunciation,
    {
        **not_personal("id case found_by settled_at"),
        "care": of_the_case("Savoir à quels soins elle renonce ; compter les renoncements."),
        "reason": of_the_case("Savoir pourquoi elle y renonce ; compter les raisons."),
        "outcome": of_the_case("Savoir si ce soin fut réalisé ; compter les résultats."),
        "why": of_the_case("Savoir pourquoi ce soin fut laissé sans suite ; compter les raisons."),
        "settled_by": who_acted("a noté l’issue de ce soin"),
    },
)
declare(
    RightFollowed,
    {
        **not_personal("id case noted_at settled_at"),
        "right": of_the_case("Savoir quels droits sont suivis pour elle ; les compter."),
        "outcome": of_the_case("Dire ce qu’il en est de ce droit ; compter les résultats."),
        "noted_by": who_acted("a commencé à suivre ce droit"),
        "settled_by": who_acted("a noté l’issue de ce droit"),
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
            "Jusqu’à l’envoi ou la suppression, six mois au plus après la dernière écriture.",
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
declare(CaseFile, not_personal("id organisation case convention_id wrapped_key"))
declare(
    Assessment,
    {
        **not_personal("id organisation case number made_at"),
        "sealed": encrypted("Savoir ses droits, ses besoins et ce qui la bloque, pour l’accompagner."),
        "made_by": who_acted("a fait ce bilan"),
    },
)
declare(
    PlannedAction,
    {
        **not_personal("id organisation case planned_at ended_at"),
        "kind": of_the_case("Savoir ce qu’il faut faire pour elle."),
        "due_on": of_the_case("Le faire à temps."),
        "state": of_the_case("Savoir ce qui reste à faire."),
        "reason": of_the_case("Savoir pourquoi une action fut abandonnée."),
        "sealed_words": encrypted("Savoir ce qu’il faut faire pour elle, précisément."),
        "planned_by": who_acted("a prévu cette action"),
        "ended_by": who_acted("a dit comment elle a pris fin"),
    },
)
