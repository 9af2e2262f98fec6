"""A table of applications by its pages: brought, its columns named, tried, imported; its wrong lines downloaded, corrected, imported."""

from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.values import text_of
from maillage.core.spreadsheets.writing import csv_file
from tests.referrals.world import READER
from tests.rights.bulk.tables import bring, csv, imported, lines, name, numbers, row_of, tried, worked, wrong
from tests.rights.world import ADVISER, CANARIES, PASS, STRANGER, Signed
from tests.web.preparing.conftest import COLLEAGUE, HOME, Signs, colleague, plain, signed_in

TABLES = f"{HOME}tableaux/"
BAD = ["=cmd|'/C calc'!A0", "Eudoxie", "31/02/1991", "C2S", "", "0600000099", "@ici"]


def place(table: UUID, step: str = "") -> str:
    return f"{TABLES}{table}/{step}{'/' if step else ''}"


def posted(client: Client, signed: Signed, content: bytes, file_name: str = "dossiers.csv") -> UUID:
    """The table that a form brings."""
    answer = client.post(
        TABLES,
        {
            "token": uuid4(),
            "authorisation": signed.authorisation().id,
            "file": SimpleUploadedFile(file_name, content),
        },
    )
    assert answer.status_code == 302, plain(answer)
    return UUID(answer["Location"].split("/")[-2])


def test_two_bad_lines_are_corrected_and_imported_again(committed: Signed) -> None:
    client = signed_in(PASS)
    table = posted(client, committed, csv([*lines(2), BAD, ["", *BAD[1:]]]))
    for shown in (place(table), place(table, "avancement")):
        assert "Lecture en cours" in plain(client.get(shown))
    worked()
    assert client.get(place(table, "avancement"))["HX-Refresh"] == "true"
    assert "Vérifier les colonnes" in plain(client.get(place(table)))
    columns = plain(client.get(place(table, "colonnes")))
    assert "Colonne C : « Né(e) le »" in columns
    assert "4 lignes" in columns
    for cell in lines(1)[0]:
        assert (f"Première ligne : « {cell} »" if cell else "Première ligne : vide") in columns
    chosen = {f"column_{at}": field for field, at in row_of(table).places.items()}
    assert client.post(place(table, "colonnes"), {**chosen, "right": ""})["Location"] == place(table)
    worked()
    shown = plain(client.get(place(table)))
    assert "Commencer 2 dossiers" in shown
    assert "date de naissance : " in shown
    assert "Palissandre" not in shown
    client.post(place(table, "confirmation"))
    worked()
    shown = plain(client.get(place(table)))
    assert "Compléter ces dossiers" in shown
    begun = plain(client.get(f"{HOME}?tableau={table}"))
    assert "dans l’ordre des lignes du tableau" in begun
    assert "Palissandre" not in begun
    corrected = _corrected(client.get(f"{place(table)}a-corriger.xlsx").content)
    again = posted(client, committed, corrected)
    worked()
    client.post(
        place(again, "colonnes"), {f"column_{at}": field for field, at in row_of(again).places.items()}
    )
    worked()
    assert numbers(again) == ("rehearsed", 2, 0, 0)


def _corrected(sent_back: bytes) -> bytes:
    table = read_table(sent_back)
    rows = [[text_of(cell) for cell in row.cells] for row in table.rows()]
    for number, row in enumerate(rows):
        row[0], row[2], row[4] = f"Palissandre {number + 7}", "05/03/1991", lines(1)[0][4]
    return csv_file(table.header, rows)


def test_what_is_sent_back_computes_nothing_and_keeps_her_columns(committed: Signed) -> None:
    client, table = signed_in(PASS), tried(committed, csv([*lines(1), BAD]))
    refused = client.get(f"{place(table)}a-corriger.csv?pour=autre")
    assert (refused.status_code, refused.has_header("Content-Disposition")) == (403, False)
    as_csv = client.get(f"{place(table)}a-corriger.csv")
    assert as_csv["Content-Disposition"] == 'attachment; filename="a-corriger.csv"'
    assert "\"'=cmd" in as_csv.content.decode("utf-8-sig")
    assert "\"'@ici" in as_csv.content.decode("utf-8-sig")
    book = read_table(client.get(f"{place(table)}a-corriger.xlsx").content)
    assert (*book.header[:2], book.header[-1]) == ("Nom", "Prénom", "Ce qui ne va pas")
    assert client.get(f"{place(table)}a-corriger.pdf").status_code == 404


@pytest.mark.long
def test_what_waits_for_her_word_is_to_do_and_for_nobody_else(committed: Signed) -> None:
    """By its pages, what test_what_a_line_begins_is_completed_by_a_person_before_it_is_sent proves."""
    client = signed_in(PASS)
    table = posted(client, committed, csv(lines(1)))
    assert "tableau du" not in plain(client.get("/"))
    worked()
    assert "Vérifier les colonnes du tableau du" in plain(client.get("/"))
    name(table)
    worked()
    assert "Qui répond de ces données" in plain(client.get(place(table)))
    assert "Confirmer ou abandonner le tableau du" in plain(client.get("/"))
    assert "tableau du" not in plain(signed_in(COLLEAGUE).get("/"))
    assert "dossiers.csv" not in plain(client.get("/"))
    client.post(place(table, "confirmation"))
    assert "tableau du" not in plain(client.get("/"))


def test_nothing_typed_is_lost_where_the_columns_are_refused(committed: Signed) -> None:
    client, table = signed_in(PASS), bring(committed, csv(lines(1), ("A", "B", "C", "D", "E", "F", "G")))
    worked()
    answer = plain(client.post(place(table, "colonnes"), {"column_0": "surname", "column_1": "surname"}))
    assert "Une autre colonne dit déjà : nom." in answer
    assert "Il manque une colonne : droit, prénom" in answer
    assert answer.count('<option value="surname" selected>') == 2
    assert row_of(table).state == "read"


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "Ce fichier est vide"), (b"x" * 11, "Ce fichier dépasse 40 Mo")]
)
def test_a_file_that_cannot_be_kept_is_refused_at_the_field(
    signed: Signed, as_: Signs, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str
) -> None:
    monkeypatch.setattr("maillage.web.preparing.importing_forms.LARGEST", 10)
    file = SimpleUploadedFile("a.csv", content)
    answer = plain(as_(PASS).post(TABLES, {"authorisation": signed.authorisation().id, "file": file}))
    assert said in answer
    assert "Aucun tableau n’a encore été importé" in answer


def test_a_pdf_is_refused_by_the_background_and_the_page_says_why(committed: Signed) -> None:
    client = signed_in(PASS)
    table = posted(client, committed, b"%PDF-1.7", "dossiers.pdf")
    worked()
    shown = plain(client.get(place(table)))
    assert "Ce n’est pas un tableur" in shown
    assert "Déposer un autre tableau" in shown


def test_abandoned_it_is_destroyed_and_a_late_click_is_told(committed: Signed) -> None:
    client, table = signed_in(PASS), tried(committed, csv([*lines(1), BAD]))
    assert "Tableau abandonné" in plain(client.post(place(table, "abandon"), follow=True))
    assert "Quelqu’un est passé avant vous" in plain(client.post(place(table, "confirmation"), follow=True))
    assert client.get(f"{place(table)}a-corriger.csv").status_code == 404
    assert client.get(place(table, "colonnes"))["Location"] == place(table)


def test_the_lines_to_correct_are_destroyed_when_she_says_so(committed: Signed) -> None:
    client, table = signed_in(PASS), imported(committed, csv([*lines(1), BAD]))
    assert len(wrong(table)) == 1
    assert "Lignes à corriger détruites" in plain(client.post(place(table, "oubli"), follow=True))
    assert client.get(f"{place(table)}a-corriger.csv").status_code == 404


def test_files_of_a_table_stand_apart_from_those_written_by_hand(
    committed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maillage.web.preparing.listing.MOST", 2)
    client, table = signed_in(PASS), imported(committed, csv(lines(3)))
    mine = plain(client.get(HOME))
    assert "Aucun dossier en préparation" in mine
    assert "Dossiers venus d’un tableau" in mine
    first, second = (plain(client.get(f"{HOME}?tableau={table}&page={at}")) for at in (1, 2))
    assert (first.count("/apercu/"), second.count("/apercu/")) == (2, 1)
    for said in ("", "zzz", uuid4()):
        assert client.get(f"{HOME}?tableau={said}").status_code == 404
    assert client.get(f"{HOME}?tableau={table}&page=zzz").status_code == 200


@pytest.mark.security
def test_the_ladder_of_a_table(committed: Signed) -> None:
    table = tried(committed, csv([*lines(1), BAD]))
    places = [
        place(table),
        place(table, "avancement"),
        place(table, "colonnes"),
        f"{place(table)}a-corriger.csv",
    ]
    for address in places:
        assert Client().get(address)["Location"].startswith("/connexion/")
        for someone, status in ((STRANGER, 404), (READER, 403), (ADVISER, 403), (PASS, 200)):
            assert signed_in(someone).get(address).status_code == status, (someone, address)
    for step in ("confirmation", "abandon", "oubli"):
        for someone, status in ((STRANGER, 404), (READER, 403), (ADVISER, 403)):
            assert signed_in(someone).post(place(table, step)).status_code == status
        assert signed_in(PASS).get(place(table, step)).status_code == 405


def test_a_colleague_who_replaces_nobody_reaches_no_table(signed: Signed, as_: Signs) -> None:
    table = bring(signed, csv(lines(1)))
    assert as_(PASS).get(place(table)).status_code == 200
    assert colleague(as_).get(place(table)).status_code == 404
    assert not any(canary in plain(as_(PASS).get(TABLES)) for canary in CANARIES)
