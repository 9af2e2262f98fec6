"""A convention whose partner has nobody here any more: the desk works, the data go at their day, a request is ended."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections

from maillage.core.clock import now
from maillage.organisations.models import User
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.planning import plan
from tests.conventions.people import worker_process
from tests.days import today
from tests.protection.destruction.test_destroying import CAISSE_DPO, checked, destroyed, ended
from tests.protection.requests.files import CCAS_ADMIN, attached, received
from tests.protection.requests.test_answering import asked_of
from tests.referrals.world import Signed as Convenanted
from tests.referrals.world import member, sign_convention
from tests.rights.world import Signed, send, sign
from tests.web.conventions.writing.conftest import plain
from tests.web.protection.test_destructions import as_, here

GONE = (
    "admin@hopital.example.org",
    "pass@hopital.example.org",
    "deux@example.org",
    "admin@carsat.example.org",
)
ALSO_GONE = ("referente@carsat.example.org", "social@carsat.example.org")


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    return sign()


def vanish() -> None:
    """Nobody of the hospital nor of the CARSAT signs in any more."""
    with connections["owner"].cursor() as owner:
        owner.execute(
            "UPDATE organisations_user SET is_active = false WHERE email = ANY(%s)", [[*GONE, *ALSO_GONE]]
        )
    assert not User.objects.filter(email__in=[*GONE, *ALSO_GONE], is_active=True).exists()


def test_its_data_are_destroyed_and_the_other_party_reads_the_certificate(committed: Signed) -> None:
    send(committed)
    ended(committed)
    vanish()
    with worker_process():
        plan(now())
    caisse = as_(CAISSE_DPO)
    assert "Destruction prévue" in plain(caisse.get(here(committed)))
    destroyed()
    for address in ("/protection/", "/protection/destructions/", "/protection/calendrier/", here(committed)):
        assert caisse.get(address).status_code == 200, address
    assert "Détruites, certificat établi" in plain(caisse.get(here(committed)))
    assert checked(b"".join(caisse.get(here(committed, "certificat/hospital/")))) == ()
    assert "Contresigner" not in plain(caisse.get("/")), "it is not for another party to sign"


def test_a_request_passed_on_to_it_is_ended_by_whoever_received_it(fresh_database: object) -> None:
    sign_convention()
    vanish()
    request: UUID = attached(received())
    asked_of(request, "CARSAT RA")
    admin, page = as_(CCAS_ADMIN), f"/protection/demandes/{request}/"
    assert "n’a personne" in plain(admin.get(page))
    assert "Réponse notée" in plain(admin.post(f"{page}reponse/", follow=True))
    assert admin.get(f"{page}lettre/").content.startswith(b"%PDF-")
    assert "Répondre à la demande" not in plain(admin.get("/"))
    assert "Demandes en cours" in plain(admin.get("/protection/"))


def test_the_day_that_the_text_leaves_open_is_set_for_it(fresh_database: object) -> None:
    convention = sign_convention()
    convention.end(now() - timedelta(days=1))
    vanish()
    with worker_process():
        plan(now())
    officer, page = as_(CCAS_ADMIN), _page(convention, "jour/carsat/")
    assert "Fixer le sort des données de CARSAT" in plain(officer.get("/"))
    assert page in officer.get(_page(convention)).content.decode()
    assert "n’a plus personne ici" in plain(officer.get(page))
    assert "Écrivez quelques mots" in plain(officer.post(page, {"due_on": "", "reason": ""}))
    day = (today() + timedelta(days=60)).strftime("%d/%m/%Y")
    told = officer.post(page, {"due_on": day, "reason": "Accord écrit avant son départ."}, follow=True)
    assert "Jour de la destruction fixé" in plain(told)
    assert "Accord écrit avant son départ" in plain(told)
    assert "Fixer le sort des données de CARSAT" not in plain(officer.get("/"))
    assert "quelqu’un ici pour le fixer" in plain(officer.get(_page(convention, "jour/cpam/")))


def test_the_database_lets_nobody_set_it_while_somebody_is_there(fresh_database: object) -> None:
    convention = sign_convention()
    convention.end(now() - timedelta(days=1))
    with worker_process():
        plan(now())
    day = today() + timedelta(days=60)
    with member(CCAS_ADMIN) as officer:
        rows = Destruction.objects.filter(
            convention=convention.id, organisation__short_name__startswith="CARSAT"
        )
        change = {
            "state": "planned",
            "due_on": day,
            "reason": "Un écrit.",
            "set_at": now(),
            "set_by": officer.user,
        }
        assert rows.update(**change) == 0
        vanish()
        assert rows.update(**change) == 1


def _page(convention: Convenanted, rest: str = "") -> str:
    return f"/protection/destructions/{convention.id}/{rest}"
