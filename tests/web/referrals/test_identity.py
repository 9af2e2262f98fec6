"""The identity of a case on its pages: corrected by either side, what it was before, taken up; whatever the kind of the case."""

import re
from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from maillage.beneficiaries.rules import Identity
from maillage.cases.freezing import freeze
from maillage.core.clock import now
from tests.beneficiaries.correcting import corrected
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    OTHER_WORKER,
    PERSON,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    work,
)
from tests.rights import world as rights
from tests.secondments import world as secondments
from tests.web.referrals.conftest import Signs, plain

BORN = date(1985, 2, 28)
NAMES = (
    "surname", "given_name", "representative", "phone", "email", "other_way", "safe_time", "language", "nir",
)  # fmt: skip


@pytest.fixture
def case(signed: Signed) -> UUID:
    return followed_by(send_referral(signed), ADVISER)


def typed(person: Identity = PERSON, **changes: str) -> dict[str, str]:
    """What the form sends of somebody."""
    return {
        **{name: getattr(person, name) for name in NAMES},
        "birth_date": person.birth_date.strftime("%d/%m/%Y"),
        "seen": "",
        **changes,
    }


def here(case: UUID, rest: str = "") -> str:
    return f"/dossiers/{case}/identite/{rest}"


def told(page: str) -> str:
    """The text of a page, its spaces made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def to_take_up(page: str) -> str:
    found = re.search(r'action="(/dossiers/corrections/[0-9a-f-]+/reprise/)"', page)
    assert found
    return found.group(1)


def test_a_worker_corrects_and_the_caisse_reads_it_and_takes_it_up(as_: Signs, case: UUID) -> None:
    worker, caisse = as_(WORKER), as_(ADVISER)
    assert here(case, "corriger/") in plain(worker.get(f"/orientations/{case}/"))
    form = plain(worker.get(here(case, "corriger/")))
    assert 'value="29/02/1984"' in form
    assert 'value="Quintessence"' in form
    done = worker.post(here(case, "corriger/"), typed(birth_date="28/02/1985"), follow=True)
    assert done.redirect_chain[-1][0] == f"/orientations/{case}/"
    read = told(plain(done))
    assert "Identité corrigée." in read
    assert re.search(
        r"Identité corrigée le .* par CCAS.* \(date de naissance\)\. Pas encore reprise par", read
    )
    assert "28 février 1985" in read
    assert "Reprendre une identité corrigée" in plain(caisse.get("/"))
    page = plain(caisse.get(here(case)))
    assert "29 février 1984" in page
    assert "28 février 1985" not in page
    assert "Mettez à jour ce que votre organisme garde" in page
    taken = caisse.post(to_take_up(page), follow=True)
    assert "la correction est reprise" in plain(taken)
    assert "C’est repris de notre côté" not in plain(taken)
    assert "Reprendre une identité" not in plain(caisse.get("/"))
    assert "Reprise par" in plain(worker.get(f"/orientations/{case}/"))


def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(as_: Signs, case: UUID) -> None:
    worker = as_(WORKER)
    wrong = typed(
        birth_date="28/02/2099", nir="2840242147000", given_name="Ondyne", safe_time="jamais le soir"
    )
    page = plain(worker.post(here(case, "corriger/"), wrong))
    for said in (
        "dans l’avenir",
        "Il manque la clé",
        'value="Ondyne"',
        'value="jamais le soir"',
        'value="28/02/2099"',
    ):
        assert said in page, said
    assert "Écrivez une date" in plain(worker.post(here(case, "corriger/"), typed(birth_date="hier")))
    same = plain(worker.post(here(case, "corriger/"), typed()))
    assert "Rien n’a changé" in same
    assert "Identité corrigée" not in plain(worker.get(f"/orientations/{case}/"))


def test_whoever_comes_second_is_told_keeps_what_she_typed_and_sends_it_again(as_: Signs, case: UUID) -> None:
    caisse = as_(ADVISER)
    corrected(case, birth_date=BORN)
    late = plain(caisse.post(here(case, "corriger/"), typed(surname="Zéphirin")))
    assert "Quelqu’un a corrigé cette identité pendant que vous écriviez" in late
    assert 'value="Zéphirin"' in late
    assert "Ce que dit le dossier maintenant" in late
    assert "28 février 1985" in late
    seen = re.search(r'name="seen" value="([0-9a-f-]{36})"', late)
    assert seen
    again = caisse.post(
        here(case, "corriger/"),
        typed(surname="Zéphirin", birth_date="28/02/1985", seen=seen.group(1)),
        follow=True,
    )
    assert "ZÉPHIRIN" in plain(again)
    assert "28 février 1985" in plain(again)


def test_a_closed_case_is_corrected_and_a_restricted_one_says_why_not(
    as_: Signs, signed: Signed, case: UUID
) -> None:
    work(case, "acknowledge", "accept", "contact", "close")
    worker = as_(WORKER)
    done = worker.post(here(case, "corriger/"), typed(birth_date="28/02/1985"), follow=True)
    assert "Identité corrigée" in plain(done)
    case = send_referral(signed)
    with member(WORKER) as someone:
        freeze(cases=[case], ground="accuracy", by=someone, at=now())
    assert here(case, "corriger/") not in plain(worker.get(f"/orientations/{case}/"))
    assert worker.get(here(case, "corriger/")).status_code == 409
    refused = worker.post(here(case, "corriger/"), typed(birth_date="01/03/1985", safe_time="jamais le soir"))
    assert refused.status_code == 409
    assert "jamais le soir" in plain(refused)
    assert worker.get(here(case)).status_code == 200


@pytest.mark.security
def test_who_may_not_learns_and_changes_nothing(as_: Signs, case: UUID) -> None:
    row = corrected(case, birth_date=BORN)
    stranger, reader, colleague = as_(STRANGER), as_(READER), as_(OTHER_WORKER)
    for address in (here(case), here(case, "corriger/")):
        assert stranger.get(address).status_code == 404
        assert reader.get(address).status_code == 403
        answer = colleague.get(address, follow=True)
        assert answer.redirect_chain[-1][0] == f"/orientations/{case}/"
        assert not [word for word in (*CANARIES, "28 février 1985") if word in plain(answer)]
    assert stranger.post(here(case, "corriger/"), typed(surname="Zéphirin")).status_code == 404
    assert (
        colleague.post(here(case, "corriger/"), typed(surname="Zéphirin", seen=str(row.pk))).status_code
        == 302
    )
    take_up = f"/dossiers/corrections/{row.pk}/reprise/"
    assert stranger.post(take_up).status_code == 404
    assert as_(WORKER).post(take_up).status_code == 404
    assert Client().get(here(case)).status_code == 302
    assert "ZÉPHIRIN" not in plain(as_(WORKER).get(f"/orientations/{case}/"))


def test_a_file_of_rights_is_corrected_the_same_way(as_: Signs) -> None:
    case = rights.send(rights.sign())
    worker = as_(rights.PASS)
    assert here(case, "corriger/") in plain(worker.get(f"/droits/{case}/"))
    sent = typed(rights.PERSON, birth_date="06/03/1991")
    done = plain(worker.post(here(case, "corriger/"), sent, follow=True))
    assert "6 mars 1991" in done
    assert "(date de naissance)" in done
    assert "Reprendre une identité corrigée" in plain(as_(ADVISER).get("/"))


def test_an_appointment_is_corrected_the_same_way(as_: Signs) -> None:
    case = secondments.book(secondments.lend())
    worker = as_(WORKER)
    address = f"/agents-delegues/rendez-vous/{case}/"
    assert here(case, "corriger/") in plain(worker.get(address))
    form = plain(worker.get(here(case, "corriger/")))
    filled = dict(re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', form))
    done = worker.post(here(case, "corriger/"), {**typed(), **filled, "given_name": "Ondyne"}, follow=True)
    assert done.redirect_chain[-1][0] == address
    assert "(prénom)" in plain(done)
