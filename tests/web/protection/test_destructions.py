"""What becomes of the data of a convention that ended, on its pages: set, destroyed, certified, countersigned."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from maillage.core.clock import now
from maillage.organisations.models import User
from maillage.protection.destruction import countersigning
from maillage.protection.destruction.certificate import Certificate, read
from maillage.protection.destruction.planning import plan
from tests.conventions.people import worker_process
from tests.days import today
from tests.protection.destruction.test_destroying import (
    CAISSE_DPO,
    HOSPITAL_ADMIN,
    certificate,
    checked,
    der,
    destroyed,
    ended,
)
from tests.rights.world import PASS, Signed, send, sign
from tests.web.conventions.writing.conftest import plain


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    return sign()


def as_(address: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=address), backend="maillage.web.accounts.backend.ClosedBackend")
    return client


def here(signed: Signed, rest: str = "") -> str:
    return f"/protection/destructions/{signed.id}/{rest}"


def test_a_convention_that_runs_says_what_its_term_will_do(committed: Signed) -> None:
    hospital = as_(HOSPITAL_ADMIN)
    text = plain(hospital.get(here(committed)))
    assert "Au terme : destruction prévue" in text
    assert "Au terme : conservées" in text
    assert "Ce jour ne se fixe pas" in plain(hospital.get(here(committed, "jour/")))
    assert "Aucun certificat" in plain(hospital.post(here(committed, "contreseing/"), follow=True))
    assert "Aucune convention de votre organisme n’est finie" in plain(
        hospital.get("/protection/destructions/")
    )
    assert as_(PASS).get(here(committed)).status_code == 403


def read_certificate(signed: Signed) -> Certificate:
    return read(certificate(signed)[1], certificate=der())


def test_the_day_is_told_moved_and_after_it_the_certificate_is_countersigned(
    committed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(committed)
    ended(committed)
    with worker_process():
        plan(now())
    hospital = as_(HOSPITAL_ADMIN)
    assert "Données détruites au terme" in plain(hospital.get("/"))
    assert "repère de la plateforme" in plain(hospital.get(here(committed)))
    assert "Au plus tôt le" in plain(hospital.get(here(committed, "jour/")))
    early = plain(hospital.post(here(committed, "jour/"), {"due_on": "01/01/2020", "reason": "Un écrit."}))
    assert "Ce jour est passé" in early
    assert "Un écrit." in early
    assert "Écrivez quelques mots" in plain(
        hospital.post(here(committed, "jour/"), {"due_on": "", "reason": ""})
    )
    soon = (today() + timedelta(days=3)).strftime("%d/%m/%Y")
    assert "Rien n’est détruit avant le" in plain(
        hospital.post(here(committed, "jour/"), {"due_on": soon, "reason": "Un écrit."})
    )
    day = (today() + timedelta(days=43)).strftime("%d/%m/%Y")
    assert "Jour de la destruction fixé" in plain(
        hospital.post(
            here(committed, "jour/"), {"due_on": day, "reason": "Un écrit des parties."}, follow=True
        )
    )
    told = plain(as_(CAISSE_DPO).get(here(committed)))
    assert "Un écrit des parties" in told
    assert "repère de la plateforme" in told
    twice = plain(hospital.post(here(committed, "jour/"), {"due_on": day, "reason": "Un second clic."}))
    assert "Quelqu’un a fixé ce jour" in twice
    assert "Un second clic." in twice
    destroyed(timedelta(days=44))
    page = hospital.get(here(committed)).content.decode()
    assert page.count('method="post"') == page.count("csrfmiddlewaretoken")
    assert "Contresigner le certificat" in plain(hospital.get("/"))
    assert "Pas encore contresigné par Centre hospitalier d’Exemple" in plain(
        as_(CAISSE_DPO).get(here(committed))
    )
    got = as_(CAISSE_DPO).get(here(committed, "certificat/hospital/"))
    assert b"".join(got).startswith(b"%PDF-")
    with monkeypatch.context() as patch:
        patch.setattr(
            countersigning, "read", lambda *_, **__: replace(read_certificate(committed), destruction="x")
        )
        refused = plain(hospital.post(here(committed, "contreseing/"), follow=True))
        assert "il ne se contresigne pas" in refused
    assert "Certificat contresigné" in plain(hospital.post(here(committed, "contreseing/"), follow=True))
    assert "Contresigner le certificat" not in plain(hospital.get(here(committed)))
    assert "Contresigné le" in plain(as_(CAISSE_DPO).get(here(committed)))
    assert "Pas encore contresigné" not in plain(as_(CAISSE_DPO).get(here(committed)))
    assert checked(certificate(committed)[1]) == ()
    assert "Détruites, certificat établi" in plain(hospital.get("/protection/destructions/"))


def test_a_partner_of_another_convention_reads_nothing(committed: Signed) -> None:
    ended(committed)
    with worker_process():
        plan(now())
    stranger = as_("admin@villexemple.example.org")
    for rest in ("", "jour/", "certificat/hospital/"):
        assert stranger.get(here(committed, rest)).status_code == 404
    assert (
        "Convention"
        not in plain(stranger.get("/protection/destructions/"))
        .split("Aucune convention")[0]
        .split("Quand")[-1]
    )
