"""The list and the page of a referral, for the caisse and for the sender."""

import re
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.referrals import queries
from maillage.referrals.content import Situation
from maillage.referrals.models import Referral
from maillage.referrals.references import reference
from maillage.vault.actions import vault
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    OFFICER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    work,
    write_draft,
)
from tests.web.referrals.conftest import Signs, plain, title

LIST = "/orientations/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return plain(answer)


def test_the_caisse_sees_whom_it_received_and_what_is_to_do(signed: Signed, as_: Signs) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    page = text(as_(ADVISER), LIST)
    for expected in ("QUINTESSENCE Ondine", reference(case), "CCAS", "À accuser réception"):
        assert expected in page
    assert not any(canary in title(page) for canary in CANARIES)


def test_the_sender_sees_the_same_referral_in_her_own_words(signed: Signed, as_: Signs) -> None:
    send_referral(signed)
    page = text(as_(WORKER), LIST)
    assert "Envoyée, en attente de l’accusé de réception" in page
    assert "CPAM 42" in page
    assert "&lt;span" not in page
    assert "À accuser réception" not in page


@pytest.mark.security
def test_the_ladder_of_the_list(signed: Signed, as_: Signs) -> None:
    send_referral(signed)
    assert Client().get(LIST)["Location"].startswith("/connexion/")
    assert as_(READER).get(LIST).status_code == 403
    stranger = text(as_(STRANGER), LIST)
    assert "Aucune orientation ici" in stranger
    assert not any(canary in stranger for canary in CANARIES)
    assert as_(ADVISER).post(LIST).status_code == 405


@pytest.mark.security
def test_the_ladder_of_a_case(signed: Signed, as_: Signs) -> None:
    address = f"/orientations/{send_referral(signed)}/"
    assert Client().get(address)["Location"].startswith("/connexion/")
    for someone, status in ((STRANGER, 404), (OFFICER, 403), (READER, 403), (WORKER, 200), (ADVISER, 200)):
        assert as_(someone).get(address).status_code == status
        assert as_(someone).get(f"/orientations/{uuid4()}/").status_code == (404 if status == 200 else status)


def test_the_list_takes_eight_queries_at_most_however_long(
    signed: Signed, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        send_referral(signed)
    for address in (ADVISER, WORKER):
        client = as_(address)
        write_draft(signed)
        client.get(LIST)
        with django_assert_max_num_queries(
            8 + 2
        ):  # and the savepoint that stands for the request's transaction
            client.get(LIST)


def test_a_list_read_is_one_entry_of_the_journal_with_the_references_shown(
    signed: Signed, as_: Signs
) -> None:
    cases = [followed_by(send_referral(signed), ADVISER) for _ in range(3)]
    send_referral(signed)
    as_(ADVISER).get(LIST)
    with member(ADVISER):
        entry = Entry.objects.get(verb="read_list")
        assert entry.object_ref.split(",") == [str(case) for case in cases]
        assert (entry.fields, entry.reason) == ("identity", "liste de travail ; sans identité : 1")


def test_a_page_read_is_journalled(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    for reason, fields in (
        ("sans ouvrir l’identité", ""),
        ("dossier suivi : prise en charge", "identity,narrative"),
    ):
        as_(ADVISER).get(f"/orientations/{case}/")
        with member(ADVISER):
            assert Entry.objects.get(verb="read", object_ref=str(case), reason=reason).fields == fields
        followed_by(case, ADVISER)


def shown(page: str) -> list[str]:
    return re.findall(r"/orientations/([0-9a-f-]{36})/\"", page)


def test_pages_of_the_list_follow_each_other_both_ways(
    signed: Signed, as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    cases = [str(send_referral(signed)) for _ in range(5)]
    client, seen, address = as_(ADVISER), [], LIST
    pages = []
    while address:
        page = text(client, address)
        pages.append(shown(page))
        seen += shown(page)
        following = re.search(r'href="(\?[^"]+)" rel="next"', page)
        address = LIST + following.group(1).replace("&amp;", "&") if following else ""
        back = re.search(r'href="(\?[^"]+)" rel="prev"', page)
        if back and len(pages) > 1:
            before = text(client, LIST + back.group(1).replace("&amp;", "&"))
            assert shown(before) == pages[-2]
    assert seen == cases
    assert shown(text(client, LIST + "?vue=all")) == cases[:2:-1]


@pytest.mark.parametrize(
    "page", ["apres", "apres_x_y", f"apres_99999999999999999999999_{UUID(int=7)}", "%00", "avant_-1_"]
)
def test_a_broken_place_in_the_list_is_its_beginning(signed: Signed, as_: Signs, page: str) -> None:
    case = send_referral(signed)
    assert shown(text(as_(ADVISER), f"{LIST}?page={page}")) == [str(case)]


def test_filters_narrow_the_list(signed: Signed, as_: Signs) -> None:
    calm = send_referral(signed)
    urgent = send_referral(signed, situation=Situation(("cost",), urgent=True))
    closed = send_referral(signed)
    work(closed, "acknowledge", "contact", "close")
    client = as_(ADVISER)
    expected = {
        "": [calm, urgent],
        "?urgentes=on": [urgent],
        "?vue=closed": [closed],
        "?vue=all": [closed, urgent, calm],
        "?etat=closed": [closed],
        "?etat=sent": [urgent, calm],
        "?service=misas": [calm, urgent],
        "?service=ssam": [],
        "?service=nimporte&vue=quoi&etat=x": [calm, urgent],
    }
    for query, cases in expected.items():
        assert shown(text(client, LIST + query)) == [str(case) for case in cases], query


def test_each_step_has_its_words_for_each_side(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    steps: dict[str, tuple[str, str]] = {
        "": ("À accuser réception", "Envoyée, en attente"),
        "acknowledge": ("Personne à contacter", "La caisse a bien reçu votre demande"),
        "contact": ("En cours d’accompagnement", "La caisse a contacté la personne"),
        "close": ("Clôturée", "Accompagnement terminé"),
    }
    for verb, (for_caisse, for_sender) in steps.items():
        if verb:
            work(case, verb)
        assert for_caisse in text(as_(ADVISER), f"/orientations/{case}/")
        assert for_sender in text(as_(WORKER), f"/orientations/{case}/")
    page = text(as_(WORKER), f"/orientations/{case}/")
    for event in (
        "Réception accusée",
        "Personne contactée",
        "Soins réalisés · Droits ouverts",
        "Dominique Exemple",
    ):
        assert event in page


def test_a_person_whose_keys_were_destroyed_is_no_longer_shown(signed: Signed, as_: Signs) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    vault().store.destroy(organisation("CPAM 42").id, signed.id)
    assert "Données détruites" in text(as_(ADVISER), LIST)
    assert "Ses données ont été détruites" in text(as_(ADVISER), f"/orientations/{case}/")
    assert "QUINTESSENCE" in text(as_(WORKER), f"/orientations/{case}/")


def act(client: Client, case: UUID, verb: str, answers: dict[str, str] | None = None) -> str:
    answer = client.post(f"/orientations/{case}/{verb}/", answers or {}, follow=True)
    assert answer.status_code == 200
    return plain(answer)


def test_the_caisse_acknowledges_contacts_and_closes(signed: Signed, as_: Signs) -> None:
    case, client = send_referral(signed), as_(ADVISER)
    assert "Réception accusée" in act(client, case, "reception")
    assert "Contact noté" in act(client, case, "contact", {"contacted_on": today().strftime("%d/%m/%Y")})
    page = act(client, case, "cloture", {"care_outcome": "refused", "rights_outcome": "opened"})
    assert "Accompagnement clôturé" in page
    assert "Sans soins : refus de la personne · Droits ouverts" in page


def test_a_second_click_of_the_same_person_is_answered_as_the_first(signed: Signed, as_: Signs) -> None:
    case, client = send_referral(signed), as_(ADVISER)
    act(client, case, "reception")
    assert "votre premier clic a suffi" in act(client, case, "reception")


def test_a_colleague_who_comes_second_is_told(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    with member(ADVISER):
        Referral.objects.filter(case_id=case).update(
            state="acknowledged", acknowledged_at=now(), acknowledged_by=uuid4()
        )
    assert "Quelqu’un est passé avant vous" in act(as_(ADVISER), case, "reception")


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("01/01/2999", "Cette date est dans l’avenir"),
        ("01/01/2020", "précède l’envoi"),
        ("", "Écrivez une date"),
        ("hier", "Écrivez une date qui existe"),
    ],
)
def test_an_impossible_day_of_contact_is_refused_at_its_field(
    signed: Signed, as_: Signs, day: str, message: str
) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    page = act(as_(ADVISER), case, "contact", {"contacted_on": day})
    assert message in page
    assert f'value="{day}"' in page or not day
    assert "Personne à contacter" in page


def test_a_closing_without_its_outcomes_is_refused_at_its_fields(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    page = act(as_(ADVISER), case, "cloture", {"care_outcome": "done"})
    assert "Choisissez une réponse" in page
    assert '<details class="confirm" open' in page
    assert "Personne à contacter" in page


@pytest.mark.security
@pytest.mark.parametrize("verb", ["reception", "contact", "cloture"])
def test_the_ladder_of_an_act(signed: Signed, as_: Signs, verb: str) -> None:
    address = f"/orientations/{send_referral(signed)}/{verb}/"
    assert Client().post(address)["Location"].startswith("/connexion/")
    for someone in (STRANGER, WORKER, READER, OFFICER):
        assert as_(someone).post(address).status_code == 403  # none of their roles works referrals
    assert as_(ADVISER).get(address).status_code == 405
    assert as_(ADVISER).post(f"/orientations/{uuid4()}/{verb}/").status_code == 404


def test_an_act_in_the_wrong_state_changes_nothing(signed: Signed, as_: Signs) -> None:
    case, client = send_referral(signed), as_(ADVISER)
    answers = {"care_outcome": "done", "rights_outcome": "none"}
    assert "Quelqu’un est passé avant vous" in act(client, case, "cloture", answers)
    assert "À accuser réception" in text(client, f"/orientations/{case}/")


def test_to_do_tells_each_side_what_waits_and_why(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    write_draft(signed)
    page = text(as_(ADVISER), "/")
    assert f"Accuser réception : Mission accompagnement santé, {reference(case)}" in page
    assert "Cet organisme attend de savoir que vous l’avez" in page
    assert not any(canary in page for canary in CANARIES)
    work(case, "acknowledge")
    assert "Contacter la personne" in text(as_(ADVISER), "/")
    work(case, "contact")
    assert reference(case) not in text(as_(ADVISER), "/")
    assert "Terminer un brouillon d’orientation" in text(as_(WORKER), "/")
    assert "brouillon" not in text(as_(STRANGER), "/")


def test_the_caisse_goes_on_working_after_the_convention_has_ended(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    signed.end(at=now())
    client = as_(ADVISER)
    assert "Réception accusée" in act(client, case, "reception")
    assert "Contact noté" in act(client, case, "contact", {"contacted_on": today().strftime("%d/%m/%Y")})
    answers = {"care_outcome": "done", "rights_outcome": "none"}
    assert "Accompagnement clôturé" in act(client, case, "cloture", answers)
    assert "Accompagnement terminé" in text(as_(WORKER), f"/orientations/{case}/")
