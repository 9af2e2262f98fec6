"""Personal data of this sub-room: what somebody who works here looks for."""

from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import of_a_professional
from maillage.referrals.saved.models import SavedView

declare(
    SavedView,
    {
        **not_personal("id organisation saved_at"),
        "user_id": of_a_professional("Retrouver ses vues."),
        "name": of_a_professional("Reconnaître ses vues."),
        "query": of_a_professional("Montrer ce que la vue retient, dont un ou une collègue."),
    },
)
