"""The first steps of a referral: the situation line by line, what the conventions still ask, the ways that they open and why."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from maillage.conventions.terms.criteria import Value
from maillage.referrals.content import Content, Precisions, Situation
from maillage.referrals.drafts import open_draft
from maillage.referrals.routing.situation import MOST_RENUNCIATIONS, Renunciation
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    write_draft,
)
from tests.tiers import spread
from tests.web.referrals.conftest import Signs, plain

NEW = "/orientations/nouvelle/"


def address(draft: UUID, slug: str) -> str:
    return f"/orientations/brouillons/{draft}/{slug}/"


def content(draft: UUID) -> Content:
    with member(WORKER) as worker:
        return open_draft(worker, draft).content


@pytest.mark.parametrize("begun", [True, False])
def test_a_line_of_care_is_added_without_judging_or_losing_what_was_typed(
    signed: Signed, as_: Signs, begun: bool
) -> None:
    client = as_(WORKER)
    where = address(write_draft(signed), "situation") if begun else NEW
    typed = {"care_0": "optics", "narrative": "À peine commencé <b>", "care_imminent": "on", "ajouter": "1"}
    answer = client.post(where, typed)
    page = plain(answer)
    assert answer.status_code == 200
    assert '<option value="optics" selected>' in page
    assert "À peine commencé &lt;b&gt;" in page
    assert 'name="care_1"' in page
    assert 'name="care_2"' not in page
    assert "field-error" not in page
    assert page.index('name="care_1"') < page.index("autofocus") + 60
    again = plain(client.post(where, {**typed, "care_1": "", "reason_1": ""}))
    assert 'name="care_2"' in again
    if begun:  # another day, another computer
        assert "À peine commencé &lt;b&gt;" in plain(client.get(where))


def test_lines_of_care_have_an_end(signed: Signed, as_: Signs) -> None:
    lines = {f"care_{index}": "" for index in range(MOST_RENUNCIATIONS + 5)}
    page = plain(as_(WORKER).post(NEW, {**lines, "ajouter": "1"}))
    assert f'name="care_{MOST_RENUNCIATIONS - 1}"' in page
    assert f'name="care_{MOST_RENUNCIATIONS}"' not in page
    assert "Ajouter un soin" not in page


@pytest.mark.parametrize(
    ("typed", "message"),
    spread(
        [
            ({"care_0": "optics"}, "Dites pourquoi elle y renonce"),
            ({"reason_0": "cost"}, "Dites à quel soin elle renonce"),
            ({"care_0": "teeth", "reason_0": "cost"}, "Choisissez une réponse de la liste"),
            ({"rights_to_open": ["gold"]}, "Choisissez une réponse de la liste"),
        ],
        4,
    ),
)
def test_a_line_by_halves_is_said_at_its_field_and_kept(
    signed: Signed, as_: Signs, typed: dict[str, Any], message: str
) -> None:
    client, where = as_(WORKER), address(write_draft(signed), "situation")
    assert message in plain(client.post(where, {"motives": ["cost"], **typed}))
    assert message in plain(client.get(where))


def test_the_situation_is_kept_as_facts_and_shown_again(signed: Signed, as_: Signs) -> None:
    client, draft = as_(WORKER), write_draft(signed)
    typed = {
        "motives": ["online"],
        "care_0": "optics",
        "reason_0": "cost",
        "care_1": "",
        "reason_1": "",
        "care_2": "gynaecology",
        "reason_2": "time",
        "rights_to_open": ["c2s"],
        "care_compromised": "on",
        "request_expressed": "on",
    }
    assert client.post(address(draft, "situation"), typed).status_code == 302
    care = (Renunciation(care="optics", reason="cost"), Renunciation(care="gynaecology", reason="time"))
    facts: dict[str, Value] = {
        "care_compromised": True,
        "request_expressed": True,
        "rights_to_open": frozenset({"c2s"}),
    }
    assert content(draft).situation == Situation(("online",), "", care, facts)
    page = plain(client.get(address(draft, "situation")))
    assert '<option value="gynaecology" selected>' in page
    assert page.count(" checked") == 4
    assert "Quelle pièce le montre ?" in plain(client.get(address(draft, "precisions")))


def test_the_precisions_ask_what_may_still_decide_and_nothing_is_compulsory(
    signed: Signed, as_: Signs
) -> None:
    client, draft = as_(WORKER), write_draft(signed, precisions=Precisions())
    page = plain(client.get(address(draft, "precisions")))
    for asked in (
        "Est-elle accueillie ou suivie par votre structure ?",
        "De quel régime relève-t-elle ?",
        "Fragilité repérée selon les critères du service social",
    ):
        assert asked in page
    for sensitive in ("accouchement", "psychiatrique", "bouleverse-t-il"):
        assert sensitive not in page
    assert client.post(address(draft, "precisions"), {})["Location"] == address(draft, "service")
    assert content(draft).precisions == Precisions()


def test_the_precisions_disappear_when_nothing_is_to_be_asked(
    signed: Signed, as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maillage.referrals.proposing.Conventions.questions", lambda *_: [])
    client, draft = as_(WORKER), write_draft(signed, precisions=Precisions())
    assert client.get(address(draft, "precisions"))["Location"] == address(draft, "service")
    posted = client.post(address(draft, "situation"), {"motives": ["cost"]})
    assert posted["Location"] == address(draft, "service")
    back = client.post(address(draft, "service"), {"retour": "1"})
    assert back["Location"] == address(draft, "situation")
    assert "Étape 1 sur 5" in plain(client.get(address(draft, "situation")))


def test_an_answer_can_be_changed_and_taken_back(signed: Signed, as_: Signs) -> None:
    client, draft = as_(WORKER), write_draft(signed)
    given = {"received_here": "no", "scheme": "agricultural"}
    client.post(address(draft, "precisions"), given)
    assert content(draft).precisions.facts == {"received_here": False, "scheme": "agricultural"}
    page = plain(client.get(address(draft, "precisions")))
    assert (
        "De quel régime relève-t-elle ?" in page
    )  # answered: it can be changed, though nothing asks it any more
    client.post(address(draft, "precisions"), {"received_here": ""})
    assert content(draft).precisions.facts == {}


def test_answers_that_contradict_each_other_are_said_at_their_field(signed: Signed, as_: Signs) -> None:
    urgent = Situation(("cost",), facts={"care_compromised": True})
    client, draft = as_(WORKER), write_draft(signed, situation=urgent)
    typed = {"urgency_proof": ["none", "prescription"]}
    page = plain(client.post(address(draft, "precisions"), typed))
    assert "Ces réponses se contredisent" in page
    client.post(address(draft, "precisions"), {"urgency_proof": ["none"]})
    assert content(draft).precisions.facts == {"urgency_proof": frozenset()}


def test_urgency_answered_in_the_precisions_is_read_back_before_sending(signed: Signed, as_: Signs) -> None:
    draft = write_draft(signed, precisions=Precisions({"received_here": True, "care_imminent": True}))
    page = plain(as_(WORKER).get(address(draft, "verification")))
    assert "Oui : des soins sont imminents" in page
    assert "Non signalée" not in page


def test_a_missing_answer_keeps_the_service_waiting_and_says_where_to_give_it(
    signed: Signed, as_: Signs
) -> None:
    client, draft = as_(WORKER), write_draft(signed, precisions=Precisions())
    page = plain(client.get(address(draft, "service")))
    assert "Il manque une réponse" in page
    assert "Accueillie par le CCAS (article 2)" in page
    assert address(draft, "precisions") in page
    assert 'name="authorisation"' not in page


def test_a_condition_that_is_not_met_says_what_would_open_the_way(signed: Signed, as_: Signs) -> None:
    client = as_(WORKER)
    draft = write_draft(signed, precisions=Precisions({"received_here": False}))
    for slug in ("service", "verification"):
        page = plain(client.get(address(draft, slug)))
        assert "La convention le réserve à des situations que celle-ci ne remplit pas." in page
        assert "Accueillie par le CCAS (article 2)" in page
    assert "Envoyer l’orientation" not in page
    refused = plain(client.post(f"/orientations/brouillons/{draft}/envoi/", follow=True))
    assert "Il faudrait : Accueillie par le CCAS (article 2)" in refused


def test_an_option_that_nobody_retained_and_services_to_tell_her_of_are_shown(
    signed: Signed, as_: Signs
) -> None:
    page = plain(as_(WORKER).get(address(write_draft(signed), "service")))
    assert "rien n’indique qu’elles l’aient retenu" in page
    assert "Que les parties retiennent cette option (article 3)" in page
    assert "Mon soutien psy (CPAM)" in page


PERSON = {"surname": "X", "given_name": "Y", "phone": "01 99 00 00 17"}


def test_a_minor_without_a_representative_is_a_warning_shown_once(signed: Signed, as_: Signs) -> None:
    client, draft = as_(WORKER), write_draft(signed, person=None)
    typed = {**PERSON, "birth_date": f"01/01/{today().year - 15}"}
    page = plain(client.post(address(draft, "personne"), typed))
    assert "15 ans : indiquez qui la représente" in page
    assert "field-error" not in page
    found = content(draft).person
    assert found is not None  # kept all the same
    assert client.post(address(draft, "personne"), {**typed, "averti": "1"}).status_code == 302
    named = client.post(address(draft, "personne"), {**typed, "representative": "sa mère"})
    assert named.status_code == 302


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"do_not_call": "on"}, "Si elle ne veut pas être appelée"),
        ({"birth_date": "01/05/1990"}, "aux précisions, vous avez répondu 15 ans"),
    ],
)
def test_what_contradicts_is_said_at_its_field(
    signed: Signed, as_: Signs, changes: dict[str, str], message: str
) -> None:
    said = Precisions({"received_here": True, "age": 15})
    client, draft = as_(WORKER), write_draft(signed, person=None, precisions=said)
    typed = {**PERSON, "birth_date": f"01/01/{today().year - 15}", **changes}
    assert message in plain(client.post(address(draft, "personne"), typed))


def test_what_does_not_leave_says_so_before_it_is_sent(signed: Signed, as_: Signs) -> None:
    said = Precisions({"received_here": True, "scheme": "general"})
    page = plain(as_(WORKER).get(address(write_draft(signed, precisions=said), "verification")))
    scheme, received = page.index("Régime général"), page.index("Accueillie ou suivie")
    assert page.count("Reste chez vous") == 1
    assert received < scheme < page.index("Reste chez vous")


def test_both_sides_read_the_situation_on_the_page_of_the_case(signed: Signed, as_: Signs) -> None:
    care = (Renunciation(care="optics", reason="cost"),)
    facts = {"care_compromised": True, "first_level_given": True}
    proved = Precisions({"received_here": True, "urgency_proof": frozenset({"prescription"})})
    sent = send_referral(signed, situation=Situation(("cost",), "", care, facts), precisions=proved)
    followed_by(sent, ADVISER)
    for person in (WORKER, ADVISER):
        page = plain(as_(person).get(f"/orientations/{sent}/"))
        for expected in (
            "Lunettes, lentilles : raison financière",
            "Oui : des soins immédiats ou futurs sont compromis (prescription)",
            "Première aide déjà apportée",
            "Accueillie ou suivie par l’organisme qui oriente",
        ):
            assert expected in page


def test_a_service_that_is_not_offered_is_refused(signed: Signed, as_: Signs) -> None:
    client: Client = as_(WORKER)
    draft = write_draft(signed)
    page = plain(client.post(address(draft, "service"), {"authorisation": str(uuid4())}))
    assert "n’est pas, ou n’est plus, ouvert à cette situation" in page
