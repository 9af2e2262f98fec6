"""The pages of trainings: who sees what, what each act answers, what a list costs."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from maillage.core.identifiers import uuid7
from maillage.training import queries
from maillage.training.models import Module, Presence, Registration, Session, SignOff
from maillage.training.states import Place
from tests.days import today
from tests.referrals.world import ADVISER, OTHER_WORKER, STRANGER, WORKER, member
from tests.tiers import spread
from tests.training.test_signing_off import coming
from tests.training.world import CARSAT, OFFICER, SOON, Taught, held, planned, register
from tests.web.referrals.conftest import Signs, plain

LIST = "/formations/"
REFERENT = OTHER_WORKER


def of(session: object, page: str = "") -> str:
    return f"{LIST}seances/{session}/{page}"


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return plain(answer)


def day(days: int) -> str:
    return (today() + timedelta(days=days)).strftime("%d/%m/%Y")


def plan(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "token": str(uuid7()), "day": day(10), "starts": "9:00", "ends": "12:00", "place": "Salle Exemple", "link": "",
        "capacity": "2", "trainer": "Conseillère",
    }  # fmt: skip
    return usual | changes


def test_a_module_then_a_session_then_a_place(taught: Taught, as_: Signs) -> None:
    officer, worker = as_(OFFICER), as_(WORKER)
    sent = {
        "token": str(uuid7()), "theme": "online_services", "title": "Le compte ameli", "teaches": "Ouvrir un compte.",
        "audiences": ["staff", "public"], "e_learning": "https://elearning.example.org/ameli",
    }  # fmt: skip
    assert officer.post(f"{LIST}modules/nouveau/", sent).status_code == 302
    officer.post(f"{LIST}modules/nouveau/", sent)  # the second click
    with member(OFFICER):
        made = Module.objects.get(title="Le compte ameli")
    assert "Suivre en ligne" in text(worker, f"{LIST}modules/")
    answer = officer.post(f"{LIST}seances/nouvelle/", plan(module=str(made.id), convention=""))
    assert answer.status_code == 302
    session = answer.headers["Location"]
    assert "Le compte ameli" in text(worker, LIST)
    page = text(worker, session)
    for expected in ("Tous partenaires", "2 places", "Inscrire quelqu’un", "Ouvrir un compte."):
        assert expected in page
    assert "Annuler la séance" not in page
    place = {"token": str(uuid7()), "name": "Ondine Modèle", "function": "Bénévole", "email": ""}
    assert worker.post(f"{session}inscription/", place).headers["Location"] == session
    assert "Ondine Modèle" in text(worker, session)
    assert "1 sur 2" in text(officer, session)
    assert "Ondine Modèle" not in text(as_(CARSAT), session)


def test_a_module_of_another_theme_is_named_by_its_own_words(taught: Taught, as_: Signs) -> None:
    officer = as_(OFFICER)
    sent = {
        "token": str(uuid7()), "theme": "other", "title": "Lire une ordonnance", "teaches": "Mot à mot.", "audiences": ["staff"],
        "e_learning": "", "other_theme": "",
    }  # fmt: skip
    for changes, said in (
        ({}, "Dites quel est cet autre thème."),
        ({"theme": "rights", "other_theme": "lecture des papiers"}, "laissez ces mots vides"),
    ):
        page = plain(officer.post(f"{LIST}modules/nouveau/", sent | changes))
        assert said in page
        assert "Mot à mot." in page
    assert (
        officer.post(f"{LIST}modules/nouveau/", sent | {"other_theme": "lecture des papiers"}).status_code
        == 302
    )
    assert "Lecture des papiers" in text(as_(WORKER), f"{LIST}modules/")
    with member(OFFICER):
        made = Module.objects.get(title="Lire une ordonnance")
    held(taught, [("Ondine Modèle", True)], module=made.id)
    counts = text(officer, f"{LIST}conventions/{taught.convention}/")
    assert "Autre thème" in counts
    assert 'value="lecture des papiers"' in text(officer, f"{LIST}modules/{made.id}/")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    spread(
        [
            ({"day": day(-1)}, "day", "à l’avance"),
            ({"ends": "8:00"}, "ends", "précéder le début"),
            ({"capacity": "0"}, "capacity", "1 à 1000"),
            ({"capacity": "beaucoup"}, "capacity", "nombre de places"),
            ({"starts": "midi"}, "starts", "comme 9:00"),
            ({"place": ""}, "place", "où la séance se tient"),
            ({"link": "pas un lien"}, "link", "adresse"),
            ({"module": str(uuid4())}, "module", "de la liste"),
        ],
        4,
    ),
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    taught: Taught, as_: Signs, changes: dict[str, str], field: str, said: str
) -> None:
    sent = plan(module=str(taught.module), convention="", trainer="Une conseillère") | changes
    answer = as_(OFFICER).post(f"{LIST}seances/nouvelle/", sent)
    assert answer.status_code == 200
    assert said in plain(answer).replace("&#x27;", "’")
    assert list(answer.context["form"].errors) == [field]
    assert "Une conseillère" in plain(answer)


def test_a_session_is_changed_and_cancelled_by_its_organiser(taught: Taught, as_: Signs) -> None:
    session, officer = planned(taught), as_(OFFICER)
    register(session, "Ondine Modèle")
    assert "Salle Exemple" in text(officer, of(session, "modification/"))
    assert officer.post(of(session, "modification/"), plan(place="Ailleurs")).status_code == 302
    assert "Ailleurs" in text(as_(WORKER), of(session))
    answer = officer.post(of(session, "annulation/"), {"reason": ""})
    assert list(answer.context["form"].errors) == ["reason"]
    officer.post(of(session, "annulation/"), {"reason": "La salle est fermée."})
    page = text(as_(WORKER), of(session))
    for expected in ("Annulée", "La salle est fermée."):
        assert expected in page
    assert officer.get(of(session, "inscription/")).status_code == 302
    for page_of in ("modification/", "annulation/", "emargement/", "feuille/"):
        text(as_(REFERENT), of(session, page_of), 403)
        text(as_(STRANGER), of(session, page_of), 404)
    text(as_(ADVISER), of(session, "annulation/"), 403)


def test_a_full_session_makes_wait_and_a_place_given_back_moves_up(taught: Taught, as_: Signs) -> None:
    session, worker = planned(taught, capacity=1), as_(WORKER)
    first = register(session, "Zoé Spécimen")
    assert "liste d’attente" in text(worker, of(session, "inscription/"))
    worker.post(
        of(session, "inscription/"), {"token": str(uuid7()), "name": "Ondine Modèle", "function": "Bénévole"}
    )
    page = text(worker, of(session))
    assert "En liste d’attente" in page
    assert "Complet" in page
    withdrawal = f"{LIST}inscriptions/{first.id}/retrait/"
    assert "Zoé Spécimen" in text(worker, withdrawal)
    assert worker.post(withdrawal).status_code == 302
    assert "En liste d’attente" not in text(worker, of(session))
    with member(WORKER):
        assert Registration.objects.get(session=session, rank=2).state == Place.REGISTERED
    text(as_(CARSAT), withdrawal, 404)


def test_somebody_who_looks_known_is_asked_about(taught: Taught, as_: Signs) -> None:
    session, worker = planned(taught), as_(WORKER)
    first = register(session, "Ondine Modèle")
    sent = {"token": str(uuid7()), "name": "Modele Ondine", "function": "Bénévole"}
    answer = worker.post(of(session, "inscription/"), sent)
    assert "C’est quelqu’un d’autre" in plain(answer)
    assert worker.post(of(session, "inscription/"), sent | {"is_another": "on"}).status_code == 302
    again = worker.post(
        of(session, "inscription/"), {"token": str(uuid7()), "attendee": str(first.attendee_id)}
    )
    assert "déjà inscrite" in plain(again)


def signed(session: UUID, came: str = "yes", **changes: object) -> dict[str, object]:
    with member(OFFICER):
        places = Registration.objects.filter(session=session, state=Place.REGISTERED)
        marks = {f"came_{one.id.hex}": came for one in places}
    return {"token": str(uuid7()), **marks, **changes}


def test_a_session_that_is_over_is_due_and_signed(taught: Taught, as_: Signs) -> None:
    officer = as_(OFFICER)
    coming_session = planned(taught)
    assert officer.get(of(coming_session, "emargement/")).status_code == 302
    session = over(taught)
    assert "Signer la feuille d’une séance" in text(officer, "/")
    assert "Signer la feuille d’une séance" not in text(as_(REFERENT), "/")
    sheet = of(session, "emargement/")
    answer = officer.post(sheet, {"token": str(uuid7())})
    assert "Dites si elle ou il est venu·e." in plain(answer)
    sent = signed(session, name_0="Lou Venue", function_0="Bénévole")
    answer = officer.post(sheet, sent)
    assert "Dites de quel organisme." in plain(answer)
    with member(OFFICER) as someone:
        seat = queries.seats(someone, queries.session_of(someone, session))[0]
    sent |= {"seat_0": f"{seat.organisation}.{seat.convention or ''}"}
    assert officer.post(sheet, sent).status_code == 302
    page = text(officer, of(session))
    for expected in ("Tenue", "Feuille signée", "Présent·e", "Venu·e sans place", "Corriger la feuille"):
        assert expected in page
    assert "Signer la feuille d’une séance" not in text(officer, "/")
    correction = text(officer, sheet)
    assert "Pourquoi corriger" in correction
    with member(OFFICER):
        newcomer = Presence.objects.get(outcome="unannounced").attendee_id
    sent = signed(session, "no", seat_0=sent["seat_0"], attendee_0=str(newcomer), reason="Erreur de ligne.")
    assert officer.post(sheet, sent).status_code == 302
    page = text(officer, of(session))
    for expected in ("Correction n° 1", "Erreur de ligne.", "Remplacée par une correction", "Absent·e"):
        assert expected in page
    with member(OFFICER):
        assert SignOff.objects.count() == 2


def over(taught: Taught) -> UUID:
    """A session that ended ten days ago, that nobody signed, with somebody registered."""
    from maillage.core.clock import now

    at = now() - SOON - timedelta(days=10)
    session = planned(taught, at=at)
    register(session, "Ondine Modèle", at=at)
    return session


def test_the_papers_are_their_readers(taught: Taught, as_: Signs) -> None:
    session = held(taught, [("Ondine Modèle", True), ("Zoé Spécimen", False)], newcomers=coming("Lou Venue"))
    for address, page in ((OFFICER, "feuille/"), (OFFICER, "attestations/"), (WORKER, "attestations/")):
        answer = as_(address).get(of(session, page))
        assert answer.content.startswith(b"%PDF-1.7"), page
        assert answer["Content-Type"] == "application/pdf"
    assert as_(CARSAT).get(of(session, "attestations/")).status_code == 302
    with member(OFFICER):
        ids = dict(Presence.objects.values_list("attendee__name", "id"))
    one = f"{LIST}presences/{ids['Ondine Modèle']}/attestation/"
    assert as_(WORKER).get(one).content.startswith(b"%PDF-1.7")
    text(as_(CARSAT), one, 404)
    text(as_(WORKER), f"{LIST}presences/{ids['Zoé Spécimen']}/attestation/", 404)
    people = text(as_(WORKER), f"{LIST}personnes/")
    assert one in people


def test_the_calendar_file_is_one_event_that_names_nobody(taught: Taught, as_: Signs) -> None:
    session = planned(taught)
    register(session, "Ondine Modèle")
    answer = as_(WORKER).get(of(session, "agenda/"))
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    with member(WORKER):
        row = Session.objects.get(id=session)
    assert event.decoded("dtstart") == row.starts_at
    assert str(event["summary"]) == "Formation : Ouvrir des droits"
    assert b"Ondine" not in answer.content


def test_what_a_convention_s_trainings_come_to_is_read_by_its_parties(taught: Taught, as_: Signs) -> None:
    held(taught, [("Ondine Modèle", True)])
    address = f"{LIST}conventions/{taught.convention}/"
    assert address in text(as_(WORKER), f"/conventions/{taught.convention}/")
    year = (today() - timedelta(days=30)).year
    for someone in (WORKER, CARSAT, OFFICER):
        page = text(as_(someone), f"{address}?annee={year}")
        for expected in ("Séances dédiées", "CCAS de Montbrison", "Les personnes sont comptées une fois"):
            assert expected in page
    text(as_(STRANGER), address, 404)
    assert "Formations en" in text(as_(WORKER), f"{address}?annee=x")


def test_a_person_is_corrected_by_her_organisation(taught: Taught, as_: Signs) -> None:
    place = register(planned(taught), "Ondine Modèle")
    address, worker = f"{LIST}personnes/{place.attendee_id}/", as_(WORKER)
    answer = worker.post(address, {"name": "", "function": "Bénévole"})
    assert list(answer.context["form"].errors) == ["name"]
    assert worker.post(address, {"name": "Ondine Autre", "function": "Bénévole"}).status_code == 302
    assert "Ondine Autre" in text(worker, f"{LIST}personnes/")
    text(as_(OFFICER), address, 404)


def test_a_module_is_withdrawn_by_its_own_organisation(taught: Taught, as_: Signs) -> None:
    address = f"{LIST}modules/{taught.module}/"
    text(as_(REFERENT), address, 403)
    text(as_(STRANGER), address, 404)
    officer = as_(OFFICER)
    sent = {"theme": "rights", "title": "Autrement", "teaches": "PUMa.", "audiences": ["staff"]}
    assert officer.post(address, sent).status_code == 302
    assert officer.post(f"{address}retrait/").status_code == 302
    page = text(officer, f"{LIST}modules/")
    assert "Autrement" in page
    assert "Retiré" in page
    assert officer.get(f"{LIST}seances/nouvelle/").status_code == 302  # no module left to plan


def test_a_list_costs_the_same_however_long(
    taught: Taught, as_: Signs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def costs(address: str, number: int) -> None:
        client.get(address)
        with django_assert_num_queries(number):
            client.get(address)

    client = as_(WORKER)
    for turn in range(2):
        register(planned(taught), f"{'Ondine' if turn else 'Basile'} Modèle")
        held(taught, [(f"Zoé {'Un' if turn else 'Deux'}", True)])
        costs(LIST, LIST_COSTS)
        costs(f"{LIST}modules/", MODULES_COST)
        costs(f"{LIST}personnes/", PEOPLE_COST)


LIST_COSTS, MODULES_COST, PEOPLE_COST = 8, 6, 7
