"""Calling on a referent on the pages: the three ways, who sees what, the list with its ages, the answer."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from maillage.cases.following import consult
from maillage.conventions.solicitations.models import Solicitation
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    READER,
    STRANGER,
    WORKER,
    followed_by,
    member,
    send_referral,
    sign_convention,
)
from tests.web.conventions.conftest import Signs, plain

pytestmark = pytest.mark.django_db
CARSAT, DPO = "referente@carsat.example.org", "dpo@cpam.example.org"
SECRET, REPLY = "Où en est la demande de lunettes d’Ondine ?", "Ondine sera rappelée demain."
ASKED = {"party": "cpam", "way": "information", "text": "Quel est le plafond de la C2S ?"}


@pytest.fixture
def convention(db: None) -> UUID:
    return sign_convention().id


@pytest.fixture
def case(db: None) -> UUID:
    return followed_by(send_referral(sign_convention()), ADVISER)


def asks(person: Client, convention: UUID, **changes: str) -> str:
    where = f"/conventions/{convention}/solliciter/"
    return plain(person.post(where, {"token": str(uuid7()), **ASKED, **changes}, follow=True))


def asks_about(person: Client, case: UUID, **changes: str) -> str:
    values = {
        "text": SECRET,
        "agreed_on": today().strftime("%d/%m/%Y"),
        "agreement_means": "oral",
        "agreement_by": "Assistante",
    }
    where = f"/orientations/{case}/solliciter/"
    return plain(person.post(where, {"token": str(uuid7()), **values, **changes}, follow=True))


def asked(by: str = READER) -> Solicitation:
    with member(by):
        return Solicitation.objects.get()


def test_a_question_is_taken_back_by_who_asked_and_waits_no_more(as_: Signs, convention: UUID) -> None:
    asker, caisse = as_(OTHER_WORKER), as_(READER)
    asks(asker, convention)
    row = asked()
    where = f"/conventions/sollicitations/{row.pk}/"
    assert caisse.post(f"{where}retrait/").status_code == 403
    assert asker.post(f"{where}retrait/dossier/").status_code == 404
    assert "Retirer la question" in plain(asker.get(where))
    assert "Retirer la question" not in plain(caisse.get(where))
    assert "n’attend plus de réponse" in plain(asker.post(f"{where}retrait/", follow=True))
    page = plain(caisse.get(where))
    assert "Retirée le" in page
    assert "Répondre" not in page
    assert "retirée par qui l’a posée" in plain(caisse.get(f"{where}reponse/", follow=True))
    assert "Répondre à une sollicitation" not in plain(caisse.get("/"))
    assert "a sa réponse, ou est déjà retirée" in plain(asker.post(f"{where}retrait/", follow=True))


def test_a_question_is_asked_listed_and_answered(as_: Signs, convention: UUID) -> None:
    asker, caisse = as_(OTHER_WORKER), as_(READER)
    assert "Solliciter un référent" in plain(asker.get(f"/conventions/{convention}/"))
    page = plain(asker.get(f"/conventions/{convention}/solliciter/"))
    assert "Ne parlez d’aucune personne" in page
    assert "Personne de nommé aujourd’hui" in page
    assert "depuis la page du dossier" in page
    assert "Question envoyée" in asks(asker, convention)
    row = asked()
    listed = plain(caisse.get("/conventions/sollicitations/"))
    assert "demandé aujourd’hui" in listed
    assert "C2S" not in listed
    assert "Répondre à une sollicitation" in plain(caisse.get("/"))
    one = f"/conventions/sollicitations/{row.pk}/"
    assert f'href="{one}reponse/"' in plain(caisse.get(one))
    assert f'href="{one}reponse/"' not in plain(asker.get(one))
    refused = plain(caisse.post(f"{one}reponse/", {"text": "Son numéro : 284024214700069"}))
    assert "un numéro de" in refused
    assert "Réponse envoyée" in plain(caisse.post(f"{one}reponse/", {"text": "9 719 euros."}, follow=True))
    assert "9 719 euros." in plain(asker.get(one))
    assert "a déjà répondu" in plain(caisse.post(f"{one}reponse/", {"text": "Encore"}, follow=True))
    assert "Répondre à une sollicitation" not in plain(caisse.get("/"))


def test_what_is_missing_is_said_at_its_field(as_: Signs, convention: UUID) -> None:
    asker = as_(OTHER_WORKER)
    assert "Écrivez quelques mots" in asks(asker, convention, text="")
    assert "une adresse électronique" in asks(asker, convention, text="ondine@personne.example.org")
    assert "Choisissez" in asks(asker, convention, way="progress")


def test_a_party_that_the_text_does_not_name_is_told_so(as_: Signs, convention: UUID) -> None:
    page = plain(as_(READER).get(f"/conventions/{convention}/solliciter/"))
    assert "n’est pas ouverte à votre organisme" in page
    assert f'href="/conventions/{convention}/boite/"' in page
    assert "Solliciter un référent" not in plain(as_(READER).get(f"/conventions/{convention}/"))


def test_the_ladder(as_: Signs, convention: UUID) -> None:
    where = f"/conventions/{convention}/solliciter/"
    assert Client().get(where).status_code == 302
    assert as_(STRANGER).get(where).status_code == 404
    assert as_(WORKER).get(where).status_code == 403
    asks(as_(OTHER_WORKER), convention)
    one = f"/conventions/sollicitations/{asked().pk}/"
    for stranger in (STRANGER, CARSAT):
        assert as_(stranger).get(one).status_code == 404
        assert as_(stranger).get(f"{one}reponse/").status_code == 404
    assert as_(DPO).get(one).status_code == 200
    assert as_(DPO).get(f"{one}reponse/").status_code == 403
    assert as_(OTHER_WORKER).get(f"{one}reponse/").status_code == 403
    assert as_(ADVISER).get(f"{one}reponse/dossier/").status_code == 404, "it is about no case"


def test_where_a_case_stands_is_asked_from_its_page_and_opens_to_who_follows_it(
    as_: Signs, case: UUID
) -> None:
    worker, adviser, colleague = as_(WORKER), as_(ADVISER), as_(OTHER_WORKER)
    assert f"/orientations/{case}/solliciter/" in plain(worker.get(f"/orientations/{case}/"))
    assert "Vous ne suivez pas ce dossier" in asks_about(colleague, case)
    assert "fonction de qui a recueilli" in asks_about(worker, case, agreement_by="")
    assert "dans l’avenir" in asks_about(worker, case, agreed_on="01/01/2190")
    assert SECRET in asks_about(worker, case)
    row = asked(WORKER)
    one = f"/conventions/sollicitations/{row.pk}/"
    for reader in (colleague, as_(READER), as_(DPO)):
        page = plain(reader.get(one))
        assert "Ondine" not in page
        assert "Réservé à ceux qui suivent le dossier" in page
    assert as_(READER).get(f"{one}reponse/dossier/").status_code == 403
    assert SECRET in plain(adviser.get(f"{one}reponse/dossier/"))
    assert "Réponse envoyée" in plain(adviser.post(f"{one}reponse/dossier/", {"text": REPLY}, follow=True))
    assert REPLY in plain(worker.get(one))
    assert re.search(r"Question .*S-\w{6}", plain(worker.get(f"/orientations/{case}/")))
    for listed in (worker, adviser):
        assert "Ondine" not in plain(listed.get("/conventions/sollicitations/"))
    with member(OTHER_WORKER) as someone:
        consult(case=case, motive="Remplacement de ma collègue absente", by=someone, at=now())
    assert REPLY in plain(colleague.get(one))


def test_who_does_not_follow_the_case_answers_nothing(as_: Signs, case: UUID) -> None:
    asks_about(as_(WORKER), case)
    adviser = as_(ADVISER)
    adviser.post(f"/orientations/{case}/suivi/fin/")
    where = f"/conventions/sollicitations/{asked(ADVISER).pk}/reponse/dossier/"
    page = plain(adviser.post(where, {"text": REPLY}))
    assert "prenez-le en suivi" in page
    assert asked(ADVISER).answered_at is None


def test_the_list_costs_the_same_however_long_it_is(
    as_: Signs, convention: UUID, django_assert_max_num_queries: Callable[..., object]
) -> None:
    asker = as_(OTHER_WORKER)
    for _ in range(4):
        asks(asker, convention)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]  # a context manager
        asker.get("/conventions/sollicitations/")
