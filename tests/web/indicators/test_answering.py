"""The questions of a year in a browser: answered block by block, nothing typed is lost, the sheet goes from hand to hand."""

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.writing import xlsx
from maillage.indicators.sheets.models import YearAnswer
from maillage.indicators.sheets.template import COLUMNS
from tests.days import today
from tests.referrals.world import READER, WORKER, member
from tests.rights.world import PASS, Signed, sign
from tests.web.referrals.conftest import Signs, plain

YEAR = today().year - 1
CARSAT = "referente@carsat.example.org"


@pytest.fixture
def signed(db: None) -> Signed:
    """The hospital's convention, in force since 2024."""
    return sign()


def address(convention: UUID, rest: str = "") -> str:
    return f"/bilans/{convention}/{YEAR}/{rest}"


def form(client: Client, convention: UUID) -> str:
    answer = client.get(address(convention, "reponses/1/"))
    assert answer.status_code == 200
    return plain(answer)


EMPTY = {
    "personnels_formes--revision": "0", "dossiers_transmis--revision": "0", "repartition_dossiers-puma-revision": "0",
    "repartition_dossiers-c2s-revision": "0", "repartition_dossiers-ame-revision": "0", "delai_moyen--revision": "0",
    "orientations_misas--revision": "0", "orientations_ssam--revision": "0", "complements_locaux--revision": "0",
}  # fmt: skip


def send(client: Client, convention: UUID, **said: str) -> tuple[int, str]:
    data = EMPTY | {name.replace("__", "--"): text for name, text in said.items()}
    answer = client.post(address(convention, "reponses/1/"), data)
    return answer.status_code, plain(answer)


def test_a_referent_answers_and_the_report_says_both_figures(signed: Signed, as_: Signs) -> None:
    page = form(as_(PASS), signed.id)
    assert "Maillage compte : 0" in page
    status, _ = send(
        as_(PASS),
        signed.id,
        personnels_formes__value="1 234",
        personnels_formes__comment="Avec les internes.",
    )
    assert status == 302
    page = plain(as_(READER).get(address(signed.id)))
    for expected in ("1 234 personnes", "dit par les référents ; Maillage compte 0", "Avec les internes."):
        assert expected in page, expected
    assert "Dernière réponse" in form(as_(CARSAT), signed.id)


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(signed: Signed, as_: Signs) -> None:
    status, page = send(
        as_(PASS),
        signed.id,
        personnels_formes__value="douze",
        dossiers_transmis__value="40",
        complements_locaux__value="Appelez le 06 12 34 56 78",
    )
    assert status == 200
    assert "Écrivez un nombre, par exemple" in page
    assert 'value="douze"' in page
    assert 'value="40"' in page
    status, page = send(as_(PASS), signed.id, complements_locaux__value="Appelez le 06 12 34 56 78")
    assert "numéro de téléphone" in page
    with member(READER):
        assert not YearAnswer.objects.exists()


def test_two_referents_who_answer_at_once_are_told_and_lose_nothing(signed: Signed, as_: Signs) -> None:
    assert send(as_(PASS), signed.id, personnels_formes__value="12")[0] == 302
    status, page = send(as_(CARSAT), signed.id, personnels_formes__value="15")
    assert status == 200
    assert "Quelqu’un a répondu avant vous" in page
    assert 'value="15"' in page


def test_the_sheet_goes_from_hand_to_hand(signed: Signed, as_: Signs) -> None:
    caisse, partner = as_(READER), as_(PASS)
    assert "Transmettre la fiche" in plain(partner.get(address(signed.id)))
    partner.post(address(signed.id, "etape/transmettre/"))
    assert "Vérifier la fiche" in plain(caisse.get("/"))
    page = plain(caisse.get(address(signed.id)))
    assert "À vérifier" in page
    assert "Répondre" not in page
    answer = caisse.post(address(signed.id, "retour/rendre/"), {"reason": ""})
    assert "Dites pourquoi" in plain(answer)
    caisse.post(address(signed.id, "retour/rendre/"), {"reason": "Il manque les délais."})
    assert "Il manque les délais." in plain(partner.get(address(signed.id)))
    partner.post(address(signed.id, "etape/transmettre/"))
    caisse.post(address(signed.id, "etape/valider/"))
    page = plain(partner.get(address(signed.id)))
    assert "Validée" in page
    assert "chiffres validés le" in page
    assert "ne changent pas" in form(partner, signed.id)
    caisse.post(address(signed.id, "retour/rouvrir/"), {"reason": "Une erreur."})
    assert "À remplir" in plain(partner.get(address(signed.id)))


def test_a_partner_validates_nothing_and_a_worker_answers_nothing(signed: Signed, as_: Signs) -> None:
    assert as_(PASS).post(address(signed.id, "etape/valider/")).status_code == 403
    assert as_(PASS).get(address(signed.id, "retour/rendre/")).status_code == 403
    assert as_("conseil@cpam.example.org").get(address(signed.id, "reponses/1/")).status_code == 403
    assert as_(WORKER).get(address(signed.id, "reponses/1/")).status_code in {403, 404}
    for rest in ("reponses/9/", "etape/danser/", "retour/danser/"):
        assert as_(READER).post(address(signed.id, rest)).status_code == 404


def test_a_sheet_filled_elsewhere_comes_back(signed: Signed, as_: Signs) -> None:
    client = as_(PASS)
    taken = client.get(address(signed.id, "fiche/modele.xlsx"))
    rows = [[str(cell) for cell in row.cells] for row in read_table(taken.content).rows()]
    for row in rows:
        row[5] = {"personnels_formes": "12", "complements_locaux": "Deux permanences."}.get(row[1], "")
    answer = client.post(address(signed.id, "fiche/"), {"file": brought(rows)})
    assert answer.status_code == 302
    page = plain(as_(READER).get(address(signed.id)))
    assert "12 personnes" in page
    assert "Deux permanences." in page
    rows[0][5] = "une douzaine"
    page = plain(client.post(address(signed.id, "fiche/"), {"file": brought(rows)}))
    assert "1 ligne à corriger" in page
    assert "Écrivez un nombre" in page
    for row in rows:
        row[0] = row[0].replace(str(YEAR), str(YEAR - 1))
    page = plain(client.post(address(signed.id, "fiche/"), {"file": brought(rows)}))
    assert f"celui de {YEAR - 1}" in page
    page = plain(
        client.post(address(signed.id, "fiche/"), {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    )
    assert "Rapporter la fiche" in page


def brought(rows: list[list[str]]) -> SimpleUploadedFile:
    return SimpleUploadedFile("fiche.xlsx", xlsx("Fiche", COLUMNS, rows))
