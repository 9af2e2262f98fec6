"""Personal data of this room: people who work here."""

from maillage.organisations.models import Attempt, Membership, Organisation, User
from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import of_a_professional

declare(
    Organisation,
    not_personal(
        "id kind name short_name sort_name siret address departement time_zone parent mailbox phone"
    ),
)
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
