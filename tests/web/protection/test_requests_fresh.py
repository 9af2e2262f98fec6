"""What a stolen session may not take nor undo of a person's request: one proves again that it is still she."""

from typing import Any

import pytest

from tests.protection.requests.files import CCAS_ADMIN, attached, received
from tests.referrals.world import send_referral, sign_convention
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain

pytestmark = pytest.mark.django_db
READ = (
    "recherche/",
    "contacts/",
    "contenu/",
    "contenu.json",
    "lettre/",
    "levee/lettre/",
    "portabilite/json/",
)
ACTS = ("recherche/", "reponse/", "refus/", "reponses/access/", "levee/", "opposition/levee/")


def test_a_proof_is_asked_before_she_is_looked_for_given_answered_or_let_go(
    as_: Signs, settings: Any
) -> None:
    here = f"/protection/demandes/{attached(received(), send_referral(sign_convention()))}/"
    admin = as_(CCAS_ADMIN)
    settings.FRESH_SECONDS = 0
    for one in READ:
        answer = admin.get(here + one)
        assert answer.status_code == 302, one
        assert answer.headers["Location"].startswith("/mon-compte/confirmer/?next="), one
    for one in ACTS:
        answer = admin.post(here + one, {"words": "Ce qui fut écrit.", "outcome": "granted"})
        assert "Confirmez que c’est vous" in plain(answer), one
        assert "Ce qui fut écrit." in answer.content.decode(), "what was typed is kept"
    assert admin.get(here).status_code == 200
