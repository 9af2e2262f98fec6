"""Personal data of this sub-room: that someone's case was forwarded, and to which service."""

from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import of_the_case, who_acted
from maillage.referrals.forwarded.models import Forwarding

declare(
    Forwarding,
    {
        **not_personal("id case article"),
        "service": of_the_case("Savoir quel service l’aide aussi."),
        "recipient": of_the_case("Savoir quel organisme l’aide aussi."),
        "forwarded_at": of_the_case("Suivre les délais."),
        "forwarded_by": who_acted("l’a transmise"),
    },
)
