"""The second factor in the pages: given at sign-in, put in place, taken away, required; and what is asked again."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.credentials.actions import factors_of
from maillage.demo.cast import PASSWORD
from tests.credentials.people import (
    ADVISER,
    WORKER,
    SoftKey,
    code_of,
    someone,
    with_application,
    with_codes,
    with_key,
)
from tests.tiers import spread

pytestmark = pytest.mark.django_db
NOBODYS = UUID(int=7)
ADMINISTRATOR, MANAGER = "admin@ccas.example.org", "annuaire@cnam.example.org"
STEP, FACTORS, APPLICATION = (
    "/connexion/second-facteur/",
    "/mon-compte/second-facteur/",
    "/mon-compte/second-facteur/application/",
)


def enter(address: str = WORKER, **more: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/connexion/", {"login": address, "password": PASSWORD, **more})


def give(client: Client, code: str, page: str = STEP, **more: str) -> Any:
    return client.post(page, {"confirmation-code": code, **more})


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def enrolled(client: Client) -> str:
    """Put an application in place as a person does; its secret."""
    secret = secret_of(client.get(APPLICATION))
    answer = client.post(APPLICATION, {"code": code_of(secret, ahead=-1)})
    assert "Vos codes de secours" in text(answer)
    return secret


def secret_of(page: Any) -> str:
    found = re.search(r"recovery-code\">([A-Z2-7 ]+)<", text(page))
    assert found is not None
    return found.group(1).replace(" ", "")


def test_the_password_alone_opens_nothing_to_whoever_has_a_second_factor() -> None:
    secret = with_application(someone())
    client, answer = enter()
    assert (answer.status_code, answer.headers["Location"]) == (302, STEP)
    assert client.get("/").status_code == 302
    assert client.get(FACTORS).headers["Location"].startswith("/connexion/")
    assert "n’est pas bon" in text(give(client, "000000"))
    assert client.get("/").status_code == 302
    assert give(client, code_of(secret)).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_recovery_code_stands_for_it_once() -> None:
    with_application(someone())
    codes = with_codes(someone())
    client, _ = enter()
    assert give(client, codes[0]).status_code == 302
    assert client.get("/").status_code == 200
    again, _ = enter()
    assert "n’est pas bon" in text(give(again, codes[0]))


def test_where_she_wanted_to_go_is_not_lost_on_the_way() -> None:
    secret = with_application(someone())
    client, _ = enter(next="/conventions/calendrier/")
    assert give(client, code_of(secret)).headers["Location"] == "/conventions/calendrier/"


def test_one_may_begin_again() -> None:
    with_application(someone())
    client, _ = enter()
    assert client.post(STEP, {"annuler": "1"}).headers["Location"] == "/connexion/"
    assert client.get(STEP).headers["Location"] == "/connexion/"


def test_an_application_is_put_in_place_and_asked_next_time() -> None:
    client, _ = enter()
    before = client.session.session_key
    other, _ = enter()
    secret = enrolled(client)
    assert client.session.session_key != before
    assert other.get("/").status_code == 302  # sessions without it end
    assert "Retirer" in text(client.get(FACTORS))
    assert "Ajoutée le" in text(client.get(FACTORS))
    assert "10 codes" in text(client.get(FACTORS))
    again, answer = enter()
    assert answer.headers["Location"] == STEP
    assert give(again, code_of(secret)).headers["Location"] == "/"


def test_a_wrong_code_keeps_the_same_drawing() -> None:
    client, _ = enter()
    first = client.get(APPLICATION)
    assert "<svg" in text(first)
    assert "style=" not in text(first)
    refused = client.post(APPLICATION, {"code": "000000"})
    assert "celui du moment" in text(refused)
    assert secret_of(refused) == secret_of(first)


def test_it_is_taken_away_unless_it_is_required(settings: Any) -> None:
    client, _ = enter()
    enrolled(client)
    page = text(client.get(FACTORS))
    found = re.search(r'name="factor" value="([0-9a-f-]+)"', page)
    assert found is not None
    stranger, _ = enter(ADVISER)
    assert "n’est plus là" in text(stranger.post(FACTORS, {"factor": found.group(1)}, follow=True))
    settings.SECOND_FACTOR_REQUIRED = True
    assert "dernier second facteur" in text(client.post(FACTORS, {"factor": found.group(1)}, follow=True))
    settings.SECOND_FACTOR_REQUIRED = False
    assert "Second facteur retiré" in text(client.post(FACTORS, {"factor": found.group(1)}, follow=True))
    assert enter()[1].headers["Location"] == "/"


def test_new_codes_end_the_former_ones() -> None:
    client, _ = enter()
    enrolled(client)
    codes = re.findall(
        r"recovery-code\">([0-9A-Z]{5}-[0-9A-Z]{5})<", text(client.post("/mon-compte/second-facteur/codes/"))
    )
    assert len(codes) == 10
    again, _ = enter()
    assert give(again, codes[3]).headers["Location"] == "/"
    assert "9 codes" in text(again.get(FACTORS))


def test_codes_come_with_a_factor_only() -> None:
    client, _ = enter()
    assert client.post("/mon-compte/second-facteur/codes/").headers["Location"] == FACTORS


# Required.


def test_until_one_is_in_place_nothing_else_opens(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client, _ = enter()
    for address in ("/", "/conventions/", "/orientations/", "/mon-compte/sessions/"):
        assert client.get(address).headers["Location"] == FACTORS, address
    fragment = client.get("/conventions/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (204, FACTORS)
    assert client.post("/organisme/", {}).headers["Location"] == FACTORS
    assert "demandé à tout le monde" in text(client.get(FACTORS))
    enrolled(client)
    assert client.get("/").status_code == 200


def test_whoever_is_held_may_leave(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client, _ = enter()
    assert client.post("/deconnexion/").status_code == 302
    assert client.get(FACTORS).headers["Location"].startswith("/connexion/")


def test_a_view_without_a_rule_opens_to_nobody_who_is_held(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client, _ = enter()
    monkeypatch.setattr("maillage.web.accounts.gate.LEAVING", ())
    assert client.post("/deconnexion/").headers["Location"] == FACTORS


# What is sensitive asks again.

SENSITIVE = ("password", "factors", "factor_application", "factor_key", "sessions")


@pytest.fixture
def stale(settings: Any) -> Client:
    """Somebody without a second factor, whose last proof is too old."""
    client, _ = enter()
    settings.FRESH_SECONDS = 300
    grow_old(client)
    return client


def grow_old(client: Client) -> None:
    session = client.session
    session["proved"] -= 301
    session.save()


@pytest.mark.parametrize("name", SENSITIVE)
def test_a_sensitive_page_asks_again_and_goes_on(stale: Client, name: str) -> None:
    address = reverse(name)
    asked = stale.get(address)
    assert asked.headers["Location"].startswith("/mon-compte/confirmer/?next=")
    fragment = stale.get(address, headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (204, asked.headers["Location"])
    assert "Ce n’est pas votre mot de passe" in text(
        stale.post(asked.headers["Location"], {"confirmation-password": "faux"})
    )
    assert stale.get(address).status_code == 302
    answer = stale.post(asked.headers["Location"], {"confirmation-password": PASSWORD})
    assert answer.headers["Location"] == address
    assert stale.get(address).status_code == 200


# What changes who may enter, opens what one does not follow, or takes a lot away at once.
ALSO = {
    "/organisme/membres/inviter/": ADMINISTRATOR,
    "/organisme/membres/cdr/ouverture/": ADMINISTRATOR,
    "/organisme/membres/cdr/export/": ADMINISTRATOR,
    "/journal/export/csv/": ADMINISTRATOR,
    "/annuaire/ma-fiche/fermer/": ADMINISTRATOR,
    "/annuaire/ouvrir/": MANAGER,
    f"/orientations/{NOBODYS}/consultation/": WORKER,
    f"/agents-delegues/rendez-vous/{NOBODYS}/consultation/": WORKER,
    f"/organisme/membres/{NOBODYS}/role/": ADMINISTRATOR,
    f"/organisme/membres/{NOBODYS}/depart/": ADMINISTRATOR,
    f"/organisme/membres/roles/{NOBODYS}/fin/": ADMINISTRATOR,
}


@pytest.mark.parametrize("address", spread(ALSO, 4))
def test_what_opens_or_takes_away_a_lot_asks_again(settings: Any, address: str) -> None:
    client, _ = enter(ALSO[address])
    settings.FRESH_SECONDS = 300
    assert "confirmer" not in client.get(address).headers.get("Location", "")
    grow_old(client)
    assert client.get(address).headers["Location"].startswith("/mon-compte/confirmer/?next=")


def test_whoever_has_a_second_factor_gives_that_one(settings: Any) -> None:
    client, _ = enter()
    secret = enrolled(client)
    settings.FRESH_SECONDS = 300
    grow_old(client)
    confirm = client.get("/mon-compte/sessions/").headers["Location"]
    assert "Mot de passe" not in re.sub(
        r"<nav.*?</nav>|<header.*?</header>", "", text(client.get(confirm)), flags=re.DOTALL
    )
    client.post(confirm, {"confirmation-password": PASSWORD})
    assert client.get("/mon-compte/sessions/").status_code == 302
    assert give(client, code_of(secret), confirm).headers["Location"] == "/mon-compte/sessions/"


def test_a_form_sent_too_late_asks_in_its_way_and_keeps_what_was_typed(stale: Client) -> None:
    other, _ = enter()
    asked = stale.post("/mon-compte/sessions/", {"toutes": "1", "note": '<b>"&'})
    assert asked.status_code == 200
    assert "Rien n’a encore été enregistré" in text(asked)
    assert 'name="note" value="&lt;b&gt;&quot;&amp;"' in text(asked)
    assert other.get("/").status_code == 200  # nothing happened
    wrong = stale.post("/mon-compte/sessions/", {"toutes": "1", "note": "x", "confirmation-password": "faux"})
    assert 'name="note" value="x"' in text(wrong)
    assert other.get("/").status_code == 200
    done = stale.post("/mon-compte/sessions/", {"toutes": "1", "confirmation-password": PASSWORD})
    assert done.status_code == 302
    assert other.get("/").status_code == 302


def test_passwords_are_never_written_back_into_a_page(stale: Client) -> None:
    new = "sept-girafes-au-marché"
    asked = stale.post("/mon-compte/mot-de-passe/", {"current": PASSWORD, "password": new, "again": new})
    assert asked.headers["Location"].startswith("/mon-compte/confirmer/?next=")
    page = text(stale.get(asked.headers["Location"]))
    assert "Rien n’a été changé" in page
    assert new not in page
    assert enter()[1].status_code == 302


def test_a_file_that_was_sent_too_late_is_asked_again(stale: Client) -> None:
    asked = stale.post(
        "/mon-compte/sessions/", {"toutes": "1", "document": SimpleUploadedFile("a.pdf", b"x")}
    )
    assert 'type="file"' in text(asked)
    without = stale.post(
        "/mon-compte/sessions/",
        {"toutes": "1", "confirmation_files": "document", "confirmation-password": PASSWORD},
    )
    assert 'type="file"' in text(without)
    whole = {
        "toutes": "1",
        "document": SimpleUploadedFile("a.pdf", b"x"),
        "confirmation_files": "document",
        "confirmation-password": PASSWORD,
    }
    assert stale.post("/mon-compte/sessions/", whole).status_code == 302


def test_a_proof_leads_to_no_other_site(stale: Client) -> None:
    for target in (
        "https://ailleurs.example.org/",
        "//ailleurs.example.org/",
        "javascript:alert(1)",
        "\\\\x",
    ):
        answer = stale.post("/mon-compte/confirmer/", {"next": target, "confirmation-password": PASSWORD})
        assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("answer", ["", "x", "null", "[" * 20_000, '{"a":' * 3_000])
def test_an_answer_of_a_key_that_is_none_is_refused(answer: str) -> None:
    client = Client()
    client.post("/connexion/", {"login": WORKER, "password": PASSWORD})
    page = client.post("/mon-compte/second-facteur/cle/", {"name": "Clé", "credential": answer})
    assert page.status_code == 200
    assert factors_of(someone()) == []
    with_key(someone(), SoftKey())
    page = client.post("/mon-compte/confirmer/", {"confirmation-credential": answer})
    assert page.status_code == 200
