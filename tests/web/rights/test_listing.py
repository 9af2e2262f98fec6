"""The list of applications, and « À faire »: each side its own, names for those who follow, at a pinned price."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.audit.models import Entry
from maillage.core.identifiers import uuid7
from maillage.referrals.lists.queries import found
from maillage.referrals.lists.wanted import Wanted
from maillage.referrals.references import reference
from maillage.rights.examining import Asking
from maillage.rights.lists import page_of
from maillage.rights.queries import visible_to
from maillage.web.rights.listing import row_of
from tests.days import today
from tests.referrals.world import READER, member
from tests.rights.world import ADVISER, CANARIES, PASS, STRANGER, Signed, act, receive, send
from tests.web.referrals.conftest import Signs, plain

LIST = "/droits/"
LISTED = 9
"""Seven queries, and both ends of the transaction of the request."""


def text(client: Client, address: str = LIST, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return plain(answer)


def place(page: str, *cases: UUID) -> list[int]:
    return [page.index(reference(case)) for case in cases]


def test_the_urgent_come_first_and_names_open_to_those_who_follow(signed: Signed, as_: Signs) -> None:
    usual, urgent = send(signed, "c2s"), send(signed, urgent=True, proof="certificat_medical")
    page = text(as_(ADVISER))
    first, second = place(page, urgent, usual)
    assert first < second
    for expected in (
        "Dossier que vous ne suivez pas",
        "Urgent",
        "À enregistrer",
        "Aide médicale de l’État (AME)",
        "CH d’Exemple",
    ):
        assert expected in page, expected
    assert not any(canary in page for canary in CANARIES)
    mine = text(as_(PASS))
    assert "PALISSANDRE Eudoxie" in mine
    assert "Envoyée, en attente de la caisse" in mine
    assert 'href="/droits/preparations/"' in mine
    assert 'href="/droits/preparations/"' not in page
    assert reference(urgent) not in text(as_(STRANGER))
    text(as_(READER), status=403)
    assert Client().get(LIST).headers["Location"].startswith("/connexion/")


def test_it_is_narrowed_by_view_state_and_urgency(signed: Signed, as_: Signs) -> None:
    sent, received, over = send(signed), send(signed, "c2s"), send(signed, "puma")
    receive(received)
    act("withdraw", over, PASS, reason="person_asks")
    client = as_(ADVISER)
    shown = {
        "": {sent, received},
        "?vue=closed": {over},
        "?vue=all": {sent, received, over},
        "?vue=mine": {received},
        "?etat=complete": {received},
        "?etat=withdrawn": {over},
        "?urgentes=on": set(),
        "?retard=on": set(),
        "?vue=of_another_version&etat=nothing": {sent, received},
    }
    for query, expected in shown.items():
        page = text(client, LIST + query)
        assert {case for case in (sent, received, over) if reference(case) in page} == expected, query
    assert "Dossiers de droits" in text(client, "/")  # the navigation leads there


def test_a_list_costs_the_same_however_long(
    signed: Signed, as_: Signs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(PASS)
    send(signed)
    text(client)  # the session is at hand
    for right in ("c2s", "puma"):
        with django_assert_num_queries(LISTED):
            text(client)
        send(signed, right)


def test_the_list_is_narrowed_to_a_right_at_the_same_price(
    signed: Signed, as_: Signs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ame, c2s = send(signed), send(signed, "c2s")
    for address in (PASS, ADVISER):
        client = as_(address)
        text(client)  # the session is at hand
        with django_assert_num_queries(LISTED if address == PASS else LISTED - 1):  # no name is opened here
            page = text(client, f"{LIST}?droit=c2s")
        assert reference(c2s) in page
        assert reference(ame) not in page
    assert reference(ame) in text(client, f"{LIST}?droit=inconnu")  # as if it had not been given
    with member(ADVISER) as adviser:
        listed = found(adviser, Wanted(service="c2s"), on=today(), among=visible_to(adviser))
        assert receive(c2s).right == "c2s"
        assert (
            listed.count() == 1
        )  # a step leaves it there; its index is that of a service: tests/referrals/lists


def test_the_caisse_and_the_partner_have_it_to_do(signed: Signed, as_: Signs) -> None:
    case = send(signed, "c2s")
    caisse, partner = as_(ADVISER), as_(PASS)
    assert "Enregistrer un dossier" in text(caisse, "/")
    receive(case, is_complete=False)
    page = text(caisse, "/")
    assert "Vérifier un dossier" in page
    assert "Engagement de la convention" in page
    act("ask", case, asking=Asking(uuid7(), ("tax",), 20))
    assert reference(case) not in text(caisse, "/")
    page = text(partner, "/")
    assert "Envoyer une pièce" in page or "Envoyer 1 pièce" in page
    assert "20 jours accordés" in page
    act("answer", case, PASS, on=today())
    act("complete", case, on=today())
    page = text(caisse, "/")
    assert "Décider d’un dossier" in page
    assert "le silence vaut accord" in page
    assert reference(case) not in text(partner, "/")
    assert not any(canary in page for canary in CANARIES)


def test_a_late_one_is_badged_from_the_day_after_its_last(signed: Signed) -> None:
    case = send(signed)
    receive(case)
    with member(ADVISER) as adviser:
        (line,) = page_of(adviser, Wanted(), on=today()).lines
    last = line.participation.due_on
    assert last is not None
    assert "En retard" not in row_of(line, last).cells[-1]
    assert "En retard" in row_of(line, last + timedelta(days=1)).cells[-1]
    assert row_of(line, last).cells[-2] == last.strftime("%d/%m/%Y")


@pytest.mark.security
def test_what_a_list_told_is_written(signed: Signed, as_: Signs) -> None:
    case = send(signed)
    text(as_(PASS))
    with member(PASS):
        row = Entry.objects.get(object_type="application", verb="read_list")
        assert (row.object_ref, row.fields) == (str(case), "identity")
