"""An objection on its pages: what comes in all the same says so to whoever works it and to the officer; it is lifted with a reason."""

import re
from uuid import UUID

import pytest

from maillage.core.clock import now
from maillage.protection.requests.deciding import decide
from maillage.referrals.queries import file_of as file_of_case
from maillage.referrals.references import reference
from tests.beneficiaries.jobs import index_as_worker
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, file_of, received
from tests.referrals.world import (
    ADVISER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    sign_convention,
    work,
)
from tests.secondments import world as secondments
from tests.web.conventions.writing.conftest import plain
from tests.web.protection.test_destructions import as_

LIST = "/protection/demandes/"
NOTICE = "Cette personne s’est opposée le"


@pytest.fixture
def s3(fresh_database: object) -> Signed:
    return sign_convention()


def granted(*cases: UUID, by: str = CPAM_DPO) -> UUID:
    index_as_worker()
    request = attached(received(by=by, rights=("objection",)), *cases, by=by)
    with member(by) as officer:
        decide(file=file_of(request, officer), right="objection", outcome="granted", by=officer, at=now())
    return request


def lifting(request: UUID) -> str:
    return f"{LIST}{request}/opposition/levee/"


def test_a_case_that_comes_all_the_same_says_what_to_do_and_offers_no_more(s3: Signed) -> None:
    request = granted(send_referral(s3))
    case = followed_by(send_referral(s3), ADVISER)
    index_as_worker()
    adviser, page = as_(ADVISER), f"/orientations/{case}/"
    assert NOTICE in plain(adviser.get(page))
    work(case, "acknowledge")
    text = plain(adviser.get(page))
    assert "Accusez réception de la demande si ce n’est pas fait, puis refusez-la" in text
    assert "refus/" in text
    for offered in ("acceptation/", "contact/", "question/", "bilan/", "plan/", "transmission/"):
        assert f"{page}{offered}" not in text, offered
    told = plain(adviser.post(f"{page}acceptation/", follow=True))
    assert "Rien n’est enregistré" in told
    asked = plain(adviser.post(f"{page}question/", {"token": case, "question": "Quelle est sa mutuelle ?"}))
    assert "Quelle est sa mutuelle ?" in asked, "what was typed is given back"
    assert NOTICE not in plain(as_(WORKER).get(page)), "whoever sends learns nothing"
    officer = as_(CPAM_DPO)
    assert f"Dossier {reference(case)} : la personne s’y est opposée" in plain(officer.get("/"))
    assert "s’y est opposée" not in plain(adviser.get("/"))
    shown = plain(officer.get(f"{LIST}{request}/"))
    assert "Encore ouvert malgré son opposition" in shown
    assert shown.count(reference(case)) == 1
    adviser.post(f"{page}refus/", {"reason": "other", "words": "Elle ne le souhaite pas."})
    assert NOTICE not in plain(adviser.get(page))
    assert "s’y est opposée" not in plain(officer.get("/"))


def test_what_has_just_come_waits_for_a_minute_and_says_so(s3: Signed) -> None:
    granted(send_referral(s3))
    case = followed_by(send_referral(s3), ADVISER)
    work(case, "acknowledge")
    adviser, page = as_(ADVISER), f"/orientations/{case}/"
    for answer in (
        adviser.post(f"{page}acceptation/"),
        adviser.post(f"{page}question/", {"token": case, "question": "Sa mutuelle ?"}),
    ):
        assert answer.status_code == 409
        assert "Rien ne se fait de ce dossier" in plain(answer)
    assert "Sa mutuelle ?" in plain(answer), "what was typed is given back"
    with member(ADVISER) as someone:
        assert file_of_case(someone, case).referral.state == "acknowledged"


def test_a_colleague_who_does_not_follow_it_is_told_too(s3: Signed) -> None:
    granted(send_referral(s3))
    case = send_referral(s3)
    index_as_worker()
    assert NOTICE in plain(as_(ADVISER).get(f"/orientations/{case}/"))


def test_an_appointment_that_comes_all_the_same_is_only_cancelled(fresh_database: object) -> None:
    lent = secondments.lend()
    granted(secondments.book(lent))
    case = secondments.book(lent)
    index_as_worker()
    page = f"/agents-delegues/rendez-vous/{case}/"
    text = plain(as_(ADVISER).get(page))
    assert "Annulez le rendez-vous" in text
    assert f"{page}annulation/" in text
    assert f"{page}deplacement/" not in text
    assert f"{page}deplacement/" in plain(as_(WORKER).get(page))


def test_she_changed_her_mind_and_the_flow_opens_again(s3: Signed) -> None:
    request = granted(send_referral(s3), by=CCAS_ADMIN)
    admin = as_(CCAS_ADMIN)
    assert "Ce à quoi elle s’oppose" in plain(admin.get(f"{LIST}{request}/"))
    for address, status in ((WORKER, 403), (STRANGER, 403), (CPAM_DPO, 404)):
        assert as_(address).get(lifting(request)).status_code == status, address
    assert "Seulement si la personne a changé d’avis" in plain(admin.get(lifting(request)))
    for typed, said in (
        ("", "Écrivez quelques mots"),
        ("Son numéro est le 1 91 03 42 147 012.", "1 91 03 42 147 012"),
        ("x" * 501, "x" * 501),
    ):
        answer = admin.post(lifting(request), {"why": typed})
        assert answer.status_code == 200
        text = plain(answer)
        assert said in text
        assert 'aria-invalid="true"' in text
        assert "Ce à quoi elle s’oppose" in plain(admin.get(f"{LIST}{request}/"))
    done = plain(admin.post(lifting(request), {"why": "Elle l’a dit à l’accueil."}, follow=True))
    assert "Opposition levée" in done
    assert "Ce à quoi elle s’oppose" not in done
    assert "Aucune opposition n’est en cours" in plain(admin.get(lifting(request)))
    assert "Aucune opposition n’est en cours" in plain(admin.post(lifting(request), {"why": "Encore."}))


def test_the_answer_says_on_what_each_text_rests(s3: Signed) -> None:
    index_as_worker()
    request = attached(received(rights=("objection", "restriction")), send_referral(s3))
    admin, page = as_(CCAS_ADMIN), f"{LIST}{request}/reponses/objection/"
    text = plain(admin.get(page))
    assert "Ce droit est-il ouvert ?" in text
    assert "Aucune base légale n’y est dite" in text
    assert "Base légale à préciser" in text
    assert "Dire la base légale" not in text, "it is for a data protection officer to say"
    assert 'value="basis"' in text
    other = plain(admin.get(f"{LIST}{request}/reponses/restriction/"))
    assert "Ce droit est-il ouvert" not in other
    assert 'value="basis"' not in other
    kept = plain(admin.post(page, {"outcome": "refused", "ground": "basis", "words": ""}))
    assert "Ce droit est-il ouvert ?" in kept
    assert 'value="basis"' in kept
    done = admin.post(
        page, {"outcome": "refused", "ground": "basis", "words": "Elle peut retirer son accord."}, follow=True
    )
    assert "ni un intérêt légitime" in plain(done)


def test_a_data_protection_officer_is_led_to_where_the_basis_is_stated(s3: Signed) -> None:
    index_as_worker()
    request = attached(received(by=CPAM_DPO, rights=("objection",)), send_referral(s3), by=CPAM_DPO)
    officer = as_(CPAM_DPO)
    text = plain(officer.get(f"{LIST}{request}/reponses/objection/"))
    (where,) = re.findall(r'href="([^"]*/blancs/remplir/[^"]*lawful_bases)"', text)
    assert "Base légale du traitement" in plain(officer.get(where))


def test_without_a_case_its_page_says_what_is_noted_and_what_comes_next(s3: Signed) -> None:
    request = attached(received(by=CPAM_DPO, rights=("objection",)), by=CPAM_DPO)
    officer, page = as_(CPAM_DPO), f"{LIST}{request}/"
    offered = officer.get(f"{page}reponses/objection/").context["form"].fields["flows"].choices
    said = {"outcome": "granted", "flows": [key for key, _ in offered]}
    shown = plain(officer.post(f"{page}reponses/objection/", said, follow=True))
    assert "Accordé. Nous ne gardons aucun dossier sur vous." in shown
    assert "Rien n’est noté comme le sien. Dites ici que votre organisme a répondu" in shown
