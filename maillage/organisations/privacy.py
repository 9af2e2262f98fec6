"""Personal data of this room: people who work here."""

from maillage.organisations.models import (
    Absence,
    Attempt,
    CdrAccess,
    CdrConsultation,
    DirectoryImport,
    ImportPart,
    Invitation,
    Mailbox,
    Membership,
    Offer,
    Organisation,
    Training,
    Undertaking,
    User,
)
from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import of_a_professional, who_acted

declare(
    Organisation,
    {
        **not_personal(
            "id kind name short_name sort_name siret code finess address departement commune territory covers words time_zone"
            " parent mailbox phone assured_on closed_on successor"
        ),
        "assured_by": who_acted("a assuré que la fiche est à jour"),
    },
)
_PLACED = "id organisation territory covers assured_on withdrawn_on"
declare(
    Offer,
    {
        **not_personal(f"{_PLACED} service place address commune reception hours phone mailbox bring"),
        "assured_by": who_acted("a assuré que l’offre est à jour"),
    },
)
declare(
    Mailbox,
    {
        **not_personal(f"{_PLACED} use level address label"),
        "assured_by": who_acted("a assuré que la boîte est relevée"),
    },
)
declare(
    DirectoryImport,
    {
        **not_personal(
            "id organisation file_name content state uploaded_at confirmed_at ended_at done total rehearsal application fault"
        ),
        "by": who_acted("a déposé le fichier"),
    },
)
declare(ImportPart, not_personal("id organisation of stage number outcomes"))
declare(
    User,
    {
        **not_personal("id is_active one_time_password"),
        "email": of_a_professional("Se connecter, être prévenu."),
        "full_name": of_a_professional("Dire qui a fait quoi."),
        "password": of_a_professional("Se connecter ; seule une empreinte Argon2 est gardée."),
    },
)
declare(
    Membership,
    {
        **not_personal("id organisation"),
        "user": of_a_professional("Savoir pour qui elle travaille."),
        "role": of_a_professional("Savoir ce qu’elle peut faire."),
        "since": of_a_professional("Savoir depuis quand."),
        "until": of_a_professional("Savoir jusqu’à quand."),
    },
)
declare(
    Attempt, not_personal("key tries until")
)  # a digest under the server's secret, gone with the next tries
declare(
    Undertaking,
    {
        **not_personal("id organisation version text_hash"),
        "user": of_a_professional("Savoir qui s’est engagé à la confidentialité."),
        "signed_at": of_a_professional("Savoir depuis quand."),
    },
)
declare(
    Training,
    {
        **not_personal("id organisation"),
        "user": of_a_professional("Savoir qui a été formé à la protection des données."),
        "done_on": of_a_professional("Savoir quand."),
        "title": of_a_professional("Savoir à quelle formation."),
        "recorded_by": who_acted("l’a enregistrée"),
        "recorded_at": of_a_professional("Savoir quand elle a été enregistrée."),
    },
)
declare(
    Invitation,
    {
        **not_personal(
            "id organisation roles since until digest sendings made_at sent_at expires_at accepted_at revoked_at"
        ),
        "email": of_a_professional(
            "Envoyer le lien d’une invitation, et n’ouvrir le compte que sous cette adresse."
        ),
        "full_name": of_a_professional("Reconnaître la personne invitée."),
        "made_by": who_acted("a invité"),
        "accepted_by": who_acted("a accepté"),
        "revoked_by": who_acted("a annulé l’invitation"),
    },
)
declare(
    Absence,
    {
        **not_personal("id organisation cancelled_at"),
        "user": of_a_professional("Savoir qui est absent."),
        "replaced_by": of_a_professional("Savoir qui la remplace, et voit ce qu’elle a commencé."),
        "since": of_a_professional("Savoir depuis quand."),
        "until": of_a_professional("Savoir jusqu’à quand."),
        "recorded_by": who_acted("l’a enregistrée"),
        "recorded_at": of_a_professional("Savoir quand elle a été enregistrée."),
    },
)
declare(
    CdrAccess,
    {
        **not_personal("id organisation tool"),
        "user": of_a_professional("Savoir qui consulte les droits (S2 art. 4.1)."),
        "since": of_a_professional("Savoir depuis quand."),
        "granted_by": who_acted("a ouvert l’accès"),
        "revoked_on": of_a_professional("Savoir quand l’accès a été retiré."),
        "revoked_by": who_acted("a retiré l’accès"),
        "reason": of_a_professional("Savoir pourquoi il a été retiré."),
    },
)
declare(
    CdrConsultation,
    {
        **not_personal("id organisation reason reference"),
        "cdr_access": of_a_professional("Savoir qui a consulté."),
        "at": of_a_professional("Savoir quand."),
        "recorded_at": of_a_professional("Savoir quand elle l’a inscrit."),
    },
)
