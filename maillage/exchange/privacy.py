"""Personal data of this room: what is written about a person, and who wrote."""

from maillage.exchange.models import Attachment, Message, Note, Seen
from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import encrypted, who_acted

declare(
    Message,
    {
        **not_personal("id case organisation at"),
        "author": who_acted("a écrit le message"),
        "sealed_text": encrypted(
            "Se dire ce qui aide la personne, entre l’organisme qui l’oriente et la caisse."
        ),
    },
)
declare(
    Seen,
    {
        **not_personal("id organisation case message"),
        "user_id": who_acted("a lu les messages d’un dossier, pour ne pas les lui annoncer encore"),
    },
)
declare(
    Note,
    {
        # No person's: the detector and the database see to what can be recognised.
        **not_personal("id convention_id organisation at text"),
        "author": who_acted("a écrit dans la boîte de la convention"),
    },
)
declare(Attachment, not_personal("id case message document"))
