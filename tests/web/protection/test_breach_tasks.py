"""What a breach asks of those who follow it, on their home and their desk, until it is done."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.protection.breaches import queries
from maillage.protection.breaches.models import Breach, BreachEntry
from maillage.protection.breaches.rules import controllers
from tests.conventions.people import WORKER, member
from tests.days import PARIS
from tests.protection.breaches.files import CARSAT_ADMIN, CCAS_ADMIN, CPAM_DPO
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain
from tests.web.protection.test_pages import DECIDED, NEW, here, moment, reported, said, updated

pytestmark = pytest.mark.django_db
TO_SAY = "Dire quelles conventions sont touchées"


def agreed(as_: Signs, row: Breach) -> None:
    """The two others agree to what the caisse proposed."""
    for address in (CARSAT_ADMIN, CCAS_ADMIN):
        person = as_(address)
        drawn = person.get(here(row)).content.decode()
        (agree,) = [part for part in drawn.split('"') if part.endswith("/accord/")]
        person.post(agree)


def test_a_report_without_a_convention_asks_to_say_which_it_touches(as_: Signs, s3: UUID) -> None:
    worker, admin = as_(WORKER), as_(CCAS_ADMIN)
    answer = plain(worker.post(NEW, said(s3, conventions=[]), follow=True))
    assert "de votre organisme, ou votre administration, est prévenu" in answer
    assert "concernés sont prévenus" not in answer
    assert "Aucune convention n’impose" not in answer
    assert TO_SAY not in plain(worker.get("/"))
    row = reported(worker, s3, conventions=[])
    for address in ("/", "/protection/"):
        text = plain(admin.get(address))
        assert TO_SAY in text, address
        assert "24 heures, dès la suspicion : le délai le plus court de vos conventions" in text
        assert "article 6" in text
    page = plain(admin.get(here(row)))
    assert "Personne n’a encore dit quelles conventions sont touchées" in page
    assert "Aucune convention n’impose" not in page


def test_it_is_asked_until_somebody_says_so_or_decides(as_: Signs, s3: UUID) -> None:
    worker, admin = as_(WORKER), as_(CCAS_ADMIN)
    row = reported(worker, s3, conventions=[])
    admin.post(here(row, "conventions/"), {"conventions": [str(s3)]})
    assert TO_SAY not in plain(admin.get("/"))
    assert "CPAM de la Loire" in plain(admin.get(here(row)))
    other = reported(worker, s3, conventions=[])
    assert TO_SAY in plain(admin.get("/"))
    admin.post(here(other, "decision/"), {**DECIDED, "token": str(uuid7())})
    assert TO_SAY not in plain(admin.get("/"))
    assert "Aucune convention n’impose" in plain(admin.get(here(other)))


def test_what_was_filed_stays_to_decide_until_all_agreed(as_: Signs, s3: UUID) -> None:
    row = reported(as_(WORKER), s3)
    caisse = as_(CPAM_DPO)
    caisse.post(here(row, "reception/"))
    caisse.post(here(row, "pieces/cnil/"), {**moment(), "text": "Dépôt initial."})
    waits = "Décider de la suite d’une violation de données"
    assert "La CNIL est prévenue. Rien n’est encore décidé." in plain(caisse.get("/"))
    caisse.post(here(row, "decision/"), {**DECIDED, "token": str(uuid7())})
    assert "celui des autres manque" in plain(caisse.get("/"))
    agreed(as_, row)
    assert waits not in plain(caisse.get("/"))


def test_the_hours_of_the_authority_stop_once_all_agreed_not_to_notify(as_: Signs, s3: UUID) -> None:
    row = reported(as_(WORKER), s3)
    caisse = as_(CPAM_DPO)
    silent = {
        **DECIDED,
        "authority": "non",
        "authority_reason": "Personne n’a pu lire.",
        "token": str(uuid7()),
    }
    caisse.post(here(row, "decision/"), silent)
    proposed = plain(caisse.get(here(row)))
    assert "72 heures pour notifier à la CNIL" in proposed
    assert "Décidé : pas de notification" not in proposed
    agreed(as_, row)
    held = plain(caisse.get(here(row)))
    assert "Décidé : pas de notification, parce que : Personne n’a pu lire." in held
    assert "72 heures pour notifier à la CNIL" not in held


TO_NOTIFY = "à la CNIL, V-"


def test_where_they_answer_together_one_notice_is_of_all_and_the_others_are_asked_no_more(
    as_: Signs, s3: UUID, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    row, caisse, carsat = reported(as_(WORKER), s3), as_(CPAM_DPO), as_(CARSAT_ADMIN)
    caisse.post(here(row, "pieces/cnil/"), {**moment(), "text": "Dépôt initial."})
    assert TO_NOTIFY not in plain(caisse.get("/"))
    assert TO_NOTIFY in plain(carsat.get("/"))  # each for itself, as the text says
    assert "Notifiée pour tous" not in plain(carsat.get(here(row)))
    monkeypatch.setattr(queries, "joint_controllers", lambda text: (controllers(text),))
    assert TO_NOTIFY not in plain(carsat.get("/"))
    assert "Notifiée pour tous ceux qui répondent ensemble du traitement, par CPAM" in plain(
        carsat.get(here(row))
    )
    carsat.get("/")
    with django_assert_max_num_queries(100) as captured:
        carsat.get("/")
    first = len(captured)
    other = reported(as_(WORKER), s3)
    caisse.post(here(other, "pieces/cnil/"), {**moment(), "text": "Dépôt initial."})
    with django_assert_max_num_queries(first):
        carsat.get("/")


def test_what_was_filed_is_to_be_completed_once_the_extent_is_better_known(as_: Signs, s3: UUID) -> None:
    row, caisse = reported(as_(WORKER), s3), as_(CPAM_DPO)
    asked = "Compléter la notification à la CNIL"
    updated(caisse, row)
    assert asked not in plain(caisse.get("/"))
    caisse.post(here(row, "pieces/cnil/"), {**moment(1), "text": "Dépôt initial."})
    assert asked in plain(caisse.get("/"))
    assert asked not in plain(as_(CARSAT_ADMIN).get("/"))
    caisse.post(here(row, "pieces/cnil/"), {**moment(), "text": "Complément."})
    with member(CPAM_DPO, now()):
        assert BreachEntry.objects.filter(breach=row, kind="filed").count() == 2
    assert asked not in plain(caisse.get("/"))


def test_what_goes_on_is_asked_of_whoever_reported_until_it_is_over(as_: Signs, s3: UUID) -> None:
    row = reported(as_(WORKER), s3, goes_on="oui")
    admin, caisse = as_(CCAS_ADMIN), as_(CPAM_DPO)
    asked = "Arrêter une violation qui se poursuit"
    assert asked in plain(admin.get("/"))
    assert asked not in plain(caisse.get("/"))
    caisse.post(
        here(row, "decision/"),
        {**DECIDED, "authority": "non", "authority_reason": "Rien.", "token": str(uuid7())},
    )
    agreed(as_, row)
    caisse.post(here(row, "reception/"))
    left = "la fin de la violation, qui se poursuit"
    assert left in plain(caisse.get(here(row)))
    assert left in plain(caisse.get(here(row, "cloture/")))
    over = (now() - timedelta(hours=2)).astimezone(PARIS)
    stopped = {"stopped_on": over.strftime("%d/%m/%Y"), "stopped_hour": over.strftime("%H:%M")}
    updated(caisse, row, goes_on="non", began_on="", began_hour="", **stopped)
    assert asked not in plain(admin.get("/"))
    assert left not in plain(caisse.get(here(row)))
    assert "Dossier clos" in plain(caisse.post(here(row, "cloture/"), {"lessons": "Fermer."}, follow=True))


def test_a_file_that_is_not_ready_to_close_says_what_is_missing(as_: Signs, s3: UUID) -> None:
    row, caisse = reported(as_(WORKER), s3), as_(CPAM_DPO)
    assert "Rien n’est encore décidé" in plain(caisse.get(here(row, "cloture/")))
    typed = plain(caisse.post(here(row, "cloture/"), {"lessons": "Fermer les salles."}))
    assert "Rien n’est encore décidé" in typed
    assert "Fermer les salles." in typed
    caisse.post(here(row, "decision/"), {**DECIDED, "token": str(uuid7())})
    waits = "La décision 1 attend encore l’accord de : CCAS de Montbrison, CARSAT Rhône-Alpes."
    assert waits in plain(caisse.get(here(row, "cloture/")))
    agreed(as_, row)
    shown = plain(caisse.get(here(row, "cloture/")))
    assert "Il manque au dossier : la notification à la CNIL par" in shown
    assert "Quelqu’un est passé avant vous" not in shown
