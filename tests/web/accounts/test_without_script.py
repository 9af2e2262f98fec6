"""An application put and asked for, and what a key says, without script."""

import pytest

from maillage.demo.cast import PASSWORD
from tests.credentials.people import WORKER, code_of
from tests.without_script import Plain


def enter(page: Plain) -> Plain:
    return page.open("/connexion/").fill("login", WORKER).fill("password", PASSWORD).press("Se connecter")


@pytest.mark.django_db
def test_without_script_an_application_is_put_and_a_key_says_why_it_cannot() -> None:
    page = enter(Plain()).follow("Second facteur").follow("Ajouter une application")
    secret = page.text(".recovery-code").replace(" ", "")
    page.fill("code", code_of(secret, ahead=-1)).press("Mettre en place")
    assert page.text("h1") == "Vos codes de secours"
    assert page.press("Se déconnecter").text("h1") == "Connexion"
    assert enter(page).text("h1") == "Votre second facteur"
    assert page.fill("confirmation-code", code_of(secret)).press("Se connecter").text("h1") == "À faire"
    assert "demande JavaScript" in page.open("/mon-compte/second-facteur/cle/").text()
