"""Personal data of this room: who answered for an organisation. What is answered speaks of nobody."""

from maillage.indicators.campaigns.models import Campaign, CampaignReminder, ReleasedFigure
from maillage.indicators.sheets.models import YearAnswer, YearCounts, YearSheet
from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import who_acted

declare(
    YearSheet,
    {
        **not_personal("id convention year state back_reason begun_at submitted_at validated_at"),
        "begun_by": who_acted("a commencé la fiche"),
        "submitted_by": who_acted("l’a transmise"),
        "validated_by": who_acted("l’a validée"),
    },
)
declare(YearCounts, not_personal("sheet convention_id amounts"))
declare(
    YearAnswer,
    {
        **not_personal(
            "id sheet convention_id question part revision number words count over comment why is_few said_at said_for"
        ),
        "said_by": who_acted("a répondu"),
    },
)
declare(
    Campaign,
    {
        **not_personal(
            "id framework template title year state questions due_on reminders opened_at opened_for closed_at released_at policy "
            "refused answered"
        ),
        "opened_by": who_acted("a ouvert la campagne"),
        "closed_by": who_acted("l’a close"),
    },
)
declare(ReleasedFigure, not_personal("id campaign question part term territory network amount"))
declare(CampaignReminder, not_personal("id campaign on sent_at conventions"))
