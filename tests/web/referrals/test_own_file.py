"""The caisse's own file on the page of a case: written there, due in « À faire », read by the caisse alone."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.core.identifiers import uuid7
from maillage.referrals.models import Assessment, PlannedAction, Referral
from maillage.referrals.outcomes import action_field
from maillage.referrals.references import reference
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    OFFICER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    stop,
    work,
)
from tests.tiers import spread
from tests.web.referrals.conftest import Signs, plain
from tests.web.referrals.test_reading import text
from tests.web.referrals.test_working import DAY, act

BILAN = {
    "after": "0",
    "rights": "C2S à renouveler.",
    "needs": "",
    "obstacles": "Craint les guichets.\nSeule.",
}


def planned(**changes: str) -> dict[str, str]:
    """An action as the form gives it."""
    due_on = today().strftime(DAY)
    return {
        "token": str(uuid7()),
        "kind": "transport",
        "due_on": due_on,
        "words": "Taxi conventionné",
        **changes,
    }


def at_work(signed: Signed) -> UUID:
    """A referral that the caisse has accepted, and whose person it has reached."""
    case = followed_by(send_referral(signed), ADVISER)
    work(case, "acknowledge", "accept", "contact")
    return case


def the_action() -> UUID:
    with member(ADVISER):
        return PlannedAction.objects.get().id


@pytest.mark.long
def test_a_bilan_and_a_plan_are_written_on_the_page_and_read_by_the_caisse_alone(
    signed: Signed, as_: Signs
) -> None:
    """By its pages, what test_nobody_but_the_caisse_reads_it_not_even_with_the_case_s_key proves."""
    case, caisse = at_work(signed), as_(ADVISER)
    page = act(caisse, case, "bilan", BILAN)
    assert "Bilan enregistré" in page
    assert "Craint les guichets.<br>Seule." in page
    assert "Version 1, par Dominique Exemple" in page
    assert "C’était déjà fait" in act(caisse, case, "bilan", BILAN)
    action = planned()
    assert "Action prévue" in act(caisse, case, "plan", action)
    assert "C’était déjà fait" in act(caisse, case, "plan", action)
    todo = text(caisse, "/")
    assert f"Organiser un transport : Mission accompagnement santé, {reference(case)}" in todo
    assert "Taxi" not in todo
    assert "Organiser un transport" not in text(as_(READER), "/")
    page = text(as_(WORKER), f"/orientations/{case}/")
    for word in ("Bilan et plan", "guichets", "Taxi", "Organiser un transport"):
        assert word not in page
    where = f"/orientations/actions/{the_action()}/"
    assert "Choisissez une réponse" in plain(caisse.post(where, {}))
    page = plain(caisse.post(where, {"ending": "no_longer_needed"}, follow=True))
    assert "C’est noté" in page
    assert "Abandonnée : ce n’est plus utile" in page
    assert "votre premier clic a suffi" in plain(caisse.post(where, {"ending": "done"}, follow=True))
    assert reference(case) not in text(caisse, "/")


def test_of_two_versions_the_second_is_told_and_loses_nothing(signed: Signed, as_: Signs) -> None:
    case, caisse = at_work(signed), as_(ADVISER)
    act(caisse, case, "bilan", BILAN)
    page = act(caisse, case, "bilan", {**BILAN, "needs": "Un logement stable."})
    assert "Quelqu’un a enregistré une autre version" in page
    assert "Un logement stable." in page
    (after,) = re.findall(r'name="after" value="(\d+)"', page)
    act(caisse, case, "bilan", {**BILAN, "needs": "Un logement stable.", "after": after})
    with member(ADVISER):
        assert Assessment.objects.count() == 2


@pytest.mark.parametrize(
    ("verb", "posted", "message"),
    spread(
        [
            ("bilan", {"after": "0"}, "Écrivez quelques mots sous l’une des rubriques"),
            ("bilan", {**BILAN, "needs": "x" * 2001}, "Écrivez 2 000 caractères au plus"),
            ("plan", planned(due_on="01/01/2020"), "Choisissez aujourd’hui"),
            ("plan", planned(kind="prayer"), "Choisissez une réponse de la liste"),
        ],
        4,
    ),
)
def test_what_is_wrong_is_said_at_its_field_and_stays(
    signed: Signed, as_: Signs, verb: str, posted: dict[str, str], message: str
) -> None:
    case = at_work(signed)
    page = act(as_(ADVISER), case, verb, posted)
    assert message in page
    assert page.count('<details class="confirm" open') == 1
    assert posted.get("words", "") in page
    with member(ADVISER):
        assert not Assessment.objects.exists()
        assert not PlannedAction.objects.exists()


def test_closing_asks_how_each_action_ended(signed: Signed, as_: Signs) -> None:
    case, caisse = at_work(signed), as_(ADVISER)
    act(caisse, case, "plan", planned())
    page = act(caisse, case, "cloture", {"right_c2s": "opened"})
    assert "Cette action est encore prévue" in page
    page = act(caisse, case, "cloture", {"right_c2s": "opened", action_field(the_action()): "done"})
    assert "Accompagnement clôturé" in page
    assert re.search(r"Faite, par Dominique Exemple, le \d", page)
    assert "Prévoir une action" not in page


def test_what_was_written_as_the_sender_stopped_it_is_shown_once_more(signed: Signed, as_: Signs) -> None:
    case, caisse = at_work(signed), as_(ADVISER)
    stop(case, "withdraw", "moved")
    page = act(caisse, case, "bilan", BILAN)
    assert "Quelqu’un est passé avant vous" in page
    assert re.search(r"<blockquote>\s*C2S à renouveler\.\s*</blockquote>", page)


@pytest.mark.security
def test_the_ladder_of_the_own_file(signed: Signed, as_: Signs) -> None:
    case = at_work(signed)
    act(as_(ADVISER), case, "plan", planned())
    for where, posted in (
        (f"/orientations/{case}/bilan/", BILAN),
        (f"/orientations/{case}/plan/", planned()),
        (f"/orientations/actions/{the_action()}/", {"ending": "done"}),
    ):
        assert Client().post(where)["Location"].startswith("/connexion/")
        for someone in (STRANGER, WORKER, READER, OFFICER):
            assert as_(someone).post(where, posted).status_code == 403  # none of their roles does this
        assert as_(ADVISER).get(where).status_code == 405
    assert as_(ADVISER).post(f"/orientations/actions/{uuid4()}/", {"ending": "done"}).status_code == 404
    with member(ADVISER):
        assert PlannedAction.objects.get().state == "planned"
        assert not Assessment.objects.exists()
        assert Referral.objects.get(case_id=case).state == "accepted"


def test_the_page_asks_no_more_for_the_own_file(
    signed: Signed, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case, caisse = at_work(signed), as_(ADVISER)
    act(caisse, case, "bilan", BILAN)
    for day in (0, 1, 2):
        act(caisse, case, "plan", planned(due_on=(today() + timedelta(days=day)).strftime(DAY)))
    act(caisse, case, "issues", {"right_c2s": "under_way", "found_care": "other", "found_reason": "time"})
    for address in (ADVISER, WORKER):
        client = as_(address)
        client.get(f"/orientations/{case}/")
        with django_assert_max_num_queries(12 + 2):  # and the savepoint of the request's transaction
            client.get(f"/orientations/{case}/")
