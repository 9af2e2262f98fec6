"""A convention on one page: who may open it, what it says, and that it explains itself."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from maillage.conventions import library
from maillage.conventions.drafting.export import convention_pdf
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.conventions.lifecycle.relations import relate
from maillage.conventions.terms.filling import fill
from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.demo.conventions import convention_id
from maillage.documents.actions import store_upload
from maillage.documents.models import Document
from maillage.organisations.models import Organisation
from tests.conventions.people import drafted, member, rewrite
from tests.tiers import spread
from tests.web.conventions.conftest import (
    CAISSE,
    CARSAT,
    CROIX_ROUGE,
    DPO,
    NATIONAL,
    PARTNER,
    S0,
    S1,
    S2,
    S3,
    S4,
    STRANGER,
    WORKER,
    Signs,
    plain,
    sheet,
    title,
)

pytestmark = pytest.mark.usefixtures("concluded")
PAGES = ("", "texte/", "comparaison/")


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_anonymous_people_are_sent_to_the_sign_in_page(client: Client, page: str) -> None:
    assert client.get(sheet(S3) + page)["Location"].startswith("/connexion/")


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_nothing_and_cannot_tell_it_from_what_does_not_exist(as_: Signs, page: str) -> None:
    client = as_(STRANGER)
    foreign, unknown = client.get(sheet(S3) + page), client.get(f"/conventions/{uuid4()}/{page}")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content.replace(str(convention_id(S3)).encode(), b"") == foreign.content
    assert len(foreign.content) == len(unknown.content)


@pytest.mark.parametrize("page", spread(PAGES, 4))
@pytest.mark.parametrize("address", [CAISSE, CARSAT, PARTNER, WORKER, DPO])
def test_each_reader_of_a_party_opens_it(as_: Signs, address: str, page: str) -> None:
    assert as_(address).get(sheet(S3) + page).status_code == 200


def test_a_draft_is_not_seen_by_its_future_parties(as_: Signs) -> None:
    assert as_(CAISSE).get(sheet(S2)).status_code == 200
    assert as_(CARSAT).get(sheet(S2)).status_code == 404


def test_the_state_is_said_with_what_comes_next(as_: Signs) -> None:
    page = plain(as_(CAISSE).get(sheet(S3)))
    assert "Elle est en vigueur : ses échanges sont ouverts." in page
    assert "le terme renouvelé n’a pas de fin connue" in page
    draft = plain(as_(CAISSE).get(sheet(S2)))
    assert "les autres parties ne le voient pas" in draft
    assert "Continuer la rédaction" in draft
    assert "Cette convention est arrivée à son terme" in plain(as_(NATIONAL).get(sheet(S1)))


def test_each_date_explains_itself(as_: Signs) -> None:
    page = plain(as_(CAISSE).get(sheet(S3)))
    assert page.count("Pourquoi cette date ?") >= 3
    assert "Toutes les parties ont signé, la dernière le 14/11/2024." in page
    assert "article 9.2" in page
    assert "1214-1215" in page


def test_both_readings_are_shown_until_the_parties_retain_one(as_: Signs) -> None:
    page = plain(as_(NATIONAL).get(sheet(S0)))
    assert "Lectures du texte" in page
    assert "Renouvelée une seule fois" in page
    assert "Renouvelée à chaque terme" in page
    assert "Les parties n’ont pas encore dit quelle lecture elles retiennent." in page
    assert f"{sheet(S0)}faits/lecture/" in page


def test_the_text_at_work_is_told_in_tables_with_its_blanks(as_: Signs) -> None:
    page = plain(as_(CAISSE).get(sheet(S3)))
    for said in (
        "téléphone 3646, dire « service social »",
        "Rôles des parties au regard du RGPD pour les détections (annexe manquante, annexe 6)",
        "les rôles RGPD ne sont pas renseignés",
        "au choix des parties, qui ne l’ont pas retenu",
        "Joindre l’annexe 6",
        "Comité de pilotage",
        "Signée par délégation",
        "Poste vacant",
        "Responsable du pôle social",
        "À former depuis le 12/02/2025",
    ):
        assert said in page, said
    assert "par orientation en moyenne" not in page, "no mean of nothing"


def test_the_framework_lists_its_twenty_nine_questions_by_block(as_: Signs) -> None:
    page = plain(as_(CROIX_ROUGE).get(sheet(S4)))
    assert page.count('id="indicateurs-') >= 7
    assert "Signatures de dates différentes (27/09/2021 et 05/10/2021)" in page
    assert "2 sur 3" in page or "3 sur 3 à nommer" in page


def test_axes_and_sheets_keep_a_place_for_what_is_missing(as_: Signs) -> None:
    page = plain(as_(NATIONAL).get(sheet(S1)))
    assert "Axe 1" in page
    assert "Fiche 1" in page
    assert "à compléter" in page


def test_representatives_who_did_not_sign_are_flagged(as_: Signs) -> None:
    assert "Représentants nommés par le texte, sans signature" in plain(as_(NATIONAL).get(sheet(S1)))


def test_no_title_names_a_convention_or_a_person(as_: Signs) -> None:
    for page in PAGES:
        said = title(plain(as_(CAISSE).get(sheet(S3) + page)))
        assert "Montbrison" not in said
        assert "Exemple" not in said


def inform_the_framework() -> None:
    """S3 as if it implemented S4, which its caisse's national head has signed: the national referents are told (row A7)."""
    with member(CAISSE, now()) as caisse:
        row = Convention.objects.get(id=convention_id(S3))
        relate(convention=row, kind="implements", target=convention_id(S4), by=caisse, at=now())


def test_an_informed_national_referent_reads_the_local_convention_and_writes_nothing(as_: Signs) -> None:
    client = as_(NATIONAL)
    assert client.get(sheet(S3)).status_code == 404
    inform_the_framework()
    page = plain(client.get(sheet(S3)))
    assert "portée à la connaissance de votre organisme" in page
    for act in (
        "Enregistrer un fait",
        "Enregistrer la signature",
        "Continuer la rédaction",
        "lecture que les parties",
    ):
        assert act not in page, act
    for writing in ("redaction", "signature", "faits", "blancs", "referents", "obligations", "avenants"):
        assert f"{sheet(S3)}{writing}/" not in page, writing
    assert 'id="orientations"' not in page
    assert "Enregistrer un fait" in plain(as_(CAISSE).get(sheet(S3)))


def test_the_framework_shows_who_applies_it_and_the_local_one_what_it_applies(as_: Signs) -> None:
    inform_the_framework()
    local = plain(as_(CAISSE).get(sheet(S3)))
    assert library.load(S4).title.replace("'", "’") in local
    assert sheet(S4) not in local  # the caisse has no part in it: its name, no page
    assert "Convention locale de partenariat" in plain(as_(NATIONAL).get(sheet(S4)))
    assert "met en œuvre" in plain(as_(NATIONAL).get(sheet(S3)))
    assert "Par rapport à son cadre" in plain(as_(NATIONAL).get(f"{sheet(S3)}comparaison/"))


def test_what_differs_from_the_template_is_told_clause_by_clause(as_: Signs) -> None:
    page = plain(as_(CAISSE).get(f"{sheet(S2)}comparaison/"))
    assert "clauses inchangées" in page
    assert "3 clauses remplies" in page
    assert "Nom de la CARSAT" in page
    with member(CAISSE, now()) as drafter:
        row = visible_to(drafter).get(pk=convention_id(S2))
        path = "commitments[canal_securise].terms_of_use"
        rewrite(row, fill(load(row).base, path, "serveur sécurisé"), drafter, now())
    named = plain(as_(CAISSE).get(f"{sheet(S2)}comparaison/"))
    assert "Engagement « Mettre à disposition un canal d’échanges sécurisés" in named


def test_the_page_costs_a_bounded_number_of_queries(as_: Signs, django_assert_max_num_queries: Any) -> None:
    client = as_(CAISSE)
    with django_assert_max_num_queries(32):
        client.get(sheet(S3))


def signed_copy() -> UUID:
    with acting(organisation=Organisation.objects.get(short_name="CPAM 42").id):
        return Convention.objects.get(id=convention_id(S3)).signatures.get(party_key="cpam").document_id  # type: ignore[return-value]


def test_an_option_left_open_is_chosen_by_agreement_without_an_avenant(as_: Signs) -> None:
    caisse = as_(CAISSE)
    urls = re.findall(r'href="([^"]*/blancs/choisir/[^"]*)"', plain(caisse.get(f"{sheet(S3)}blancs/")))
    shown = plain(caisse.get(urls[0]))
    assert "d’un commun accord, sans avenant" in shown
    assert "dites dans « Précision » où il se trouve" in shown
    assert shown.count("(facultatif)") == 1  # the note: a document may stand for it
    sent = {"token": str(uuid4()), "keep": "oui", "note": "Accord du COPIL du 2 décembre"}
    assert "cochez quand elles sont d’accord" in plain(caisse.post(urls[0], sent))
    bare = {**sent, "agreed": "on", "note": ""}
    assert "Joignez l’accord" in plain(caisse.post(urls[0], bare))
    assert "Clause retenue" in plain(caisse.post(urls[0], {**sent, "agreed": "on"}, follow=True))


def test_the_history_goes_by_instants_says_who_and_folds_the_records_of_a_draft(as_: Signs) -> None:
    at = now().replace(hour=9, minute=5)
    new = drafted("ccas_montbrison_2024", at)
    for hour in (10, 11):
        with member(CAISSE, at) as drafter:
            row = visible_to(drafter).get(pk=new)
            text = load(row).base.model_copy(update={"place": f"Lieu {hour}"})
            rewrite(row, text, drafter, at.replace(hour=hour))
    page = plain(as_(CAISSE).get(f"/conventions/{new}/"))
    told = page[page.index("Première version du texte") - 3000 :]
    assert re.search(r"à \d+ h 05", told)
    assert re.search(r"\d+ enregistrements du brouillon", told)
    assert "Version 3 du texte" not in page
    assert told.index("enregistrements du brouillon") < told.index("Première version du texte")
    assert "CPAM 42" in told


def test_a_document_is_served_through_its_convention_only(as_: Signs) -> None:
    document = signed_copy()
    answer = as_(WORKER).get(f"{sheet(S3)}documents/{document}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer).startswith(b"%PDF")
    assert answer["Cache-Control"] == "no-store, private"
    assert as_(STRANGER).get(f"{sheet(S3)}documents/{document}/").status_code == 404
    assert as_(CAISSE).get(f"{sheet(S2)}documents/{document}/").status_code == 404
    assert as_(CAISSE).get(f"{sheet(S3)}documents/{uuid4()}/").status_code == 404


def test_a_document_of_ones_own_that_is_not_the_conventions_is_not_served_through_it(as_: Signs) -> None:
    with member(CAISSE) as caisse:
        own = store_upload(
            file=ContentFile(convention_pdf(library.load(S3)), "autre.pdf"),
            organisation=caisse.organisation,
            readers=[],
            by=caisse,
            at=now(),
        )
        assert Document.objects.filter(id=own.id).exists()
    assert as_(CAISSE).get(f"{sheet(S3)}documents/{own.id}/").status_code == 404


def test_the_committees_stand_on_the_time_line_with_the_months_of_the_text(as_: Signs) -> None:
    framework = plain(as_(NATIONAL).get(sheet(S4)))
    assert re.search(r"Comité de pilotage national : février ou mars 20[0-9]{2}", framework)
    assert "d-span-meeting" in framework
    local = plain(as_(CAISSE).get(sheet(S3)))
    assert "Comité de pilotage : le texte ne dit pas quel mois" in local
    assert "Chaque année" in local
    assert "d-span-meeting" not in local
