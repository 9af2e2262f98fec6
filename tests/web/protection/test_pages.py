"""A suspicion from its report to its closing, on its pages: who is told, who decides, what the papers say."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from openpyxl import load_workbook

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.protection.breaches.models import Breach, BreachNotice
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.queries import joinable
from maillage.web.protection.words import notice_why
from tests.conventions.people import STRANGER, WORKER, member
from tests.days import PARIS
from tests.protection.breaches.files import CARSAT_ADMIN, CCAS_ADMIN, CPAM_DPO
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain

pytestmark = pytest.mark.django_db
NEW = "/protection/violations/nouvelle/"
LISTED, PAGE, DESK = 11, 18, 40
"""Questions of the register, of the page of a breach however many decisions it holds, of the whole desk."""


def said(convention: UUID, hours: int = 1, **changes: Any) -> dict[str, Any]:
    local = (now() - timedelta(hours=hours)).astimezone(PARIS)
    return {
        "token": str(uuid7()),
        "what": "Un dossier est resté dans une salle ouverte.",
        "noticed_on": local.strftime("%d/%m/%Y"),
        "noticed_hour": local.strftime("%H:%M"),
        "natures": ["confidentiality"],
        "kinds": ["identity", "health"],
        "people": "3",
        "goes_on": "non",
        "conventions": [str(convention)],
    } | changes


def reported(worker: Client, convention: UUID, **changes: Any) -> Breach:
    answer = worker.post(NEW, said(convention, **changes), follow=True)
    assert "Suspicion signalée" in plain(answer), plain(answer)
    with member(WORKER, now()):
        return Breach.objects.latest("recorded_at")


def moment(hours: int = 0) -> dict[str, str]:
    local = (now() - timedelta(hours=hours)).astimezone(PARIS)
    return {
        "token": str(uuid7()),
        "happened_on": local.strftime("%d/%m/%Y"),
        "happened_hour": local.strftime("%H:%M"),
    }


def here(row: Breach, rest: str = "") -> str:
    return f"/protection/violations/{row.pk}/{rest}"


def wider(**changes: Any) -> dict[str, Any]:
    began = (now() - timedelta(days=2)).astimezone(PARIS)
    return {
        "token": str(uuid7()),
        "people": "12",
        "records": "40",
        "natures": ["availability", "confidentiality"],
        "kinds": ["identity", "number"],
        "goes_on": "oui",
        "began_on": began.strftime("%d/%m/%Y"),
        "began_hour": began.strftime("%H:%M"),
        "why": "La liste du prestataire, reçue ce matin.",
        "seen": "0",
    } | changes


def updated(who: Client, row: Breach, **changes: Any) -> str:
    return plain(who.post(here(row, "mise-a-jour/"), wider(**changes), follow=True))


def decided(who: Client, row: Breach, many: int) -> None:
    """Proposed so many times: each proposal takes the place of the one before."""
    for _ in range(many):
        who.post(here(row, "decision/"), {**DECIDED, "token": str(uuid7())})


DECIDED = {
    "is_breach": "oui",
    "consequences": "Trois noms ont pu être lus.",
    "measures": "La salle est fermée.",
    "authority": "oui",
    "persons": "non",
    "persons_reason": "Le risque n’est pas élevé.",
}


def test_a_worker_reports_and_reads_who_is_told_and_why_by_then(as_: Signs, s3: UUID) -> None:
    worker = as_(WORKER)
    assert NEW in plain(worker.get("/"))
    assert "prévenir sous 24 heures" in plain(worker.get(NEW))
    row = reported(worker, s3)
    text = plain(worker.get(here(row)))
    for words in (
        "CPAM de la Loire",
        "CARSAT Rhône-Alpes",
        "24 heures, dès la suspicion",
        "article 6",
        "délai tenu",
        "Merci.",
    ):
        assert words in text, words
    assert "Décider de la suite" not in text
    assert plain(worker.get("/protection/violations/")).count("V-") >= 1


def test_a_form_that_says_too_little_keeps_what_was_typed(as_: Signs, s3: UUID) -> None:
    local = (now() + timedelta(days=2)).astimezone(PARIS)
    refused = plain(as_(WORKER).post(NEW, said(s3, natures=[], noticed_on=local.strftime("%d/%m/%Y"))))
    assert "Cochez au moins une réponse" in refused
    assert "Un dossier est resté" in refused
    future = plain(as_(WORKER).post(NEW, said(s3, noticed_on=local.strftime("%d/%m/%Y"))))
    assert "dans le futur" in future
    early = plain(as_(WORKER).post(NEW, said(s3, noticed_on="01/01/2015")))
    assert "ne courait pas encore" in early


def test_it_is_acknowledged_decided_by_all_notified_and_closed(as_: Signs, s3: UUID) -> None:
    row = reported(as_(WORKER), s3)
    caisse = as_(CPAM_DPO)
    assert "Accuser réception d’une violation" in plain(caisse.get("/"))
    assert "Accusé de réception envoyé" in plain(caisse.post(here(row, "reception/"), follow=True))
    assert "Accuser réception d’une violation" not in plain(caisse.get("/"))
    assert "Décider de notifier à la CNIL" in plain(caisse.get("/"))
    refused = plain(caisse.post(here(row, "decision/"), {**DECIDED, "authority": "", "token": str(uuid7())}))
    assert "Choisissez une réponse" in refused
    answer = plain(caisse.post(here(row, "decision/"), {**DECIDED, "token": str(uuid7())}, follow=True))
    assert "attend l’accord de" in answer
    for address in (CARSAT_ADMIN, CCAS_ADMIN):
        person = as_(address)
        person.post(here(row, "reception/"))
        assert "Donner votre accord" in plain(person.get("/"))
        drawn = person.get(here(row)).content.decode()
        assert drawn.count('method="post"') == drawn.count("csrfmiddlewaretoken")  # each form may be sent
        (agree,) = [part for part in drawn.split('"') if part.endswith("/accord/")]
        assert "Accord donné" in plain(person.post(agree, follow=True))
    assert "la notification à la CNIL" in plain(caisse.get(here(row)))
    early = plain(caisse.post(here(row, "cloture/"), {"lessons": "Fermer les salles."}))
    assert "Il manque au dossier" in early
    future = {**moment(-48), "text": "Dépôt initial, numéro à venir."}
    refused = plain(caisse.post(here(row, "pieces/cnil/"), future))
    assert (
        "Ce moment est dans le futur : dites quand la notification a été déposée auprès de la CNIL" in refused
    )
    assert "constaté." not in refused
    caisse.post(here(row, "pieces/cnil/"), {**moment(), "text": "Dépôt initial, numéro à venir."})
    left = "la notification à la CNIL par CCAS de Montbrison, par CARSAT Rhône-Alpes"
    assert left in plain(caisse.get(here(row)))
    assert left in plain(caisse.post(here(row, "cloture/"), {"lessons": "Fermer les salles."}))
    for address in (CARSAT_ADMIN, CCAS_ADMIN):
        as_(address).post(here(row, "pieces/cnil/"), {**moment(), "text": "Dépôt initial."})
    closed = plain(caisse.post(here(row, "cloture/"), {"lessons": "Fermer les salles."}, follow=True))
    assert "Dossier clos" in closed
    assert "Notifiée le" in closed
    assert "Fermer les salles" in plain(as_(WORKER).get(here(row)))


def test_the_papers_of_a_breach(as_: Signs, s3: UUID) -> None:
    row = reported(as_(WORKER), s3, what="=1+1 puis un envoi à un mauvais service.")
    caisse = as_(CPAM_DPO)
    form = caisse.get(here(row, "notification/"))
    assert form.content.startswith(b"%PDF-")
    register = caisse.get("/protection/violations/registre.xlsx")
    book = load_workbook(io.BytesIO(register.content))
    assert book.active.freeze_panes == "A2"  # its titles stay in sight
    assert book.active.column_dimensions["A"].width > 20  # and all are wide enough to be read as they are
    cells = [str(cell.value) for line in book.active.iter_rows() for cell in line]
    assert "=1+1 puis un envoi à un mauvais service." in cells
    assert {cell.data_type for line in book.active.iter_rows() for cell in line if cell.value} == {"s"}


def test_what_one_follows_is_closed_to_others(as_: Signs, s3: UUID) -> None:
    row = reported(as_(WORKER), s3)
    assert as_(STRANGER).get(here(row)).status_code == 404
    assert as_("social@carsat.example.org").get(here(row)).status_code == 404
    assert as_(WORKER).get(here(row, "decision/")).status_code == 403
    assert as_(CPAM_DPO).get(here(row, "pieces/inconnu/")).status_code == 404


def test_the_extent_is_looked_for_in_ones_own_journal(as_: Signs, s3: UUID) -> None:
    row = reported(as_(WORKER), s3)
    caisse = as_(CPAM_DPO)
    window = {
        "since_on": "01/01/2026",
        "since_hour": "08:00",
        "before_on": "01/01/2026",
        "before_hour": "07:00",
    }
    refused = plain(caisse.post(here(row, "etendue/"), {**window, "token": str(uuid7())}))
    assert "La fin vient après le début" in refused
    found = plain(
        caisse.post(
            here(row, "etendue/"), {**window, "before_hour": "09:00", "token": str(uuid7())}, follow=True
        )
    )
    assert "0 dossier" in found
    assert "0 dossier" not in plain(as_(CARSAT_ADMIN).get(here(row)))


def test_two_reports_are_joined_and_each_keeps_its_clock(as_: Signs, s3: UUID) -> None:
    first, caisse = reported(as_(WORKER), s3), as_(CPAM_DPO)
    alone = plain(caisse.get(here(first, "jonction/")))
    assert "Aucun autre signalement en cours" in alone
    assert "L’autre signalement" not in alone
    second = reported(as_(WORKER), s3, hours=3)
    offered = plain(caisse.get(here(second, "jonction/")))
    for words in ("signalée par CCAS", "Un dossier est resté dans une salle ouverte.", "Convention :"):
        assert words in offered, words
    joined = plain(caisse.post(here(second, "jonction/"), {"into": str(first.pk)}, follow=True))
    assert "Signalements joints" in joined
    assert joined.count("délai tenu") == 2
    assert joined.count("24 heures, dès la suspicion") >= 2
    assert "Ces délais diffèrent" not in joined
    assert "tout se décide dans l’autre dossier" in plain(caisse.get(here(second)))


def test_a_clock_that_moves_between_is_said_beside_the_date() -> None:
    night = datetime(2026, 3, 28, 19, tzinfo=UTC)  # the eve of the last Sunday of March, 20:00 in Paris
    kept = BreachNotice(
        counted_from=night,
        due_at=night + timedelta(hours=24),
        within="24h",
        start="suspicion",
        article="article 6",
    )
    assert "L’heure change entre les deux" in notice_why(kept, PARIS).calendar
    kept.counted_from, kept.due_at = night - timedelta(days=9), night - timedelta(days=8)
    assert "L’heure change" not in notice_why(kept, PARIS).calendar


def test_the_desk_says_what_is_due_and_how_much_there_is(as_: Signs, s3: UUID) -> None:
    row = reported(as_(WORKER), s3)
    caisse = as_(CPAM_DPO)
    text = plain(caisse.get("/protection/"))
    assert "Accuser réception d’une violation" in text
    assert "Violations en cours" in text
    caisse.post(here(row, "reception/"))
    assert "Accuser réception d’une violation" not in plain(caisse.get("/protection/"))
    assert as_(WORKER).get("/protection/").status_code == 403
    assert "Destructions au terme" not in plain(as_(WORKER).get("/protection/violations/"))


def test_what_is_wrong_with_a_report_is_said_at_once_the_moment_too(as_: Signs, s3: UUID) -> None:
    worker = as_(WORKER)
    page = plain(worker.post(NEW, said(s3, hours=-48, natures=[], what=" ")))
    for words in (
        "3 réponses sont à corriger",
        "Ce moment est dans le futur",
        "Écrivez quelques mots",
        "Cochez au moins",
    ):
        assert words in page
    assert "salle ouverte" in plain(worker.post(NEW, said(s3, hours=-48)))


def test_lists_and_pages_ask_few_questions(as_: Signs, s3: UUID, django_assert_max_num_queries: Any) -> None:
    worker, caisse = as_(WORKER), as_(CPAM_DPO)
    rows = [reported(worker, s3) for _ in range(3)]
    caisse.get("/protection/violations/")
    with django_assert_max_num_queries(LISTED):
        caisse.get("/protection/violations/")
    decided(caisse, rows[0], 5)
    with django_assert_max_num_queries(PAGE):
        page = plain(caisse.get(here(rows[0])))
    assert "Décision 5, proposée par" in page
    with django_assert_max_num_queries(DESK):
        caisse.get("/protection/")


def test_the_head_of_a_network_reads_counts_and_a_caisse_has_none(as_: Any) -> None:
    head, caisse = as_("admin@cnam.example.org"), as_(CPAM_DPO)
    assert "Voir les nombres de votre réseau" in plain(head.get("/protection/"))
    read = plain(head.get("/protection/reseau/"))
    assert "Tout le réseau" in read
    assert "CPAM de la Loire (42)" in read
    assert "Voir les nombres de votre réseau" not in plain(caisse.get("/protection/"))
    assert "Aucun organisme n’est rattaché au vôtre" in plain(caisse.get("/protection/reseau/"))


def test_the_register_counts_and_is_limited_to_a_state(as_: Signs, s3: UUID) -> None:
    worker, caisse = as_(WORKER), as_(CPAM_DPO)
    row = reported(worker, s3, records="1")
    reported(worker, s3)
    caisse.post(
        here(row, "decision/"),
        {**DECIDED, "is_breach": "non", "reason": "Salle vide.", "token": str(uuid7())},
    )
    listed = plain(caisse.get("/protection/violations/"))
    for words in (
        "2 violations signalées",
        "la dernière signalée d’abord",
        "3 personnes, 1 document ou ligne<",
    ):
        assert words in listed, words
    assert "Aucune violation dans cet état" in plain(caisse.get("/protection/violations/?etat=closed"))
    limited = plain(caisse.get("/protection/violations/?etat=suspected&page=7"))
    assert limited.count('<a href="/protection/violations/0') == limited.count("Suspectée</span>") > 0
    assert "Choisissez un état de la liste" in plain(caisse.get("/protection/violations/?etat=nowhere"))
    assert "Filtrer la liste" not in plain(
        as_(CARSAT_ADMIN).get("/protection/demandes/")
    )  # nothing to filter


def test_the_reports_offered_to_be_joined_are_the_nearest_in_time(as_: Signs, s3: UUID) -> None:
    worker, caisse = as_(WORKER), as_(CPAM_DPO)
    rows = {hours: reported(worker, s3, hours=hours) for hours in (90, 40, 1, 20, 60)}
    with member(CPAM_DPO, now()) as someone:
        nearest = [one.pk for one in joinable(rows[40], someone, 3)]
    assert set(nearest[:2]) == {rows[20].pk, rows[60].pk}  # twenty hours before and after
    assert nearest[2] == rows[1].pk
    page = plain(caisse.get(here(rows[40], "jonction/")))
    assert page.index(reference(rows[60].pk)) < page.index(reference(rows[90].pk))
    assert "au plus près" not in page  # all are there
