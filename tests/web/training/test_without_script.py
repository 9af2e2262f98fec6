"""A session planned, filled and signed without script: links and forms alone."""

from datetime import timedelta

import pytest

from maillage.core.clock import now
from tests.days import today
from tests.referrals.world import WORKER
from tests.training.world import OFFICER, SOON, planned, register, teach
from tests.without_script import Plain

LIST = "/formations/"


@pytest.mark.django_db
def test_without_script_a_session_is_planned_filled_and_signed() -> None:
    taught = teach()
    officer = Plain(OFFICER).open(LIST).follow("Prévoir une séance")
    officer.choose("Module", 1)
    officer.fill("day", (today() + SOON).strftime("%d/%m/%Y")).fill("starts", "9:00").fill("ends", "12:00")
    officer.fill("place", "Salle Exemple").fill("trainer", "Conseillère").press("Enregistrer")
    assert officer.text("h1").startswith("Ouvrir des droits")
    worker = Plain(WORKER).open(LIST).follow("S’inscrire")
    worker.fill("name", "Ondine Modèle").fill("function", "Bénévole").press("Inscrire")
    assert "Inscription enregistrée" in worker.text("#messages")
    at = now() - SOON - timedelta(days=10)
    over = planned(taught, at=at)
    register(over, "Zoé Spécimen", at=at)
    officer = Plain(OFFICER).open("/").follow("Signer la feuille d’une séance")
    officer.check("Présent·e").press("Signer la feuille")
    assert "Feuille signée" in officer.text("#messages")
