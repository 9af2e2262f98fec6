"""A request from the day it is written down to its letter, on its pages: who sees what, what is passed on, what is printed."""

import json
import re
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from maillage.core.identifiers import uuid7
from maillage.protection.requests import begun
from maillage.referrals.models import Draft
from maillage.vault.actions import vault
from tests.conventions.people import STRANGER, WORKER, raw
from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, received
from tests.protection.requests.test_answering import asked_of
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    PERSON,
    Signed,
    ask,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
    work,
    write_draft,
)
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain

pytestmark = pytest.mark.django_db
NEW, LIST = "/protection/demandes/nouvelle/", "/protection/demandes/"
LISTED, PAGE = 8, 16
"""Questions of the list, and of the page of a request."""


@pytest.fixture
def s3(db: None) -> Signed:
    return sign_convention()


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "token": str(uuid7()),
        "received_on": today().strftime("%d/%m/%Y"),
        "channel": "letter",
        "subject": "person",
        "rights": ["access", "rectification"],
        "surname": "Quintessence",
        "given_name": "Ondine",
        "birth_date": "29/02/1984",
        "address": "3 rue de l’Essai",
        "check_made": "known",
    } | changes


def here(request: UUID, rest: str = "") -> str:
    return f"{LIST}{request}/{rest}"


def searched(person: Client, request: UUID, **asked: str) -> str:
    return plain(person.post(here(request, "recherche/"), asked))


def test_a_worker_writes_down_a_request_and_follows_no_other(as_: Signs, s3: Signed) -> None:
    worker = as_(WORKER)
    assert NEW in plain(worker.get("/"))
    answer = worker.post(NEW, typed(), follow=True)
    text = plain(answer)
    assert "Demande notée" in text
    assert "Merci." in text
    assert "QUINTESSENCE" not in text
    assert plain(worker.get(LIST)).count("D-") >= 1
    request = UUID(answer.redirect_chain[-1][0].rstrip("/").rsplit("/", 1)[1])
    assert as_(OTHER_WORKER).get(here(request)).status_code == 404
    assert as_(STRANGER).get(here(request)).status_code == 404
    assert worker.get(here(request, "recherche/")).status_code == 403
    admin = as_(CCAS_ADMIN)
    page = plain(admin.get(here(request)))
    for words in (
        "QUINTESSENCE Ondine",
        "accès, rectification",
        "Pourquoi cette date",
        "RGPD, article 12.3",
        "3 rue de l’Essai",
    ):
        assert words in page, words
    assert "Répondre à la demande d’une personne" in plain(admin.get("/"))
    drawn = admin.get(here(request)).content.decode()
    assert drawn.count('method="post"') == drawn.count("csrfmiddlewaretoken")


def test_a_form_that_says_too_little_keeps_what_was_typed(as_: Signs, s3: Signed) -> None:
    worker = as_(WORKER)
    refused = plain(worker.post(NEW, typed(rights=[], surname="")))
    assert "Cochez au moins un droit" in refused
    assert "Écrivez son nom" in refused
    assert "3 rue de l’Essai" in refused
    future = plain(worker.post(NEW, typed(received_on="01/01/2099")))
    assert "dans le futur" in future
    erased = plain(worker.post(NEW, typed(rights=["erasure"], subject="contact"), follow=True))
    assert "Demande notée" in erased


def test_it_is_searched_passed_on_read_and_answered_from_two_organisations(as_: Signs, s3: Signed) -> None:
    case = send_referral(s3)
    work(case, "acknowledge")
    ask(case)
    request = attached(received(), case)
    admin, caisse = as_(CCAS_ADMIN), as_(CPAM_DPO)
    asked = plain(admin.get(here(request, "transmission/")))
    assert "Répond de son côté" in asked
    (key,) = [
        value
        for value in admin.get(here(request, "transmission/")).content.decode().split('"')
        if value.startswith(f"{s3.id}:") and value.endswith(str(organisation_id("CPAM 42")))
    ]
    assert "Demande transmise" in plain(
        admin.post(
            here(request, "transmission/"), {"bodies": [key], "along": ["name", "address"]}, follow=True
        )
    )
    assert "Répondre à la demande d’une personne" in plain(caisse.get("/"))
    page = plain(caisse.get(here(request)))
    assert "Dossiers communs" in page
    passed = f"contrôlée par {organisation('CCAS').name} le {today():%d/%m/%Y} : connue de qui l’accompagne"
    assert passed in page
    assert "QUINTESSENCE Ondine" in page
    assert "3 rue de l’Essai" in page
    assert "Date de naissance" not in page
    assert "contrôlée par" not in plain(admin.get(here(request)))
    assert 'value="Quintessence"' in caisse.get(here(request, "recherche/")).content.decode()
    assert 'value="Ondine"' in caisse.get(here(request, "identite/")).content.decode()
    early = plain(caisse.post(here(request, "reponse/"), follow=True))
    assert "Dites d’abord comment son identité" in early
    caisse.post(here(request, "identite/"), {**typed(), "check_made": "relayed"})
    assert plain(caisse.get(here(request))).count(passed) == 2
    unsought = caisse.post(here(request, "dossiers/"), {"cases": [str(case)]}, follow=True)
    assert "Cherchez d’abord la personne" in plain(unsought)
    searched(caisse, request, surname="Quintessence", birth_date="29/02/1984")
    caisse.post(here(request, "dossiers/"), {"cases": [str(case)]})
    for person in (admin, caisse):
        data = json.loads(person.get(here(request, "contenu.json")).content)
        assert PERSON.surname in json.dumps(data, ensure_ascii=False)
        assert person.get(here(request, "contenu/")).content.startswith(b"%PDF-")
        assert "Réponse notée" in plain(person.post(here(request, "reponse/"), follow=True))
        assert person.get(here(request, "lettre/")).content.startswith(b"%PDF-")
        assert "Répondre à la demande" not in plain(person.get("/"))
    assert plain(admin.get(here(request))).count("A répondu le") == 2


def organisation_id(name: str) -> UUID:
    return organisation(name).pk


def test_known_or_unknown_the_page_of_another_organisation_says_the_same(as_: Signs, s3: Signed) -> None:
    pages = []
    for cases in ([send_referral(s3)], []):
        request = attached(received(), *cases)
        asked_of(request, "CARSAT RA")
        as_(CCAS_ADMIN).post(here(request, "reponse/"))
        drawn = as_("admin@carsat.example.org").get(here(request)).content.decode()
        main = drawn[drawn.index("<main") : drawn.index("</main>")]
        pages.append(
            re.sub(r"D-[0-9A-F]{6}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}| à \d+.{1,3}\d\d", "", main)
        )
    assert pages[0] == pages[1]


def test_who_passes_it_on_and_who_is_asked_each_read_what_is_theirs_to_do(as_: Signs, s3: Signed) -> None:
    request = attached(received())
    asked_of(request, "CARSAT RA")
    sender, asked = (
        plain(as_(CCAS_ADMIN).get(here(request))),
        plain(as_("admin@carsat.example.org").get(here(request))),
    )
    assert "transmettez-lui aussi la demande par courrier" in sender
    assert "transmettez-lui" not in asked
    assert "contrôlée par" not in asked
    assert f"attendez le courrier de {organisation('CCAS').name}" in asked


def test_an_extension_and_a_refusal_have_their_letters(as_: Signs, s3: Signed) -> None:
    request, admin = received(), as_(CCAS_ADMIN)
    assert "Répondez d’abord" in plain(admin.get(here(request, "lettre/"), follow=True))
    refused = plain(admin.post(here(request, "prolongation/"), {"reason": " "}))
    assert "Écrivez quelques mots" in refused
    assert "Délai prolongé" in plain(
        admin.post(here(request, "prolongation/"), {"reason": "Des papiers."}, follow=True)
    )
    assert admin.get(here(request, "lettre/")).content.startswith(b"%PDF-")
    assert "Choisissez une réponse" in plain(admin.post(here(request, "refus/"), {"words": "Un motif."}))
    said = {"ground": "excessive", "words": "Troisième demande du mois."}
    assert "Refus noté" in plain(admin.post(here(request, "refus/"), said, follow=True))
    assert admin.get(here(request, "lettre/")).content.startswith(b"%PDF-")


def test_an_erasure_that_no_text_opens_is_noted_and_its_refusal_offered_first(as_: Signs, s3: Signed) -> None:
    noted = plain(as_(WORKER).post(NEW, typed(rights=["erasure"]), follow=True))
    assert "Demande notée" in noted
    request, admin = received(rights=("erasure",)), as_(CCAS_ADMIN)
    offered = plain(admin.get(here(request, "reponses/erasure/")))
    assert "Aucune de vos conventions n’ouvre ce droit" in offered
    assert "pas ouvert pour ces données (RGPD, article 17.3)" in offered
    said = {"outcome": "refused", "ground": "not_held", "words": "La convention fixe la durée."}
    noted = plain(admin.post(here(request, "reponses/erasure/"), said, follow=True))
    assert "ce droit n’est pas ouvert pour ces données (RGPD, article 17.3). La convention" in noted


def test_bad_searches_are_said_at_their_field_and_cases_of_others_are_left_out(
    as_: Signs, s3: Signed
) -> None:
    request, admin = received(), as_(CCAS_ADMIN)
    assert "sont ouverts aussi, par la machine" in plain(admin.get(here(request, "recherche/")))
    assert "par le nom et la date de naissance, ou par" in searched(admin, request, surname="Quintessence")
    assert "sécurité sociale" in searched(admin, request, nir="12")
    assert "Aucun dossier ne correspond" in searched(
        admin, request, surname="Personne", birth_date="01/01/1980"
    )
    admin.post(here(request, "dossiers/"), {"cases": [str(uuid7()), "x"]})
    assert "Aucun dossier n’est noté comme le sien" in plain(admin.get(here(request)))


def test_lists_and_pages_ask_few_questions(
    as_: Signs, s3: Signed, django_assert_max_num_queries: Any
) -> None:
    case, admin = send_referral(s3), as_(CCAS_ADMIN)
    first = attached(received(), case)
    for _ in range(3):
        received()
    admin.get(LIST)
    with django_assert_max_num_queries(LISTED):
        admin.get(LIST)
    with django_assert_max_num_queries(PAGE):
        admin.get(here(first))


def test_a_rectification_is_told_taken_up_and_its_receipt_read(as_: Signs, s3: Signed) -> None:
    case = send_referral(s3)
    request = attached(received(rights=("rectification",)), case)
    admin, caisse = as_(CCAS_ADMIN), as_(CPAM_DPO)
    refused = plain(admin.post(here(request, "rectification/"), {"what": "La date est corrigée."}))
    assert "Choisissez au moins un de ses dossiers" in refused
    assert "La date est corrigée." in refused
    said = {"what": "La date est corrigée.", "cases": [str(case)]}
    assert "Rectification transmise" in plain(admin.post(here(request, "rectification/"), said, follow=True))
    assert "Pas encore reprise" in plain(admin.get(here(request)))
    assert "Reprendre une rectification" in plain(caisse.get("/"))
    listed = caisse.get(LIST).content.decode()
    assert "La date est corrigée." in listed
    (url,) = [part for part in listed.split('"') if part.endswith("/reprise/")]
    assert as_(STRANGER).post(url).status_code == 403
    assert "Rectification reprise" in plain(caisse.post(url, follow=True))
    assert "Reprendre une rectification" not in plain(caisse.get("/"))
    assert "Reprise le" in plain(admin.get(here(request)))


def test_a_restriction_is_granted_shown_on_both_sides_and_lifted(as_: Signs, s3: Signed) -> None:
    case = followed_by(send_referral(s3), ADVISER)
    request = attached(received(rights=("access", "restriction")), case)
    admin, adviser, worker = as_(CCAS_ADMIN), as_(ADVISER), as_(WORKER)
    page = here(request, "reponses/restriction/")
    assert "pour quel motif de l’article 18" in plain(admin.get(page))
    wrong = plain(admin.post(page, {"outcome": "granted", "words": "Le temps de vérifier."}))
    assert "Dites pour quel motif de l’article 18." in wrong
    assert "Le temps de vérifier." in wrong, "nothing typed is lost"
    assert "Réponse notée" in plain(
        admin.post(page, {"outcome": "granted", "restriction": "accuracy"}, follow=True)
    )
    for person, name in ((adviser, "Accuser réception"), (worker, "Arrêter")):
        shown = plain(person.get(f"/orientations/{case}/"))
        assert "Données limitées à la demande de la personne depuis le" in shown
        assert "on peut lire, pas agir" in shown
        assert PERSON.surname.upper() in shown.upper()
        assert name not in shown
        assert "Envoyer le message" not in shown
        assert "Données limitées" in plain(person.get("/orientations/"))
    assert "Accuser réception" not in plain(adviser.get("/"))
    answer = worker.post(
        f"/orientations/{case}/message/", {"text": "Elle sera là jeudi matin.", "token": str(uuid7())}
    )
    assert answer.status_code == 409
    assert "Ce dossier se lit, mais rien ne s’y fait" in plain(answer)
    assert "Elle sera là jeudi matin." in plain(answer)
    assert adviser.post(f"/orientations/{case}/reception/").status_code == 409
    assert "Reprendre une limitation" in plain(as_(CPAM_DPO).get("/"))
    assert admin.get(here(request, "levee/lettre/")).content.startswith(b"%PDF-")
    unsaid = plain(
        admin.post(
            here(request, "levee/"), {"cases": [str(case)], "why": "C’est vérifié.", "told_how": "letter"}
        )
    )
    assert "C’est vérifié." in unsaid
    said = {
        "cases": [str(case)],
        "why": "C’est vérifié.",
        "told_how": "letter",
        "told_on": today().strftime("%d/%m/%Y"),
    }
    assert "Limitation levée" in plain(admin.post(here(request, "levee/"), said, follow=True))
    assert "Accuser réception" in plain(adviser.get(f"/orientations/{case}/"))
    assert "Aucun de ses dossiers n’est limité" in plain(admin.get(here(request, "levee/")))
    assert admin.get(here(request, "reponses/objection/")).status_code == 404
    assert "Réponse notée" in plain(admin.post(here(request, "reponse/"), follow=True))
    assert admin.get(here(request, "lettre/")).content.startswith(b"%PDF-")


def test_what_was_passed_on_and_does_not_open_is_said_and_who_asks_is_typed(as_: Signs, s3: Signed) -> None:
    request, caisse = received(), organisation("CPAM 42").id
    attached(request)
    with member(CCAS_ADMIN), transaction.atomic():
        closed = vault().seal_for_self(b"not at its place", organisation=caisse, at=b"elsewhere")
    sql = "SELECT protection_ask(gen_random_uuid(), gen_random_uuid(), %s, %s, %s, '6', %s, %s)"
    raw("CCAS", sql, [request, s3.id, caisse, closed, ["name"]])
    officer = as_(CPAM_DPO)
    page = plain(officer.get(here(request)))
    assert "Ne s’ouvre pas : illisible." in page
    assert "écrivez-le vous-même" in page
    assert "Qui demande" in plain(officer.get(here(request, "identite/")))
    assert officer.get(here(request, "recherche/")).status_code == 200
    said = {
        "surname": "Quintessence",
        "given_name": "Ondine",
        "birth_date": "29/02/1984",
        "check_made": "seen",
    }
    page = plain(officer.post(here(request, "identite/"), said, follow=True))
    assert "QUINTESSENCE Ondine" in page
    assert "écrivez-le vous-même" not in page


NAMED = "Son numéro est le 1 91 03 42 147 012."


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"outcome": "refused"}, {"ground", "words"}),
        ({"outcome": "refused", "words": NAMED}, {"ground", "words"}),
        ({"outcome": "refused", "words": "x" * 2001}, {"ground", "words"}),
        ({"outcome": "refused", "ground": "nowhere", "words": NAMED}, {"ground", "words"}),
        ({"outcome": "nothing", "words": NAMED}, {"outcome", "words"}),
        ({"words": NAMED}, {"outcome", "words"}),
        ({"outcome": "granted", "restriction": "nowhere", "words": NAMED}, {"restriction", "words"}),
        ({"outcome": "granted", "words": "x" * 2001}, {"restriction", "words"}),
    ],
)
def test_an_answer_says_all_that_is_wrong_at_once(
    as_: Signs, s3: Signed, said: dict[str, str], wrong: set[str]
) -> None:
    request = attached(received(rights=("restriction",)), send_referral(s3))
    form = as_(CCAS_ADMIN).post(here(request, "reponses/restriction/"), said).context["form"]
    assert set(form.errors) == wrong
    assert all(len(messages) == 1 for messages in form.errors.values())


def test_a_refusal_of_all_says_all_that_is_wrong_at_once(as_: Signs, s3: Signed) -> None:
    admin, request = as_(CCAS_ADMIN), attached(received())
    for said in ({"words": NAMED}, {"ground": "nowhere", "words": NAMED}, {}):
        assert set(admin.post(here(request, "refus/"), said).context["form"].errors) == {"ground", "words"}


def test_that_a_search_does_not_open_all_is_said_before_searching(
    as_: Signs, s3: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, request = as_(CCAS_ADMIN), received()
    words = "Votre organisme a plus de brouillons qu’une recherche n’en ouvre"
    assert words not in plain(admin.get(here(request, "recherche/")))
    write_draft(s3)
    monkeypatch.setattr(begun, "_MOST", {Draft: 0})
    page = plain(admin.get(here(request, "recherche/")))
    assert 0 < page.index(words) < page.index("Chercher</button>")
