"""Opening a campaign over a template, in a browser: who is offered it, what is refused at its field, what is kept of what was typed."""

from datetime import date

import pytest

from maillage.core.identifiers import uuid7
from maillage.indicators.campaigns.models import Campaign
from tests.conventions.people import CNAM, CPAM, S2, WORKER
from tests.days import today
from tests.indicators.campaigns.test_templates import made
from tests.web.referrals.conftest import Signs, plain

OPENING = "/bilans/campagnes/ouvrir/"
DUE = f"{date(today().year + 1, 2, 15):%d/%m/%Y}"


@pytest.fixture
def _made(db: None) -> None:
    made()


def typed(**changes: str) -> dict[str, str]:
    return {
        "token": str(uuid7()),
        "template": S2,
        "year": str(today().year),
        "due_on": DUE,
        "reminders": "14, 3",
        **changes,
    }


@pytest.mark.usefixtures("_made")
def test_the_head_of_the_network_opens_one_from_the_list(as_: Signs) -> None:
    assert f'href="{OPENING}"' in plain(as_(CNAM).get("/bilans/campagnes/"))
    assert "(1 convention)" in plain(as_(CNAM).get(OPENING))
    done = plain(as_(CNAM).post(OPENING, typed(), follow=True))
    assert "les conventions faites de ce modèle ont ses questions" in done
    assert "0 fiche validée sur 1" in done
    assert Campaign.objects.get(template=S2).reminders == [14, 3]


@pytest.mark.usefixtures("_made")
def test_a_caisse_is_offered_nothing_and_a_worker_may_not(as_: Signs) -> None:
    assert f'href="{OPENING}"' not in plain(as_(CPAM).get("/bilans/campagnes/"))
    assert "Aucun organisme de votre réseau" in plain(as_(CPAM).get(OPENING))
    assert "<select" not in plain(as_(CPAM).post(OPENING, typed()))
    assert as_(WORKER).get(OPENING).status_code == 403
    assert not Campaign.objects.exists()


@pytest.mark.usefixtures("_made")
def test_nothing_typed_is_lost(as_: Signs) -> None:
    unknown = plain(as_(CNAM).post(OPENING, typed(template="inconnu")))
    assert "Choisissez un modèle dont des organismes de votre réseau" in unknown
    page = plain(as_(CNAM).post(OPENING, typed(due_on="01/01/2020", reminders="12, 5")))
    assert "Choisissez un jour à venir." in page
    assert 'value="12, 5"' in page
    assert 'value="01/01/2020"' in page or 'value="2020-01-01"' in page
