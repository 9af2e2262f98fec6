"""A restricted case on its pages: a notice instead of acts, a page instead of a form that would be refused, a badge in the agenda."""

from uuid import UUID

import pytest

from maillage.cases.freezing import freeze
from maillage.core.clock import now
from tests.referrals.world import (
    ADVISER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
    work,
)
from tests.rights import world as rights
from tests.secondments import world as secondments
from tests.web.conventions.writing.conftest import plain
from tests.web.protection.test_destructions import as_

pytestmark = pytest.mark.django_db
NOTICE, REFUSED = "Données limitées à la demande de la personne", "Ce dossier se lit, mais rien ne s’y fait"


def frozen(case: UUID, by: str = WORKER) -> UUID:
    with member(by) as someone:
        freeze(cases=[case], ground="accuracy", by=someone, at=now())
    return case


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def test_each_form_of_a_referral_says_that_it_is_restricted(signed: Signed) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    work(case, "acknowledge", "accept")
    page = f"/orientations/{case}/"
    forms = ((ADVISER, "redirection/"), (ADVISER, "transmission/"), (WORKER, "solliciter/"))
    before = {rest: as_(address).get(page + rest).status_code for address, rest in forms}
    frozen(case)
    for address, rest in forms:
        answer = as_(address).get(page + rest)
        assert (answer.status_code, before[rest] < 400) == (409, True), rest
        assert REFUSED in plain(answer)
        assert "Ce que vous veniez d’envoyer" not in plain(answer)
        assert as_(STRANGER).get(page + rest).status_code in (403, 404), "a stranger learns nothing"
    sent = as_(ADVISER).post(page + "question/", {"token": case, "question": "Quelle est sa mutuelle ?"})
    assert sent.status_code == 409
    assert "Ce que vous veniez d’envoyer" in plain(sent)
    assert "Quelle est sa mutuelle ?" in plain(sent)
    assert as_(ADVISER).get(page + "suivi/confier/").status_code == 200, "who reads it may change"
    assert NOTICE in plain(as_(ADVISER).get(page))


def test_a_restricted_application_says_so_and_offers_nothing(db: None) -> None:
    signed = rights.sign()
    case = rights.send(signed)
    rights.receive(case)
    page = f"/droits/{case}/"
    assert NOTICE not in plain(as_(ADVISER).get(page))
    frozen(case, rights.PASS)
    for address in (ADVISER, rights.PASS):
        text = plain(as_(address).get(page))
        assert NOTICE in text
        assert organisation(rights.HOSPITAL).name in text
        for offered in ("reception/", "refus/", "retrait/", "annulation/", "pieces/"):
            assert f'action="{page}{offered}"' not in text


def test_a_restricted_appointment_says_so_and_so_does_the_agenda(db: None) -> None:
    lent = secondments.lend()
    case, free = secondments.book(lent), secondments.book(lent)
    page = f"/agents-delegues/rendez-vous/{case}/"
    day = secondments.act("move", free, slot=lent.slots()[0], at=now()).starts_at.date()
    agenda, paper = (
        f"/agents-delegues/{lent.secondment}/agenda/",
        f"/agents-delegues/{lent.secondment}/journee/",
    )
    adviser = as_(ADVISER)
    assert adviser.get(page + "deplacement/").status_code == 200
    frozen(case)
    assert NOTICE in plain(adviser.get(page))
    for address in (ADVISER, WORKER):
        text = plain(as_(address).get(page))
        assert f"{page}deplacement/" not in text
        assert f"{page}annulation/" not in text
    answer = adviser.get(page + "deplacement/")
    assert (answer.status_code, REFUSED in plain(answer)) == (409, True)
    week = plain(adviser.get(agenda, {"semaine": str(day)}))
    assert week.count("Données limitées") == 1
    assert "données limitées" in plain(adviser.get(paper, {"jour": str(day)}))
