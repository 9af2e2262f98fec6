"""An administrator keeps her sheet, the manager the whole: forms, refusals, imports from upload to report, closings."""

import csv
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from openpyxl import load_workbook

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.directory.imports.working import advance
from maillage.organisations.models import DirectoryImport, Mailbox, Offer, Organisation
from tests.days import today
from tests.organisations.directory.files import HEADINGS, bodies, siret
from tests.web.directory.conftest import ADMIN, MANAGER, STRANGER, WORKER, Signs, plain

OFFER = {
    "service": "c2s", "place": "Accueil de Roanne", "reception": "both", "address": "1 rue de l’Exemple", "commune": "Roanne",
    "hours": "", "phone": "", "mailbox": "", "bring": "", "territory": "Roanne\nHaute-Loire",
}  # fmt: skip


def cpam() -> Organisation:
    return Organisation.objects.get(short_name="CPAM 42")


def test_one_click_assures_the_whole_sheet(as_: Signs) -> None:
    answer = as_(ADMIN).post("/annuaire/ma-fiche/assurer/")
    assert answer.status_code == 302
    on = today()
    body = cpam()
    assert body.assured_on == on
    assert body.assured_by is not None
    assert body.assured_by.email == ADMIN
    assert all((on - one.assured_on).days <= 1 for one in Offer.objects.filter(organisation=body))
    assert "Maxime Exemple" in plain(as_(WORKER).get(f"/annuaire/organisme/{body.id}/"))


def test_a_sheet_is_kept_in_words_and_refused_at_its_fields(as_: Signs) -> None:
    client, url = as_(ADMIN), "/annuaire/ma-fiche/"
    sheet = {
        "address": "1 rue",
        "commune": "Saint-Étienne",
        "phone": "0400000000",
        "mailbox": "",
        "territory": "Loire, 43",
    }
    wrong = {**sheet, "commune": "Nulle part", "mailbox": "x", "territory": "Loire, Atlantide"}
    page = plain(client.post(url, wrong))
    for said in ("Cette commune n’existe pas", "Zones inconnues : Atlantide"):
        assert said in page
    assert "n’est pas une adresse électronique" in plain(client.post(url, {**sheet, "mailbox": "x"}))
    assert client.post(url, sheet).status_code == 302
    assert (cpam().commune, cpam().territory, cpam().covers) == ("42218", ["42", "43"], ["42", "43"])
    assert "Saint-Étienne (42)" in plain(client.get(url))  # shown again as it is written


def test_an_offer_is_added_once_changed_and_withdrawn(as_: Signs) -> None:
    client, url = as_(ADMIN), "/annuaire/offres/nouvelle/"
    page = client.get(url).content.decode()
    token = page.partition('name="token" value="')[2].partition('"')[0]
    for _ in range(2):
        assert client.post(url, {**OFFER, "token": token}).status_code == 302
    offer = Offer.objects.get(place="Accueil de Roanne")
    assert (offer.organisation, offer.commune, offer.covers) == (cpam(), "42187", ["42187", "43"])
    assert "Accueil de Roanne" in plain(as_(WORKER).get("/annuaire/commune/42187/"))
    page = plain(client.post(f"/annuaire/offres/{offer.id}/", {**OFFER, "address": "", "reception": "phone"}))
    assert "Indiquez une adresse, un téléphone" in page
    assert "Par téléphone : indiquez le numéro" in page
    assert client.post(f"/annuaire/offres/{offer.id}/", {**OFFER, "place": "Ailleurs"}).status_code == 302
    assert client.post(f"/annuaire/offres/{offer.id}/retirer/").status_code == 302
    assert "Ailleurs" not in plain(as_(WORKER).get("/annuaire/commune/42187/"))
    assert client.get(f"/annuaire/offres/{offer.id}/").status_code == 404


def test_a_mailbox_is_given_once_for_a_use(as_: Signs) -> None:
    client, url = as_(ADMIN), "/annuaire/boites/nouvelle/"
    box = {
        "use": "dpo",
        "level": "departement",
        "address": "DPO@cpam.example.org",
        "label": "",
        "territory": "",
    }
    assert "déjà donnée pour cet usage" in plain(client.post(url, box))
    assert client.post(url, {**box, "use": "rights"}).status_code == 302
    assert Mailbox.objects.get(use="rights").address == "dpo@cpam.example.org"


def test_only_one_s_own_is_kept(as_: Signs) -> None:
    theirs = Offer.objects.exclude(organisation=cpam())[0]
    assert as_(ADMIN).get(f"/annuaire/offres/{theirs.id}/").status_code == 403
    assert as_(ADMIN).post(f"/annuaire/offres/{theirs.id}/retirer/").status_code == 403
    for url in (
        "/annuaire/ma-fiche/",
        "/annuaire/offres/nouvelle/",
        "/annuaire/ouvrir/",
        "/annuaire/imports/",
    ):
        assert as_(WORKER).get(url).status_code == 403


def test_the_manager_opens_an_organisation_and_its_unit(as_: Signs) -> None:
    client, url = as_(MANAGER), "/annuaire/ouvrir/"
    body = dict.fromkeys(
        (
            "short_name",
            "siret",
            "code",
            "finess",
            "departement",
            "commune",
            "parent",
            "mailbox",
            "phone",
            "territory",
        ),
        "",
    )
    page = plain(client.post(url, {**body, "kind": "ccas", "name": "Un", "siret": "123"}))
    assert "« 123 » n’est pas valable" in page
    assert (
        client.post(
            url, {**body, "kind": "hospital", "name": "CH de Roanne", "commune": "Roanne"}
        ).status_code
        == 302
    )
    assert (
        client.post(
            url, {**body, "kind": "pass", "name": "PASS de Roanne", "parent": "CH de Roanne"}
        ).status_code
        == 302
    )
    ward = Organisation.objects.get(name="PASS de Roanne")
    assert ward.parent is not None
    assert (ward.parent.name, ward.parent.departement) == ("CH de Roanne", "42")
    assert "déjà dans l’annuaire" in plain(
        client.post(url, {**body, "kind": "hospital", "name": "ch de roanne", "departement": "42"})
    )
    assert "n’est pas dans l’annuaire" in plain(
        client.post(url, {**body, "kind": "pass", "name": "P", "parent": "?"})
    )


def upload(text: str, name: str = "caisses.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("cp1252"))


def work(identifier: str) -> None:
    cnam = Organisation.objects.get(kind="cnam")
    with transaction.atomic(), acting(organisation=cnam.id):
        row = DirectoryImport.objects.get(pk=identifier)
    advance(row.pk, organisation=row.organisation_id, person=row.by_id, now=now)


def test_an_import_goes_from_upload_to_report(as_: Signs) -> None:
    client = as_(MANAGER)
    text = f"{HEADINGS}\nCCAS;=Mal;123;;;\nCCAS;CCAS d’Été;{siret(5)};42;Roanne;\nAssociation;Unité;;42;;"
    token = (
        client.get("/annuaire/imports/")
        .content.decode()
        .partition('name="token" value="')[2]
        .partition('"')[0]
    )
    answer = client.post("/annuaire/imports/", {"token": token, "file": upload(text)})
    url = answer["Location"]
    identifier = url.split("/")[3]
    assert "Essai en cours" in plain(client.get(url))
    assert 'hx-trigger="every 2s"' in client.get(f"{url}avancement/").content.decode()
    work(identifier)
    page = plain(client.get(url))
    for words in ("2 créés, 1 refusé", "Windows-1252", "« 123 » n’est pas valable", "Confirmer l’import"):
        assert words in page
    assert not Organisation.objects.filter(siret=siret(5)).exists()
    waiting = "Confirmer ou abandonner l’import"
    assert waiting in plain(client.get("/"))
    assert waiting not in plain(as_(ADMIN).get("/"))
    client.post(f"{url}confirmer/")
    assert waiting not in plain(client.get("/"))
    work(identifier)
    assert Organisation.objects.get(siret=siret(5)).name == "CCAS d’Été"
    page = plain(client.get(url))
    assert "Importé : 2 créés" in page
    assert "Confirmer l’import" not in page
    lines = list(
        csv.reader(StringIO(client.get(f"{url}compte-rendu.csv").content.decode("utf-8-sig")), delimiter=";")
    )
    assert [line[1] for line in lines] == ["Résultat", "refusé", "créé", "créé"]
    assert lines[1][2] == "'=Mal"
    book = load_workbook(BytesIO(client.get(f"{url}compte-rendu.xlsx").content)).active
    assert book is not None
    cells = [[cell.value for cell in line] for line in book.iter_rows()]
    assert [line[1] for line in cells] == ["Résultat", "refusé", "créé", "créé"]
    assert cells[1][2] == "=Mal"
    assert {cell.data_type for line in book.iter_rows() for cell in line} <= {"s", "inlineStr", "n"}
    assert "2 créés" in plain(client.get("/annuaire/imports/"))
    assert as_(STRANGER).get(url).status_code == 403


def test_what_asks_for_a_look_comes_before_what_is_well(as_: Signs) -> None:
    client = as_(MANAGER)
    text = bodies(230) + f"\nCCAS;Refusé;123;;;\nAssociation;Association 000001;{siret(1)};42;Montbrison;"
    url = client.post("/annuaire/imports/", {"token": str(uuid7()), "file": upload(text)})["Location"]
    work(url.split("/")[3])
    shown = plain(client.get(url)).partition('id="lignes"')[2]
    assert shown.index("« 123 »") < shown.index("répète la ligne 3") < shown.index("Association 000000")
    assert "les 200 premières" in shown


@pytest.mark.parametrize(("content", "said"), [(b"", "vide"), (b"x" * 40_000_001, "40 Mo")])
def test_a_file_of_no_use_is_refused_at_once(as_: Signs, content: bytes, said: str) -> None:
    client = as_(MANAGER)
    token = (
        client.get("/annuaire/imports/")
        .content.decode()
        .partition('name="token" value="')[2]
        .partition('"')[0]
    )
    answer = client.post("/annuaire/imports/", {"token": token, "file": SimpleUploadedFile("x.csv", content)})
    assert said in plain(answer)


def test_an_organisation_with_something_under_way_closes_only_knowingly(
    as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from maillage.web.directory import closing

    remains = closing.Remains(3, ("Convention d’essai",))
    monkeypatch.setattr(closing, "remains_of", lambda _row: remains)
    client, url = as_(MANAGER), f"/annuaire/organisme/{cpam().id}/fermer/"
    page = plain(client.get(url))
    assert "3 dossiers ouverts" in page
    assert "Convention d’essai" in page
    form = {"on": today().strftime("%d/%m/%Y"), "remplacant": "", "seen": "4"}
    assert "restent en cours" in plain(client.post(url, form))
    assert "restent en cours" in plain(
        client.post(url, {**form, "seen": "3", "confirmed": "on"})
    )  # something came meanwhile
    assert "n’est pas dans l’annuaire" in plain(client.post(url, {**form, "remplacant": "Personne"}))
    assert cpam().closed_on is None
    assert client.post(url, {**form, "remplacant": "CARSAT Rhône-Alpes"}).status_code == 302
    assert "Remplacé par CARSAT Rhône-Alpes" in plain(client.get(f"/annuaire/organisme/{cpam().id}/"))
    assert client.get(url).status_code == 403
    assert "CPAM de la Loire" not in plain(client.get("/annuaire/")).partition('id="organismes"')[2]
    assert "CPAM de la Loire" in plain(client.get("/annuaire/", {"fermes": "on"}))
    assert as_(ADMIN).get("/annuaire/").status_code == 403  # her place has ended


def test_the_manager_opens_a_closed_organisation_again_knowing_what_does_not_come_back(as_: Signs) -> None:
    client, sheet = as_(MANAGER), f"/annuaire/organisme/{cpam().id}/"
    url = f"{sheet}rouvrir/"
    assert client.get(url)["Location"] == sheet  # open: nothing to open again
    on = today()
    client.post(f"{sheet}fermer/", {"on": on.strftime("%d/%m/%Y"), "remplacant": "CARSAT Rhône-Alpes"})
    assert "Rouvrir cet organisme" in plain(client.get(sheet))
    page = plain(client.get(url))
    for words in ("Fermé depuis le", "Les rôles de ses membres", "Les invitations", "organisme remplaçant"):
        assert words in page
    assert "10 caractères au moins" in plain(client.post(url, {"reason": "non"}))
    assert client.post(url, {"reason": "Fermé par erreur, sur demande de la caisse."}).status_code == 302
    assert cpam().closed_on is None
    assert "CPAM de la Loire" in plain(client.get("/annuaire/")).partition('id="organismes"')[2]
    assert as_(ADMIN).get("/annuaire/").status_code == 403  # her place does not come back by itself


def test_a_closing_to_come_is_given_up(as_: Signs) -> None:
    client, sheet = as_(MANAGER), f"/annuaire/organisme/{cpam().id}/"
    assert (
        client.post(f"{sheet}fermer/", {"on": "31/12/2099", "seen": "0", "remplacant": ""}).status_code == 302
    )
    page = plain(client.get(f"{sheet}rouvrir/"))
    assert "Ferme le 31 décembre 2099" in page
    assert "La durée des rôles" in page
    assert as_(ADMIN).get(f"{sheet}rouvrir/").status_code == 403
    assert client.post(f"{sheet}rouvrir/", {"reason": "Fusion reportée d’un an."}).status_code == 302
    assert as_(ADMIN).get("/annuaire/").status_code == 200


def test_until_the_day_of_a_closing_to_come_the_sheet_is_kept_up_to_date(as_: Signs) -> None:
    client, sheet = as_(ADMIN), f"/annuaire/organisme/{cpam().id}/"
    closes = {"on": "31/12/2099", "remplacant": "", "seen": "0"}
    assert client.post("/annuaire/ma-fiche/fermer/", closes).status_code == 302
    page = plain(client.get(sheet))
    assert "Ferme le 31 décembre 2099" in page
    for offered in (
        "J’assure que cette fiche est à jour",
        "Changer la fiche",
        "Ajouter un lieu",
        "Ajouter une boîte",
    ):
        assert offered in page
    assert "Fermer l’organisme" not in page
    assert client.post("/annuaire/ma-fiche/assurer/").status_code == 302
    kept = {"address": "2 rue", "commune": "", "phone": "", "mailbox": "", "territory": "Loire"}
    assert client.post("/annuaire/ma-fiche/", kept).status_code == 302
    assert (cpam().address, cpam().assured_on) == ("2 rue", today())
    token = client.get("/annuaire/offres/nouvelle/").content.decode().partition('name="token" value="')[2]
    asked = {**OFFER, "token": token.partition('"')[0]}
    assert client.post("/annuaire/offres/nouvelle/", asked).status_code == 302
    assert "Accueil de Roanne" in plain(client.get(sheet))


def test_her_own_administrator_closes_an_organisation_that_has_nothing_left(as_: Signs) -> None:
    form = {"on": "31/12/2099", "remplacant": "", "seen": "0"}
    client = as_(ADMIN)
    assert "Il n’a ni dossier ouvert ni convention en cours" in plain(
        client.get("/annuaire/ma-fiche/fermer/")
    )
    assert "dans le passé" in plain(client.post("/annuaire/ma-fiche/fermer/", {**form, "on": "01/01/2020"}))
    assert client.post("/annuaire/ma-fiche/fermer/", form).status_code == 302
    assert client.get("/annuaire/").status_code == 200  # until that day she works on
