"""Personal data of this sub-room: that someone's case waits, and who set the thresholds."""

from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import of_the_case, who_acted
from maillage.referrals.heeding.models import AlertDays, Crossing

declare(
    AlertDays,
    {
        **not_personal("id convention_id organisation late_days blocked_days set_at"),
        "set_by": who_acted("a fixé ces seuils"),
    },
)
declare(
    Crossing,
    {
        **not_personal("id case convention_id"),
        "kind": of_the_case("Savoir ce qui attend trop."),
        "step_on": of_the_case("Suivre les délais."),
        "crossed_on": of_the_case("Suivre les délais."),
        "ended_on": of_the_case("Suivre les délais."),
    },
)
