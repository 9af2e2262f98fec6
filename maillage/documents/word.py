"""DOCX from a composition: real headings, lists and tables, places to fill highlighted; no field, no link, no macro.

python-docx and lxml are imported with the first draft, not with the server.
"""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

from maillage.documents.composition import Block, Composition, Line, Part, Run, Style
from maillage.documents.plain_text import printable

_DOTS: Final = "…………"
_TEXT_WIDTH: Final = 16.0  # centimetres between the margins of an A4 page


def render_docx(composition: Composition) -> bytes:
    """The composition as a DOCX, same content and order as its PDF."""
    import docx  # noqa: PLC0415 - see the module's docstring

    document = docx.Document()
    _prepare(document, composition)
    document.add_paragraph(printable(composition.kind_label), style="Subtitle")
    document.add_paragraph(printable(composition.title), style="Title")
    if composition.notice:
        _paragraph(document, (Run(composition.notice, Style.SMALL),))
    if composition.summary:
        _paragraph(document, (Run(composition.summary, Style.QUOTE),))
    _parties(document, composition)
    for part in composition.parts:
        _part(document, part)
    document.add_heading("Signatures", 1)
    for line in composition.closing:
        _paragraph(document, line).paragraph_format.keep_with_next = True
    _signatures(document, composition)
    for part in composition.annexes:
        _part(document, part)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _prepare(document: Any, composition: Composition) -> None:
    """Page, font, language, and metadata without a person's name."""
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.footer.paragraphs[0].text = printable(composition.reference)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")
    properties = document.core_properties
    properties.title, properties.language = printable(composition.title)[:250], "fr-FR"
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = datetime(
        2000, 1, 1, tzinfo=UTC
    )  # the draft's dates are in Maillage


def _parties(document: Any, composition: Composition) -> None:
    document.add_heading("Entre les soussignés", 1)
    for party in composition.parties:
        paragraph = document.add_paragraph()
        _runs(paragraph, tuple(Run(run.text, Style.STRONG, run.asked) for run in party.name))
        for line in party.lines:
            paragraph.add_run().add_break()
            _runs(paragraph, line)
        if party.side:
            paragraph.add_run().add_break()
            _runs(paragraph, (Run(party.side, Style.QUOTE),))
    document.add_paragraph("Il est convenu ce qui suit.")


def _part(document: Any, part: Part) -> None:
    document.add_heading(printable(part.title), part.level)
    for block in part.blocks:
        _block(document, block, part.level)


def _block(document: Any, block: Block, level: int) -> None:
    match block.kind:
        case "heading":
            document.add_heading(printable(block.text), level + 1)  # type: ignore[union-attr]
        case "paragraph":
            _paragraph(document, block.line)  # type: ignore[union-attr]
        case "list":
            for item in block.items:  # type: ignore[union-attr]
                _runs(document.add_paragraph(style="List Bullet"), item)
        case _:
            _table(document, block)


def _table(document: Any, block: Any) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    table = document.add_table(rows=1, cols=len(block.head), style="Table Grid")
    table.autofit = False
    for cell, name in zip(table.rows[0].cells, block.head, strict=True):
        _runs(cell.paragraphs[0], (Run(name, Style.STRONG),))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in block.rows:
        for cell, line in zip(table.add_row().cells, row, strict=True):
            _runs(cell.paragraphs[0], line)
    for column, share in zip(table.columns, block.widths, strict=True):
        for cell in column.cells:
            cell.width = Cm(_TEXT_WIDTH * share / sum(block.widths))
    document.add_paragraph()


def _signatures(document: Any, composition: Composition) -> None:
    """Two places to sign on a line, each with room for a stamp; all of them on one page where it holds them."""
    blocks = composition.signatures
    table = document.add_table(rows=-(-len(blocks) // 2), cols=2, style="Table Grid")
    for number, block in enumerate(blocks):
        cell = table.cell(number // 2, number % 2)
        _runs(cell.paragraphs[0], tuple(Run(run.text, Style.STRONG, run.asked) for run in block.party))
        for line in block.lines:
            _runs(cell.add_paragraph(), line)
        _runs(cell.add_paragraph(), (Run("Signature et cachet :", Style.SMALL),))
        for _ in range(4):
            cell.add_paragraph()
    for row in list(table.rows)[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True
    document.add_paragraph()


def _paragraph(document: Any, line: Line) -> Any:
    paragraph = document.add_paragraph()
    _runs(paragraph, line)
    return paragraph


def _runs(paragraph: Any, line: Line) -> None:
    from docx.enum.text import WD_COLOR_INDEX  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    for one in line:
        if one.asked:
            run = paragraph.add_run(printable(f"[{one.asked} : {_DOTS}]"))
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            run.bold = one.style is Style.STRONG or None
            continue
        run = paragraph.add_run(printable(one.text))
        run.bold = one.style is Style.STRONG or None
        run.italic = one.style is Style.QUOTE or None
        if one.style is Style.SMALL:
            run.font.size = Pt(9)
