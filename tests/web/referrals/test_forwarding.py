"""The pages by which a case goes on elsewhere, for each side, and what each reads of where it came from and went."""

import re
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.referrals.references import reference
from tests.referrals.forwarding.conftest import ELSEWHERE, OTHER
from tests.referrals.forwarding.test_redirecting import redirect, redirected, restart, send_again
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    FAR_AHEAD,
    FLOW,
    OTHER_WORKER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    send_referral,
    sign_convention,
    work,
)
from tests.web.referrals.conftest import Signs, plain
from tests.web.referrals.test_reading import text

GIVEN = {"target": ELSEWHERE, "reason": "better_suited", "words": "La voie voisine a un interprète."}


@pytest.fixture
def signed(db: None) -> Signed:
    """The CCAS's convention, with a second open flow to the same caisse."""
    found = sign_convention({"key": OTHER["key"], "label": "Seconde voie"})
    found.publish(until=FAR_AHEAD, flows=(FLOW, OTHER))
    return found


def posted(client: Client, address: str, given: dict[str, str] | None = None) -> str:
    answered = client.post(address, given or {}, follow=True)
    assert answered.status_code == 200
    return plain(answered)


def test_the_caisse_redirects_and_the_sender_goes_on_until_it_is_sent(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    caisse, sender = as_(ADVISER), as_(WORKER)
    address = f"/orientations/{case}/redirection/"
    assert address in text(caisse, f"/orientations/{case}/")
    form = text(caisse, address)
    assert "Seconde voie (CPAM)" in form
    assert not any(canary in form for canary in CANARIES)
    refused = caisse.post(address, {**GIVEN, "reason": "other", "words": " "})
    assert "Écrivez quelques mots" in plain(refused)
    page = posted(caisse, address, GIVEN)
    for said in (
        "Orientation redirigée",
        "Redirigée vers",
        "Seconde voie (CPAM)",
        "un interprète",
        "Cet autre service",
    ):
        assert said in page
    assert address not in page
    home = text(sender, "/")
    assert f"Repartir vers Seconde voie (CPAM), {reference(case)}" in home
    assert "Repartir avec ce qui est écrit" in text(sender, f"/orientations/{case}/")
    preview = posted(sender, f"/orientations/{case}/repartir/")
    assert "Suite du dossier" in preview
    for said in (
        reference(case),
        "QUINTESSENCE",
        "lunettes",
        "Il reste à compléter",
        "Information",
    ):
        assert said in preview
    draft = UUID(re.findall(r"/orientations/brouillons/([0-9a-f-]{36})/", preview)[0])
    again = send_again(draft)
    for client in (sender, caisse):
        assert f'href="/orientations/{again}/"' in text(client, f"/orientations/{case}/")
        followed_by(again, ADVISER)
        later = text(client, f"/orientations/{again}/")
        assert "Suite de" in later
        assert f'href="/orientations/{case}/"' in later
    assert "Repartir vers" not in text(sender, "/")
    assert f"/orientations/{case}/repartir/" not in text(sender, f"/orientations/{case}/")


def test_a_way_that_she_takes_herself_says_what_to_tell_her(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    redirect(case, target="flows.appel_ssam")
    page = text(as_(WORKER), f"/orientations/{case}/")
    told = f"/orientations/conseil/{signed.id}/flows.appel_ssam/"
    assert told in page
    assert told not in text(as_(ADVISER), f"/orientations/{case}/")
    assert "3646" in text(as_(WORKER), told).replace(" ", "")


def test_too_late_is_said_and_changes_nothing(signed: Signed, as_: Signs) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    client = as_(ADVISER)
    assert "n’est plus possible" in plain(client.get(f"/orientations/{case}/redirection/", follow=True))
    page = posted(client, f"/orientations/{case}/redirection/", GIVEN)
    assert "À accuser réception" in page
    assert "n’est plus possible" in posted(as_(WORKER), f"/orientations/{case}/repartir/")
    again = redirected(signed)
    assert "Suivez d’abord ce dossier" in posted(as_(OTHER_WORKER), f"/orientations/{again}/repartir/")


@pytest.mark.security
def test_the_ladder_of_going_on(signed: Signed, as_: Signs) -> None:
    case = redirected(signed)
    for act, sides in (("redirection", {ADVISER: 302}), ("repartir", {WORKER: 302})):
        address = f"/orientations/{case}/{act}/"
        assert Client().post(address)["Location"].startswith("/connexion/")
        assert as_(READER).post(address).status_code == 403
        assert as_(STRANGER).post(address).status_code == (403 if act == "redirection" else 404)
        for someone in (ADVISER, WORKER):
            assert as_(someone).post(address).status_code == sides.get(someone, 403)


def test_a_case_with_kin_takes_twelve_queries_at_most(
    signed: Signed, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = redirected(signed)
    again = send_again(restart(case))
    client = as_(WORKER)
    client.get("/orientations/")
    with django_assert_max_num_queries(12 + 2):  # and the savepoint that stands for the request's transaction
        client.get(f"/orientations/{again}/")
