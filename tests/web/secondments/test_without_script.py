"""A visit booked and noted without script: links and forms alone."""

from datetime import timedelta

import pytest

from maillage.core.clock import today
from maillage.web.presentation.dates import PARIS
from tests.referrals.world import ADVISER, WORKER
from tests.secondments.world import book_past, lend
from tests.without_script import Plain

LIST = "/agents-delegues/"


@pytest.mark.django_db
def test_without_script_a_worker_books_and_the_agent_notes() -> None:
    lent = lend(since=today(PARIS) - timedelta(days=30))
    worker = Plain(WORKER).open(f"{LIST}{lent.secondment}/").follow("Prendre un rendez-vous")
    worker.choose("Créneau", 1)
    worker.check("Dispositifs d’accès aux droits (PUMa, C2S, AME, soins urgents)").check("Pièce d’identité")
    worker.fill("surname", "Quintessence").fill("given_name", "Ondine").fill("birth_date", "29/02/1984")
    worker.fill("phone", "0600000017").check("De vive voix").check(name="recipient_named")
    worker.enter("recipient_named")
    assert worker.text("h1") == "QUINTESSENCE Ondine"
    assert "Rendez-vous pris" in worker.text("#messages")
    case = book_past(lent)
    agent = Plain(ADVISER).open("/").follow("Noter la suite d’un rendez-vous")
    agent.check("Droits ouverts").press("Noter la suite")
    assert "Noté" in agent.text("#messages")
    assert "Droits ouverts" in worker.open(f"{LIST}rendez-vous/{case}/").text()
