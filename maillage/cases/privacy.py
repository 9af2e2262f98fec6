"""Personal data of this room: that someone is followed, by whom and for what, is itself about her health."""

from maillage.cases.models import (
    AcknowledgementDelay,
    Alert,
    Authorisation,
    Case,
    Following,
    Freeze,
    Lineage,
    Participation,
    Threshold,
)
from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import in_the_journal, of_the_case, who_acted

declare(
    AcknowledgementDelay,
    not_personal("convention_id months days working_days days_off time_zone source article since"),
)
declare(
    Authorisation,
    not_personal("id convention_id flow_key sender recipient service article open_during rights label"),
)
declare(
    Case,
    {
        **not_personal("id authorisation convention_id kind"),
        "service": of_the_case("Savoir quel service aide la personne."),
        "sender": of_the_case("Savoir quel organisme l’a adressée."),
        "caisse": of_the_case("Savoir quelle caisse l’aide."),
        "opened_at": of_the_case("Suivre les délais."),
    },
)
declare(
    Lineage,
    {
        **not_personal("kind"),
        "following": of_the_case("Savoir où la demande de la personne est repartie."),
        "former": of_the_case("Savoir d’où vient la demande de la personne."),
        "made_at": of_the_case("Suivre les délais."),
    },
)
declare(
    Participation,
    {
        **not_personal("id organisation case convention_id role sealed_key key_made_at until"),
        "since": of_the_case("Trier la liste de travail."),
        "state": of_the_case("Savoir ce qui reste à faire."),
        "closed_at": of_the_case("Savoir quand l’accompagnement a pris fin."),
        "urgent": of_the_case("Traiter d’abord ce qui presse."),
        "due_on": of_the_case("Tenir l’échéance."),
        "kind": of_the_case("Savoir ce que l’on suit pour elle."),
        "service": of_the_case("Savoir quel service l’aide."),
        "reference": of_the_case("Retrouver le dossier dont on parle au téléphone."),
        "turn": of_the_case("Trier la liste de travail."),
        "late_on": of_the_case("Voir ce qui est en retard."),
        "withheld": of_the_case("Ne dire de la suite que ce que la personne accepte."),
    },
)
declare(
    Following,
    {
        **not_personal("id organisation case reason since until"),
        "user_id": who_acted("suit ce dossier, ou l’a consulté"),
        "given_by": who_acted("l’a confié"),
    },
)
declare(
    Freeze,
    {
        **not_personal("id case organisation"),
        "ground": of_the_case(
            "Savoir pourquoi la personne a demandé que l’usage de ses données soit limité."
        ),
        "since": of_the_case("Savoir depuis quand le dossier se lit sans que rien s’y fasse."),
        "told_on": of_the_case("Montrer que la personne a été informée avant que la limitation soit levée."),
        "told_how": of_the_case("Montrer comment elle l’a été."),
        "lifted_at": of_the_case("Savoir depuis quand le dossier a repris."),
        "lifted_why": of_the_case("Savoir pourquoi la limitation est levée."),
        "frozen_by": who_acted("a limité ce dossier"),
        "lifted_by": who_acted("a levé la limitation"),
    },
)
declare(
    Threshold,
    {**not_personal("organisation cases_per_day set_at"), "set_by": who_acted("a fixé ce seuil")},
)
declare(
    Alert,
    {
        **not_personal("id organisation kind day case cases threshold raised_at seen_at"),
        "user_id": in_the_journal("Savoir de qui les lectures sont à examiner."),
        "seen_by": in_the_journal("Savoir qui les a examinées."),
        "word": in_the_journal("Dire ce qui a été fait."),
    },
)
