"""Files as spreadsheets write them, and as nobody should: small ones, made part by part."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from openpyxl import Workbook

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return data.getvalue()


def made(*sheets: tuple[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()) -> bytes:
    """A workbook by openpyxl: sheets with their lines, cells merged in the first one."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def xlsx_parts(
    sheet: str, *, strings: str = "", formats: str = "", after: str = "", book: str = ""
) -> dict[str, str | bytes]:
    """The parts of a workbook of one sheet « F », its lines, texts and formats in XML."""
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships {_RELATIONS}><Relationship Id="r" Type="{_KINDS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_KINDS}">{book}<sheets><sheet name="F" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships {_RELATIONS}><Relationship Id="r1" Type="{_KINDS}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{_KINDS}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{_KINDS}/styles" Target="styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": f"<sst {_MAIN}>{strings}</sst>",
        "xl/styles.xml": f"<styleSheet {_MAIN}>{formats}</styleSheet>",
        "xl/worksheets/sheet1.xml": f"<worksheet {_MAIN}><sheetData>{sheet}</sheetData>{after}</worksheet>",
    }


def xlsx(sheet: str, **parts: str) -> bytes:
    """The same, zipped."""
    return zipped(xlsx_parts(sheet, **parts))


def ods(*sheets: str, styles: str = "", manifest: str = "<manifest/>") -> bytes:
    """A workbook of OpenDocument: its sheets in XML."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": f"<office:document-content {_ODF}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f"<office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ods_sheet(rows: str, *, name: str = "Feuille1", style: str = "ta1") -> str:
    """One sheet of OpenDocument."""
    return f'<table:table table:name="{name}" table:style-name="{style}">{rows}</table:table>'


def ods_row(*cells: str, more: str = "") -> str:
    """One line: texts, or cells already in XML."""
    return f"<table:table-row {more}>{''.join(one if one.startswith('<') else ods_text(one) for one in cells)}</table:table-row>"


def ods_text(text: str, more: str = "") -> str:
    """A cell that holds a text."""
    return f'<table:table-cell office:value-type="string" {more}><text:p>{escape(text)}</text:p></table:table-cell>'
