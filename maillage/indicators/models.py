"""Django finds here the models of the sub-rooms."""

from maillage.indicators.campaigns.models import Campaign, CampaignReminder, ReleasedFigure
from maillage.indicators.sheets.models import YearAnswer, YearCounts, YearSheet

__all__ = ["Campaign", "CampaignReminder", "ReleasedFigure", "YearAnswer", "YearCounts", "YearSheet"]
