"""The pages of a secondment: who sees what, what each act answers, how many queries a list costs."""

import re
from datetime import timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.referrals.references import reference
from maillage.secondments.models import Appointment, Permanence, Secondment
from maillage.web.presentation.dates import PARIS
from maillage.web.secondments.forms import code
from tests.accepting import takes_back, without_roles
from tests.referrals.world import ADVISER, CANARIES, OTHER_WORKER, STRANGER, WORKER, member, organisation
from tests.secondments.world import FLOW, OFFICER, Lent, book, book_past, lend, user
from tests.secondments.world import text as local_text
from tests.tiers import spread
from tests.web.referrals.conftest import Signs, plain

LIST = "/agents-delegues/"


def of(lent: Lent, page: str = "") -> str:
    return f"{LIST}{lent.secondment}/{page}"


def visit(case: object, page: str = "") -> str:
    return f"{LIST}rendez-vous/{case}/{page}"


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return plain(answer)


def filled(slot: str, **changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "token": str(uuid7()), "slot": slot, "service": "acces_droits", "papers": ["identity"], "surname": "Quintessence",
        "given_name": "Ondine", "birth_date": "29/02/1984", "phone": "06 00 00 00 17",
        "given_on": now().astimezone(ZoneInfo("Europe/Paris")).strftime("%d/%m/%Y"), "means": "oral", "recipient_named": "on",
    }  # fmt: skip
    return usual | changes


def week(lent: Lent, case: UUID) -> str:
    with member(WORKER):
        starts = Appointment.objects.get(case_id=case).starts_at
    return of(lent, f"agenda/?semaine={starts.date()}")


def test_both_sides_see_the_agent_and_a_stranger_sees_nothing(lent: Lent, as_: Signs) -> None:
    for address in (WORKER, OFFICER, ADVISER):
        assert "Dominique Exemple" in text(as_(address), LIST)
        page = text(as_(address), of(lent))
        for expected in (
            "Bureau 2, accueil social",
            "l’article 9",
            "Lundi, de 9 h 00 à 12 h 00",
            "Heures de Paris",
        ):
            assert expected in page
    assert "Dominique Exemple" not in text(as_(STRANGER), LIST)
    text(as_(STRANGER), of(lent), 404)
    text(as_(WORKER), f"{LIST}{uuid4()}/", 404)


def test_the_host_books_from_a_free_slot(lent: Lent, as_: Signs) -> None:
    client, slot = as_(WORKER), code(lent.slots()[0])
    form = of(lent, f"rendez-vous/?creneau={slot}")
    assert f'value="{slot}" selected' in text(client, form)
    assert "Qui répond de ces données" in text(client, form)
    assert "Responsable du traitement" in text(client, form)
    sent = filled(slot)
    answer = client.post(form, sent)
    assert answer.status_code == 302
    assert client.post(form, sent).headers["Location"] == answer.headers["Location"]  # the second click
    page = text(client, answer.headers["Location"])
    for expected in ("QUINTESSENCE Ondine", "Rendez-vous pris", "Pièce d’identité", "Prévu"):
        assert expected in page
    with member(WORKER):
        assert Appointment.objects.count() == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(lent: Lent, as_: Signs) -> None:
    client, slot = as_(WORKER), lent.slots()[0]
    book(lent, slot=slot)
    free = code(lent.slots()[0])
    page = plain(client.post(of(lent, "rendez-vous/"), filled(free, birth_date="", phone="", means="")))
    assert "Écrivez une date" in page
    assert "Quintessence" in page
    page = plain(client.post(of(lent, "rendez-vous/"), filled(code(slot))))
    assert "Choisissez un créneau encore libre." in page
    page = plain(client.post(of(lent, "rendez-vous/"), filled(free, phone="")))
    assert "au moins une façon de la joindre" in page


def test_the_caisse_books_nothing_and_the_host_arranges_nothing(lent: Lent, as_: Signs) -> None:
    text(as_(ADVISER), of(lent, "rendez-vous/"), 403)
    text(as_(WORKER), of(lent, "permanences/"), 403)
    assert as_("referent@ccas.example.org").get(of(lent, "permanences/")).status_code == 403
    text(as_(OFFICER), of(lent, "agenda/"), 403)  # she arranges, and reads nobody


def test_the_agenda_opens_names_to_those_who_follow(lent: Lent, as_: Signs) -> None:
    case = book(lent)
    for address in (WORKER, ADVISER):
        page = text(as_(address), week(lent, case))
        for expected in ("QUINTESSENCE Ondine", reference(case), "Dispositifs d’accès aux droits"):
            assert expected in page, address
    page = text(as_(OTHER_WORKER), week(lent, case))
    assert reference(case) in page
    assert not any(canary in page for canary in CANARIES)
    closed = text(as_(OTHER_WORKER), visit(case))
    assert "Vous ne suivez pas ce dossier" in closed
    assert "Sacha Exemple" in closed
    assert not any(canary in closed for canary in CANARIES)
    client = as_(OTHER_WORKER)
    assert client.post(visit(case, "suivi/")).status_code == 302
    assert "QUINTESSENCE Ondine" in text(client, visit(case))


def test_a_colleague_consults_for_a_reason(lent: Lent, as_: Signs) -> None:
    case, client = book(lent), as_(OTHER_WORKER)
    assert "Dites pourquoi" in plain(client.post(visit(case, "consultation/"), {"motive": ""}))
    client.post(visit(case, "consultation/"), {"motive": "Appel de la personne pendant une absence"})
    assert "sans le suivre" in text(client, visit(case))


def test_a_case_is_handed_to_a_colleague_or_followed_no_more(lent: Lent, as_: Signs) -> None:
    case, client = book(lent), as_(WORKER)
    page = text(client, visit(case))
    for act in ("Confier à un ou une collègue", "Ne plus suivre"):
        assert act in page
    assert "Choisissez un ou une collègue" in plain(client.post(visit(case, "suivi/confier/"), {"to": ""}))
    page = text(client, visit(case, "suivi/confier/"))
    assert reference(case) in page
    to = user(OTHER_WORKER)
    assert client.post(visit(case, "suivi/confier/"), {"to": str(to)}).headers["Location"] == visit(case)
    assert "Vous ne suivez pas ce dossier" in text(client, visit(case))
    colleague = as_(OTHER_WORKER)
    assert "QUINTESSENCE Ondine" in text(colleague, visit(case))
    assert colleague.post(visit(case, "suivi/fin/")).status_code == 302
    assert "Personne ne le suit encore" in text(colleague, visit(case))
    assert as_(STRANGER).post(visit(case, "suivi/fin/")).status_code == 404


def test_the_day_on_paper_names_only_whom_one_follows(lent: Lent, as_: Signs) -> None:
    case = book(lent)
    with member(WORKER):
        day = Appointment.objects.get(case_id=case).starts_at.date()
    address = of(lent, f"journee/?jour={day}")
    assert "QUINTESSENCE Ondine" in text(as_(ADVISER), address)
    assert not any(canary in text(as_(OTHER_WORKER), address) for canary in CANARIES)
    assert as_(ADVISER).get(of(lent, "journee/?jour=rien")).status_code == 200
    assert "Aucun rendez-vous" in text(as_(ADVISER), of(lent, "journee/?jour=2020-01-01"))


@pytest.mark.long
def test_the_agent_notes_the_outcome_and_the_host_books_again(lent: Lent, as_: Signs) -> None:
    """By its pages, what test_held_with_its_outcome_returns_to_the_host_and_is_followed_by_another proves."""
    case, agent, host = book_past(lent), as_(ADVISER), as_(WORKER)
    assert "Noter la suite d’un rendez-vous" in text(agent, "/")
    assert "Choisissez une réponse" in plain(agent.post(visit(case, "tenu/")))
    assert agent.post(visit(case, "tenu/"), {"outcome": "see_again"}).status_code == 302
    assert "Noter la suite d’un rendez-vous" not in text(agent, "/")
    page = text(host, visit(case))
    assert "À revoir" in page
    assert "QUINTESSENCE Ondine" in text(host, visit(case, "suite/"))
    answer = host.post(visit(case, "suite/"), filled(code(lent.slots()[0])))
    assert "Rendez-vous précédent" in text(host, answer.headers["Location"])
    assert agent.post(visit(case, "tenu/"), {"outcome": "opened"}, follow=True).status_code == 200
    with member(ADVISER):
        assert Appointment.objects.get(case_id=case).outcome == "see_again"
    text(host, visit(case, "tenu/"), 405)
    assert host.post(visit(case, "tenu/"), {"outcome": "opened"}).status_code == 403


def test_a_person_who_did_not_come_is_noted(lent: Lent, as_: Signs) -> None:
    case, agent = book_past(lent), as_(ADVISER)
    assert "Rendez-vous du futur" not in text(agent, visit(case))
    agent.post(visit(case, "absence/"))
    assert "La personne n’est pas venue" in text(as_(WORKER), visit(case))
    ahead = book(lent)
    page = plain(agent.post(visit(ahead, "absence/"), follow=True))
    assert "n’a pas encore eu lieu" in page


@pytest.mark.long
def test_either_side_moves_and_cancels(lent: Lent, as_: Signs) -> None:
    """By its pages, what test_either_side_moves_and_cancels_and_the_other_is_told proves."""
    case = book(lent)
    other = lent.slots()[0]
    assert as_(ADVISER).post(visit(case, "deplacement/"), {"slot": code(other)}).status_code == 302
    assert "Déplacé" in text(as_(WORKER), visit(case))
    assert "Choisissez une réponse" in plain(
        as_(WORKER).post(visit(case, "annulation/"), {"whose": "caisse"})
    )
    as_(WORKER).post(visit(case, "annulation/"), {"whose": "person"})
    assert "Annulé" in text(as_(ADVISER), visit(case))
    assert other in lent.slots()
    page = plain(as_(ADVISER).post(visit(case, "annulation/"), {"whose": "person"}, follow=True))
    assert "Quelqu’un est passé avant vous" in page


def test_the_officer_lends_adds_and_ends(lent: Lent, as_: Signs) -> None:
    client = as_(OFFICER)
    with member(OFFICER):
        row = Secondment.objects.get()
    here = now().astimezone(ZoneInfo("Europe/Paris")).strftime("%d/%m/%Y")
    sent = {
        "token": str(uuid7()),
        "authorisation": str(row.authorisation_id),
        "agent": str(row.agent_id),
        "place": "Hall",
        "since": here,
    }
    made = client.post(f"{LIST}nouveau/", sent)
    assert made.status_code == 302
    assert client.post(f"{LIST}nouveau/", sent).headers["Location"] == made.headers["Location"]
    address = made.headers["Location"]
    assert "Aucune permanence" in text(client, address)
    permanence = {
        "weekday": "1",
        "starts": "14:00",
        "ends": "16:30",
        "minutes": "45",
        "every": "2",
        "since": here,
    }
    assert "plus courte" in plain(client.post(f"{address}permanences/", permanence | {"ends": "14:30"}))
    taken = permanence | {"starts": "9:00", "ends": "11:30"}
    assert "déjà en permanence ailleurs à cette heure" in plain(client.post(f"{address}permanences/", taken))
    assert client.post(f"{address}permanences/", permanence).status_code == 302
    assert "toutes les 2 semaines" in text(client, address)
    with member(OFFICER):
        held = Permanence.objects.get(secondment_id=UUID(address.split("/")[-2]))
    end = f"{LIST}permanences/{held.id}/fin/"
    assert "ne peut pas précéder" in plain(client.post(end, {"until": "01/01/2020"}))
    assert client.post(end, {"until": here}).status_code == 302
    change = {"agent": str(row.agent_id), "place": "Bureau 4", "since": here, "until": here}
    assert client.post(f"{address}modification/", change).status_code == 302
    assert "Bureau 4" in text(client, address)


def test_without_a_convention_that_provides_for_it_nobody_is_lent(db: None, as_: Signs) -> None:
    assert "Aucune convention ne le prévoit" in text(as_(OFFICER), f"{LIST}nouveau/")


def test_what_falls_away_is_shown(lent: Lent, as_: Signs) -> None:
    case = book(lent)
    lent.publish(now() + timedelta(seconds=1))
    assert "ce rendez-vous tombe" in text(as_(WORKER), week(lent, case))
    assert "ce rendez-vous tombe" in text(as_(ADVISER), visit(case))
    assert "Aucun créneau libre" in text(as_(WORKER), of(lent, "rendez-vous/"))


def test_the_agenda_costs_the_same_however_long(
    lent: Lent, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, case = as_(ADVISER), book(lent)
    address = week(lent, case)
    for _ in range(3):
        with django_assert_max_num_queries(AGENDA):
            text(client, address)
        book(lent)
    with django_assert_max_num_queries(LISTED):
        text(client, LIST)
    host = as_(WORKER)
    with django_assert_max_num_queries(BOOKED):
        text(host, of(lent, "rendez-vous/"))


AGENDA, LISTED, BOOKED = 22, 10, 22


@pytest.mark.security
def test_no_reading_goes_unwritten(lent: Lent, as_: Signs) -> None:
    from maillage.audit.models import Entry

    case = book(lent)
    text(as_(ADVISER), week(lent, case))
    text(as_(OTHER_WORKER), visit(case))
    with member(ADVISER):
        listed = Entry.objects.get(object_type="appointment", verb="read_list")
        assert (listed.object_ref, listed.fields) == (str(case), "identity")
    with member(OTHER_WORKER):
        read = Entry.objects.get(object_type="appointment", verb="read")
        assert (read.object_ref, read.fields, read.reason) == (str(case), "", "sans ouvrir l’identité")


@pytest.mark.parametrize("day", spread(["9999-12-31", "9999-12-26", "0001-01-03"], 3))
def test_a_week_past_the_ends_of_the_calendar_is_that_of_today(lent: Lent, as_: Signs, day: str) -> None:
    (today,) = re.findall(r"Semaine du \S+", text(as_(ADVISER), of(lent, "agenda/")))
    assert today in text(as_(ADVISER), of(lent, f"agenda/?semaine={day}"))


def test_a_permanence_begins_on_a_day_that_somebody_lives_in(lent: Lent, as_: Signs) -> None:
    """Two permanences are compared from the first such weekday on: after 31/12/9999 there is none."""
    asked = {
        "token": str(uuid7()), "weekday": "0", "starts": "9:00", "ends": "12:00", "minutes": "30", "every": "1", "since": "31/12/9999",
    }  # fmt: skip
    answer = as_(OFFICER).post(of(lent, "permanences/"), asked)
    assert "entre 1900 et 2199" in plain(answer)


def test_a_way_whose_roles_nobody_says_names_the_annex_and_keeps_what_was_booked(
    db: None, as_: Signs
) -> None:
    lent = lend(since=today(PARIS), terms=without_roles(local_text()))
    case, slot = book(lent), code(lent.slots()[0])
    takes_back(lent.convention, FLOW["key"], organisation("CCAS").id)
    host, officer = as_(WORKER), as_(OFFICER)
    asked = text(host, of(lent, "rendez-vous/"))
    refused = plain(host.post(of(lent, "rendez-vous/"), filled(slot)))
    for page in (asked, refused, text(officer, "/agents-delegues/nouveau/")):
        assert "ne sont pas renseignés (annexe 6, annexe manquante)" in page
        assert "Demandez à votre délégué à la protection des données" in page
        assert f"/conventions/{lent.convention}/roles/" in page
    assert "Ce créneau vient d’être pris" not in refused
    assert "les rendez-vous déjà pris tiennent" in text(host, visit(case))
