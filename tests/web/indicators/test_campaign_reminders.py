"""The reminders of a campaign on its pages: chosen when it is opened, changed later, said to whoever opened it and to nobody else."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.indicators.campaigns.models import Campaign, CampaignReminder
from tests.conventions.people import CNAM, CPAM, body, member
from tests.days import today
from tests.indicators.campaigns.world import framework
from tests.web.referrals.conftest import Signs, plain

DUE = date(today().year + 1, 2, 15)
YEAR = today().year


@pytest.fixture
def national(db: None) -> UUID:
    return framework()


def french(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def opened(as_: Signs, national: UUID, reminders: str = "30, 14, 3") -> str:
    """The address of a campaign that the Cnam opens."""
    data = {"token": str(uuid7()), "year": str(YEAR), "due_on": french(DUE), "reminders": reminders}
    answer = as_(CNAM).post(f"/bilans/campagnes/ouvrir/{national}/", data)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_usual_days_are_proposed_and_the_next_reminder_is_said(as_: Signs, national: UUID) -> None:
    form = plain(as_(CNAM).get(f"/bilans/campagnes/ouvrir/{national}/"))
    assert 'value="30, 14, 3"' in form
    page = plain(as_(CNAM).get(opened(as_, national)))
    assert "Rappels" in page
    assert page.count("À venir") == 3
    assert french(DUE - timedelta(days=14)) in page


def test_what_left_is_read_by_whoever_opened_it_alone(as_: Signs, national: UUID) -> None:
    where = opened(as_, national)
    campaign = Campaign.objects.get(framework=national)
    cnam = body("Cnam").id
    with transaction.atomic(), acting(organisation=cnam):
        CampaignReminder.objects.create(
            campaign=campaign, on=DUE - timedelta(days=30), sent_at=campaign.opened_at, conventions=3_998
        )
    page = plain(as_(CNAM).get(where))
    assert f"Parti le {french(today())}, à 3 998 conventions sans fiche transmise" in page
    assert page.count("À venir") == 2
    other = plain(as_(CPAM).get(where))
    assert "Rappel" not in other
    assert "3 998" not in other


def test_the_days_change_with_the_date_and_nothing_typed_is_lost(as_: Signs, national: UUID) -> None:
    where = opened(as_, national, "")
    assert "Cette campagne ne rappelle personne." in plain(as_(CNAM).get(where))
    wrong = plain(as_(CNAM).post(f"{where}date/", {"due_on": french(DUE), "reminders": "bientôt"}))
    assert 'value="bientôt"' in wrong
    assert "de 1 à 365" in wrong
    done = as_(CNAM).post(f"{where}date/", {"due_on": french(DUE), "reminders": "7 et 1"}, follow=True)
    assert "Date et rappels changés." in plain(done)
    assert plain(done).count("À venir") == 2
    with member(CNAM):
        assert Campaign.objects.get(framework=national).reminders == [7, 1]
    assert as_(CPAM).post(f"{where}date/", {"due_on": french(DUE), "reminders": "7"}).status_code == 403
