"""Personal data of this room: who published what, for her organisation. Openings are counted without anybody."""

from maillage.catalogue.models import Stock, StockMovement, Support, SupportCount, SupportVersion
from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import who_acted

declare(
    Support,
    {
        **not_personal(
            "id organisation kind title sort_title words purpose audience languages services code first_published_at created_at"
        ),
        "created_by": who_acted("a décrit le support"),
    },
)
declare(
    SupportVersion,
    {
        **not_personal(
            "id support organisation label changes document link state valid_from valid_until published_at closed_at reason"
            " replaced_by created_at"
        ),
        "created_by": who_acted("a préparé la version"),
        "published_by": who_acted("l’a publiée"),
        "closed_by": who_acted("l’a retirée, remplacée ou abandonnée"),
    },
)
declare(Stock, not_personal("id organisation support threshold"))
declare(
    StockMovement,
    {
        **not_personal("id stock organisation number kind quantity recipient day balance noted_at"),
        "noted_by": who_acted("a noté le mouvement"),
    },
)
declare(SupportCount, not_personal("id version day organisation way openings"))
