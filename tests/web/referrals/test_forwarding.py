"""The pages by which a case goes on elsewhere, for each side, and what each reads of where it came from and went."""

import re
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals import questions, working
from maillage.referrals.queries import referral_of
from maillage.referrals.references import reference
from tests.accepting import takes_back
from tests.days import today
from tests.referrals.forwarding.conftest import ELSEWHERE, FORWARD, SSAM, sign
from tests.referrals.forwarding.test_forwarding import forward, under_work
from tests.referrals.forwarding.test_redirecting import redirect, redirected, restart, send_again
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    OTHER_WORKER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
    work,
)
from tests.web.referrals.conftest import Signs, plain
from tests.web.referrals.test_reading import text

GIVEN = {"target": ELSEWHERE, "reason": "better_suited", "words": "La voie voisine a un interprète."}


@pytest.fixture
def signed(db: None) -> Signed:
    """The CCAS's convention, with a second open flow to the same caisse, and one from it to the CARSAT."""
    return sign()


def posted(client: Client, address: str, given: dict[str, str] | None = None) -> str:
    answered = client.post(address, given or {}, follow=True)
    assert answered.status_code == 200
    return plain(answered)


@pytest.mark.long
def test_the_caisse_redirects_and_the_sender_goes_on_until_it_is_sent(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_the_sender_goes_on_with_all_that_it_had_written_and_tells_the_person_again proves."""
    case = send_referral(signed)
    work(case, "acknowledge")
    caisse, sender = as_(ADVISER), as_(WORKER)
    address = f"/orientations/{case}/redirection/"
    assert address in text(caisse, f"/orientations/{case}/")
    form = text(caisse, address)
    assert "Seconde voie (CPAM)" in form
    assert not any(canary in form for canary in CANARIES)
    refused = caisse.post(address, {**GIVEN, "reason": "other", "words": " "})
    assert "Écrivez quelques mots" in plain(refused)
    page = posted(caisse, address, GIVEN)
    for said in (
        "Orientation redirigée",
        "Redirigée vers",
        "Seconde voie (CPAM)",
        "un interprète",
        "Cet autre service",
    ):
        assert said in page
    assert address not in page
    home = text(sender, "/")
    assert f"Repartir vers Seconde voie (CPAM), {reference(case)}" in home
    assert "Repartir avec ce qui est écrit" in text(sender, f"/orientations/{case}/")
    preview = posted(sender, f"/orientations/{case}/repartir/")
    assert "Suite du dossier" in preview
    for said in (
        reference(case),
        "QUINTESSENCE",
        "lunettes",
        "Il reste à compléter",
        "Information",
    ):
        assert said in preview
    draft = UUID(re.findall(r"/orientations/brouillons/([0-9a-f-]{36})/", preview)[0])
    again = send_again(draft)
    for client in (sender, caisse):
        assert f'href="/orientations/{again}/"' in text(client, f"/orientations/{case}/")
        followed_by(again, ADVISER)
        later = text(client, f"/orientations/{again}/")
        assert "Suite de" in later
        assert f'href="/orientations/{case}/"' in later
    assert "Repartir vers" not in text(sender, "/")
    assert f"/orientations/{case}/repartir/" not in text(sender, f"/orientations/{case}/")


def test_a_way_that_she_takes_herself_says_what_to_tell_her(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    redirect(case, target="flows.appel_ssam")
    page = text(as_(WORKER), f"/orientations/{case}/")
    told = f"/orientations/conseil/{signed.id}/flows.appel_ssam/"
    assert told in page
    assert told not in text(as_(ADVISER), f"/orientations/{case}/")
    assert "3646" in text(as_(WORKER), told).replace(" ", "")


@pytest.mark.long
def test_too_late_is_said_and_changes_nothing(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_it_is_proposed_for_thirty_days_to_whoever_follows_it proves."""
    case = followed_by(send_referral(signed), ADVISER)
    client = as_(ADVISER)
    assert "n’est plus possible" in plain(client.get(f"/orientations/{case}/redirection/", follow=True))
    page = posted(client, f"/orientations/{case}/redirection/", GIVEN)
    assert "À accuser réception" in page
    assert "n’est plus possible" in posted(as_(WORKER), f"/orientations/{case}/repartir/")
    again = redirected(signed)
    assert "Suivez d’abord ce dossier" in posted(as_(OTHER_WORKER), f"/orientations/{again}/repartir/")


@pytest.mark.security
def test_the_ladder_of_going_on(signed: Signed, as_: Signs) -> None:
    case = redirected(signed)
    for act, sides in (("redirection", {ADVISER: 302}), ("repartir", {WORKER: 302})):
        address = f"/orientations/{case}/{act}/"
        assert Client().post(address)["Location"].startswith("/connexion/")
        assert as_(READER).post(address).status_code == 403
        assert as_(STRANGER).post(address).status_code == (403 if act == "redirection" else 404)
        for someone in (ADVISER, WORKER):
            assert as_(someone).post(address).status_code == sides.get(someone, 403)


def test_a_case_with_kin_takes_twelve_queries_at_most(
    signed: Signed, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case, client = redirected(signed), as_(WORKER)
    client.get("/orientations/")
    with django_assert_max_num_queries(12 + 2):  # and the savepoint that stands for the request's transaction
        client.get(f"/orientations/{case}/")
    again = send_again(restart(case))
    with django_assert_max_num_queries(12 + 2):
        client.get(f"/orientations/{again}/")


def filled(client: Client, case: UUID, **changes: str) -> dict[str, str]:
    """The form of a forwarding, as somebody fills it."""
    page = text(client, f"/orientations/{case}/transmission/")
    found = dict(re.findall(r'name="(token|authorisation)" value="([0-9a-f-]{36})"', page))
    return {
        **found, "scheme": "general", "first_level_given": "yes", "narrative": "Isolée.", "means": "oral",
        "given_on": today().strftime("%d/%m/%Y"), "recipient_named": "on", "language": "fr", "answer": "agreed",
        "how": "oral", "progress": "all", **changes,
    }  # fmt: skip


def test_the_caisse_forwards_on_one_page_and_each_reads_its_part(signed: Signed, as_: Signs) -> None:
    case = followed_by(under_work(signed), ADVISER)
    caisse, address = as_(ADVISER), f"/orientations/{case}/transmission/"
    assert address in text(caisse, f"/orientations/{case}/")
    assert address not in text(as_(WORKER), f"/orientations/{case}/")
    form = text(caisse, address)
    for said in (
        "CARSAT",
        "article 9",
        "QUINTESSENCE",
        "lunettes",
        "régime",
        "Le premier dossier ne part",
    ):
        assert said in form, said
    wrong = filled(caisse, case, scheme="agricultural", recipient_named="")
    refused = plain(caisse.post(address, wrong))
    assert "La personne doit savoir à qui ses données sont envoyées" in refused
    assert "Isolée." in refused  # nothing typed is lost
    unmet = plain(caisse.post(address, filled(caisse, case, scheme="agricultural")))
    assert "Il manque ce que la convention demande" in unmet
    given = filled(caisse, case)
    page = posted(caisse, address, given)
    assert "Dossier transmis" in page
    assert "C’était déjà fait" in posted(caisse, address, given)
    for said in ("Transmise", "Service social", "Transmise, en attente"):
        assert said in page
    (new,) = re.findall(r'class="text-nowrap" href="/orientations/([0-9a-f-]{36})/"', page)
    sender = text(as_(WORKER), f"/orientations/{case}/")
    assert "Transmise" in sender
    assert "CARSAT Rhône-Alpes" in sender
    assert new not in sender
    assert reference(UUID(new)) not in sender
    followed_by(UUID(new), SSAM)
    service = text(as_(SSAM), f"/orientations/{new}/")
    for said in ("QUINTESSENCE", "Isolée.", "CPAM de la Loire"):
        assert said in service
    for hidden in (str(case), reference(case), "CCAS", "lunettes"):
        assert hidden not in service, hidden
    for someone, other in ((SSAM, case), (WORKER, new)):
        assert as_(someone).get(f"/orientations/{other}/").status_code == 404
    assert "Vous, à CARSAT RA" in text(caisse, "/orientations/")
    assert "Transmise depuis" in text(caisse, f"/orientations/{new}/")


@pytest.mark.long
def test_the_caisse_answers_the_service_and_may_take_back_what_it_forwarded(
    signed: Signed, as_: Signs
) -> None:
    """By its pages, what test_what_comes_of_it_comes_back_to_the_caisse_alone proves."""
    new = forward(under_work(signed))
    asked = uuid7()
    with member(SSAM) as social:
        referral = referral_of(social, new)
        working.acknowledge(referral=referral, by=social, at=now())
        questions.ask(referral=referral, question_id=asked, text="Vit-elle seule ?", by=social, at=now())
    caisse = as_(ADVISER)
    assert "Répondre à CARSAT RA" in text(caisse, "/")
    own = text(caisse, f"/orientations/{new}/")
    for said in (
        "Question du service, le",
        "Le service vous pose une question",
        "Le service a bien reçu votre transmission",
        "Arrêter cette transmission",
        "Le service est prévenu : il n’appelle plus la personne.",
    ):
        assert said in own, said
    for of_a_partner in ("La caisse", "à la caisse", "votre demande"):
        assert of_a_partner not in own.partition("<main")[2].replace("Répondez à la caisse", ""), of_a_partner
    assert "Le service a bien reçu votre transmission" in text(caisse, "/orientations/")
    assert "Le service est prévenu." in posted(
        caisse, f"/orientations/questions/{asked}/", {"answer": "Oui."}
    )
    assert "Le service va dire s’il accompagne la personne" in text(caisse, f"/orientations/{new}/")
    assert as_(SSAM).post(f"/orientations/{new}/annulation/", {"reason": "other"}).status_code == 403
    assert "Orientation annulée" in posted(caisse, f"/orientations/{new}/annulation/", {"reason": "other"})


def test_without_a_way_to_forward_nothing_is_offered(db: None, as_: Signs) -> None:
    case = under_work(sign_convention())
    caisse = as_(ADVISER)
    followed_by(case, ADVISER)
    assert "/transmission/" not in text(caisse, f"/orientations/{case}/")
    assert "ne vous permet de transmettre" in text(caisse, f"/orientations/{case}/transmission/")


@pytest.mark.security
def test_the_ladder_of_forwarding(signed: Signed, as_: Signs) -> None:
    case = under_work(signed)
    address = f"/orientations/{case}/transmission/"
    assert Client().get(address)["Location"].startswith("/connexion/")
    for someone, status in ((READER, 403), (WORKER, 403), (STRANGER, 403), (SSAM, 404), (ADVISER, 200)):
        assert as_(someone).get(address).status_code == status, someone
    sent = as_(ADVISER).post(
        address, filled(as_(ADVISER), case, authorisation=str(signed.authorisation().id))
    )
    assert sent.status_code == 200
    assert "Choisissez une réponse de la liste" in plain(sent)


def test_a_page_with_all_its_kin_takes_twelve_queries_at_most(
    signed: Signed, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = under_work(signed)
    forward(case)
    for address in (ADVISER, WORKER):
        client = as_(address)
        client.get("/orientations/")
        with django_assert_max_num_queries(
            12 + 2
        ):  # and the savepoint that stands for the request's transaction
            client.get(f"/orientations/{case}/")


def test_a_service_whose_roles_nobody_says_is_shown_closed_and_why(signed: Signed, as_: Signs) -> None:
    case = under_work(signed)
    takes_back(signed.id, FORWARD["key"], organisation("CPAM 42").id)
    page = text(as_(ADVISER), f"/orientations/{case}/transmission/")
    assert "Fermé pour l’instant" in page
    assert "Transmission au service social (CARSAT RA)" in page
    assert "ne sont pas renseignés (annexe 6, annexe manquante)" in page
    assert f"/conventions/{signed.id}/roles/" in page
    assert "Aucun autre service" not in page
