"""Personal data of this room: which right somebody asks for, with which pieces, and what came of it."""

from maillage.privacy.registry import Form, Personal, Subject, declare, not_personal
from maillage.privacy.retention import encrypted, of_the_case, who_acted
from maillage.rights.models import (
    Application,
    ApplicationEvent,
    ApplicationImport,
    ApplicationImportPart,
    ImportedLine,
    ImportMemory,
    Piece,
    PieceRequest,
    Preparation,
    PreparedPiece,
    Sample,
)

_TABLE = "Jusqu’à la fin de l’import ; ce qui reste à corriger, 30 jours au plus (MAILLAGE_IMPORT_KEPT_DAYS)."
_TABLE_GONE = "Le contenu est effacé, et sa clé détruite."
_UNTIL_SENT = "Jusqu’à l’envoi ou la suppression, six mois au plus après la dernière écriture."

declare(
    Application,
    {
        **not_personal(
            "case sent_at forward_by promised_on legal_on silence alert_on lapsed_on by_silence closed_at"
        ),
        "right": of_the_case("Savoir quel droit est demandé ; compter."),
        "urgent": of_the_case("Traiter d’abord ce qui presse."),
        "proof": of_the_case("Savoir par quel document l’urgence est prouvée."),
        "state": of_the_case("Savoir où en est la demande ; compter."),
        "details": encrypted("Savoir quelles pièces il faut, et qui vit au foyer."),
        "handed_on": of_the_case("Prouver le dépôt en main propre d’une première demande d’AME."),
        "handed_to": of_the_case("Prouver le dépôt en main propre d’une première demande d’AME."),
        "received_on": of_the_case("Compter les délais de la convention et de la loi."),
        "complete_on": of_the_case("Compter les délais de la convention et de la loi."),
        "decided_on": of_the_case("Savoir si la décision est venue à temps ; compter."),
        "opened": of_the_case("Dire quel droit est ouvert ; compter."),
        "opens_on": of_the_case("Dire de quand le droit est ouvert."),
        "ends_on": of_the_case("Dire quand le droit finit, et demander son renouvellement."),
        "covers_on": of_the_case("Savoir depuis quand les soins de l’hôpital sont payés."),
        "end_reason": of_the_case("Dire pourquoi la demande a fini ainsi ; compter les raisons."),
        "sealed_words": encrypted("Dire à la personne pourquoi il en est décidé ainsi."),
        "notified_on": of_the_case("Prouver que la personne fut prévenue."),
        "notified_how": of_the_case("Prouver que la personne fut prévenue."),
        "sent_by": who_acted("a envoyé le dossier"),
        "closed_by": who_acted("y a mis fin"),
    },
)
declare(
    ApplicationEvent,
    {
        **not_personal("id case organisation about noted_at"),
        "kind": of_the_case("Savoir ce qui est arrivé à la demande."),
        "day": of_the_case("Compter les délais de la convention et de la loi."),
        "noted_by": who_acted("l’a noté"),
    },
)
declare(
    PieceRequest,
    {
        **not_personal("id case number indispensable asked_at answered_at"),
        "keys": of_the_case("Savoir quelles pièces manquent."),
        "asked_on": of_the_case("Compter les délais de la loi."),
        "granted_days": of_the_case("Compter les délais de la loi."),
        "again": of_the_case("Savoir pourquoi des pièces sont demandées une nouvelle fois ; compter."),
        "sealed_words": encrypted("Dire ce qui manque, précisément."),
        "answered_on": of_the_case("Compter les délais de la loi."),
        "asked_by": who_acted("a demandé ces pièces"),
        "answered_by": who_acted("a noté leur arrivée"),
    },
)
declare(
    Piece,
    {
        **not_personal("id case organisation document added_at"),
        "key": of_the_case("Savoir de quelle pièce il s’agit."),
        "dated_on": of_the_case("Savoir si la pièce vaut encore."),
        "valid_until": of_the_case("Savoir si la pièce vaut encore."),
        "added_by": who_acted("a ajouté cette pièce"),
    },
)
declare(
    Preparation,
    {
        **not_personal("id organisation updated_at imported line"),
        "author": who_acted("prépare ce dossier"),
        "sealed": Personal(
            Subject.BENEFICIARY,
            "Reprendre un dossier commencé.",
            _UNTIL_SENT,
            "La ligne est effacée ; elle était scellée à la clé de l’organisme.",
            Form.ENCRYPTED,
        ),
    },
)
declare(
    PreparedPiece,
    {
        **not_personal("id organisation preparation document added_at"),
        "key": Personal(
            Subject.BENEFICIARY, "Savoir de quelle pièce il s’agit.", _UNTIL_SENT, "La ligne est effacée."
        ),
        "dated_on": Personal(
            Subject.BENEFICIARY, "Savoir si la pièce vaut encore.", _UNTIL_SENT, "La ligne est effacée."
        ),
        "valid_until": Personal(
            Subject.BENEFICIARY, "Savoir si la pièce vaut encore.", _UNTIL_SENT, "La ligne est effacée."
        ),
        "added_by": who_acted("a ajouté cette pièce"),
    },
)
declare(
    ApplicationImport,
    {
        **not_personal(
            "id organisation authorisation right sealed places state total done created known wrong stumbles fault"
            " uploaded_at confirmed_at ended_at emptied_at"
        ),
        "author": who_acted("a déposé ce tableau"),
        "content": Personal(
            Subject.BENEFICIARY, "Commencer un dossier par ligne.", _TABLE, _TABLE_GONE, Form.ENCRYPTED
        ),
        "described": Personal(
            Subject.BENEFICIARY,
            "Montrer de quel fichier il s’agit, et ses titres.",
            _TABLE,
            _TABLE_GONE,
            Form.ENCRYPTED,
        ),
    },
)
declare(
    ApplicationImportPart,
    {
        **not_personal("id organisation of number"),
        "wrong": Personal(
            Subject.BENEFICIARY,
            "Rendre les lignes à corriger.",
            _TABLE,
            "La ligne est effacée, et la clé du tableau détruite.",
            Form.ENCRYPTED,
        ),
    },
)
declare(
    ImportedLine,
    {
        **not_personal("id organisation imported_on"),
        "digest": Personal(
            Subject.BENEFICIARY,
            "Ne pas commencer deux fois le même dossier.",
            "Un an et un mois : une ligne plus ancienne ne s’importe plus.",
            "La ligne est effacée par la tâche de chaque nuit.",
            Form.DIGEST,
        ),
    },
)
declare(ImportMemory, not_personal("id organisation sealed"))
declare(
    Sample,
    {
        **not_personal(
            "id convention organisation readers since until size seed population total_days drawn drawn_at"
        ),
        "days": of_the_case("Mesurer le délai moyen de traitement."),
        "drawn_by": who_acted("a tiré l’échantillon"),
    },
)
