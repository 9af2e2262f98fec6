"""« Retrouver un dossier »: by POST, for those who read referrals, in their own organisation; the journal keeps no value."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from maillage.organisations.models import User
from maillage.referrals.references import reference
from tests.beneficiaries.jobs import index_as_worker
from tests.browsing import Opened, browser, follow, look, opened, site
from tests.cli.kept_world import raw
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    OFFICER,
    PERSON,
    STRANGER,
    WORKER,
    Signed,
    send_referral,
    sign_convention,
)
from tests.web.referrals.conftest import plain, title

__all__ = ["browser", "opened", "site"]  # fixtures
FIND = "/orientations/recherche/"
BY_NUMBER = {"nir": PERSON.nir, "surname": "", "birth_date": ""}
BY_NAME = {"nir": "", "surname": "quintessence", "birth_date": "29/02/1984"}
BY_NAME_ALONE = {"surname": "quintessence"}
NOBODY = "Aucune orientation de votre organisme ne correspond"


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    return sign_convention()


def signed_in(address: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=address), backend="maillage.web.accounts.backend.ClosedBackend")
    return client


def test_both_sides_find_the_person_by_her_number_or_by_her_name(signed: Signed) -> None:
    case = send_referral(signed)
    index_as_worker()
    for address in (WORKER, ADVISER):
        client = signed_in(address)
        assert "Retrouver un dossier" in plain(client.get("/orientations/"))
        assert reference(case) not in plain(client.get(FIND))
        for asked in (BY_NUMBER, BY_NAME, BY_NAME_ALONE, {"reference": reference(case).lower()}):
            answer = client.post(FIND, asked)
            page = plain(answer)
            assert answer.status_code == 200
            assert "1 orientation trouvée" in page
            assert reference(case) in page
            shown = "QUINTESSENCE Ondine" if address == WORKER else "Dossier que vous ne suivez pas"
            assert (
                shown in page
            )  # whoever does not follow learns that she is here, and opens the case for a reason
            assert ("QUINTESSENCE" in page) is (address == WORKER)
            assert not any(canary in title(page) for canary in CANARIES)
            assert answer["Cache-Control"] == "no-store"


def test_nobody_finds_the_people_of_others_nor_without_the_right(signed: Signed) -> None:
    case = send_referral(signed)
    index_as_worker()
    page = plain(signed_in(STRANGER).post(FIND, BY_NUMBER))
    assert NOBODY in page
    assert reference(case) not in page
    for method in ("get", "post"):
        assert getattr(signed_in(OFFICER), method)(FIND, BY_NUMBER).status_code == 403
    assert Client().post(FIND, BY_NUMBER).status_code == 302


def test_a_convention_that_ended_for_the_searcher_shows_nothing(signed: Signed) -> None:
    case = send_referral(signed)
    index_as_worker()
    raw(
        "UPDATE cases_participation SET until = now() WHERE role = 'sender' AND case_id = %s RETURNING id",
        case,
    )
    assert NOBODY in plain(signed_in(WORKER).post(FIND, BY_NUMBER))
    assert reference(case) in plain(signed_in(ADVISER).post(FIND, BY_NUMBER))


@pytest.mark.security
def test_a_search_is_journalled_with_what_it_found_and_without_what_was_written(signed: Signed) -> None:
    case = send_referral(signed)
    index_as_worker()
    client = signed_in(ADVISER)
    client.post(FIND, BY_NUMBER)
    client.post(FIND, {**BY_NAME, "birth_date": "28/02/1984"})
    client.post(FIND, {"reference": reference(case)})  # says nothing of her: it is no search of a person
    rows = raw("SELECT object_ref, fields FROM audit_entry WHERE verb = 'search' ORDER BY at")
    assert rows == [(str(case), "nir"), ("", "surname,birth_date")]
    written = str(raw("SELECT verb, object_type, object_ref, fields, reason FROM audit_entry"))
    assert not [canary for canary in (*CANARIES, "quintessence") if canary in written]


REFUSED = {
    "nothing": ({}, "Donnez une référence, un numéro de sécurité sociale ou un nom."),
    "a reference cut short": ({"reference": "K7QM-3"}, "Une référence a huit lettres et chiffres"),
    "a date alone": (
        {"birth_date": "29/02/1984"},
        "Ajoutez le nom : la date de naissance seule ne suffit pas.",
    ),
    "a name of dashes": ({"surname": "--", "birth_date": "29/02/1984"}, "Écrivez le nom en lettres."),
    "a day that does not exist": (
        {"surname": "Martin", "birth_date": "31/02/1984"},
        "Écrivez une date qui existe",
    ),
    "a number cut short": ({"nir": "2 84 02"}, "Le numéro de sécurité sociale a 15 caractères"),
    "a number with a wrong key": ({"nir": "284024214700068"}, "ne correspond pas à sa clé"),
    "a month that does not exist": ({"nir": "2841342147000"}, "Ce numéro de sécurité sociale n’existe pas"),
}


def test_what_finds_nobody_is_refused_at_its_field_and_not_journalled(signed: Signed) -> None:
    client = signed_in(ADVISER)
    for name, (asked, expected) in REFUSED.items():
        page = plain(client.post(FIND, asked))
        assert expected in page, name
        assert NOBODY not in page, name
    assert raw("SELECT 1 FROM audit_entry WHERE verb = 'search'") == []


def test_a_search_costs_the_same_number_of_queries_whatever_it_finds(signed: Signed) -> None:
    client = signed_in(ADVISER)
    counts = []
    for _ in range(2):
        send_referral(signed)
        index_as_worker()
        with CaptureQueriesContext(connection) as captured:
            client.post(FIND, BY_NUMBER)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14, counts


@pytest.mark.long
@pytest.mark.browser
def test_axe_finds_nothing_on_the_search_and_the_keyboard_is_enough(opened: Opened) -> None:
    """In Chromium, what test_both_sides_find_the_person_by_her_number_or_by_her_name does by requests."""
    signed = sign_convention()
    case = send_referral(signed)
    index_as_worker()
    page = opened(ADVISER, bypass_csp=True)
    page.goto("/orientations/")
    follow(page, "text=Retrouver un dossier")
    look(page, "recherche")
    page.keyboard.press("Tab")
    page.fill("[name=birth_date]", "29/02/1984")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Ajoutez le nom")
    look(page, "recherche_refus")
    page.fill("[name=surname]", "QUINTESSENCE")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(reference(case))
    assert page.url.endswith(FIND)
    look(page, "recherche_trouvee")
