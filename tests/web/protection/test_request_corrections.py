"""A request for rectification on its pages: each case is corrected from it, and it is granted once it is so or it is said why not."""

import re

import pytest
from django.test import Client

from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, received
from tests.referrals.world import ADVISER, PERSON, WORKER, followed_by, send_referral, sign_convention
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain
from tests.web.referrals.test_identity import typed

pytestmark = pytest.mark.django_db
LIST = "/protection/demandes/"


def decided(admin: Client, page: str, **said: str) -> str:
    return plain(
        admin.post(f"{page}reponses/rectification/", {"outcome": "granted", "words": "", **said}, follow=True)
    )


def test_from_the_page_of_the_request_to_its_answer(as_: Signs) -> None:
    signed = sign_convention()
    first, second = (followed_by(send_referral(signed), ADVISER) for _ in range(2))
    request = attached(received(rights=("rectification",)), first, second)
    admin, page = as_(CCAS_ADMIN), f"{LIST}{request}/"
    shown = plain(admin.get(page))
    for case in (first, second):
        assert f"{page}dossiers/{case}/correction/" in shown
    correct = f"{page}dossiers/{first}/correction/"
    form = plain(admin.get(correct))
    assert 'value="29/02/1984"' in form, "what the case says, and nothing of the request"
    done = admin.post(correct, typed(birth_date="28/02/1985"), follow=True)
    assert "Identité corrigée le" in plain(done)
    assert "(date de naissance)" in plain(done)
    assert "Identité corrigée : date de naissance." in plain(done), "told to the other, with its receipt"
    told = plain(admin.get(f"{page}rectification/"))
    assert "(date de naissance)" in told
    assert "rien n’y est corrigé sur Maillage" in told
    refused = decided(admin, page)
    assert re.search(r"L’identité n’est pas corrigée dans : [0-9A-Z]{4}-[0-9A-Z]{4}\.", refused)
    granted = decided(admin, page, words="Dans l’autre dossier, tout était juste.")
    assert "Corrigé : date de naissance" in granted
    assert "tout était juste" in granted
    officer = as_(CPAM_DPO)
    assert "Reprendre une rectification" in plain(officer.get("/"))
    read = plain(as_(ADVISER).get(f"/orientations/{first}/"))
    assert "à la demande de la personne (date de naissance)" in read
    assert "Reprendre une identité" not in plain(as_(ADVISER).get("/"))


def test_only_whoever_follows_the_request_opens_it_and_only_for_her_cases(as_: Signs) -> None:
    signed = sign_convention()
    case, other = send_referral(signed), send_referral(signed)
    request = attached(received(rights=("rectification",)), case)
    page = f"{LIST}{request}/dossiers/"
    assert as_(CCAS_ADMIN).get(f"{page}{other}/correction/").status_code == 404
    assert as_(WORKER).get(f"{page}{case}/correction/").status_code == 403
    assert as_(CPAM_DPO).get(f"{page}{case}/correction/").status_code == 404
    assert PERSON.birth_date < today()
