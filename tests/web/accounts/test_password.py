"""Changing one's password: who one is, what is asked for, what ends, what is written."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from maillage.audit.models import Entry
from maillage.demo.cast import PASSWORD
from maillage.organisations.models import User
from tests.browsing import Opened, browser, look, opened, site
from tests.tiers import spread

__all__ = ["browser", "opened", "site"]  # fixtures of these tests
WORKER = "social@ccas.example.org"
ADDRESS = "/mon-compte/mot-de-passe/"
NEW = "sept-girafes-au-marché"


def signed_in(password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/connexion/", {"login": WORKER, "password": password})
    return client


def change(client: Client, *, current: str = PASSWORD, password: str = NEW, again: str | None = None) -> str:
    given = {"current": current, "password": password, "again": password if again is None else again}
    answer = client.post(ADDRESS, given, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\u00a0", " ")


@pytest.mark.django_db
def test_her_password_changes_her_session_goes_on_and_the_others_end() -> None:
    here, elsewhere = signed_in(), signed_in()
    before = here.session.session_key
    assert "Mot de passe changé" in change(here)
    assert here.get("/").status_code == 200
    assert here.session.session_key != before
    assert elsewhere.get("/").status_code == 302
    assert signed_in().get("/").status_code == 302
    assert signed_in(NEW).get("/").status_code == 200


def test_the_change_is_journalled_without_either_password(fresh_database: object) -> None:
    change(signed_in())
    user = User.objects.get(email=WORKER)
    entry = Entry.objects.using("owner").get(verb="account.change_password")
    assert (entry.object_ref, entry.user_id) == (str(user.id), str(user.id))
    everything = str([vars(one) for one in Entry.objects.using("owner").all()])
    assert not any(word in everything for word in (PASSWORD, NEW, user.password))


REFUSALS = {
    "another current password": (
        {"current": "pas-le-bon-du-tout"},
        "Ce n’est pas votre mot de passe actuel.",
    ),
    "two different ones": ({"again": NEW + "s"}, "Les deux saisies du nouveau mot de passe diffèrent."),
    "the same one": ({"password": PASSWORD}, "Choisissez un mot de passe différent de l’actuel."),
    "a short one": ({"password": "court"}, "trop court"),
    "a common one": ({"password": "password1234"}, "trop courant"),
    "her address": ({"password": "social@ccas.example"}, "trop semblable"),
    "nothing": ({"current": "", "password": ""}, "Écrivez votre mot de passe actuel."),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", spread(REFUSALS, 4))
def test_a_refusal_is_said_in_french_and_changes_nothing(case: str) -> None:
    given, said = REFUSALS[case]
    client = signed_in()
    page = change(client, **given)
    assert said in page
    assert NEW not in page
    assert signed_in().get("/").status_code == 200


@pytest.mark.django_db
def test_the_menu_of_the_account_leads_there() -> None:
    assert f'href="{ADDRESS}"' in signed_in().get("/").content.decode()


@pytest.mark.long
@pytest.mark.browser
def test_it_is_done_by_keyboard_on_a_narrow_screen(opened: Opened) -> None:
    """In Chromium, what test_her_password_changes_her_session_goes_on_and_the_others_end does by requests."""
    page = opened(WORKER, width=360, bypass_csp=True)
    page.goto("/")
    page.locator("summary", has_text="Sacha Exemple").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Changer mon mot de passe").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Changer mon mot de passe")
    look(page, "mot_de_passe")
    page.locator("[name=current]").focus()
    page.keyboard.type("faux")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Ce n’est pas votre mot de passe actuel.")
    look(page, "mot_de_passe_refus")
    for name, value in (("current", PASSWORD), ("password", NEW), ("again", NEW)):
        page.locator(f"[name={name}]").focus()
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Mot de passe changé")
