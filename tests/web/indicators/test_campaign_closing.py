"""Closing a campaign where the server could publish nothing: said on its page, and nothing changed."""

from datetime import date

import pytest
from django.db import connections

from maillage.core.database.settings import STATISTICS_ALIAS
from maillage.indicators.campaigns.models import Campaign
from tests.conventions.people import CNAM
from tests.days import today
from tests.indicators.campaigns.world import framework, opened
from tests.web.referrals.conftest import Signs, plain

pytestmark = pytest.mark.django_db


def test_a_server_without_the_role_of_statistics_keeps_the_campaign_open(
    as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = opened(framework(), due_on=date(today().year + 1, 1, 31))
    page = f"/bilans/campagnes/{campaign.pk}/"
    with monkeypatch.context() as patch:
        patch.delitem(connections.settings, STATISTICS_ALIAS)
        said = plain(as_(CNAM).post(f"{page}cloture/", follow=True))
    assert "la campagne reste ouverte, rien n’a changé" in said
    assert "DATABASE_STATISTICS_URL" in said
    assert "Clore la campagne" in said
    assert Campaign.objects.get(pk=campaign.pk).state == "open"
    done = plain(as_(CNAM).post(f"{page}cloture/", follow=True))
    assert "Campagne close" in done
