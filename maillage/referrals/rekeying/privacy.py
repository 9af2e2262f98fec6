"""Personal data of this sub-room: none about the person; who noted and who removed a sheet."""

from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import who_acted
from maillage.referrals.rekeying.models import PaperForm

declare(
    PaperForm,
    {
        **not_personal("id organisation reference received_on noted_at draft dropped dropped_at"),
        "noted_by": who_acted("a mis cette feuille dans la file"),
        "dropped_by": who_acted("l’en a retirée"),
    },
)
