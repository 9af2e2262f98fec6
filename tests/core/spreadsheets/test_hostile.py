"""What no honest spreadsheet is: refused in French before it costs memory or time, and never by another error (S15)."""

import struct
from collections.abc import Callable

import pytest

from maillage.core.spreadsheets import packages
from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import Unreadable
from tests.bounded import run_within
from tests.core.spreadsheets.files import made, ods, ods_row, ods_sheet, ods_text, xlsx, xlsx_parts, zipped
from tests.security.fuzzing import drawing

pytestmark = pytest.mark.security
DAMAGED, TOO_LARGE, NO_TABLE, PASSWORD = (
    "abîmé",
    "trop gros une fois déplié",
    "pas un tableur",
    "mot de passe",
)
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
CELL = '<row><c t="inlineStr"><is><t>Nom</t></is></c></row>'


def spoiled(name: str, part: str | bytes, *, sheet: str = CELL) -> bytes:
    """A workbook of Excel with one part replaced."""
    return zipped({**xlsx_parts(sheet), name: part})


def locked() -> bytes:
    """A workbook whose zip says that its parts are encrypted."""
    data = bytearray(xlsx(CELL))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def lying() -> bytes:
    """A workbook whose directory says that its sheet is four bytes long."""
    data = bytearray(zipped({"xl/worksheets/sheet1.xml": "<x/>" * 900, **xlsx_parts(CELL)}))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 4)
    return bytes(data)


REFUSED = {
    "nothing": (b"", "vide"),
    "blanks": (b" \n\n;;\n", "vide"),
    "a_pdf": (b"%PDF-1.7\n", NO_TABLE),
    "a_png": (b"\x89PNG\r\n\x1a\n", NO_TABLE),
    "a_page": (b"\xef\xbb\xbf  <html><table></table>", NO_TABLE),
    "a_program": (b"MZ\x90\0", NO_TABLE),
    "bytes": (b"\x00\x01\x02\x03", "pas un fichier de texte"),
    "no_encoding": (b"Nom\n\x81\x8d\n", "UTF-8"),
    "an_open_quote": (b'Nom;"' + b"x" * 200_000, "guillemet"),
    "an_old_excel": (b"\xd0\xcf\x11\xe0" + bytes(900), "ancien Excel"),
    "a_password": (b"\xd0\xcf\x11\xe0" + bytes(900) + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
    "a_locked_zip": (locked(), PASSWORD),
    "a_locked_ods": (ods(ods_sheet(ods_row("A")), manifest="<manifest:encryption-data/>"), PASSWORD),
    "a_binary_workbook": (
        spoiled("_rels/.rels", '<R xmlns="r"><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></R>'),
        "XLSB",
    ),
    "a_letter": (zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}), NO_TABLE),
    "an_odt": (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), NO_TABLE),
    "an_empty_zip": (zipped({"a": "b"}), NO_TABLE),
    "an_empty_workbook": (made(("F", [])), "vide"),
    "no_sheet": (spoiled("xl/workbook.xml", "<workbook/>"), DAMAGED),
    "no_part_of_the_sheet": (zipped({k: v for k, v in xlsx_parts(CELL).items() if "sheet1" not in k}), DAMAGED),
    "no_content": (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "vide"),
    "a_truncated_part": (spoiled("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>"), DAMAGED),
    "a_lying_directory": (lying(), DAMAGED),
    "entities_in_a_sheet": (spoiled("xl/worksheets/sheet1.xml", f"{ENTITIES}<worksheet>&b;</worksheet>"), DAMAGED),
    "entities_in_the_texts": (spoiled("xl/sharedStrings.xml", f"{ENTITIES}<sst><si><t>&b;</t></si></sst>"), DAMAGED),
    "an_outside_entity": (
        spoiled("xl/workbook.xml", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><workbook/>'),
        DAMAGED,
    ),
    "a_swollen_part": (spoiled("xl/media/a.xml", b" " * 3_000_000), TOO_LARGE),
    "an_endless_tag": (
        spoiled("xl/worksheets/sheet1.xml", b'<worksheet a="' + drawing("tag").randbytes(800_000).hex().encode() + b'"/>'),
        DAMAGED,
    ),
    "too_many_parts": (zipped({f"xl/{number}": "" for number in range(2_100)}), TOO_LARGE),
    "a_text_out_of_the_list": (xlsx('<row><c t="s"><v>7</v></c></row>'), DAMAGED),
    "a_text_before_the_list": (xlsx('<row><c t="s"><v>-1</v></c></row>', strings="<si><t>a</t></si>"), DAMAGED),
    "a_place_that_is_none": (xlsx('<row><c r="1A"><v>1</v></c></row>'), DAMAGED),
    "lines_backwards": (xlsx('<row r="5"><c><v>1</v></c></row><row r="5"><c><v>1</v></c></row>'), DAMAGED),
    "a_number_that_is_none": (xlsx("<row><c><v>douze</v></c></row>"), DAMAGED),
    "infinity": (xlsx("<row><c><v>1e999</v></c></row>"), DAMAGED),
    "a_merge_that_is_none": (xlsx(CELL, after='<mergeCell ref="A1"/>'), DAMAGED),
    "repeated_for_ever": (ods(ods_sheet(ods_row("A") + ods_row("x", more='table:number-rows-repeated="1048576"'))), "lignes"),
    "repeated_never": (ods(ods_sheet(ods_row("A", more='table:number-rows-repeated="0"'))), DAMAGED),
    "repeated_too_much": (ods(ods_sheet(ods_row("A", more='table:number-rows-repeated="' + "9" * 30 + '"'))), DAMAGED),
    "a_line_inside_a_line": (ods(ods_sheet(ods_row(f"<table:table-cell>{ods_row('A')}</table:table-cell>"))), DAMAGED),
    "too_deep": (spoiled("xl/worksheets/sheet1.xml", "<a>" * 300 + "</a>" * 300), DAMAGED),
    "too_many_names": (spoiled("xl/worksheets/sheet1.xml", "<a>" + "".join(f"<n{n}/>" for n in range(12_000)) + "</a>"), DAMAGED),
    "too_many_namespaces": (
        spoiled("xl/worksheets/sheet1.xml", "<a>" + "".join(f'<n xmlns:p{n}="u"/>' for n in range(1_100)) + "</a>"), DAMAGED,
    ),
    "too_many_sheets": (spoiled("xl/workbook.xml", "<workbook>" + '<sheet name="F"/>' * 501 + "</workbook>"), "500 feuilles"),
    "too_many_sheets_of_libreoffice": (ods(ods_sheet("") * 501), "500 feuilles"),
    "too_many_formats": (xlsx(CELL, formats="<cellXfs>" + "<xf/>" * 100_001 + "</cellXfs>"), DAMAGED),
    "too_many_relations": (
        spoiled("_rels/.rels", str(xlsx_parts(CELL)["_rels/.rels"]).replace(
            "</R", "".join(f'<Relationship Id="{n}" Type="t" Target="a"/>' for n in range(2_001)) + "</R")),
        DAMAGED,
    ),
    "titles_in_errors": (xlsx('<row><c t="e"><v>#REF!</v></c></row>'), "ligne des titres"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words(name: str) -> None:
    data, said = REFUSED[name]
    with pytest.raises(Unreadable, match=said):
        read_table(data)


@pytest.mark.parametrize("bound", ["MOST_EXPANDED", "MOST_READ", "MOST_ELEMENTS"])
def test_what_is_too_large_is_refused_before_it_is_kept(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = made(("F", [["A"], ["x"]]))
    assert read_table(data).lines == 1
    monkeypatch.setattr(packages, bound, 2)
    with pytest.raises(Unreadable, match=TOO_LARGE):
        read_table(data)


@pytest.mark.parametrize(
    "make", [lambda: made(("F", [["A"], ["x"]])), lambda: ods(ods_sheet(ods_row("A") + ods_row("x")))]
)
def test_a_workbook_cut_or_altered_anywhere_is_read_or_refused(make: Callable[[], bytes]) -> None:
    whole = make()
    draw = drawing("cuts")
    refused = 0
    for _ in range(150):
        at = draw.randrange(4, len(whole))
        for data in (whole[:at], whole[:at] + draw.randbytes(3) + whole[at + 3 :]):
            try:
                list(read_table(data).rows())
            except Unreadable:
                refused += 1
    assert refused > 150


def test_cells_at_the_far_corner_cost_nothing() -> None:
    """A dense reader of such a file asks for hundreds of gigabytes; here it is 64 MB more than the interpreter, at most."""
    run_within(
        20,
        "from tests.bounded import peak\n"
        "from tests.core.spreadsheets.files import *\n"
        "from maillage.core.spreadsheets.reading import read_table\n"
        "before = peak(anew=True)\n"
        'far = \'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="IV1048576"><v>1</v></c></row>\'\n'
        "(row,) = read_table(xlsx(far)).rows()\n"
        "assert row.line == 1048576\n"
        "rows = ods_row('A', more='table:number-rows-repeated=\"90000\"') + ods_row('B')\n"
        "assert read_table(ods(ods_sheet(rows))).lines == 90000\n"
        "assert peak() - before < 64_000",
    )


def test_sheets_that_are_one_part_share_what_may_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = xlsx_parts("<row/>" * 100)
    book = str(parts["xl/workbook.xml"])
    once = '<sheet name="F" sheetId="1" r:id="r1"/>'
    assert once in book
    monkeypatch.setattr(packages, "MOST_ELEMENTS", 1_000)
    with pytest.raises(Unreadable, match="vide"):
        read_table(zipped(parts))
    with pytest.raises(Unreadable, match=TOO_LARGE):
        read_table(zipped({**parts, "xl/workbook.xml": book.replace(once, once * 20)}))


def test_many_merged_cells_cost_no_more_than_their_lines() -> None:
    merges = "".join(f'<mergeCell ref="A{line}:B1048576"/>' for line in range(3, 400))
    table = read_table(xlsx(CELL + '<row r="500"><c><v>1</v></c></row>', after=merges))
    with pytest.raises(Unreadable, match="colonnes"):
        list(table.rows())


def test_a_table_inside_a_cell_is_passed_over() -> None:
    inner = f'<table:table-cell office:value-type="string"><text:p>vu</text:p>{ods_sheet(ods_row("dedans"))}</table:table-cell>'
    assert read_table(ods(ods_sheet(ods_row("A", "B") + ods_row(inner, ods_text("x"))))).lines == 1


def test_a_long_table_is_read_as_a_stream() -> None:
    """10 000 lines of ten cells: a tenth of the processor's time that an import of 50 000 may take for all that it does."""
    run_within(
        9,
        "from tests.bounded import peak\n"
        "from maillage.core.spreadsheets.reading import read_table\n"
        "from maillage.core.spreadsheets.writing import xlsx\n"
        "data = xlsx('F', ['T'] * 10, ([f'{line} {place}' for place in range(10)] for line in range(10_000)))\n"
        "before = peak(anew=True)\n"
        "assert sum(1 for row in read_table(data).rows()) == 10_000\n"
        "assert peak() - before < 30_000",
    )
