"""The list and the page of a referral, for the caisse and for the sender."""

import re
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.audit.models import Entry
from maillage.referrals.content import Situation
from maillage.referrals.lists import queries
from maillage.referrals.references import reference
from maillage.vault.actions import vault
from tests.days import today
from tests.organisations.directory.test_functions import close
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    FAR_AHEAD,
    FLOW,
    OFFICER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    work,
    write_draft,
)
from tests.tiers import spread
from tests.web.directory.conftest import MANAGER
from tests.web.referrals.conftest import Signs, plain, title

LIST = "/orientations/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return plain(answer)


def test_the_caisse_sees_whom_it_received_and_what_is_to_do(signed: Signed, as_: Signs) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    page = text(as_(ADVISER), LIST)
    for expected in ("QUINTESSENCE Ondine", reference(case), "CCAS", "À accuser réception"):
        assert expected in page
    assert not any(canary in title(page) for canary in CANARIES)


def test_the_sender_sees_the_same_referral_in_her_own_words(signed: Signed, as_: Signs) -> None:
    send_referral(signed)
    page = text(as_(WORKER), LIST)
    assert "Envoyée, en attente de l’accusé de réception" in page
    assert "CPAM 42" in page
    assert "&lt;span" not in page
    assert "À accuser réception" not in page


def test_a_side_is_told_that_the_other_has_closed_and_who_goes_on(signed: Signed, as_: Signs) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    page, said = f"/orientations/{case}/", f"{organisation('CCAS').name} a fermé le"
    assert said not in text(as_(ADVISER), page)
    close(MANAGER, "CCAS", today(), organisation("CARSAT RA").id)
    told = text(as_(ADVISER), page)
    assert said in told
    assert f"{organisation('CARSAT RA').name} lui succède" in told


@pytest.mark.security
def test_the_ladder_of_the_list(signed: Signed, as_: Signs) -> None:
    send_referral(signed)
    assert Client().get(LIST)["Location"].startswith("/connexion/")
    assert as_(READER).get(LIST).status_code == 403
    stranger = text(as_(STRANGER), LIST)
    assert "Aucune orientation ici" in stranger
    assert not any(canary in stranger for canary in CANARIES)
    assert as_(ADVISER).post(LIST).status_code == 405


@pytest.mark.security
def test_the_ladder_of_a_case(signed: Signed, as_: Signs) -> None:
    address = f"/orientations/{send_referral(signed)}/"
    assert Client().get(address)["Location"].startswith("/connexion/")
    for someone, status in ((STRANGER, 404), (OFFICER, 403), (READER, 403), (WORKER, 200), (ADVISER, 200)):
        assert as_(someone).get(address).status_code == status
        assert as_(someone).get(f"/orientations/{uuid4()}/").status_code == (404 if status == 200 else status)


def test_the_list_takes_eight_queries_at_most_however_long(
    signed: Signed, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        send_referral(signed)
    for address in (ADVISER, WORKER):
        client = as_(address)
        write_draft(signed)
        client.get(LIST)
        with django_assert_max_num_queries(
            8 + 2
        ):  # and the savepoint that stands for the request's transaction
            client.get(LIST)


def test_a_list_read_is_one_entry_of_the_journal_with_the_references_shown(
    signed: Signed, as_: Signs
) -> None:
    cases = [followed_by(send_referral(signed), ADVISER) for _ in range(3)]
    send_referral(signed)
    as_(ADVISER).get(LIST)
    with member(ADVISER):
        entry = Entry.objects.get(verb="read_list")
        assert entry.object_ref.split(",") == [str(case) for case in cases]
        assert (entry.fields, entry.reason) == ("identity", "liste de travail ; sans identité : 1")


def test_a_page_read_is_journalled(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    for reason, fields in (
        ("sans ouvrir l’identité", ""),
        ("dossier suivi : prise en charge", "identity,narrative,situation"),
    ):
        as_(ADVISER).get(f"/orientations/{case}/")
        with member(ADVISER):
            assert Entry.objects.get(verb="read", object_ref=str(case), reason=reason).fields == fields
        followed_by(case, ADVISER)


def shown(page: str) -> list[str]:
    return re.findall(r"/orientations/([0-9a-f-]{36})/\"", page)


def test_pages_of_the_list_follow_each_other_both_ways(
    signed: Signed, as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    cases = [str(send_referral(signed)) for _ in range(5)]
    client, seen, address = as_(ADVISER), [], LIST
    pages = []
    while address:
        page = text(client, address)
        pages.append(shown(page))
        seen += shown(page)
        following = re.search(r'href="(\?[^"]+)" rel="next"', page)
        address = LIST + following.group(1).replace("&amp;", "&") if following else ""
        back = re.search(r'href="(\?[^"]+)" rel="prev"', page)
        if back and len(pages) > 1:
            before = text(client, LIST + back.group(1).replace("&amp;", "&"))
            assert shown(before) == pages[-2]
    assert seen == cases
    assert shown(text(client, LIST + "?vue=all")) == cases[:2:-1]


@pytest.mark.parametrize(
    "page",
    spread(["apres", "apres_x_y", f"apres_99999999999999999999999_{UUID(int=7)}", "%00", "avant_-1_"], 5),
)
def test_a_broken_place_in_the_list_is_its_beginning(signed: Signed, as_: Signs, page: str) -> None:
    case = send_referral(signed)
    assert shown(text(as_(ADVISER), f"{LIST}?page={page}")) == [str(case)]


def test_filters_narrow_the_list(signed: Signed, as_: Signs) -> None:
    signed.publish(until=FAR_AHEAD, flows=(FLOW, {**FLOW, "key": "orientation_eps", "service": "eps"}))
    calm = send_referral(signed)
    urgent = send_referral(signed, situation=Situation(("cost",), facts={"care_imminent": True}))
    closed = send_referral(signed)
    work(closed, "acknowledge", "accept", "contact", "close")
    client = as_(ADVISER)
    expected = {
        "": [urgent, calm],
        "?urgentes=on": [urgent],
        "?vue=closed": [closed],
        "?vue=all": [closed, urgent, calm],
        "?etat=closed": [closed],
        "?etat=sent": [urgent, calm],
        "?service=misas": [urgent, calm],
        "?service=eps": [],
        "?service=ssam": [urgent, calm],  # nothing of theirs leads there: it is no filter
        "?service=nimporte&vue=quoi&etat=x&age=2&personne=moi&convention=x": [urgent, calm],
    }
    for query, cases in expected.items():
        assert shown(text(client, LIST + query)) == [str(case) for case in cases], query


def test_a_person_whose_keys_were_destroyed_is_no_longer_shown(signed: Signed, as_: Signs) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    vault().store.destroy(organisation("CPAM 42").id, signed.id)
    assert "Données détruites" in text(as_(ADVISER), LIST)
    assert "Ses données ont été détruites" in text(as_(ADVISER), f"/orientations/{case}/")
    assert "QUINTESSENCE" in text(as_(WORKER), f"/orientations/{case}/")
