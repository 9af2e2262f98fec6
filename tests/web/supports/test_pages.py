"""The pages of the library: who sees what, what each act answers, what a list costs."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.catalogue.counting import RULE
from maillage.catalogue.models import SupportVersion
from maillage.core.identifiers import uuid7
from tests.catalogue.world import (
    KEEPER,
    LEAFLET,
    LINK,
    PARTNER,
    STRANGER,
    WORKER,
    add,
    draft,
    ended,
    member,
    published,
    published_file,
    withdraw,
)
from tests.days import today
from tests.documents.builders import pdf
from tests.referrals.world import sign_convention
from tests.web.referrals.conftest import Signs, plain

pytestmark = pytest.mark.django_db
LIST = "/supports/"
FILLED = {
    "title": "Demander l’AME", "kind": "leaflet", "purpose": "Explique la demande.", "audience": ["publics"], "languages": ["fr"],
    "services": ["ame"],
}  # fmt: skip


def of(support: object, page: str = "") -> str:
    return f"{LIST}{support}/{page}"


def version_page(version: object, page: str) -> str:
    return f"{LIST}versions/{version}/{page}/"


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return plain(answer)


def french(days: int = 0) -> str:
    return (today() + timedelta(days=days)).strftime("%d/%m/%Y")


def test_everybody_reads_what_is_published_and_its_owner_alone_the_rest(as_: Signs) -> None:
    support, _ = published()
    hidden = add(replace(LEAFLET, title="En préparation"))
    draft(hidden)
    for address in (WORKER, STRANGER, PARTNER):
        client = as_(address)
        page = text(client, LIST)
        assert "Demander la C2S" in page
        assert "En préparation" not in page
        page = text(client, of(support))
        for expected in (
            "Explique la demande en deux pages.",
            "CPAM de la Loire",
            "Français, Arabe",
            "À jour",
            "Suivre le lien",
        ):
            assert expected in page
        assert "Modifier" not in page
        text(client, of(hidden), 404)
        text(client, of(uuid4()), 404)
    keeper = as_(KEEPER)
    assert "En préparation" in text(keeper, f"{LIST}?tous=on")
    page = text(keeper, of(hidden))
    assert "n’est visible que de votre organisme" in page
    assert "Relire et publier" in page


def test_only_its_keepers_open_the_pages_that_change_a_support(as_: Signs) -> None:
    support, version = published()
    for page in ("modification/", "versions/", "compteurs/"):
        text(as_(KEEPER), of(support, page))
        text(as_(PARTNER), of(support, page), 403)
        text(as_(WORKER), of(support, page), 403)
    for page in ("validite", "retrait"):
        text(as_(KEEPER), version_page(version, page))
        text(as_(PARTNER), version_page(version, page), 404)
        text(as_(WORKER), version_page(version, page), 403)


def test_a_support_is_described_given_a_file_read_again_and_published(as_: Signs) -> None:
    client = as_(KEEPER)
    sent = {"token": str(uuid7()), **FILLED}
    answer = client.post(f"{LIST}nouveau/", sent)
    versions = answer.headers["Location"]
    assert client.post(f"{LIST}nouveau/", sent).headers["Location"] == versions  # the second click
    sent = {"token": str(uuid7()), "label": "Janvier", "changes": "Le plafond", "link": ""}
    file = SimpleUploadedFile("Nom de la collègue.pdf", pdf(), "application/pdf")
    answer = client.post(versions, {**sent, "file": file})
    publication = answer.headers["Location"]
    assert publication.endswith("/publication/")
    page = text(client, publication)
    for expected in ("Janvier", "Fichier, ", "Le plafond", french()):
        assert expected in page
    preview = client.get(publication.replace("publication", "fichier"))
    assert b"".join(preview.streaming_content) == pdf()  # type: ignore[attr-defined]
    answer = client.post(publication, {"valid_from": french(), "valid_until": french(60)}, follow=True)
    assert "Version publiée" in plain(answer)
    with member(KEEPER):
        row = SupportVersion.objects.get()
    opened = as_(WORKER).get(of(row.support_id, "ouvrir/"))
    assert b"".join(opened.streaming_content) == pdf()  # type: ignore[attr-defined]
    assert "Demander" in opened.headers["Content-Disposition"]
    assert "coll" not in opened.headers["Content-Disposition"]


def test_a_support_published_is_in_the_register_of_the_convention_at_once(as_: Signs) -> None:
    signed = sign_convention()
    register = f"/conventions/{signed.id}/engagements/"
    version = draft(add(replace(LEAFLET, title="Ses droits")))
    assert "Dépliant « Ses droits »" not in text(as_(PARTNER), register)
    as_(KEEPER).post(version_page(version, "publication"), {"valid_from": french(), "valid_until": ""})
    for reader in (KEEPER, PARTNER):
        page = text(as_(reader), register)
        assert "Dépliant « Ses droits », version 1." in page
        assert "Noté par Maillage le" in page


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_nor_deposited_is_lost(as_: Signs) -> None:
    support, _ = published("1")
    client, token = as_(KEEPER), str(uuid7())
    file = SimpleUploadedFile("depliant.pdf", pdf(), "application/pdf")
    page = plain(
        client.post(
            of(support, "versions/"), {"token": token, "label": "1", "changes": "Mots gardés", "file": file}
        )
    )
    assert "Ce support a déjà une version de ce nom." in page
    assert "Mots gardés" in page
    assert "Déjà déposé : depliant.pdf" in page
    answer = client.post(of(support, "versions/"), {"token": token, "label": "2", "changes": "", "link": ""})
    assert answer.status_code == 302
    page = plain(client.post(of(support, "versions/"), {"token": str(uuid7()), "label": "3"}))
    assert "Choisissez un fichier, ou donnez un lien." in page
    page = plain(
        client.post(
            of(support, "versions/"), {"token": str(uuid7()), "label": "3", "link": "http://example.org"}
        )
    )
    assert "commence par https://" in page
    fake = SimpleUploadedFile("page.pdf", b"<html>", "application/pdf")
    page = plain(client.post(of(support, "versions/"), {"token": str(uuid7()), "label": "3", "file": fake}))
    assert "Ce fichier est une page web." in page


def test_a_file_deposited_elsewhere_is_never_published_by_its_id(as_: Signs) -> None:
    """What is published is open to all: no id of a file comes from a form."""
    support, _ = published_file()
    with member(KEEPER):
        document = SupportVersion.objects.get().document_id
    sent = {"token": str(uuid7()), "label": "2", "file_kept": str(document), "document": str(document)}
    assert "Choisissez un fichier, ou donnez un lien." in plain(
        as_(KEEPER).post(of(support, "versions/"), sent)
    )


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"title": ""}, "Donnez un titre."),
        ({"title": "x" * 121}, "Écrivez 120 caractères au plus."),
        ({"kind": "livre"}, "Choisissez une réponse de la liste."),
        ({"audience": []}, "Choisissez au moins une réponse."),
        ({"languages": ["klingon"]}, "Choisissez dans la liste."),
    ],
)
def test_a_support_says_what_it_is(as_: Signs, sent: dict[str, object], told: str) -> None:
    page = plain(as_(KEEPER).post(f"{LIST}nouveau/", {"token": str(uuid7()), **FILLED, **sent}))
    assert told in page
    assert "Explique la demande." in page


def test_what_is_withdrawn_is_given_by_no_page_from_that_instant(as_: Signs) -> None:
    support, version = published_file()
    other, _ = published("A", described=replace(LEAFLET, title="Demander l’AME"))
    reader, keeper = as_(WORKER), as_(KEEPER)
    assert reader.get(of(support, "ouvrir/")).status_code == 200
    sent = {"reason": "Le plafond a changé", "instead": str(other)}
    assert "plus aucune adresse ne la donne" in plain(
        keeper.post(version_page(version, "retrait"), sent, follow=True)
    )
    assert "Demander la C2S" not in text(reader, LIST)
    page = plain(reader.get(of(support, "ouvrir/"), follow=True))
    for expected in (
        "Ce support n’est plus donné",
        "Retiré : ne le remettez plus. Le plafond a changé.",
        "Demander l’AME",
    ):
        assert expected in page
    assert "Ouvrir le fichier" not in page
    assert keeper.get(version_page(version, "fichier")).status_code == 302  # nor to its owner
    assert keeper.get(version_page(version, "retrait")).status_code == 302


def test_what_is_obsolete_says_so_without_anybody_acting(as_: Signs) -> None:
    support = add()
    ended(draft(support))
    page = text(as_(WORKER), of(support))
    assert "Obsolète depuis la fin de sa validité" in page
    assert as_(WORKER).get(of(support, "ouvrir/")).status_code == 302
    assert "À jour" not in page


def test_a_draft_is_given_up(as_: Signs) -> None:
    support = add()
    version = draft(support)
    client = as_(KEEPER)
    assert "Abandonner ce brouillon" in text(client, version_page(version, "publication"))
    assert "Brouillon abandonné" in plain(client.post(version_page(version, "abandon"), follow=True))
    assert client.post(version_page(version, "abandon")).status_code == 404
    assert "Aucune version" in text(client, of(support))


def test_the_owner_is_told_at_home_that_a_validity_ends_and_a_partner_is_not(as_: Signs) -> None:
    support, version = published(last=today() + timedelta(days=12))
    title = "Remplacer, prolonger ou retirer : Demander la C2S"
    assert title in text(as_(KEEPER), "/")
    assert title not in text(as_(PARTNER), "/")
    client = as_(KEEPER)
    assert "ne peut pas précéder" in plain(
        client.post(version_page(version, "validite"), {"valid_until": french(-1)})
    )
    client.post(version_page(version, "validite"), {"valid_until": french(90)})
    assert title not in text(client, "/")
    assert french(90) in text(client, of(support))


def test_counts_print_their_rule_and_name_organisations_only(as_: Signs) -> None:
    support, _ = published()
    for address in (WORKER, WORKER, PARTNER):
        assert as_(address).get(of(support, "ouvrir/")).headers["Location"] == LINK
    as_(WORKER).head(of(support, "ouvrir/"))  # a look at the headers is no opening
    page = text(as_(KEEPER), of(support, "compteurs/"))
    assert RULE.replace("  ", " ") in page
    assert "CCAS de Montbrison" in page
    for name in ("Sacha", "Morgan"):
        assert name not in page


def test_the_sheet_to_pin_up_is_a_pdf_that_holds_the_printed_address(
    as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, object]] = []

    def drawn(template: str, data: dict[str, object]) -> bytes:
        given.append(data)
        return b"%PDF-"

    monkeypatch.setattr("maillage.web.supports.printing.render_pdf", drawn)
    support, version = published(described=replace(LEAFLET, title=f"Affiche {uuid4()}"))
    answer = as_(WORKER).get(of(support, "affichette/"))
    assert answer.headers["Content-Type"] == "application/pdf"
    (data,) = given
    assert "/s/" in str(data["code_label"])
    assert len(data["code"]) > 20  # type: ignore[arg-type]
    withdraw(version)
    assert "rien à afficher" in plain(as_(WORKER).get(of(support, "affichette/"), follow=True))
    assert "Affichette" not in text(as_(WORKER), of(support))


def test_the_library_costs_the_same_however_long(
    as_: Signs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(WORKER)
    for _ in range(3):
        published()
        with django_assert_num_queries(LISTED):
            text(client, f"{LIST}?texte=c2s")


LISTED = 7


def test_filters_are_in_the_address_and_one_that_is_not_understood_limits_nothing(as_: Signs) -> None:
    published()
    client = as_(WORKER)
    assert "Aucun support ne répond" in text(client, f"{LIST}?langue=tr")
    assert "Demander la C2S" in text(client, f"{LIST}?langue=klingon&page=abc")
    assert "Demander la C2S" in text(
        client, f"{LIST}?texte=demander&nature=leaflet&public=publics&langue=ar&service=c2s"
    )
