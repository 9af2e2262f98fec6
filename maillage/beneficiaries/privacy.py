"""Personal data of this room: who the person is, and what she was told."""

from maillage.beneficiaries.models import (
    Beneficiary,
    BlindIndex,
    Consent,
    Correction,
    Information,
    Objection,
    ProgressChoice,
    Waiting,
)
from maillage.privacy.registry import Form, Personal, Subject, declare, not_personal
from maillage.privacy.retention import encrypted, of_the_case, who_acted

declare(
    Beneficiary,
    {
        **not_personal("case"),
        "identity": encrypted(
            "Retrouver et joindre la personne : nom, prénom, naissance, contact, NIR s’il est donné."
        ),
    },
)
declare(
    Correction,
    {
        **not_personal("id case organisation request_id addressee corrected_at acknowledged_at"),
        "fields": of_the_case("Savoir ce qui fut corrigé de son identité (RGPD, article 16)."),
        "former": encrypted(
            "Montrer aux deux organismes, et à la personne, ce que disait son identité avant d’être corrigée."
        ),
        "corrected_by": who_acted("a corrigé l’identité"),
        "acknowledged_by": who_acted("a dit que son organisme a repris la correction"),
    },
)
declare(
    Information,
    {
        **not_personal("id case recipient"),
        "given_on": of_the_case("Prouver que la personne a été informée (RGPD, articles 12 à 14)."),
        "means": of_the_case("Prouver comment elle l’a été."),
        "language": of_the_case("Prouver qu’elle l’a été dans une langue qu’elle comprend."),
        "notice": of_the_case("Prouver qu’une feuille lui fut remise."),
        "by": who_acted("a informé la personne"),
    },
)
declare(
    Consent,
    {
        **not_personal("case noted_at"),
        "answer": of_the_case("Savoir si son accord fut recueilli."),
        "how": of_the_case("Prouver comment il le fut."),
        "sealed_mandate": encrypted("Prouver le mandat par lequel elle se fait aider (Aidants Connect)."),
        "progress": of_the_case("Ne rien dire à l’organisme qui oriente de plus que ce qu’elle accepte."),
        "withdrawn_at": of_the_case("Prouver qu’elle fut obéie dès qu’elle a retiré son accord."),
        "withdrawn_to": of_the_case("Savoir à qui elle l’a dit."),
        "noted_by": who_acted("a recueilli son accord"),
        "withdrawn_by": who_acted("a noté qu’elle le retire"),
    },
)
declare(
    ProgressChoice,
    {
        **not_personal("id case noted_at"),
        "former": of_the_case("Savoir ce que l’organisme qui oriente pouvait lire jusque-là."),
        "progress": of_the_case("Ne rien dire à l’organisme qui oriente de plus que ce qu’elle accepte."),
        "how": of_the_case("Prouver comment elle l’a dit."),
        "said_on": of_the_case("Prouver quand elle l’a dit."),
        "said_to": of_the_case("Savoir à qui elle l’a dit."),
        "noted_by": who_acted("a noté son nouveau choix"),
    },
)
declare(
    BlindIndex,
    {
        **not_personal("id organisation case kind"),
        "digest": Personal(
            Subject.BENEFICIARY,
            "Retrouver une personne déjà connue de l’organisme, sans écrire son numéro ni son nom.",
            "Aussi longtemps que le dossier.",
            "La ligne est effacée ; sans la clé de l’organisme l’empreinte ne dit rien.",
            Form.DIGEST,
        ),
    },
)
declare(
    Objection,
    {
        **not_personal("id organisation counterpart service request_id since lifted_at"),
        "digests": Personal(
            Subject.BENEFICIARY,
            "Ne plus rien envoyer sur une personne qui s’y est opposée, sans écrire son numéro ni son nom (RGPD, article 21).",
            "Jusqu’à la levée de l’opposition : au-delà des dossiers, puisque c’est elle qui les empêche.",
            "Effacées à la levée ; sans la clé d’index de l’organisme elles ne disent rien.",
            Form.DIGEST,
        ),
        "sealed": Personal(
            Subject.BENEFICIARY,
            "Refaire les empreintes quand la clé d’index de l’organisme est renouvelée : son numéro, son nom, sa date de naissance.",
            "Jusqu’à la levée de l’opposition.",
            "Effacée à la levée ; scellée à l’organisme, elle ne s’ouvre qu’avec sa clé.",
            Form.ENCRYPTED,
        ),
        "lifted_why": Personal(
            Subject.BENEFICIARY,
            "Savoir pourquoi l’opposition est levée : ce qu’elle a dit, et comment.",
            "Aussi longtemps que la demande à laquelle elle répond.",
            "La ligne est effacée ; elle ne nomme personne.",
        ),
        "noted_by": who_acted("a noté l’opposition"),
        "lifted_by": who_acted("a levé l’opposition"),
    },
)
declare(Waiting, not_personal("id organisation case"))
