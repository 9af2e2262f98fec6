"""What a breach asks of those who follow it, on their home and their desk, until it is done."""

from uuid import UUID

import pytest

from maillage.core.identifiers import uuid7
from maillage.protection.breaches.models import Breach
from tests.conventions.people import WORKER
from tests.protection.breaches.files import CARSAT_ADMIN, CCAS_ADMIN, CPAM_DPO
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain
from tests.web.protection.test_pages import DECIDED, NEW, here, moment, reported, said

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
