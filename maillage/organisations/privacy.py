"""Personal data of this room: people who work here."""

from maillage.organisations.models import (
    Attempt,
    DirectoryImport,
    ImportPart,
    Mailbox,
    Membership,
    Offer,
    Organisation,
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
        **not_personal("id is_active"),
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
