"""What each side does with a referral on its page: the next act first, reasons at their field, one click of two that wins."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.cases.actions import set_due_on
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals.models import ContactAttempt, Referral
from maillage.referrals.references import reference
from maillage.web.presentation.dates import long_date
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    OFFICER,
    OTHER_WORKER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    answer,
    ask,
    followed_by,
    member,
    send_referral,
    stop,
    work,
    write_draft,
)
from tests.tiers import spread
from tests.web.referrals.conftest import Signs, plain
from tests.web.referrals.test_reading import text

DAY = "%d/%m/%Y"
SOON = (today() + timedelta(days=30)).strftime(DAY)


def called(**changes: str) -> dict[str, str]:
    """A try to reach the person, as the form gives it."""
    return {"token": str(uuid7()), "day": today().strftime(DAY), "way": "call", "reached": "yes", **changes}


ANSWERS: dict[str, dict[str, str]] = {
    "reception": {},
    "acceptation": {},
    "refus": {"reason": "other_service", "words": "Le service social la recevra."},
    "contact": called(),
    "question": {"token": str(uuid7()), "question": "Quelle est sa mutuelle ?"},
    "pause": {"reason": "awaiting_papers", "look_again_on": SOON},
    "reprise": {},
    "issues": {"right_c2s": "under_way"},
    "cloture": {
        "found_care": "optics",
        "found_reason": "cost",
        "found_answer": "refused",
        "right_c2s": "opened",
    },
    "arret": {"reason": "person_refuses"},
    "annulation": {"reason": "duplicate"},
}
BY_SENDER = {"arret", "annulation"}


def act(client: Client, case: UUID, verb: str, answers: dict[str, str] | None = None) -> str:
    given = ANSWERS[verb] if answers is None else answers
    answered = client.post(f"/orientations/{case}/{verb}/", given, follow=True)
    assert answered.status_code == 200
    return plain(answered)


STEPS: tuple[tuple[str, str, str], ...] = (
    ("", "À accuser réception", "Envoyée, en attente"),
    ("acknowledge", "À accepter ou à refuser", "La caisse a bien reçu votre demande"),
    ("accept", "En cours d’accompagnement", "La caisse accompagne la personne"),
    ("contact", "puis clôturez en disant", "Vous recevrez un message à la fin"),
    ("pause", "En pause", "La caisse a mis l’accompagnement en pause"),
    ("resume", "En cours d’accompagnement", "La caisse accompagne la personne"),
    ("close", "Clôturée", "Accompagnement terminé"),
)


@pytest.mark.long
def test_each_step_has_its_words_for_each_side(signed: Signed, as_: Signs) -> None:
    """Step by step for each side, the pages that test_the_caisse_acknowledges_accepts_contacts_and_closes goes through."""
    case = send_referral(signed)
    for verb, for_caisse, for_sender in STEPS:
        if verb:
            work(case, verb)
        assert for_caisse in text(as_(ADVISER), f"/orientations/{case}/"), verb
        assert for_sender in text(as_(WORKER), f"/orientations/{case}/"), verb
    page = text(as_(WORKER), f"/orientations/{case}/")
    happened = page[page.index("Ce qui s’est passé") :]
    found = [happened.index(f"<strong>{event}") for event in (
        "Envoyée", "Réception accusée", "Acceptée", "Personne contactée", "Mise en pause", "Reprise", "Clôturée",
    )]  # fmt: skip
    assert found == sorted(found)
    for said in ("Soins réalisés · Droits ouverts", "En attente de pièces", "Dominique Exemple"):
        assert said in happened


@pytest.mark.parametrize(
    ("end", "for_caisse", "for_sender"),
    spread(
        [
            ("refuse", "Refusée", "La caisse n’a pas pris en charge votre demande"),
            ("withdraw", "Arrêtée", "Arrêtée"),
            ("cancel", "Annulée par le partenaire", "Annulée : envoyée par erreur"),
        ],
        3,
    ),
)
def test_each_other_end_has_its_words_and_leaves_what_is_under_way(
    signed: Signed, as_: Signs, end: str, for_caisse: str, for_sender: str
) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    if end == "refuse":
        work(case, end)
    else:
        stop(case, end, "other")
    for address, words in ((ADVISER, for_caisse), (WORKER, for_sender)):
        client = as_(address)
        page = text(client, f"/orientations/{case}/")
        assert words in page
        assert "Pourquoi" in page
        assert f"/orientations/{case}/cloture/" not in page
        assert reference(case) not in text(client, "/orientations/")
        assert reference(case) in text(client, "/orientations/?vue=closed")
        assert reference(case) not in text(client, "/")


def test_the_caisse_acknowledges_accepts_contacts_and_closes(signed: Signed, as_: Signs) -> None:
    case, client = send_referral(signed), as_(ADVISER)
    assert "Réception accusée" in act(client, case, "reception")
    assert "Vous accompagnez cette personne" in act(client, case, "acceptation")
    assert "Essai noté" in act(client, case, "contact", called(reached="no", way="letter"))
    assert "Contact noté" in act(client, case, "contact", called())
    assert "Essai noté" in act(client, case, "contact", called())
    page = act(client, case, "cloture")
    assert "Accompagnement clôturé" in page
    assert "Sans soins : refus de la personne · Droits ouverts" in page
    assert page.count("<strong>Personne contactée") == 2
    assert page.count("<strong>Personne non jointe") == 1


def test_the_next_act_comes_before_the_rest(signed: Signed, as_: Signs) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    for verb, act_first in (("", "reception"), ("acknowledge", "acceptation"), ("accept", "contact")):
        if verb:
            work(case, verb)
        page = text(as_(ADVISER), f"/orientations/{case}/")
        first = page.index(f'/orientations/{case}/{act_first}/"')
        assert first < page.index("<h2>La personne</h2>")
        assert page.index(f"/orientations/{case}/") == first


@pytest.mark.long
def test_the_caisse_asks_and_the_sender_answers_on_the_page_of_the_case(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_a_question_and_its_answer_open_to_both_sides_and_are_told_without_content proves."""
    case = send_referral(signed)
    work(case, "acknowledge")
    caisse, sender = as_(ADVISER), as_(WORKER)
    asked = {"token": str(uuid7()), "question": "Quelle est sa mutuelle ?\nEt depuis quand ?"}
    page = act(caisse, case, "question", asked)
    assert "Question envoyée" in page
    assert "En attente d’une réponse" in page
    assert "C’était déjà fait" in act(caisse, case, "question", asked)
    todo = text(sender, "/")
    assert f"Répondre à la caisse : Mission accompagnement santé, {reference(case)}" in todo
    assert "mutuelle" not in todo
    page = text(sender, f"/orientations/{case}/")
    assert "Quelle est sa mutuelle ?<br>Et depuis quand ?" in page
    with member(WORKER) as worker:
        question = Referral.objects.get(case_id=case).case.questions.get().id
        assert worker
    where = f"/orientations/questions/{question}/"
    assert where in page
    assert "Écrivez quelques mots" in plain(sender.post(where, {"answer": " "}))
    assert "Réponse envoyée" in plain(sender.post(where, {"answer": "Aucune."}, follow=True))
    late = plain(sender.post(where, {"answer": "Trop tard."}))
    assert "vient de répondre" in late
    assert re.search(r"<blockquote>\s*Trop tard\.\s*</blockquote>", late)  # nothing typed is lost
    page = text(caisse, f"/orientations/{case}/")
    assert "Aucune." in page
    assert "En attente d’une réponse" not in page
    assert "Trop tard" not in page
    assert "Répondre à la caisse" not in text(sender, "/")


@pytest.mark.security
def test_a_question_is_answered_by_the_side_that_sent_and_unknown_elsewhere(
    signed: Signed, as_: Signs
) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    where = f"/orientations/questions/{ask(case)}/"
    assert Client().post(where)["Location"].startswith("/connexion/")
    for someone, status in ((STRANGER, 404), (ADVISER, 403), (READER, 403), (OFFICER, 403)):
        assert as_(someone).post(where, {"answer": "Oui"}).status_code == status
    assert as_(WORKER).get(where).status_code == 405
    assert as_(WORKER).post(f"/orientations/questions/{uuid4()}/", {"answer": "Oui"}).status_code == 404
    answered = as_(OTHER_WORKER).post(
        where, {"answer": "Oui"}, follow=True
    )  # a colleague: she follows it from now on
    assert "Réponse envoyée" in plain(answered)


@pytest.mark.long
def test_a_paused_case_is_due_on_its_day_and_comes_back(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_a_pause_has_its_reason_and_comes_back_on_its_day proves."""
    case, client = send_referral(signed), as_(ADVISER)
    work(case, "acknowledge", "accept", "contact")
    assert reference(case) not in text(client, "/")
    page = act(client, case, "pause")
    assert "Accompagnement en pause" in page
    assert "À revoir le" in page
    assert long_date(today() + timedelta(days=30)).replace("\u00a0", " ") in page
    assert reference(case) not in text(client, "/")
    with member(ADVISER):
        assert set_due_on(case=case, day=today())  # as if its day had come
    assert f"Revoir un dossier en pause : Mission accompagnement santé, {reference(case)}" in text(
        client, "/"
    )
    assert "À revoir le" in text(as_(WORKER), f"/orientations/{case}/")
    assert "Accompagnement repris" in act(client, case, "reprise")
    assert reference(case) not in text(client, "/")


@pytest.mark.long
def test_the_sender_stops_and_cancels_on_the_page_of_the_case(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_the_sender_stops_what_it_sent_and_the_caisse_is_told proves."""
    sender = as_(WORKER)
    for verb, said in (("arret", "Orientation arrêtée"), ("annulation", "Orientation annulée")):
        case = send_referral(signed)
        assert "Choisissez une raison" in act(sender, case, verb, {})
        assert said in act(sender, case, verb)
        assert "votre premier clic a suffi" in act(sender, case, verb)
        assert "Quelqu’un est passé avant vous" in act(as_(OTHER_WORKER), case, verb)


@pytest.mark.parametrize(
    "verb", spread(["reception", "acceptation", "refus", "pause", "reprise", "cloture"], 3)
)
def test_a_second_click_of_the_same_person_is_answered_as_the_first(
    signed: Signed, as_: Signs, verb: str
) -> None:
    case, client = send_referral(signed), as_(ADVISER)
    before = {
        "reception": (),
        "acceptation": ("acknowledge",),
        "refus": ("acknowledge",),
        "pause": ("acknowledge", "accept"),
        "reprise": ("acknowledge", "accept", "pause"),
        "cloture": ("acknowledge", "accept"),
    }
    work(case, *before[verb])
    act(client, case, verb)
    assert "votre premier clic a suffi" in act(client, case, verb)


def test_a_try_sent_twice_is_noted_once(signed: Signed, as_: Signs) -> None:
    case, client, once = send_referral(signed), as_(ADVISER), called()
    work(case, "acknowledge")
    act(client, case, "contact", once)
    assert "votre premier clic a suffi" in act(client, case, "contact", once)
    with member(ADVISER):
        assert ContactAttempt.objects.count() == 1


@pytest.mark.long
def test_a_colleague_who_comes_second_is_told(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_of_two_who_act_at_once_one_wins_and_the_other_is_told proves."""
    case, client = followed_by(send_referral(signed), ADVISER), as_(ADVISER)
    with member(ADVISER):
        rows = Referral.objects.filter(case_id=case)
        rows.update(state="acknowledged", acknowledged_at=now(), acknowledged_by=uuid4())
    assert "Quelqu’un est passé avant vous" in act(client, case, "reception")
    with member(ADVISER):
        rows.update(state="accepted", accepted_at=now(), accepted_by=uuid4())
    assert "Quelqu’un est passé avant vous" in act(client, case, "acceptation")
    page = act(client, case, "refus")
    assert "Quelqu’un est passé avant vous" in page
    assert re.search(r"<blockquote>\s*Le service social la recevra\.\s*</blockquote>", page)  # what she typed
    assert "Quelqu’un est passé avant vous" in act(client, case, "refus", {})


@pytest.mark.parametrize(
    ("day", "message"),
    spread(
        [
            ("01/01/2150", "Cette date est dans l’avenir"),
            ("01/01/2020", "précède l’envoi"),
            ("", "Écrivez une date"),
            ("hier", "Écrivez une date qui existe"),
        ],
        4,
    ),
)
def test_an_impossible_day_of_contact_is_refused_at_its_field(
    signed: Signed, as_: Signs, day: str, message: str
) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    page = act(as_(ADVISER), case, "contact", called(day=day, way="letter"))
    assert message in page
    assert f'value="{day}"' in page or not day
    assert re.search(r'value="letter"[^>]* checked', page)
    assert "À accepter ou à refuser" in page


@pytest.mark.parametrize(
    ("after", "posted", "message"),
    spread(
        [
            (("acknowledge",), ("refus", {}), "Choisissez une raison"),
            (("acknowledge",), ("refus", {"reason": "other", "words": ""}), "Écrivez quelques mots"),
            (("acknowledge",), ("question", {"token": str(uuid7())}), "Écrivez quelques mots"),
            (("acknowledge", "accept"), ("pause", {"look_again_on": SOON}), "Choisissez une raison"),
            (
                ("acknowledge", "accept"),
                ("pause", {"reason": "other", "look_again_on": today().strftime(DAY)}),
                "Choisissez un jour à venir",
            ),
            (
                ("acknowledge", "accept"),
                ("cloture", {"found_care": "optics", "found_reason": "cost"}),
                "Dites ce qu’il en est",
            ),
        ],
        3,
    ),
)
def test_what_misses_its_reason_is_refused_at_its_field(
    signed: Signed, as_: Signs, after: tuple[str, ...], posted: tuple[str, dict[str, str]], message: str
) -> None:
    case = send_referral(signed)
    state = work(case, *after).state
    page = act(as_(ADVISER), case, *posted)
    assert message in page
    assert '<details class="confirm" open' in page
    assert page.count('<details class="confirm" open') == 1
    form = page.split('<details class="confirm" open')[1].split("<form ", 1)[1].split(">", 1)[0]
    assert (
        "novalidate" in form
    )  # else the browser speaks first, in its own language, and nothing stands at the field
    with member(ADVISER):
        assert Referral.objects.get(case_id=case).state == state


@pytest.mark.security
@pytest.mark.parametrize("verb", spread(ANSWERS, 4))
def test_the_ladder_of_an_act(signed: Signed, as_: Signs, verb: str) -> None:
    address = f"/orientations/{send_referral(signed)}/{verb}/"
    mine, others = (WORKER, (ADVISER,)) if verb in BY_SENDER else (ADVISER, (STRANGER, WORKER))
    assert Client().post(address)["Location"].startswith("/connexion/")
    for someone in (*others, READER, OFFICER):
        assert as_(someone).post(address, ANSWERS[verb]).status_code == 403  # none of their roles does this
    if verb in BY_SENDER:
        assert as_(STRANGER).post(address, ANSWERS[verb]).status_code == 404
    assert as_(mine).get(address).status_code == 405
    assert as_(mine).post(f"/orientations/{uuid4()}/{verb}/", ANSWERS[verb]).status_code == 404


@pytest.mark.parametrize(
    "verb", spread(["acceptation", "contact", "question", "pause", "reprise", "cloture"], 3)
)
def test_an_act_in_the_wrong_state_changes_nothing(signed: Signed, as_: Signs, verb: str) -> None:
    case, client = send_referral(signed), as_(ADVISER)
    assert "Quelqu’un est passé avant vous" in act(client, case, verb)
    assert "À accuser réception" in text(client, f"/orientations/{case}/")


def test_to_do_tells_each_side_what_waits_and_why(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    write_draft(signed)
    page = text(as_(ADVISER), "/")
    assert f"Accuser réception : Mission accompagnement santé, {reference(case)}" in page
    assert "Cet organisme attend de savoir que vous l’avez" in page
    assert not any(canary in page for canary in CANARIES)
    for verb, words in (("acknowledge", "Accepter ou refuser"), ("accept", "Contacter la personne")):
        work(case, verb)
        assert words in text(as_(ADVISER), "/")
    question = ask(case)
    assert reference(case) not in text(as_(ADVISER), "/")
    answer(case, question)
    assert reference(case) in text(as_(ADVISER), "/")
    work(case, "contact")
    assert reference(case) not in text(as_(ADVISER), "/")
    assert "Terminer un brouillon d’orientation" in text(as_(WORKER), "/")
    assert "brouillon" not in text(as_(STRANGER), "/")


@pytest.mark.long
def test_the_caisse_goes_on_working_after_the_convention_has_ended(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_the_caisse_goes_on_after_the_end_and_the_sender_cannot_send proves."""
    case = send_referral(signed)
    signed.end(at=now())
    client = as_(ADVISER)
    for verb, said in (
        ("reception", "Réception accusée"),
        ("acceptation", "Vous accompagnez"),
        ("contact", "Contact noté"),
        ("question", "Question envoyée"),
        ("cloture", "Accompagnement clôturé"),
    ):
        assert said in act(client, case, verb)
    assert "Accompagnement terminé" in text(as_(WORKER), f"/orientations/{case}/")


def test_a_page_of_a_case_takes_twelve_queries_at_most_whatever_happened(
    signed: Signed, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = send_referral(signed)
    work(case, "acknowledge", "accept", "contact", "contact", "pause", "resume", "pause")
    for _ in range(2):
        answer(case, ask(case))
    ask(case)
    for address in (ADVISER, WORKER):
        client = as_(address)
        client.get(f"/orientations/{case}/")
        with django_assert_max_num_queries(
            12 + 2
        ):  # and the savepoint that stands for the request's transaction
            client.get(f"/orientations/{case}/")
