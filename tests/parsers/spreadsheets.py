"""Readers of a spreadsheet that a partner sends: whole files, the sheets inside them, what is written in a cell. Without Django."""

from datetime import date
from decimal import Decimal

from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import Row, Unreadable
from maillage.core.spreadsheets.values import NotUnderstood, amount_of, day_of, text_of, yes_no_of
from maillage.rights.declared.rights import rights
from maillage.rights.importing.columns import COLUMNS, guessed
from maillage.rights.importing.doubles import line_key
from maillage.rights.importing.lines import Under, read_line, told
from maillage.steering.credits.lines import judge, read_lines
from maillage.steering.provision.rules import Triangle, estimate, faults
from maillage.steering.provision.table import read_triangle
from tests.core.spreadsheets.files import made, ods, ods_row, ods_sheet, ods_text, xlsx
from tests.parsers.judging import Broken, Target


def table_file(data: bytes) -> None:
    """Any bytes, as a file: its lines are as many as were counted, each as wide as the titles, and the same when read again."""
    table = read_table(data)
    lines = list(table.rows())
    if len(lines) != table.lines or lines != list(table.rows()):
        raise Broken(f"{table.lines} lines, then {len(lines)}")
    for row in lines:
        if len(row.cells) != len(table.header) or row.line <= table.header_line:
            raise Broken(str(row))


def xlsx_inside(data: bytes) -> None:
    """A workbook of Excel around the XML of its lines, of its texts and of its formats, apart by lines of nothing else than « -- »."""
    parts = [part.decode(errors="replace") for part in data.split(b"\n--\n", 3)] + [""] * 3
    table_file(xlsx(parts[0], strings=parts[1], formats=parts[2], after=parts[3]))


def ods_inside(data: bytes) -> None:
    """A workbook of OpenDocument around the XML of its lines."""
    table_file(ods(ods_sheet(data.decode(errors="replace"))))


def cell_written(data: bytes) -> None:
    """What is written in a cell, read as each thing that it may be: what is understood is understood again once written anew."""
    text = data.decode(errors="replace")
    for read in (_day, _amount, yes_no_of):
        try:
            found = read(text)
        except NotUnderstood:
            continue
        if read(text_of(found)) != found:
            raise Broken(f"{text!r}: {found}")


def application_line(data: bytes) -> None:
    """The cells of one line of a partner's table, every column present: an application, or what is wrong with it, in words."""
    cells = [cell.decode(errors="replace") for cell in data.split(b";")]
    line, faults = read_line(Row(2, tuple(cells)), _MAPPING, _UNDER)
    if (line is None) != bool(faults) or not all(told(faults)):
        raise Broken(str(faults))
    if line is not None and line_key(line, key=bytes(32)) != line_key(line, key=bytes(32)):
        raise Broken(str(line))


def credit_table(data: bytes) -> None:
    """A table of figures, its titles given: every line is judged, and the text of the page reads back to the same figures."""
    read = read_lines(_CREDITS + data)
    if len(judge(read.lines, {}, ["A"], date(2026, 11, 26))) != len(read.lines):
        raise Broken(read.text)
    again = read_lines(read.text.encode())
    if [(one.key, one.cents, set(one.faults)) for one in again.lines] != [
        (one.key, one.cents, set(one.faults)) for one in read.lines
    ]:
        raise Broken(read.text)


def provision_table(data: bytes) -> None:
    """A triangle of payments: one without faults gives a provision, and its text reads back to the same cells."""
    read = read_triangle(b"Annee;0;1;2\n" + data)
    if read_triangle(read.text.encode()).rows != read.rows:
        raise Broken(read.text)
    if not read.faults and not faults(read.first, read.rows):
        size = len(read.rows)
        rows = tuple(tuple(cell or 0 for cell in row[: size - place]) for place, row in enumerate(read.rows))
        if estimate(Triangle(read.first, rows)).origins[0].reserve:
            raise Broken(read.text)


def _day(text: str) -> date:
    return day_of(text)


def _amount(text: str) -> Decimal:
    return amount_of(text)


_CREDITS = b"Enveloppe;Annee;Mois;Montant;Source;Motif\n"
_MAPPING = guessed([column.label for column in COLUMNS])
_UNDER = Under(
    on=date(2026, 11, 26),
    departement="42",
    rights=tuple(rights()),
    handed_to={"hospital": "À l’hôpital", "caisse": "À l’accueil de la caisse"},
    proofs={"ame": {"certificat": "Certificat médical"}},
)
_LINE = "AME;Durand;Awa;28/02/1990;20/11/2026;hôpital;A-1;oui;certificat;0612345678;awa@example.org;;;français;oui;non;non;oui;non;non"
_XLSX = (
    b'<row r="1"><c t="s"><v>0</v></c><c t="inlineStr"><is><t>B</t></is></c></row><row r="3"><c r="A3" s="1"><v>45610</v></c>'
    b'<c t="b"><v>1</v></c></row>\n--\n<si><r><t>No</t></r><r><t>m_x000D_</t></r><rPh><t>x</t></rPh></si>\n--\n'
    b'<numFmts><numFmt numFmtId="164" formatCode="yyyy"/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs>\n--\n'
    b'<mergeCells><mergeCell ref="A3:A4"/></mergeCells>'
)
_ODS = (
    ods_row("A", "B")
    + ods_row(ods_text("x", 'table:number-columns-spanned="2"'), "<table:covered-table-cell/>")
).encode()
_TYPED_ODS = (
    b'<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="date" office:date-value="2024-11-14"/>'
    b'<table:table-cell office:value-type="float" office:value="1.5" table:number-columns-repeated="2"/>'
    b'<table:table-cell table:formula="of:=1"/></table:table-row>'
)
_CELLS = (
    "14/11/2024",
    "2024-11-14T10:00",
    "1er janvier 2025",
    "45610",
    "1\u202f234,50 €",
    "1.234,50",
    "-1,234.5 eur",
    "Oui",
)

TARGETS = {
    "table_file": Target(
        table_file,
        (Unreadable,),
        (
            b"Nom;N\xe9 le\r\n\"Durand\n\";14/11/2024\n", "A\tB\n1\t2\t3\n".encode("utf-16"), b"\xef\xbb\xbfA,B\n'=1,\"x\n", b"<html>",
            made(("F", [["A", "B"], ["=1+1", 2]]), merged=["A2:B2"]), xlsx(_XLSX.split(b"\n--\n")[0].decode()),
            ods(ods_sheet(_ODS.decode())),
            b"\xd0\xcf\x11\xe0", b"PK\x03\x04",
        ),
    ),
    "xlsx_inside": Target(xlsx_inside, (Unreadable,), (_XLSX, b'<row><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>')),
    "ods_inside": Target(ods_inside, (Unreadable,), (_ODS, _ODS + _TYPED_ODS)),
    "application_line": Target(application_line, (), (_LINE.encode(), b"C2S;x;y;2000-01-01;45000", b";" * 25)),
    "credit_table": Target(
        credit_table,
        (Unreadable,),
        (b"A;2026;mars;1 234,50;x;\nA;2026;objectif;5000;;y\n", b"A;2026;1;2;3;4;5\n", b"\"A;2026\n", b"B;26;13;x;;\n"),
    ),
    "provision_table": Target(
        provision_table, (Unreadable,), (b"2023;100;150;160\n2024;110;170;\n2025;120;;\n", b"2023;-1;x;\n;;;\n", b"\"2023;1\n")
    ),
    "cell_written": Target(
        cell_written,
        (),
        tuple(one.encode() for one in _CELLS),
    ),
}  # fmt: skip
