"""Personal data of this sub-room: who handed whose cases to whom."""

from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import of_the_case, who_acted
from maillage.referrals.handed.models import BulkHandOver, HandedCase

declare(
    BulkHandOver,
    {
        **not_personal("id organisation done_at undone_before undone_at"),
        "giver": who_acted("suivait ces dossiers"),
        "taker": who_acted("les suit depuis"),
        "done_by": who_acted("les a remis"),
        "undone_by": who_acted("a annulé la remise"),
    },
)
declare(
    HandedCase,
    {
        **not_personal("id organisation hand_over ended begun"),
        "case": of_the_case("Rendre le dossier si la remise est annulée."),
    },
)
