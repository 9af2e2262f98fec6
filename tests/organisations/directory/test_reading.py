"""Files as people send them: encodings, separators, titles, lines of every sort; each fault is said where it is."""

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.spreadsheets.tables import Unreadable
from maillage.core.spreadsheets.writing import inert
from maillage.organisations.directory.imports.columns import COLUMNS, read_headings
from maillage.organisations.directory.imports.decoding import layout_of, records
from maillage.organisations.directory.imports.lines import glimpse, read_line
from maillage.organisations.directory.imports.reporting import summary
from maillage.organisations.directory.imports.survey import survey
from tests.organisations.directory.files import HEADINGS, siret, source

LINE = "Hôpital;Centre hospitalier d’Essai;;42;Montbrison;"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252 (Latin-1)"), ("utf-16", "UTF-16")],
)
def test_the_encoding_is_found_and_told(encoding: str, told: str) -> None:
    file = source(f"{HEADINGS}\n{LINE}\n", encoding)
    layout = layout_of(file)
    assert layout.told.startswith(told)
    (record,) = records(file, layout)
    assert record.cells[:2] == ["Hôpital", "Centre hospitalier d’Essai"]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_the_separator_is_the_one_that_gives_known_titles(separator: str, ending: str) -> None:
    cells = [HEADINGS.split(";"), ["CCAS", "CCAS, d’Essai; ou presque", "", "42", "", ""]]
    buffer = StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator=ending).writerows(cells)
    file = source(buffer.getvalue())
    layout = layout_of(file)
    assert layout.written.separator == separator
    assert [record.cells for record in records(file, layout)] == [cells[1]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\n\n  \n", "vide"),
        (b"PK\x03\x04rest", "classeur"),
        (b"%PDF-1.7", "PDF"),
        (b"Nature;Nom\n\0\0", "pas un fichier de texte"),
        (b"Nature;Nom\nCCAS;\x81\xe9", "ni UTF-8 ni Windows-1252"),
        (b"Nature;Adresse\nCCAS;rue", "Il manque la colonne « nom »"),
        (b"a;b;c\n1;2;3", "« a », « b », « c »"),
        (b"Nature;Nom;Nom\nCCAS;a;b", "Deux colonnes portent le titre « Nom »"),
    ],
)
def test_a_file_that_cannot_be_imported_says_why(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        layout_of(lambda: BytesIO(content))


@pytest.mark.parametrize("column", COLUMNS, ids=lambda one: one.key)
def test_every_title_is_understood_whatever_its_capitals_and_accents(column) -> None:  # type: ignore[no-untyped-def]
    for title in column.titles:
        assert read_headings(["NATURE", "Nom", f" {title.upper().replace(' ', '_')} "]).places[
            column.key
        ] in {0, 1, 2}


def test_a_code_wins_over_a_name_and_what_is_not_used_is_told() -> None:
    found = read_headings(["type", "libelle_cnam", "departement", "code_departement", "region"])
    assert found.places == {"kind": 0, "name": 1, "departement": 3}
    assert found.ignored == ("departement", "region")


FAULTS = {
    "Truc;Organisme;;;;": "nature : « Truc »",
    ";Organisme;;;;": "nature : vide",
    "CCAS;;;;;": "nom : vide",
    "CCAS;Organisme;123;;;": "SIRET : « 123 » n’est pas valable",
    "CCAS;Organisme;2,64E+13;;;": "a perdu des chiffres dans un tableur",
    "CCAS;Organisme;;99;;": "département : « 99 »",
    "CCAS;Organisme;;20;;": "département : « 20 »",
    "CCAS;Organisme;;42;Paris;": "",  # a name that fits nothing refuses nothing
    "CCAS;Organisme;;42;75056;": "commune : Paris n’est pas dans le département 42",
    "CCAS;Organisme;;;;pas une adresse": "boîte générique",
    f"CCAS;{'x' * 201};;;;": "nom : 200 caractères au plus",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_refused_line_says_which_column_and_why(line: str) -> None:
    file = source(f"{HEADINGS}\n{line}")
    layout = layout_of(file)
    (record,) = records(file, layout)
    entry, faults = read_line(record.line, record.cells, layout.headings.places)
    assert (entry is None) == bool(FAULTS[line])
    assert FAULTS[line] in " ".join(faults)


def test_spreadsheets_that_dropped_a_zero_are_understood() -> None:
    places = {"kind": 0, "name": 1, "departement": 2, "postal_code": 3, "commune": 4, "finess": 5}
    entry, faults = read_line(
        2, ["cpam", "CPAM de l’Ain", "1", "1000", "Bourg-en-Bresse", "10007987"], places
    )
    assert (entry and (entry.departement, entry.commune, entry.finess)) == ("01", "01053", "010007987"), (
        faults
    )
    assert entry is not None
    assert entry.address == "01000 Bourg-en-Bresse"


def test_lines_that_speak_of_the_same_organisation_are_found() -> None:
    one, two = siret(1), siret(2)
    lines = [
        f"CCAS;A;{one};42;;",  # 2
        f"CCAS;A;{one};42;;",  # 3: the same
        f"CCAS;B;{two};42;;",  # 4
        f"CCAS;B prime;{two};42;;",  # 5: contradicts 4
        "CCAS;C;;42;;",  # 6
        "CCAS;c;;42;;boite@example.org",  # 7: contradicts 6
        "CCAS;C;;63;;",  # 8: another département
        f"CCAS;Même nom;{siret(3)};42;;",  # 9
        f"CCAS;Même nom;{siret(4)};42;;",  # 10: two establishments may bear one name
    ]
    file = source("\n".join([HEADINGS, *lines]))
    layout = layout_of(file)
    found = survey(records(file, layout), layout.headings.places)
    assert found.total == 9
    assert found.duplicates == {3: 2}
    assert found.contradictions == {4: 5, 5: 4, 6: 7, 7: 6}


def test_an_open_quotation_mark_spoils_its_line_and_says_so() -> None:
    file = source(f'{HEADINGS}\nCCAS;"Ouvert;;42;;\n' + "CCAS;Suite;;42;;\n" * 400)
    layout = layout_of(file)
    faults = [record.fault for record in records(file, layout)]
    assert any("guillemet" in fault for fault in faults)


def test_line_numbers_are_those_of_the_file() -> None:
    file = source(f'\n{HEADINGS}\n\nCCAS;"Sur\ndeux lignes";;42;;\nCCAS;Après;;42;;\n')
    assert [record.line for record in records(file, layout_of(file))] == [4, 6]


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    start = HEADINGS.encode() + b"\n"
    for whole in (content, start + content):
        file = lambda whole=whole: BytesIO(whole)  # noqa: E731
        try:
            layout = layout_of(file)
        except Unreadable:
            continue
        for record in records(file, layout):
            read_line(record.line, record.cells, layout.headings.places)
            glimpse(record.cells, layout.headings.places)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=14))
def test_no_cells_break_a_line(cells: list[str]) -> None:
    places = {column.key: at for at, column in enumerate(COLUMNS)}
    entry, faults = read_line(2, cells, places)
    assert (entry is None) == bool(faults)


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_the_report_carries_no_formula(text: str) -> None:
    assert inert(text).startswith("'")
    assert inert("Ordinaire = non") == "Ordinaire = non"


def test_the_sums_of_a_report_are_written_as_numbers_are() -> None:
    assert summary({"created": 19000, "refused": 1}) == "19\u202f000 créés, 1 refusé"
