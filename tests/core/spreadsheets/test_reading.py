"""A table out of each format: the same cells, the line numbers that a person sees, and what is wrong said at its place."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import MOST_COLUMNS, Row, Unreadable, cell_name
from tests.core.spreadsheets import files
from tests.core.spreadsheets.files import made, ods, ods_row, ods_sheet, ods_text, xlsx

TITLES = ["Nom", "Né le", "Montant"]


def rows(data: bytes) -> list[Row]:
    table = read_table(data)
    found = list(table.rows())
    assert len(found) == table.lines
    assert list(table.rows()) == found
    return found


def test_a_workbook_gives_its_typed_cells_by_the_lines_that_one_sees() -> None:
    lines: list[list[object]] = [
        [*TITLES],
        [],
        ["Durand", datetime.fromisoformat("1990-02-28T14:30"), 1234.5],
        [],
        [None, date(2024, 2, 29), True],
    ]
    data = made(("Dossiers", lines))
    table = read_table(data)
    assert (table.header, table.header_line, table.lines) == (tuple(TITLES), 1, 2)
    assert table.told == "Classeur XLSX, feuille «\u00a0Dossiers\u00a0»"
    assert rows(data) == [
        Row(3, ("Durand", date(1990, 2, 28), Decimal("1234.5"))),
        Row(5, ("", date(2024, 2, 29), True)),
    ]


def test_the_same_of_libreoffice() -> None:
    blank = '<table:table-row table:number-rows-repeated="7"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    data = ods(
        ods_sheet(
            blank
            + ods_row(*TITLES)
            + blank
            + ods_row(
                '<table:table-cell office:value-type="string"><text:p>Le<text:s text:c="2"/>Goff</text:p><text:p>Anne</text:p>'
                "<office:annotation><text:p>une note</text:p></office:annotation></table:table-cell>",
                '<table:table-cell office:value-type="date" office:date-value="1990-02-28T14:30:00"/>',
                '<table:table-cell office:value-type="currency" office:value="1234.50"/>',
            )
            + ods_row(
                ods_text("x", 'table:number-columns-repeated="2"'),
                '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
                more='table:number-rows-repeated="2"',
            )
            + blank
        )
    )
    table = read_table(data)
    assert (table.header, table.header_line, table.told) == (
        tuple(TITLES),
        8,
        "Classeur ODS, feuille «\u00a0Feuille1\u00a0»",
    )
    assert rows(data) == [
        Row(16, ("Le  Goff\nAnne", date(1990, 2, 28), Decimal("1234.5"))),
        Row(17, ("x", "x", True)),
        Row(18, ("x", "x", True)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_same_of_a_text(encoding: str, separator: str) -> None:
    lines = (("Nom", "Né le", "Où\nquand"), ("", "", ""), ("Durand", "28/02/1990", "« ici »"))
    written = "\r\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    data = written.encode(encoding)
    table = read_table(data)
    assert table.told.startswith("CSV, ")
    assert table.header == ("Nom", "Né le", "Où quand")
    assert rows(data) == [Row(4, ("Durand", "28/02/1990", "« ici »"))]


def test_the_first_sheet_that_holds_something_is_read_and_said() -> None:
    data = made(("Vide", []), ("Dossiers", [TITLES, ["a"]]), ("Autre", [["x"]]))
    told = read_table(data).told
    assert told.endswith(
        "feuille «\u00a0Dossiers\u00a0», la première qui contienne quelque chose ; 2 autres non lues"
    )
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    sheets = (ods_sheet(ods_row("Caché"), style="ta2"), ods_sheet(ods_row("Vu"), name="B"))
    assert read_table(ods(*sheets, styles=hidden)).header == ("Vu",)


def test_a_hidden_sheet_of_excel_is_not_read() -> None:
    data = io.BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        first, second = book.add_worksheet("Listes"), book.add_worksheet("Dossiers")
        first.write_string(0, 0, "Caché")
        second.write_string(0, 0, "Vu")
        second.activate()
        first.hide()
    assert read_table(data.getvalue()).header == ("Vu",)


def test_a_formula_is_its_last_value_or_an_error_of_its_cell() -> None:
    data = io.BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["A", "B", "C"])
        sheet.write_formula(1, 0, "=1+1", value=2)
        sheet.write_formula(1, 1, '="a"&"b"', value="ab")
        sheet.write_formula(1, 2, "=1/0", value="#DIV/0!")
    (row,) = rows(data.getvalue())
    assert row.cells == (Decimal(2), "ab", "")
    assert row.faults == {2: "la cellule porte l’erreur #DIV/0!"}
    (never,) = rows(made(("F", [["A", "B"], ["=1+1", "x"]])))
    assert never.cells == ("", "x")
    assert "formule" in never.faults[0]
    computed = '<table:table-cell table:formula="of:=1+1" {}/>'
    (of_libreoffice,) = rows(
        ods(
            ods_sheet(
                ods_row("A", "B", "C")
                + ods_row(
                    computed.format('office:value-type="float" office:value="2"'),
                    computed.format(""),
                    ods_text("Err:508", 'calcext:value-type="error"'),
                )
            )
        )
    )
    assert of_libreoffice.cells == (Decimal(2), "", "")
    assert of_libreoffice.faults[2] == "la cellule porte l’erreur Err:508"
    assert "formule" in of_libreoffice.faults[1]


def test_merged_cells_are_errors_of_their_lines_and_only_the_first_counts() -> None:
    lines = [["A", "B"], ["un", "x"], ["deux", "y"], ["trois", "z"]]
    found = rows(made(("F", lines), merged=["B2:B3"]))
    assert [row.cells for row in found] == [("un", "x"), ("deux", ""), ("trois", "z")]
    said = "des cellules sont fusionnées (B2:B3) : défusionnez-les"
    assert [row.faults for row in found] == [{1: said}, {1: said}, {}]
    merged = ods_row("A", "B") + ods_row(
        ods_text("x", 'table:number-columns-spanned="2"'),
        '<table:covered-table-cell office:value-type="string"><text:p>caché</text:p></table:covered-table-cell>',
    )
    (row,) = rows(ods(ods_sheet(merged)))
    assert row.cells == ("x", "")
    assert row.faults == dict.fromkeys((0, 1), "des cellules sont fusionnées (A2:B2) : défusionnez-les")


def test_titles_that_are_merged_are_refused_with_their_place() -> None:
    with pytest.raises(Unreadable, match=r"titres \(A1:C1\)"):
        read_table(made(("F", [["Liste des dossiers"], TITLES]), merged=["A1:C1"]))


def test_dates_from_1904_and_formats_of_dates_are_known() -> None:
    formats = (
        '<numFmts><numFmt numFmtId="164" formatCode="[$-40C]d\\ mmmm\\ yyyy;@"/>'
        '<numFmt numFmtId="165" formatCode="0.00&quot; jours&quot;"/>'
        '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>'
    )
    cells = "".join(f'<c s="{style}"><v>45610.75</v></c>' for style in range(4))
    sheet = f'<row><c t="inlineStr"><is><t>A</t></is></c></row><row r="7"><c r="A7" s="1"><v>60</v></c>{cells}</row>'
    titles = "".join(f'<c t="inlineStr"><is><t>{letter}</t></is></c>' for letter in "ABCDE")
    sheet = sheet.replace('<c t="inlineStr"><is><t>A</t></is></c>', titles)
    (row,) = rows(xlsx(sheet, formats=formats))
    day = date(2024, 11, 14)
    assert row.cells == ("", Decimal("45610.75"), day, day, Decimal("45610.75"))
    assert "n’est pas une date" in row.faults[0]
    later = read_table(xlsx(sheet, formats=formats, book='<workbookPr date1904="1"/>'))
    (row,) = later.rows()
    assert (later.since_1904, row.line, row.cells[2]) == (True, 7, date(2028, 11, 15))


def test_texts_are_what_is_seen() -> None:
    rich = "<si><r><t>Du</t></r><r><t xml:space='preserve'>rand </t></r><rPh><t>x</t></rPh></si>"
    strings = f"<si><t>Nom</t></si>{rich}<si><t>a_x000D_b_x0000_</t></si>"
    sheet = '<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row><row><c t="s"><v>2</v></c></row>'
    assert [row.cells[0] for row in rows(xlsx(sheet, strings=strings))] == ["Durand ", "a\rb"]


def test_a_line_longer_than_the_titles_is_an_error_of_this_line() -> None:
    said = "La ligne a 3 cellules, les titres en annoncent 2."
    assert [row.fault for row in rows(b"A;B\n1;2\n1;2;3\n1;2;;\n")] == ["", said, ""]
    assert [row.fault for row in rows(made(("F", [["A", "B"], [1, 2], [1, 2, 3]])))] == ["", said]


def test_one_line_too_many_is_refused() -> None:
    data = b"A\n" + b"x\n" * 4
    assert read_table(data, most=4).lines == 4
    for file in (data, made(("F", [["A"], *[["x"]] * 4]))):
        with pytest.raises(Unreadable, match="plus de 3 lignes"):
            read_table(file, most=3)


def test_what_looks_like_a_formula_in_a_text_is_a_text() -> None:
    assert [row.cells for row in rows(b"A;B\n=1+1;'=1+1\n")] == [("=1+1", "=1+1")]


@given(st.integers(0, 5000))
def test_a_place_is_named_as_spreadsheets_do(place: int) -> None:
    name = cell_name(7, place)
    assert name.endswith("7")
    found = 0
    for letter in name[:-1]:
        found = found * 26 + ord(letter) - ord("A") + 1
    assert found - 1 == place


CELLS = st.one_of(
    st.just(""),
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zs", "Zl", "Zp"]),
        max_size=8,
    ),
    st.dates(date(1900, 3, 1), date(2199, 12, 31)),
    st.decimals(-(10**9), 10**9, places=2),
    st.booleans(),
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6))
def test_what_was_written_is_what_is_read(lines: list[list[object]]) -> None:
    data = io.BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        for number, line in enumerate(lines, 1):
            for place, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                else:
                    sheet.write(number, place, cell)
    kept = [(number, line) for number, line in enumerate(lines, 2) if any(cell != "" for cell in line)]
    found = rows(data.getvalue())
    assert [(row.line, list(row.cells)) for row in found] == kept


def test_many_columns_are_refused_and_empty_ones_are_not() -> None:
    far = cell_name(1, MOST_COLUMNS)
    with pytest.raises(Unreadable, match="256 colonnes"):
        read_table(xlsx(f'<row><c r="{far}"><v>1</v></c></row>'))
    assert read_table(xlsx(f'<row><c r="A1"><v>1</v></c><c r="{far}" s="1"/></row>')).header == ("1",)
    wide = files.ods_text("x", f'table:number-columns-repeated="{MOST_COLUMNS + 1}"')
    with pytest.raises(Unreadable, match="256 colonnes"):
        read_table(ods(ods_sheet(ods_row(wide))))
