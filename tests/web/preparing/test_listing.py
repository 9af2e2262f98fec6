"""The list of what is being prepared, and the sheet for the person: neither names anybody."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from maillage.core.clock import now
from maillage.organisations.people.leaving import Away, record_absence
from maillage.referrals.references import reference
from tests.days import today
from tests.referrals.world import READER, member
from tests.rights.world import ADVISER, CANARIES, PASS, STRANGER, Signed, prepare
from tests.web.preparing.conftest import COLLEAGUE, HOME, Signs, at, begun, colleague, plain


def test_the_list_has_ones_own_files_and_those_of_whom_one_replaces(signed: Signed, as_: Signs) -> None:
    made, client, other = prepare(signed), as_(PASS), colleague(as_)
    mine = plain(client.get(HOME))
    assert reference(made) in mine
    assert "Vous" in mine
    assert not any(canary in mine for canary in CANARIES)
    assert "Aucun dossier en préparation" in plain(other.get(HOME))
    with member(COLLEAGUE) as colleague_:
        replacement = colleague_.user
    with member(PASS) as worker:
        record_absence(person=worker.user, away=Away(today(), today(), replacement), by=worker, at=now())
    theirs = plain(other.get(HOME))
    assert reference(made) in theirs
    assert "Camille Exemple" in theirs
    assert other.get(at(made, "apercu")).status_code == 200


def test_the_list_asks_as_much_however_long_it_is(signed: Signed, as_: Signs) -> None:
    client, asked = as_(PASS), []
    for _ in range(2):
        prepare(signed)
        client.get(HOME)
        with CaptureQueriesContext(connection) as captured:
            client.get(HOME)
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 8


@pytest.mark.security
@pytest.mark.parametrize("place", [HOME, f"{HOME}nouveau/"])
def test_the_ladder_of_the_list(signed: Signed, as_: Signs, place: str) -> None:
    assert Client().get(place)["Location"].startswith("/connexion/")
    for address, status in ((STRANGER, 200), (READER, 403), (ADVISER, 403), (PASS, 200)):
        assert as_(address).get(place).status_code == status, address
    assert as_(PASS).put(place).status_code == 405


def test_the_sheet_of_a_file_is_a_pdf_that_names_nobody(signed: Signed, as_: Signs) -> None:
    answer = as_(PASS).get(at(prepare(signed, without=["identity"]), "liste"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert not any(canary.encode() in answer.content for canary in CANARIES)
    assert not any(canary in answer["Content-Disposition"] for canary in CANARIES)


def test_before_a_right_is_chosen_there_is_nothing_to_list(signed: Signed, as_: Signs) -> None:
    made = begun()
    for slug in ("liste", "questions", "pieces"):
        assert as_(PASS).get(at(made, slug))["Location"] == at(made, "droit")
